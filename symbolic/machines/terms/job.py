"""The job `lambda`: a term in, its normal form out, by a machine of kernels."""

from collections.abc import Callable

from abduce import clock
from abduce.symbolic.lambda_calculus import Step, Term, parse, tokens
from abduce.symbolic.lambda_calculus.terms.codes import view
from abduce.symbolic.lambda_calculus.terms.deadline import OutOfTime
from abduce.symbolic.lambda_calculus.terms.layout import text_of
from abduce.symbolic.machines.jobs import Answer, Job, Request
from abduce.symbolic.machines.terms.indices import KERNELS
from abduce.symbolic.machines.terms.machine import FUEL, STEP, LambdaReducer, Reduced
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.symbolic.programs.step_tables import compiled_step

TRACED = 1000
"""The upper limit on the steps shown, if no fuel is given."""
OUTCOMES = {None: "normal form", "fuel": "out of fuel", "time": "out of time", "size": "too large"}


def _run(request: Request) -> Answer:
    deadline = None if request.timeout_s is None else clock.wall_s() + request.timeout_s
    kernels = {STEP: compiled_step(BETA), **request.kernels}
    fuel = request.fuel if request.fuel is not None else TRACED if request.note else FUEL
    found = None
    try:
        term = parse(request.text, request.path, deadline=deadline)
        reducer = LambdaReducer(kernels)
        found = reducer(term, fuel=fuel, deadline=deadline, note=_noting(request.note))
        ended = found.stopped is None
        text = written(found.term, request.notation, deadline) if ended else None
    except OutOfTime:  # while the term was read, or its normal form written
        taken = found.steps if found else 0
        return Answer(
            lines=[],
            value={"outcome": OUTCOMES["time"], "result": None, "nodes": None},
            steps={"beta steps": taken},
            gave_up=f"no end after {taken:,} steps: {OUTCOMES['time']}",
        )
    return Answer(
        lines=[text] if text is not None else [],
        value={"outcome": OUTCOMES[found.stopped], "result": text, "nodes": found.term.size},
        steps={"beta steps": found.steps},
        gave_up=None if ended else _told(found),
    )


def _noting(note: Callable[[str], None] | None) -> Callable[[Step], None] | None:
    return None if note is None else lambda step: note(f"{STEP}  {step.text}")


def written(term: Term, notation: str | None, deadline: float | None = None) -> str:
    """A term for a person, with names where no notation is asked for.

    Raises:
        OutOfTime: the deadline has passed.
    """
    if notation == "tokens":
        return " ".join(tokens(term, deadline=deadline))
    indices = notation == "de-bruijn"
    return text_of(view(term.code), term.free, term.binders, indices=indices, deadline=deadline)


def _told(found: Reduced) -> str:
    outcome = OUTCOMES[found.stopped]
    return f"no end after {found.steps:,} steps, at {found.term.size:,} nodes: {outcome}"


LAMBDA_JOB = Job(
    name="lambda",
    about="the normal form of a lambda term, by reduction in normal order",
    kernels=KERNELS,
    run=_run,
    controllers={"": STEP},
    options=("fuel", "notation", "timeout-s"),
    level="L2",
)
