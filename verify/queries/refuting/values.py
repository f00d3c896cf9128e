"""The values that random databases have in each column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from abduce.symbolic.databases.schema import Affinity, Table
from abduce.verify.queries.refuting.hints import Hints, Place

Value = int | float | str | bytes | None
NUMBERS: Final[tuple[Value, ...]] = (1, 2, 3, 0)
REALS: Final[tuple[Value, ...]] = (1.0, 2.5, 3.0, 0.0)
TEXTS: Final[tuple[Value, ...]] = ("a", "b", "c")
LARGEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of a column: those near constants of the queries, and others."""

    near: tuple[Value, ...]
    other: tuple[Value, ...]


def choices(schema_tables: Sequence[Table], hints: Hints) -> dict[Place, Choices]:
    """The values to choose from, for each column.

    Columns that are compared with each other, or that a foreign key joins, share their values.
    """
    places = [(table.name, c.name) for table in schema_tables for c in table.columns]
    group = _groups(places, schema_tables, hints)
    told: dict[Place, set[object]] = {}
    for place, constants in hints.constants.items():
        told.setdefault(group.get(place, place), set()).update(constants)
    kinds: dict[Place, set[Affinity]] = {}
    for table in schema_tables:
        for column in table.columns:
            kinds.setdefault(group[table.name, column.name], set()).add(column.affinity)
    found = {}
    for table in schema_tables:
        for column in table.columns:
            place = (table.name, column.name)
            constants = told.get(group[place], set()) | hints.everywhere
            of_numbers = bool(kinds[group[place]] & {"integer", "numeric", "real"})
            listed = sorted(constants, key=_ordering)
            found[place] = _choices(column.affinity, listed, of_numbers)
    return found


def _groups(
    places: list[Place], schema_tables: Sequence[Table], hints: Hints
) -> dict[Place, Place]:
    """A representative for each column, the same for columns that share their values."""
    above = {place: place for place in places}
    lower = {(table.lower(), column.lower()): (table, column) for table, column in places}

    def root(place: Place) -> Place:
        while above[place] != place:
            place = above[place]
        return place

    pairs = list(hints.together)
    for table in schema_tables:
        for key in table.foreign_keys:
            for child, parent in zip(key.columns, key.parent_columns, strict=True):
                pairs.append(((table.name, child), (key.parent, parent)))
    for first, second in pairs:
        known = [lower.get((table.lower(), column.lower())) for table, column in (first, second)]
        if known[0] is not None and known[1] is not None:
            above[root(known[0])] = root(known[1])
    return {place: root(place) for place in places}


def _choices(affinity: Affinity, constants: list[object], of_numbers: bool) -> Choices:
    """The values of a column; those that it is compared with may be numbers where it has texts."""
    near: list[Value] = []
    for constant in constants:
        near += _near(affinity, constant)
    other = TEXTS if affinity == "text" else REALS if affinity == "real" else NUMBERS
    if affinity == "text" and of_numbers:
        other = tuple(map(str, NUMBERS))
    if affinity == "none" and any(isinstance(each, str) for each in near):
        other = TEXTS
    return Choices(tuple(dict.fromkeys(near)), other)


def _near(affinity: Affinity, constant: object) -> list[Value]:
    """A constant and its neighbours, as values of a column."""
    number = _number(constant)
    if affinity == "text" or (number is None and isinstance(constant, str)):
        text = str(constant)
        if number is not None and not isinstance(constant, str):
            return [text, str(constant - 1), str(constant + 1)]  # pyright: ignore[reportOperatorIssue]
        plain = text.replace("%", "").replace("_", "a")
        found: list[Value] = [plain, plain + "a"]
        if "%" in text:
            found.append(text.replace("%", "b").replace("_", "a"))
        if number is None and plain.swapcase() != plain:
            found.append(plain.swapcase())
        elif number is not None:
            found += [str(number - 1), str(number + 1)]
        return found
    if number is None or abs(number) > LARGEST:
        return []
    if affinity == "real":
        return [float(number), float(number) - 1, float(number) + 1]
    if isinstance(number, float) and not number.is_integer():
        return [number, number - 1, number + 1]
    whole = int(number)
    return [whole, whole - 1, whole + 1]


def _number(constant: object) -> int | float | None:
    """The number that a constant is, or is read as by a column of numbers."""
    if isinstance(constant, int | float):
        return constant
    if isinstance(constant, str):
        for kind in (int, float):
            try:
                number = kind(constant)
            except ValueError:
                continue
            return number if abs(number) < float("inf") else None
    return None


def _ordering(constant: object) -> tuple[str, str]:
    return type(constant).__name__, repr(constant)
