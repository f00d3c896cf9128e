"""Bounds on rounding errors, which hold for any order of summation.

With unit roundoff u = 2^-53, a dot product of n terms is off by at most gamma(n) times the dot
product of the absolute values. This holds for any order of summation, fused or not. All bounds are
widened by such terms, so they hold in exact real arithmetic for the network's weights.

Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.1.
"""

from typing import Final

UNIT: Final = 2.0**-53
TINY: Final = 1e-290
"""An upper limit on all underflows in one bound together; it is added where terms may underflow."""


def gamma(n: int) -> float:
    """n u / (1 - n u), with room for the rounding of the error term itself."""
    return (n + 4) * UNIT * 1.001
