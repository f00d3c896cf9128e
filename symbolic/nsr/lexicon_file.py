"""Files of lexicons, which somebody else may have written: read whole, or refused saying where."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Final

from abduce.errors import InputError
from abduce.files import unpacked
from abduce.symbolic.nsr.data_spot import JsonObject
from abduce.symbolic.nsr.lexicon import Lexicon

MOST_BYTES: Final = 1 << 28
"""The upper limit on the bytes of a file."""
MOST_DIGITS: Final = 4_300
"""The upper limit on the digits of an integer; Python reads no longer ones."""
EXPECTED: Final = ("a lexicon, as `abduce solve --save` writes it",)


def read_lexicon(path: Path, *, deadline: float | None = None) -> Lexicon:
    """The lexicon of a file that `abduce solve --save` wrote, packed or not.

    Raises:
        InputError: no such file, no JSON, or no lexicon; with the place of what is wrong.
        OutOfTime: the deadline passed while reading.
    """
    content = unpacked(path, limit=MOST_BYTES, deadline=deadline)
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=JsonObject.of, parse_int=_integer)
        return Lexicon.from_json(data)
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
