"""Files: written so that they appear whole or not at all, read and unpacked within limits."""

import bz2
import gzip
import io
import lzma
import os
import tempfile
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
"""By the first bytes of a packed file, what it was packed with and what unpacks it."""
DAMAGES = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError)
"""What unpacking raises where a file is damaged."""
PART = 2**20
"""So many bytes are read between two looks at the clock."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and rename it: it appears whole or not at all.

    Raises:
        OutputError: it cannot be written; nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise OutputError(path, (error.strerror or str(error)).lower()) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException as error:
        Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OutputError(path, (error.strerror or str(error)).lower()) from error
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
            first = file.peek(max(map(len, PACKINGS)))  # a pipe cannot be wound back
            for magic, (name, opened) in PACKINGS.items():
                if first.startswith(magic):
                    try:
                        return _read(opened(file), limit, deadline, path)
                    except DAMAGES as error:
                        advice = "Get the file again."
                        raise InputError(
                            f"a damaged {name} file", path=path, advice=advice
                        ) from error
            return _read(file, limit, deadline, path)
    except OSError as error:
        found = f"no file that can be read ({error.strerror or error})"
        raise InputError(found, path=path) from error


def _read(stream: io.BufferedIOBase, limit: int, deadline: float | None, path: Path) -> bytes:
    """All that a stream holds, in parts; a stream with more than the limit is refused."""
    content = io.BytesIO()
    while part := stream.read(PART):
        clock.check(deadline)
        if content.tell() + len(part) > limit:
            raise InputError(
                f"more than {limit:,} bytes, the largest size that is read here",
                path=path,
                advice="Use a smaller file, or split it.",
            )
        content.write(part)
    return content.getvalue()
