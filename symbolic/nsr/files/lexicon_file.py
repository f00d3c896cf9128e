"""Files of lexicons, which are not trusted: read as a whole, or refused with the place of the
error."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

from abduce.errors import InputError
from abduce.files import unpacked, write_whole
from abduce.printing import printable_json
from abduce.symbolic.nsr.files.data_spot import JsonObject

L = TypeVar("L")
MOST_BYTES: Final = 1 << 28
"""The upper limit on the bytes of a file."""
MOST_DIGITS: Final = 4_300
"""The upper limit on the digits of an integer; Python reads no longer ones."""
EXPECTED: Final = ("a lexicon, as `abduce solve --save` writes it",)


def write_lexicon_data(path: Path, data: Mapping[str, Any]) -> None:
    """Writes the plain data of a lexicon; the file appears whole or not at all."""
    text = printable_json(json.dumps(data, ensure_ascii=False, indent=1))
    write_whole(path, f"{text}\n".encode())


def read_lexicon_data(path: Path, of: Callable[[Any], L], *, deadline: float | None = None) -> L:
    """The object that plain data in a file, compressed or not, stands for.

    Args:
        of: reads the data, or raises an InputError.

    Raises:
        InputError: no such file, no JSON, or no lexicon; with the place of what is wrong.
        OutOfTime: the deadline passed while reading.
    """
    content = unpacked(path, limit=MOST_BYTES, deadline=deadline)
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=JsonObject.of, parse_int=_integer)
        return of(data)
    except json.JSONDecodeError as error:
        line = error.doc.split("\n")[error.lineno - 1]
        found = f"no JSON ({error.msg.lower()})"
        raise InputError(found, EXPECTED, path, error.lineno, error.colno, line) from error
    except UnicodeDecodeError as error:
        found = f"no JSON text: the byte 0x{content[error.start]:02x}"
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(found, EXPECTED, path, line) from error
    except RecursionError as error:
        raise InputError("JSON that is nested too deeply", EXPECTED, path) from error
    except InputError as error:
        raise replace(error, path=error.path or path) from error


def _integer(digits: str) -> int | float:
    if len(digits) <= MOST_DIGITS:
        return int(digits)
    return -math.inf if digits.startswith("-") else math.inf
