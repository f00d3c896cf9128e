"""A library of functional programs: definitions that new programs may call, and its file.

    {"format": "abduce-function-library 1",
     "programs": [{"name": "second", "type": "[int] -> int", "term": ["at", ...]}]}

A definition may call primitives and the definitions before it. The file does not hold primitives;
those of the user's own are given again when it is read.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram, running
from abduce.symbolic.synthesis.functional.primitives import (
    MOST_ARGUMENTS,
    Primitive,
    Table,
    held,
)
from abduce.symbolic.synthesis.functional.terms import Term, data
from abduce.symbolic.synthesis.functional.types import Signature, read_signature

FORMAT: Final = "abduce-function-library 1"
PRICE: Final = 4
"""The price of a call, in bits, without its arguments."""
MOST_DEPTH: Final = 200
"""The upper limit on the depth of a term in a file."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A program with the name that others call it by."""

    name: str
    program: FunctionalProgram

    @property
    def type(self) -> Signature:
        return self.program.type

    def __str__(self) -> str:
        return f"{self.name}: {self.type} = {self.program}"


@dataclass(frozen=True, slots=True)
class FunctionLibrary:
    """Primitives, and definitions over them.

    >>> from abduce.symbolic.synthesis.functional.lists import LISTS
    >>> type = read_signature("[int] -> int")
    >>> term = ("at", ("constant", "int", 1), ("argument", 0))
    >>> library = FunctionLibrary(LISTS).added("second", term, type)
    >>> library.table["second"].value((4, 5, 6))
    5
    >>> print(*library.definitions)
    second: [int] -> int = at(1, x)
    """

    primitives: Table
    definitions: tuple[Definition, ...] = ()

    @property
    def table(self) -> Table:
        """The primitives and the definitions, for a search."""
        known = {
            each.name: Primitive(each.name, each.type, _value(each.program), PRICE)
            for each in self.definitions
        }
        return {**self.primitives, **known}

    def check(self, name: str, type: Signature) -> None:
        """Whether a program of a type can be added under a name.

        Raises:
            InputError: the name is taken or not a name, or the program has too many arguments.
        """
        if name in self.table:
            raise InputError(f"the name {name!r:.80}, which is taken", ("another name",))
        if len(type.arguments) > MOST_ARGUMENTS:
            found = f"a program with {len(type.arguments)} arguments for a library"
            raise InputError(found, (f"at most {MOST_ARGUMENTS}",))
        Primitive(name, type, len, PRICE)  # refuses what is no name

    def added(self, name: str, term: Term, type: Signature) -> "FunctionLibrary":
        """The library with one more definition.

        Raises:
            InputError: the name is taken or not a name, the program has too many arguments, or the
                term does not type.
        """
        self.check(name, type)
        definition = Definition(name, FunctionalProgram(term, type, self.table))
        return FunctionLibrary(self.primitives, (*self.definitions, definition))

    def expanded(self, term: Term) -> Term:
        """A term with the bodies of definitions in place of their calls."""
        known = {each.name: each.program.term for each in self.definitions}

        def expand(term: Term) -> Term:
            if term[0] == "constant":
                return term
            children = [expand(c) if isinstance(c, tuple) else c for c in term[1:]]
            body = known.get(term[0])
            if body is None:
                return (term[0], *children)
            return expand(filled(body, tuple(children), 0))

        return expand(term)


def _value(program: FunctionalProgram) -> Any:
    """What a call of a program gives: a function, or a value where it has no arguments."""
    run = running(program)
    return run if program.type.arguments else run()


def filled(body: Term, arguments: tuple[Term, ...], depth: int) -> Term:
    """A body with its arguments replaced, at a depth of lambdas within it."""
    match body[0]:
        case "argument":
            return lifted(arguments[body[1]], depth, 0)
        case "constant" | "bound":
            return body
        case "lambda":
            return ("lambda", body[1], filled(body[2], arguments, depth + body[1]))
        case _:
            return (body[0], *[filled(child, arguments, depth) for child in body[1:]])


def lifted(term: Term, by: int, inner: int) -> Term:
    """A term moved below `by` more parameters; `inner` of its own lambdas enclose it."""
    match term[0]:
        case "bound":
            return ("bound", term[1] + by) if term[1] >= inner else term
        case "constant" | "argument":
            return term
        case "lambda":
            return ("lambda", term[1], lifted(term[2], by, inner + term[1]))
        case _:
            return (term[0], *[lifted(child, by, inner) for child in term[1:]])


def library_text(library: FunctionLibrary) -> str:
    """A library as JSON; `read_function_library` reads it back."""
    programs = [
        {"name": each.name, "type": str(each.type), "term": data(each.program.term)}
        for each in library.definitions
    ]
    return json.dumps({"format": FORMAT, "programs": programs}, indent=1) + "\n"


def read_function_library(text: str, path: Path | str | None, primitives: Table) -> FunctionLibrary:
    """The library of a text.

    Raises:
        InputError: it is not JSON, of another version, or a program in it does not type over the
            primitives and the programs before it; says which.
    """
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"what is no JSON ({error!s:.80})", ("a library",), path) from error
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        advice = "Libraries of natural numbers and tokens are for examples of these types."
        raise InputError(
            f"the format {found!r:.80}", (f'"format": "{FORMAT}"',), path, advice=advice
        )
    programs = content.get("programs")
    if set(content) != {"format", "programs"} or not isinstance(programs, list):
        raise InputError(f"the keys {sorted(content)}", ('"format" and "programs"',), path)
    library = FunctionLibrary(primitives)
    for number, one in enumerate(programs, 1):
        try:
            library = _with(library, one)
        except InputError as error:
            error.found = f"{error.found}, in program {number}"
            error.path = path
            raise
    return library


def _with(library: FunctionLibrary, one: Any) -> FunctionLibrary:
    if not isinstance(one, dict) or set(one) != {"name", "type", "term"}:
        raise InputError(f"{one!r:.80}", ("name, type and term",))
    if not isinstance(one["name"], str) or not isinstance(one["type"], str):
        raise InputError(f"{one['name']!r:.40} of the type {one['type']!r:.40}", ("text, both",))
    return library.added(one["name"], term_of(one["term"]), read_signature(one["type"]))


def term_of(content: Any, depth: int = 0) -> Term:
    """A term of the JSON that `data` makes.

    Raises:
        InputError: it is none.
    """
    if not isinstance(content, list) or not content or not isinstance(content[0], str):
        raise InputError(f"{content!r:.80} as a term", ("an array that begins with a name",))
    if depth > MOST_DEPTH:
        raise InputError("a term that is nested too deep", (f"at most {MOST_DEPTH} levels",))
    match content:
        case ["argument" | "bound", int(n)] if not isinstance(n, bool):
            return (content[0], n)
        case ["constant", str(type), value]:
            return ("constant", read_signature(f"-> {type}").result, held(value))
        case ["lambda", int(n), body] if not isinstance(n, bool):
            return ("lambda", n, term_of(body, depth + 1))
        case [str(name), *children]:
            return (name, *[term_of(child, depth + 1) for child in children])
    raise InputError(f"{content!r:.80} as a term", ("a term",))
