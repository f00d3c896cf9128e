"""What a model of SQL is told to learn from: data sets by name, and files of one's own."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from abduce.benchmarks.asking.splits import opened
from abduce.benchmarks.data.json_lines import json_lines
from abduce.errors import InputError
from abduce.neural.questions_to_sql.examples import Place, Told, told_by_database
from abduce.text import read_text

NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "spider-train": "spider",
        "geoquery-question": "geoquery:question",
        "geoquery-query": "geoquery:query",
    }
)
"""The data sets, each with the benchmark whose training side it is."""
FORM: Final = '{"question": "...", "sql": "SELECT ...", "database": "shops.sqlite"}'
FIELDS: Final = ("question", "sql", "database")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearningFrom:
    """Questions with the names of the data sets or files, their databases, and checksums."""

    names: tuple[str, ...]
    questions: tuple[Told, ...]
    places: Mapping[str, Place]
    sha256: Mapping[str, str]


@contextmanager
def learning_from(names: Sequence[str], folders: Sequence[Path]) -> Iterator[LearningFrom]:
    """The questions of data sets and files, and their databases while it lasts.

    Args:
        names: a name of `NAMED`, or a file of JSON lines. The path of a database in a file counts
            from the folder of the file.
        folders: the folders of data.

    Raises:
        InputError: a file cannot be read; says where.
        DataError: a data set is in none of the folders.
    """
    questions: list[Told] = []
    places: dict[str, Place] = {}
    sums: dict[str, str] = {}
    with ExitStack() as stack:
        for name in dict.fromkeys(names):
            if name in NAMED:
                split = stack.enter_context(opened(NAMED[name], folders))
                questions += split.train
                places |= split.places
                sums |= split.sha256
            elif not Path(name).is_file():
                advice = "Name a data set, or a file of JSON lines."
                raise InputError(f"--examples {name}", (*NAMED, "a file"), advice=advice)
            else:
                text, _ = read_text(name, "questions with queries")
                rows = list(_lines(text, name))
                questions += told_by_database(rows)
                places |= {database: Place(path=Path(database)) for database, _, _ in rows}
                sums[Path(name).name] = hashlib.sha256(text.encode()).hexdigest()
        yield LearningFrom(
            names=tuple(names), questions=tuple(questions), places=places, sha256=sums
        )


def _lines(text: str, path: str) -> Iterator[tuple[str, str, str]]:
    for line in json_lines(text, path, FIELDS, FORM):
        database = Path(path).parent / line.row["database"]
        if not database.exists():
            raise line.refused(f"no database {line.row['database']!r}")
        yield str(database), line.row["question"], line.row["sql"]
