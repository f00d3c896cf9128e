"""The text of a query to a tree."""

from itertools import pairwise
from typing import Final

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.query import Query
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.selects import Maker

UNSTEADY: Final = frozenset(
    {"random", "randomblob", "changes", "total_changes", "last_insert_rowid"}
)
"""Functions whose value does not follow from the database."""
CLOCKS: Final = frozenset({"current_time", "current_date", "current_timestamp"})
LONGEST: Final = 20_000
"""The upper limit on the characters of a query that is read for a proof."""


def read_query(text: str, schema: Schema) -> Query:
    """The tree of a query.

    Raises:
        Outside: a part of the query is not understood; names it.

    >>> from abduce.symbolic.databases.schema import Column, Table
    >>> pets = Table(name="pets", columns=(Column(name="id"), Column(name="kind")))
    >>> read_query('SELECT id FROM pets WHERE kind = "cat"', Schema(tables=(pets,))).where
    (Operation(name='=', operands=(Column(source='s0', name='kind'), Constant(value='cat'))),)
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    if len(text) > LONGEST:
        raise Outside(f"more than {LONGEST:,} characters")
    try:
        trees = sqlglot.parse(text, dialect="sqlite")
    except (SqlglotError, RecursionError) as error:
        raise Outside("a text that sqlglot does not parse") from error
    _check_signs(text)
    found = [tree for tree in trees if tree is not None]
    if len(found) != 1:
        raise Outside("more than one statement")
    try:
        return Maker(schema).query(found[0], None)  # pyright: ignore[reportArgumentType]
    except RecursionError as error:
        raise Outside("a query that is nested too deeply") from error


def unsteady(text: str) -> list[str]:
    """What of a query may give another value each time that it is run, as random() does.

    >>> unsteady("SELECT random() FROM t WHERE day < date('now')")
    ['random', "'now'"]
    >>> unsteady("SELECT day FROM t WHERE day < date('2024-01-01')")
    []
    """
    from sqlglot import tokenize
    from sqlglot.errors import SqlglotError

    try:
        tokens = tokenize(text, read="sqlite")
    except SqlglotError:
        return []
    found = []
    for token, after in pairwise([*tokens, None]):
        word = token.text.lower() if token is not None else ""
        called = after is not None and after.text == "("
        if word in CLOCKS or (word in UNSTEADY and called):
            found.append(word)
        elif word == "now" and token is not None and token.token_type.name == "STRING":
            found.append("'now'")
    return found


def _check_signs(text: str) -> None:
    """Makes sure that there is no plus sign before an expression: it takes the affinity from a
    column in SQLite, and sqlglot leaves it out.

    Raises:
        Outside: there is one.
    """
    from sqlglot import tokenize
    from sqlglot.tokens import TokenType  # pyright: ignore[reportPrivateImportUsage]

    ends = {
        TokenType.IDENTIFIER, TokenType.NUMBER, TokenType.R_PAREN, TokenType.STRING, TokenType.VAR,
    }  # fmt: skip
    before = None
    for token in tokenize(text, read="sqlite"):
        if token.token_type == TokenType.PLUS and before not in ends:
            raise Outside("a plus sign before an expression")
        before = token.token_type
