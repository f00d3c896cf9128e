"""Neural modules as jobs of the benchmark of executed programs: tested, not proved.

Their records have the metrics of the others, and of each size how far numbers were off, where that
says something.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from abduce import clock
from abduce.neural.modules.catalogue import module_task

if TYPE_CHECKING:
    from abduce.neural.training.loop import Trained

MODULE = "module"
"""The level of neural modules, which are learned and not proved."""
MODULE_SEEDS = 1
"""The default number of seeds; a training takes minutes."""


def run_module(
    task: str, method: str, models: "Mapping[str, Trained]", deadline: float
) -> tuple[dict[str, Any], bool]:
    """The metrics of a record, and whether they are all there.

    Args:
        models: what was trained, by the names of the experiments. Where the time was up before a
            training ended, nothing is tested.
    """
    from abduce.neural.training.loop import measured

    module = module_task(task, method)
    late = any(trained.ended == "out of time" for trained in models.values())
    parts = {name: trained.module for name, trained in models.items()}
    sizes: dict[str, dict[str, Any]] = {}
    for size in module.sizes:
        if late or clock.wall_s() > deadline:
            break
        sizes[str(size)] = measured(module, parts, size)
    metrics = {
        "proved": False,
        "train_s": round(sum(trained.cpu_s for trained in models.values()), 4),
        "parameters": sum(trained.parameters for trained in models.values()),
        "examples": sum(trained.examples for trained in models.values()),
        "kernels": {},
        "models": {
            name: {
                "ended": trained.ended,
                "examples": trained.examples,
                "parameters": trained.parameters,
                "cpu_s": trained.cpu_s,
            }
            for name, trained in models.items()
        },
        "trained_on": list(module.trained_on),
        "unit": module.unit,
        "accuracy": min((size["exact"] for size in sizes.values()), default=None),
        "test_s": round(sum(size["cpu_s"] for size in sizes.values()), 4),
        "sizes": sizes,
    }
    ended = all(trained.ended == "complete" for trained in models.values())
    return metrics, ended and len(sizes) == len(module.sizes)
