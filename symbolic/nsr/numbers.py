"""Programs of numbers as functions, and the library of learned programs that they may call.

A program is run by a native function if it is proved to equal one. Every function also has a
version on columns of numbers, with which abduction tries many values at once.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Final

from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import INTEGER, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.enumeration.calling import ArrayFunction, vectorised
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.library import Learned, Library
from abduce.symbolic.synthesis.proving.natives import NATIVES, Native
from abduce.symbolic.synthesis.proving.replacing import natively

DIVIDED_BY_0: Final = TooLargeError("a number is divided by 0")


class Numbers:
    """The functions of a world of numbers.

    Attributes:
        library: the learned programs.
        columns: the version on columns of each function that was asked for.
    """

    def __init__(self, alphabet: Alphabet, library: Library | None = None) -> None:
        known = Library(alphabet=alphabet) if library is None else library
        self.library = _strict(proved(known))
        self.columns: dict[Callable[..., Value], ArrayFunction] = {}
        self._functions: dict[tuple[Term, int], Callable[..., Value]] = {}

    def program(self, term: Term, arity: int) -> Program:
        """A term as a program that may call the library."""
        return Program(term, arity, self.library.table)

    def function(self, term: Term, arity: int) -> Callable[..., Value]:
        """A program as a function.

        Where the native function that it equals is not defined, as at a division by 0, the program
        has no value: the function raises ``TooLargeError``, which says so.
        """
        key = term, arity
        if key not in self._functions:
            program = self.program(term, arity)
            native = self.native(program)
            if native is not None:
                function, columns = native.strictly(DIVIDED_BY_0)
            else:
                function = compiled(program, self.library.alphabet)
                columns = vectorised(term, Columns(self.library).function)
            self.columns[function] = columns
            self._functions[key] = function
        return self._functions[key]

    def native(self, program: Program) -> Native | None:
        """The native function that a program is proved to equal, or None."""
        if not _of_numbers(program):
            return None
        known = self.library.called(program.term, program.arity)
        return _native(known or self._proved(program))

    def learn(self, term: Term, arity: int) -> None:
        """Adds a program to the library, so that others may call it.

        Its name is that of the native function that it is proved to equal, or a letter and number.
        """
        program = self.program(term, arity)
        if not _of_numbers(program) or self.library.called(term, arity) is not None:
            return
        native = self._proved(program).native
        if native and self.library.entry(native) is not None:
            return
        name = native or f"f{len(self.library) + 1}"
        self.library = _strict(proved(self.library.added(name, program)))

    def written_out(self, term: Term, arity: int) -> Term:
        """The term of the library's program, if a program only calls that one."""
        known = self.library.called(term, arity)
        return term if known is None else known.program.term

    def _proved(self, program: Program) -> Learned:
        """The program with the native version that it is proved to equal, if there is one."""
        return proved(self.library.added("candidate", program)).entries[-1]


def proved(library: Library) -> Library:
    """The library with the native functions that its programs are proved to equal.

    Without z3 nothing is proved: programs are run as they were learned, which is slow.
    """
    return library if find_spec("z3") is None else natively(library)


def _native(learned: Learned) -> Native | None:
    return next((native for native in NATIVES if native.name == learned.native), None)


def _strict(library: Library) -> Library:
    """The library in which native functions have no value outside their domain.

    So a program that calls one there has none either, and no answer rests on a value that no
    training row has shown.
    """
    for name in [entry.name for entry in library]:
        entry = library.entry(name)
        native = entry and _native(entry)
        if entry is not None and native is not None and native.positive:
            function, columns = native.strictly(DIVIDED_BY_0)
            library = library.replaced(replace(entry, function=function, columns=columns))
    return library


def _of_numbers(program: Program) -> bool:
    return {*program.signature.arguments, program.signature.result} == {INTEGER}
