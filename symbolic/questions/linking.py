"""Schema linking: which words of a question name which tables and columns.

`exact`: the words are those of the name. `lemma`: their lemmas are. `partial`: some of them are.

Source: Wang et al. 2020, RAT-SQL, section 3.4 (name-based linking). Deviation: lemmas are a
relation of their own, and words that stand for nothing do not link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from abduce.grammars.sql.items import Items
from abduce.symbolic.questions.words import STOP, Word, lemma, name_words, words

Relation = Literal["exact", "lemma", "partial"]
ORDER: Final[Sequence[Relation]] = ("exact", "lemma", "partial")
WIDEST: Final = 6
"""The upper limit on the words of a span."""


@dataclass(frozen=True, slots=True)
class NameLink:
    """Words of a question, from `start` to before `end`, that name a table or a column.

    Attributes:
        kind: 'table' or 'column'.
        number: the number of the table or column in the items.
    """

    start: int
    end: int
    kind: Literal["table", "column"]
    number: int
    relation: Relation


def name_links(question: str, items: Items) -> tuple[NameLink, ...]:
    """The links of a question: for each item and each place, the closest relation.

    >>> from abduce.grammars.sql.items import Column
    >>> pets = Items(tables=("pets",), columns=(Column(table=0, name="pet_age", type="number"),))
    >>> [(link.kind, link.start, link.relation) for link in name_links("Ages of each pet", pets)]
    [('table', 3, 'lemma'), ('column', 0, 'partial'), ('column', 3, 'partial')]
    """
    told = words(question)
    found: list[NameLink] = []
    named = [("table", i, name) for i, name in enumerate(items.tables)]
    named += [("column", i, column.name) for i, column in enumerate(items.columns)]
    for kind, number, name in named:
        for start, end, relation in _places(told, name_words(name)):
            found.append(NameLink(start, end, kind, number, relation))  # pyright: ignore[reportArgumentType]
    return tuple(found)


def _places(told: Sequence[Word], name: Sequence[str]) -> list[tuple[int, int, Relation]]:
    """The spans that name a name: whole ones, and words of it outside these."""
    lemmas = tuple(map(lemma, name))
    found: list[tuple[int, int, Relation]] = []
    covered: set[int] = set()
    size = len(name)
    for start in range(len(told) - size + 1 if size else 0):
        span = told[start : start + size]
        if tuple(word.lower for word in span) == tuple(name):
            relation: Relation = "exact"
        elif tuple(word.lemma for word in span) == lemmas:
            relation = "lemma"
        else:
            continue
        found.append((start, start + size, relation))
        covered |= {*range(start, start + size)}
    joined = "".join(name)
    for start in range(len(told)):  # "country code" for countrycode
        for end in range(start + 2, min(len(told), start + WIDEST) + 1):
            if "".join(word.lower for word in told[start:end]) == joined and start not in covered:
                found.append((start, end, "lemma"))
                covered |= {*range(start, end)}
    for place, word in enumerate(told):
        known = word.lemma in lemmas or any(_begins(word.lower, each) for each in name)
        if place not in covered and word.lower not in STOP and known:
            found.append((place, place + 1, "partial"))
    return sorted(found)


def _begins(word: str, other: str) -> bool:
    """Whether two words begin alike, as abbreviations do: `dept`, `department` do not, but `lat`
    and `latitude` do."""
    short, long = sorted((word, other), key=len)
    return len(short) >= 3 and long.startswith(short)
