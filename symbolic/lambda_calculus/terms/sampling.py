"""Random terms: uniform ones of a size, and boolean expressions.

Source: Grygiel and Lescanne 2013, Counting and generating lambda terms (the recurrence); the three
families are those of Flach, Moreira and Lamb 2023, Towards a Neural Lambda Calculus, section 4.
"""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Literal

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND
from abduce.symbolic.lambda_calculus.terms.parsing import parse
from abduce.symbolic.lambda_calculus.terms.terms import Term, canonical

LARGEST_UNIFORM = 200
"""The upper limit on the nodes of uniformly drawn terms; the tables below grow with its cube."""

Family = Literal["closed-bool", "open-bool", "general"]
FAMILIES: tuple[Family, ...] = ("closed-bool", "open-bool", "general")
FREE = ("a", "b", "c")
"""The free variables of the families that have free variables."""

OPERATORS = tuple(
    (parse(text), arity)
    for text, arity in (
        ("\\p. p false true", 1),
        ("\\p q. p q p", 2),
        ("\\p q. p p q", 2),
        ("\\p q. p (q false true) q", 2),
        ("\\p a b. p a b", 3),
    )
)
"""The operators not, and, or, exclusive or, and if, each with its number of arguments."""

VALUES = (parse("true"), parse("false"))


class Uniform:
    """Draws terms of a size, each with the same probability.

    Args:
        largest: the most nodes that will be asked for.
        free: names of free variables; none for closed terms.

    Raises:
        InputError: more nodes than can be counted.

    >>> term = Uniform(12, ("y",)).draw(12, Random(0))
    >>> term.size
    12
    """

    def __init__(self, largest: int, free: Sequence[str] = ()) -> None:
        if not 1 <= largest <= LARGEST_UNIFORM:
            raise InputError(f"terms of {largest} nodes", (f"1 to {LARGEST_UNIFORM} nodes",))
        self.free = tuple(free)
        # counts[n][d]: of the terms of n nodes under d binders
        self.counts: list[list[int]] = [[], [depth + len(free) for depth in range(largest)]]
        for size in range(2, largest + 1):
            row = []
            for depth in range(largest - size + 1):
                total = self.counts[size - 1][depth + 1]
                for first in range(1, size - 1):
                    total += self.counts[first][depth] * self.counts[size - 1 - first][depth]
                row.append(total)
            self.counts.append(row)

    def draw(self, size: int, rng: Random) -> Term:
        """A random term with `size` nodes.

        Raises:
            InputError: there is none.
        """
        if not self.counts[size][0]:
            raise InputError(f"closed terms of {size} nodes", ("at least 2 nodes",))
        codes: list[int] = []
        todo = [(size, 0)]
        while todo:
            size, depth = todo.pop()
            chosen = rng.randrange(self.counts[size][depth])
            if size == 1:
                codes.append(BOUND + chosen if chosen < depth else depth - chosen - 1)
                continue
            chosen -= self.counts[size - 1][depth + 1]
            if chosen < 0:
                codes.append(ABSTRACTION)
                todo.append((size - 1, depth + 1))
                continue
            first = 0
            while chosen >= 0:
                first += 1
                chosen -= self.counts[first][depth] * self.counts[size - 1 - first][depth]
            codes.append(APPLICATION)
            todo += ((size - 1 - first, depth), (first, depth))
        return canonical(codes, self.free, ("x",) * codes.count(ABSTRACTION))


def grown(size: int, rng: Random, free: Sequence[str]) -> Term:
    """A term of any size: two of five nodes are abstractions, and an application divides what is
    left for its parts at random. Not uniform, but fast.

    >>> grown(1000, Random(0), ("y",)).size
    1000
    """
    codes: list[int] = []
    todo = [(size, 0)]
    while todo:
        size, depth = todo.pop()
        if size == 1:
            chosen = rng.randrange(depth + len(free))
            codes.append(BOUND + chosen if chosen < depth else depth - chosen - 1)
        elif size == 2 or rng.random() < 0.4:
            codes.append(ABSTRACTION)
            todo.append((size - 1, depth + 1))
        else:
            codes.append(APPLICATION)
            first = rng.randint(1, size - 2)
            todo += ((size - 1 - first, depth), (first, depth))
    return canonical(codes, free, ("x",) * codes.count(ABSTRACTION))


def boolean_expression(operators: int, rng: Random, free: Sequence[str] = ()) -> Term:
    """A random expression with a number of `OPERATORS`. If there are free variables, half of its
    leaves are free variables; the others are truth values.

    >>> boolean_expression(3, Random(0)).is_closed
    True
    """
    codes: list[int] = []
    binders: list[str] = []
    todo = [operators]
    while todo:
        left = todo.pop()
        if left == 0:
            if free and rng.random() < 0.5:
                codes.append(~rng.randrange(len(free)))
                continue
            part, shares = rng.choice(VALUES), []
        else:
            part, arity = rng.choice(OPERATORS)
            cuts = sorted([rng.randint(0, left - 1) for _ in range(arity - 1)])
            shares = [b - a for a, b in zip([0, *cuts], [*cuts, left - 1], strict=True)]
            codes += [APPLICATION] * arity
        codes += part.codes
        binders += part.binders
        todo += reversed(shares)
    return canonical(codes, tuple(free), binders)


def drawing(family: Family, shortest: int, longest: int, rng: Random) -> Callable[[], Term]:
    """A function that draws one term of a family for each call. General ones have from `shortest`
    to `longest` tokens, boolean expressions mostly.

    >>> drawing("general", 5, 5, Random(0))().size
    5
    """
    if family == "general":
        uniform = _uniform(longest)
        return lambda: uniform.draw(rng.randint(shortest, longest), rng)
    free = FREE if family == "open-bool" else ()
    # an operator and its share of the leaves have 10 to 20 tokens
    low, high = shortest // 20, longest // 10 + 1
    return lambda: boolean_expression(rng.randint(low, high), rng, free)


@cache
def _uniform(largest: int) -> Uniform:
    return Uniform(largest, FREE)
