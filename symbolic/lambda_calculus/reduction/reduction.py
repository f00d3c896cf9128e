"""Normal forms of terms: the front of the engines."""

from contextlib import suppress
from functools import cache
from typing import Literal

from abduce.errors import InputError, MissingExtraError, UnsupportedError
from abduce.symbolic.lambda_calculus.reduction.applicative import applicative_normal
from abduce.symbolic.lambda_calculus.reduction.collector import held_off
from abduce.symbolic.lambda_calculus.reduction.eta import eta_normal
from abduce.symbolic.lambda_calculus.reduction.head import head_normal
from abduce.symbolic.lambda_calculus.reduction.limits import Limits, Meter, Stopped
from abduce.symbolic.lambda_calculus.reduction.machine import Readback, nodes, normalise
from abduce.symbolic.lambda_calculus.reduction.outcomes import (
    STRATEGIES,
    Engine,
    NormalForm,
    Outcome,
    OutOfFuel,
    Strategy,
)
from abduce.symbolic.lambda_calculus.terms.codes import unpacked
from abduce.symbolic.lambda_calculus.terms.deadline import OutOfTime
from abduce.symbolic.lambda_calculus.terms.parsing import parse
from abduce.symbolic.lambda_calculus.terms.terms import Term, canonical


def normal_form(
    term: Term | str,
    strategy: Strategy = "normal",
    fuel: int | None = None,
    *,
    eta: bool = False,
    engine: Literal["auto"] | Engine = "auto",
    limits: Limits | None = None,
) -> Outcome:
    """Reduce a term until its strategy has nothing left to reduce.

    What counts as a beta step: each time an abstraction takes an argument. In applicative order
    these are the steps of the textbook. In the others an argument that is used several times is
    reduced once (call by need). So there are at most as many steps as in the textbook, and the
    result is the same term. Where there is a normal form, normal order finds it.

    Args:
        term: a text is parsed.
        strategy: 'normal' (leftmost outermost), 'applicative' (leftmost innermost), 'head' or
            'weak-head' (only the head; weak: not under a binder).
        fuel: the most beta steps; None takes that of the limits.
        eta: eta reduce the normal form too.
        engine: 'plain', 'compiled' (needs numba, the extra `fast`; normal order only), or 'auto',
            which begins with plain and goes over to compiled where the reduction is long.

    Raises:
        InputError: no such text or strategy; eta with a head strategy; fuel below 0.
        MissingExtraError: the compiled engine without numba.
        UnsupportedError: the compiled engine with another strategy.

    >>> normal_form("(\\\\x. x x) (\\\\y. y)")
    NormalForm(term=<\\y. y>, beta=2, eta=0, engine='plain')
    >>> normal_form("(\\\\x. x x) (\\\\x. x x)", fuel=1000)
    OutOfFuel(beta=1000, reason='fuel', engine='plain')
    """
    if strategy not in STRATEGIES:
        raise InputError(f"the strategy {strategy!r}", STRATEGIES)
    if eta and strategy in ("head", "weak-head"):
        raise InputError(f"eta with the strategy {strategy}", ("normal", "applicative"))
    if isinstance(term, str):
        term = parse(term)
    limits = limits or Limits()
    if fuel is not None:
        limits = limits.with_fuel(fuel)
    if engine == "compiled":
        return _compiled(term, strategy, eta, limits)
    turns = engine == "auto" and strategy == "normal" and limits.fuel > limits.plain_steps
    turns = turns and limits.seconds_left() > limits.start_up_s and has_numba()
    meter = Meter(limits.with_fuel(limits.plain_steps) if turns else limits)
    found = None
    with held_off(), suppress(Stopped):
        found = _plain(term, strategy, meter)
    if turns and isinstance(meter.stopped, OutOfFuel) and meter.stopped.reason == "fuel":
        return _compiled(term, strategy, eta, limits)
    return _outcome(term, found, meter, eta, limits.deadline)


@cache
def has_numba() -> bool:
    """Whether the compiled engine can be had."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def _plain(term: Term, strategy: Strategy, meter: Meter) -> Readback | None:
    if strategy == "applicative":
        return applicative_normal(term, meter)
    if strategy == "normal":
        return normalise(nodes(term, meter), meter)
    return head_normal(nodes(term, meter), meter, weak=strategy == "weak-head")


def _compiled(term: Term, strategy: Strategy, eta: bool, limits: Limits) -> Outcome:
    if strategy != "normal":
        raise UnsupportedError(
            "the compiled engine",
            (f"the strategy {strategy}",),
            "Use the plain engine, or normal order.",
        )
    if not has_numba():
        raise MissingExtraError("the compiled engine", "numba", "fast")
    from abduce.symbolic.lambda_calculus.reduction import compiled

    meter = Meter(limits, "compiled", cells=lambda: 0)
    found = compiled.normalise(term, meter)
    if found is None:
        return _outcome(term, None, meter, eta, limits.deadline)
    code, numbers, beta = found
    if not eta and term.is_closed:
        return NormalForm(Term(code, (), _names(term, numbers)), beta, 0, "compiled")
    return _outcome(term, (unpacked(code), numbers, beta), meter, eta, limits.deadline)


def _outcome(
    term: Term, found: Readback | None, meter: Meter, eta: bool, deadline: float | None
) -> Outcome:
    if found is None:
        assert meter.stopped is not None
        return meter.stopped
    codes, numbers, beta = found
    steps = 0
    try:
        if eta:
            codes, numbers, steps = eta_normal(codes, numbers, deadline)
        made = canonical(codes, term.free, _names(term, numbers), deadline)
    except OutOfTime:
        return OutOfFuel(beta, "time", meter.engine)
    return NormalForm(made, beta, steps, meter.engine)


def _names(term: Term, numbers: list[int]) -> tuple[str, ...]:
    return tuple([term.binders[number] for number in numbers])
