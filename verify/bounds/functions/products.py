"""Products of two values that both depend on the input, entry by entry.

Source: McCormick 1976, Computability of global solutions, part I.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce.verify.networks.functions.lines import Lines
from abduce.verify.rounding import UNIT

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class EntrywiseProduct:
    """u v, of z = (u, v) one after the other."""

    is_hinge: ClassVar[bool] = False
    is_identity: ClassVar[bool] = False
    has_free_slopes: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        """At points (P, size of z)."""
        n = z.shape[-1] // 2
        return z[:, :n] * z[:, n:]

    def pulled(self, z: Array, outer: Array) -> Array:
        """The gradient by z of ``outer @ value``, (P, size of z)."""
        n = z.shape[-1] // 2
        return np.concatenate([outer * z[:, n:], outer * z[:, :n]], -1)

    def bounds(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The bounds of each entry over boxes (D, size of z), rounded outwards."""
        n = low.shape[-1] // 2
        with np.errstate(over="ignore", invalid="ignore"):
            corners = [a[..., :n] * b[..., n:] for a in (low, high) for b in (low, high)]
        least, most = np.minimum.reduce(corners), np.maximum.reduce(corners)
        least, most = np.nextafter(least, -np.inf), np.nextafter(most, np.inf)
        return np.where(least == least, least, -np.inf), np.where(most == most, most, np.inf)


def product_lines(low: Array, high: Array, share: Array | float = 0.5) -> Lines:
    """Planes around u v: for each side a mixture of McCormick's two.

    What a plane of any slopes needs is found at the corners, between which the difference to the
    product is linear in each variable.

    Args:
        share: the share of the second plane in the mixture, 0 to 1, (..., n) or a number.
    """
    n = low.shape[-1] // 2
    (ul, vl), (uh, vh) = (low[..., :n], low[..., n:]), (high[..., :n], high[..., n:])

    def plane(u: Array, other: Array, sign: float) -> tuple[Array, Array]:
        for_u, for_v = vl + share * (vh - vl), u + share * (other - u)
        for_u, for_v = (np.where(np.isfinite(k), k, 0.0) for k in (for_u, for_v))
        rest = np.full_like(for_u, np.inf)
        for a in (ul, uh):
            for b in (vl, vh):
                parts = a * b, for_u * a, for_v * b
                error = 8 * UNIT * sum(map(np.abs, parts))
                rest = np.minimum(rest, sign * (parts[0] - parts[1] - parts[2]) - error)
        rest = np.where(rest == rest, rest, -np.inf)
        return np.concatenate([for_u, for_v], -1), sign * rest

    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        lower_slope, lower = plane(ul, uh, 1.0)
        upper_slope, upper = plane(uh, ul, -1.0)
    return Lines(lower_slope, lower, upper_slope, upper)
