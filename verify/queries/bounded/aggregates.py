"""Aggregates of the members of a group, as formulas."""

from collections.abc import Sequence
from typing import Any

import z3

from abduce.verify.queries.bounded.cells import FALSE, Cell, both, count, either, negation, same
from abduce.verify.queries.bounded.conditions import RowReader, World
from abduce.verify.queries.query import Aggregate
from abduce.verify.queries.text.outside import Outside


def aggregated(
    aggregate: Aggregate, members: Sequence[Any], readers: Sequence[RowReader], world: World
) -> Cell:
    """The value of an aggregate.

    Args:
        members: for each joined row, whether it is a member of the group.
        readers: the readers of these rows.
    """
    if aggregate.operand is None:
        return Cell(FALSE, z3.ToReal(count(members)), "number")
    cells = [reader.cell(aggregate.operand) for reader in readers]
    counted = [both(m, negation(cell.null)) for m, cell in zip(members, cells, strict=True)]
    if aggregate.distinct:
        counted = _first_of_each(counted, cells)
    if aggregate.name == "count":
        return Cell(FALSE, z3.ToReal(count(counted)), "number")
    none = negation(either(counted))
    sort = cells[0].sort if cells else "number"
    if aggregate.name in ("min", "max"):
        return Cell(none, _extreme(aggregate.name, counted, cells, world), sort)
    if sort != "number":
        raise Outside(f"{aggregate.name.upper()} of a column that is not a number")
    world.arithmetic = True
    zero = z3.RealVal(0)
    listed = [z3.If(c, cell.value, zero) for c, cell in zip(counted, cells, strict=True)]
    total = z3.Sum(listed) if listed else zero
    if aggregate.name == "sum":
        return Cell(none, total, "number")
    average = world.unknown()
    number = count(counted)
    for n in range(1, len(counted) + 1):
        world.defined.append(z3.Implies(number == n, average * n == total))
    return Cell(none, average, "number")


def _first_of_each(counted: list[Any], cells: Sequence[Cell]) -> list[Any]:
    return [
        both(c, *(negation(both(counted[j], same(cells[j], cells[i]))) for j in range(i)))
        for i, c in enumerate(counted)
    ]


def _extreme(name: str, counted: list[Any], cells: Sequence[Cell], world: World) -> Any:
    found = world.unknown()
    for c, cell in zip(counted, cells, strict=True):
        bound = found <= cell.value if name == "min" else found >= cell.value
        world.defined.append(z3.Implies(c, bound))
    reached = [both(c, found == cell.value) for c, cell in zip(counted, cells, strict=True)]
    world.defined.append(z3.Implies(either(counted), either(reached)))
    return found
