"""The baseline's network: a decoder-only Transformer that reads a term and writes the next one.

A term is a row of tokens; the next one follows it. What is read sees all of itself, what is written
sees that and what was written before it (a prefix mask). Both are numbered from 0, so that a token
and its copy have the same place, and attention sees differences of places only (rotary positions).
Nothing else about terms is built in.

Source: Touvron et al. 2023, LLaMA (the blocks, from the `transformers` library); Su et al. 2024,
RoFormer (rotary positions); Raffel et al. 2020, T5, section 3.2 (the prefix mask).
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad
from transformers import LlamaConfig, LlamaModel

from abduce.neural.modules.config import TransformerConfig
from abduce.neural.modules.transformer.tokens import PAD, WORDS
from abduce.neural.training.initial import initialise

TOGETHER = 8
"""The number of pairs of similar length computed at once, so that there is little padding."""


class StepTransformer(nn.Module):
    """Embedding, blocks and a linear read-out; logits of each token of the next term."""

    def __init__(self, config: TransformerConfig, seed: int) -> None:
        super().__init__()
        width = config.width
        blocks = LlamaConfig(
            vocab_size=len(WORDS),
            hidden_size=width,
            intermediate_size=config.inner,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            rope_parameters={"rope_type": "default", "rope_theta": config.base},
            use_cache=False,
        )
        with torch.random.fork_rng(devices=[]):  # first weights are drawn below
            self.blocks = LlamaModel(blocks)
            self.role = nn.Embedding(2, width)
            self.read_out = nn.Linear(width, len(WORDS))
        initialise(self, seed)

    def forward(
        self, before: Int[Tensor, "batch read"], after: Int[Tensor, "batch written"]
    ) -> Float[Tensor, "batch written words"]:
        """Logits of each token of `after`, given those before it and all of `before`.

        Args:
            before, after: tokens, padded with `PAD`.
        """
        read, written = before.shape[1], after.shape[1]
        known = pad(after[:, :-1], (1, 0), value=PAD)
        places = [torch.arange(size, device=before.device) for size in (read, written)]
        embed = self.blocks.get_input_embeddings()
        x = torch.cat(
            (embed(before) + self.role.weight[0], embed(known) + self.role.weight[1]), dim=1
        )
        found = self.blocks(
            inputs_embeds=x,
            attention_mask=_visible(before, after),
            position_ids=torch.cat(places).expand(len(before), -1),
        )
        return self.read_out(found.last_hidden_state[:, read:])

    def loss(
        self, before: Int[Tensor, "batch read"], after: Int[Tensor, "batch written"]
    ) -> Float[Tensor, ""]:
        """Mean cross-entropy of the tokens of the next terms."""
        lengths = (before != PAD).sum(1) + (after != PAD).sum(1)
        total = torch.zeros((), device=before.device)
        for rows in lengths.argsort(stable=True).split(TOGETHER):
            wanted = trimmed(after[rows])
            logits = self(trimmed(before[rows]), wanted)
            total = total + cross_entropy(
                logits.flatten(0, 1), wanted.flatten(), ignore_index=PAD, reduction="sum"
            )
        return total / (after != PAD).sum()


def trimmed(tokens: Int[Tensor, "batch time"]) -> Int[Tensor, "batch longest"]:
    """The batch without columns that are only padding."""
    return tokens[:, : int((tokens != PAD).sum(1).max())]


def _visible(
    before: Int[Tensor, "batch read"], after: Int[Tensor, "batch written"]
) -> Bool[Tensor, "batch 1 time time"]:
    """Whether a place (the last axis but one) sees another (the last); padding is seen by none."""
    read = before.shape[1]
    place = torch.arange(read + after.shape[1], device=before.device)
    earlier = (place[None, :] < read) | (
        (place[:, None] >= read) & (place[None, :] <= place[:, None])
    )
    real = torch.cat((before, after), dim=1) != PAD
    return earlier & real[:, None, None, :]
