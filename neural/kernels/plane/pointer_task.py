"""The kernel that points from point to point, learned from shortest tours of few points."""

from abduce.neural.kernels.config import CONFIG, PointerConfig
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.plane.small_tours import tour_pairs
from abduce.symbolic.programs.pointers import POINTER, Pointers


def _pointer(config: PointerConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.plane.pointer import PointerKernel

    return PointerKernel(config, POINTER, seed)


POINTER_TASK = KernelTask(
    name="pointer",
    about="which of its near points a point should be joined to in a tour",
    learned_from="the shortest tours of "
    + " and ".join(
        f"{each.tours} random sets of {each.points} points"
        for each in (CONFIG.pointer.smaller, CONFIG.pointer.larger)
    ),
    part="pointer",
    specification=POINTER,
    exact=Pointers.from_arrays,
    examples=tour_pairs,
    module=_pointer,
)
