"""Principal types (Hindley-Milner) of lambda terms, by unification.

Every node has a type variable; an application says that the type of its function is an arrow from
that of its argument to its own, an abstraction that its own is an arrow. Only at the end is looked
whether a type would contain itself. Definitions were put in by the parser, so that each use has a
type of its own: this is let-polymorphism.

Source: Hindley 1969, The principal type-scheme of an object in combinatory logic; Milner 1978, A
theory of type polymorphism in programming.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from abduce.symbolic.lambda_calculus.terms.codes import (
    ABSTRACTION,
    APPLICATION,
    BOUND,
    ends,
    with_depths,
)
from abduce.symbolic.lambda_calculus.terms.deadline import STRETCH, check, within
from abduce.symbolic.lambda_calculus.terms.terms import Term
from abduce.symbolic.unification import Classes

ARROW = 0
LARGEST_TYPE = 1_000_000


@dataclass(frozen=True, slots=True)
class Type:
    """A type as a prefix code: 0 for an arrow, before its two sides; n + 1 for the n-th variable.

    >>> print(Type((0, 0, 1, 2, 0, 1, 2)))
    (a -> b) -> a -> b
    """

    code: tuple[int, ...]

    def __str__(self) -> str:
        pieces: list[str] = []
        todo: list[str | bool] = [False]  # a text, or a type: whether it stands left of an arrow
        for part in self.code:
            left = todo.pop()
            if part == ARROW:
                if left:
                    pieces.append("(")
                    todo.append(")")
                todo += (False, " -> ", True)
            else:
                pieces.append(_letters(part - 1))
            while todo and isinstance(todo[-1], str):
                pieces.append(str(todo.pop()))
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class Typing:
    """The principal type of a term.

    Attributes:
        type: the type of the term.
        free: the types of its free variables; variables of types are the same throughout.
    """

    type: Type
    free: Mapping[str, Type]

    def __str__(self) -> str:
        given = ", ".join(f"{name} : {kind}" for name, kind in self.free.items())
        return f"{given} |- {self.type}" if given else str(self.type)


@dataclass(frozen=True, slots=True)
class Untypable:
    """The term has no simple type.

    Attributes:
        position: the first application, from right to left in prefix order, whose type would have
            to contain itself.
    """

    position: int


@dataclass(frozen=True, slots=True)
class TypeTooLarge:
    """The term has a type that is too large to be written down: types can be exponentially larger
    than their terms."""

    limit: int


def principal_type(
    term: Term, largest: int = LARGEST_TYPE, *, deadline: float | None = None
) -> Typing | Untypable | TypeTooLarge:
    """The most general type of a term, of which all its types are instances.

    Args:
        largest: the number of nodes that types may have in all.

    Raises:
        OutOfTime: the deadline has passed.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> print(principal_type(parse("\\\\f g x. f (g x)")))
    (a -> b) -> (c -> a) -> c -> b
    >>> print(principal_type(parse("f x x")))
    f : a -> a -> b, x : a |- b
    >>> principal_type(parse("\\\\x. x x"))
    Untypable(position=1)
    """
    constraints = _Constraints(term, deadline)
    classes = constraints.solved(0)
    if _is_cyclic(classes, deadline):
        return Untypable(_first_cycle(constraints))
    written = _written(classes, [*constraints.free, 0], largest)
    if written is None:
        return TypeTooLarge(largest)
    *others, kind = written
    return Typing(kind, dict(zip(term.free, others, strict=True)))


def _is_cyclic(classes: Classes, deadline: float | None) -> bool:
    """Whether a type contains itself: what no order of leaves before arrows can reach."""
    sides = {
        variable: (classes.root(left), classes.root(right))
        for variable, (_, left, right) in within(list(classes.structures.items()), deadline)
    }
    uses: dict[int, int] = dict.fromkeys(sides, 0)
    for pair in within(list(sides.values()), deadline):
        for side in pair:
            if side in uses:
                uses[side] += 1
    ready = [variable for variable, count in uses.items() if not count]
    seen = 0
    while ready:
        seen += 1
        if seen % STRETCH == 0:
            check(deadline)
        for side in sides[ready.pop()]:
            if side in uses:
                uses[side] -= 1
                if not uses[side]:
                    ready.append(side)
    return seen < len(sides)


def _written(classes: Classes, variables: list[int], largest: int) -> list[Type] | None:
    """The types of variables, with the same names; None where they are larger together."""
    names: dict[int, int] = {}
    found: list[Type] = []
    size = 0
    for variable in variables:
        code: list[int] = []
        todo = [variable]
        while todo:
            variable = classes.root(todo.pop())
            arrow = classes.structures.get(variable)
            if arrow is None:
                code.append(names.setdefault(variable, len(names) + 1))
            else:
                code.append(ARROW)
                todo += (arrow[2], arrow[1])
            if size + len(code) + len(todo) > largest:
                return None
        size += len(code)
        found.append(Type(tuple(code)))
    return found


class _Constraints:
    """The type constraints of the nodes of a term.

    Attributes:
        free: the variables of the free variables; those of nodes are their positions.
    """

    def __init__(self, term: Term, deadline: float | None) -> None:
        self.deadline = deadline
        self.codes, self.after = term.codes, ends(term.codes, deadline)
        self.free = list(range(term.size, term.size + len(term.free)))
        self.count = term.size + len(term.free)
        self.variables = self._variables()

    def solved(self, start: int) -> Classes:
        """The classes of types after the constraints of all positions from a start on."""
        classes = Classes(self.count + self.codes.count(ABSTRACTION))
        for position in within(range(len(self.codes) - 1, start - 1, -1), self.deadline):
            code = self.codes[position]
            if code == APPLICATION:
                function, argument = position + 1, self.after[position + 1]
                classes.equate(function, (ARROW, argument, position))
            elif code == ABSTRACTION:
                classes.equate(position, (ARROW, self.variables[position], position + 1))
            else:
                classes.merge(self.variables[position], position)
        return classes

    def _variables(self) -> list[int]:
        """For each variable and each abstraction the type variable of its binder."""
        found = [0] * len(self.codes)
        around: list[int] = []
        binder = self.count
        for position, (code, depth) in enumerate(with_depths(within(self.codes, self.deadline))):
            del around[depth:]
            if code == APPLICATION:
                continue
            if code == ABSTRACTION:
                around.append(binder)
                found[position] = binder
                binder += 1
            elif code < 0:
                found[position] = self.free[~code]
            else:
                found[position] = around[depth - 1 - (code - BOUND)]
        return found


def _first_cycle(constraints: _Constraints) -> int:
    """The greatest position whose constraint, with those after it, makes a type contain itself."""
    low, high = 0, len(constraints.codes)  # cyclic from low on, not from high on
    while high - low > 1:
        middle = (low + high) // 2
        if _is_cyclic(constraints.solved(middle), constraints.deadline):
            low = middle
        else:
            high = middle
    return low


def _letters(number: int) -> str:
    """a, b, ..., z, a1, b1, ..."""
    letter = chr(ord("a") + number % 26)
    return f"{letter}{number // 26}" if number >= 26 else letter
