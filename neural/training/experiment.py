"""What is trained, on what, for how long; and what the trained modules are then asked to do.

Nothing here imports torch, so that modules can be listed without it.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

Batch = Mapping[str, np.ndarray]

METHOD: Final = 2
"""The version of the method, which is part of every record's configuration and so of its id. Raise
it with every change after which the same settings may train something else. Records of method 1
have a part of the configuration, and none in their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long to train, and how fast.

    Attributes:
        steps: the number of steps of the optimiser, Adam.
        batch: examples a step.
        rate: the highest learning rate; it rises in a line over `warm_up` steps, and falls to
            nothing along half a cosine.
        first, second: how slowly Adam forgets gradients and their squares (beta 1 and 2).
        clip: gradients are scaled down to this norm.
    """

    steps: int
    batch: int
    rate: float = 1e-3
    warm_up: int = 100
    first: float = 0.9
    second: float = 0.98
    clip: float = 1.0

    def rate_at(self, step: int) -> float:
        """The learning rate of a step, counted from 0.

        >>> schedule = Schedule(steps=100, batch=1, rate=1.0, warm_up=10)
        >>> [round(schedule.rate_at(step), 2) for step in (0, 9, 10, 55, 99)]
        [0.1, 1.0, 1.0, 0.5, 0.0]
        """
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        done = (step - self.warm_up) / (self.steps - self.warm_up)
        return self.rate * 0.5 * (1 + math.cos(math.pi * done))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleConfig:
    """The settings of a network and its training.

    Attributes:
        network: the configuration of its architecture, a frozen dataclass.
    """

    schedule: Schedule
    network: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """How a model is judged while it is trained, so that the best weights are kept.

    Attributes:
        score: the score of a module on examples that it is not trained on; higher is better.
        every: the number of steps between two judgements.
        patience: the number of judgements in a row without a better score after which the training
            ends.
    """

    score: Callable[[Any], float]
    every: int
    patience: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One model to train.

    Attributes:
        name: the name under which it is kept.
        about: what the model learns, in a few words.
        config: how it is made and trained.
        model: makes a module, given the configuration of the network and a seed. Its method `loss`
            takes the arrays of a batch, as tensors, by name. A method `rates`, if it has one, gives
            groups of parameters with their shares of the learning rate. Imports torch.
        batch: makes examples, given the configuration of the network, a generator, the number of
            examples, and the share of the training that is done. That share, from 0 to below 1, is
            for examples that grow.
        judge: how it is judged as it goes; None where the last weights are kept.
        given: the checksums of what else the training depends on, by name. A checkpoint of other
            ones is refused.
    """

    name: str
    about: str
    model: Callable[..., Any]
    batch: Callable[[Any, np.random.Generator, int, float], Batch]
    config: ModuleConfig
    judge: Judge | None = None
    given: Mapping[str, str] = field(default_factory=dict, hash=False)

    def made(self, seed: int) -> Any:
        """The module with its first weights."""
        return self.model(self.config.network, seed)

    def with_config(self, schedule: Mapping[str, Any], network: Mapping[str, Any]) -> "Experiment":
        """The same with some fields of its configuration changed."""
        changed = ModuleConfig(
            schedule=replace(self.config.schedule, **schedule),
            network=replace(self.config.network, **network),
        )
        return replace(self, config=changed)


@dataclass(frozen=True, slots=True)
class ModuleScore:
    """The score of one input: the right entries, and all entries.

    Attributes:
        error: where answers are numbers or lengths, how far off they were: 0.1 is 10 %.
        family: where inputs are of several, its name; they are told apart.
    """

    right: int
    entries: int
    error: float | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleTask:
    """The task of trained modules, and the sizes at which they are tested.

    Attributes:
        experiments: the models that it takes.
        sizes: what it is tested at, some of them beyond the training.
        unit: the unit of sizes.
        trained_on: the least and the largest size of the training.
        inputs: the number of inputs tested of each size.
        score: the score, given the models by name, a size, the number of inputs, and a generator.
        given: what is written by hand, and so not learned.
        source: the work that the module follows.
    """

    task: str
    method: str
    about: str
    experiments: Sequence[Experiment]
    sizes: Sequence[int]
    unit: str
    trained_on: tuple[int, int]
    inputs: int
    score: Callable[[Mapping[str, Any], int, int, np.random.Generator], Iterable[ModuleScore]]
    given: str
    source: str
