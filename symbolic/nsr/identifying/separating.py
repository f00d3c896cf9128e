"""A shortest sentence that tells a relabelling from the truth: its value changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION
from abduce.symbolic.nsr.identifying.categories import goes_on, roles_of
from abduce.symbolic.nsr.identifying.rows import Readings, Relabelling, Watch, Words, value_of
from abduce.symbolic.programs.typed.primitives import Value

MOST_TRIED: Final = 50_000
"""The upper limit on the sentences of one length that are tried, counting their beginnings too."""
LONGEST: Final = 7
"""The upper limit on the words of a sentence that is tried."""


@dataclass(frozen=True, slots=True)
class Separating:
    """A sentence with its value, and what the relabelled sentence has: another value, or none."""

    words: Words
    value: Value
    relabelled: Value | None


def separating(relabelling: Relabelling, readings: Readings, watch: Watch) -> Separating | None:
    """The first of the shortest sentences that have a value which the relabelling changes.

    None where there is none within the limits of this module. Of sentences of equal length, those
    that get another value come before those that lose theirs.

    Raises:
        OutOfTime: the deadline passed.

    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Reading, Sign
    >>> readings = {str(n): Reading.of(NULLARY, n) for n in range(3)}
    >>> readings["+"] = Reading.of(Sign(Category.INFIX, 1.0), lambda x, y: x + y)
    >>> readings["*"] = Reading.of(Sign(Category.INFIX, 2.0), lambda x, y: x * y)
    >>> separating({"+": "*", "*": "+"}, readings, Watch())
    Separating(words=('0', '+', '1'), value=1, relabelled=0)
    """
    moved = {symbol for symbol, label in relabelling.items() if symbol != label}
    for length in range(1, LONGEST + 1):
        lost: Separating | None = None
        for words in _sentences(length, moved, readings):
            watch.count()
            value = value_of(words, readings)
            if value is None:
                continue
            other = value_of([relabelling.get(word, word) for word in words], readings)
            if other is not None and other != value:
                return Separating(words, value, other)
            if other is None and lost is None:
                lost = Separating(words, value, other)
        if lost is not None:
            return lost
    return None


def _sentences(length: int, moved: set[str], readings: Readings) -> Iterator[Words]:
    """The sentences of so many words, one of them moved, that may have a derivation."""
    role_of: Mapping = {w: role for role, words in roles_of(readings).items() for w in words}
    juxtaposed = JUXTAPOSITION in readings
    untried = [iter(role_of)]
    words: list[str] = []
    for _ in range(MOST_TRIED):
        if not untried:
            return
        del words[len(untried) - 1 :]
        word = next(untried[-1], None)
        if word is None:
            untried.pop()
            continue
        words.append(word)
        if len(words) == length and moved.isdisjoint(words):
            continue
        whole = len(words) == length
        if goes_on([role_of[w] for w in words], juxtaposed, whole=whole):
            if whole:
                yield tuple(words)
            else:
                untried.append(iter(role_of))
