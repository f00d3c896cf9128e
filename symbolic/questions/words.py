"""Words of questions and of names: where they stand, and their lemmas by rules of spelling.

Source: Porter 1980, An algorithm for suffix stripping, step 1, of which only plurals and forms of
verbs are here; no word list.
"""

import re
from dataclasses import dataclass
from typing import Final

WORD: Final = re.compile(r"[^\W_]+(?:[.,]\d+)*", re.UNICODE)
CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_|(?<=[a-z])(?=\d)")
IRREGULAR: Final = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot",
    "mice": "mouse", "movies": "movie", "has": "have",
}  # fmt: skip
LITTLE: Final = """
a an and are as at be been by can could did do does each every find for from give had has have
having he her his how i in is it its list many me more most much of on or our over per please
return show than that the their them there these they this those to under up us was we were what
when where which who whom whose will with you your
"""
STOP: Final = frozenset(LITTLE.split())
"""Words that link to nothing."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, and where it starts and ends."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def lemma(self) -> str:
        return lemma(self.text)


def words(text: str) -> tuple[Word, ...]:
    """The words and numbers of a text.

    >>> [word.text for word in words("Is it 1,500.5 km, or 3?")]
    ['Is', 'it', '1,500.5', 'km', 'or', '3']
    """
    return tuple(Word(m[0], m.start(), m.end()) for m in WORD.finditer(text))


def lemma(word: str) -> str:
    """The form under which forms of a word are looked up; often its stem.

    >>> [lemma(each) for each in ("Cities", "boxes", "classes", "named", "running", "bus")]
    ['city', 'box', 'class', 'name', 'run', 'bus']
    """
    lower = word.lower()
    if lower in IRREGULAR:
        return IRREGULAR[lower]
    if len(lower) > 4 and lower.endswith("ies"):
        return lower[:-3] + "y"
    if len(lower) > 4 and lower.endswith(("sses", "xes", "ches", "shes", "zes")):
        return lower[:-2]
    if len(lower) > 3 and lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        lower = lower[:-1]
    for end in ("ing", "ed"):
        stem = lower.removesuffix(end)
        if stem != lower and len(stem) > 2 and re.search("[aeiouy]", stem):
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
                return stem[:-1]
            return stem + "e" if re.search(r"[aeiouy][^aeiouywx]$", stem) else stem
    return lower


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name of a table or column, in lower case.

    >>> name_words("Max_TemperatureF"), name_words("countrycode2")
    (('max', 'temperature', 'f'), ('countrycode', '2'))
    """
    parts = CAMEL.split(name)
    return tuple(word.lower for part in parts for word in words(part))
