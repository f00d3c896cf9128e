"""Numbers that are written as English words."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final

_SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {word: n for n, word in enumerate(_SMALL)}
    | {word: 10 * n for n, word in enumerate(_TENS, 2)}
    | {"fourty": 40}
)
SCALES: Final[Mapping[str, int]] = MappingProxyType(
    {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
)
FACTORS: Final[Mapping[str, Fraction]] = MappingProxyType(
    {
        "half": Fraction(1, 2), "halves": Fraction(1, 2), "quarter": Fraction(1, 4),
        "quarters": Fraction(1, 4), "dozen": Fraction(12), "twice": Fraction(2),
        "double": Fraction(2), "doubled": Fraction(2), "doubles": Fraction(2),
        "thrice": Fraction(3), "triple": Fraction(3), "tripled": Fraction(3),
        "triples": Fraction(3), "pair": Fraction(2), "pairs": Fraction(2), "couple": Fraction(2),
    }
)  # fmt: skip
"""Words that are a number on their own."""
PARTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4,
        "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7,
        "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10,
        "tenths": 10, "twelfth": 12, "twelfths": 12, "hundredth": 100, "hundredths": 100,
    }
)  # fmt: skip
"""Denominators, which follow a number: two thirds."""


def leading(words: Sequence[str]) -> tuple[Fraction, int] | None:
    """The longest number at the beginning of a text in lower-case words, and its words.

    >>> leading(["two", "hundred", "and", "five", "apples"])
    (Fraction(205, 1), 4)
    >>> leading(["two", "thirds"]), leading(["two", "and", "a", "half"])
    ((Fraction(2, 3), 2), (Fraction(5, 2), 4))
    >>> leading(["apples"]) is None
    True
    """
    if words[:1] == ["half"] and words[1:2] in (["a"], ["dozen"]):
        count = 2 + (words[1] == "a")
        if words[count - 1 : count] == ["dozen"]:
            return Fraction(6), count
    if words[:1] == ["a"] and len(words) > 1:
        if words[1] in SCALES:
            return Fraction(SCALES[words[1]]), 2
        if words[1] in PARTS and words[1] not in ("half", "quarter"):
            return (Fraction(1, PARTS[words[1]]), 2) if words[2:3] == ["of"] else None
    found = _cardinal(words)
    if found is None:
        return (FACTORS[words[0]], 1) if words and words[0] in FACTORS else None
    number, used = found
    rest = words[used : used + 3]
    if rest[:2] == ["and", "a"] and rest[2:] and rest[2] in ("half", "quarter", "third"):
        return number + Fraction(1, PARTS[rest[2]]), used + 3
    if rest and rest[0] in PARTS and _counts_parts(number, rest[0]):
        return number / PARTS[rest[0]], used + 1
    return number, used


def _counts_parts(number: Fraction, part: str) -> bool:
    """Whether `number part` is a fraction: one third, three quarters, but not 'three quarter'."""
    return (number == 1) != part.endswith("s") and number < 100 and part != "quarters"


def _cardinal(words: Sequence[str]) -> tuple[Fraction, int] | None:
    total = group = used = 0
    last, seen = 10**12, False
    for place, word in enumerate(words):
        if word in UNITS:
            number = UNITS[word]
            # Tens are followed by a digit, hundreds by anything below; 'two five' is two numbers.
            if (
                seen
                and not (last in (20, 30, 40, 50, 60, 70, 80, 90) and 0 < number < 10)
                and not (last >= 100 > number)
            ):
                break
            group, last, seen, used = group + number, number, True, place + 1
        elif word in SCALES and seen:
            scale = SCALES[word]
            if scale == 100 and 0 < group < 100:
                group *= scale
            elif scale > 100 and group:
                total, group = total + group * scale, 0
            else:
                break
            last, used = scale, place + 1
        elif word == "and" and last >= 100 and seen:
            continue
        else:
            break
    return (Fraction(total + group), used) if seen else None
