"""The evidence of a lexicon as plain data, which is checked as a whole when it is read.

sentences, explained, longest, bits    numbers, as in `Counts`
words      word -> [explained, unexplained]
uses       [[operator, side, operator or null, sentences], ...]
contests   [[operator, operator, sentences], ...]
model      name -> coefficient, as in `ReliabilityConfig`
"""

from dataclasses import asdict, fields
from typing import Any, Final

from abduce.symbolic.nsr.config import ReliabilityConfig
from abduce.symbolic.nsr.evidence import Counts
from abduce.symbolic.nsr.files.data_spot import MOST, Spot
from abduce.symbolic.nsr.reliability import Trust

NUMBERS: Final = ("sentences", "explained", "longest")
PARTS: Final = (*NUMBERS, "bits", "uses", "contests", "model")
MOST_COUNTED: Final = 1e15


def trust_data(trust: Trust) -> dict[str, Any]:
    """The evidence and its model as plain data."""
    counts = trust.counts
    return {
        **{name: getattr(counts, name) for name in (*NUMBERS, "bits")},
        "uses": [[*use, seen] for use, seen in counts.uses.items()],
        "contests": [[*contest, seen] for contest, seen in counts.contests.items()],
        "model": asdict(trust.model),
    }


def trust_from(spot: Spot, entries: frozenset[str]) -> Trust | None:
    """Reads plain data.

    Args:
        entries: the words of the lexicon; only these may have counts.

    Raises:
        InputError: it is not evidence; says what was found where, and what was expected.
    """
    if spot.value is None:
        return None
    spot.object("the evidence of a lexicon", PARTS, PARTS)
    uses = [_row(each, 4) for each in spot.at("uses").items()]
    contests = [_row(each, 3) for each in spot.at("contests").items()]
    names = tuple([each.name for each in fields(ReliabilityConfig)])
    model = spot.at("model").object("an object of coefficients", names, names)
    counts = Counts(
        **{name: _count(spot.at(name)) for name in NUMBERS},
        bits=spot.at("bits").number(0, MOST),
        uses={
            (
                _entry(operator, entries),
                int(side.number(0, 1)),
                None if inner.value is None else _entry(inner, entries),
            ): _count(times)
            for operator, side, inner, times in uses
        },
        contests={
            (_entry(one, entries), _entry(two, entries)): _count(times)
            for one, two, times in contests
        },
    )
    return Trust(
        counts,
        ReliabilityConfig(**{name: model.at(name).number(-MOST, MOST) for name in names}),
    )


def _row(spot: Spot, size: int) -> list[Spot]:
    cells = spot.items()
    if len(cells) != size:
        spot.wrong(f"a list of {size}")
    return cells


def _count(spot: Spot) -> int:
    found = spot.number(0, MOST_COUNTED)
    if found != int(found):
        spot.wrong("an integer")
    return int(found)


def _entry(spot: Spot, entries: frozenset[str]) -> str:
    if spot.text() not in entries:
        spot.wrong("a word that has an entry")
    return spot.value
