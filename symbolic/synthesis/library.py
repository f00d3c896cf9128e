"""Libraries: learned programs with names, which other programs call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from abduce.errors import InputError
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import (
    PRIMITIVES,
    SORTS,
    Primitive,
    Table,
    Value,
)
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.programs.typed.typing import Signature

LEAVES = ("variable", "state", "token", "number")


@dataclass(frozen=True, slots=True)
class Learned:
    """A learned program with a name.

    Attributes:
        type: the sorts of its arguments and of its value.
        function: its value at arguments; it raises ``TooLargeError`` on runaway values.
        columns: the same for arrays of numbers, if there is a proof that this native function is
            the program; None if not, and then the program itself is run.
        native: the name of that native function, or "".
        at_zero: the name of the native function that it is proved to be where that one is
            undefined, because an argument is 0; or "".
        proof: what is proved of it, as a sentence.
    """

    name: str
    program: Program
    type: Signature
    function: Callable[..., Value] = field(compare=False, repr=False)
    columns: Callable[..., Any] | None = field(default=None, compare=False, repr=False)
    native: str = ""
    at_zero: str = ""
    proof: str | None = field(default=None, compare=False)
    kept: list[Any] = field(default_factory=list, compare=False, repr=False)
    """The program as a function of arrays that keeps its values, once search has made it."""


@dataclass(frozen=True, slots=True)
class Library:
    """Learned programs, and the table of primitives that they and their callers are typed over.

    >>> x, y = ("variable", 0), ("variable", 1)
    >>> plus = Program(("iterate", y, ("increment", ("state", 0)), x), 2)
    >>> library = Library().added("plus", plus)
    >>> twice = Program(("plus", ("variable", 0), ("variable", 0)), 1, library.table)
    >>> print(twice, "=", library.expanded(twice))
    plus(x, x) = iterate(x, s + 1, x)
    """

    entries: tuple[Learned, ...] = ()
    base: Table = field(default_factory=lambda: PRIMITIVES, compare=False, repr=False)
    alphabet: Alphabet = field(default_factory=Alphabet, compare=False, repr=False)
    """What the tokens of its programs, and the lists that are given to them, are encoded by."""

    def __iter__(self) -> Iterator[Learned]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def table(self) -> Table:
        """The primitives and the learned programs, each of which costs what ``call`` does."""
        rows = {
            entry.name: Primitive(
                entry.type.arguments,
                entry.type.result,
                "call",
                entry.function,
            )
            for entry in self.entries
        }
        return {**self.base, **rows}

    def added(self, name: str, program: Program, type: Signature | None = None) -> "Library":
        """The library with one more program, which may call those that are there.

        Args:
            type: the type of the program, needed if it has several.

        Raises:
            InputError: the name is taken, is not one, or the program is of no certain type.
        """
        self.check_name(name)
        if _has(program.term, "self"):
            raise InputError("self, the word of a lexicon", ("a program of its arguments only",))
        own = Program(program.term, program.arity, self.table)
        type = own.signature if type is None else type
        if own.signature.applied(type.arguments) != type.result:
            raise InputError(f"the program {own}", (f"one of {type}",))
        if any(sort not in SORTS for sort in (*type.arguments, type.result)):
            raise InputError(f"a program with several types, {own}", ("its type beside it",))
        learned = Learned(name, own, type, compiled(own, self.alphabet))
        return Library((*self.entries, learned), self.base, self.alphabet)

    def check_name(self, name: str) -> None:
        """Whether a program can have this name.

        Raises:
            InputError: it cannot; the name is taken, or is none.
        """
        if not name.isidentifier() or name in LEAVES or name in self.table:
            raise InputError(f"the name {name!r}", ("a new name of letters, digits and _",))

    def entry(self, name: str) -> Learned | None:
        """The learned program of a name, or None."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def called(self, term: Term, arity: int) -> Learned | None:
        """The learned program of this term, or that a term calls with its own arguments."""
        own = tuple([("variable", i) for i in range(arity)])
        for entry in self.entries:
            program = entry.program
            if program.arity == arity and (program.term == term or term == (entry.name, *own)):
                return entry
        return None

    def replaced(self, entry: Learned) -> "Library":
        """The library with this entry in the place of that of the same name.

        Entries that call it run it in its new form, too.
        """
        library = Library((), self.base, self.alphabet)
        for old in self.entries:
            if old.name == entry.name:
                library = Library((*library.entries, entry), self.base, self.alphabet)
                continue
            added = library.added(old.name, old.program, old.type).entries[-1]
            kept = added if old.columns is None else old
            library = Library((*library.entries, kept), self.base, self.alphabet)
        return library

    def expanded(self, program: Program) -> Program:
        """The program without calls: each replaced by what the learned program is."""
        return Program(_expanded(program.term, self, 0), program.arity, self.base)


def _has(term: Term, name: str) -> bool:
    return term[0] == name or any(_has(part, name) for part in term[1:] if isinstance(part, tuple))


def _expanded(term: Term, library: Library, depth: int) -> Term:
    if term[0] in LEAVES:
        return term
    binder = library.table[term[0]].binder
    parts = tuple(
        _expanded(part, library, depth + (at == binder)) if isinstance(part, tuple) else part
        for at, part in enumerate(term[1:])
    )
    entry = library.entry(term[0])
    if entry is None:
        return (term[0], *parts)
    body = library.expanded(entry.program).term
    return substituted(body, parts, 0)


def substituted(term: Term, arguments: tuple[Term, ...], binders: int) -> Term:
    """A term with its variables replaced; states of the arguments stay bound where they were.

    >>> substituted(("increment", ("variable", 0)), (("zero",),), 0)
    ('increment', ('zero',))
    """
    match term[0]:
        case "variable":
            return shifted(arguments[term[1]], binders, 0)
        case "state" | "token" | "number":
            return term
        case name:
            return (
                name,
                *[
                    substituted(part, arguments, binders + (name == "iterate" and at == 1))
                    for at, part in enumerate(term[1:])
                ],
            )


def shifted(term: Term, by: int, binders: int) -> Term:
    """A term whose free states are bound `by` iterations further up."""
    if not by or term[0] in ("variable", "token", "number"):
        return term
    if term[0] == "state":
        return ("state", term[1] + by) if term[1] >= binders else term
    return (
        term[0],
        *[
            shifted(part, by, binders + (term[0] == "iterate" and at == 1))
            for at, part in enumerate(term[1:])
        ],
    )
