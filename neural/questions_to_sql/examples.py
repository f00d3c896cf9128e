"""Questions with gold queries, as examples of the decoder; what does not fit is counted."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from abduce import clock
from abduce.errors import InputError
from abduce.grammars.grammar import Tree
from abduce.grammars.sql.items import Value, Values
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.reading import Reading, read
from abduce.neural.program_decoder.question import Example
from abduce.neural.questions_to_sql.config import MOST_WORDS
from abduce.neural.questions_to_sql.known import KnownDatabase, known_database
from abduce.neural.questions_to_sql.posing import Posed, posed
from abduce.symbolic.databases.reading import opened
from abduce.symbolic.questions.values import candidates, values_of
from abduce.symbolic.questions.words import words

LOOKING_S: Final = 60.0
"""The upper limit on the time to look at a database, in seconds."""
NO_DATABASE: Final = "The database cannot be read."
NOT_SHORT: Final = f"The question is empty, or has more than {MOST_WORDS} words."
NOT_NAMED: Final = "The query has a value that was not found in the question."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A question of a data set, with its gold query.

    Attributes:
        database: the name of its database.
        family: questions of one family are never divided between training and judging.
    """

    database: str
    text: str
    sql: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a database is, and a file of its keys, if there is one."""

    path: Path
    keys: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Golden:
    """A question whose gold query is a tree."""

    told: Told
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """A question that can be learned from."""

    told: Told
    posed: Posed
    tree: Tree

    @property
    def example(self) -> Example:
        return Example(question=self.posed.question, tree=self.tree)


def told_by_database(
    rows: Iterable[tuple[str, str, str]], sql: bool | None = None
) -> tuple[Told, ...]:
    """Questions, their families those of their databases, or of their queries where there is but
    one database.

    Args:
        rows: the database, the question and the query of each.
        sql: whether queries make the families; None for where there is one database.
    """
    some = list(rows)
    alone = len({database for database, _, _ in some}) == 1 if sql is None else sql
    return tuple(
        Told(database=database, text=text, sql=query, family=query if alone else database)
        for database, text, query in some
    )


def looked_at(place: Place) -> KnownDatabase:
    """What is known of a database.

    Raises:
        InputError: it cannot be read.
    """
    deadline = clock.wall_s() + LOOKING_S
    with opened(place.path, place.keys, deadline=deadline) as database:
        return known_database(database, deadline=deadline)


def goldens(some: Sequence[Told], known: KnownDatabase, reasons: Counter[str]) -> list[Golden]:
    """The questions of a database whose query is a tree; counts why others have none."""
    found: list[Golden] = []
    queries: dict[str, Reading | str] = {}
    for told in some:
        if told.sql not in queries:
            try:
                queries[told.sql] = read(known.language, told.sql)
            except NotCovered as error:
                queries[told.sql] = f"The grammar does not cover {error.part}."
        reading = queries[told.sql]
        if isinstance(reading, str):
            reasons[reading] += 1
        elif not 0 < len(words(told.text)) <= MOST_WORDS:
            reasons[NOT_SHORT] += 1
        else:
            found.append(Golden(told=told, reading=reading))
    return found


def missing(golden: Golden, known: KnownDatabase) -> set[Value]:
    """The values of a gold query that no word of the question names."""
    found = candidates(" ".join(golden.told.text.split()), known.index)
    return _outside(golden.reading.values, values_of(found))


def learned(
    some: Sequence[Golden],
    known: KnownDatabase,
    constants: Sequence[Value],
    reasons: Counter[str],
) -> list[Known]:
    """The questions that can be learned from: all values are there."""
    found: list[Known] = []
    for golden in some:
        pose = posed(golden.told.text, known, constants)
        if _outside(golden.reading.values, pose.language.values):
            reasons[NOT_NAMED] += 1
        else:
            found.append(Known(told=golden.told, posed=pose, tree=golden.reading.tree))
    return found


def _outside(wanted: Values, there: Values) -> set[Value]:
    numbers = {repr(value) for value in there.numbers}
    found: set[Value] = {value for value in wanted.numbers if repr(value) not in numbers}
    return found | (set(wanted.texts) - set(there.texts))


def constants_of(missed: Mapping[Value, int], least: int) -> tuple[Value, ...]:
    """The values that enough questions name without a word for them, in a fixed order; 1 is first.

    >>> constants_of({750: 7, "x": 2}, 5)
    (1, 750)
    """
    kept = (value for value, count in missed.items() if count >= least)
    return tuple(dict.fromkeys((1, *sorted(kept, key=repr))))


def checksum(some: Iterable[Told]) -> str:
    """The SHA-256 of questions in their order."""
    digest = hashlib.sha256()
    for told in some:
        digest.update(json.dumps((told.database, told.text, told.sql, told.family)).encode())
    return digest.hexdigest()


def readable(places: Mapping[str, Place], name: str) -> KnownDatabase | None:
    """What is known of a database by its name; None where it cannot be read."""
    if name not in places:
        return None
    try:
        return looked_at(places[name])
    except InputError:
        return None


def few(questions: Sequence[Told], most: int) -> list[Told]:
    """So many questions, taken evenly from all; all for 0.

    >>> some = [Told(database="d", text=str(n), sql="", family="") for n in range(10)]
    >>> [each.text for each in few(some, 3)]
    ['0', '3', '6']
    """
    if not 0 < most < len(questions):
        return list(questions)
    return [questions[place * len(questions) // most] for place in range(most)]
