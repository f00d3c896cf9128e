"""Examples of functional programs: arguments and the value wanted, checked and read from JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.terms import shown
from abduce.symbolic.synthesis.functional.types import (
    LARGEST,
    LONGEST,
    Signature,
    belongs,
    common,
    parts,
    read_signature,
    variables,
)

MOST_ARGUMENTS: Final = 6
DEEPEST: Final = 6
"""The upper limit on the levels of lists in lists."""


@dataclass(frozen=True, slots=True)
class FunctionalExample:
    """An input and the output wanted; lists are tuples."""

    arguments: tuple[Any, ...]
    value: Any

    def __str__(self) -> str:
        return f"{', '.join(map(shown, self.arguments))} -> {shown(self.value)}"


@dataclass(frozen=True, slots=True)
class FunctionalTask:
    """Examples and their type."""

    examples: tuple[FunctionalExample, ...]
    type: Signature


def check(examples: Sequence[FunctionalExample], type: Signature) -> None:
    """Whether examples are of a type, and no two contradict each other.

    Raises:
        InputError: there are none, one is of another type, or two have equal arguments and
            different values; says which.
    """
    if not examples:
        raise InputError("no examples", ("at least one",))
    for number, example in enumerate(examples, 1):
        if len(example.arguments) != len(type.arguments):
            found = f"{len(example.arguments)} argument(s) in example {number}"
            raise InputError(found, (f"{len(type.arguments)}, as the type {type} says",))
        wanted = (*type.arguments, type.result)
        for value, each in zip((*example.arguments, example.value), wanted, strict=True):
            if not belongs(value, each):
                found = f"{shown(value):.80} in example {number}"
                raise InputError(found, (f"a value of the type {each}",))
    seen: dict[tuple, int] = {}
    for number, example in enumerate(examples, 1):
        first = seen.setdefault(example.arguments, number)
        if examples[first - 1].value != example.value:
            raise InputError(
                f"examples {first} and {number}, which contradict each other: "
                f"{examples[first - 1]!s:.120} and {example!s:.120}",
                ("one value for each input",),
            )


def type_of(examples: Sequence[FunctionalExample]) -> Signature:
    """The type that all examples have.

    Raises:
        InputError: they have none in common; says which argument differs.

    >>> str(type_of([FunctionalExample((((),)), 0), FunctionalExample(((1, 2),), 3)]))
    '[int] -> int'
    """
    count = len(examples[0].arguments)
    for number, example in enumerate(examples, 1):
        if len(example.arguments) != count:
            found = f"{len(example.arguments)} argument(s) in example {number}"
            raise InputError(found, (f"{count}, as in example 1",))
    found = []
    for at in range(count + 1):
        values = [(*example.arguments, example.value)[at] for example in examples]
        type = common(values)
        if type is None:
            what = f"argument {at + 1}" if at < count else "the value"
            odd = next(i for i in range(len(values)) if common(values[: i + 1]) is None)
            raise InputError(
                f"examples of several types: {what} is {shown(values[0]):.60} in example 1 and "
                f"{shown(values[odd]):.60} in example {odd + 1}",
                ("one type of int, bool, string or lists of these",),
            )
        found.append(type)
    return Signature(tuple(found[:-1]), found[-1])


def read_functional_task(data: Any, path: Path | str | None) -> FunctionalTask:
    """The examples of a file that is read as JSON.

    An example is `[arguments, value]`, or `{"i": argument, "o": value}`. A type is text, or
    `{"input": TYPE, "output": TYPE}`.

    Raises:
        InputError: they are not well-formed, or not of one type; says where.
    """
    if not isinstance(data, dict):
        raise InputError(f"{json.dumps(data):.80}", ('an object with "examples"',), path)
    if strangers := sorted(set(data) - {"type", "examples", "name"}):
        raise InputError(f"the key {strangers[0]!r:.80}", ('"type" or "examples"',), path)
    rows = data.get("examples")
    if not isinstance(rows, list) or not rows:
        raise InputError(
            f'{json.dumps(rows):.80} as "examples"', ("an array with an example",), path
        )
    try:
        examples = tuple([_example(row, number) for number, row in enumerate(rows, 1)])
        stated = data.get("type")
        type = type_of(examples) if stated is None else _stated(stated)
        check(examples, type)
    except InputError as error:
        error.path = path
        raise
    return FunctionalTask(examples, type)


def _example(row: Any, number: int) -> FunctionalExample:
    if isinstance(row, dict) and set(row) == {"i", "o"}:
        return FunctionalExample((_value(row["i"], number),), _value(row["o"], number))
    if not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], list):
        found = f"{json.dumps(row):.80} as example {number}"
        raise InputError(found, ("[arguments, value]",))
    if len(row[0]) > MOST_ARGUMENTS:
        found = f"{len(row[0])} arguments in example {number}"
        raise InputError(found, (f"at most {MOST_ARGUMENTS}",))
    return FunctionalExample(
        tuple([_value(value, number) for value in row[0]]), _value(row[1], number)
    )


def _value(data: Any, number: int, depth: int = 0) -> Any:
    if isinstance(data, list | str) and len(data) > LONGEST:
        found = f"{len(data)} items or characters in example {number}"
        raise InputError(found, (f"at most {LONGEST}",))
    if isinstance(data, list):
        if depth >= DEEPEST:
            found = f"arrays in arrays in example {number}"
            raise InputError(found, (f"at most {DEEPEST} levels of arrays",))
        return tuple([_value(each, number, depth + 1) for each in data])
    if not isinstance(data, int | str):
        found = f"{json.dumps(data):.80} in example {number}"
        raise InputError(found, ("integers, booleans, strings or arrays of these",))
    if not isinstance(data, str) and abs(data) > LARGEST:
        found = f"{data if abs(data) < 10**20 else 'a large integer'} in example {number}"
        raise InputError(found, (f"an integer of at most {LARGEST} either way",))
    return data


def _stated(stated: Any) -> Signature:
    if isinstance(stated, dict) and set(stated) == {"input", "output"}:
        stated = f"{stated['input']} -> {stated['output']}"
    if not isinstance(stated, str):
        raise InputError(f'{json.dumps(stated):.80} as "type"', ('text such as "[int] -> int"',))
    type = read_signature(stated)
    for each in (*type.arguments, type.result):
        inner = parts(each)[-1]
        if variables(inner) or not isinstance(inner, str):
            raise InputError(f"the type {each} of a value", ("int, bool, string, or lists",))
    if len(type.arguments) > MOST_ARGUMENTS:
        raise InputError(f"the type {type}", (f"at most {MOST_ARGUMENTS} arguments",))
    return type


def is_functional(data: Any) -> bool:
    """Whether the content of a file is for functional programs: its type says so, or it has none
    and holds values that natural numbers and lists of tokens cannot be.

    >>> is_functional({"examples": [[[3], 4]]}), is_functional({"examples": [[[[3]], -1]]})
    (False, True)
    >>> is_functional({"type": "list -> list"}), is_functional({"type": "[integer] -> integer"})
    (False, True)
    """
    if not isinstance(data, dict):
        return False
    stated = data.get("type")
    if isinstance(stated, dict):
        return True
    if isinstance(stated, str):
        words = set(stated.replace(",", " ").replace("->", " ").split())
        return bool(words - {"integer", "list"})
    rows = data.get("examples")
    if not isinstance(rows, list):
        return False
    return any(isinstance(row, dict) or _beyond(row) for row in rows)


def _beyond(row: Any) -> bool:
    if not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], list):
        return False
    return any(_new(value) for value in (*row[0], row[1]))


def _new(value: Any) -> bool:
    match value:
        case bool() | str():
            return True
        case int():
            return value < 0
        case list():
            return any(not isinstance(each, str) for each in value)
        case _:
            return False
