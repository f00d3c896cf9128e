"""Queries whose rows do not follow from the database alone are neither proved nor refuted."""

import pytest

pytest.importorskip("sqlglot", reason="sqlglot is not installed: pip install 'abduce[sql]'")

from abduce.symbolic.databases.schema import Column, Schema, Table
from abduce.verify.queries import Budget, compare
from abduce.verify.queries.verdict import Proved, Refuted, Unknown

SCHEMA = Schema(tables=(Table(name="t", columns=(Column(name="a"), Column(name="b"))),))


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT a FROM t WHERE random() > 0", "random"),
        ("SELECT RANDOM ( ) FROM t", "random"),
        ("SELECT a FROM t WHERE b < date('now')", "'now'"),
        ("SELECT CURRENT_TIMESTAMP FROM t", "current_timestamp"),
    ],
)
def test_a_query_that_changes_is_unknown_even_beside_itself(query: str, named: str) -> None:
    for other in (query, "SELECT a FROM t"):
        found = compare(SCHEMA, query, other)
        assert isinstance(found, Unknown)
        assert named in found.outside


def test_columns_and_texts_of_such_names_are_no_calls() -> None:
    schema = Schema(tables=(Table(name="t", columns=(Column(name="random"),)),))
    query = "SELECT random FROM t WHERE random = 'random'"
    assert isinstance(compare(schema, query, query), Proved)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("SELECT a FROM t WHERE a NOT IN (1, NULL)", "SELECT a FROM t WHERE a <> 1"),
        ("SELECT a FROM t WHERE b IS NULL", "SELECT a FROM t WHERE b = NULL"),
        ("SELECT a FROM t WHERE b LIKE 'x'", "SELECT a FROM t WHERE b = 'x'"),
        ("SELECT a FROM t WHERE a > 1 OR a IS NULL", "SELECT a FROM t WHERE NOT (a <= 1)"),
    ],
)
def test_what_null_and_case_tell_apart_is_refuted(first: str, second: str) -> None:
    assert isinstance(compare(SCHEMA, first, second, Budget(databases=400)), Refuted)
