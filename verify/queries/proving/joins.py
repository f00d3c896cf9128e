"""Laws about joins: left joins that are inner joins, and joins that add nothing.

Source: Galindo-Legaria & Rosenthal 1997, Outerjoin simplification and reordering for query
optimization; Johnson & Klug 1984 (foreign keys); Chandra & Merlin 1977 (conjunctive queries).
"""

from collections.abc import Iterator
from dataclasses import replace

from abduce.symbolic.databases.schema import ForeignKey, Table
from abduce.verify.queries.proving.context import Context, Notes
from abduce.verify.queries.proving.duplicates import names_source, rows_as_set
from abduce.verify.queries.proving.facts import (
    affinity,
    determined,
    interchangeable,
    key_sentence,
    never_null,
    source_of,
    table_of,
)
from abduce.verify.queries.proving.logic import gives_null, never_true, of_one_row
from abduce.verify.queries.query import Column, Constant, Expression, Operation, Select, Source
from abduce.verify.queries.walking import (
    aggregates_of,
    changed,
    changed_query,
    columns_of,
    expressions_of,
)


def inner_joins(select: Select, notes: Notes) -> Select:
    """The query with an inner join for a left join whose rows of NULLs are all lost, or that has
    none."""
    for source in select.sources:
        if source.kind != "left":
            continue
        why = _why_inner(select, source, notes)
        if why is not None:
            notes.law(*why)
            return _as_inner(select, source)
    return select


def _as_inner(select: Select, source: Source) -> Select:
    sources = tuple(
        replace(each, kind="inner", on=()) if each is source else each for each in select.sources
    )
    return replace(select, sources=sources, where=(*select.where, *source.on))


def _why_inner(select: Select, source: Source, notes: Notes) -> tuple[str, str] | None:
    """The law by which a left join is an inner join, or None."""

    def null(column: Column) -> bool:
        return column.source == source.alias

    shown = source.body if isinstance(source.body, str) else "a subquery"
    if any(never_true(each, null) for each in select.where):
        return "null-rejecting condition", f"no row without a match in {shown} passes WHERE"
    foreign = _foreign_key(select, source, notes)
    if foreign is not None:
        return "foreign key", f"every row has a match in {shown}, {foreign}"
    if not select.grouped:
        return None
    listed = (*select.outputs, *select.having)
    aggregates = [a for each in listed for a in aggregates_of(each)]
    if not select.groups:
        skipped = [a.operand is not None and gives_null(a.operand, null) for a in aggregates]
        bare = [c for each in listed for c in _outside_aggregates(each)]
        if all(skipped) and aggregates and not bare and not select.order:
            return "aggregates skip NULL", f"all aggregates are of columns of {shown}"
        return None
    if [each for each in select.sources if each.kind == "left"] != [source]:
        return None
    mine = Notes(notes.query, notes.schema)
    start = [each for each in select.groups if isinstance(each, Column)]
    _, fixed = determined(select, start, notes.schema, mine)
    core = {each.alias for each in select.sources if each is not source}
    if core <= fixed and any(of_one_row(each, null) in (False, None) for each in select.having):
        for sentence, assumed in mine.keys.items():
            notes.key(sentence, "assumed" if assumed else "file")
        return (
            "groups of one row",
            f"a row without a match in {shown} is a group of its own, which HAVING drops",
        )
    return None


def _outside_aggregates(expression: Expression) -> set[Column]:
    inside = {c for a in aggregates_of(expression) for c in columns_of(a)}
    return columns_of(expression) - inside


def _foreign_key(select: Select, source: Source, notes: Notes) -> str | None:
    """A sentence about the foreign key by which every row has a match; None if there is none.

    The condition of the join has to be that of the key and nothing else, and the columns of the
    child must not be NULL.
    """
    for child, key, parent in _foreign_keys(select, source, notes):
        wanted = {
            (Column(child.alias, _spelled(child, c, notes)), Column(source.alias, p))
            for c, p in _pairs(key, parent)
        }
        conditions = source.on if source.kind == "left" else select.where
        found = {pair for each in conditions if (pair := _pair(each, source.alias)) is not None}
        others = [each for each in conditions if _pair(each, source.alias) not in wanted]
        if source.kind == "left":
            exact = found == wanted and not others
        else:
            exact = wanted <= found and not any(
                c.source == source.alias for each in others for c in columns_of(each)
            )
        if not exact or not _matches(wanted, select, notes):
            continue
        if child.kind == "inner" and all(never_null(c, select, notes.schema) for c, _ in wanted):
            told = f"{_table(child, notes).name}({', '.join(key.columns)})"
            sentence = f"{told} refers to {parent.name}({', '.join(key.parent_columns)})"
            notes.key(sentence, key.origin)
            for c, _ in wanted:
                column = _table(child, notes).column(c.name)
                if column is not None and column.not_null:
                    notes.key(f"{_table(child, notes).name}.{c.name} is never NULL", "file")
            return f"by the foreign key {told}"
    return None


