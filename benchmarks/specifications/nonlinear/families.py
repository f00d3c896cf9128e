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
        radius: how far each pixel may be moved before a step, against the network; 0 for none.
    """

    kind: Kind
    layers: int
    width: int
    epochs: int = 15
    rate: float = 1e-3
    batch: int = 50
    radius: float = 0.0

    @property
    def name(self) -> str:
        """Such as ``tanh-2x50``."""
        return f"{self.kind}-{self.layers}x{self.width}"


_FAMILIES: Sequence[Family] = (
    Family(kind="sigmoid", layers=2, width=50, epochs=30, radius=0.1),
    Family(kind="tanh", layers=2, width=50, radius=0.1),
    Family(kind="sin", layers=2, width=50, radius=0.1),
    Family(kind="gelu", layers=2, width=50, radius=0.1),
    Family(kind="lstm", layers=7, width=32, radius=0.1),
)
FAMILIES: Final[Mapping[str, Family]] = MappingProxyType({f.name: f for f in _FAMILIES})
"""All of them, by their names."""
