"""How much of gold the grammar covers: queries that have a tree, whose text has gold's rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from abduce import clock
from abduce.benchmarks.questions.data import Places, Question
from abduce.errors import InputError
from abduce.grammars.derivation import derivation
from abduce.grammars.sql.language import SqlLanguage
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.reading import read
from abduce.grammars.sql.writing import write
from abduce.symbolic.databases.executing import Failed, execute
from abduce.symbolic.databases.reading import Database, opened
from abduce.symbolic.questions.items import items_of
from abduce.verify.queries.refuting.results import differ

LIMIT_S = 10.0
"""The upper limit on the time of a query, in seconds."""


@dataclass(slots=True)
class Coverage:
    """Counts over the questions of a data set.

    Attributes:
        asked: all questions.
        no_database: those whose database is missing; they count nowhere else.
        covered: those whose gold has a tree.
        executed: those covered whose gold runs.
        same: those executed whose written query has gold's rows, in order where gold has ORDER BY.
        reasons: why there is no tree, with a first example.
        different: gold and the written query, where rows differ.
    """

    asked: int = 0
    no_database: int = 0
    covered: int = 0
    executed: int = 0
    same: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    different: list[tuple[str, str, str]] = field(default_factory=list)


def coverage(questions: Sequence[Question], places: Places, rows: int = 100_000) -> Coverage:
    """Reads every gold query into a tree, writes it, and runs both."""
    found = Coverage(asked=len(questions))
    for name in dict.fromkeys(question.database for question in questions):
        some = [question for question in questions if question.database == name]
        if name not in places.files:
            found.no_database += len(some)
            continue
        try:
            with opened(places.files[name], places.keys) as database:
                _cover(some, database, found, rows)
        except InputError:
            found.no_database += len(some)
    return found


def _cover(questions: Sequence[Question], database: Database, found: Coverage, rows: int) -> None:
    database.connection.text_factory = lambda data: data.decode(errors="replace")
    language = SqlLanguage(items_of(database.schema, database.connection))
    known: dict[str, tuple[str | None, bool | None]] = {}
    for question in questions:
        gold = question.gold
        if gold not in known:
            known[gold] = _one(gold, language, database, found, rows)
        reason, same = known[gold]
        if reason is not None:
            found.reasons[reason] += 1
            continue
        found.covered += 1
        found.executed += same is not None
        found.same += bool(same)


def _one(
    gold: str, language: SqlLanguage, database: Database, found: Coverage, rows: int
) -> tuple[str | None, bool | None]:
    """Why there is no tree; whether rows are the same, None where gold does not run."""
    try:
        reading = read(language, gold)
    except NotCovered as error:
        return error.part, None
    whole = language.with_values(reading.values)
    derivation(whole.grammar, reading.tree)
    text = write(whole, reading.tree)
    results = [
        execute(database.connection, each, rows=rows, deadline=clock.wall_s() + LIMIT_S)
        for each in (gold, text)
    ]
    first, second = results
    if isinstance(first, Failed):
        return None, None
    ordered = "order by" in gold.lower()
    if isinstance(second, Failed) or differ(first.rows, second.rows, ordered):
        found.different.append((database.path.stem, gold, text))
        return None, False
    return None, True
