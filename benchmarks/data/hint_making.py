"""HINT at symbol level, derived anew: the authors' seed and their order of draws.

Expressions of 0 to 20 operators are made in turn: up to 2 operators all that there are, in random
order; beyond, random ones. Each number of operators has rows for training, with up to 10 operators
and no value beyond 100. Validation and test have some of these again, others like them, and at last
larger ones. Brackets stand only where they matter. Of random rows none has the value 0, and at most
a twentieth have the same value.

Source: Li et al. 2023, A minimalist dataset for systematic generalization of perception, syntax,
and semantics; the notebooks of liqing-ustc/HINT name the seed and the order of draws.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from abduce.benchmarks.data.hint import FEW_SHOT, HintRow

SEED: Final = 12306
MOST_ENUMERATED: Final = 2
"""The greatest number of operators of which all expressions are made."""
SAME_VALUE: Final = 0.05
"""The upper limit on the share of random expressions with the same value."""
LEVELS: Final = {"+": 1, "-": 1, "*": 2, "/": 2, "a": 1, "b": 1, "c": 2, "d": 2}
"""How tightly operators bind; those of few-shot concepts bind as + or as *."""
NUMBER: Final = 3
"""The level of a number, which needs no brackets."""

Phrase = tuple[str, int, int, int]
"""An expression, its level, its value, and the largest value in it."""
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is made.

    Attributes:
        numbers: the symbols of numbers, with their values.
        operators: the symbols of operators, in the order of the draws.
        wanted: a symbol that is in every expression; empty for none.
        train, val, test: rows for each number of operators.
        copies: how often the rows of 0, of 1, ... operators are repeated where they are too few.
            Beyond these, they are repeated until there are enough.
        most, most_train: the greatest numbers of operators, in all and in training.
        small, large: the greatest values, in training and in all.
    """

    numbers: tuple[tuple[str, int], ...] = tuple((str(n), n) for n in range(10))
    operators: str = "+-*/"
    wanted: str = ""
    train: int = 100_000
    val: int = 100
    test: int = 1_000
    copies: tuple[int, ...] = (2_000, 200)
    most: int = 20
    most_train: int = 10
    small: int = 100
    large: int = 10_000


