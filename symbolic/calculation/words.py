"""The common words of questions, and what they say about names and about the form of an answer."""
# ruff: noqa: E501

from typing import Final

_PLAIN: Final = """
a an the of for in on at to by with is are be as and or if then than that this these those it
its each given give find compute calculate determine evaluate what which let suppose assume
consider following function functions equation equations expression value values variable real
number numbers where when such defined denote denotes denoted all satisfy satisfies satisfying
from we have has using use your answer please now here constant constants formula also both
respectively any there exist exists some ' so must will can you i me my us our show state let's
letting into represents represent called call question exercise carefully only exact exactly
form one does do throughout indicated domain specified algebraically simplified work solve
point points were was every per via how
"""
COMMON: Final = frozenset(_PLAIN.split())
"""Words that may stand in any question and change nothing in it."""
KINDS: Final = {
    "positive": r"positive|nonnegative|non-negative",
    "integer": r"integers?\b|whole number|natural number",
    "real": r"\breal\b",
}
"""What names may be said to be, with the pattern that says it."""
FORMATS: Final = (
    (r"(?:and )?(?:round|rounded|rounding)(?: your answers?| it)?(?: off)? to(?: the nearest)? "
     r"⟨(?P<n>\d+)⟩ (?:decimal places?|decimals)", "places"),
    (r"(?:correct|accurate|rounded)? ?to ⟨(?P<n>\d+)⟩ decimal places?", "places"),
    (r"(?:express your answer (?:as a decimal )?)?(?:rounded )?to the nearest (?:whole number|integer)", "whole"),
    (r"(?:express your answer (?:as a decimal )?)?(?:rounded )?to the nearest tenth", "tenth"),
    (r"(?:express your answer (?:as a decimal )?)?(?:rounded )?to the nearest hundredth", "hundredth"),
    (r"(?:express your answer (?:as a decimal )?)?(?:rounded )?to the nearest thousandth", "thousandth"),
    (r"(?![^.]*\bbase\b)(?:please )?(?:express|write|give|enter|leave|state|provide) (?:your|the|all|this) (?:final )?"
     r"(?:answers?|solutions?|values?|such (?:integers|values))"
     r"(?: in| as| with| to| without)?[^.⟨]*(?:⟨\d+⟩[^.⟨]*)?(?=[.?!]|$)", "form"),
    (r"(?:please )?(?:enter|list|separate) (?:all |your )?(?:the )?(?:possible )?(?:solutions?|values?|answers?|roots?)"
     r" ?,? ?(?:in increasing order ?,? ?)?separated by commas", "form"),
    (r"(?![^.]*\bbase\b)answer (?:as|in) [^.⟨]*(?=[.]|$)", "form"),
    (r"(?![^.]*\bbase\b)express (?:it|your answer|the answer|each) (?:as|in) [^.⟨]*(?=[.?!]|$)", "form"),
    (r"(?:all functions are|express your answer|work|answer) in radians", "form"),
    (r"\( ?(?:do not use a calculator|note|hint|remember) ?[^)]*\)", "form"),
    (r"(?:simplify|reduce) your answers?(?: as much as possible| completely)?", "form"),
    (r"(?:expressing|giving|writing) your answer (?:as|in)[^.⟨]*(?=[.?!]|$)", "form"),
    (r"(?:in|as) (?:simplest|lowest|reduced|simplest radical|interval) (?:form|terms|notation)", "form"),
    (r"as a (?:common|reduced|simplified) fraction", "form"),
    (r"as an? (?:improper fraction|mixed number|ordered (?:pair|triple)|exact value)", "form"),
    (r"in (?:your|my) head", "form"),
    (r"notation : .*?means .*?(?=compute|find|given|let|evaluate)", "form"),
    (r"(?:throughout (?:these problems )?,? ?)?primes denote derivatives with respect to ⟨\d+⟩", "form"),
    (r"\( ?implicit if necessary ,? explicit if convenient ?\)", "form"),
    (r"(?:if|where) (?:it|possible|necessary|convenient)(?: exists?)?(?=[ .,])", "form"),
    (r"(?:use|using|with) (?:a|your) calculator(?: to)?", "form"),
)  # fmt: skip
"""What is said about the form of an answer, with what it says."""
