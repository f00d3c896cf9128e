"""Formulas as cases: boxes and matrices."""

from dataclasses import dataclass

import numpy as np

from abduce.clock import check
from abduce.verify.specifications.formulas import (
    MOST_ATOMS,
    MOST_CASES,
    Atom,
    Formula,
    TooManyCasesError,
    normal_form,
)
from abduce.verify.specifications.specification import Case

MOST_ENTRIES = 2**26

TOO_MANY_CASES = (
    f"a disjunctive normal form of more than {MOST_CASES:,} cases or {MOST_ATOMS:,} inequalities"
)


@dataclass
class UnboundedError(Exception):
    """A case that does not bound an input.

    Attributes:
        variable: which input.
        side: lower or upper.
        number, count: which case, counted from 0, of how many.
    """

    variable: int
    side: str
    number: int
    count: int

    @property
    def sign(self) -> str:
        """The relation of the missing bound, >= or <=."""
        return ">=" if self.side == "lower" else "<="

    def found(self, name: str) -> str:
        """The error, with the variable's name."""
        where = f" in case {self.number + 1} of {self.count}" if self.count > 1 else ""
        return f"no {self.side} bound of {name}{where}"


def cases(
    formula: Formula, inputs: int, outputs: int, deadline: float | None = None
) -> tuple[Case, ...]:
    """The cases of a formula without those whose box is empty; equal boxes may be shared.

    Raises:
        UnboundedError: an input without a lower or an upper bound.
        TooManyCasesError: too many cases, or more than MOST_ENTRIES numbers in all of them.
        OutOfTime: the deadline, of ``clock.wall_s()``, has passed.
    """
    shared, written = normal_form(formula)
    box = np.full(inputs, -np.inf), np.full(inputs, np.inf)
    common = _split(shared, box)
    if _is_empty(box):
        return ()
    found: list[Case] = []
    entries = 0
    for number, case in enumerate(written):
        check(deadline)
        own = box
        if any(atom.is_bound for atom in case):
            own = box[0].copy(), box[1].copy()
            entries += 2 * inputs
        atoms = [*common, *_split(case, own)]
        if _is_empty(own):
            continue
        lower, upper = _ordered(own)
        for side, values in (("lower", lower), ("upper", upper)):
            if (free := np.isinf(values)).any():
                raise UnboundedError(int(free.argmax()), side, number, len(written))
        entries += len(atoms) * (inputs + outputs)
        if entries > MOST_ENTRIES:
            raise TooManyCasesError
        found.append(_case(lower, upper, atoms, outputs))
    return tuple(found)


Box = tuple[np.ndarray, np.ndarray]


def _is_empty(box: Box) -> bool:
    """Whether its bounds cross, and not only because both were rounded."""
    with np.errstate(over="ignore"):
        return bool((np.nextafter(box[0], -np.inf) > box[1]).any())


def _ordered(box: Box) -> Box:
    """The box without bounds that cross: both are then the one that is no float32 number."""
    lower, upper = box
    crossing = lower > upper
    if not crossing.any():
        return box
    one = np.where(lower.astype(np.float32) == lower, upper, lower)
    return np.where(crossing, one, lower), np.where(crossing, one, upper)


def _split(atoms: list[Atom], box: Box) -> list[Atom]:
    """Intersect a box with the atoms that are bounds; returns those that are inequalities."""
    lower, upper = box
    rest = []
    for atom in atoms:
        if not atom.is_bound:
            rest.append(atom)
            continue
        variable, sign = atom.terms[0]
        if sign > 0:
            upper[variable] = min(upper[variable], atom.bound)
        else:
            lower[variable] = max(lower[variable], 0.0 - atom.bound)
        if atom.strict:
            rest.append(atom)
    return rest


def _case(lower: np.ndarray, upper: np.ndarray, atoms: list[Atom], outputs: int) -> Case:
    a, b = np.zeros((len(atoms), len(lower))), np.zeros((len(atoms), outputs))
    for row, atom in enumerate(atoms):
        for variable, factor in atom.terms:
            if variable >= 0:
                a[row, variable] = factor
            else:
                b[row, ~variable] = factor
    bounds = np.array([atom.bound for atom in atoms], dtype=np.float64)
    strict = np.array([atom.strict for atom in atoms], dtype=bool)
    for array in (lower, upper, a, b, bounds, strict):
        array.setflags(write=False)
    return Case(lower, upper, a, b, bounds, strict)
