"""Exact set match: are the clauses of two queries equal as sets, values left out?

Source: Yu et al. 2018, Spider; Zhong et al. 2020, with their defaults: values and DISTINCT are not
compared, and columns that foreign keys make equal are one.
"""

from collections import Counter
from dataclasses import replace

from abduce.verify.queries.scoring.clauses import (
    Clauses,
    ColumnUnit,
    Condition,
    Conditions,
    Unit,
)
from abduce.verify.queries.scoring.reading import clauses
from abduce.verify.queries.scoring.tokens import Names, NotRead


def exact_set_match(gold: str, prediction: str, names: Names) -> bool:
    """Whether a prediction has the clauses of gold.

    The letters `value` in a prediction stand for 1, as in predictions of models that leave values
    out. A prediction that is not read matches nothing.

    Raises:
        NotRead: gold is not read.

    >>> names = Names({"pets": ("id", "kind")}, {})
    >>> exact_set_match("SELECT id, kind FROM pets", "SELECT kind, id FROM pets", names)
    True
    """
    told = _prepared(clauses(gold, names), names)
    try:
        found = clauses(prediction.replace("value", "1"), names)
    except NotRead:
        return False
    return _match(told, _prepared(found, names))


def _match(gold: Clauses, found: Clauses) -> bool:
    alike = (
        Counter(gold.outputs) == Counter(found.outputs)
        and Counter(gold.where.units) == Counter(found.where.units)
        and set(gold.where.connectives) == set(found.where.connectives)
        and _groups(gold) == _groups(found)
        and (not gold.groups or _grouped(gold) == _grouped(found))
        and (gold.order is None) == (found.order is None)
        and (gold.order is None or (gold.order, gold.limit) == (found.order, found.limit))
        and _keywords(gold) == _keywords(found)
        and Counter(map(repr, gold.tables)) == Counter(map(repr, found.tables))
    )
    pairs = (
        (gold.intersect, found.intersect), (gold.union, found.union),
        (gold.except_, found.except_),
    )  # fmt: skip
    return alike and all(
        _match(one, other) if one is not None and other is not None else one is other
        for one, other in pairs
    )


def _groups(query: Clauses) -> Counter[str]:
    """The columns of GROUP BY without their tables."""
    return Counter(unit.column.rpartition(".")[2] for unit in query.groups)


def _grouped(query: Clauses) -> tuple[list[str], Conditions]:
    return [unit.column for unit in query.groups], query.having


def _keywords(query: Clauses) -> set[str]:
    parts = (query.on, query.where, query.having)
    units = [unit for part in parts for unit in part.units]
    told = {
        "where": bool(query.where), "group": bool(query.groups), "having": bool(query.having),
        "order": query.order is not None, "limit": query.limit,
        "intersect": query.intersect is not None, "union": query.union is not None,
        "except": query.except_ is not None,
        "or": any("or" in part.connectives for part in parts),
        "not": any(unit.negated for unit in units),
        "in": any(unit.operator == "in" for unit in units),
        "like": any(unit.operator == "like" for unit in units),
    }  # fmt: skip
    return {word for word, there in told.items() if there}


def _prepared(query: Clauses, names: Names) -> Clauses:
    """A query without values, without DISTINCT, and with one column for those of a foreign key; in
    queries within conditions only values are left out."""
    tables = {table for table in query.tables if isinstance(table, str)}
    return _unified(_valueless(query), names, frozenset(tables))


def _valueless(query: Clauses) -> Clauses:
    return replace(
        query,
        on=_without(query.on), where=_without(query.where), having=_without(query.having),
        intersect=query.intersect and _valueless(query.intersect),
        union=query.union and _valueless(query.union),
        except_=query.except_ and _valueless(query.except_),
    )  # fmt: skip


def _without(conditions: Conditions) -> Conditions:
    units = tuple(
        replace(
            unit,
            first=_valueless(unit.first) if isinstance(unit.first, Clauses) else None,
            second=_valueless(unit.second) if isinstance(unit.second, Clauses) else None,
        )
        for unit in conditions.units
    )
    return replace(conditions, units=units)


def _unified(query: Clauses, names: Names, tables: frozenset[str]) -> Clauses:
    def column(unit: ColumnUnit) -> ColumnUnit:
        table = unit.column.partition(".")[0]
        same = names.same.get(unit.column, unit.column) if table in tables else unit.column
        return ColumnUnit(unit.aggregate, same, None)

    def unit_(unit: Unit) -> Unit:
        second = None if unit.second is None else column(unit.second)
        return Unit(unit.operator, column(unit.first), second)

    def conditions(part: Conditions) -> Conditions:
        units: tuple[Condition, ...] = tuple(replace(c, unit=unit_(c.unit)) for c in part.units)
        return replace(part, units=units)

    def below(part: Clauses | None) -> Clauses | None:
        return None if part is None else _unified(part, names, tables)

    order = query.order and (query.order[0], tuple(map(unit_, query.order[1])))
    return replace(
        query,
        on=conditions(query.on), where=conditions(query.where), having=conditions(query.having),
        distinct=None, order=order,
        outputs=tuple(replace(each, unit=unit_(each.unit)) for each in query.outputs),
        groups=tuple(map(column, query.groups)),
        intersect=below(query.intersect), union=below(query.union), except_=below(query.except_),
    )  # fmt: skip
