"""Primitives: what programs are made of. A table is an argument, and a user's file may hold one.

A file of primitives is Python, and runs when it is read. It has a list `PRIMITIVES` of
`(name, type, function)` or `(name, type, function, bits)`:

    PRIMITIVES = [("twice", "int -> int", lambda x: 2 * x), ("ten", "-> int", 10)]

Lists are tuples. A function that has no value for its arguments raises ValueError, ArithmeticError
or LookupError. It must be pure, and it must end.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from abduce.errors import AbduceError, InputError
from abduce.symbolic.synthesis.functional.types import (
    FunctionOf,
    Signature,
    belongs,
    read_signature,
    variables,
)

MOST_ARGUMENTS: Final = 3
UNDEFINED: Final = (ValueError, ArithmeticError, LookupError)
"""The exceptions that say that a function has no value for its arguments."""
WORDS: Final = ("argument", "bound", "constant", "lambda")


class Undefined(ValueError):
    """A program has no value for an input, such as the head of an empty list."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """A function or value with its type and its price.

    Attributes:
        value: the function, or the value itself where there are no arguments.
        bits: the price of its name in a program.
        columns: the same function of int64 columns, for integers and booleans only.
        commutes: whether its two arguments may be exchanged.
        trusted: whether its values need no check of their type.
    """

    name: str
    type: Signature
    value: Any
    bits: int = 4
    columns: Callable[..., np.ndarray] | None = None
    commutes: bool = False
    trusted: bool = True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", self.name) or self.name in WORDS:
            raise InputError(f"the name {self.name!r:.80} of a primitive", ("a small word",))
        if len(self.type.arguments) > MOST_ARGUMENTS:
            found = f"{len(self.type.arguments)} arguments of the primitive {self.name}"
            raise InputError(found, (f"at most {MOST_ARGUMENTS}",))
        known = {v for t in self.type.arguments for v in variables(t)}
        if not set(variables(self.type.result)) <= known or isinstance(
            self.type.result, FunctionOf
        ):
            raise InputError(
                f"the result of the primitive {self.name}: {self.type}",
                ("a type whose variables are among those of the arguments",),
            )
        if self.type.arguments and not callable(self.value):
            raise InputError(f"{self.value!r:.80} as the primitive {self.name}", ("a function",))
        if self.bits < 1:
            raise InputError(f"{self.bits} bits of the primitive {self.name}", ("at least 1",))


Table = Mapping[str, Primitive]


def table_of(*primitives: Primitive) -> Table:
    """Primitives by their names.

    Raises:
        InputError: two have the same name.
    """
    table: dict[str, Primitive] = {}
    for primitive in primitives:
        if primitive.name in table:
            raise InputError(f"two primitives named {primitive.name}", ("different names",))
        table[primitive.name] = primitive
    return table


def primitive(
    name: str,
    type: str,
    value: Any,
    bits: int = 4,
    columns: Callable[..., np.ndarray] | None = None,
    commutes: bool = False,
) -> Primitive:
    """A primitive whose type is given as text.

    >>> primitive("add", "int int -> int", lambda x, y: x + y).type.result
    'int'
    """
    return Primitive(name, read_signature(type), value, bits, columns, commutes)


def primitives_of(path: Path) -> Table:
    """The primitives of a user's file, which is run.

    Raises:
        InputError: the file cannot be run, has no list of that name, or a row is not a primitive.
    """
    from runpy import run_path

    try:
        found = run_path(str(path)).get("PRIMITIVES")
    except Exception as error:
        raise InputError(
            f"a file that raises {type(error).__name__} ({error})", ("primitives in Python",), path
        ) from error
    if not isinstance(found, list | tuple) or not found:
        raise InputError(f"PRIMITIVES = {found!r:.60}", ("a list of primitives",), path)
    try:
        return table_of(*[_row(row) for row in found])
    except InputError as error:
        error.path = path
        raise


def _row(row: Any) -> Primitive:
    if isinstance(row, Primitive):
        return row
    well = isinstance(row, list | tuple) and len(row) in (3, 4) and isinstance(row[0], str)
    if not well or not isinstance(row[1], str):
        raise InputError(f"{row!r:.80} in PRIMITIVES", ("(name, type, function, bits)",))
    bits = row[3] if len(row) == 4 else 4
    if not isinstance(bits, int) or isinstance(bits, bool):
        raise InputError(f"{bits!r} as the bits of {row[0]}", ("a whole number",))
    type = read_signature(row[1])
    value = row[2]
    if type.arguments:
        if callable(value):
            value = _guarded(row[0], value)
    else:
        value = held(value)
        if not belongs(value, type.result):
            raise InputError(f"{value!r:.80} as {row[0]}", (f"a value of the type {type.result}",))
    return Primitive(row[0], type, value, bits, trusted=False)


def _guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A user's function that gives tuples for lists, and is named where it fails."""

    def call(*arguments: Any) -> Any:
        try:
            return held(function(*arguments))
        except UNDEFINED:
            raise
        except AbduceError:
            raise
        except Exception as error:
            found = f"{type(error).__name__} ({error!s:.200}) in the primitive {name}"
            raise InputError(found, ("a value, or ValueError",)) from error

    return call


def held(value: Any) -> Any:
    """A value with its lists as tuples."""
    return tuple([held(each) for each in value]) if isinstance(value, list | tuple) else value
