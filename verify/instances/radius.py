"""The largest radius of a ball around an input for which a claim is proved."""

from collections.abc import Callable
from dataclasses import dataclass

from abduce.verify.verdict import Proved, Refuted, Verdict


@dataclass(frozen=True, slots=True)
class Radius:
    """What a bisection found.

    Attributes:
        proved: the largest radius that was proved; 0 where none was.
        open: the smallest radius that was tried and not proved; None where all of the box is.
        refuted: whether that one was refuted, so that it is an upper limit for every verifier.
        calls: how often the verifier was asked.
    """

    proved: float
    open: float | None
    refuted: bool
    calls: int

    @property
    def whole(self) -> bool:
        """Whether the claim is proved for the whole box."""
        return self.open is None


def largest_radius(
    ask: Callable[[float], Verdict], most: float, first: float = 0.01, ratio: float = 1.05
) -> Radius:
    """Doubles the radius while it is proved (or halves it while it is not), then bisects.

    Args:
        ask: the verdict for a radius.
        most: the radius of a ball that contains the whole box.
        first: the radius that is tried first.
        ratio: ends when the radius that is not proved is at most this multiple of the proved one.
    """
    calls, proved, open_, refuted = 0, 0.0, None, False
    radius = min(first, most)
    while open_ is None or open_ > ratio * proved:
        calls += 1
        verdict = ask(radius)
        if isinstance(verdict, Proved):
            proved = radius
            if radius >= most:
                return Radius(proved, None, False, calls)
        else:
            open_, refuted = radius, isinstance(verdict, Refuted)
        if open_ is None:
            radius = min(2 * radius, most)
        elif proved == 0.0:
            radius = open_ / 2
            if radius < first / 2**10:
                break
        else:
            radius = (proved * open_) ** 0.5
    return Radius(proved, open_, refuted, calls)
