"""Lower bounds on differences of logits, for all images in boxes of pixels.

Two ways, the second tighter and slower: intervals of all layers and backward bounds of the last
rows; backward bounds of all layers. Both are those of the verifier. They are sound in exact real
arithmetic for the network whose normalisations are multiplied into its convolutions in float64.

Source: Zhang et al. 2018, CROWN; Zhang et al. 2020, CROWN-IBP (intervals inside).
"""

import copy
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import nn

from abduce.neural.perception.network import SIDE, Seeing
from abduce.verify import read_module
from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.propagation.backward import lower_bounds
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.strategy import AUTOMATIC

BOUNDS = AUTOMATIC.bounds
Way = Literal["intervals", "backward"]


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """A network of perception as the verifier reads it, in evaluation mode.

    Attributes:
        symbols: the number of logits.
    """

    layers: Layers
    symbols: int

    @staticmethod
    def of(network: Seeing) -> "Margins":
        """Reads the network, with each normalisation multiplied into its convolution.

        Raises:
            UnsupportedError: a part of it is not supported.
        """
        read = read_module(folded(network), torch.zeros(1, 1, SIDE, SIDE, dtype=torch.double))
        return Margins(layers_of(read), network.read_out.out_features)

    def lower(
        self,
        low: np.ndarray,
        high: np.ndarray,
        symbol: int,
        way: Way,
        deadline: float = np.inf,
        patience: float = BOUNDS.patience,
    ) -> np.ndarray:
        """Lower bounds on the logit of a symbol less that of each, [boxes, symbols]; 0 of its own.

        Args:
            low, high: the boxes, [boxes, pixels].
            deadline: the ``clock.wall_s()`` after which `OutOfTime` is raised.
            patience: work seconds, after which layers keep interval bounds.
        """
        layers, last = self.layers, len(self.layers.layers)
        known = bound_layers(
            layers,
            (low, high),
            linear=way == "backward",
            deadline=deadline,
            config=replace(BOUNDS, patience=patience),
        )
        rows = -np.eye(self.symbols)
        rows[:, symbol] += 1.0
        others = np.flatnonzero(np.arange(self.symbols) != symbol)
        found = np.zeros((len(low), self.symbols))
        bound = lower_bounds(layers, known, {last: rows[others]}, np.zeros(len(others)))
        found[:, others] = bound.value
        return found


def folded(network: Seeing) -> nn.Sequential:
    """The function of the network in evaluation mode, in float64: a normalisation is an affine map,
    and is multiplied into the convolution before it. Each weight is rounded once."""
    parts: list[nn.Module] = []
    for part in copy.deepcopy(network).double().eval().layers:
        if isinstance(part, nn.BatchNorm2d):
            before = parts[-1]
            assert isinstance(before, nn.Conv2d)
            assert part.running_mean is not None
            assert part.running_var is not None
            scale = part.weight / torch.sqrt(part.running_var + part.eps)
            before.weight = nn.Parameter(before.weight * scale[:, None, None, None])
            before.bias = nn.Parameter(part.bias - part.running_mean * scale)
        elif not isinstance(part, nn.Dropout):
            parts.append(part)
    return nn.Sequential(*parts, copy.deepcopy(network.read_out).double()).eval()
