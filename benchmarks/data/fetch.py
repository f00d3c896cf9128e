"""Getting a data set from its official addresses or a local folder, every member checked."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from abduce.benchmarks.data.making import make
from abduce.benchmarks.data.members import cache_folder, checked, find, unpack
from abduce.benchmarks.data.table import addresses, checksums, packed_path, part
from abduce.errors import ChecksumError, DataError, InputError
from abduce.files import write_whole

Download = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome of a fetch: new members, members that were there already, and members that no
    server has."""

    name: str
    folder: str
    new: int
    kept: int
    left_out: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def download(address: str) -> bytes:
    """The bytes at an address.

    Raises:
        DataError: the address cannot be reached.
    """
    import pooch
    from requests import RequestException

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "download"
        try:
            pooch.HTTPDownloader(timeout=60)(address, str(target), None)
        except RequestException as error:
            raise DataError(
                address,
                (),
                "Without the network, take it from a folder: abduce data fetch NAME --from FOLDER.",
                f"cannot be reached ({type(error).__name__})",
            ) from error
        return target.read_bytes()


def fetch(
    name: str,
    source: Path | None = None,
    *,
    into: Path | None = None,
    get: Download = download,
    progress: Callable[[str], None] | None = None,
) -> Fetched:
    """Put the members of a data set into the cache, as plain files.

    Args:
        source: a folder (packed as in a data folder, or a clone of the origin) or one archive; None
            downloads.
        into: the folder to fill; None for the cache.
        get: how an address is read.

    Raises:
        ChecksumError: some bytes are not what they should be; nothing of that member is kept.
        DataError: an address cannot be reached, the source has none of the members, or nobody
            serves any and none is derived by program.
    """
    folder = cache_folder() / "fetched" if into is None else into
    tell = progress or (lambda _: None)
    wanted = [
        m for m, sha256 in checksums(name).items() if not _is_there(folder / name / m, sha256)
    ]
    kept = len(checksums(name)) - len(wanted)
    if source is None and any(part(name, member).derivable for member in wanted):
        tell(f"{name}: no address serves it; it is derived anew")
        make(name, folder / name, tell)
        return Fetched(name, str(folder / name), len(wanted), kept, ())
    left_out: list[str] = []
    for member in wanted:
        content = (
            _downloaded(name, member, get, tell) if source is None else _local(name, member, source)
        )
        if content is None:
            left_out.append(member)
            continue
        checked(content, checksums(name)[member], f"{name}: {member}")
        write_whole(folder / name / member, content)
    if wanted and len(left_out) == len(wanted):
        raise _nothing(name, source, left_out)
    for member in left_out:
        tell(f"left out: {name}: {member} ({_why(name, member, source)})")
    return Fetched(name, str(folder / name), len(wanted) - len(left_out), kept, tuple(left_out))


def joined(sources: bytes, targets: bytes) -> bytes:
    """Two files of the same number of lines as one, source and target joined by a tab.

    >>> joined(b"copy A\\necho B\\n", b"A\\nB B\\n")
    b'copy A\\tA\\necho B\\tB B\\n'
    """
    left, right = sources.splitlines(), targets.splitlines()
    if len(left) != len(right):
        raise InputError(
            f"{len(left)} sources and {len(right)} targets", ("as many of one as of the other",)
        )
    return b"".join(b"%s\t%s\n" % pair for pair in zip(left, right, strict=True))


def _is_there(path: Path, sha256: str) -> bool:
    try:
        checked(path.read_bytes(), sha256, str(path))
    except (OSError, ChecksumError):
        return False
    return True


def _downloaded(name: str, member: str, get: Download, tell: Callable[[str], None]) -> bytes | None:
    there = addresses(name, member)
    if not there:
        return None
    tell(f"{name}: {member}")
    contents = [get(address) for address in there]
    return contents[0] if len(contents) == 1 else joined(contents[0], contents[1])


def _local(name: str, member: str, source: Path) -> bytes | None:
    if not source.exists():
        raise InputError("nothing there", ("a folder or an archive",), source)
    if source.is_file():
        return unpack(source, member) if source.name == packed_path(name, member).name else None
    place = find(name, member, (source,))
    if place is None:
        return None
    return unpack(place.path, member) if place.packed else place.path.read_bytes()


def _why(name: str, member: str, source: Path | None) -> str:
    return f"{part(name, member).lacking}: use --from" if source is None else f"not in {source}"


def _nothing(name: str, source: Path | None, left_out: list[str]) -> DataError:
    if source is None:
        lacking = dict.fromkeys(part(name, member) for member in left_out)
        origins = "".join(f"\nOrigin: {p.origin} ({p.licence})." for p in lacking)
        return DataError(
            f"{name}: {', '.join(left_out)}",
            (),
            f"From a folder or archive at hand: abduce data fetch {name} --from PATH.{origins}",
            f"cannot be downloaded: {'; '.join(dict.fromkeys(p.lacking for p in lacking))}",
        )
    names = sorted({packed_path(name, member).as_posix() for member in left_out})
    return DataError(
        f"{name}", (str(source),), f"Expected there: {', '.join(names)}, or the plain files."
    )
