"""Learning to see from the values of sentences: expectation and gradient, a batch at a time.

The gradient of the log probability of a sentence's value, with respect to the logits of an image,
is the posterior of its symbols less what the network sees. So cross-entropy towards the posteriors
is the exact gradient step.

Source: Dempster, Laird and Rubin 1977 (expectation-maximisation); Manhaeve et al. 2018, DeepProbLog
(the gradient through the derivations).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy, log_softmax

from abduce import clock
from abduce.neural.perception.config import PerceptionConfig, Training
from abduce.neural.perception.distorting import distorted
from abduce.neural.perception.enclosing import radius_at, worst_loss
from abduce.neural.perception.network import Seeing
from abduce.neural.perception.rows import ImageRow, batches
from abduce.neural.perception.teaching import ByValue, Teacher

Progress = Callable[[str], None]
Labelled = tuple[np.ndarray, np.ndarray]
"""Numbers of images, and of the symbol of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A trained network, and how the training went.

    Attributes:
        images: the number of images seen in training.
        in_time: whether the training was complete.
        told: a text for each pass, which says what was taught.
    """

    network: Seeing
    images: int
    in_time: bool
    cpu_s: float
    told: tuple[str, ...]


def learn_to_see(
    rows: Sequence[ImageRow],
    images: np.ndarray,
    teacher: Teacher,
    symbols: int,
    config: PerceptionConfig,
    *,
    labelled: Labelled | None = None,
    seed: int = 0,
    network: Seeing | None = None,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Seen:
    """Train a network on sentences of images.

    Args:
        images: [images, height, width], bytes; 255 is ink.
        teacher: says what a row teaches. If it counts readings, it estimates their shares after
            each pass.
        labelled: images whose symbol is told; some are part of each step.
        network: the network to go on with; None for a new one.
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    with torch.random.fork_rng(devices=[]):  # dropout draws from the global generator
        torch.manual_seed(seed)
        began, training = clock.cpu_s(), config.training
        network = network or Seeing(config.network, symbols, seed)
        generator = np.random.default_rng(seed)
        random = torch.Generator().manual_seed(seed)
        optimiser = torch.optim.AdamW(
            network.parameters(), training.rate, weight_decay=training.decay
        )
        inks = torch.from_numpy(images).unsqueeze(1)
        lengths = sorted({len(row.images) for row in rows})
        told: list[str] = []
        done, in_time = 0, True
        while done < training.images and in_time:
            most = lengths[_stage(done / training.images, training.grown, len(lengths))]
            admitted = [row for row in rows if len(row.images) <= most]
            losses: list[float] = []
            for batch in batches(admitted, training.batch, generator):
                if clock.passed(deadline):
                    in_time = False
                    break
                for group in optimiser.param_groups:
                    group["lr"] = training.rate * _pace(done / training.images, training)
                numbers = np.concatenate([row.images for row in batch])
                taught = inks[numbers].float() / 255
                loss = _step(
                    network,
                    optimiser,
                    batch,
                    distorted(taught, config.distortions, random),
                    teacher,
                    _some(labelled, inks, config, random),
                    training,
                    done / training.images,
                )
                losses.append(loss)
                done += len(numbers)
                stage = lengths[_stage(done / training.images, training.grown, len(lengths))]
                if done >= training.images or stage != most:
                    break
            told.append(_told(done, most, losses, teacher))
            if progress:
                progress(told[-1])
            if isinstance(teacher, ByValue):
                teacher.estimate(training.uses)
        return Seen(
            network=network.eval(),
            images=done,
            in_time=in_time,
            cpu_s=round(clock.cpu_s() - began, 3),
            told=tuple(told),
        )


def _some(
    labelled: Labelled | None,
    inks: torch.Tensor,
    config: PerceptionConfig,
    random: torch.Generator,
) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Images with labels for a step, drawn at random, at most a quarter of a batch."""
    if labelled is None:
        return None
    images, labels = labelled
    most = max(1, config.training.batch // 4)
    drawn = torch.randperm(len(images), generator=random)[:most].numpy()
    shown = inks[images[drawn]].float() / 255
    return distorted(shown, config.distortions, random), torch.from_numpy(labels[drawn])


def _stage(share: float, grown: float, stages: int) -> int:
    """The stage of a training of which a share is done; the last one after `grown`."""
    return stages - 1 if share >= grown else int(share / grown * stages)


def _pace(share: float, training: Training) -> float:
    """The learning rate as a share of the highest."""
    if share <= training.steady:
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * (share - training.steady) / (1 - training.steady)))


def _step(
    network: Seeing,
    optimiser: torch.optim.Optimizer,
    batch: Sequence[ImageRow],
    shown: torch.Tensor,
    teacher: Teacher,
    labelled: tuple[torch.Tensor, torch.Tensor] | None,
    training: Training,
    share_done: float,
) -> float:
    """One step towards what the rows teach; the loss before it."""
    network.train()
    size = len(shown)
    logits = network(shown if labelled is None else torch.cat([shown, labelled[0]]))
    seen = torch.softmax(logits[:size].detach().double(), 1).numpy()
    wanted = np.zeros_like(seen)
    at = 0
    for row in batch:
        rows = slice(at, at + len(row.images))
        at = rows.stop
        possible = seen[rows] if row.allowed is None else seen[rows] * row.allowed
        taught = teacher(row, possible)
        if taught is not None:
            wanted[rows] = taught if training.soft else np.eye(seen.shape[1])[taught.argmax(1)]
    known = max(1.0, wanted.sum())
    loss = -(torch.from_numpy(wanted).float() * log_softmax(logits[:size], 1)).sum() / known
    if labelled is not None:
        loss = loss + cross_entropy(logits[size:], labelled[1])
    radius = radius_at(share_done, training.robust)
    if radius > 0.0:
        loss = loss + training.robust.share * (
            _worst(network, shown, wanted, labelled, radius) - loss
        )
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def _worst(
    network: Seeing,
    shown: torch.Tensor,
    wanted: np.ndarray,
    labelled: tuple[torch.Tensor, torch.Tensor] | None,
    radius: float,
) -> torch.Tensor:
    """The loss over balls around the images of which something is known."""
    known = torch.from_numpy(np.flatnonzero(wanted.sum(1) > 0.0))
    images, symbols = shown[known], torch.from_numpy(wanted.argmax(1))[known]
    if labelled is not None:
        images, symbols = torch.cat([images, labelled[0]]), torch.cat([symbols, labelled[1]])
    if len(images) < 2:
        return torch.zeros(())
    return worst_loss(network, images, symbols, radius)


def _told(done: int, most: int, losses: Sequence[float], teacher: Teacher) -> str:
    text = f"{done:,} images, sentences up to {most}, loss {sum(losses) / max(1, len(losses)):.4f}"
    if isinstance(teacher, ByValue):
        text += f", {teacher.told}"
    return text
