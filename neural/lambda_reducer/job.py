"""The job `lambda`: a term in, its normal form out, by a machine of kernels."""

from collections.abc import Callable

from abduce import clock
from abduce.neural.lambda_reducer.indices import KERNELS
from abduce.neural.lambda_reducer.machine import FUEL, STEP, LambdaReducer, Reduced
from abduce.neural.machines.jobs import Answer, Job, Request
from abduce.symbolic.lambda_calculus import Step, Term, de_bruijn, parse, tokens
from abduce.verify.discrete.beta import BETA
from abduce.verify.discrete.step_tables import compiled_step

TRACED = 1000
"""So many steps are shown where no fuel is given."""
OUTCOMES = {None: "normal form", "fuel": "out of fuel", "time": "out of time", "size": "too large"}


def _run(request: Request) -> Answer:
    term = parse(request.text, request.path)
    kernels = {STEP: compiled_step(BETA), **request.kernels}
    fuel = request.fuel if request.fuel is not None else TRACED if request.note else FUEL
    deadline = None if request.timeout_s is None else clock.wall_s() + request.timeout_s
    found = LambdaReducer(kernels)(term, fuel=fuel, deadline=deadline, note=_noting(request.note))
    ended = found.stopped is None
    text = written(found.term, request.notation) if ended else None
    return Answer(
        lines=[text] if text is not None else [],
        value={"outcome": OUTCOMES[found.stopped], "result": text, "nodes": found.term.size},
        steps={"beta steps": found.steps},
        gave_up=None if ended else _told(found),
    )


def _noting(note: Callable[[str], None] | None) -> Callable[[Step], None] | None:
    return None if note is None else lambda step: note(f"{STEP}  {step.text}")


def written(term: Term, notation: str | None) -> str:
    """A term for a person, with names where no notation is asked for."""
    if notation == "de-bruijn":
        return de_bruijn(term)
    return " ".join(tokens(term)) if notation == "tokens" else str(term)


def _told(found: Reduced) -> str:
    outcome = OUTCOMES[found.stopped]
    return f"no end after {found.steps:,} steps, at {found.term.size:,} nodes: {outcome}"


LAMBDA_JOB = Job(
    name="lambda",
    about="a lambda term to its normal form, in normal order",
    kernels=KERNELS,
    run=_run,
    controllers={"": STEP},
    options=("fuel", "notation", "timeout-s"),
    level="L2",
)
