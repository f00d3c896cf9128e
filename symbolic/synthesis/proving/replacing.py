"""Native versions in a library, each of which is proved to equal its learned program."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from abduce.symbolic.programs.typed.primitives import INTEGER, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis.enumeration.calling import MOST_CALLED
from abduce.symbolic.synthesis.library import Learned, Library
from abduce.symbolic.synthesis.proving.equality import differs, prove
from abduce.symbolic.synthesis.proving.natives import NATIVES, Native
from abduce.symbolic.synthesis.proving.verdicts import Equality, Proved, Unknown

AT_ZERO = ("plus", "minus", "times", "maximum", "minimum", "distance")


def natively(library: Library, natives: Sequence[Native] = NATIVES) -> Library:
    """The library with a native version of each program that is proved to equal one.

    Programs are replaced in their order, so that proofs may rest on those before. What is not
    proved stays as it was learned.
    """
    for name in [entry.name for entry in library]:
        entry = library.entry(name)
        assert entry is not None
        if entry.columns is None:
            found = proved(entry, library, natives)
            if found is not None:
                library = library.replaced(versioned(entry, *found))
    return library


def proved(
    entry: Learned, library: Library, natives: Sequence[Native] = NATIVES
) -> tuple[Native, Proved, Native | None] | None:
    """The native function that a learned program is proved to equal, the proof, and the function
    that it is proved to be where the native one is undefined; None if there is none."""
    for native in natives:
        if native.arity != entry.program.arity:
            continue
        verdict = prove(entry.program, native, library, natives=natives)
        if isinstance(verdict, Proved):
            return native, verdict, at_zero(entry, native, library, natives)
    return None


def at_zero(
    entry: Learned, native: Native, library: Library, natives: Sequence[Native] = NATIVES
) -> Native | None:
    """What the program gives where the native function is undefined, if that is proved."""
    if len(native.positive) != 1:
        return None
    zero = native.positive[0]
    for other in (n for n in natives if n.name in AT_ZERO and n.arity == native.arity):
        if differs(entry.program, other, library, zero) is None and isinstance(
            prove(entry.program, other, library, natives=natives, zero=zero), Proved
        ):
            return other
    return None


def versioned(entry: Learned, native: Native, verdict: Proved, zero: Native | None) -> Learned:
    """The entry with its native version; where that is undefined, the learned program is run."""
    learned = entry.function
    at = zero.number if zero is not None else learned

    def number(*arguments: int) -> int:
        return native.number(*arguments) if native.defined(arguments) else int(at(*arguments))

    def columns(*arrays: np.ndarray) -> np.ndarray:
        values = native.columns(*arrays)
        defined = np.broadcast_to(arrays[native.positive[0]] > 0, values.shape)
        if defined.all():
            return values
        if zero is not None:
            return np.where(defined, values, zero.columns(*arrays))
        return np.where(defined, values, _elsewhere(learned, arrays, defined))

    plain = not native.positive
    return replace(
        entry,
        function=native.number if plain else number,
        columns=native.columns if plain else columns,
        native=native.name,
        at_zero="" if zero is None else zero.name,
        proof=said(native, verdict, zero),
    )


def said(native: Native, verdict: Proved, zero: Native | None) -> str:
    """What is proved, as a sentence; and what holds where the native function is undefined."""
    if not native.positive:
        return verdict.claim
    where = f"where {'xyzuvw'[native.positive[0]]} = 0"
    if zero is None:
        return f"{verdict.claim}; {where} nothing is proved, and the learned program is run"
    return f"{verdict.claim}; {where} it is {at_zero_text(zero, native.positive[0])}"


def at_zero_text(zero: Native, at: int) -> str:
    """A function of which one argument is 0, as text: x for max(0, x - y) at y = 0."""
    others = [name for i, name in enumerate("xyzuvw"[: zero.arity]) if i != at]
    by_name = {
        "plus": others[0], "minus": others[0] if at else "0", "times": "0",
        "minus_swapped": "0" if at else others[0],
        "maximum": others[0], "minimum": "0", "distance": others[0],
    }  # fmt: skip
    return by_name[zero.name]


def statement(program: Program, library: Library, natives: Sequence[Native] = NATIVES) -> Equality:
    """What is proved of a program; else why nothing is.

    Raises:
        ModuleNotFoundError: z3 is not installed.
    """
    sorts = (INTEGER,) * program.arity
    if program.signature.applied(sorts) != INTEGER:
        return Unknown("only programs of natural numbers are compared with native functions")
    entry = library.added("the_program", program, Signature(sorts, INTEGER)).entries[-1]
    found = proved(entry, library, natives)
    if found is None:
        return Unknown("no native function is proved to equal it; it stays the learned program")
    native, verdict, zero = found
    return Proved(said(native, verdict, zero), verdict.obligations)


def _elsewhere(
    learned: Callable[..., Value], arrays: tuple[np.ndarray, ...], defined: np.ndarray
) -> np.ndarray:
    """The learned program's values where the native function is undefined; -1 beyond limits."""
    given = np.stack([np.broadcast_to(a, defined.shape)[~defined] for a in arrays])
    unique, inverse = np.unique(given, axis=1, return_inverse=True)
    found = np.full(unique.shape[1], -1, np.int64)
    for at, arguments in enumerate(unique.T.tolist()):
        if max(arguments) <= MOST_CALLED:
            try:
                found[at] = int(learned(*arguments))
            except TooLargeError:
                continue
    values = np.zeros(defined.shape, np.int64)
    values[~defined] = found[inverse.reshape(-1)]
    return values
