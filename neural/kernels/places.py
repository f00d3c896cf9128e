"""Where kernels are taken from: a folder that is named, the folder of this place, or the package.

With the package come kernels that were trained with seed 0 and proved; they are proved again when
they are read, as all others. Who trains kernels uses those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from abduce.errors import InputError
from abduce.neural.kernels.files import load, missing
from abduce.neural.kernels.kernel import KernelTask, LearnedKernel
from abduce.neural.store.files import paths

HERE = Path("kernels")
SHIPPED = Path(__file__).parent / "shipped"


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A kernel that was read.

    Attributes:
        place: the folder, SHIPPED for those of the package.
    """

    learned: LearnedKernel
    place: Path


def read(
    tasks: Sequence[KernelTask], folder: Path | None = None, *, deadline: float | None = None
) -> list[Kept]:
    """Kernels, proved again, whatever the verdict.

    Args:
        folder: where they are; None for HERE, where a kernel is kept there, else SHIPPED.

    Raises:
        InputError: one is not there, or is none.
        ChecksumError: its arrays are not those that its JSON speaks of.
    """
    if folder is not None and (absent := missing(tasks, folder)):
        advice = (
            f"Train them: abduce train {' '.join(absent)}; use those that come with Abduce, "
            "without --kernels; or run the task with --level L0, which needs no trained kernels."
        )
        found = f"no kernel {', '.join(absent)}"
        raise InputError(found, ("trained kernels",), folder, advice=advice)
    places = [folder or _place(task) for task in tasks]
    return [
        Kept(load(task, place, deadline=deadline), place)
        for task, place in zip(tasks, places, strict=True)
    ]


def _place(task: KernelTask) -> Path:
    """The folder of a kernel. A single file of a kernel counts, so half a kernel is an error."""
    return HERE if any(path.exists() for path in paths(HERE, task.name)) else SHIPPED