def _foreign_keys(
    select: Select, source: Source, notes: Notes
) -> Iterator[tuple[Source, ForeignKey, Table]]:
    """The foreign keys of other sources that lead to the table of a source."""
    parent = table_of(source, notes.schema)
    if parent is None:
        return
    for child in select.sources:
        table = table_of(child, notes.schema)
        if table is None or child is source:
            continue
        for key in table.foreign_keys:
            if key.parent.lower() == parent.name.lower():
                yield child, key, parent


def _table(source: Source, notes: Notes) -> Table:
    table = table_of(source, notes.schema)
    assert table is not None
    return table


def _spelled(source: Source, name: str, notes: Notes) -> str:
    column = _table(source, notes).column(name)
    return name if column is None else column.name


def _pairs(key: ForeignKey, parent: Table) -> Iterator[tuple[str, str]]:
    for child, name in zip(key.columns, key.parent_columns, strict=True):
        column = parent.column(name)
        yield child, name if column is None else column.name


def _pair(condition: Expression, alias: str) -> tuple[Column, Column] | None:
    """The sides of an equation of columns, with the side of a source second."""
    match condition:
        case Operation("=", (Column() as left, Column() as right)):
            if right.source == alias and left.source != alias:
                return left, right
            if left.source == alias and right.source != alias:
                return right, left
    return None


def _matches(pairs: set[tuple[Column, Column]], select: Select, notes: Notes) -> bool:
    """Whether values that match by a foreign key are equal for `=` too."""
    for child, parent in pairs:
        kinds = [affinity(each, select, notes.schema) for each in (child, parent)]
        texts_of_numbers = kinds[0] == "text" and kinds[1] in ("integer", "numeric")
        if not interchangeable(child, parent, select, notes.schema) and not texts_of_numbers:
            return False
    return True


def without_idle_joins(select: Select, context: Context, notes: Notes) -> Select:
    """The query without a source that changes neither which rows there are nor how many."""
    for source in select.sources:
        if len(select.sources) > 1:
            changed_ = (
                _without_left(select, source, context, notes)
                if source.kind == "left"
                else _without_parent(select, source, context, notes)
            )
            if changed_ is not None:
                return changed_
    return select


def _without_left(select: Select, source: Source, context: Context, notes: Notes) -> Select | None:
    """The query without a left join of a source that nothing else names."""
    if names_source(select, source.alias, but_on=True):
        return None
    rest = replace(select, sources=tuple(s for s in select.sources if s is not source))
    if rows_as_set(select, context):
        notes.law("idle left join", "a left join loses no row, and duplicates do not count")
        return rest
    start = {c for each in source.on for c in columns_of(each) if c.source != source.alias}
    mine = Notes(notes.query, notes.schema)
    if source.alias in determined(select, start, notes.schema, mine)[1]:
        for sentence, assumed in mine.keys.items():
            notes.key(sentence, "assumed" if assumed else "file")
        notes.law("idle left join", "a left join to a key loses no row and repeats none")
        return rest
    return None


def _without_parent(
    select: Select, source: Source, context: Context, notes: Notes
) -> Select | None:
    """The query without the parent of a foreign key that nothing else names."""
    mine = Notes(notes.query, notes.schema)
    if _foreign_key(select, source, mine) is None:
        return None
    pairs = {p[1]: p[0] for each in select.where if (p := _pair(each, source.alias)) is not None}
    alike = all(interchangeable(a, b, select, notes.schema) for a, b in pairs.items())
    there = tuple(
        Operation("not", (Operation("is", (child, Constant(None))),)) for child in pairs.values()
    )
    conditions = tuple(e for e in select.where if _pair(e, source.alias) is None)
    moved = replace(select, where=(*conditions, *there))
    if alike:
        moved = _renamed(moved, dict(pairs))
    if names_source(moved, source.alias):
        return None
    if len(set(pairs)) != len([e for e in select.where if _pair(e, source.alias) is not None]):
        return None
    table = _table(source, notes)
    for key in table.keys:
        if {c.lower() for c in key.columns} <= {p.name.lower() for p in pairs}:
            mine.key(key_sentence(table, key), key.origin)
            break
    else:
        if not rows_as_set(select, context):
            return None
    for sentence, assumed in mine.keys.items():
        notes.key(sentence, "assumed" if assumed else "file")
    notes.law("idle join", f"every row has one match in {table.name}, which nothing else names")
    return replace(moved, sources=tuple(s for s in moved.sources if s.alias != source.alias))


