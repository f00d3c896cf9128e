"""The fixed point of a contraction, with the gradient of the implicit function theorem.

    z = f(z, p)   ->   dz/dp = (I - df/dz)^-1 df/dp

The transposed system is solved by the same kind of iteration as the fixed point itself, so that
memory does not grow with the number of iterations.

Source: Park et al. 2022, Convergent graph solvers, section 3; Bai et al. 2019, Deep equilibrium
models.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor


def fixed_point(
    step: Callable[[Tensor], Tensor],
    start: Float[Tensor, "*shape"],
    *,
    tolerance: float = 1e-6,
    limit: int = 100,
) -> Float[Tensor, "*shape"]:
    """The fixed point of a contraction, differentiable in all its parameters.

    Args:
        step: shrinks differences, in the largest entry, by a factor below 1.
        start: any value; the result does not depend on it.
        tolerance: the largest change of an entry, relative to the largest entry, at which
            iterations end, forwards and backwards.
        limit: the upper limit on iterations.
    """
    with torch.no_grad():
        found = _iterated(step, start, tolerance, limit)
    if not torch.is_grad_enabled():
        return found
    result = step(found)
    if not result.requires_grad:
        return result
    at = found.detach().requires_grad_()
    again = step(at)

    def implicit(gradient: Tensor) -> Tensor:
        def pulled_back(known: Tensor) -> Tensor:
            (through,) = torch.autograd.grad(again, at, known, retain_graph=True)
            return gradient + through

        return _iterated(pulled_back, gradient, tolerance, limit)

    result.register_hook(implicit)
    return result


def _iterated(
    step: Callable[[Tensor], Tensor], value: Tensor, tolerance: float, limit: int
) -> Tensor:
    for _ in range(limit):
        following = step(value)
        change = (following - value).abs().max()
        value = following
        if change <= tolerance * value.abs().max():
            break
    return value
