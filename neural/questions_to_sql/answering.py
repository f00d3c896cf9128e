"""Answers: a query, its rows, rivals, and what the words of the question have to do with it.

Queries that do not run are dropped, and those with the same rows vote together. Nothing is proved.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from abduce import clock
from abduce.errors import InputError
from abduce.grammars.grammar import Tree
from abduce.grammars.sql.items import Value
from abduce.grammars.sql.writing import write
from abduce.neural.program_decoder.files import Kept
from abduce.neural.program_decoder.guidance import classes
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.reading import Read, read_all, tokens_of
from abduce.neural.program_decoder.searching import search
from abduce.neural.questions_to_sql.config import AnsweringConfig
from abduce.neural.questions_to_sql.known import KnownDatabase, known_database
from abduce.neural.questions_to_sql.narrowing import narrowed
from abduce.neural.questions_to_sql.posing import Posed, check_question, posed
from abduce.neural.questions_to_sql.vocabulary import VOCABULARY
from abduce.symbolic.databases.executing import Failed, Row, Rows, execute
from abduce.symbolic.databases.reading import Database

TRAIN: Final = "abduce train sql"
NOTHING_NAMED: Final = "No word of the question names a table, a column or a cell of the database."
UNSURE: Final = 0.5
"""Below this confidence the answer is called unsure: other rows together are likelier."""
NOTHING_RUNS: Final = "No query that was found gives rows."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A query with its rows.

    Attributes:
        sql: the likeliest query with these rows.
        cut: whether there are more rows than the limit.
        confidence: the probability that the decoder gives to all queries with these rows that it
            found. It is no proof, and not calibrated.
        same: the other queries with these rows.
    """

    sql: str
    tree: Tree
    rows: tuple[Row, ...]
    cut: bool
    confidence: float
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What was found for a question.

    Attributes:
        found: queries with different rows, the most probable first; the first one is the answer.
        refused: why there is no answer; None where there is one.
        dropped: queries that were found and give no rows, each with the reason.
        left_out: the tables that were not looked at, because there are too many.
    """

    posed: Posed
    known: KnownDatabase
    found: tuple[Found, ...]
    refused: str | None = None
    dropped: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def best(self) -> Found | None:
        """The answer, unless it is refused."""
        return self.found[0] if self.found and self.refused is None else None

    @property
    def unsure(self) -> bool:
        """Whether the model gives other rows, or queries that were not found, more than half."""
        return self.best is not None and self.best.confidence < UNSURE


def check_model(kept: Kept) -> None:
    """Raises: InputError, where a model was trained for another grammar of SQL."""
    if kept.vocabulary != VOCABULARY:
        raise InputError(
            "a model of another version of the grammar of SQL",
            ("one of this version",),
            advice=f"Train it again: {TRAIN}",
        )


def ask(
    database: Database,
    question: str,
    kept: Kept,
    config: AnsweringConfig | None = None,
    known: KnownDatabase | None = None,
) -> Answer:
    """The answer to a question about a database.

    Args:
        kept: the model.
        known: what is known of the database, where it was looked at before.

    Raises:
        InputError: the question is empty or too long, or the model is of another version.
    """
    check_model(kept)
    config = config or AnsweringConfig()
    plain = check_question(question)
    constants: Sequence[Value] = kept.card.get("constants", (1,))

    def fits(part: KnownDatabase) -> bool:
        try:
            tokens_of(posed(plain, part, constants, masked=False).question, kept.encoder)
        except InputError:
            return False
        return True

    whole = known or known_database(database)
    part, left_out = narrowed(plain, whole, fits)
    pose = posed(plain, part, constants)
    if not pose.linked:
        return Answer(posed=pose, known=part, found=(), refused=NOTHING_NAMED, left_out=left_out)
    device = str(next(kept.model.parameters()).device)
    (read,) = read_all([pose.question], kept.encoder, kept.stem, device=device)
    return found_answer(kept.model, pose, part, read, database, config, left_out)


def found_answer(
    model: ProgramDecoder,
    pose: Posed,
    known: KnownDatabase,
    read: Read,
    database: Database,
    config: AnsweringConfig,
    left_out: tuple[str, ...] = (),
) -> Answer:
    """The same for a question that was read."""
    candidates = search(model, VOCABULARY, pose.question, read, config.search)
    results = _Results(pose, database, config)
    found = [
        Found(
            sql=results.sql[each.trees[0]],
            tree=each.trees[0],
            rows=results.rows[each.trees[0]].rows,
            cut=results.rows[each.trees[0]].cut,
            confidence=min(1.0, each.probability),
            same=tuple(results.sql[tree] for tree in each.trees[1:]),
        )
        for each in classes(candidates, results)
    ]
    return Answer(
        posed=pose,
        known=known,
        found=tuple(found),
        refused=None if found else NOTHING_RUNS,
        dropped=tuple(results.dropped),
        left_out=left_out,
    )


@dataclass(slots=True)
class _Results:
    """The rows of trees, as what they vote by."""

    posed: Posed
    database: Database
    config: AnsweringConfig
    sql: dict[Tree, str] = field(default_factory=dict)
    rows: dict[Tree, Rows] = field(default_factory=dict)
    dropped: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, tree: Tree) -> Hashable | None:
        """The rows of a query as a bag; None where it does not run."""
        try:
            text = write(self.posed.language, tree)
        except InputError as error:
            self.dropped.append(("a query that cannot be written", str(error)))
            return None
        deadline = clock.wall_s() + self.config.query_s
        result = execute(self.database.connection, text, rows=self.config.rows, deadline=deadline)
        if isinstance(result, Failed):
            self.dropped.append((text, result.reason))
            return None
        self.sql[tree], self.rows[tree] = text, result
        if result.cut:
            return text  # rows that are cut off may be equal where whole results are not
        width = len(result.rows[0]) if result.rows else 0
        return (width, *sorted(tuple(map(_plain, row)) for row in result.rows))


def _plain(value: Any) -> str:
    """A value as text; 1 and 1.0 are the same."""
    if isinstance(value, int) and abs(value) < 2**53:
        return repr(float(value))
    return repr(value)
