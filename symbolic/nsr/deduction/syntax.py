"""Syntax: what a word does to its neighbours, and the one derivation that binding powers allow.

A *sign* is the syntactic half of a lexical entry: a category, a binding level (a positive number;
higher binds tighter), a reach and, for words with a partner, the partner. The left operand of an
operator is everything on its left that binds no looser than its level; its right operand goes on
as long as what follows has at least the level that its reach admits.

    nullary      w              a phrase by itself
    postfix      _ w            level
    infix        _ w _          level, reach
    prefix       w _            level, reach
    mixfix       w _ s _        level, reach; the first operand ends at the partner s
    circumfix    w _ s          closed on both sides
    polish       w _ _          level, reach
    reverse_polish  _ _ w       its first operand is a phrase that nothing on its left can take

Juxtaposition is the infix sign of the empty word. A lexicon has juxtaposition, or words of Polish
notation (``polish``), or words of reverse Polish notation (``reverse_polish``), or none of them:
each says what two phrases side by side are. Under these rules a sentence has at most one
derivation, found in linear time (``parse``); ``chart`` finds the same one from the declarative
rules alone, and all the others when words have several signs.

Source: Pratt 1973, Top down operator precedence (there with programs attached to tokens, as here).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from abduce.symbolic.programs.typed.primitives import Sort, Value
from abduce.symbolic.programs.typed.running import MAX_TOKENS, TooLargeError
from abduce.symbolic.programs.typed.typing import ANY, Signature


class Category(IntEnum):
    """What a word combines with; see the module's table."""

    NULLARY = 0
    POSTFIX = 1
    INFIX = 2
    PREFIX = 3
    MIXFIX = 4
    CIRCUMFIX = 5
    PARTNER = 6
    POLISH = 7
    REVERSE_POLISH = 8


ARITIES: Final = {
    Category.NULLARY: 0,
    Category.POSTFIX: 1,
    Category.INFIX: 2,
    Category.PREFIX: 1,
    Category.MIXFIX: 2,
    Category.CIRCUMFIX: 1,
    Category.PARTNER: 0,
    Category.POLISH: 2,
    Category.REVERSE_POLISH: 2,
}
PAIRED: Final = (Category.POLISH, Category.REVERSE_POLISH)
"""The categories of words that take two operands side by side."""
JUXTAPOSITION: Final = ""
"""The name under which a lexicon keeps the meaning of two phrases side by side."""


class Reach(IntEnum):
    """How far a right operand extends: which levels of operators it may contain."""

    LEFT = 0  # of higher levels only: left-associative
    RIGHT = 1  # of its own level too: right-associative
    LOOSE = 2  # of all levels
    TIGHT = 3  # of none: a single phrase


TIGHTEST: Final = 1e9
_BESIDE: Final = "\0polish"
"""The partner that a word of Polish notation awaits: the beginning of its second operand."""
_PAIR: Final = "\0reverse"
"""What two operands side by side await: their word of reverse Polish notation."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The syntactic half of a lexical entry: category, binding level, reach and partner."""

    category: Category
    level: float = 0.0
    reach: Reach = Reach.LEFT
    partner: str = ""

    @property
    def arity(self) -> int:
        return ARITIES[self.category]

    @property
    def right(self) -> float:
        """The lowest level that the right operand absorbs."""
        match self.reach:
            case Reach.LEFT:
                return self.level + 0.5
            case Reach.RIGHT:
                return self.level
            case Reach.LOOSE:
                return 0.0
            case Reach.TIGHT:
                return TIGHTEST


NULLARY: Final = Sign(Category.NULLARY)
PARTNER: Final = Sign(Category.PARTNER)

Meaning = Value | Callable[..., Value]
Step = tuple[int, Meaning, int]
"""Reverse Polish code: (arity, value or function, index of the word; -1 juxtaposition)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A word as deduction uses it: its binding powers and its compiled meaning (a value if
    nullary).

    Attributes:
        signature: the sorts of its meaning; None where they are not known, so that it fits
            everywhere.
        integers: whether it takes or gives integers; if no word does, sorts need no check.
    """

    category: Category
    kind: int  # the category as a plain int, which compares faster
    left: float
    right: float
    partner: str
    meaning: Meaning
    signature: Signature | None = None
    integers: bool = False

    @staticmethod
    def of(sign: Sign, meaning: Meaning, signature: Signature | None = None) -> "Reading":
        category = sign.category
        powers = (category, int(category), sign.level, sign.right, sign.partner)
        integers = signature is not None and signature.integers
        return Reading(*powers, meaning, signature, integers)

    def sort(self, operands: Sequence[Sort]) -> Sort | None:
        """The sort of the phrase with operands of these sorts, or None where they do not fit."""
        return ANY if self.signature is None else self.signature.applied(operands)


