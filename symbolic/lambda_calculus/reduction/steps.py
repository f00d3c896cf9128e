"""Reduction one step at a time, as on paper: which redex, and what becomes of the term.

Each step substitutes in the whole term, so that this is for looking at reductions; `normal_form` is
for having them done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from abduce.symbolic.lambda_calculus.reduction.outcomes import Strategy
from abduce.symbolic.lambda_calculus.terms.codes import (
    ABSTRACTION,
    APPLICATION,
    BOUND,
    ends,
    with_depths,
)
from abduce.symbolic.lambda_calculus.terms.deadline import check, within
from abduce.symbolic.lambda_calculus.terms.layout import text_of
from abduce.symbolic.lambda_calculus.terms.terms import Term, canonical


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        before: the term.
        position: the position of the redex in the code of `before`.
        after: the term with the redex contracted.
    """

    before: Term
    position: int
    rule: Literal["beta", "eta"]
    after: Term

    @property
    def text(self) -> str:
        """`before` with its redex in square brackets."""
        term = self.before
        return text_of(term.codes, term.free, term.binders, mark=self.position)


def steps(
    term: Term,
    strategy: Strategy = "normal",
    *,
    eta: bool = False,
    deadline: float | None = None,
) -> Iterator[Step]:
    """The steps of a strategy, on and on until it has none left; without sharing.

    Args:
        eta: when no beta redex is left, eta steps follow, the leftmost outermost first.

    Raises:
        OutOfTime: the deadline has passed.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> for step in steps(parse("(\\\\x. x x) ((\\\\y. y) z)")):
    ...     print(step.text)
    [(\\x. x x) ((\\y. y) z)]
    [(\\y. y) z] ((\\y. y) z)
    z [(\\y. y) z]
    """
    while True:
        check(deadline)
        codes = term.codes
        position = redex(codes, strategy, deadline)
        if position is not None:
            after = contract(term, position, deadline)
            yield Step(term, position, "beta", after)
        elif eta and (position := eta_redex(codes, deadline)) is not None:
            after = contract_eta(term, position)
            yield Step(term, position, "eta", after)
        else:
            return
        term = after


def redex(codes: list[int], strategy: Strategy, deadline: float | None = None) -> int | None:
    """The position of the redex that a strategy contracts next."""
    if strategy in ("head", "weak-head"):
        position = 0
        while strategy == "head" and codes[position] == ABSTRACTION:
            position += 1
        while codes[position] == APPLICATION and codes[position + 1] == APPLICATION:
            position += 1
        return position if _is_redex(codes, position) else None
    if strategy == "normal":
        places = within(range(len(codes) - 1), deadline)
        return next((position for position in places if _is_redex(codes, position)), None)
    found = redexes(codes, deadline)
    if not found:
        return None
    after = ends(codes, deadline)
    return min(found, key=lambda position: (after[position], -position))


def redexes(codes: list[int], deadline: float | None = None) -> list[int]:
    """The positions of all beta redexes, from left to right."""
    places = within(range(len(codes) - 1), deadline)
    return [position for position in places if _is_redex(codes, position)]


def _is_redex(codes: list[int], position: int) -> bool:
    return codes[position] == APPLICATION and codes[position + 1] == ABSTRACTION


def contract(term: Term, position: int, deadline: float | None = None) -> Term:
    """The term with the beta redex at a position contracted."""
    codes, after = term.codes, ends(term.codes, deadline)
    middle, end = after[position + 1], after[position]
    names = iter(term.binders)
    named = [next(names) if code == ABSTRACTION else "" for code in within(codes, deadline)]
    argument, argument_names = codes[middle:end], [n for n in named[middle:end] if n]
    made = codes[:position]
    made_names = [name for name in named[:position] if name]
    body = with_depths(within(codes[position + 2 : middle], deadline))
    for (code, depth), name in zip(body, named[position + 2 : middle], strict=True):
        if code == ABSTRACTION:
            made_names.append(name)
        elif code == BOUND + depth:
            made += shifted(argument, depth, deadline)
            made_names += argument_names
            continue
        made.append(code - 1 if code > BOUND + depth else code)
    made += codes[end:]
    made_names += [name for name in named[end:] if name]
    return canonical(made, term.free, made_names, deadline)


def shifted(codes: list[int], by: int, deadline: float | None = None) -> list[int]:
    """The code of a subterm moved under `by` more binders."""
    check(deadline)
    if not by:
        return codes
    nodes = with_depths(within(codes, deadline))
    return [code + by if code >= BOUND + depth else code for code, depth in nodes]


def eta_redex(codes: list[int], deadline: float | None = None) -> int | None:
    """The position of the leftmost outermost `\\x. f x` with x not free in f."""
    after = ends(codes, deadline)
    for position in within(range(len(codes) - 2), deadline):
        if codes[position] == ABSTRACTION and codes[position + 1] == APPLICATION:
            check(deadline)
            function, argument = position + 2, after[position + 2]
            if codes[argument] == BOUND and not _uses(codes[function:argument]):
                return position
    return None


def _uses(codes: list[int]) -> bool:
    """Whether the innermost binder around a subterm binds something in it."""
    return any(code == BOUND + depth for code, depth in with_depths(codes))


def contract_eta(term: Term, position: int) -> Term:
    """The term with the eta redex at a position contracted."""
    codes, after = term.codes, ends(term.codes)
    function, argument, end = position + 2, after[position + 2], after[position]
    made = codes[:position] + shifted(codes[function:argument], -1) + codes[end:]
    number = codes[:position].count(ABSTRACTION)
    return canonical(made, term.free, (*term.binders[:number], *term.binders[number + 1 :]))
