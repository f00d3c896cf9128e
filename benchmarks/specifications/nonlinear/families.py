"""The networks: functions of GenBaB's families, in sizes that train in seconds on one core.

Source: Shi et al. 2025, Neural network verification with branch and bound for general
nonlinearities (GenBaB), section 4 (the families; theirs are for CIFAR-10 and larger).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal["sigmoid", "tanh", "sin", "gelu", "lstm"]
SPLITTING: Final = ("sigmoid", "tanh", "sin")
"""The kinds for which there is a target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A network that classifies digits, and how it is trained (Adam, cross-entropy).

    Attributes:
        kind: the function between dense layers; or a recurrent network that reads an image in
            `layers` bands of rows.
        layers: hidden layers, or bands. width: their units.
        epochs: passes over the training images.
        rate: the step size of Adam. batch: images in a step.
        decay: the weight of the squared weights in the loss.
    """

    kind: Kind
    layers: int
    width: int
    epochs: int = 20
    rate: float = 1e-3
    batch: int = 50
    decay: float = 0.0

    @property
    def name(self) -> str:
        """Such as ``tanh-4x100``."""
        return f"{self.kind}-{self.layers}x{self.width}"


_FAMILIES: Sequence[Family] = (
    Family(kind="sigmoid", layers=4, width=100, epochs=40),
    Family(kind="tanh", layers=4, width=100),
    Family(kind="sin", layers=4, width=100),
    Family(kind="gelu", layers=4, width=100),
    Family(kind="lstm", layers=7, width=32),
)
FAMILIES: Final[Mapping[str, Family]] = MappingProxyType({f.name: f for f in _FAMILIES})
"""All of them, by their names."""
