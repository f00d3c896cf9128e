"""A database that was looked at: its items, an index of its texts, and its language.

All questions to a database share this, so that it is made once.
"""

from dataclasses import dataclass
from functools import cached_property

from abduce.grammars.partial import PartialTree, mask_rules
from abduce.grammars.sql.items import Items, Values
from abduce.grammars.sql.language import SqlLanguage
from abduce.neural.questions_to_sql.config import MOST_NODES
from abduce.symbolic.databases.reading import Database
from abduce.symbolic.databases.schema import Schema
from abduce.symbolic.questions.index import ValueIndex, index_of
from abduce.symbolic.questions.items import items_of

ANY_VALUES = Values(numbers=(1,), texts=("1",))
"""Each question has a number and a text, so the sizes of queries are those with these."""


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownDatabase:
    """What is known of a database before a question is asked.

    Attributes:
        keys: the columns of primary keys.
    """

    items: Items
    index: ValueIndex
    keys: frozenset[int]

    @cached_property
    def language(self) -> SqlLanguage:
        """Queries over the items, and over no values."""
        return SqlLanguage(self.items)

    @cached_property
    def begin(self) -> PartialTree:
        """The beginning of all queries, with the sizes of the smallest ones."""
        grammar = self.language.with_values(ANY_VALUES).grammar
        return mask_rules(grammar, max_nodes=MOST_NODES)


def known_database(database: Database, *, deadline: float | None = None) -> KnownDatabase:
    """Looks at a database.

    Args:
        deadline: the time of `clock.wall_s()` after which no more values are looked at.
    """
    database.connection.text_factory = lambda data: data.decode(errors="replace")
    items = items_of(database.schema, database.connection, deadline=deadline)
    index = index_of(items, database.connection, deadline=deadline)
    return KnownDatabase(items=items, index=index, keys=keys_of(items, database.schema))


def keys_of(items: Items, schema: Schema) -> frozenset[int]:
    """The columns of primary keys, by their numbers."""
    found: set[int] = set()
    for number, table in enumerate(schema.tables):
        names = {name.lower() for key in table.keys for name in key.columns}
        found |= {i for i in items.columns_of(number) if items.columns[i].name.lower() in names}
    return frozenset(found)
