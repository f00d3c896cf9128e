"""What a convergent solver is asked: the values of a decision process, and what is best to do.

It knows processes whose actions lead to one state each, and one discount. States may have different
numbers of actions: those of a state that has fewer are said several times, which changes no value.
"""

from fractions import Fraction
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.neural.modules.answers import Exact, ModuleAnswer, ModuleJob, check_size
from abduce.neural.modules.convergent.processes import DISCOUNT, worth
from abduce.symbolic.machines.graphs.processes import Process, read_process
from abduce.symbolic.machines.jobs import Kernels, NoOptions, RunContext

MOST = 20_000
"""The upper limit on states; this many need several hundred megabytes of memory."""
ADVICE = "The exact machine takes any process: abduce execute value-iteration"
NEAR = 1e-5


def _solve(
    text: str, models: Kernels, _: NoOptions, context: RunContext, exact: Exact
) -> ModuleAnswer:
    """An entry is a state: the action that is best by the values found is so by the true ones, to
    1e-5 of the largest."""
    import torch

    process = read_process(text, context.path)
    check_size(len(process), MOST, "states", context, "value-iteration")
    choices = _choices(process, context.path)
    following, rewards = process.target[choices], process.reward[choices]
    (module,) = models.values()
    device = next(module.parameters()).device
    sent = (following, rewards.astype(np.float32))
    found = module(*(torch.from_numpy(part[None]).to(device) for part in sent))
    values = found.cpu().numpy().astype(np.float64)
    chosen = worth(following[None], rewards[None], values)[0].argmax(1)
    rows = [
        {"state": state, "value": value, "action": process.actions[choice]}
        for state, value, choice in zip(
            process.states,
            values[0].tolist(),
            np.take_along_axis(choices, chosen[:, None], 1)[:, 0].tolist(),
            strict=True,
        )
    ]
    told = exact().value["states"]
    true = np.array([row["value"] for row in told])
    scale = float(np.abs(true).max())
    sums = worth(following[None], rewards[None], true[None])[0]
    taken = np.take_along_axis(sums, chosen[:, None], 1)[:, 0]
    best = taken >= sums.max(1) - NEAR * scale
    off = float(np.abs(values[0] - true).mean()) / scale if scale else None
    remarks = ()
    if not best.all():
        place = int(best.argmin())
        remarks = (f"in {rows[place]['state']} it does {rows[place]['action']}; "
                   f"the exact machine does {told[place]['action']}",)  # fmt: skip
    if off is not None:
        remarks += (f"values are off by {100 * off:.3g} % of the largest, in the mean",)
    return ModuleAnswer(
        lines=[
            "state  value  action",
            *(f"{row['state']}  {row['value']:.6g}  {row['action']}" for row in rows),
        ],
        value={"states": rows},
        size=len(process),
        right=int(best.sum()),
        entries=len(process),
        entry="actions",
        error=off,
        remarks=remarks,
    )


def _choices(process: Process, path: Path | str) -> np.ndarray:
    """(states, actions), the choices of each state, repeated to as many as any has.

    Raises:
        InputError: an action has several outcomes, or the discount is another.
    """
    if process.discount != Fraction(str(DISCOUNT)):
        expected = (f"{DISCOUNT}, which is all that the module has seen",)
        found = f"the discount {float(process.discount):g}"
        raise InputError(found, expected, path, advice=ADVICE)
    outcomes = np.diff([*process.branch.tolist(), len(process.target)])
    if outcomes.max() > 1:
        choice = int(outcomes.argmax())
        state = int(np.searchsorted(process.start, choice, side="right")) - 1
        found = (
            f"{outcomes[choice]} outcomes of {process.actions[choice]!r} "
            f"in {process.states[state]!r}"
        )
        raise InputError(found, ("one outcome of an action",), path, advice=ADVICE)
    counts = np.diff([*process.start.tolist(), len(process.actions)])
    return process.start[:, None] + np.arange(counts.max()) % counts[:, None]


CONVERGENT_JOBS = (
    ModuleJob(task="value-iteration", machine=("value-iteration", ""), run=_solve, traced=False),
)
