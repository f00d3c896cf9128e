"""Types: integers, booleans, strings, lists, functions, and type variables in primitives.

    int    bool    string    [int]    [[bool]]    (int bool -> int)    a

A function type stands in brackets and only among the arguments of a primitive. A type variable is
one small letter. `integer`, `boolean` and DreamCoder's `list-of-int` are read as well.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from abduce.errors import InputError

INT: Final = "int"
BOOL: Final = "bool"
STRING: Final = "string"
BASES: Final = (INT, BOOL, STRING)
ALIASES: Final[Mapping[str, str]] = MappingProxyType({"integer": INT, "boolean": BOOL})
FAMILY: Final = "list-of-"
LARGEST: Final = 2**50
"""The upper limit on the magnitude of an integer; beyond it, a value is undefined."""
LONGEST: Final = 4096
"""The upper limit on the length of a list or string; beyond it, a value is undefined."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """The type of lists."""

    item: "Type"

    def __str__(self) -> str:
        return f"[{self.item}]"


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """The type of functions, which are arguments of primitives such as `map`."""

    arguments: tuple["Type", ...]
    result: "Type"

    def __str__(self) -> str:
        return f"({' '.join([*map(str, self.arguments), '->', str(self.result)])})"


Type = str | ListOf | FunctionOf
"""The name of a base type or of a variable, or a type of lists or of functions."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The types of the arguments and of the value of a program or primitive."""

    arguments: tuple[Type, ...]
    result: Type

    def __str__(self) -> str:
        return " ".join([*map(str, self.arguments), "->", str(self.result)])


def read_signature(text: str) -> Signature:
    """The signature that a text states.

    Raises:
        InputError: it is no signature; says which part is not understood.

    >>> str(read_signature("(a -> b) [a] -> [b]")), str(read_signature("list-of-int -> int"))
    ('(a -> b) [a] -> [b]', '[int] -> int')
    """
    tokens = re.findall(r"->|[\[\]()]|[^\s\[\](),]+", text)
    try:
        types, rest = _sequence(tokens)
        if rest[:1] != ["->"]:
            raise _Misread("->" if not rest else rest[0])
        results, rest = _sequence(rest[1:])
    except _Misread as error:
        raise _refused(text, f"{error} in ") from error
    if rest or len(results) != 1:
        raise _refused(text, "")
    return Signature(tuple(types), results[0])


class _Misread(Exception):
    """What is not understood (internal)."""


def _refused(text: str, place: str) -> InputError:
    expected = 'a type such as "[int] int -> [int]", of int, bool, string and lists of these'
    return InputError(f"{place}the type {text!r:.80}", (expected,))


def _sequence(tokens: list[str]) -> tuple[list[Type], list[str]]:
    types: list[Type] = []
    while tokens and tokens[0] not in ("->", "]", ")"):
        one, tokens = _one(tokens)
        types.append(one)
    return types, tokens


def _one(tokens: list[str]) -> tuple[Type, list[str]]:
    first, rest = ALIASES.get(tokens[0], tokens[0]), tokens[1:]
    if first == "[":
        types, rest = _sequence(rest)
        if len(types) != 1 or rest[:1] != ["]"]:
            raise _Misread("[")
        return ListOf(types[0]), rest[1:]
    if first == "(":
        types, rest = _sequence(rest)
        if rest[:1] != ["->"]:
            raise _Misread("(")
        results, rest = _sequence(rest[1:])
        if len(results) != 1 or rest[:1] != [")"]:
            raise _Misread("(")
        return FunctionOf(tuple(types), results[0]), rest[1:]
    if first.startswith(FAMILY):
        item, _ = _one([first.removeprefix(FAMILY)])
        return ListOf(item), rest
    if first in BASES or re.fullmatch("[a-z]", first):
        return first, rest
    raise _Misread(first)


def is_variable(type: Type) -> bool:
    """Whether a type is a type variable."""
    return isinstance(type, str) and type not in BASES


def variables(type: Type) -> tuple[str, ...]:
    """The type variables in a type, each once, in their order."""
    match type:
        case ListOf():
            return variables(type.item)
        case FunctionOf():
            inner = [v for t in (*type.arguments, type.result) for v in variables(t)]
            return tuple(dict.fromkeys(inner))
        case _:
            return (type,) if is_variable(type) else ()


def grounded(type: Type, by: Mapping[str, Type]) -> Type:
    """A type with its variables replaced."""
    match type:
        case ListOf():
            return ListOf(grounded(type.item, by))
        case FunctionOf():
            return FunctionOf(
                tuple([grounded(t, by) for t in type.arguments]), grounded(type.result, by)
            )
        case _:
            return by.get(type, type)


def parts(type: Type) -> list[Type]:
    """A type and the types of its items, items of items and so on."""
    return [type, *parts(type.item)] if isinstance(type, ListOf) else [type]


def belongs(value: Any, type: Type) -> bool:
    """Whether a value, with lists as tuples, is of a type and within the limits.

    >>> belongs((1, -2), ListOf(INT)), belongs((True,), ListOf(INT)), belongs((), ListOf(STRING))
    (True, False, True)
    """
    match type:
        case ListOf():
            right = isinstance(value, tuple) and len(value) <= LONGEST
            return right and all(belongs(each, type.item) for each in value)
        case "int":
            whole = isinstance(value, int) and not isinstance(value, bool)
            return whole and abs(value) <= LARGEST
        case "bool":
            return isinstance(value, bool)
        case "string":
            return isinstance(value, str) and len(value) <= LONGEST
        case _:
            return False


def common(values: Sequence[Any]) -> Type | None:
    """The type that values have in common, or None; empty lists are of any type of lists.

    >>> str(common([(), (1, 2)])), common([1, True])
    ('[int]', None)
    """
    if all(isinstance(value, tuple) for value in values):
        items = [item for value in values for item in value]
        item = common(items) if items else INT
        return None if item is None else ListOf(item)
    for base in BASES:
        if all(belongs(value, base) for value in values):
            return base
    return None