def _renamed(select: Select, names: dict[Column, Column]) -> Select:
    def rename(each: Expression) -> Expression:
        return names.get(each, each) if isinstance(each, Column) else each

    found = changed_query(select, rename)
    assert isinstance(found, Select)
    return found


def without_repeats(select: Select, context: Context, notes: Notes) -> Select:
    """The query without a source that repeats another one, where duplicates do not count.

    A source may go if another one of the same table meets all its conditions.
    """
    if not rows_as_set(select, context):
        return select
    inner = [s for s in select.sources if s.kind == "inner" and isinstance(s.body, str)]
    for source in inner:
        for other in inner:
            if other is source or other.body != source.body:
                continue
            folded = _folded(select, source, other, notes)
            if folded is not None:
                notes.law("repeated source", f"{source.body} stands twice with one condition")
                return folded
    return select


def _folded(select: Select, source: Source, other: Source, notes: Notes) -> Select | None:
    listed = list(expressions_of(select))
    for each in select.where:
        listed.remove(each)
    if any(c.source == source.alias for each in listed for c in columns_of(each)):
        return None

    def rename(each: Expression) -> Expression:
        if isinstance(each, Column) and each.source == source.alias:
            return Column(other.alias, each.name)
        return each

    kept = tuple(
        e for e in select.where if not any(c.source == source.alias for c in columns_of(e))
    )
    there = set(kept) | {_turned(e) for e in kept}
    needed = []
    for each in select.where:
        if each in kept:
            continue
        moved = changed(each, rename)
        match moved:
            case Operation("=", (left, right)) if left == right and isinstance(left, Column):
                needed.append(left)
            case _ if moved not in there:
                return None
    rest = replace(select, where=kept, sources=tuple(s for s in select.sources if s is not source))
    if all(never_null(column, rest, notes.schema) for column in needed):
        return rest
    return None


def _turned(condition: Expression) -> Expression:
    match condition:
        case Operation("=" | "<>" as name, (left, right)):
            return Operation(name, (right, left))
        case _:
            return condition


def merged_subqueries(select: Select, notes: Notes) -> Select:
    """The query with the sources of a plain subquery in FROM in its place."""
    for source in select.sources:
        body = source.body
        if (
            source.kind == "inner"
            and isinstance(body, Select)
            and not (body.grouped or body.distinct or body.order or body.limit is not None)
            and all(isinstance(each, Column) for each in body.outputs)
            and body.sources
        ):
            names = {Column(source.alias, str(i)): each for i, each in enumerate(body.outputs)}

            def rename(each: Expression, names: dict = names) -> Expression:
                return names.get(each, each)

            moved = changed_query(select, rename)
            assert isinstance(moved, Select)
            sources = []
            for each in moved.sources:
                sources += body.sources if each.alias == source.alias else [each]
            notes.law("subquery in FROM", "a plain subquery is joined as its tables are")
            return replace(moved, sources=tuple(sources), where=(*moved.where, *body.where))
    return select


def without_needless_conditions(select: Select, notes: Notes) -> Select:
    """The query without conditions of constants that hold, such as ``1 = 1``, and without IS NOT
    NULL of what is never NULL."""
    for each in select.where:
        if of_one_row(each, lambda _: False) is True:
            notes.law("constants", "a condition holds whatever the row is")
            return replace(select, where=tuple(e for e in select.where if e is not each))
        match each:
            case Operation("not", (Operation("is", (Column() as column, Constant(None))),)):
                rest = replace(select, where=tuple(e for e in select.where if e is not each))
                if source_of(select, column.source) and never_null(column, rest, notes.schema):
                    notes.law("never NULL", f"{column.name} is not NULL in any row")
                    return rest
    return select
