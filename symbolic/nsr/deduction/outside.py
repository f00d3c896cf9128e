"""What stands at each position, given the value of the sentence: the outside pass of the chart.

The chart of ``chart`` gives every phrase the weights of its values (inside). The outside weight of
a phrase and a value is the weight of all that stands around the phrase where the whole sentence has
the value that is given. A candidate's posterior is the share of the derivations that read it, by
weight, among those of that value. Where brackets must balance, no derivation breaks the rule, and
so no posterior does.

Source: Baker 1979, Trainable grammars (inside and outside); Goodman 1999, Semiring parsing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from abduce.symbolic.nsr.deduction.chart import (
    MAX_ITEMS,
    GaveUp,
    Position,
    _applied,
    _arguments,
    _forest,
    _Fuel,
    _log_add,
    _OutOfFuelError,
    _Phrase,
    _Rules,
    _values,
)
from abduce.symbolic.programs.typed.primitives import Value

_Weights = dict[Value, float]


@dataclass(frozen=True, slots=True)
class Posteriors:
    """What stands at each position, given the value of the sentence.

    Attributes:
        log_weight: the log of the summed weight of the derivations of that value; minus infinity
            where there is none.
        shares: the probability of each candidate at each position, in their order; all are 0 where
            there is no derivation of the value.
    """

    log_weight: float
    shares: tuple[tuple[float, ...], ...]


def posteriors(
    positions: Sequence[Position],
    juxtaposition: Position,
    value: Value,
    *,
    violation_bits: float = math.inf,
    max_items: int = MAX_ITEMS,
) -> Posteriors | GaveUp:
    """The probability of every candidate at its position, given the value of the sentence.

    The arguments are those of ``deduce``.

    >>> from abduce.symbolic.nsr.deduction.chart import Candidate
    >>> from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category, Reading, Sign
    >>> one, two = Reading.of(NULLARY, 1), Reading.of(NULLARY, 2)
    >>> plus = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x + y)
    >>> digit = [Candidate(0.0, "1", one), Candidate(0.0, "2", two)]
    >>> found = posteriors([digit, [Candidate(0.0, "+", plus)], digit], (), 3)
    >>> found.shares
    ((0.5, 0.5), (1.0,), (0.5, 0.5))
    """
    fuel = _Fuel(max_items)
    values: dict[_Phrase, _Weights] = {}
    try:
        rules = _Rules(positions, juxtaposition, -violation_bits * math.log(2.0), fuel)
        phrases, whole = _forest(rules)
        for phrase in phrases:
            values[phrase] = _values(phrase, values, fuel)
        around: dict[_Phrase, _Weights] = {phrase: {} for phrase in phrases}
        for phrase in whole:
            if value in values[phrase]:
                around[phrase][value] = 0.0
        read = _read(phrases, values, around, fuel)
    except _OutOfFuelError:
        return fuel.gave_up()
    total = -math.inf
    for phrase in whole:
        total = _log_add(total, values[phrase].get(value, -math.inf))
    shares = [
        tuple([_share(read.get((at, id(each)), -math.inf), total) for each in position])
        for at, position in enumerate(positions)
    ]
    return Posteriors(total, tuple(shares))


def _share(part: float, total: float) -> float:
    return 0.0 if part == -math.inf else math.exp(part - total)


def _read(
    phrases: Sequence[_Phrase],
    values: Mapping[_Phrase, _Weights],
    around: Mapping[_Phrase, _Weights],
    fuel: _Fuel,
) -> dict[tuple[int, int], float]:
    """The log weight of the derivations that read a candidate, by its position and identity.

    Fills in the outside weights on the way, from the whole sentence down to the words.
    """
    read: dict[tuple[int, int], float] = {}
    for phrase in reversed(phrases):
        outer = around[phrase]
        if not outer:
            continue
        for edge in phrase.edges:
            used = -math.inf
            for weight, arguments in _arguments(edge, values):
                fuel.spend(1)
                found = _applied(edge.reading, arguments)
                if found is None or found not in outer:
                    continue
                both = weight + outer[found]
                used = _log_add(used, both)
                for operand, argument in zip(edge.operands, arguments, strict=True):
                    rest = both - values[operand][argument]
                    below = around[operand]
                    below[argument] = _log_add(below.get(argument, -math.inf), rest)
            placed = [(edge.index, edge.candidate), *([edge.closing] if edge.closing else [])]
            for at, candidate in placed if used > -math.inf else ():
                key = at, id(candidate)
                read[key] = _log_add(read.get(key, -math.inf), used)
    return read
