"""How answers are certified: what may shape a verdict, beside the network and the lexicon."""

from dataclasses import dataclass
from typing import Final

METHOD: Final = 1
"""The version of the method, which is part of every record's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyConfig:
    """The effort of a proof and of an attack. No setting makes a verdict wrong.

    Attributes:
        rounding: logits; an allowance for the float32 arithmetic of torch, subtracted from every
            bound on a difference of logits.
        negligible: readings at most this likely, beside the one that is read, are not told apart
            in the chart: their weights are added up.
        patience: work seconds for the backward bounds of one symbol (see `bounds.effort`); later
            layers keep interval bounds.
        steps: steps of gradient descent in an attack.
        targets: the number of symbols that are aimed at, one after the other, at each position.
        step: the size of a step, as a share of the radius.
        seed: the random seed.
    """

    rounding: float = 1e-3
    negligible: float = 0.01
    patience: float = 12.0
    steps: int = 24
    targets: int = 3
    step: float = 0.25
    seed: int = 0


DEFAULT: Final = CertifyConfig()
"""The default settings."""
