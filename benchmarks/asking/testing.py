"""Answers judged: by exact set match, by execution, on other databases, and by proof."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from abduce import clock
from abduce.errors import InputError
from abduce.neural.program_decoder.files import Kept
from abduce.neural.questions_to_sql.answering import ask
from abduce.neural.questions_to_sql.config import AnsweringConfig
from abduce.neural.questions_to_sql.examples import Place, Told
from abduce.neural.questions_to_sql.known import known_database
from abduce.symbolic.databases.executing import Failed, Rows, execute
from abduce.symbolic.databases.reading import Database, opened
from abduce.symbolic.databases.schema import quoted
from abduce.verify.queries.comparing import Budget, compare
from abduce.verify.queries.scoring.exact_set import exact_set_match
from abduce.verify.queries.scoring.execution import execution_match
from abduce.verify.queries.scoring.tokens import NotRead, names_of
from abduce.verify.queries.verdict import Proved, Refuted

LIMIT_S: Final = 10.0
"""The upper limit on the time of a query, in seconds."""


def counted(
    questions: Sequence[Told],
    places: Mapping[str, Place],
    kept: Kept,
    answering: AnsweringConfig,
    *,
    empty: bool,
    compared_s: float,
) -> dict[str, int]:
    """How many questions are answered rightly.

    Args:
        empty: whether a gold query without rows is counted in execution.
        compared_s: the time for comparing an answer with gold on other databases; 0 for none.

    Returns:
        tests; unanswered; `read` (the official evaluator reads gold) and of these `exact` (exact
        set match); `with rows` (gold runs in a database that has rows) and of these `execution`,
        those with gold's rows; of these `compared`, `refuted` (they differ on another database)
        and `proved` (they are equal to gold on all databases).
    """
    names = (
        "unanswered",
        "read",
        "exact",
        "with rows",
        "execution",
        "compared",
        "refuted",
        "proved",
    )
    found: Counter[str] = Counter(tests=len(questions), **dict.fromkeys(names, 0))
    for name in dict.fromkeys(told.database for told in questions):
        some = [told for told in questions if told.database == name]
        if name not in places:
            continue
        place = places[name]
        with opened(place.path, place.keys) as database:
            known = known_database(database)
            rows = _has_rows(database)
            for told in some:
                try:
                    best = ask(database, told.text, kept, answering, known).best
                except InputError:
                    best = None
                found["unanswered"] += best is None
                sql = "" if best is None else best.sql
                _exact(told, sql, database, found)
                if rows:
                    _executed(told, sql, database, found, empty, compared_s)
    return dict(found)


def _has_rows(database: Database) -> bool:
    for table in database.schema.tables:
        some = execute(database.connection, f"SELECT 1 FROM {quoted(table.name)}", rows=1)
        if isinstance(some, Rows) and some.rows:
            return True
    return False


def _exact(told: Told, sql: str, database: Database, found: Counter[str]) -> None:
    names = names_of(database.schema)
    try:
        exact_set_match(told.sql, told.sql, names)
    except NotRead:
        return
    found["read"] += 1
    try:
        found["exact"] += exact_set_match(told.sql, sql, names)
    except NotRead:
        return


def _executed(
    told: Told,
    sql: str,
    database: Database,
    found: Counter[str],
    empty: bool,
    compared_s: float,
) -> None:
    deadline = clock.wall_s() + LIMIT_S
    gold = execute(database.connection, told.sql, deadline=deadline)
    if isinstance(gold, Failed) or not (gold.rows or empty):
        return
    found["with rows"] += 1
    if (
        not sql
        or execution_match(database.connection, told.sql, sql, deadline=deadline) is not True
    ):
        return
    found["execution"] += 1
    if compared_s > 0:
        budget = Budget(timeout_s=compared_s, databases=200)
        verdict = compare(database.schema, told.sql, sql, budget)
        found["compared"] += 1
        found["refuted"] += isinstance(verdict, Refuted)
        found["proved"] += isinstance(verdict, Proved)
