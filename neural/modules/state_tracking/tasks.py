"""The words that state trackers are trained on, and how far beyond they are tested."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from abduce.neural.modules.config import TrackerConfig
from abduce.neural.modules.state_tracking.groups import cyclic, moving, permuting, words
from abduce.neural.training.experiment import (
    Experiment,
    ModuleConfig,
    ModuleScore,
    ModuleTask,
    Schedule,
)

SOURCE = "Siems et al. 2025, DeltaProduct; Grazzi et al. 2025, negative eigenvalues"
SHORT = TrackerConfig(width=64, heads=4, layers=2, convolution=4)
"""The configuration for cyclic groups, as in the sources, at half the width."""
LONG = TrackerConfig(width=128, heads=8, layers=1)
"""The configuration for groups in which one or two reflections per letter are enough. There is one
layer, so that the recurrence does all the work. A swap is one reflection; a 3-cycle and a rotation
are two."""


def _model(symbols: int, config: TrackerConfig, seed: int) -> Any:
    from abduce.neural.modules.state_tracking.model import StateTracker

    return StateTracker(config, seed, symbols=symbols)


def _batch(
    table: np.ndarray,
    letters: np.ndarray | None,
    shortest: int,
    longest: int,
    config: TrackerConfig,
    generator: np.random.Generator,
    count: int,
    done: float,
) -> Mapping[str, np.ndarray]:
    """Words of one length, which is drawn from a range that grows with the training."""
    share = done / config.grown if done < config.grown else 1.0
    reach = shortest + (longest - shortest) * share
    length = int(generator.integers(shortest, int(reach) + 1))
    return words(table, count, length, generator, letters)


def _score(
    table: np.ndarray,
    letters: np.ndarray | None,
    name: str,
    modules: Mapping[str, Any],
    length: int,
    inputs: int,
    generator: np.random.Generator,
) -> Iterator[ModuleScore]:
    """An entry is the state after a letter."""
    import torch

    module = modules[name]
    drawn = words(table, inputs, length, generator, letters)
    device = next(module.parameters()).device
    found = module(torch.from_numpy(drawn["tokens"]).to(device)).argmax(-1).cpu().numpy()
    for right in (found == drawn["states"]).sum(1).tolist():
        yield ModuleScore(right, length)


def _task(
    task: str,
    about: str,
    table: np.ndarray,
    method: str,
    trained_on: tuple[int, int],
    schedule: Schedule,
    network: TrackerConfig,
    letters: np.ndarray | None = None,
) -> ModuleTask:
    experiment = Experiment(
        name=f"{method}-{task}",
        about=about,
        model=partial(_model, table.shape[1]),
        batch=partial(_batch, table, letters, *trained_on),
        config=ModuleConfig(schedule=schedule, network=network),
    )
    return ModuleTask(
        task=task,
        method=method,
        about=about,
        experiments=(experiment,),
        sizes=(trained_on[1], 64, 128, 256, 512),
        unit="letters of a word",
        trained_on=trained_on,
        inputs=128,
        score=partial(_score, table, letters, experiment.name),
        given="the form of the recurrence; in training, the state is shown after every letter",
        source=SOURCE,
    )


def _tasks() -> Iterator[ModuleTask]:
    brief = Schedule(steps=2000, batch=128, rate=2e-3)
    tables = {"parity": ("the sum of bits modulo 2", cyclic(2))}
    tables |= {"mod-5": ("the sum of digits modulo 5", cyclic(5))}
    for task, (about, table) in tables.items():
        for method, negative in (("deltanet", True), ("deltanet-positive", False)):
            network = replace(SHORT, negative=negative)
            yield _task(task, about, table, method, (3, 40), brief, network)
    turning = Schedule(steps=2500, batch=128, rate=3e-3)
    about, table = tables["mod-5"]
    yield _task("mod-5", about, table, "deltaproduct", (3, 40), turning, replace(LONG, turns=2))
    permuted = (
        (3, 2, None, "permutations", 1500),
        (4, 1, moving(4, 2), "swaps", 2500),
        (5, 1, moving(5, 2), "swaps", 2500),
        (5, 2, moving(5, 3), "swaps and 3-cycles", 2500),
    )
    for things, turns, letters, kinds, steps in permuted:
        about = f"products of {kinds} of {things} elements"
        method = "deltanet" if turns == 1 else "deltaproduct"
        schedule = Schedule(steps=steps, batch=128, rate=3e-3)
        network, table = replace(LONG, turns=turns), permuting(things)
        yield _task(f"s{things}", about, table, method, (2, 32), schedule, network, letters)


STATE_TRACKING: tuple[ModuleTask, ...] = tuple(_tasks())
