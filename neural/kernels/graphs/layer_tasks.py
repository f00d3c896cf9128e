"""Kernels whose fixed point is the answer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from abduce.neural.kernels.config import CONFIG, PathsConfig, ProcessesConfig, SamplesConfig
from abduce.neural.kernels.graphs.decisions import Decisions, paths, processes
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.symbolic.programs.bellman import LAYERS, Layer


def _layer(config: ProcessesConfig | PathsConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.graphs.layer import LayerKernel

    return LayerKernel(config.layer, seed)


def _task(
    name: str,
    about: str,
    examples: Callable[[Any, np.random.Generator], list[Decisions]],
    samples: SamplesConfig,
) -> KernelTask:
    return KernelTask(
        name=name,
        about=about,
        learned_from=f"the final values of {samples.graphs} random graphs of "
        f"{samples.least_states} to {samples.most_states} states",
        part=name.replace("-", "_"),
        specification=LAYERS[name],
        exact=Layer.from_arrays,
        examples=examples,
        module=_layer,
    )


LAYER_TASKS: tuple[KernelTask, ...] = (
    _task(
        "value-iteration",
        "one step of value iteration for a decision process",
        processes,
        CONFIG.value_iteration.samples,
    ),
    _task(
        "shortest-path",
        "one step of value iteration for shortest paths",
        paths,
        CONFIG.shortest_path.samples,
    ),
)
