"""The configuration of word problems: texts, training and answers."""

from dataclasses import dataclass, field
from typing import Literal

from abduce.neural.program_decoder.config import DecoderConfig, SearchConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """How long to train, and how fast.

    Attributes:
        passes: how often each example is seen, on average.
        batch: the number of examples a step.
        rate: the highest learning rate of the decoder.
        warm_up: the number of steps in which it rises.
        judged: the number of judgements on the examples kept apart, over the whole training.
        patience: the number of judgements in a row without a better score after which it ends.
        kept_apart: the share of the families of problems that are kept apart for that.
    """

    passes: int = 20
    batch: int = 16
    rate: float = 1e-3
    warm_up: int = 100
    judged: int = 20
    patience: int = 8
    kept_apart: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class WordProblemConfig:
    """All that shapes a trained model.

    Attributes:
        shown: what the encoder sees of a quantity: the sign # for each ('masked'), or what is
            written ('written').
    """

    shown: Literal["masked", "written"] = "masked"
    network: DecoderConfig = field(default_factory=DecoderConfig)
    training: Passes = field(default_factory=Passes)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringConfig:
    """How a problem is answered.

    Attributes:
        negative: whether a value below 0 can be the answer. It is dropped otherwise, since the
            problems ask for counts, measures and prices.
    """

    negative: bool = False
    search: SearchConfig = field(default_factory=SearchConfig)
