"""A word problem as a question of the decoder: its quantities are rows that leaves point to."""

import re
from dataclasses import dataclass
from typing import Final

from abduce.errors import InputError
from abduce.grammars.arithmetic.expressions import (
    FIXED,
    MOST_NODES,
    MOST_QUANTITIES,
    expressions,
    pointer,
)
from abduce.grammars.arithmetic.quantities import Quantity, quantities
from abduce.neural.program_decoder.question import Question, Row, Vocabulary

SIGN: Final = "#"
"""What the encoder sees in place of a quantity."""
VOCABULARY: Final = Vocabulary(
    actions=FIXED,
    marks=("digits", "fraction", "percent", "word", "least", "greatest", "below 1", "seen before"),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """A text with its quantities, ready for the decoder."""

    text: str
    quantities: tuple[Quantity, ...]
    question: Question


def problem(text: str, shown: str = "masked") -> Problem:
    """The problem that a text is.

    Args:
        shown: what the encoder sees of a quantity; see `WordProblemConfig`.

    Raises:
        InputError: the text is empty, has no number, or has too many.

    >>> problem("Maria has 3 boxes of seven eggs.").question.text
    'Maria has # boxes of # eggs.'
    """
    if not text.strip():
        raise InputError("an empty text", ("a word problem",))
    found = quantities(text)
    if not found:
        raise InputError(
            f"no number in {text.strip()!r:.80}",
            ("a word problem with at least one number, in digits or in words",),
        )
    if len(found) > MOST_QUANTITIES:
        raise InputError(
            f"{len(found)} numbers in a text of {len(text.split()):,} words",
            (f"at most {MOST_QUANTITIES}",),
            advice="Give a shorter text, with one problem in it.",
        )
    parts: list[str] = []
    rows: list[Row] = []
    at = size = 0
    for index, quantity in enumerate(found):
        piece = text[quantity.start : quantity.end] if shown == "written" else SIGN
        before = text[at : quantity.start]
        size += len(before)
        rows.append(Row(start=size, end=size + len(piece), marks=_marks(found, index)))
        size += len(piece)
        parts += (before, piece)
        at = quantity.end
    parts.append(text[at:])
    question = Question(
        text="".join(parts),
        grammar=expressions(len(found)),
        rows=tuple(rows),
        pointers={pointer(index): index for index in range(len(found))},
        max_nodes=MOST_NODES,
    )
    return Problem(text=text, quantities=found, question=question)


def check_one_question(text: str) -> None:
    """Raises: InputError, where a text asks two questions."""
    places = [match.start() for match in re.finditer(r"\?+", text)]
    if len(places) > 1:
        raise InputError(
            f"{len(places)} questions in one text",
            ("one question",),
            "the problem",
            1,
            places[1] + 1,
            text.replace("\n", " "),
            advice="Ask them one at a time; tell the same story before each.",
        )


def _marks(found: tuple[Quantity, ...], index: int) -> tuple[str, ...]:
    own = found[index]
    values = [quantity.value for quantity in found]
    told = [own.kind]
    if own.value == min(values):
        told.append("least")
    if own.value == max(values):
        told.append("greatest")
    if own.value < 1:
        told.append("below 1")
    if own.value in values[:index]:
        told.append("seen before")
    return tuple(told)
