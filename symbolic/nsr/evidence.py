"""Evidence: what the training rows say of the parts of a derivation.

    uses       operator, side of the operand, and the operator (or no operator, ``None``) that the
               operand is made by: how many explained sentences have this
    contests   two operators with an operand between them that either could take first: in how many
               explained sentences the other order gives another value

Where no sentence decides a contest, the levels of the two operators are open, and the other order
is another derivation of every sentence with the two (``other_orders``).

All counts are of different sentences, and are made in one pass.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    Category,
    Reading,
    Step,
    evaluate,
    types,
)
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError

Readings = Mapping[str, Reading]
Use = tuple[str, int, str | None]
Contest = tuple[str, str]
"""The operator on the left, and the one on the right."""
OPEN_LEFT: Final = (Category.POSTFIX, Category.INFIX)
OPEN_RIGHT: Final = (Category.INFIX, Category.PREFIX, Category.MIXFIX, Category.POLISH)
MOST_WORDS: Final = 64
"""The upper limit on the words of a sentence whose orders are tried."""
MOST_ORDERS: Final = 12
"""The upper limit on the other orders of one sentence."""
MOST_TRIED: Final = 300
"""The upper limit on the sentences in which a contest is tried."""
ENOUGH: Final = 3
"""The number of sentences that decide a contest after which no more are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted, and how much there was.

    Attributes:
        sentences: different ones that were looked at.
        explained: how many of them are explained.
        longest: the number of words in the longest explained sentence.
        bits: the description length of the lexicon.
    """

    sentences: int
    explained: int
    longest: int
    bits: float
    uses: Mapping[Use, int]
    contests: Mapping[Contest, int]


class Counting:
    """Counts sentence by sentence."""

    def __init__(self) -> None:
        self.sentences = self.explained = self.longest = 0
        self.uses: Counter[Use] = Counter()
        self.contests: Counter[Contest] = Counter()
        self.tried: Counter[Contest] = Counter()

    def add(
        self,
        words: Sequence[str],
        code: Sequence[Step] | None,
        value: Value | None,
        explained: bool,
        readings: Readings,
    ) -> None:
        """Counts a sentence with its derivation, if there is one, and the value of this."""
        self.sentences += 1
        if not explained or code is None:
            return
        self.explained += 1
        self.longest = max(self.longest, len(words))
        uses = dict.fromkeys(uses_of(code, words))
        self.uses.update(uses.keys())
        if len(words) > MOST_WORDS:
            return
        open_ = [
            (contest, on_left)
            for contest, on_left in meetings(uses, readings)
            if self.contests[contest] < ENOUGH and self.tried[contest] < MOST_TRIED
        ]
        if open_:
            tree = tree_of(code, words)
            for contest, on_left in open_:
                self.tried[contest] += 1
                other = code_of(turned(tree, contest, on_left, readings))
                if value_of(other, words, readings) != value:
                    self.contests[contest] += 1

    def counts(self, bits: float) -> Counts:
        """All that was counted, for a lexicon of so many bits."""
        return Counts(
            sentences=self.sentences,
            explained=self.explained,
            longest=self.longest,
            bits=round(bits, 3),
            uses=dict(self.uses),
            contests={contest: n for contest, n in self.contests.items() if n},
        )


def uses_of(code: Sequence[Step], words: Sequence[str]) -> Iterator[Use]:
    """The uses of a derivation, operands first."""
    stack: list[str | None] = []
    for arity, _, index in code:
        if arity == 0:
            stack.append(None)
            continue
        label = words[index] if index >= 0 else JUXTAPOSITION
        first = len(stack) - arity
        for side in range(arity):
            yield label, side, stack[first + side]
        stack[first:] = [label]


def contest_of(use: Use, readings: Readings) -> tuple[Contest, bool] | None:
    """The two operators of a use, if each could take the operand between them; and whether the one
    on the right took it last. The use is then that of its left operand."""
    outer, side, inner = use
    if inner is None:
        return None
    above, below = readings[outer].category, readings[inner].category
    if side == 0 and above in OPEN_LEFT and below in OPEN_RIGHT:
        return (inner, outer), True
    last = 1 if above in (Category.INFIX, Category.MIXFIX, Category.POLISH) else 0
    if side == last and above in OPEN_RIGHT and below in OPEN_LEFT:
        return (outer, inner), False
    return None


def meetings(uses: Iterable[Use], readings: Readings) -> list[tuple[Contest, bool]]:
    """The contests of some uses, each once for each order that it has."""
    found = (contest_of(use, readings) for use in uses if use[2] is not None)
    return [*dict.fromkeys([each for each in found if each is not None])]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A derivation as a tree."""

    label: str
    step: Step
    operands: tuple["Tree", ...]


