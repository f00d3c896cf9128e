"""Checkpoints: weights, the optimiser's state and the step, in one file that appears whole.

The examples of a step are drawn from the seed and the number of the step. So the number is the
whole state of randomness, and a run that is continued equals a run that was not interrupted.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from abduce.errors import InputError
from abduce.neural.store.files import SCHEMA, Wanted, read_one, write_one

WEIGHTS, OPTIMISER, BEST = "weights.", "optimiser.", "best."
ANEW = "Start anew, without --resume."
WANTED = Wanted(what="a checkpoint of `abduce train --method`", advice=ANEW, again=ANEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """How far a training has come.

    Attributes:
        step: the next one.
        cpu_s: seconds of the process so far.
        losses: (step, mean of the loss since the last one).
        recent: losses since the last mean.
        scores: (step, score), where the training is judged as it goes.
    """

    step: int = 0
    cpu_s: float = 0.0
    losses: tuple[tuple[int, float], ...] = ()
    recent: tuple[float, ...] = ()
    scores: tuple[tuple[int, float], ...] = ()

    def after(self, loss: float, cpu_s: float, every: int) -> "Progressed":
        """One step further; each `every` steps the losses are summed up."""
        step, recent, losses = self.step + 1, (*self.recent, loss), self.losses
        if step % every == 0:
            recent, losses = (), (*losses, (step, sum(recent) / len(recent)))
        return replace(self, step=step, cpu_s=cpu_s, losses=losses, recent=recent)

    def judged(self, score: float) -> "Progressed":
        """The same with the score of this step."""
        return replace(self, scores=(*self.scores, (self.step, score)))

    @property
    def since_best(self) -> int:
        """The number of judgements after the first one with the best score."""
        found = [score for _, score in self.scores]
        return len(found) - 1 - found.index(max(found)) if found else 0


def write_checkpoint(
    path: Path,
    identity: dict[str, Any],
    model: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    progressed: Progressed,
    best: Mapping[str, torch.Tensor] | None = None,
) -> None:
    """Write a checkpoint.

    Args:
        best: the weights with the best score so far, where the training is judged.

    Raises:
        OutputError: it cannot be written.
    """
    tensors = {WEIGHTS + name: value for name, value in model.state_dict().items()}
    tensors |= {BEST + name: value for name, value in (best or {}).items()}
    for name, parameter in model.named_parameters():
        for key, value in optimiser.state[parameter].items():
            tensors[f"{OPTIMISER}{key}.{name}"] = value
    arrays = {name: value.detach().cpu().numpy() for name, value in tensors.items()}
    write_one(path, arrays, {**identity, **asdict(progressed)})


def read_checkpoint(
    path: Path,
    identity: dict[str, Any],
    model: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
) -> tuple[Progressed, dict[str, torch.Tensor]]:
    """Put a model and its optimiser where they were, and say how far that is; also the weights
    with the best score, where the training is judged.

    Args:
        identity: the identity of the run that goes on; the run of the checkpoint must have the
            same.

    Raises:
        InputError: it cannot be read, or is of another run.
    """
    told, arrays = read_one(path, WANTED)
    for name, value in {"schema": SCHEMA, **identity}.items():
        if told.get(name) != value:
            found = f"a checkpoint with {name} {told.get(name)!r}"
            raise InputError(found, (f"{name} {value!r}",), path, advice=ANEW)
    tensors = {name: torch.from_numpy(value.copy()) for name, value in arrays.items()}
    model.load_state_dict(
        {n.removeprefix(WEIGHTS): v for n, v in tensors.items() if n.startswith(WEIGHTS)}
    )
    for name, parameter in model.named_parameters():
        state = optimiser.state[parameter]
        for key in ("step", "exp_avg", "exp_avg_sq"):
            value = tensors.get(f"{OPTIMISER}{key}.{name}")
            if value is not None:
                state[key] = value if key == "step" else value.to(parameter.device)
    losses = tuple((step, loss) for step, loss in told["losses"])
    recent = tuple(told["recent"])
    scores = tuple((step, score) for step, score in told.get("scores", ()))
    best = {n.removeprefix(BEST): v for n, v in tensors.items() if n.startswith(BEST)}
    at = Progressed(
        step=told["step"], cpu_s=told["cpu_s"], losses=losses, recent=recent, scores=scores
    )
    return at, best
