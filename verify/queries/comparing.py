"""The comparison of two queries: look for a difference, then for a proof, then up to a bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from abduce import clock
from abduce.symbolic.databases.schema import Schema, Table
from abduce.verify.queries.proving.context import Context, Notes
from abduce.verify.queries.proving.proving import prove
from abduce.verify.queries.proving.rewriting import simplified
from abduce.verify.queries.query import Query
from abduce.verify.queries.refuting.hints import hints_of, hints_of_text
from abduce.verify.queries.refuting.laboratory import used_tables
from abduce.verify.queries.refuting.searching import Search
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.reading import read_query, unsteady
from abduce.verify.queries.verdict import Comparison, EqualUpTo, Proved, Unknown

METHOD: Final = 1
"""The version of the method, which is part of every record's id."""
FIRST: Final = 150
"""The number of random databases before a proof is looked for."""
SEARCHED: Final = 5
"""The rows of a table in random databases, at most, unless a larger bound is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a comparison may cost, and what it assumes.

    Attributes:
        timeout_s: the upper limit on the running time, in seconds.
        databases: the number of random databases, at most.
        rows: the bound k of `EqualUpTo`.
        assume_keys: whether keys that are guesses may be used.
        seed: the random seed of the databases.
    """

    timeout_s: float = 10.0
    databases: int = 1000
    rows: int = 3
    assume_keys: bool = False
    seed: int = 0


def compare(schema: Schema, first: str, second: str, budget: Budget | None = None) -> Comparison:
    """Whether two queries have the same rows on every database of a schema.

    Raises:
        InputError: SQLite does not accept a query; says which and why.

    >>> from abduce.symbolic.databases.schema import Column, Table
    >>> pets = Table(name="pets", columns=(Column(name="id"), Column(name="kind")))
    >>> found = compare(Schema(tables=(pets,)), "SELECT kind FROM pets", "SELECT id FROM pets")
    >>> type(found).__name__
    'Refuted'
    """
    budget = budget or Budget()
    if changing := [name for text in (first, second) for name in unsteady(text)]:
        why = "a query may have other rows each time that it is run"
        return Unknown(why, tuple(dict.fromkeys(changing)), 0)
    deadline = clock.wall_s() + budget.timeout_s
    known = schema if budget.assume_keys else schema.without_assumed()
    tables = used_tables(known, (first, second))
    read, outside = _read((first, second), known)
    hints = hints_of(list(read)) if read else hints_of_text([first, second], known)
    most = max(budget.rows, SEARCHED)
    search = Search(first, second, read, tables, hints, most)
    few = min(FIRST, budget.databases)
    refuted = search.run(budget.seed, few, deadline)
    if refuted is not None:
        return refuted
    if read is not None and not search.read_rightly(budget.seed, deadline):
        read, outside = None, ("a query that was read otherwise than SQLite reads it",)
    proof = None if read is None else prove(read, (first, second), known)
    if isinstance(proof, Proved):
        return proof
    refuted = search.run(budget.seed + 1, budget.databases - few, deadline)
    if refuted is not None:
        return refuted
    if read is None or proof is None:
        return Unknown("a query has a part that no proof here understands", outside, search.tried)
    return _bounded(search, read, tables, known, budget, deadline, proof)


def _bounded(
    search: Search,
    read: Sequence[Query],
    tables: Sequence[Table],
    schema: Schema,
    budget: Budget,
    deadline: float,
    proof: str,
) -> Comparison:
    """What z3 says of databases with a few rows a table."""
    from abduce.verify.queries.bounded.deciding import Candidate, Equal, decide

    reason = f"no difference was found, and no proof ({proof})"
    beyond = [n for n in search.hints.counts if n > budget.rows - 1]
    if beyond:
        why = f"a COUNT is compared with {max(beyond)}, for which {budget.rows} rows say nothing"
        return Unknown(f"{reason}; {why}", (), search.tried)
    shorter = [simplified(each, Context(ordered=True), Notes(1, schema)) for each in read]
    match decide(shorter, tables, budget.rows, deadline):
        case Equal(assumptions):
            return EqualUpTo(budget.rows, assumptions)
        case Candidate(rows):
            found = search.shown(rows)
            return found or Unknown(
                f"{reason}; z3 found a database that does not differ in SQLite", (), search.tried
            )
        case undecided:
            return Unknown(f"{reason}; {undecided.reason}", (), search.tried)


def _read(texts: Sequence[str], schema: Schema) -> tuple[tuple[Query, ...] | None, tuple[str, ...]]:
    """The trees of the queries, or None and what is not understood."""
    read, outside = [], []
    for text in texts:
        try:
            read.append(read_query(text, schema))
        except Outside as error:
            outside.append(error.part)
    return (None, tuple(dict.fromkeys(outside))) if outside else (tuple(read), ())
