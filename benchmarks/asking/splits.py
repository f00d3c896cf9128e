"""The splits of the protocols: what is learned from, and what is tested."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from abduce.benchmarks.questions.data import (
    GEO,
    KEYS,
    SPIDER,
    Question,
    content,
    databases,
    geoquery,
    spider,
)
from abduce.neural.questions_to_sql.examples import Place, Told, told_by_database

TEST: Final = "test"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Questions to learn from and questions to test, with the databases of both.

    Attributes:
        places: the databases of the questions that are learned from, by their names.
        tested: those of the tested questions, for each source of keys: 'schema' (tables.json) or
            'file' (of the file, or inferred).
        sha256: the checksums of the files.
    """

    train: tuple[Told, ...]
    test: tuple[Told, ...]
    places: Mapping[str, Place]
    tested: Mapping[str, Mapping[str, Place]]
    sha256: Mapping[str, str]


def told_geoquery(
    questions: Sequence[Question], split: str
) -> tuple[tuple[Told, ...], tuple[Told, ...]]:
    """The sides of a split of GeoQuery; its development part is learned from, too.

    Args:
        split: 'question' or 'query'. No query of one side is on the other side of 'query'.
    """
    sides = [
        [q for q in questions if (dict(q.splits)[split] == TEST) is tested]
        for tested in (False, True)
    ]
    told = [told_by_database((q.database, q.text, q.gold) for q in side) for side in sides]
    return told[0], told[1]


def told_spider(questions: Sequence[Question]) -> tuple[Told, ...]:
    """The questions of a split of Spider; those of a database are a family."""
    rows = [(q.database, q.text, q.gold) for q in questions]
    return told_by_database(rows, sql=False)


def _geoquery(split: str) -> Callable[[Sequence[Path]], Iterator[Split]]:
    def opened(places: Sequence[Path]) -> Iterator[Split]:
        train, test = told_geoquery(geoquery(places), split)
        with databases("geoquery", places) as found:
            some = {name: Place(path=path) for name, path in found.files.items()}
            yield Split(
                train=train, test=test, places=some, tested={"file": some},
                sha256=_sums(GEO, places),
            )  # fmt: skip

    return opened


def _spider(places: Sequence[Path]) -> Iterator[Split]:
    train, test = told_spider(spider("train", places)), told_spider(spider("dev", places))
    with databases("train", places) as first, databases("dev", places) as second:
        tested = {
            source: {
                name: Place(path=path, keys=second.keys if source == "schema" else None)
                for name, path in second.files.items()
            }
            for source in ("schema", "file")
        }
        yield Split(
            train=train,
            test=test,
            places={n: Place(path=p, keys=first.keys) for n, p in first.files.items()},
            tested=tested,
            sha256=_sums((*SPIDER["train"], *SPIDER["dev"], KEYS), places),
        )


def _sums(names: Sequence[str], places: Sequence[Path]) -> dict[str, str]:
    return {name: hashlib.sha256(content(name, places)).hexdigest() for name in names}


@contextmanager
def opened(name: str, places: Sequence[Path]) -> Iterator[Split]:
    """A split with its databases as files, while it lasts.

    Raises:
        DataError: the data are in none of the folders.
    """
    yield from OPENED[name](places)


OPENED: Final[Mapping[str, Callable[[Sequence[Path]], Iterator[Split]]]] = MappingProxyType(
    {
        "geoquery:question": _geoquery("question"),
        "geoquery:query": _geoquery("query"),
        "spider": _spider,
    }
)
"""How the split of each protocol is opened."""
