"""The loop that trains every module."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from abduce import clock
from abduce.neural.training.checkpoint import Progressed, read_checkpoint, write_checkpoint
from abduce.neural.training.experiment import (
    Batch,
    Experiment,
    Judge,
    ModuleScore,
    ModuleTask,
)

Progress = Callable[[str], None]
Ended = Literal["complete", "stopped early", "out of time", "interrupted", "diverged"]
TOLD_EVERY = 20
CHECKPOINT_EVERY_S = 20.0
TEST_SEED = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trained:
    """The result of a training. It is not proved.

    Attributes:
        steps: that were done; for a complete run, those of the schedule.
        examples: how many were seen, none of them twice but by chance.
        parameters: how many numbers were learned.
        cpu_s: seconds of the process, those before an interruption included.
        losses: (step, mean of the loss since the last one).
        scores: (step, score), where the training was judged; the weights are those of the best.
    """

    experiment: Experiment
    module: torch.nn.Module = field(repr=False)
    ended: Ended
    seed: int
    steps: int
    cpu_s: float
    losses: tuple[tuple[int, float], ...]
    scores: tuple[tuple[int, float], ...] = ()

    @property
    def examples(self) -> int:
        return self.steps * self.experiment.config.schedule.batch

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.module.parameters())

    @property
    def told(self) -> dict[str, Any]:
        """The fields that are kept in files and printed."""
        return {
            "ended": self.ended,
            "seed": self.seed,
            "steps": self.steps,
            "examples": self.examples,
            "parameters": self.parameters,
            "cpu_s": self.cpu_s,
        }


def train(
    experiment: Experiment,
    *,
    seed: int = 0,
    device: str = "cpu",
    deadline: float | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    checkpoint_every_s: float = CHECKPOINT_EVERY_S,
) -> Trained:
    """Train a model from its seed, or from where it was interrupted: the result is the same.

    Args:
        device: the device, by torch's name for it.
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
        stop: asked after each step whether to stop there.
        checkpoint: where to write one, from time to time and where a run ends early; it is removed
            at the end.
        resume: go on from the checkpoint, if there is one.
        checkpoint_every_s: the seconds between two checkpoints.

    Raises:
        InputError: the checkpoint is of another run.
        OutputError: the checkpoint cannot be written.
    """
    schedule = experiment.config.schedule
    identity = {"name": experiment.name, "seed": seed, "config": asdict(experiment.config)}
    identity |= experiment.given
    model = experiment.made(seed).to(device)
    rate, betas = schedule.rate, (schedule.first, schedule.second)
    groups = model.rates() if hasattr(model, "rates") else model.parameters()
    optimiser = torch.optim.Adam(groups, lr=rate, betas=betas)
    at, best = Progressed(), {}
    if resume and checkpoint is not None and checkpoint.exists():
        at, best = read_checkpoint(checkpoint, identity, model, optimiser)
    judge = experiment.judge
    ended: Ended = "complete"
    began, before, saved = clock.cpu_s(), at.cpu_s, clock.wall_s()
    model.train()
    while at.step < schedule.steps:
        if clock.passed(deadline):
            ended = "out of time"
            break
        if stop is not None and stop():
            ended = "interrupted"
            break
        if judge is not None and at.since_best >= judge.patience:
            ended = "stopped early"
            break
        loss = _step(experiment, model, optimiser, seed, at.step)
        if not math.isfinite(loss):
            ended = "diverged"
            break
        at = at.after(loss, before + clock.cpu_s() - began, TOLD_EVERY)
        if judge is not None and (at.step % judge.every == 0 or at.step == schedule.steps):
            at = at.judged(_judgement(judge, model))
            if at.since_best == 0:
                best = {name: value.clone() for name, value in model.state_dict().items()}
        if progress is not None and at.losses and not at.recent:
            progress(_told(experiment, at))
        if checkpoint is not None and clock.wall_s() - saved > checkpoint_every_s:
            write_checkpoint(checkpoint, identity, model, optimiser, at, best)
            saved = clock.wall_s()
    if checkpoint is not None:
        if ended in ("out of time", "interrupted"):
            write_checkpoint(checkpoint, identity, model, optimiser, at, best)
        else:
            checkpoint.unlink(missing_ok=True)
    if best:
        model.load_state_dict(best)
    return Trained(
        experiment=experiment,
        module=model.eval(),
        ended=ended,
        seed=seed,
        steps=at.step,
        cpu_s=round(at.cpu_s, 4),
        losses=at.losses,
        scores=at.scores,
    )


def _judgement(judge: Judge, model: Any) -> float:
    model.eval()
    with torch.no_grad():
        score = float(judge.score(model))
    model.train()
    return score


def _step(
    experiment: Experiment,
    model: Any,
    optimiser: torch.optim.Optimizer,
    seed: int,
    step: int,
) -> float:
    """One step of the optimiser, and the loss before it; nothing is changed where that is not
    finite."""
    schedule, network = experiment.config.schedule, experiment.config.network
    device = next(model.parameters()).device
    generator = np.random.default_rng((seed, step))
    batch = experiment.batch(network, generator, schedule.batch, step / schedule.steps)
    loss = model.loss(**tensors(batch, device))
    if not torch.isfinite(loss):
        return math.nan
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), schedule.clip)
    for group in optimiser.param_groups:
        group["lr"] = schedule.rate_at(step) * group.get("share", 1.0)
    optimiser.step()
    return float(loss.detach())


def tensors(batch: Batch, device: torch.device) -> dict[str, torch.Tensor]:
    """The arrays of a batch on a device."""
    return {name: torch.from_numpy(value).to(device) for name, value in batch.items()}


def measured(
    task: ModuleTask, modules: Mapping[str, Any], size: int, inputs: int | None = None
) -> dict[str, Any]:
    """How well a task is done at one size, on inputs that no seed of a training draws.

    Returns:
        n, inputs, accuracy (the share of right entries), exact (the share of inputs that are right
        in every entry), error (the mean, where the task has one) and cpu_s; where inputs are of
        families, `families`, of each inputs, accuracy and exact.
    """
    began = clock.cpu_s()
    generator = np.random.default_rng(np.random.SeedSequence(TEST_SEED, spawn_key=(size,)))
    with torch.no_grad():
        scores: list[ModuleScore] = list(
            task.score(modules, size, inputs or task.inputs, generator)
        )
    errors = [score.error for score in scores if score.error is not None]
    found = {
        "n": size,
        **_shares(scores),
        "error": float(np.mean(errors)) if errors else None,
        "cpu_s": round(clock.cpu_s() - began, 4),
    }
    families = dict.fromkeys(score.family for score in scores if score.family is not None)
    if families:
        found["families"] = {
            family: _shares([score for score in scores if score.family == family])
            for family in families
        }
    return found


def _shares(scores: Sequence[ModuleScore]) -> dict[str, Any]:
    return {
        "inputs": len(scores),
        "accuracy": sum(score.right for score in scores) / sum(score.entries for score in scores),
        "exact": sum(score.right == score.entries for score in scores) / len(scores),
    }


def _told(experiment: Experiment, at: Progressed) -> str:
    steps = experiment.config.schedule.steps
    left = at.cpu_s / at.step * (steps - at.step)
    score = f"score {at.scores[-1][1]:.4f}, " if at.scores else ""
    return (
        f"{experiment.name}: step {at.step:,} of {steps:,}, loss {at.losses[-1][1]:.4f}, {score}"
        f"about {left:.0f} CPU s left"
    )
