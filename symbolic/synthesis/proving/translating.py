"""Programs over natural numbers as formulas of z3.

Whatever a formula needs beside arithmetic has to be proved first: a call is the native function
that the learned program is proved to equal, and an iteration is a closed form that is proved by
induction. What has neither is refused by name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from abduce.symbolic.programs.typed.terms import Term, numeral_value
from abduce.symbolic.synthesis.library import Library
from abduce.symbolic.synthesis.proving.natives import NATIVES, Formula, Native


class NotTranslatedError(Exception):
    """A part of a program has no formula (internal: it becomes ``Unknown``)."""


@dataclass
class Session:
    """One proof: its solver limits, what is assumed, and what was shown.

    Attributes:
        assumed: facts about the arguments, and the definitions of fresh numbers.
        shown: the obligations that were proved, as text.
    """

    library: Library
    natives: Sequence[Native] = NATIVES
    effort: int = 4_000_000
    assumed: list[Formula] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    made: int = 0

    def fresh(self, name: str = "q") -> Formula:
        """A new natural number of which nothing else is known."""
        import z3

        self.made += 1
        number = z3.Int(f"{name}{self.made}")
        self.assumed.append(number >= 0)
        return number

    def holds(self, claim: Formula, given: Sequence[Formula] = ()) -> bool:
        """Whether z3 proves a claim from what is assumed; its limit is a count of steps."""
        import z3

        solver = z3.Solver()
        solver.set("rlimit", self.effort)
        solver.set("timeout", 30_000)
        solver.add(*self.assumed, *given, z3.Not(claim))
        if solver.check() != z3.unsat:
            return False
        self.shown.append(str(z3.Implies(z3.And(*self.assumed, *given), claim)))
        return True

    def native(self, name: str) -> Native | None:
        """The native function of a name, if there is one."""
        return next((native for native in self.natives if native.name == name), None)

    def applied(
        self, native: Native, arguments: Sequence[Formula], zero: Native | None = None
    ) -> Formula:
        """A native function as a formula.

        Args:
            zero: the formula that takes its place where it is undefined, because an argument is 0.

        Raises:
            NotTranslatedError: it may be undefined, and nothing takes its place.
        """
        import z3

        doubtful = [i for i in native.positive if not self.holds(arguments[i] >= 1)]
        if doubtful and zero is None:
            raise NotTranslatedError(f"{native.text} where {'xyzuvw'[doubtful[0]]} may be 0")
        value, facts = native.formula(*arguments, self.fresh)
        if not doubtful or zero is None:
            self.assumed.extend(facts)
            return value
        defined = z3.And(*[arguments[i] >= 1 for i in native.positive])
        self.assumed.extend([z3.Implies(defined, fact) for fact in facts])
        return z3.If(defined, value, zero.formula(*arguments, self.fresh)[0])


Iterations = Callable[["Session", Term, Formula, Callable[[Formula], Formula], Formula], Formula]
"""The value of an iteration: of its term, its count, its step and its start."""


def formula(
    session: Session,
    term: Term,
    arguments: Sequence[Formula],
    iterations: Iterations,
    states: tuple[Formula, ...] = (),
) -> Formula:
    """A term as a formula.

    Raises:
        NotTranslatedError: a part of it has none.
    """
    import z3

    def of(part: Term, inner: tuple[Formula, ...] = states) -> Formula:
        return formula(session, part, arguments, iterations, inner)

    number = numeral_value(term)
    if number is not None:
        return z3.IntVal(number)
    match term[0]:
        case "variable":
            return arguments[term[1]]
        case "state":
            return states[term[1]]
        case "increment":
            return of(term[1]) + 1
        case "decrement":
            value = of(term[1])
            return z3.If(value >= 1, value - 1, 0)
        case "if_zero":
            return z3.If(of(term[1]) == 0, of(term[2]), of(term[3]))
        case "iterate":
            count, start = of(term[1]), of(term[3])
            return iterations(
                session, term, count, lambda state: of(term[2], (state, *states)), start
            )
        case name:
            entry = session.library.entry(name)
            if entry is None:
                raise NotTranslatedError(f"the primitive {name}")
            parts: list[Any] = [of(part) for part in term[1:]]
            native, zero = session.native(entry.native), session.native(entry.at_zero)
            if native is None:
                return formula(session, entry.program.term, parts, iterations)
            return session.applied(native, parts, zero)
