"""Closed forms of iterations, proved by induction on the number of steps.

The state after k steps is C(k) if C(0) is the start and the step takes C(k) to C(k + 1) for all k
below the count. The value of the iteration is then C at the count. C is guessed; only what is
proved is used, so a wrong guess costs time and nothing else.

Source: the induction schema of Peano arithmetic; the guesses are linear in k, or the target.
"""

from collections.abc import Callable, Iterator, Sequence

from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis.proving.natives import Formula, Native
from abduce.symbolic.synthesis.proving.translating import NotTranslatedError, Session

Form = Callable[[Formula], Formula]


def proved_value(
    session: Session,
    count: Formula,
    step: Callable[[Formula], Formula],
    start: Formula,
    forms: Sequence[Form],
) -> Formula | None:
    """The value of an iteration, by the first closed form that induction proves, or None."""
    for form in forms:
        before = len(session.assumed)
        k = session.fresh("k")
        state = form(k)
        if not session.holds(form(0) == start):
            del session.assumed[before:]
            continue
        try:
            after = step(state)
        except NotTranslatedError:
            del session.assumed[before:]
            continue
        if session.holds(after == form(k + 1), [k < count]):
            del session.assumed[before:]  # k and what was said of it are gone; C(count) is left
            return form(count)
        del session.assumed[before:]
    return None


def forms(
    start: Formula,
    count: Formula,
    others: Sequence[Formula],
    target: tuple[Native, Formula, Sequence[Formula], Callable[[int, Formula], Formula]] | None,
    term: Term,
) -> Iterator[Form]:
    """Guesses at the state after k steps.

    Args:
        others: the arguments, and the states that the step sees beside its own.
        target: the native function, its value at the arguments, these, and its value with one
            argument replaced.
    """
    import z3

    if target is not None:
        native, value, given, replaced = target
        at = term[1]
        if at[0] == "variable" and not native.positive and not _mentions(term[2:], at):
            yield lambda k: replaced(at[1], k)
        yield lambda k: z3.If(start + k <= value, start + k, value)
        yield lambda k: z3.If(start - k >= value, start - k, value)
        for other in given:
            yield lambda k, other=other: z3.If(start - k * other >= value, start - k * other, value)
    yield lambda k: start + k
    yield lambda k: z3.If(start >= k, start - k, 0)
    for other in others:
        yield lambda k, other=other: start + k * other
        yield lambda k, other=other: z3.If(start >= k * other, start - k * other, 0)
    yield lambda k: start
    yield lambda k: z3.If(k == 0, start, 0)
    del count


def _mentions(parts: Sequence[Term], leaf: Term) -> bool:
    pending = list(parts)
    while pending:
        node = pending.pop()
        if node == leaf:
            return True
        pending += [part for part in node[1:] if isinstance(part, tuple)]
    return False
