"""The verb: whether a learned program equals a native function at all natural numbers.

It is run first: one input where they differ refutes. What is proved is proved by z3, with an
induction schema for iterations.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.library import Library
from abduce.symbolic.synthesis.proving.closed_forms import forms, proved_value
from abduce.symbolic.synthesis.proving.natives import NATIVES, Formula, Native
from abduce.symbolic.synthesis.proving.translating import (
    NotTranslatedError,
    Session,
    formula,
)
from abduce.symbolic.synthesis.proving.verdicts import Equality, Proved, Refuted, Unknown

SIDE = 7
"""Programs are run at all arguments below this, and at some that are larger."""
LARGER = (8, 9, 10, 13, 20, 31, 64, 99, 100, 101, 150)
NAMES = "xyzuvw"


def prove(
    program: Program,
    native: Native,
    library: Library | None = None,
    *,
    natives: Sequence[Native] = NATIVES,
    zero: int | None = None,
) -> Equality:
    """Whether a program equals a native function wherever the latter is defined.

    Args:
        library: what the program calls; entries with a native version are known to equal it.
        zero: an argument that is 0, for what a program gives where a function is undefined.

    Raises:
        ModuleNotFoundError: z3 is not installed.
    """
    import z3

    library = Library() if library is None else library
    wanted = (INTEGER,) * native.arity
    if program.arity != native.arity or program.signature.applied(wanted) != INTEGER:
        return Unknown(f"{native.text} is no function of the program's type")
    if zero is not None and zero in native.positive:
        return Unknown(f"{native.text} is not defined where {NAMES[zero]} is 0")
    refuted = differs(program, native, library, zero)
    if refuted is not None:
        return refuted
    session = Session(library, natives)
    arguments = [z3.Int(NAMES[i]) for i in range(native.arity)]
    for i, argument in enumerate(arguments):
        session.assumed.append(argument == 0 if i == zero else argument >= 0)
        if i in native.positive:
            session.assumed.append(argument >= 1)
    try:
        value = session.applied(native, arguments)
        found = formula(session, program.term, arguments, _by_target(native, arguments, value))
        if not session.holds(found == value):
            return Unknown(f"z3 does not decide whether it is {native.text}")
        if session.holds(z3.BoolVal(False)):
            return Unknown("what is assumed contradicts itself, so that it proves nothing")
    except NotTranslatedError as reason:
        return Unknown(f"there is no closed form of {reason}")
    return Proved(_claim(program, native, zero), tuple(session.shown))


def _claim(program: Program, native: Native, zero: int | None) -> str:
    names = ", ".join(NAMES[: native.arity])
    bounds = [
        f"{NAMES[i]} = 0" if i == zero else f"{NAMES[i]} >= {int(i in native.positive)}"
        for i in range(native.arity)
    ]
    del names
    return f"{program} = {native.text} for all {', '.join(bounds)}"


def _by_target(native: Native, arguments: Sequence[Formula], value: Formula):
    """How iterations are proved: with guesses from the target, and linear ones."""

    def replaced(at: int, k: Formula) -> Formula:
        changed = [k if i == at else argument for i, argument in enumerate(arguments)]
        return native.formula(*changed, None)[0]

    def iterations(
        session: Session,
        term: Term,
        count: Formula,
        step: Callable[[Formula], Formula],
        start: Formula,
    ) -> Formula:
        target = (native, value, arguments, replaced)
        others = [*arguments, *[a + b for i, a in enumerate(arguments) for b in arguments[i:]]]
        guesses = tuple(forms(start, count, others, target, term))
        found = proved_value(session, count, step, start, guesses)
        if found is None:
            raise NotTranslatedError(f"the iteration {term}")
        return found

    return iterations


def differs(
    program: Program, native: Native, library: Library, zero: int | None = None
) -> Refuted | None:
    """An input where a program and a native function differ, among some hundreds; or None."""
    run = compiled(program, library.alphabet)
    for arguments in _inputs(native.arity):
        if zero is not None and arguments[zero] != 0:
            continue
        if not native.defined(arguments):
            continue
        try:
            value = run(*arguments)
        except TooLargeError:
            continue
        expected = native.number(*arguments)
        if value != expected:
            return Refuted(arguments, int(value), expected)
    return None


def _inputs(arity: int) -> Iterator[tuple[int, ...]]:
    yield from product(range(SIDE), repeat=arity)
    for a in LARGER:
        for b in (0, 1, 3, 10, 64, 101):
            for rotated in range(arity):
                values = [a if i == rotated else b for i in range(arity)]
                yield tuple(values)
