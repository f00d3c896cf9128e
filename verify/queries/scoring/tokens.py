"""The words of a query as the official evaluator sees them, and the names it knows.

Source: Loper and Bird 2002, NLTK (the Treebank rules), of which only what occurs in SQL is here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from abduce.symbolic.databases.schema import Schema

QUOTED: Final = re.compile(r'"[^"]*"')
SPLIT: Final = re.compile(r"[][(){}<>;@#$%&?!]|--+|\.\.\.|[:,](?=\D|$)")
"""What stands alone, whatever it touches; a comma before a digit does not."""


class NotRead(Exception):
    """A query that the official evaluator does not read."""


def tokens(query: str) -> list[str]:
    """The words in lower case; texts keep their letters and are in double quotes.

    An operator such as `=`, `-` or `*` is a word of its own only where blanks are around it.

    Raises:
        NotRead: the number of quotes is odd.

    >>> tokens("SELECT count(*) FROM t WHERE a >= 'B c';")
    ['select', 'count', '(', '*', ')', 'from', 't', 'where', 'a', '>=', '"B c"', ';']
    """
    query = query.replace("'", '"')
    if query.count('"') % 2:
        raise NotRead("an odd number of quotes")
    found = list(_words(query))
    for place in reversed([i for i, word in enumerate(found) if word == "="]):
        if place and found[place - 1] in ("!", ">", "<"):
            found[place - 1 : place + 1] = [found[place - 1] + "="]
    return found


def _words(query: str) -> Iterator[str]:
    texts = QUOTED.findall(query)
    marked = QUOTED.sub("\x00", query)
    spread = SPLIT.sub(lambda match: f" {match[0]} ", marked)
    if re.search(r"[^.]\.\s*$", spread):
        spread = re.sub(r"\.\s*$", " .", spread)
    for word in spread.split():
        if word == "\x00":
            yield texts.pop(0)
        elif "\x00" in word:  # a text that touches a word is lost for its reader
            for _ in range(word.count("\x00")):
                texts.pop(0)
            yield word
        else:
            yield word.lower()


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a schema in lower case, and the columns that foreign keys make one.

    Attributes:
        columns: by table.
        same: for a column of a foreign key, 'table.column', the one that stands for it.
    """

    columns: Mapping[str, tuple[str, ...]]
    same: Mapping[str, str]


def names_of(schema: Schema) -> Names:
    """The names of a schema. Of columns that foreign keys make equal, the first stands for all."""
    columns = {t.name.lower(): tuple(c.name.lower() for c in t.columns) for t in schema.tables}
    order = [f"{table}.{column}" for table, all_ in columns.items() for column in all_]
    groups: list[set[str]] = []
    for table in schema.tables:
        for key in table.foreign_keys:
            for child, parent in zip(key.columns, key.parent_columns, strict=True):
                pair = {f"{table.name}.{child}".lower(), f"{key.parent}.{parent}".lower()}
                known = next((group for group in groups if group & pair), None)
                if known is None:
                    groups.append(pair)
                else:
                    known |= pair
    same = {name: min(group, key=order.index) for group in groups for name in group}
    return Names(columns, same)
