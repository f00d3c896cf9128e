"""An encoder in two parts: the lowest layers, which stay as they are, and those that are trained.

What the frozen part makes of a text does not change, so it is computed once and kept. Each part is
the whole model of the library with fewer layers. The trained one begins with given vectors in place
of its embeddings, so every model that is built like BERT can be cut.
"""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from abduce.errors import InputError
from abduce.neural.program_decoder.encoder import Encoder


class Given(nn.Module):
    """In place of embeddings: the vectors that the frozen part made."""

    def forward(self, *_: Any, inputs_embeds: Tensor | None = None, **__: Any) -> Tensor:
        assert inputs_embeds is not None
        return inputs_embeds


def stem(encoder: Encoder, frozen: int) -> nn.Module:
    """The embeddings and the lowest layers, which are not trained.

    Raises:
        InputError: the encoder has fewer layers.
    """
    check_frozen(encoder, frozen)
    part = copy.copy(encoder.model)  # weights are shared, the list of layers is not
    part._modules = dict(encoder.model._modules)
    inner: Any = copy.copy(encoder.model.encoder)
    inner._modules = {**inner._modules, "layer": inner.layer[:frozen]}
    part._modules["encoder"] = inner
    return part.eval().requires_grad_(False)


def crown(encoder: Encoder, frozen: int, used: int = 0) -> nn.Module:
    """The layers above, copied, to be trained; they begin with the frozen part's vectors.

    Args:
        used: the number of layers of both parts; 0 for all that there are.

    Raises:
        InputError: the encoder has fewer layers.
    """
    check_frozen(encoder, max(frozen, used))
    if used and used < frozen:
        raise InputError(f"{frozen} frozen layers of {used}", ("no more than are used",))
    part: Any = copy.copy(encoder.model)
    part._modules = {**encoder.model._modules, "embeddings": Given()}
    inner: Any = copy.copy(encoder.model.encoder)
    inner._modules = {**inner._modules, "layer": inner.layer[frozen : used or None]}
    part._modules["encoder"] = inner
    return copy.deepcopy(part).requires_grad_(True)


def check_frozen(encoder: Encoder, frozen: int) -> None:
    """Raises: InputError, where the encoder has fewer layers."""
    layers: Any = encoder.model.encoder
    if frozen > len(layers.layer):
        expected = f"at most {len(layers.layer)}, the layers of the encoder"
        raise InputError(f"{frozen} layers", (expected,))


def states(part: nn.Module, vectors: Tensor, seen: Tensor) -> Tensor:
    """The vectors of tokens after the trained part. [batch, time, width].

    Args:
        vectors: what the frozen part made of them.
        seen: [batch, time], false where there is padding.
    """
    return part(inputs_embeds=vectors, attention_mask=seen.long()).last_hidden_state


def frozen_states(part: nn.Module, tokens: Tensor, seen: Tensor) -> Tensor:
    """The vectors of tokens after the frozen part. [batch, time, width]."""
    with torch.no_grad():
        return part(input_ids=tokens, attention_mask=seen.long()).last_hidden_state
