"""Primitives of strings. Positions count from 0; a part that is not there is undefined."""

from typing import Final

from abduce.symbolic.synthesis.functional.lists import LISTS
from abduce.symbolic.synthesis.functional.primitives import Table, Undefined, primitive, table_of
from abduce.symbolic.synthesis.functional.types import LONGEST


def _joined(x: str, y: str) -> str:
    if len(x) + len(y) > LONGEST:
        raise Undefined
    return x + y


def _slice(first: int, end: int, text: str) -> str:
    if not 0 <= first <= end <= len(text):
        raise Undefined
    return text[first:end]


def _split(text: str, by: str) -> tuple[str, ...]:
    return tuple(text.split(by))


def _join(texts: tuple[str, ...], by: str) -> str:
    joined = by.join(texts)
    if len(joined) > LONGEST:
        raise Undefined
    return joined


def _integer(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Undefined
    return int(text)


STRINGS: Final[Table] = table_of(
    *LISTS.values(),
    primitive("join", "string string -> string", _joined, 3),
    primitive("slice", "int int string -> string", _slice, 3),
    primitive("size", "string -> int", len, 3),
    primitive("find", "string string -> int", lambda text, part: text.index(part), 3),
    primitive("contains", "string string -> bool", lambda text, part: part in text, 4),
    primitive("starts", "string string -> bool", lambda text, part: text.startswith(part), 4),
    primitive("matches", "string string -> bool", lambda x, y: x == y, 4),
    primitive("split", "string string -> [string]", _split, 3),
    primitive("join_all", "[string] string -> string", _join, 4),
    primitive("upper", "string -> string", str.upper, 4),
    primitive("lower", "string -> string", str.lower, 4),
    primitive("digits", "int -> string", str, 4),
    primitive("integer", "string -> int", _integer, 4),
)
"""The primitives of strings, with those of integers, booleans and lists."""
