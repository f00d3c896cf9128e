"""Lambda terms: de Bruijn codes in prefix order, and the names they were written with.

Two terms are equal when they are alpha-equivalent: bound variables are indices, and the names of
binders are kept for printing only. Why terms are flat: ../../docs/decisions/0010-lambda-terms.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.terms.codes import (
    ABSTRACTION,
    APPLICATION,
    BOUND,
    NODE_BYTES,
    fault,
    packed,
    unpacked,
    with_depths,
)
from abduce.symbolic.lambda_calculus.terms.deadline import within
from abduce.symbolic.lambda_calculus.terms.layout import NAME, SUGAR, text_of

SHOWN_NODES = 200
"""The upper limit on the nodes of a term that its `repr` writes out."""


@dataclass(frozen=True, slots=True, repr=False)
class Term:
    """A lambda term; made by `parse`, `Term.of`, `variable`, `application` and `abstraction`.

    Attributes:
        code: the prefix code, 4 bytes a node (`codes` has it as integers).
        free: the names of the free variables in the order of their first occurrence.
        binders: the name of each abstraction in prefix order; equality does not look at them.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> parse(r"\\x y. x") == parse(r"\\a b. a"), parse(r"\\x. y") == parse(r"\\x. z")
    (True, False)
    """

    code: bytes
    free: tuple[str, ...]
    binders: tuple[str, ...] = field(compare=False)

    @classmethod
    def of(
        cls, codes: Iterable[int], free: Sequence[str] = (), binders: Sequence[str] | None = None
    ) -> "Term":
        """A term from codes that may be wrong.

        Args:
            free: what `-1 - k` stands for; may be in any order, and names may be unused.
            binders: None calls all of them x.

        Raises:
            InputError: not the code of one term, or no names.

        >>> print(Term.of([1, 0, 2, -1], ["z"]))
        \\x. x z
        """
        listed = list(codes)
        wrong = fault(listed)
        if wrong is None and min(listed) < -len(free):
            wrong = f"the free variable {~min(listed)} of {len(free)}"
        if wrong:
            raise InputError(wrong, ("the prefix code of a lambda term",))
        for name in free:
            if not NAME.fullmatch(name) or name in SUGAR:
                raise InputError(f"the free variable {name!r}", ("a name such as x, y' or step_2",))
        count = listed.count(ABSTRACTION)
        names = ("x",) * count if binders is None else tuple(binders)
        if len(names) != count:
            raise InputError(f"{len(names)} names of {count} binders", ("one name for each",))
        return canonical(listed, free, names)

    @property
    def codes(self) -> list[int]:
        """The prefix code as integers, a new list each time; see the module `codes`."""
        return unpacked(self.code)

    @property
    def size(self) -> int:
        """The number of nodes: variables, abstractions and applications."""
        return len(self.code) // NODE_BYTES

    @property
    def is_closed(self) -> bool:
        """Whether no variable is free."""
        return not self.free

    def __str__(self) -> str:
        return text_of(self.codes, self.free, self.binders)

    def __repr__(self) -> str:
        return f"<{self}>" if self.size <= SHOWN_NODES else f"<term of {self.size:,} nodes>"


def canonical(
    codes: Sequence[int],
    free: Sequence[str],
    binders: Sequence[str],
    deadline: float | None = None,
) -> Term:
    """A term from a right code whose free variables may be in any order, unused or named alike.

    Raises:
        OutOfTime: the deadline has passed.
    """
    if not free:
        return Term(packed(codes), (), tuple(binders))
    order: dict[str, int] = {}
    numbers: dict[int, int] = {}
    for code in dict.fromkeys(within(codes, deadline)):  # in the order of first occurrence
        if code < 0:
            numbers[code] = ~order.setdefault(free[~code], len(order))
    if any(old != new for old, new in numbers.items()):
        codes = [numbers.get(code, code) for code in within(codes, deadline)]
    return Term(packed(codes), tuple(order), tuple(binders))


def variable(name: str) -> Term:
    """A free variable.

    Raises:
        InputError: no name.
    """
    return Term.of([-1], [name])


def application(function: Term, *arguments: Term) -> Term:
    """A term applied to others, from left to right.

    >>> print(application(variable("f"), variable("x"), variable("f")))
    f x f
    """
    codes = [APPLICATION] * len(arguments)
    free: list[str] = []
    for term in (function, *arguments):
        shift = len(free)
        codes += [code - shift if code < 0 else code for code in term.codes]
        free += term.free
    binders = tuple(name for term in (function, *arguments) for name in term.binders)
    return canonical(codes, free, binders)


def abstraction(name: str, body: Term) -> Term:
    """A term with a free variable bound.

    >>> print(abstraction("x", application(variable("x"), variable("y"))))
    \\x. x y
    """
    codes = [ABSTRACTION]
    wanted = ~body.free.index(name) if name in body.free else 0
    for code, depth in with_depths(body.codes):
        codes.append(BOUND + depth if code == wanted < 0 else code)
    return canonical(codes, body.free, (name, *body.binders))
