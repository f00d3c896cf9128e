"""Kernels whose fixed point is the answer."""

from collections.abc import Callable

import numpy as np

from abduce.neural.kernels.graphs.decisions import GRAPHS, Decisions, paths, processes
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.symbolic.programs.bellman import LAYERS, Layer


def _layer(seed: int) -> Kernel:
    from abduce.neural.kernels.graphs.layer import LayerKernel

    return LayerKernel(seed)


def _task(
    name: str, about: str, examples: Callable[[np.random.Generator], list[Decisions]]
) -> KernelTask:
    return KernelTask(
        name=name,
        about=about,
        learned_from=f"the final values of {GRAPHS} random graphs of 20 to 50 states",
        specification=LAYERS[name],
        exact=Layer.from_arrays,
        examples=examples,
        module=_layer,
    )


LAYER_TASKS: tuple[KernelTask, ...] = (
    _task("value-iteration", "one step of value iteration for a decision process", processes),
    _task("shortest-path", "one step of value iteration for shortest paths", paths),
)
