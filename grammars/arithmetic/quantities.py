"""The quantities of a text: numbers in digits and in words, with their places.

Digits with commas and decimals, fractions such as 1/2 and 3 1/2, percents (of which the number
before the sign is the value), number words, and words such as half, dozen and twice. Ordinals, such
as 3rd and third, are no quantities, and neither is a digit within a word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abduce.grammars.arithmetic.number_words import leading

_NUMERAL: Final = re.compile(
    r"(?<![\w.,/])(?:(?P<whole>\d{1,9})[ -])?(?P<over>\d{1,9})\s?/\s?(?P<under>\d{1,9})(?![\d/])"
    r"|(?<![A-Za-z_\d.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,18}(?:\.\d{1,18})?|\.\d{1,18})"
    r"(?!\d)"
)
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)\b")
_WORD: Final = re.compile(r"[A-Za-z]+")
_PERCENT: Final = re.compile(r"\s?(?:%|percent\b|per cent\b)")
_SIGNED: Final = re.compile(r"(?:^|[\s(])[-−]$")
MOST_WORDS: Final = 12
"""The upper limit on the words of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number in a text.

    Attributes:
        start, end: the place of its characters.
        kind: 'digits', 'fraction', 'percent' or 'word'.
    """

    value: Fraction
    start: int
    end: int
    kind: str


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in its order; none overlaps another.

    >>> [str(q.value) for q in quantities("Half of the 1,200 seats and two thirds of 3 1/2 rows")]
    ['1/2', '1200', '2/3', '7/2']
    >>> [(str(q.value), q.kind) for q in quantities("He ran 25 % of 80km on the 3rd day.")]
    [('25', 'percent'), ('80', 'digits')]
    """
    found = [q for match in _NUMERAL.finditer(text) if (q := _numeral(text, match)) is not None]
    taken = [(q.start, q.end) for q in found]
    return tuple(sorted((*found, *_in_words(text, taken)), key=lambda q: q.start))


def _numeral(text: str, match: re.Match[str]) -> Quantity | None:
    if _ORDINAL.match(text, match.end()):
        return None
    kind = "percent" if _PERCENT.match(text, match.end()) else "digits"
    if match["digits"] is None:
        under = int(match["under"])
        if under == 0:
            return None
        number, kind = int(match["whole"] or 0) + Fraction(int(match["over"]), under), "fraction"
    else:
        number = Fraction(match["digits"].replace(",", ""))
    start = match.start()
    if _SIGNED.search(text[max(0, start - 2) : start]):
        number, start = -number, start - 1
    return Quantity(value=number, start=start, end=match.end(), kind=kind)


def _in_words(text: str, taken: Sequence[tuple[int, int]]) -> list[Quantity]:
    words = list(_WORD.finditer(text))
    found: list[Quantity] = []
    at = 0
    while at < len(words):
        run = _together(text, words[at : at + MOST_WORDS])
        number = leading(run)
        if number is None:
            at += 1
            continue
        value, used = number
        start, end = words[at].start(), words[at + used - 1].end()
        alone = not any(start < right and left < end for left, right in taken)
        glued = (start > 0 and text[start - 1].isalnum()) or text[end : end + 1].isdigit()
        if alone and not glued:
            kind = "percent" if _PERCENT.match(text, end) else "word"
            found.append(Quantity(value=value, start=start, end=end, kind=kind))
        at += used
    return found


def _together(text: str, words: Sequence[re.Match[str]]) -> list[str]:
    """The words up to the first gap that is more than a space or a hyphen."""
    found: list[str] = []
    for place, word in enumerate(words):
        if place and text[words[place - 1].end() : word.start()].strip() not in ("", "-"):
            break
        found.append(word[0].lower())
    return found
