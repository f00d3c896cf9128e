"""A network of delta-rule layers that says, after each token, in which state it is.

Source: Siems et al. 2025, DeltaProduct; Grazzi et al. 2025. Deviations: Adam without weight decay,
no gates, smaller widths, words that grow with training, and float32 throughout.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize, pad, silu

from abduce.neural.modules.config import TrackerConfig
from abduce.neural.modules.state_tracking.delta_rule import chunked
from abduce.neural.training.initial import initialise


class StateTracker(nn.Module):
    """Embedding, layers of mixer and perceptron with residuals, and a linear read-out.

    Args:
        symbols: the size of the alphabet, and the number of states that are told apart.
    """

    def __init__(self, config: TrackerConfig, seed: int, *, symbols: int) -> None:
        super().__init__()
        width = config.width
        self.embedding = nn.Embedding(symbols, width)
        self.layers = nn.ModuleList(
            nn.ModuleList((DeltaMixer(config), _mlp(width, config.expansion * width)))
            for _ in range(config.layers)
        )
        self.read_out = nn.Sequential(nn.RMSNorm(width), nn.Linear(width, symbols))
        initialise(self, seed)

    def forward(
        self, tokens: Int[Tensor, "batch time"], chunk: int = 16
    ) -> Float[Tensor, "batch time symbols"]:
        """The logits of the state after each token."""
        x = self.embedding(tokens)
        for mixer, perceptron in self.layers:  # pyright: ignore[reportGeneralTypeIssues]
            x = x + mixer(x, chunk)
            x = x + perceptron(x)
        return self.read_out(x)

    def loss(
        self, tokens: Int[Tensor, "batch time"], states: Int[Tensor, "batch time"]
    ) -> Float[Tensor, ""]:
        """Cross-entropy of the states after all tokens."""
        return cross_entropy(self(tokens).flatten(0, 1), states.flatten())


class DeltaMixer(nn.Module):
    """Keys, values, queries and step sizes from each token, the delta rule, and back."""

    def __init__(self, config: TrackerConfig) -> None:
        super().__init__()
        width, heads, turns, convolution = (
            config.width, config.heads, config.turns, config.convolution
        )  # fmt: skip
        self.heads, self.turns, self.negative = heads, turns, config.negative
        self.norm = nn.RMSNorm(width)
        self.convolution = (
            nn.Conv1d(width, width, convolution, groups=width) if convolution else None
        )
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, turns * width, bias=False)
        self.value = nn.Linear(width, turns * width, bias=False)
        self.size = nn.Linear(width, turns * heads)
        self.norm_out = nn.RMSNorm(width // heads)
        self.out = nn.Linear(width, width, bias=False)

    def forward(
        self, x: Float[Tensor, "batch time width"], chunk: int
    ) -> Float[Tensor, "batch time width"]:
        x = self.norm(x)
        if self.convolution is not None:
            before = self.convolution.kernel_size[0] - 1
            x = silu(self.convolution(pad(x.mT, (before, 0))).mT)
        turns = (*x.shape[:2], self.turns, self.heads, -1)
        q = normalize(silu(self.query(x)).view(*x.shape[:2], self.heads, -1), dim=-1)
        k = normalize(silu(self.key(x)).view(turns), dim=-1)
        v = silu(self.value(x)).view(turns)
        beta = torch.sigmoid(self.size(x)).view(turns).squeeze(-1)
        beta = 2 * beta if self.negative else beta
        read = chunked(
            q.transpose(1, 2),
            k.permute(0, 3, 1, 2, 4),
            v.permute(0, 3, 1, 2, 4),
            beta.permute(0, 3, 1, 2),
            chunk,
        )
        return self.out(self.norm_out(read).transpose(1, 2).flatten(2))


def _mlp(width: int, hidden: int) -> nn.Module:
    return nn.Sequential(
        nn.RMSNorm(width), nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width)
    )
