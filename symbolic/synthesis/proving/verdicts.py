"""What a proof of equality says: it holds, an input where it does not, or not known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proved:
    """A program equals a native function at all arguments of its domain.

    Attributes:
        claim: what is proved, as a sentence.
        obligations: the formulas that z3 showed to hold, as text.
    """

    claim: str
    obligations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuted:
    """Arguments at which a program and the native function differ, as running both has shown."""

    arguments: tuple[int, ...]
    value: int
    expected: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither proved nor refuted, with the reason."""

    reason: str


Equality = Proved | Refuted | Unknown
