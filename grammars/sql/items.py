"""What queries speak about: tables, columns with their types, links between tables, and values.

Plain data: where it comes from (a database, a file of keys, a guess) is no matter of the grammar.
Tables and columns are known by their numbers, from 0.
"""

from dataclasses import dataclass
from typing import Final, Literal

Type = Literal["number", "text", "time", "any"]
"""What a column holds, as far as comparisons and sums must know; `any` goes with all others."""
TYPES: Final[tuple[Type, ...]] = ("number", "text", "time")
Value = int | float | str
Signature = tuple[Type, ...]
"""The types of the columns of a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    table: int
    name: str
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A foreign key: columns of one table, and the columns of the table that they refer to.

    Attributes:
        assumed: whether it is a guess.
    """

    columns: tuple[int, ...]
    parents: tuple[int, ...]
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """The tables, columns and links of a database."""

    tables: tuple[str, ...]
    columns: tuple[Column, ...]
    links: tuple[Link, ...] = ()

    def columns_of(self, table: int) -> tuple[int, ...]:
        """The columns of a table."""
        return tuple(i for i, column in enumerate(self.columns) if column.table == table)

    def ends(self, link: Link) -> tuple[int, int]:
        """The table of a link, and the table that it refers to."""
        return self.columns[link.columns[0]].table, self.columns[link.parents[0]].table

    def components(self) -> tuple[tuple[int, ...], ...]:
        """The tables in groups: links lead from each table of a group to each other.

        >>> columns = tuple(Column(table=i, name="id", type="number") for i in range(3))
        >>> link = Link(columns=(2,), parents=(0,))
        >>> Items(tables=("a", "b", "c"), columns=columns, links=(link,)).components()
        ((0, 2), (1,))
        """
        group = list(range(len(self.tables)))
        for link in self.links:
            one, other = (group[end] for end in self.ends(link))
            low, high = min(one, other), max(one, other)
            group = [low if each == high else each for each in group]
        return tuple(
            tuple(table for table, each in enumerate(group) if each == first)
            for first in sorted(set(group))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values that a query may name, such as those that a question names."""

    numbers: tuple[int | float, ...] = ()
    texts: tuple[str, ...] = ()

    def of(self, type_: Type) -> tuple[Value, ...]:
        """The values that are compared with a type; times are written as texts or numbers."""
        if type_ == "number":
            return self.numbers
        return self.texts if type_ == "text" else (*self.texts, *self.numbers)