MAIN: Final = Plan()
CONCEPT: Final = Plan(train=100, val=10, test=100, copies=())
CONCEPTS: Final = {
    "x": replace(CONCEPT, wanted="x", numbers=(*CONCEPT.numbers, ("x", 11))),
    "a": replace(CONCEPT, wanted="a", operators="+-*/a"),
    "c": replace(CONCEPT, wanted="c", operators="+-*/c"),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The rows of one number of operators, in the order of the files."""

    train: list[HintRow]
    val: list[HintRow]
    test: list[HintRow]


def buckets(plan: Plan) -> Iterator[Bucket]:
    """The rows of 0, 1, ... operators, as they are drawn one after the other.

    >>> first = next(buckets(MAIN))
    >>> "".join(row.expr for row in first.val)
    '71064392587106439258'
    """
    rng = Random(SEED)
    for n_op in range(plan.most + 1):
        if n_op == 0 and plan.wanted in plan.operators and plan.wanted:
            yield Bucket([], [], [])
            continue
        train = plan.train if n_op <= plan.most_train else 0
        small = _rows(plan, n_op, train + plan.val + plan.test, (0, plan.small), rng)
        if len(small) < train:
            small = _repeated(small, plan, n_op)
        shown = small[:train]
        val, test = (shown[: len(shown) * size // (train or 1)] for size in (plan.val, plan.test))
        val += small[train : train + plan.val]
        test += small[train + plan.val :]
        large = _rows(plan, n_op, plan.val + plan.test, (plan.small + 1, plan.large), rng)
        val += large[: plan.val]
        test += large[plan.val :]
        old = {row.expr for row in shown}
        yield Bucket(shown, *([_placed(row, old, plan) for row in part] for part in (val, test)))


def hint_members(tell: Tell) -> Iterator[tuple[str, bytes]]:
    """Every member of the data set with its bytes; takes minutes.

    Args:
        tell: called with messages about the progress.
    """
    parts: dict[str, list[str]] = {"train": [], "val": [], "test": []}
    for n_op, bucket in enumerate(buckets(MAIN)):
        for part, lines in parts.items():
            lines += [_line(row, part) for row in getattr(bucket, part)]
        tell(f"hint: {n_op} of {MAIN.most} operators")
    names = "expr\tvalue\tmax_intermediate\tn_op"
    for part, lines in parts.items():
        head = names if part == "train" else f"{names}\tsubset"
        yield f"hint_{part}.tsv", "".join(f"{line}\n" for line in (head, *lines)).encode()
    concepts = {}
    for symbol, plan in CONCEPTS.items():
        made = list(buckets(plan))
        concepts[symbol] = {
            part: [_fields(row, part) for bucket in made for row in getattr(bucket, part)]
            for part in parts
        }
    yield FEW_SHOT, json.dumps(concepts).encode()


def _rows(plan: Plan, n_op: int, count: int, limits: tuple[int, int], rng: Random) -> list[HintRow]:
    """Up to so many rows whose largest value is within the limits, in random order."""
    if n_op <= MOST_ENUMERATED:
        fitting = [p for p in _all(plan, n_op) if limits[0] <= p[3] <= limits[1]]
        phrases = [p for p in fitting if plan.wanted in p[0]]
    else:
        phrases = _drawn(plan, n_op, count, limits, rng)
    rng.shuffle(phrases)
    return [HintRow(p[0], p[2], p[3], n_op, "I") for p in phrases[:count]]


def _all(plan: Plan, n_op: int) -> list[Phrase]:
    if n_op == 0:
        return [(symbol, NUMBER, value, value) for symbol, value in plan.numbers]
    smaller = [_all(plan, size) for size in range(n_op)]
    found = [
        _joined(op, first, second)
        for op in plan.operators
        for size in range(n_op)
        for first in smaller[size]
        for second in smaller[n_op - 1 - size]
    ]
    return [phrase for phrase in found if phrase is not None]


def _drawn(plan: Plan, n_op: int, count: int, limits: tuple[int, int], rng: Random) -> list[Phrase]:
    """Different random phrases; the arguments are those of `_rows`."""
    numbers = [(symbol, NUMBER, value, value) for symbol, value in plan.numbers]
    choice, below, operators = rng.choice, rng.randrange, plan.operators

    def phrase(n_op: int) -> Phrase | None:
        if n_op == 0:
            return choice(numbers)
        op, first = choice(operators), below(n_op)
        left, right = phrase(first), phrase(n_op - 1 - first)  # in the order of the draws
        return None if left is None or right is None else _joined(op, left, right)

    most = int(count * SAME_VALUE)
    values: Counter[int] = Counter()
    found: dict[str, Phrase] = {}
    while len(found) < count:
        drawn = phrase(n_op)
        if drawn is None:
            continue
        expr, _, value, largest = drawn
        if not (value and limits[0] <= largest <= limits[1] and values[value] < most):
            continue
        if plan.wanted in expr and expr not in found:
            found[expr] = drawn
            values[value] += 1
    return list(found.values())


def _joined(op: str, left: Phrase, right: Phrase) -> Phrase | None:
    """Two phrases with an operator between them; None for a division by 0."""
    level = LEVELS[op]
    x, y = left[2], right[2]
    match op:
        case "+":
            value = x + y
        case "-":
            value = max(0, x - y)
        case "*":
            value = x * y
        case "/":
            if y == 0:
                return None
            value = -(-x // y)
        case "a":
            value = max(x, y)
        case _:
            value = (x + y + 1) // 2
    first = left[0] if left[1] >= level else f"({left[0]})"
    second = right[0] if right[1] > level else f"({right[0]})"
    return f"{first}{op}{second}", level, value, max(value, left[3], right[3])


def _repeated(rows: list[HintRow], plan: Plan, n_op: int) -> list[HintRow]:
    if n_op < len(plan.copies):
        return rows * plan.copies[n_op]
    return (rows * (plan.train // len(rows) + 1))[: plan.train]


def _placed(row: HintRow, old: set[str], plan: Plan) -> HintRow:
    """The row with its subset."""
    if row.expr in old:
        return row
    few, small = row.n_op <= plan.most_train, row.largest <= plan.small
    return replace(row, subset=("S" if few else "L") + ("S" if small else "L"))


def _fields(row: HintRow, part: str) -> list[str | int]:
    fields: list[str | int] = [row.expr, row.value, row.largest, row.n_op]
    return fields if part == "train" else [*fields, row.subset]


def _line(row: HintRow, part: str) -> str:
    return "\t".join(map(str, _fields(row, part)))
