"""Answers: the expression, its exact value, the places its quantities came from, and rivals."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from abduce.grammars.arithmetic.expressions import decimal, pointed, shown, value
from abduce.grammars.grammar import Tree
from abduce.neural.program_decoder.files import Kept
from abduce.neural.program_decoder.guidance import classes
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.reading import Read, read_all
from abduce.neural.program_decoder.searching import search
from abduce.neural.word_problems.config import AnsweringConfig
from abduce.neural.word_problems.problem import VOCABULARY, Problem, problem

NAME: Final = "word-problem"
"""The name of the decoder, and of its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A quantity that an expression uses, with its place in the text."""

    text: str
    start: int
    end: int
    value: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A value that can be the answer.

    Attributes:
        equation: the likeliest expression with this value, in the words of the text.
        confidence: the probability that the decoder gives to all expressions with this value that
            it found. It is no proof.
    """

    tree: Tree
    equation: str
    value: Fraction
    confidence: float
    used: tuple[Used, ...]

    @property
    def told(self) -> dict[str, Any]:
        """The answer as plain data."""
        return {
            "equation": self.equation,
            "value": decimal(self.value),
            "exact": str(self.value),
            "confidence": round(self.confidence, 4),
            "quantities": [
                {"text": u.text, "start": u.start, "end": u.end, "value": decimal(u.value)}
                for u in self.used
            ],
        }


def answers(kept: Kept, text: str, config: AnsweringConfig) -> list[Answer]:
    """The values that can be the answer, the most probable first; none where no expression that
    was found can be run.

    Raises:
        InputError: the text is empty, has no number, or is too long.
    """
    posed = problem(text, str(kept.card["shown"]))
    device = str(next(kept.model.parameters()).device)
    (read,) = read_all([posed.question], kept.encoder, kept.stem, device=device)
    return found_answers(kept.model, posed, read, config)


def found_answers(
    model: ProgramDecoder, posed: Problem, read: Read, config: AnsweringConfig
) -> list[Answer]:
    """The same for a text that was read."""
    numbers = [quantity.value for quantity in posed.quantities]

    def computed(tree: Tree) -> Fraction | None:
        result = value(tree, numbers)
        return None if result is None or (result < 0 and not config.negative) else result

    candidates = search(model, VOCABULARY, posed.question, read, config.search)
    return [
        Answer(
            tree=each.trees[0],
            equation=_equation(posed, each.trees[0]),
            value=each.value,
            confidence=min(1.0, each.probability),
            used=_used(posed, each.trees[0]),
        )
        for each in classes(candidates, computed)
    ]


def _equation(posed: Problem, tree: Tree) -> str:
    texts = [_plain(quantity.value) for quantity in posed.quantities]
    return shown(tree, texts)


def _plain(number: Fraction) -> str:
    text = decimal(number)
    return f"({number})" if text.startswith("≈") or number < 0 else text


def _used(posed: Problem, tree: Tree) -> tuple[Used, ...]:
    indices = sorted({index for name in _leaves(tree) if (index := pointed(name)) is not None})
    some = [posed.quantities[index] for index in indices]
    return tuple(
        Used(text=posed.text[q.start : q.end], start=q.start, end=q.end, value=q.value)
        for q in some
    )


def _leaves(tree: Tree) -> Sequence[str]:
    found: list[str] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        if len(node) == 1:
            found.append(node[0])
        todo += node[1:]
    return found
