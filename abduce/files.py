"""Files: written so that they appear whole or not at all, read and unpacked within limits."""

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from abduce import clock
from abduce.errors import InputError, OutputError

Opener = Callable[[Any], io.BufferedIOBase]

PACKINGS: Mapping[bytes, tuple[str, Opener]] = MappingProxyType(
    {
        b"\x1f\x8b": ("gzip", lambda file: gzip.GzipFile(fileobj=file)),
        b"BZh": ("bzip2", bz2.BZ2File),
        b"\xfd7zXZ\x00": ("xz", lzma.LZMAFile),
    }
)
"""The compression format and its opener, by the first bytes of a compressed file."""
DAMAGES = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError)
"""The exceptions that decompression raises for a damaged file."""
MOST_GAIN = 1100
"""The greatest ratio of unpacked to packed length that gzip can reach; its blocks alone reach
1,032."""
PART = 2**20
"""The number of bytes read between two checks of the clock."""


def why_not_written(error: OSError) -> str:
    """The reason for an error of writing a file, in lower case."""
    if isinstance(error, FileExistsError):
        return "one of its folders is a file"
    return (error.strerror or str(error)).lower()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it: it appears whole or not at all.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    import tempfile  # which takes longer to import than a file takes to be read

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OutputError(path, why_not_written(error)) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OutputError(path, why_not_written(error)) from error
        raise


def unpacked(path: Path, *, limit: int, deadline: float | None = None) -> bytes:
    """The bytes of a file, unpacked where its content is that of gzip, bzip2 or xz.

    What is kept while unpacking never exceeds the limit, however much a small file unpacks to.

    Args:
        limit: the largest number of bytes that is accepted, packed or not.
        deadline: ``clock.wall_s()`` at which to stop.

    Raises:
        InputError: the file cannot be read, is damaged, or has more bytes than the limit.
        OutOfTime: the deadline has passed.
    """
    try:
        with path.open("rb") as file:
            packing = _packing(file)
            if packing is None:
                return _read(file, limit, deadline, path)
            name, opened = packing
            if name == "gzip" and _stated_size(file) > limit:
                raise _too_large(limit, path)
            try:
                return _read(opened(file), limit, deadline, path)
            except DAMAGES as error:
                found, advice = f"a damaged {name} file", "Get the file again."
                raise InputError(found, path=path, advice=advice) from error
    except OSError as error:
        found = f"no file that can be read ({error.strerror or error})"
        raise InputError(found, path=path) from error


def is_packed(path: Path) -> bool:
    """Whether `unpacked` would unpack a file; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return _packing(file) is not None
    except OSError:
        return False


def _packing(file: io.BufferedReader) -> tuple[str, Opener] | None:
    """The compression format of a file, and its decompressor; None for a plain file."""
    first = file.peek(max(map(len, PACKINGS)))  # what is read of a pipe is gone
    found = (packing for magic, packing in PACKINGS.items() if first.startswith(magic))
    return next(found, None)


def _stated_size(file: io.BufferedReader) -> int:
    """The size that a gzip file states at its end: of its last part, less a multiple of 4 GiB.

    So a whole file never unpacks to less. 0 where no file of this length unpacks to so much, and
    for a pipe.
    """
    if not file.seekable():
        return 0
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - 4))
    size = int.from_bytes(file.read(4), "little")
    file.seek(0)
    return size if size <= MOST_GAIN * length else 0


def _too_large(limit: int, path: Path) -> InputError:
    return InputError(
        f"more than {limit:,} bytes, the largest size that is read here",
        path=path,
        advice="Use a smaller file, or split it.",
    )


def _read(stream: io.BufferedIOBase, limit: int, deadline: float | None, path: Path) -> bytes:
    """All that a stream holds, in parts; a stream with more than the limit is refused."""
    content = io.BytesIO()
    while part := stream.read(PART):
        clock.check(deadline)
        if content.tell() + len(part) > limit:
            raise _too_large(limit, path)
        content.write(part)
    return content.getvalue()
