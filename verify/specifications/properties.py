"""Properties of networks, as written in Python.

A property is a statement about an input x and the output y of a network, which must hold for every
input: comparisons of linear expressions, joined by ``&`` (and), ``|`` (or), ``~`` (not) and
`implies`. The specification of its violations is the normal form of its negation. For ``(x in a
box).implies(c)`` these are the points of the box where c does not hold.
`abduce.verify.specifications.expressions` makes expressions.
"""

from dataclasses import dataclass
from math import prod

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.network import Network, Shape, squeezed
from abduce.verify.specifications.cases import TOO_MANY_CASES, UnboundedError, cases
from abduce.verify.specifications.formulas import (
    Formula,
    TooManyCasesError,
    conjunction,
    disjunction,
    negation,
)
from abduce.verify.specifications.specification import Specification
from abduce.verify.specifications.vnnlib.writing import write_property


@dataclass(frozen=True, slots=True)
class Space:
    """The inputs and outputs of a network: what a property is about.

    Attributes:
        input_shape, output_shape: those of the network. Its axes of one entry are left out where x
            and y are indexed, but for the last.
    """

    input_shape: Shape
    output_shape: Shape

    @property
    def axes(self) -> tuple[Shape, Shape]:
        """The shapes of x and of y."""
        return squeezed(self.input_shape) or (1,), squeezed(self.output_shape) or (1,)

    def input_name(self, number: int) -> str:
        """How to write an input, counted in the order of C.

        >>> Space((1, 2, 3), (1,)).input_name(5)
        'x[1, 2]'
        """
        indices: list[str] = []
        for length in reversed(self.axes[0]):
            number, index = divmod(number, length)
            indices.append(str(index))
        return f"x[{', '.join(reversed(indices))}]"


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """A statement that must hold for every input and its output.

    It is made by comparing expressions and prints as it was made; long arrays are shortened.

    Attributes:
        formula: what must hold.
        text: the property in Python.
        joint: the operator that text must be protected from, outermost in it; "" for a call.

    >>> from abduce.verify import variables
    >>> x, y = variables(2, 3)
    >>> safe = ((x >= -1) & (x <= [0.5, 1.0])).implies((y[0] > y.others) | (2 * y[1] + x[0] <= 4))
    >>> print(safe)
    ((x >= -1) & (x <= [0.5, 1.0])).implies((y[0] > y.others) | (2 * y[1] + x[0] <= 4))
    >>> for case in safe.specification().cases:
    ...     print(case.lower, case.upper, case.inputs.tolist(), case.outputs.tolist())
    [-1. -1.] [0.5 1. ] [[-1.0, 0.0], [0.0, 0.0]] [[0.0, -2.0, 0.0], [1.0, -1.0, 0.0]]
    [-1. -1.] [0.5 1. ] [[-1.0, 0.0], [0.0, 0.0]] [[0.0, -2.0, 0.0], [1.0, 0.0, -1.0]]
    """

    space: Space
    formula: Formula
    text: str
    joint: str

    def implies(self, conclusion: "Property") -> "Property":
        """Wherever this holds, the conclusion holds."""
        space = self._space_with(conclusion)
        formula = disjunction([negation(self.formula), conclusion.formula])
        return Property(space, formula, f"({self.text}).implies({conclusion.text})", "")

    def __and__(self, other: "Property") -> "Property":
        return self._joined("&", other)

    def __or__(self, other: "Property") -> "Property":
        return self._joined("|", other)

    def __invert__(self) -> "Property":
        return Property(self.space, negation(self.formula), f"~({self.text})", "")

    def __bool__(self) -> bool:
        raise TypeError(
            f"a property is not true or false: {self.text}\n"
            "Write & for and, | for or, ~ for not, .implies(…) for if, and"
            " (low <= x) & (x <= high) for low <= x <= high."
        )

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def specification(self) -> Specification:
        """The violations of the property, as a union of cases.

        Raises:
            InputError: an input without a lower or an upper bound.
            UnsupportedError: a normal form that is too large.
        """
        sizes = prod(self.space.input_shape), prod(self.space.output_shape)
        try:
            return Specification(*sizes, cases(negation(self.formula), *sizes))
        except UnboundedError as error:
            name = self.space.input_name(error.variable)
            raise InputError(
                error.found(name),
                (f"{name} {error.sign} …",),
                advice="Bound every input: ((x >= low) & (x <= high)).implies(…).",
            ) from error
        except TooManyCasesError as error:
            advice = "Verify its parts one by one: of p & q first p, then q."
            raise UnsupportedError("this property", (TOO_MANY_CASES,), advice) from error

    def specification_of(self, network: Network) -> Specification:
        """Like `specification`, after a check that the property is about this network.

        Raises:
            ValueError: a network of other shapes.
        """
        space = Space(network.input_shape, network.output_shape)
        if space.axes != self.space.axes:
            raise ValueError(
                f"a property of x {self.space.axes[0]} and y {self.space.axes[1]}, where the"
                f" network has x {space.axes[0]} and y {space.axes[1]}; make it with"
                " variables(network)"
            )
        return self.specification()

    def to_vnnlib(self, version: str = "1.0") -> str:
        """The text of a VNN-LIB file, which is read back as this specification.

        Args:
            version: 1.0 or 2.0.

        Raises:
            InputError, UnsupportedError: as `specification`.
            ValueError: another version.
        """
        shapes = self.space.input_shape, self.space.output_shape
        return write_property(self.specification(), version, *shapes)

    def _joined(self, operator: str, other: "Property") -> "Property":
        if not isinstance(other, Property):
            return NotImplemented
        join = conjunction if operator == "&" else disjunction
        left = self.text if self.joint in ("", operator) else f"({self.text})"
        right = f"({other.text})" if other.joint else other.text
        formula = join([self.formula, other.formula])
        return Property(self._space_with(other), formula, f"{left} {operator} {right}", operator)

    def _space_with(self, other: "Property") -> Space:
        if self.space != other.space:
            raise ValueError(
                f"properties of different networks: {self.text} and {other.text}; make both with"
                " the variables of one"
            )
        return self.space