def parse(words: Sequence[str], readings: Mapping[str, Reading]) -> list[Step] | None:
    """The one derivation of a sentence as reverse Polish code, or None if there is none.

    Every word must have a reading. A derivation in which an operand has the wrong sort does not
    count. The time is linear in the sentence, and there is no recursion.
    """
    code: list[Step] = []
    frames: list[
        list
    ] = []  # open operators: [lowest power absorbed, step to emit, partner awaited]
    juxtaposition = readings.get(JUXTAPOSITION)
    expect_operand = True
    integers = juxtaposition is not None and juxtaposition.integers
    for index, word in enumerate(words):
        reading = readings[word]
        kind = reading.kind
        if reading.integers:
            integers = True
        if not expect_operand and kind in (0, 3, 4, 5, 7):
            if juxtaposition is not None:
                left = juxtaposition.left
                while frames and frames[-1][0] > left:
                    code.append(frames.pop()[1])
                frames.append([juxtaposition.right, (2, juxtaposition.meaning, -1), None])
            elif any([readings[w].kind == 8 for w in words]):
                frames.append([-1.0, None, _PAIR, None])
            else:
                while frames and frames[-1][2] is None:
                    code.append(frames.pop()[1])
                if not frames or frames[-1][2] != _BESIDE:
                    return None
                frames[-1][0], frames[-1][2] = frames[-1][3], None
            expect_operand = True
        if expect_operand:
            if kind == 0:
                code.append((0, reading.meaning, index))
                expect_operand = False
            elif kind == 3:
                frames.append([reading.right, (1, reading.meaning, index), None])
            elif kind == 4:
                step = (2, reading.meaning, index)
                frames.append([-1.0, step, reading.partner, reading.right])
            elif kind == 5:
                frames.append([-1.0, (1, reading.meaning, index), reading.partner, None])
            elif kind == 7:
                frames.append([-1.0, (2, reading.meaning, index), _BESIDE, reading.right])
            else:
                return None
        elif kind == 6:
            while frames and frames[-1][2] is None:
                code.append(frames.pop()[1])
            if not frames or frames[-1][2] != word:
                return None
            frame = frames[-1]
            if frame[3] is None:  # circumfix: closed now
                code.append(frames.pop()[1])
            else:
                frame[0], frame[2] = frame[3], None
                expect_operand = True
        elif kind == 8:
            while frames and frames[-1][2] is None:
                code.append(frames.pop()[1])
            if not frames or frames[-1][2] != _PAIR:
                return None
            frames.pop()
            code.append((2, reading.meaning, index))
        else:
            left = reading.left
            while frames and frames[-1][0] > left:
                code.append(frames.pop()[1])
            if kind == 1:
                code.append((1, reading.meaning, index))
            else:
                frames.append([reading.right, (2, reading.meaning, index), None])
                expect_operand = True
    if expect_operand:
        return None
    while frames:
        frame = frames.pop()
        if frame[2] is not None:
            return None
        code.append(frame[1])
    return None if integers and not types(code, words, readings) else code


def types(code: Sequence[Step], words: Sequence[str], readings: Mapping[str, Reading]) -> bool:
    """Whether every operand in a derivation is of the sort that its operator takes."""
    sorts: list[Sort] = []
    for arity, _, index in code:
        first = len(sorts) - arity
        found = readings[words[index] if index >= 0 else JUXTAPOSITION].sort(sorts[first:])
        if found is None:
            return False
        sorts[first:] = [found]
    return True


def evaluate(code: Sequence[Step]) -> Value:
    """The value of a derivation, bottom up.

    Raises:
        TooLargeError: a value outgrew ``MAX_TOKENS``.
    """
    stack: list = []
    push, pop = stack.append, stack.pop
    for arity, meaning, _ in code:
        if arity == 0:
            push(meaning)
            continue
        if arity == 1:
            value = meaning(stack[-1])  # type: ignore[operator]
        else:
            last = pop()
            value = meaning(stack[-1], last)  # type: ignore[operator]
        if isinstance(value, str):
            if len(value) > MAX_TOKENS:
                raise TooLargeError
        elif value > MAX_TOKENS * MAX_TOKENS:
            raise TooLargeError
        stack[-1] = value
    return stack[0]
