"""The configuration of questions to SQL: texts, training and answers."""

from dataclasses import dataclass, field
from typing import Final

from abduce.neural.program_decoder.config import DecoderConfig, SearchConfig

MOST_NODES: Final = 100
"""The upper limit on the nodes of a query."""
MOST_WORDS: Final = 200
"""The upper limit on the words of a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """How long to train, and how fast.

    Attributes:
        passes: how often each question is seen, on average.
        batch: the number of questions a step.
        rate: the highest learning rate of the decoder.
        warm_up: the number of steps in which it rises.
        judged: the number of judgements on the questions kept apart, over the whole training.
        patience: the number of judgements in a row without a better score after which it ends.
        kept_apart: the share of the families of questions that are kept apart for that. The
            questions of a database are a family where there are several databases, those with one
            query where there is but one.
        judged_on: the upper limit on the questions kept apart that it is judged on, which are then
            taken evenly from all; 0 for all of them.
        constant: a value is a constant, which any query may name, if at least so many questions
            learn to name it without a word for it.
    """

    passes: int = 6
    batch: int = 16
    rate: float = 1e-3
    warm_up: int = 100
    judged: int = 8
    patience: int = 4
    kept_apart: float = 0.1
    judged_on: int = field(default=300, metadata={"least": 0})
    constant: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlConfig:
    """All that shapes a trained model."""

    network: DecoderConfig = field(default_factory=lambda: DecoderConfig(frozen=3))
    training: Passes = field(default_factory=Passes)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringConfig:
    """How a question is answered.

    Attributes:
        rows: the upper limit on the rows of the answer.
        query_s: the upper limit on the time of a query, in seconds.
        looking_s: the upper limit on the time of looking at the values of a database.
    """

    rows: int = 1000
    query_s: float = 2.0
    looking_s: float = 20.0
    search: SearchConfig = field(default_factory=SearchConfig)
