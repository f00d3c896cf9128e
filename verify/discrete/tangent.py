"""Proof that the mean of infinitely many infinitely wide networks permutes bits right.

The closed form of the mean and its bounds are in `abduce.symbolic.programs.tangent`; here they are
compared with the rounding threshold.
"""

from math import sqrt

from abduce.symbolic.programs.tangent import ROUNDING, C, least_on
from abduce.verify.verdict import Certificate, Proved, Unknown, Verdict, Work

EVALUATION = 1e-12
"""An upper limit on the float64 error of the computed mean: fewer than 10**9 terms, all below 2,
are summed in pairs."""
MOST = 10**9


def prove_mean(size: int, *, deadline: float | None = None) -> Verdict:
    """Whether rounding the mean at half of `least_on` permutes all inputs of k bits right.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    if not 1 <= size <= MOST:
        return Unknown(f"{size:,} bits; the proof is for 1 to {MOST:,}")
    on = least_on(size, deadline=deadline)
    if on is None:
        return Unknown("the time was up")
    if not (sqrt(2) * (1 - 8 * ROUNDING) > 2 - 2 * C * (1 - 8 * ROUNDING) and on / 2 > EVALUATION):
        return Unknown(f"the least mean of a bit that is 1 is {on:.3g}")
    certificate = Certificate(
        f"rounding at {on / 2:.6g}, the mean of the infinite ensemble is right on all "
        f"2^{size} - 1 inputs: at least {on:.6g} where a bit is 1, at most 0 where it is 0",
        "closed form for each number of ones, rounded outward",
        size,
    )
    return Proved(Work(points=size, bound=on / 2), certificate)
