"""Linear expressions in the input x and the output y of a network, to write properties with.

    x, y = variables(network)
    robust = x.near(image, 0.03, clip=(0, 1)).implies(y[3] > y.others)
    bounded = ((x >= low) & (x <= high)).implies(2 * y[0] - y[1] + x[2] <= 4)

An expression is an array of linear terms. It is indexed and sliced, added, scaled, multiplied with
matrices as an array of numpy is, but what is joined with it must have one entry or its shape: no
other shapes are broadcast. A comparison is a property: that *all* entries compare so;
``~(y < 2)`` is that some entry is at least 2.

Numbers are those that Python gives (0.1 is the float nearest to it; ``Fraction(1, 10)`` is exact).
What is computed with them here is computed exactly; each coefficient and each bound of an
inequality is rounded once, to the nearest float64.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, NoReturn, overload

import numpy as np

from abduce.verify.networks.network import Network, Shape, squeezed
from abduce.verify.specifications.formulas import Formula, conjunction
from abduce.verify.specifications.operands import exact_numbers, shown, shown_key
from abduce.verify.specifications.operations import (
    ATOM,
    COMPARISONS,
    OPERATIONS,
    PRODUCT,
    combined,
    copied,
    not_linear,
)
from abduce.verify.specifications.properties import Property, Space
from abduce.verify.specifications.terms import Term, difference, total


@overload
def variables(network: Network, /) -> "tuple[Expression, Expression]": ...
@overload
def variables(inputs: int | Shape, outputs: int | Shape, /) -> "tuple[Expression, Expression]": ...
def variables(
    inputs: Network | int | Shape, outputs: int | Shape = (), /
) -> "tuple[Expression, Expression]":
    """The input x and the output y of a network, or of any with the given shapes.

    Their shapes are those of the network without the axes of one entry: of an output of shape
    (1, 10), ``y[3]`` is an entry.

    >>> x, y = variables((1, 28, 28), 10)
    >>> x[0, :2], y[3]
    (x[0, :2], y[3])
    """
    if isinstance(inputs, Network):
        space = Space(inputs.input_shape, inputs.output_shape)
    else:
        given = ((size,) if isinstance(size, int) else tuple(size) for size in (inputs, outputs))
        space = Space(*given)
    of_x, of_y = space.axes
    x = tuple(Term({i: Fraction(1)}, Fraction(0)) for i in range(prod(of_x)))
    y = tuple(Term({~j: Fraction(1)}, Fraction(0)) for j in range(prod(of_y)))
    return Expression(space, x, of_x, "x", ATOM), Expression(space, y, of_y, "y", ATOM)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """An array of linear terms in x and y; see the module.

    Attributes:
        terms: its entries in the order of C; never changed.
        text, binding: how it is written, and how tightly that binds.
    """

    space: Space
    terms: tuple[Term, ...]
    shape: Shape
    text: str
    binding: int

    __array_ufunc__ = None  # numpy leaves its operators to this class

    def near(self, point: Any, radius: Any, clip: tuple[Any, Any] | None = None) -> Property:
        """The property that every entry is within a radius of a point, and within clip.

        Args:
            point, radius, clip: numbers or arrays of this shape.

        Raises:
            ValueError: there is no such input.
        """
        centre, spread = self._numbers(point), self._numbers(radius)
        lower = [c - r for c, r in zip(centre, spread, strict=True)]
        upper = [c + r for c, r in zip(centre, spread, strict=True)]
        given = f"{shown(point)}, {shown(radius)}"
        if clip is not None:
            lower = [max(pair) for pair in zip(lower, self._numbers(clip[0]), strict=True)]
            upper = [min(pair) for pair in zip(upper, self._numbers(clip[1]), strict=True)]
            given += f", clip=({shown(clip[0])}, {shown(clip[1])})"
        for number, (low, high) in enumerate(zip(lower, upper, strict=True)):
            if low > high:
                raise ValueError(
                    f"entry {number} of {self.text}: no number is within the radius"
                    f" {float(spread[number])} of {float(centre[number])}, and within clip"
                )
        formulas: list[Formula] = []
        for term, low, high in zip(self.terms, lower, upper, strict=True):
            formulas.append(COMPARISONS[">="](term, Term({}, low)))
            formulas.append(COMPARISONS["<="](term, Term({}, high)))
        text = f"{self._as(ATOM)}.near({given})"
        return Property(self.space, conjunction(formulas), text, "")

    @property
    def others(self) -> "Others":
        """All entries but the one that they are compared with: ``y[3] > y.others``."""
        return Others(self)

    def sum(self) -> "Expression":
        terms = (total([copied(term) for term in self.terms]),)
        return Expression(self.space, terms, (), f"{self._as(ATOM)}.sum()", ATOM)

    def flatten(self) -> "Expression":
        text = f"{self._as(ATOM)}.flatten()"
        return Expression(self.space, self.terms, (len(self.terms),), text, ATOM)

    def __getitem__(self, key: Any) -> "Expression":
        places = np.arange(len(self.terms)).reshape(self.shape)[key]
        text = f"{self._as(ATOM)}[{shown_key(key)}]"
        if not places.size:
            raise IndexError(f"{text} has no entries: {self.text} has shape {self.shape}")
        terms = tuple(self.terms[place] for place in places.ravel())
        return Expression(self.space, terms, places.shape, text, ATOM)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError(f"{self.text} is one entry and has no length")
        return self.shape[0]

    def __iter__(self) -> "Iterator[Expression]":
        return (self[place] for place in range(len(self)))

    def __add__(self, other: Any) -> "Expression":
        return self._with(self._operand(other), "+")

    def __radd__(self, other: Any) -> "Expression":
        return self._operand(other)._with(self, "+")

    def __sub__(self, other: Any) -> "Expression":
        return self._with(self._operand(other), "-")

    def __rsub__(self, other: Any) -> "Expression":
        return self._operand(other)._with(self, "-")

    def __mul__(self, other: Any) -> "Expression":
        return self._with(self._operand(other), "*")

    def __rmul__(self, other: Any) -> "Expression":
        return self._operand(other)._with(self, "*")

    def __truediv__(self, other: Any) -> "Expression":
        return self._with(self._operand(other), "/")

    def __rtruediv__(self, other: Any) -> "Expression":
        return self._operand(other)._with(self, "/")

    def __matmul__(self, other: Any) -> "Expression":
        if isinstance(other, Expression):
            raise not_linear(f"{self._as(PRODUCT)} @ {other._as(ATOM)}")
        return self._contracted(other, f"{self._as(PRODUCT)} @ {shown(other)}", first=True)

    def __rmatmul__(self, other: Any) -> "Expression":
        return self._contracted(other, f"{shown(other)} @ {self._as(ATOM)}", first=False)

    def __neg__(self) -> "Expression":
        terms = tuple(difference(term, []) for term in self.terms)
        return Expression(self.space, terms, self.shape, f"-{self._as(ATOM)}", PRODUCT)

    def __le__(self, other: Any) -> Property:
        return self._compared("<=", other)

    def __lt__(self, other: Any) -> Property:
        return self._compared("<", other)

    def __ge__(self, other: Any) -> Property:
        return self._compared(">=", other)

    def __gt__(self, other: Any) -> Property:
        return self._compared(">", other)

    def __eq__(self, other: Any) -> Any:
        return self._compared("==", other)

    def __ne__(self, other: Any) -> Any:
        return self._compared("!=", other)

    def __abs__(self) -> NoReturn:
        raise not_linear(
            f"abs({self.text})", "Write (e >= -r) & (e <= r) for abs(e) <= r, or e.near(0, r)."
        )

    def __pow__(self, other: Any) -> NoReturn:
        raise not_linear(f"{self._as(ATOM)} ** {other!r}")

    def __and__(self, other: Any) -> NoReturn:
        raise TypeError("& and | join properties: write (x >= 0) & (x <= 1), in parentheses")

    __rand__ = __or__ = __ror__ = __and__

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _with(self, other: "Expression", operator: str) -> "Expression":
        """The entries of both, joined by an operator."""
        function, left, right = OPERATIONS[operator]
        text = f"{self._as(left)} {operator} {other._as(right)}"
        results = [function(a, b) for a, b in self._pairs(other, text)]
        terms = tuple(term for term in results if term is not None)
        if len(terms) < len(results):
            raise not_linear(text)
        shapes = [e.shape for e in (self, other) if len(e.terms) == len(terms)]
        return Expression(self.space, terms, min(shapes, key=len), text, left)

    def _compared(self, sign: str, other: Any) -> Property:
        right = other.than(self) if isinstance(other, Others) else self._operand(other)
        text = f"{self.text} {sign} {right.text}"
        pairs = self._pairs(right, text)
        formula = conjunction([COMPARISONS[sign](a, b) for a, b in pairs])
        return Property(self.space, formula, text, sign)

    def _contracted(self, matrix: Any, text: str, first: bool) -> "Expression":
        """The product with a vector or a matrix of numbers, over its first or its last axis."""
        factors, shape = exact_numbers(matrix)
        if first and shape:
            order = np.moveaxis(np.arange(len(factors)).reshape(shape), 0, -1)
            factors, shape = [factors[place] for place in order.ravel()], order.shape
        if len(self.shape) != 1 or shape[-1:] != self.shape:
            raise ValueError(
                f"{text}: {self.text} has shape {self.shape}; what a matrix is multiplied with has"
                " one axis, as long as that of the matrix (see flatten)"
            )
        width = len(self.terms)
        terms = (
            combined(self.terms, factors[start : start + width])
            for start in range(0, len(factors), width)
        )
        return Expression(self.space, tuple(terms), shape[:-1], text, PRODUCT)

    def _operand(self, value: Any) -> "Expression":
        """An expression, or numbers as one."""
        if isinstance(value, Expression):
            if value.space != self.space:
                raise ValueError(
                    f"variables of different networks: {self.text} and {value.text}; make both by"
                    " one call of variables"
                )
            return value
        numbers, shape = exact_numbers(value)
        terms = tuple(Term({}, number) for number in numbers)
        return Expression(self.space, terms, shape, shown(value), ATOM)

    def _numbers(self, value: Any) -> list[Fraction]:
        """Numbers, one for each entry."""
        constant = self._operand(value)
        pairs = self._pairs(constant, f"{self.text}.near({constant.text}, …)")
        if len(pairs) > len(self.terms):
            raise ValueError(f"{self.text} is one entry, and {constant.text} are {len(pairs)}")
        return [number.constant for _, number in pairs]

    def _pairs(self, other: "Expression", text: str) -> Sequence[tuple[Term, Term]]:
        """Entries that belong together: of equal shapes, or one with all."""
        a, b = self.terms, other.terms
        if len(a) == 1:
            a *= len(b)
        elif len(b) == 1:
            b *= len(a)
        elif squeezed(self.shape) != squeezed(other.shape):
            raise ValueError(
                f"{text}: shapes {self.shape} and {other.shape}; only one entry is repeated, other"
                " shapes must be equal"
            )
        return list(zip(a, b, strict=True))

    def _as(self, binding: int) -> str:
        """The text, in parentheses where it would not hold together."""
        return self.text if self.binding >= binding else f"({self.text})"


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """The entries of an expression but the one that they are compared with."""

    whole: Expression

    def than(self, one: Expression) -> Expression:
        """The entries that share no variable with an expression.

        Raises:
            ValueError: it is not about exactly one entry, or there are no others.
        """
        text = f"{self.whole.text}.others"
        used = {v for term in one.terms for v, factor in term.coefficients.items() if factor}
        others = tuple(t for t in self.whole.terms if used.isdisjoint(t.coefficients))
        if len(one.terms) != 1 or len(others) != len(self.whole.terms) - 1:
            raise ValueError(
                f"{text} is compared with {one.text}, and not with one entry of {self.whole.text};"
                f" write {self.whole.text}[3] > {text}"
            )
        if not others:
            raise ValueError(f"{self.whole.text} has one entry: there are no {text}")
        return Expression(one.space, others, (len(others),), text, ATOM)

    def __le__(self, one: Any) -> Property:
        return self.whole._operand(one)._compared(">=", self)

    def __lt__(self, one: Any) -> Property:
        return self.whole._operand(one)._compared(">", self)

    def __ge__(self, one: Any) -> Property:
        return self.whole._operand(one)._compared("<=", self)

    def __gt__(self, one: Any) -> Property:
        return self.whole._operand(one)._compared("<", self)
