"""The kernel that points from point to point, learned from shortest tours of few points."""

from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.plane.small_tours import TOURS, tour_pairs
from abduce.symbolic.programs.pointers import POINTER, Pointers


def _pointer(seed: int) -> Kernel:
    from abduce.neural.kernels.plane.pointer import PointerKernel

    return PointerKernel(POINTER, seed)


POINTER_TASK = KernelTask(
    name="pointer",
    about="which of its near points a point should be joined to in a tour",
    learned_from="the shortest tours of "
    + " and ".join(f"{count} random sets of {n} points" for n, count in TOURS),
    specification=POINTER,
    exact=Pointers.from_arrays,
    examples=tour_pairs,
    module=_pointer,
)
