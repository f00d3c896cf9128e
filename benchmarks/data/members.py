"""Members of data sets, found where they lie and checked against their sha256 on every read.

A member is looked for in this order: the folder given (or ABDUCE_DATA), ../shared/data beside a
checkout, the cache. In each of them it may lie packed
(FOLDER/systematic/scan/scan_main_splits.tar.xz, FOLDER/scan/...) or as the plain file
(FOLDER/scan/length_split/...). What is unpacked from an archive is kept in the cache, under the
archive's own sha256.
"""

import hashlib
import logging
import lzma
import os
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from abduce.benchmarks.data.table import (
    DATA_SETS,
    addresses,
    checksums,
    data_set,
    packed_path,
    part,
)
from abduce.errors import ChecksumError, DataError, InputError, OutputError
from abduce.files import write_whole

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a member: a plain file, or one in an archive."""

    path: Path
    packed: bool


def cache_folder() -> Path:
    """The folder of fetched and unpacked members: ABDUCE_CACHE, or the user's cache folder."""
    named = os.environ.get("ABDUCE_CACHE")
    if named:
        return Path(named)
    import pooch

    return Path(pooch.os_cache("abduce"))


def folders(given: Path | None = None) -> tuple[Path, ...]:
    """The folders to look in, in their order.

    Raises:
        InputError: the folder given, or named by ABDUCE_DATA, does not exist.
    """
    named = given or (Path(os.environ["ABDUCE_DATA"]) if os.environ.get("ABDUCE_DATA") else None)
    if named is not None and not named.is_dir():
        raise InputError(
            "no folder", ("a folder of data sets",), named, advice="--data or ABDUCE_DATA names it."
        )
    checkout = Path(__file__).resolve().parents[2]
    beside = checkout.parent / "shared" / "data"
    shared = (beside,) if (checkout / "pyproject.toml").is_file() and beside.is_dir() else ()
    return (*((named,) if named else ()), *shared, cache_folder() / "fetched")


def read_member(name: str, member: str, places: Sequence[Path] | None = None) -> bytes:
    """The bytes of one member, `read_member("scan", "length_split/tasks_train_length.txt")`.

    Args:
        places: folders to look in; None for `folders()`.

    Raises:
        DataError: no such member, or it is in none of the folders; says where was looked and how to
            get it.
        ChecksumError: it was found, and is not what it should be.
    """
    looked = tuple(folders() if places is None else places)
    place = find(name, member, looked)
    if place is None:
        raise DataError(f"{name}: {member}", tuple(map(str, looked)), _how_to_get(name, member))
    content = _unpacked(place.path, member) if place.packed else place.path.read_bytes()
    return checked(content, checksums(name)[member], f"{name}: {member} (from {place.path})")


def read_text(name: str, member: str, places: Sequence[Path] | None = None) -> str:
    """`read_member`, decoded."""
    return read_member(name, member, places).decode("utf-8")


def find(name: str, member: str, places: Sequence[Path]) -> Place | None:
    """The first place where a member lies, or None; looks at names only."""
    packed = packed_path(name, member)
    for folder in places:
        for archive in (folder / "systematic" / packed, folder / packed, folder / packed.name):
            if archive.is_file():
                return Place(archive, packed=True)
        for plain in (folder / name / member, folder / member):
            if plain.is_file():
                return Place(plain, packed=False)
    return None


def checked(content: bytes, expected: str, what: str) -> bytes:
    """The content itself.

    Raises:
        ChecksumError: its sha256 is another.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ChecksumError(what, found, expected)
    return content


def overview(places: Sequence[Path]) -> list[dict[str, object]]:
    """One row a data set: what it is, how many members are on this machine, can be downloaded, or
    are derived by program."""
    return [
        {
            "name": name,
            "title": row.title,
            "source": row.source,
            "origin": sorted({p.origin for p in row.parts}),
            "licence": sorted({p.licence for p in row.parts}),
            "members": len(checksums(name)),
            "at_hand": sum(find(name, member, places) is not None for member in checksums(name)),
            "downloadable": sum(bool(addresses(name, member)) for member in checksums(name)),
            "derivable": sum(part(name, member).derivable for member in checksums(name)),
        }
        for name, row in DATA_SETS.items()
    ]


def where(name: str | None, places: Sequence[Path]) -> Mapping[str, str | None]:
    """Member to the path it is read from, None where not found; without a name, the folders."""
    if name is None:
        return {f"folder {n}": str(folder) for n, folder in enumerate(places, start=1)}
    data_set(name)
    found = {member: find(name, member, places) for member in checksums(name)}
    return {member: str(place.path) if place else None for member, place in found.items()}


def _unpacked(archive: Path, member: str) -> bytes:
    """A member of an archive, by way of the cache; one that cannot be written is done without."""
    with archive.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    kept = cache_folder() / "unpacked" / digest[:16] / member
    try:
        return kept.read_bytes()
    except OSError:
        content = unpack(archive, member)
    try:
        write_whole(kept, content)
    except OutputError as error:
        log.info("not kept unpacked: %s", error)
    return content


def unpack(archive: Path, member: str) -> bytes:
    """One member read out of a .tar.xz or .xz file.

    Raises:
        InputError: the archive is damaged or has no such member.
    """
    try:
        if not archive.name.endswith(".tar.xz"):
            return lzma.decompress(archive.read_bytes())
        with tarfile.open(archive, "r:xz") as tar:
            for entry in tar:
                stream = tar.extractfile(entry) if entry.name == member else None
                if stream is not None:
                    return stream.read()
    except (lzma.LZMAError, tarfile.TarError, EOFError) as error:
        raise InputError(f"a damaged archive ({error})", ("a whole one",), archive) from error
    raise InputError(f"no member {member}", ("an archive that has it",), archive)


def _how_to_get(name: str, member: str) -> str:
    folder = f"or point to a folder that has {packed_path(name, member)} with --data or ABDUCE_DATA"
    if addresses(name, member):
        return f"Get it: abduce data fetch {name}, {folder}."
    if part(name, member).derivable:
        return f"Derive it anew: abduce data make {name}, {folder}."
    local = f"abduce data fetch {name} --from FOLDER"
    return f"It was re-derived and has no official address: {local}, {folder}."
