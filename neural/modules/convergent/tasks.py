"""Values of decision processes, learned on small ones."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from abduce.neural.modules.config import SolverConfig
from abduce.neural.modules.convergent.processes import processes, worth
from abduce.neural.training.experiment import (
    Experiment,
    ModuleConfig,
    ModuleScore,
    ModuleTask,
    Schedule,
)

STATES = (20, 50)
ACTIONS = (5, 10)


def _model(config: SolverConfig, seed: int) -> Any:
    from abduce.neural.modules.convergent.model import ConvergentSolver

    return ConvergentSolver(config, seed)


def _batch(
    config: SolverConfig, generator: np.random.Generator, count: int, done: float
) -> Mapping[str, np.ndarray]:
    states, actions = (int(generator.integers(low, high + 1)) for low, high in (STATES, ACTIONS))
    return processes(generator, count, states, actions)


def _score(
    modules: Mapping[str, Any], states: int, inputs: int, generator: np.random.Generator
) -> Iterator[ModuleScore]:
    """An entry is a state: the action that is best by the values found is one that is best by the
    true ones, to 1e-5. The error is the mean of the errors of values, relative to them."""
    import torch

    (module,) = modules.values()
    device = next(module.parameters()).device
    for _ in range(inputs):
        drawn = processes(generator, 1, states, int(generator.integers(*ACTIONS, endpoint=True)))
        sent = (torch.from_numpy(drawn[name]).to(device) for name in ("following", "rewards"))
        found = module(*sent).cpu().numpy()
        following, rewards, values = (drawn[n] for n in ("following", "rewards", "values"))
        chosen = worth(following, rewards, found).argmax(2)
        true = worth(following, rewards, values)
        best = np.take_along_axis(true, chosen[:, :, None], 2)[:, :, 0] >= true.max(2) - 1e-5
        error = float(np.mean(np.abs(found - values) / values))
        yield ModuleScore(int(best.sum()), states, error)


EXPERIMENT = Experiment(
    name="convergent-value-iteration",
    about="the optimal values of Markov decision processes",
    model=_model,
    batch=_batch,
    config=ModuleConfig(schedule=Schedule(steps=4000, batch=16, rate=3e-3), network=SolverConfig()),
)
CONVERGENT: tuple[ModuleTask, ...] = (
    ModuleTask(
        task="value-iteration",
        method="convergent",
        about=EXPERIMENT.about,
        experiments=(EXPERIMENT,),
        sizes=(20, 50, 100, 200, 500, 1000),
        unit="states of a decision process",
        trained_on=STATES,
        inputs=8,
        score=_score,
        given="that a fixed point exists; the discount appears only in the examples",
        source="Park et al. 2022, Convergent graph solvers",
    ),
)