def tree_of(code: Sequence[Step], words: Sequence[str]) -> Tree:
    """The tree of reverse Polish code."""
    stack: list[Tree] = []
    for step in code:
        arity, _, index = step
        first = len(stack) - arity
        label = words[index] if index >= 0 else JUXTAPOSITION
        stack[first:] = [Tree(label, step, tuple(stack[first:]))]
    return stack[0]


def code_of(tree: Tree) -> list[Step]:
    """The reverse Polish code of a tree of few words."""
    return [step for operand in tree.operands for step in code_of(operand)] + [tree.step]


def turned(tree: Tree, contest: Contest, on_left: bool, readings: Readings) -> Tree:
    """The derivation of the same words with the other order of two operators, everywhere.

    Args:
        on_left: which order it is that is turned into the other.

    The operator that was inside is outside:

        (x first y) second z   <->   x first (y second z)
    """
    operands = tuple([turned(each, contest, on_left, readings) for each in tree.operands])
    tree = Tree(tree.label, tree.step, operands)
    side = 0 if on_left else len(operands) - 1
    inner = operands[side] if operands else None
    if inner is None or not inner.operands:
        return tree
    if contest_of((tree.label, side, inner.label), readings) != (contest, on_left):
        return tree
    if on_left:
        moved = Tree(tree.label, tree.step, (inner.operands[-1], *operands[1:]))
        moved = turned(moved, contest, on_left, readings)
        return Tree(inner.label, inner.step, (*inner.operands[:-1], moved))
    moved = Tree(tree.label, tree.step, (*operands[:-1], inner.operands[0]))
    moved = turned(moved, contest, on_left, readings)
    return Tree(inner.label, inner.step, (moved, *inner.operands[1:]))


def _uses(tree: Tree) -> Iterator[Use]:
    for side, operand in enumerate(tree.operands):
        yield from _uses(operand)
        yield tree.label, side, operand.label if operand.operands else None


def other_orders(
    code: Sequence[Step],
    words: Sequence[str],
    readings: Readings,
    weight: Callable[[Contest], float],
) -> Iterator[tuple[Value | None, frozenset[Contest]]]:
    """The values of the derivations with other orders of operators, and which orders are others.

    Args:
        weight: the weight of the other order of two operators; 0 for a contest that the rows
            decide.
    """
    if len(words) > MOST_WORDS:
        return
    waiting: list[tuple[Tree, frozenset[Contest]]] = [(tree_of(code, words), frozenset())]
    done: set[frozenset[Contest]] = {frozenset()}
    while waiting:
        tree, already = waiting.pop(0)
        for contest, on_left in meetings(_uses(tree), readings):
            both = already | {contest}
            if contest in already or both in done or len(done) > MOST_ORDERS:
                continue
            if not weight(contest):
                continue
            done.add(both)
            other = turned(tree, contest, on_left, readings)
            waiting.append((other, both))
            yield value_of(code_of(other), words, readings), both


def value_of(code: Sequence[Step], words: Sequence[str], readings: Readings) -> Value | None:
    """The value of a derivation; None where it has none."""
    if any(readings[words[i] if i >= 0 else JUXTAPOSITION].integers for _, _, i in code) and (
        not types(code, words, readings)
    ):
        return None
    try:
        return evaluate(code)
    except TooLargeError:
        return None
