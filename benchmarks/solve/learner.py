"""What a job sees of a learner: it learns from pairs, answers sentences, shows and saves itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from abduce.benchmarks.records.record import as_mapping

if TYPE_CHECKING:
    from abduce.symbolic.nsr.config import Config

Words = tuple[str, ...]
Oracle = Callable[[Words], Sequence[str] | None]
"""Gives the output of a sentence, or None where it is not known; EOFError ends the questions."""


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


class Listed(Protocol):
    """A training row that is not explained."""

    def as_json(self) -> dict[str, Any]: ...


@runtime_checkable
class Learned(Protocol):
    """The part of a lexicon that a job uses."""

    @property
    def summary(self) -> Mapping[str, Any]: ...
    def answer(self, sentence: Words, *, deadline: float | None = None) -> Answered: ...
    def unexplained(self, pairs: Sequence[tuple[Words, Words]]) -> Sequence[Listed]: ...
    def show(self) -> str: ...
    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Learner:
    """How to learn, with which configuration; `learn` and `learn_actively` of symbolic/nsr.

    Args:
        method: the version of the method, where it has one.
    """

    config: Any
    learn: Callable[..., Learned]
    learn_actively: Callable[..., tuple[Learned, Sequence[Words]]]
    extend: Callable[..., Learned]
    method: int | None = None

    @property
    def recorded(self) -> dict[str, Any]:
        """The configuration as a record holds it: with the version of the method."""
        method = {} if self.method is None else {"method": self.method}
        return {**method, **as_mapping(self.config)}


def nsr(config: "Config | None" = None) -> Learner:
    """The learner of every record: the grounded symbol system, with its one configuration unless
    another is given."""
    from abduce.symbolic.nsr import extend, learn, learn_actively
    from abduce.symbolic.nsr.config import CONFIG, METHOD

    return Learner(config or CONFIG, learn, learn_actively, extend, METHOD)
