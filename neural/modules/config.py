"""The configurations of the networks of the literature, one an architecture.

How long and how fast a network is trained is its `Schedule`; sizes of words, lists and graphs in
training and testing belong to its task. Records hold all of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineConfig:
    """An execution engine.

    Attributes:
        width: the width of embeddings.
        hidden: units of the perceptrons.
        layers: the number of layers of the encoder, and of the decoder.
        attention: hidden units of the perceptron that scores a pair.
        filters: the number of filters of the convolution that makes the next mask.
        residual: weight of the connection around a layer; the layer itself has 2 - residual.
    """

    width: int = 16
    hidden: int = 128
    layers: int = 6
    attention: int = 16
    filters: int = 16
    residual: float = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerConfig:
    """A network of delta-rule layers.

    Attributes:
        width: the width of embeddings.
        heads: each with keys and values of width / heads numbers.
        layers: the number of layers, each of a mixer and a perceptron.
        turns: Householder factors of a token; 1 is DeltaNet.
        negative: whether eigenvalues reach down to -1, and not only to 0.
        convolution: tokens that a short convolution sees, the last one itself; 0 for none.
        expansion: units of a perceptron, in widths.
        grown: share of the training after which words of all lengths are drawn.
    """

    width: int = 64
    heads: int = 4
    layers: int = 1
    turns: int = 1
    negative: bool = True
    convolution: int = 0
    expansion: int = 2
    grown: float = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class PointerNetworkConfig:
    """A pointer network, or the baseline that names places.

    Attributes:
        width: the width of embeddings and states.
        names: places that have a name, without a pointer; 0 points.
        beams: beginnings that the search for an answer keeps.
    """

    width: int = 128
    names: int = 0
    beams: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class SolverConfig:
    """A convergent graph solver.

    Attributes:
        width: the width of the embeddings of nodes and edges.
        hidden: units of the perceptrons.
        layers: the number of message-passing layers.
        heads: linear contractions.
        factor: the factor of a contraction.
        scale: what values are about as large as.
        tolerance: relative change of the largest entry, at which iterations end.
        limit: the upper limit on iterations.
    """

    width: int = 32
    hidden: int = 64
    layers: int = 3
    heads: int = 32
    factor: float = 0.5
    scale: float = 10.0
    tolerance: float = 1e-6
    limit: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class TransformerConfig:
    """A decoder-only Transformer.

    Attributes:
        width: the width of embeddings.
        heads: the number of attention heads.
        inner: width of the gated perceptrons.
        layers: the number of layers, each of attention and a perceptron.
        base: the base of the wavelengths of rotary positions, in tokens; the longest wavelength is
            about six times as long.
    """

    width: int = 64
    heads: int = 4
    inner: int = 128
    layers: int = 4
    base: float = 1000.0
