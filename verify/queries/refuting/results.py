"""When the rows of two queries differ.

Column names do not matter. Duplicates do: rows are bags. The order of rows matters where a query
has ORDER BY. Numbers are equal by value, so 1 and 1.0 are, and reals are equal where they agree in
nine digits, as SQLite may add them in another order.
"""

from collections import Counter
from collections.abc import Sequence

from abduce.symbolic.databases.executing import Row

Outcome = tuple[tuple[object, ...], ...]


def differ(first: Sequence[Row], second: Sequence[Row], ordered: bool) -> bool:
    """Whether two results differ.

    >>> differ([(1, "a"), (2, "b")], [(2.0, "b"), (1, "a")], ordered=False)
    False
    >>> differ([(0.1 + 0.2,)], [(0.3,)], ordered=True), differ([(1,), (1,)], [(1,)], False)
    (False, True)
    """
    if _differ(first, second, ordered):
        return all(
            _differ(_rounded(first, digits), _rounded(second, digits), ordered) for digits in (9, 6)
        )
    return False


def outcome(rows: Sequence[Row], ordered: bool) -> Outcome:
    """A result as a value that is equal where results do not differ; reals have nine digits."""
    told = tuple(map(tuple, _rounded(rows, 9)))
    return told if ordered else tuple(sorted(told, key=_sorting))


def _differ(first: Sequence[Row], second: Sequence[Row], ordered: bool) -> bool:
    if len(first) != len(second) or (first and len(first[0]) != len(second[0])):
        return True
    return list(first) != list(second) if ordered else Counter(first) != Counter(second)


def _rounded(rows: Sequence[Row], digits: int) -> list[Row]:
    return [tuple(_number(each, digits) for each in row) for row in rows]


def _number(value: object, digits: int) -> object:
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def _sorting(row: tuple[object, ...]) -> list[tuple[str, str]]:
    kinds = {int: "1", float: "1", str: "2", bytes: "3"}
    return [(kinds.get(type(v), "0"), repr(float(v) if isinstance(v, int) else v)) for v in row]
