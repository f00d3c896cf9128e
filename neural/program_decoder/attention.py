"""A layer of the decoder: attention to the nodes before, to the text and its rows, and a
feed-forward part.

Attention to the nodes before has a learned bias for what each of them is to the node: its parent,
an ancestor, a sibling, or none of these.

Source: Vaswani et al. 2017 (the layer); Shaw et al. 2018 (biases of relations, here of a tree).
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import dropout, gelu, scaled_dot_product_attention

from abduce.neural.program_decoder.config import DecoderConfig
from abduce.neural.program_decoder.steps import RELATIONS


class DecoderLayer(nn.Module):
    """One layer; normalisation comes before each part."""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        width = config.width
        self.heads, self.dropped = config.heads, config.dropped
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.own = nn.Linear(width, 3 * width)
        self.own_out = nn.Linear(width, width)
        self.bias = nn.Parameter(torch.zeros(RELATIONS, config.heads))
        self.ask = nn.Linear(width, width)
        self.answer = nn.Linear(width, 2 * width)
        self.answer_out = nn.Linear(width, width)
        self.inner = nn.Linear(width, config.inner)
        self.inner_out = nn.Linear(config.inner, width)

    def forward(
        self,
        x: Float[Tensor, "batch steps width"],
        memory: Float[Tensor, "batch keys width"],
        seen: Bool[Tensor, "batch keys"],
        relations: Int[Tensor, "batch steps steps"],
    ) -> Float[Tensor, "batch steps width"]:
        """Args:
        memory: the text and its rows.
        seen: false where there is padding.
        relations: what each earlier node is to a node.
        """
        first, second, third = self.norms
        steps = x.shape[1]
        query, key, value = self.own(first(x)).chunk(3, -1)
        later = torch.ones(steps, steps, dtype=torch.bool, device=x.device).triu(1)
        bias = self.bias[relations].permute(0, 3, 1, 2).masked_fill(later, float("-inf"))
        x = x + self._some(self.own_out(self._attended(query, key, value, bias)))
        key, value = self.answer(memory).chunk(2, -1)
        hidden = self._attended(self.ask(second(x)), key, value, seen[:, None, None, :])
        x = x + self._some(self.answer_out(hidden))
        return x + self._some(self.inner_out(self._some(gelu(self.inner(third(x))))))

    def _attended(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
        parts = [
            each.unflatten(-1, (self.heads, -1)).transpose(1, 2) for each in (query, key, value)
        ]
        return scaled_dot_product_attention(*parts, attn_mask=mask).transpose(1, 2).flatten(2)

    def _some(self, x: Tensor) -> Tensor:
        return dropout(x, self.dropped, self.training)
