"""What a job sees of a learner: it learns from pairs, answers sentences, shows and saves itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

Words = tuple[str, ...]


@runtime_checkable
class Answered(Protocol):
    """The answer to one sentence, as far as a job looks at it."""

    @property
    def value(self) -> Words | None: ...
    @property
    def posterior(self) -> float: ...
    @property
    def alternatives(self) -> Sequence[tuple[Words, float]]: ...
    @property
    def unknown(self) -> Words: ...
    @property
    def abstained(self) -> bool: ...
    @property
    def reason(self) -> str: ...


@runtime_checkable
class Learned(Protocol):
    """What was learned, as far as a job looks at it."""

    @property
    def summary(self) -> Mapping[str, Any]: ...
    def answer(self, sentence: Words, *, deadline: float | None = None) -> Answered: ...
    def show(self) -> str: ...
    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Learner:
    """How to learn, with which configuration; `learn` and `learn_actively` of symbolic/nsr."""

    config: Any
    learn: Callable[..., Learned]
    learn_actively: Callable[..., tuple[Learned, Sequence[Words]]]


def nsr() -> Learner:
    """The learner of every record: the grounded symbol system with its one configuration."""
    from abduce.symbolic.nsr import Config, learn, learn_actively

    return Learner(Config(), learn, learn_actively)
