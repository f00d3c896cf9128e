"""Files: examples and libraries as JSON, refused by name where they are not well-formed.

    {"type": "integer integer -> integer", "examples": [[[3, 4], 7], [[1, 1], 2, 5.0]]}

An example is its arguments, its value and, if it does not count 1, its weight. Numbers are natural
numbers, lists are arrays of tokens, which are text. Without a type, that of the first example is
taken.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from abduce.errors import InputError
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, Sort, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.program_data import term_data, term_from
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis.examples import Example, check
from abduce.symbolic.synthesis.library import Library

FORMAT: Final = "abduce-library 1"
MOST_ARGUMENTS: Final = 6


@dataclass(frozen=True, slots=True)
class Task:
    """The examples of a file, and their type."""

    examples: tuple[Example, ...]
    type: Signature


def read_task(text: str, path: Path | str | None, alphabet: Alphabet) -> Task:
    """The examples of a text.

    Raises:
        InputError: it is not JSON, or not examples of one type; says where.

    >>> task = read_task('{"examples": [[[3, 4], 7]]}', None, Alphabet())
    >>> task.type.arguments, task.examples[0].value
    (('integer', 'integer'), 7)
    """
    data = _json(text, path)
    if not isinstance(data, dict):
        _wrong(data, 'an object with "examples"', "the content of the file", path)
    if strangers := sorted(set(data) - {"type", "examples"}):
        _wrong(strangers[0], '"type" or "examples"', "a key", path)
    rows = data.get("examples")
    if not isinstance(rows, list) or not rows:
        _wrong(rows, "an array with an example", '"examples"', path)
    examples = tuple([_example(row, i, alphabet, path) for i, row in enumerate(rows)])
    first = examples[0]
    stated = data.get("type")
    if stated is None:
        arguments = tuple([_sort(value) for value in first.arguments])
        type_ = Signature(arguments, _sort(first.value))
    else:
        type_ = read_type(stated, path)
    try:
        check(examples, type_)
    except InputError as error:
        error.path = path
        raise
    return Task(examples, type_)


def read_type(stated: Any, path: Path | str | None = None) -> Signature:
    """A type such as ``list integer -> list``.

    >>> read_type("list integer -> list").arguments
    ('list', 'integer')
    """
    expected = 'a type such as "integer integer -> integer" or "-> list"'
    if not isinstance(stated, str) or stated.count("->") != 1:
        _wrong(stated, expected, '"type"', path)
    before, after = stated.split("->")
    arguments, results = before.replace(",", " ").split(), after.split()
    for word in (*arguments, *results):
        if word not in (INTEGER, LIST):
            _wrong(word, "integer or list", '"type"', path)
    if len(results) != 1 or len(arguments) > MOST_ARGUMENTS:
        _wrong(stated, f"{expected}, with at most {MOST_ARGUMENTS} arguments", '"type"', path)
    return Signature(tuple(arguments), results[0])


def _example(row: Any, number: int, alphabet: Alphabet, path: Path | str | None) -> Example:
    place = f"example {number + 1}"
    expected = "[arguments, value] or [arguments, value, weight]"
    if not isinstance(row, list) or len(row) not in (2, 3) or not isinstance(row[0], list):
        _wrong(row, expected, place, path)
    weight = row[2] if len(row) == 3 else 1.0
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        _wrong(weight, "a weight above 0", place, path)
    arguments = tuple([_value(value, alphabet, place, path) for value in row[0]])
    return Example(arguments, _value(row[1], alphabet, place, path), float(weight))


def _value(data: Any, alphabet: Alphabet, place: str, path: Path | str | None) -> Value:
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    if isinstance(data, list) and all(isinstance(token, str) and token for token in data):
        return alphabet.encode(data)
    advice = "Other values have types such as [int] -> bool: docs/synthesis.md explains them."
    _wrong(data, "a natural number, or an array of tokens", place, path, advice)


def _sort(value: Value) -> Sort:
    return INTEGER if isinstance(value, int) else LIST


def library_text(library: Library) -> str:
    """A library as JSON; `read_library` reads it back."""
    programs = [
        {
            "name": entry.name,
            "arguments": list(entry.type.arguments),
            "result": entry.type.result,
            "term": term_data(entry.program.term),
        }
        for entry in library
    ]
    return json.dumps({"format": FORMAT, "programs": programs}, indent=1) + "\n"


def read_library(text: str, path: Path | str | None, alphabet: Alphabet | None = None) -> Library:
    """The library of a text, which says nothing about proofs.

    Raises:
        InputError: it is not JSON, or a program in it does not type over those before.

    >>> plus = ["iterate", ["variable", 1], ["increment", ["state", 0]], ["variable", 0]]
    >>> one = {"name": "plus", "arguments": ["integer"] * 2, "result": "integer", "term": plus}
    >>> text = json.dumps({"format": FORMAT, "programs": [one]})
    >>> library_text(read_library(text, None)) == library_text(read_library(text, None))
    True
    """
    data = _json(text, path)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        _wrong(data, f'a library, with "format": "{FORMAT}"', "the content of the file", path)
    programs = data.get("programs")
    if set(data) != {"format", "programs"} or not isinstance(programs, list):
        _wrong(sorted(data), '"format" and "programs"', "the keys", path)
    library = Library() if alphabet is None else Library(alphabet=alphabet)
    for number, one in enumerate(programs, 1):
        library = _with(library, one, f"program {number}", path)
    return library


def _with(library: Library, data: Any, place: str, path: Path | str | None) -> Library:
    keys = {"name", "arguments", "result", "term"}
    if not isinstance(data, dict) or set(data) != keys:
        _wrong(data, f"an object with {', '.join(sorted(keys))}", place, path)
    sorts = data["arguments"]
    if not isinstance(sorts, list) or len(sorts) > MOST_ARGUMENTS:
        _wrong(sorts, f"an array of at most {MOST_ARGUMENTS} sorts", place, path)
    if any(sort not in (INTEGER, LIST) for sort in (*sorts, data["result"])):
        _wrong([*sorts, data["result"]], "integer or list, each", place, path)

    def wrong(where: str, expected: str, found: Any) -> NoReturn:
        _wrong(found, expected, f"{place}, term{where}", path)

    term = term_from(data["term"], len(sorts), wrong, library.table)
    program = Program(term, len(sorts), library.table)
    if program.signature.applied(sorts) != data["result"]:
        _wrong(str(program.signature), "the type that is stated", place, path)
    if not isinstance(data["name"], str):
        _wrong(data["name"], "a name", place, path)
    try:
        return library.added(data["name"], program, Signature(tuple(sorts), data["result"]))
    except InputError as error:
        error.path = path
        raise


def _json(text: str, path: Path | str | None) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1 : error.lineno] or [""]
        found = f"what is no JSON ({error.msg})"
        raise InputError(found, ("JSON",), path, error.lineno, error.colno, line[0]) from error
    except RecursionError as error:
        raise InputError("arrays that are nested too deep", ("JSON",), path) from error


def _wrong(
    found: Any, expected: str, place: str, path: Path | str | None, advice: str = ""
) -> NoReturn:
    text = json.dumps(found) if not isinstance(found, str) else found
    raise InputError(f"{text:.80} as {place}", (expected,), path, advice=advice)


def shown(value: Value, alphabet: Alphabet) -> int | Sequence[str]:
    """A value as JSON has it."""
    return value if isinstance(value, int) else list(alphabet.decode(value))
