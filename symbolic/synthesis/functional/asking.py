"""Asking: questions about single inputs until one program is left of those that fit.

While two programs explain all examples and differ on an input, the output there is asked for. It
is one more example. Programs are told apart beyond the examples by *probes*: inputs of which no
output is known.

Source: Jha et al. 2010 (oracle-guided synthesis by distinguishing inputs).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.distinguish import (
    CHARACTERS,
    WITHIN,
    Different,
    Inputs,
    distinguish,
)
from abduce.symbolic.synthesis.functional.examples import FunctionalExample
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram
from abduce.symbolic.synthesis.functional.primitives import Table
from abduce.symbolic.synthesis.functional.search import Rivals
from abduce.symbolic.synthesis.functional.synthesise import (
    FunctionFound,
    NoFunction,
    synthesise_function,
)
from abduce.symbolic.synthesis.functional.types import ListOf, Signature, Type, belongs

SLACK: Final = 6
"""The programs that may be meant have fewer bits than the cheapest one and this many."""
PROBES: Final = 4
"""The number of probes."""
MOST_QUESTIONS: Final = 10


@dataclass(frozen=True, slots=True)
class Question:
    """An input whose output was asked for, and the answer; None where the function has none."""

    arguments: tuple[Any, ...]
    answer: Any


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What was found, and the questions that were asked.

    Attributes:
        open: whether two programs were left that differ, since no more questions were allowed or
            an input had no output.
    """

    found: FunctionFound | NoFunction
    questions: tuple[Question, ...]
    open: bool


def synthesise_asking(
    examples: Sequence[FunctionalExample],
    type: Signature,
    oracle: Callable[..., Any],
    table: Table | None = None,
    budget: FunctionalBudget | None = None,
    *,
    most: int = MOST_QUESTIONS,
    within: int = WITHIN,
    seed: int = 0,
    seconds: float | None = None,
    cpu_seconds: float | None = None,
) -> AskedFor:
    """A program from examples and from answers about inputs on which programs that fit differ.

    Args:
        oracle: gives the output of an input, or None where there is none.
        within: the size of inputs up to which two programs are compared.
        seed: draws the probes.
        seconds, cpu_seconds: limits on each search.

    Raises:
        InputError: an answer is of another type than the examples.
    """
    known = list(examples)
    questions: list[Question] = []
    while True:
        probes = probes_of(known, type, PROBES, Random(seed))
        found = synthesise_function(
            known,
            type,
            table,
            budget,
            seconds=seconds,
            cpu_seconds=cpu_seconds,
            rivals=Rivals(probes, SLACK),
        )
        if isinstance(found, NoFunction):
            return AskedFor(found, tuple(questions), False)
        asked = {question.arguments for question in questions}
        arguments = _question(found.fits, known, within, asked)
        if arguments is None or len(questions) >= most:
            return AskedFor(found, tuple(questions), arguments is not None)
        answer = oracle(*arguments)
        questions.append(Question(arguments, answer))
        if answer is None:
            return AskedFor(found, tuple(questions), True)
        if not belongs(answer, type.result):
            raise InputError(f"the answer {answer!r:.80}", (f"a value of the type {type.result}",))
        known.append(FunctionalExample(arguments, answer))


def _question(
    fits: Sequence[FunctionalProgram],
    examples: Sequence[FunctionalExample],
    within: int,
    asked: set[tuple[Any, ...]],
) -> tuple[Any, ...] | None:
    """The smallest input on which the cheapest program differs from the next one that does."""
    integers = [n for example in examples for value in example.arguments for n in _leaves(value)]
    texts = [text for text in integers if isinstance(text, str)]
    inputs = Inputs(
        negative=any(isinstance(n, int) and n < 0 for n in integers),
        characters="".join(sorted({c for text in texts for c in text})[:5]) or CHARACTERS,
        defined=True,
    )
    for other in fits[1:]:
        found = distinguish(fits[0], other, within, inputs)
        if isinstance(found, Different) and found.arguments not in asked:
            return found.arguments
    return None


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [leaf for each in value for leaf in _leaves(each)]
    return [value]


def probes_of(
    examples: Sequence[FunctionalExample], type: Signature, count: int, random: Random
) -> tuple[tuple[Any, ...], ...]:
    """Inputs like those of the examples: as long at most, of the same items."""
    found = []
    for _ in range(count):
        found.append(
            tuple(
                [
                    _drawn(each, [example.arguments[at] for example in examples], random)
                    for at, each in enumerate(type.arguments)
                ]
            )
        )
    return tuple(found)


def _drawn(type: Type, values: Sequence[Any], random: Random) -> Any:
    if isinstance(type, ListOf):
        items = [item for value in values for item in value]
        length = random.randint(1, max(1, max(map(len, values))))
        return tuple([_drawn(type.item, items, random) for _ in range(length)]) if items else ()
    if type == "int":
        return random.randint(min(values), max(values))
    if type == "string":
        one, two = random.choice(values), random.choice(values)
        return one[: len(one) // 2] + two[len(two) // 2 :]
    return random.choice((False, True))
