"""The configuration of the decoder: the network, and how trees are searched for."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderConfig:
    """The network on top of the encoder.

    Attributes:
        encoder_layers: the number of the encoder's layers that are used, from the lowest on; 0 for
            all of them.
        frozen: the number of the encoder's lowest layers that are not trained. Its embeddings never
            are. What the frozen part makes of a text is computed once.
        width: the length of the decoder's vectors.
        heads: the number of attention heads of each of its layers.
        layers: the number of its layers.
        inner: the number of hidden units of each layer.
        dropped: the share of units that are left out in each training step.
        slower: the learning rate of the encoder, as a share of the decoder's.
    """

    encoder_layers: int = field(default=0, metadata={"least": 0})
    frozen: int = field(default=2, metadata={"least": 0})
    width: int = 256
    heads: int = 4
    layers: int = 2
    inner: int = 512
    dropped: float = 0.1
    slower: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchConfig:
    """How trees are searched for.

    Attributes:
        beam: the number of unfinished trees that are kept at each step.
        finished: the number of finished trees after which a search ends.
    """

    beam: int = 5
    finished: int = 5
