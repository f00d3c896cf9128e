"""How much of what it was learned from a lexicon explains: what it is worth, before it is used.

A row is explained where the best entries give its output. Of a sentence with several outputs only
one can be, so rows that contradict each other count as what they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from abduce import clock
from abduce.symbolic.nsr.deduction.syntax import Reading
from abduce.symbolic.nsr.hypothesis import answer_of
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import Value

Words = tuple[str, ...]
Pair = tuple[Sequence[str], Sequence[str]]
"""(words of the sentence, output tokens)."""
MOST_LISTED: Final = 100
LATE: Final = 2_000
"""The upper limit on the rows examined after the deadline; they are spaced evenly."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which rows a lexicon explains.

    Attributes:
        rows: how many there are.
        examples: how many different sentences are among those that were checked.
        checked: how many were looked at: all, or fewer where the time was up.
        explained: how many of those have the output that the lexicon gives.
        unexplained: the numbers of the first of the others, from 1.
    """

    rows: int
    examples: int
    checked: int
    explained: int
    unexplained: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields, and what share is noise."""
        noise = round(1 - self.explained / self.checked, 6) if self.checked else 0.0
        return {
            "examples": self.examples,
            "explained": self.explained,
            "noise": noise,
            "rows": self.rows,
            "checked": self.checked,
            "unexplained": list(self.unexplained),
        }


def explanation(
    pairs: Sequence[Pair],
    alphabet: Alphabet,
    readings: Mapping[str, Reading],
    deadline: float | None = None,
) -> Explanation:
    """What a lexicon with these readings explains of the pairs."""
    values: dict[Words, Value | None] = {}
    explained = checked = at = 0
    unexplained: list[int] = []
    step = 1
    while at < len(pairs):
        if step == 1 and clock.passed(deadline):
            step = max(1, -(-(len(pairs) - at) // LATE))
            deadline = None
        words, tokens = map(words_of, pairs[at])
        if words not in values:
            values[words] = answer_of(words, readings) if words else None
        value = values[words]
        checked += 1
        if isinstance(value, str) and alphabet.decode(value) == tokens:
            explained += 1
        elif len(unexplained) < MOST_LISTED:
            unexplained.append(at + 1)
        at += step
    return Explanation(len(pairs), len(values), checked, explained, tuple(unexplained))


def words_of(text: str | Sequence[str]) -> Words:
    """The words of a text between blanks, or those that are given."""
    return tuple(text.split() if isinstance(text, str) else text)
