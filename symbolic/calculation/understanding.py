"""What is asked: the intent whose pattern is found, where every other word is understood too.

An intent is one row: patterns over the words of a question, its own words, and a function that
reads its arguments. A candidate is refused where a word is left that neither it nor the common
words know, so that a question is never answered for a part of it alone.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.facts import Facts, gather
from abduce.symbolic.calculation.question import Question
from abduce.symbolic.calculation.words import COMMON, FORMATS, KINDS
from abduce.symbolic.programs.typed.terms import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A program with its arguments, not yet run.

    Attributes:
        intent: the name of what is asked.
        term: the program, over the table of operations.
        arguments: trees, one for each variable of the term.
        notes: what was taken for granted, as sentences.
        common_log: `log` without a base is read with base 10.
        kinds: what names are said to be: real, integer, positive.
        places: the number of decimal places that are asked for, or None.
        plot: the formula to draw, with its variable, or None.
    """

    intent: str
    term: Term
    arguments: tuple[Tree, ...]
    notes: tuple[str, ...] = ()
    common_log: bool = False
    kinds: tuple[str, ...] = ()
    places: int | None = None
    plot: tuple[Tree, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question in which the pattern of an intent was found.

    Attributes:
        match: the groups of the pattern; a group of a formula is its tree.
        facts: the formulas that the pattern did not take.
        every: the facts of all formulas.
        kinds: what names are said to be.
    """

    words: str
    match: dict[str, Tree]
    texts: dict[str, str]
    facts: Facts
    every: Facts
    kinds: tuple[str, ...] = ()
    places: int | None = None
    trees: tuple[Tree, ...] = ()

    def says(self, pattern: str) -> bool:
        """Whether the words have a pattern."""
        return re.search(pattern, self.words) is not None


Understood = tuple[Term, tuple[Tree, ...]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One kind of question.

    Attributes:
        asked: patterns, in which `{f}` is a formula with the name f, and `{}` any formula.
        words: what else may be said in such a question.
        read: the program and its arguments, or None where they are not there.
        examples: questions with their answers; near ones are shown where nothing is understood.
        story: words within the pattern are those of a story and change nothing; otherwise they
            must be known too.
    """

    name: str
    asked: tuple[str, ...]
    read: Callable[[Asked], Understood]
    words: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    kinds: frozenset[str] = frozenset({"real", "positive", "integer"})
    weight: int = 0
    story: bool = False
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_patterns", tuple(_compiled(text) for text in self.asked))

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The patterns as regular expressions."""
        return self._patterns


_PASSING: Final = re.compile(r"(?<!>)\[(?:a-z|\^)[^\]]*\][*+]\??")
"""The parts of a pattern that pass over any words."""


def _compiled(text: str) -> re.Pattern[str]:
    text = re.sub(r"\{([a-z]\w*)\}", r"⟨(?P<\1>\\d+)⟩", text).replace("{}", r"⟨\d+⟩")
    count = itertools.count()
    text = _PASSING.sub(lambda m: f"(?P<pass{next(count)}>{m[0]})", text)
    return re.compile(rf"(?<!\w)(?:{text})(?!\w)")


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a candidate was not taken."""

    intent: str
    left: tuple[str, ...]


def plans(question: Question, intents: Sequence[Intent]) -> tuple[list[Plan], list[Miss]]:
    """The plans of all intents that understand the whole question, the best first, and the misses.

    Better is what its pattern says more of; of equals the earlier row.
    """
    words, places = _without_formats(question)
    kinds = tuple(kind for kind, pattern in KINDS.items() if re.search(pattern, words))
    found: list[tuple[int, int, Plan]] = []
    misses: list[Miss] = []
    every = gather(question.trees())
    for rank, intent in enumerate(intents):
        for pattern in intent.patterns:
            match = pattern.search(words)
            if match is None:
                continue
            left = _left(words[: match.start()] + " , " + words[match.end() :], intent)
            if not intent.story:
                passed = [t for n, t in match.groupdict().items() if n[:4] == "pass" and t]
                left += _left(" , ".join(passed), intent)
            if left:
                misses.append(Miss(intent.name, tuple(left)))
                continue
            groups = match.groupdict()
            taken = {int(k) for k in re.findall(r"⟨(\d+)⟩", match[0])}
            rest = [f.tree for k, f in enumerate(question.formulas) if k not in taken]
            asked = Asked(
                words=words,
                match={n.rstrip("234"): question.formulas[int(k)].tree for n, k in groups.items()
                       if k is not None and k.isdigit() and not n.startswith("w_")},
                texts={n: k for n, k in groups.items() if k is not None and n.startswith("w_")},
                facts=gather(rest),
                every=every,
                kinds=kinds,
                places=places,
                trees=question.trees(),
            )  # fmt: skip
            understood = intent.read(asked)
            if understood is None:
                misses.append(Miss(intent.name, ()))
                continue
            term, arguments = understood
            size = len(re.findall(r"\w+", match[0])) + intent.weight
            found.append((-size, rank, _plan(intent, term, arguments, asked, question)))
            break
    found.sort(key=lambda item: item[:2])
    return [plan for _, _, plan in found], misses


_CALCULUS: Final = re.compile(
    r"derivative|integra|differenti|limit|series|area|taylor|maclaurin|tangent|slope|curve|graph"
)


def _plan(
    intent: Intent, term: Term, arguments: tuple[Tree, ...], asked: Asked, question: Question
) -> Plan:
    logs = any("log" in _names_of(tree) for tree in arguments)
    common = logs and not _CALCULUS.search(asked.words)
    notes: tuple[str, ...] = ()
    if re.search(r"e\^-?\d[a-z]", question.text):
        notes = ("'e^2t' without brackets is read as e^(2t).",)
    if logs:
        notes += (
            f"'log' without a base is read as the logarithm to base {10 if common else 'e'}.",
        )
    return Plan(
        intent=intent.name,
        term=term,
        arguments=arguments,
        notes=notes,
        common_log=common,
        kinds=tuple(kind for kind in asked.kinds if kind in intent.kinds),
        places=asked.places,
    )


def _names_of(tree: Tree) -> set[str]:
    found = {tree[0]}
    for part in tree[1:]:
        found |= _names_of(part)
    return found


def _without_formats(question: Question) -> tuple[str, int | None]:
    """The words without what is said about the form of the answer; the decimal places asked for."""
    words, places = question.words, None
    for pattern, kind in FORMATS:
        match = re.search(pattern, words)
        if match and kind == "places" and match.groupdict().get("n"):
            tree = question.formulas[int(match["n"])].tree
            places = int(tree[0]) if tree[0].isdigit() else None
        elif match and kind in _NAMED_PLACES:
            places = _NAMED_PLACES[kind]
        if match:
            words = re.sub(pattern, " . ", words)
    return re.sub(r"\s+", " ", words).strip(), places


_NAMED_PLACES: Final = {"whole": 0, "tenth": 1, "hundredth": 2, "thousandth": 3}


def _left(words: str, intent: Intent) -> list[str]:
    own = set(intent.words.split())
    plain = re.sub(r"⟨\d+⟩", " ", words)
    plain = re.sub(r"\bnumber of\b", "number-of", plain)  # it asks how many, unlike `the number`
    found = []
    for word in re.findall(r"[^\s.,;:()\"'!?]+(?:'[a-z]+)?", plain):
        if word not in COMMON and word not in own and word.rstrip("s") not in own:
            found.append(word)
    return found
