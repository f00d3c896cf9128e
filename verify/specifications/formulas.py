"""Formulas of linear inequalities, and their disjunctive normal form.

A formula knows how large its normal form is, and that of its negation, before either is written
down. Negations are not moved inwards. The normal form is enumerated from the root, in time linear
in its size and without recursion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

MOST_CASES = 100_000
MOST_ATOMS = 5_000_000


class TooManyCasesError(Exception):
    """A disjunctive normal form beyond MOST_CASES cases or MOST_ATOMS atoms."""


class Size(NamedTuple):
    """The size of a disjunctive normal form; beyond the limits it is only known to exceed them."""

    cases: int
    atoms: int

    def times(self, other: "Size") -> "Size":
        """The size of a conjunction."""
        atoms = self.atoms * other.cases + other.atoms * self.cases
        return Size(min(self.cases * other.cases, MOST_CASES + 1), min(atoms, MOST_ATOMS + 1))

    def plus(self, other: "Size") -> "Size":
        """The size of a disjunction."""
        cases, atoms = self.cases + other.cases, self.atoms + other.atoms
        return Size(min(cases, MOST_CASES + 1), min(atoms, MOST_ATOMS + 1))


ONE = Size(1, 0)
NONE = Size(0, 0)


class Atom(NamedTuple):
    """``sum of coefficient * variable <= bound``, or ``<`` where it is strict.

    A variable is an integer: i for the input X_i, ~j for the output Y_j. An atom over one input has
    the coefficient 1 or -1.
    """

    terms: tuple[tuple[int, float], ...]
    bound: float
    strict: bool

    def negated(self) -> "Atom":
        terms = tuple((variable, -factor) for variable, factor in self.terms)
        return Atom(terms, 0.0 - self.bound, not self.strict)

    @property
    def is_bound(self) -> bool:
        return len(self.terms) == 1 and self.terms[0][0] >= 0


@dataclass(frozen=True, slots=True, eq=False)
class Junction:
    """A conjunction or a disjunction; without parts, what is true or what is false.

    Attributes:
        every: whether all parts hold, and not one at least.
        size, negated_size: the sizes of its normal form and of that of its negation.
    """

    every: bool
    parts: "tuple[Formula, ...]"
    size: Size
    negated_size: Size


@dataclass(frozen=True, slots=True, eq=False)
class Negation:
    """The negation of a junction."""

    part: Junction


Formula = Atom | Junction | Negation


def conjunction(formulas: Sequence[Formula]) -> Formula:
    """The conjunction of the formulas."""
    return _junction(True, formulas)


def disjunction(formulas: Sequence[Formula]) -> Formula:
    """At least one of the formulas."""
    return _junction(False, formulas)


def negation(formula: Formula) -> Formula:
    """The negation of the formula."""
    match formula:
        case Atom():
            return formula.negated()
        case Junction():
            return Negation(formula) if formula.parts else _junction(not formula.every, ())
        case Negation():
            return formula.part


def normal_form(formula: Formula) -> tuple[list[Atom], list[list[Atom]]]:
    """The atoms of every case, and its other parts; no case if the formula is false.

    Cases come in lexical order, the choice that is written first slowest.

    Raises:
        TooManyCasesError: too large to write down.
    """
    common: list[Atom] = []
    choices: list[tuple[Formula, bool]] = []
    size = ONE
    todo = [(formula, True)]
    while todo:
        part, positive = todo.pop()
        if isinstance(part, Atom):
            common.append(part if positive else part.negated())
        elif isinstance(part, Negation):
            todo.append((part.part, not positive))
        elif part.every == positive:
            todo.extend((inner, positive) for inner in reversed(part.parts))
        else:
            choices.append((part, positive))
            size = size.times(_size(part, positive))
    if size.cases > MOST_CASES or size.atoms > MOST_ATOMS:
        raise TooManyCasesError
    return common, _cases(choices) if size.cases else []


def _cases(choices: list[tuple[Formula, bool]]) -> list[list[Atom]]:
    """One list of atoms for each combination of choices."""
    found: list[list[Atom]] = []
    linked: Any = None  # linked lists (first, rest), which branches share
    for choice in reversed(choices):
        linked = (choice, linked)
    branches: list[tuple[Any, Any]] = [(linked, None)]
    while branches:
        pending, atoms = branches.pop()
        while pending is not None:
            (part, positive), pending = pending
            if isinstance(part, Atom):
                atoms = (part if positive else part.negated(), atoms)
            elif isinstance(part, Negation):
                pending = ((part.part, not positive), pending)
            elif part.every == positive:
                for inner in reversed(part.parts):
                    pending = ((inner, positive), pending)
            else:
                for inner in reversed(part.parts):
                    if _size(inner, positive).cases:
                        branches.append((((inner, positive), pending), atoms))
                break
        else:
            found.append(_in_order(atoms))
    return found


def _in_order(linked: Any) -> list[Atom]:
    atoms: list[Atom] = []
    while linked is not None:
        atom, linked = linked
        atoms.append(atom)
    return atoms[::-1]


def _junction(every: bool, formulas: Sequence[Formula]) -> Formula:
    parts = tuple(f for f in formulas if not (isinstance(f, Junction) and _is_empty(f, every)))
    if len(parts) == 1:
        return parts[0]
    together, apart = ONE, NONE
    for part in parts:
        together = together.times(_size(part, every))
        apart = apart.plus(_size(part, not every))
    return Junction(every, parts, *((together, apart) if every else (apart, together)))


def _is_empty(formula: Junction, every: bool) -> bool:
    return formula.every == every and not formula.parts


def _size(formula: Formula, positive: bool) -> Size:
    match formula:
        case Atom():
            return Size(1, 1)
        case Negation():
            return _size(formula.part, not positive)
        case Junction():
            return formula.size if positive else formula.negated_size
