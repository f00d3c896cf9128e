"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path

from abduce.errors import OutputError


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
