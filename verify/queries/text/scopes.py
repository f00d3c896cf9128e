"""The names that may be used at a place of a query, and what they mean there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from abduce.verify.queries.query import Column, Constant, Expression
from abduce.verify.queries.text.outside import Outside

ROWID = ("rowid", "_rowid_", "oid")


@dataclass(frozen=True, slots=True)
class Named:
    """A source as a query names it.

    Attributes:
        name: its name in the query, in lower case.
        alias: its name in our tree.
        columns: name in lower case and name in our tree, in order; None for a column without name.
    """

    name: str
    alias: str
    columns: tuple[tuple[str | None, str], ...]

    def column(self, name: str) -> Column | None:
        found = [inner for outer, inner in self.columns if outer == name]
        if len(found) > 1:
            raise Outside(f"the column name {name!r}, which a subquery has twice")
        return Column(self.alias, found[0]) if found else None

    def all(self) -> Iterator[Column]:
        return (Column(self.alias, inner) for _, inner in self.columns)


@dataclass(slots=True)
class Scope:
    """The sources and output names of one SELECT, within the scope around it."""

    outer: "Scope | None"
    sources: list[Named] = field(default_factory=list)
    outputs: Mapping[str, Expression] = field(default_factory=dict)

    def resolve(self, name: str, source: str | None, quoted: bool) -> Expression:
        """What a name means: a column, an output, or for a quoted name without meaning a text.

        Raises:
            Outside: it has no meaning, or more than one.
        """
        scope: Scope | None = self
        while scope is not None:
            found = scope._here(name.lower(), None if source is None else source.lower())
            if found is not None:
                return found
            scope = scope.outer
        if quoted and source is None:
            return Constant(name)
        shown = name if source is None else f"{source}.{name}"
        if name.lower() in ROWID:
            raise Outside(f"the row number {shown}")
        raise Outside(f"the name {shown!r}, which has no meaning")

    def _here(self, name: str, source: str | None) -> Expression | None:
        named = [each for each in self.sources if source is None or each.name == source]
        if source is not None and len(named) > 1:
            raise Outside(f"the alias {source!r}, which two tables have")
        found = [column for each in named if (column := each.column(name)) is not None]
        if len(found) > 1:
            raise Outside(f"the column {name!r}, which two tables have")
        if found:
            return found[0]
        return self.outputs.get(name) if source is None else None

    def holds(self, alias: str) -> bool:
        """Whether a source of our tree is one of this SELECT."""
        return any(each.alias == alias for each in self.sources)
