"""The vocabulary of SQL: the names of rules that point to nothing, and the marks of rows."""

from itertools import product
from typing import Final

from abduce.grammars.sql.items import TYPES
from abduce.grammars.sql.language import ARITHMETIC, COMPARISONS, SET_OPERATIONS, WIDEST
from abduce.neural.program_decoder.question import Vocabulary

_OF: Final = tuple(
    f"of {' '.join(types)}"
    for width in range(1, WIDEST + 1)
    for types in product(TYPES, repeat=width)
)
_TYPED: Final = tuple(
    f"{name} {type_}"
    for name in ("across", "on", *COMPARISONS, "between", "not between", "in", "not in")
    for type_ in TYPES
)
ACTIONS: Final = (
    "select", "select distinct", *SET_OPERATIONS, "from a query", *_OF,
    "rows", "whole", "groups", "columns", "last", "more", "all columns", "all columns of",
    "column", "count rows", "count", "count distinct", "sum", "avg", "min", "max", *ARITHMETIC,
    "no where", "where", "and", "or", *_TYPED, "like", "not like", "is null", "is not null",
    "value", "the query", "the expression", "by", "by these", "no having", "having",
    "unsorted", "sorted", "top", "first rows",
    "ascending", "descending", "ascending then", "descending then", "inferred", "with table",
    *(f"output {number}" for number in range(1, WIDEST + 1)),
)  # fmt: skip
"""The rules that point to nothing; their names are the same for all databases."""
ORIGINS: Final = (
    "cell", "part of a cell", "number", "quoted", "name", "piece", "code", "constant",
)  # fmt: skip
MARKS: Final = (
    "table", "group", "column", "value",
    "exact", "lemma", "partial", "table exact", "table lemma", "table partial",
    "number column", "text column", "time column", "any column",
    "key", "foreign key", "has a named value", "second",
    *(f"from {origin}" for origin in ORIGINS), "as text", "starts with", "ends with", "has within",
)  # fmt: skip
"""What can be known of a row: its kind, how words name it, its type and keys; for a value, where it
comes from and in which form it is written."""
VOCABULARY: Final = Vocabulary(actions=ACTIONS, marks=MARKS)
