"""The mutants of Spider's gold queries, and the schemas of their databases."""

import hashlib
import io
import json
import lzma
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from abduce.errors import DataError
from abduce.symbolic.databases.reading import opened
from abduce.symbolic.databases.schema import Schema

FOLDER: Final = "nlp/sql"
LISTS: Final[Mapping[str, str]] = {
    "refuted": "mutants/refuted_half.jsonl",
    "open": "mutants/open_half.jsonl",
}
"""Mutants that random databases told from gold when the list was made, and others."""
DATABASES: Final = "spider/dev_db.tar.xz"
KEYS: Final = "spider/tables.json.xz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A pair of queries on a database."""

    database: str
    edit: str
    gold: str
    mutant: str


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """What the benchmark reads.

    Attributes:
        schemas: by the origin of the keys, 'file' or 'schema', the schema of each database.
        sha256: the checksums of the files.
    """

    mutants: Mapping[str, tuple[Mutant, ...]]
    schemas: Mapping[str, Mapping[str, Schema]]
    sha256: Mapping[str, str]


def read_data(places: Sequence[Path]) -> Data:
    """The lists of mutants and the schemas.

    Raises:
        DataError: a file is in none of the folders.
    """
    files = {name: _content(name, places) for name in (*LISTS.values(), DATABASES, KEYS)}
    mutants = {
        kind: tuple(Mutant(**json.loads(line)) for line in files[name].decode().splitlines())
        for kind, name in LISTS.items()
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return Data(mutants, _schemas(files[DATABASES], files[KEYS]), sums)


def _content(name: str, places: Sequence[Path]) -> bytes:
    for place in places:
        path = place / FOLDER / name
        if path.is_file():
            return path.read_bytes()
    advice = "Name the folder that has it: --data FOLDER."
    raise DataError(f"{FOLDER}/{name}", tuple(map(str, places)), advice)


def _schemas(databases: bytes, keys: bytes) -> dict[str, dict[str, Schema]]:
    found: dict[str, dict[str, Schema]] = {"file": {}, "schema": {}}
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "tables.json"
        told.write_bytes(lzma.decompress(keys))
        with tarfile.open(fileobj=io.BytesIO(databases), mode="r:xz") as archive:
            for member in archive.getmembers():
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is None or not member.name.endswith(".sqlite"):
                    continue
                path = Path(folder) / Path(member.name).name
                path.write_bytes(stream.read())
                for origin, file in (("file", None), ("schema", told)):
                    with opened(path, file, guess=False) as database:
                        found[origin][path.stem] = database.schema
    return found
