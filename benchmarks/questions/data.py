"""Questions with gold queries: Spider and GeoQuery, and their databases."""

import io
import json
import lzma
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from abduce.errors import DataError

FOLDER: Final = "nlp/sql"
SPIDER: Final[Mapping[str, tuple[str, str]]] = {
    "train": ("spider/train_spider.jsonl.xz", "spider/train_db_rebuilt.tar.xz"),
    "dev": ("spider/dev.jsonl.xz", "spider/dev_db.tar.xz"),
}
KEYS: Final = "spider/tables.json.xz"
GEO: Final = ("text2sql-data/geography.json.xz", "text2sql-data/geography-db.sqlite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its gold query.

    Attributes:
        splits: the part that it is in, by the name of the split; empty for Spider.
    """

    database: str
    text: str
    gold: str
    splits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Databases by their names.

    Attributes:
        keys: a file of keys in Spider's form; None for none.
    """

    files: Mapping[str, Path]
    keys: Path | None


def spider(split: str, places: Sequence[Path]) -> tuple[Question, ...]:
    """The questions of a split of Spider, 'train' or 'dev'.

    Raises:
        DataError: the file is in none of the folders.
    """
    lines = lzma.decompress(content(SPIDER[split][0], places)).decode().splitlines()
    rows = [json.loads(line) for line in lines]
    return tuple(Question(database=r["db_id"], text=r["question"], gold=r["query"]) for r in rows)


def geoquery(places: Sequence[Path]) -> tuple[Question, ...]:
    """The questions of GeoQuery, with their entities written out.

    Source: Finegan-Dollak et al. 2018, Improving text-to-SQL evaluation methodology.
    """
    found = []
    for entry in json.loads(lzma.decompress(content(GEO[0], places))):
        for sentence in entry["sentences"]:
            text, gold = sentence["text"], entry["sql"][0]
            for name, value in sorted(sentence["variables"].items(), key=lambda v: -len(v[0])):
                text, gold = text.replace(name, value), gold.replace(name, value)
            splits = ("question", sentence["question-split"]), ("query", entry["query-split"])
            found.append(Question(database="geography", text=text, gold=gold, splits=splits))
    return tuple(found)


def content(name: str, places: Sequence[Path]) -> bytes:
    """The bytes of a file in the first folder that has it."""
    for place in places:
        path = place / FOLDER / name
        if path.is_file():
            return path.read_bytes()
    advice = "Name the folder that has it: --data FOLDER."
    raise DataError(f"{FOLDER}/{name}", tuple(map(str, places)), advice)


@contextmanager
def databases(data: str, places: Sequence[Path]) -> Iterator[Places]:
    """The databases of 'train', 'dev' or 'geoquery' as files, while it lasts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if data == "geoquery":
            path = folder / "geography.sqlite"
            path.write_bytes(content(GEO[1], places))
            yield Places({"geography": path}, None)
            return
        keys = folder / "tables.json"
        keys.write_bytes(lzma.decompress(content(KEYS, places)))
        files = {}
        packed = io.BytesIO(content(SPIDER[data][1], places))
        with tarfile.open(fileobj=packed, mode="r:xz") as archive:
            for member in archive.getmembers():
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is not None and member.name.endswith(".sqlite"):
                    path = folder / Path(member.name).name
                    path.write_bytes(stream.read())
                    files[path.stem] = path
        yield Places(files, keys)
