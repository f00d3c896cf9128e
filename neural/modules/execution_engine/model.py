"""The engine: from a list and what of it is visible, a number, where it stands, the next mask.

    numbers, visible  ->  encoder  ->  decoder with one query  ->  number (bits), pointer
    visible, pointer  ->  convolution of width 3               ->  visible in the next step

Attention is no product of vectors but a perceptron on both, made symmetric; one projection serves
queries, keys and values. The pointer is the attention of the decoder's last layer.

Source: Yan et al. 2020. Deviations: no dropout, for no example is seen twice; the decoder has one
token, and no attention to itself.
"""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as bit_loss

from abduce.neural.modules.config import EngineConfig
from abduce.neural.training.initial import initialise


class ExecutionEngine(nn.Module):
    """One step of a program.

    Args:
        bits: the number of bits of a number, without its two flags.
        pointing: whether the step chooses an entry, and masks.
        places: the number of places with an embedding; with 0, the order of a list is not seen.
    """

    def __init__(
        self, config: EngineConfig, seed: int, *, bits: int, pointing: bool, places: int = 0
    ) -> None:
        super().__init__()
        self.bits, width = bits, config.width
        self.embedding = nn.Linear(bits + 2, width, bias=False)
        self.places = nn.Embedding(places, width) if places else None
        self.query = nn.Embedding(1, width)
        self.encoder = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.decoder = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.value = nn.Linear(width, bits + 2)
        self.mask = MaskUpdate(config.filters) if pointing else None
        initialise(self, seed)

    def forward(
        self, numbers: Float[Tensor, "batch entries bits"], visible: Bool[Tensor, "batch entries"]
    ) -> tuple[Float[Tensor, "batch bits"], Float[Tensor, "batch entries"]]:
        """The logits of the number's bits, and of where it stands; at least one entry is
        visible."""
        x = self.embedding(numbers)
        if self.places is not None:
            x = x + self.places.weight[: x.shape[1]]
        for layer in self.encoder:
            x, _ = layer(x, x, visible)
        y = self.query.weight.expand(len(x), 1, -1)
        scores = y.new_zeros(len(x), 1, 0)
        for layer in self.decoder:
            y, scores = layer(y, x, visible)
        return self.value(y.squeeze(1)), scores.squeeze(1)

    def masked(
        self, visible: Bool[Tensor, "batch entries"], pointer: Bool[Tensor, "batch entries"]
    ) -> Bool[Tensor, "batch entries"]:
        """The mask of the next step: which numbers are visible."""
        assert self.mask is not None
        return self.mask(visible, pointer) > 0

    def loss(
        self,
        numbers: Float[Tensor, "batch entries bits"],
        visible: Bool[Tensor, "batch entries"],
        value: Float[Tensor, "batch bits"],
        places: Float[Tensor, "batch entries"] | None = None,
        pointer: Bool[Tensor, "batch entries"] | None = None,
        after: Bool[Tensor, "batch entries"] | None = None,
    ) -> Float[Tensor, ""]:
        """The loss of the bits and, where the step points, of the pointer and the next mask.

        Args:
            places: which entries are right, as a distribution: several where numbers are equal.
            pointer: the one that the mask is told.
        """
        logits, scores = self(numbers, visible)
        loss = bit_loss(logits, value)
        if places is None or self.mask is None:
            return loss
        likely = torch.log_softmax(scores, -1).masked_fill(~visible, 0)
        masks = bit_loss(self.mask(visible, pointer), after.float())  # pyright: ignore
        return loss - (places * likely).sum(-1).mean() + masks


class Layer(nn.Module):
    """Attention and a perceptron, each with what goes by it, and normalised."""

    def __init__(self, config: EngineConfig) -> None:
        super().__init__()
        width, self.residual = config.width, config.residual
        self.attention = SymmetricAttention(width, config.attention)
        self.perceptron = nn.Sequential(
            nn.Linear(width, config.hidden), nn.ReLU(), nn.Linear(config.hidden, width)
        )
        self.norms = nn.ModuleList((nn.LayerNorm(width), nn.LayerNorm(width)))

    def forward(
        self,
        x: Float[Tensor, "batch queries width"],
        to: Float[Tensor, "batch entries width"],
        visible: Bool[Tensor, "batch entries"],
    ) -> tuple[Float[Tensor, "batch queries width"], Float[Tensor, "batch queries entries"]]:
        read, scores = self.attention(x, to, visible)
        past, own = self.residual, 2 - self.residual
        x = self.norms[0](past * x + own * read)
        return self.norms[1](past * x + own * self.perceptron(x)), scores


class SymmetricAttention(nn.Module):
    """score(a, b) = f(a, b) + f(b, a), f a perceptron of two layers.

    Its first layer is linear, so that it is applied to each of the two alone and added.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, width, bias=False)
        self.first = nn.Linear(width, hidden)
        self.second = nn.Linear(width, hidden, bias=False)
        self.score = nn.Linear(hidden, 1, bias=False)

    def forward(
        self,
        x: Float[Tensor, "batch queries width"],
        to: Float[Tensor, "batch entries width"],
        visible: Bool[Tensor, "batch entries"],
    ) -> tuple[Float[Tensor, "batch queries width"], Float[Tensor, "batch queries entries"]]:
        """The values that are read, and the scores; those of numbers that are not visible are minus
        infinity."""
        q, k = self.project(x), self.project(to)
        one = self.first(q).unsqueeze(2) + self.second(k).unsqueeze(1)
        other = self.second(q).unsqueeze(2) + self.first(k).unsqueeze(1)
        scores = self.score(torch.relu(one) + torch.relu(other)).squeeze(-1)
        scores = scores.masked_fill(~visible.unsqueeze(1), -math.inf)
        return torch.softmax(scores, -1) @ k, scores


class MaskUpdate(nn.Module):
    """A convolution that sees the mask and the pointer at a place and at both its neighbours."""

    def __init__(self, filters: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(2, filters, 3, padding=1), nn.ReLU(), nn.Conv1d(filters, 1, 1)
        )

    def forward(
        self, visible: Bool[Tensor, "batch entries"], pointer: Bool[Tensor, "batch entries"]
    ) -> Float[Tensor, "batch entries"]:
        """The logits of the next mask: which numbers are visible in the next step."""
        told = torch.stack((visible, pointer), 1).float()
        return self.layers(2 * told - 1).squeeze(1)
