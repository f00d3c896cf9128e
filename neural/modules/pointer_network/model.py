"""The network that points, and the one with attention that names places from a fixed list.

Source: Vinyals et al. 2015, sections 2.2 and 2.3. Deviations: Adam, and half the width; a
polygon does not name its first corner again at its end.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from abduce.neural.modules.config import PointerNetworkConfig
from abduce.neural.training.initial import initialise

State = tuple[Tensor, Tensor]
NOTHING = -1
"""The padding after the end of a target."""


class PointerNetwork(nn.Module):
    """Encoder and decoder, each an LSTM of one layer; additive attention between them."""

    def __init__(self, config: PointerNetworkConfig, seed: int) -> None:
        super().__init__()
        self.config, width, names = config, config.width, config.names
        self.embedding = nn.Linear(2, width)
        self.start = nn.Embedding(1, width)
        self.end = nn.Embedding(1, width)
        self.encoder = nn.LSTM(width, width, batch_first=True)
        self.decoder = nn.LSTM(width, width, batch_first=True)
        self.key = nn.Linear(width, width, bias=False)
        self.query = nn.Linear(width, width, bias=False)
        self.score = nn.Linear(width, 1, bias=False)
        self.name = nn.Linear(2 * width, names + 1) if names else None
        initialise(self, seed)

    def encode(
        self, points: Float[Tensor, "batch points 2"]
    ) -> tuple[Float[Tensor, "batch choices width"], State]:
        """The encodings that can be pointed at, the end last, and the decoder's first state."""
        read, state = self.encoder(self.embedding(points))
        return torch.cat((read, self.end.weight.expand(len(points), 1, -1)), 1), state

    def decode(
        self,
        inputs: Float[Tensor, "batch time width"],
        state: State,
        memory: Float[Tensor, "batch choices width"],
    ) -> tuple[Float[Tensor, "batch time choices"], State]:
        """The logits of the next output, after each input."""
        read, state = self.decoder(inputs, state)
        both = self.query(read).unsqueeze(2) + self.key(memory).unsqueeze(1)
        scores = self.score(torch.tanh(both)).squeeze(-1)
        if self.name is None:
            return scores, state
        context = torch.softmax(scores, -1) @ memory
        names = self.name(torch.cat((read, context), -1))
        points = memory.shape[1] - 1
        if points > self.config.names:
            raise ValueError(f"{points} points, and names for {self.config.names}")
        return torch.cat((names[..., :points], names[..., -1:]), -1), state

    def inputs(
        self, points: Float[Tensor, "batch points 2"], places: Int[Tensor, "batch before"]
    ) -> Float[Tensor, "batch time width"]:
        """The decoder's input at the first step, and after each of some places."""
        table = torch.cat((self.embedding(points), self.end.weight.expand(len(points), 1, -1)), 1)
        wanted = places.clamp(min=0).unsqueeze(-1).expand(-1, -1, table.shape[-1])
        begin = self.start.weight.expand(len(points), 1, -1)
        return torch.cat((begin, torch.gather(table, 1, wanted)), 1)

    def loss(
        self, points: Float[Tensor, "batch points 2"], targets: Int[Tensor, "batch time"]
    ) -> Float[Tensor, ""]:
        """Cross-entropy of the targets, each after those before it."""
        memory, state = self.encode(points)
        logits, _ = self.decode(self.inputs(points, targets[:, :-1]), state, memory)
        return cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=NOTHING)
