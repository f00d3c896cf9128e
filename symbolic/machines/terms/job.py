"""The job `lambda`: a term in, its normal form out, by a machine of kernels."""

from collections.abc import Callable
from dataclasses import dataclass

from abduce import clock
from abduce.symbolic.lambda_calculus import Step, parse
from abduce.symbolic.lambda_calculus.terms.deadline import OutOfTime
from abduce.symbolic.lambda_calculus.terms.notations import Notation, written
from abduce.symbolic.machines.jobs import Kernels, MachineAnswer, MachineJob, RunContext, option
from abduce.symbolic.machines.terms.indices import KERNELS
from abduce.symbolic.machines.terms.machine import FUEL, STEP, LambdaReducer, Reduced
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.symbolic.programs.step_tables import compiled_step

TRACED = 1000
"""The upper limit on the steps shown, if no fuel is given."""
OUTCOMES = {None: "normal form", "fuel": "out of fuel", "time": "out of time", "size": "too large"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReductionOptions:
    """Limits on a reduction, and how its result is written."""

    fuel: int | None = option(
        "The upper limit on steps. Default: 1,000,000; with --trace 1,000.", metavar="N", min=0
    )
    notation: Notation | None = option("The notation of the result. Default: names.")
    timeout_s: float | None = option(
        "The upper limit on the running time, in seconds. Default: no limit.",
        metavar="SECONDS",
        min=0.001,
    )


def _run(
    text: str, kernels: Kernels, options: ReductionOptions, context: RunContext
) -> MachineAnswer:
    deadline = None if options.timeout_s is None else clock.wall_s() + options.timeout_s
    most = TRACED if context.note else FUEL
    fuel = most if options.fuel is None else options.fuel
    found = None
    try:
        term = parse(text, context.path, deadline=deadline)
        reducer = LambdaReducer({STEP: compiled_step(BETA), **kernels})
        found = reducer(term, fuel=fuel, deadline=deadline, note=_noting(context.note))
        ended = found.stopped is None
        result = written(found.term, options.notation, deadline) if ended else None
    except OutOfTime:  # while the term was read, or its normal form written
        taken = found.steps if found else 0
        return MachineAnswer(
            lines=[],
            value={"outcome": OUTCOMES["time"], "result": None, "nodes": None},
            steps={"beta steps": taken},
            gave_up=f"no normal form after {taken:,} steps: {OUTCOMES['time']}",
        )
    return MachineAnswer(
        lines=[result] if result is not None else [],
        value={"outcome": OUTCOMES[found.stopped], "result": result, "nodes": found.term.size},
        steps={"beta steps": found.steps},
        gave_up=None if ended else _told(found),
    )


def _noting(note: Callable[[str], None] | None) -> Callable[[Step], None] | None:
    return None if note is None else lambda step: note(f"{STEP}  {step.text}")


def _told(found: Reduced) -> str:
    outcome = OUTCOMES[found.stopped]
    return f"no normal form after {found.steps:,} steps, at {found.term.size:,} nodes: {outcome}"


LAMBDA_JOB = MachineJob(
    name="lambda",
    about="the normal form of a lambda term, by reduction in normal order",
    kernels=KERNELS,
    run=_run,
    controllers={"": STEP},
    options=ReductionOptions,
    level="L2",
    argument="TERM",
)
