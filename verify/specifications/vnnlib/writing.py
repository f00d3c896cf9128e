"""Specifications as VNN-LIB text, of version 1.0 or 2.0.

The text is read back as an equal specification: the same cases in the same order, with the same
boxes and inequalities. The one exception is an inequality over a single input that is not strict
and not a bound of the box, which would be read as a bound.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from math import prod

import numpy as np

from abduce.errors import UnsupportedError
from abduce.verify.networks.network import Shape
from abduce.verify.specifications.specification import Case, Specification

Names = Callable[[int], str]
"""Gives the name of a number in the flattened tensors."""
VERSIONS = ("1.0", "2.0")


def write_property(
    specification: Specification,
    version: str = "1.0",
    input_shape: Shape | None = None,
    output_shape: Shape | None = None,
) -> str:
    """A specification as the text of a VNN-LIB file.

    Args:
        version: 1.0 or 2.0.
        input_shape, output_shape: the shapes of the tensors that 2.0 declares; one axis where left
            out.

    Raises:
        ValueError: another version, or a shape of another size.
        UnsupportedError: bounds on neurons.

    >>> from abduce.verify.specifications.vnnlib.reading import parse_property
    >>> text = '''(declare-const X_0 Real) (declare-const Y_0 Real)
    ...     (assert (<= -1 X_0 )) (assert (<= X_0 1e-1)) (assert (or (> Y_0 2) (<= Y_0 X_0)))'''
    >>> print(write_property(parse_property(text), "2.0", (1, 1)))
    (vnnlib-version <2.0>)
    (declare-network N
      (declare-input X real [1,1])
      (declare-output Y real [1]))
    (assert (>= X[0,0] -1.0))
    (assert (<= X[0,0] 0.1))
    (assert (or
      (> Y[0] 2.0)
      (<= (+ (* -1.0 X[0,0]) Y[0]) 0.0)))
    """
    inputs = input_shape or (specification.inputs,)
    outputs = output_shape or (specification.outputs,)
    if (prod(inputs), prod(outputs)) != (specification.inputs, specification.outputs):
        raise ValueError(
            f"shapes {inputs} and {outputs} for {specification.inputs} inputs and"
            f" {specification.outputs} outputs"
        )
    if specification.hidden:
        nodes = tuple(sorted({bounds.node for bounds in specification.hidden}))
        raise UnsupportedError("a VNN-LIB file with bounds on neurons", nodes)
    if version not in VERSIONS:
        raise ValueError(f"VNN-LIB {version}; there are {' and '.join(VERSIONS)}")
    if version == "1.0":
        writer = _Writer(lambda i: f"X_{i}", lambda j: f"Y_{j}", repr)
        head = [f"(declare-const X_{i} Real)" for i in range(specification.inputs)]
        head += [f"(declare-const Y_{j} Real)" for j in range(specification.outputs)]
    else:
        writer = _Writer(_entries("X", inputs), _entries("Y", outputs), _positional)
        head = [
            "(vnnlib-version <2.0>)",
            "(declare-network N",
            f"  (declare-input X real [{','.join(map(str, inputs))}])",
            f"  (declare-output Y real [{','.join(map(str, outputs))}]))",
        ]
    return "\n".join((*head, *writer.assertions(specification.cases)))


class _Writer:
    """Words for inputs, outputs and numbers."""

    def __init__(self, x: Names, y: Names, number: Callable[[float], str]) -> None:
        self.x, self.y, self.number = x, y, number

    def assertions(self, cases: tuple[Case, ...]) -> Iterator[str]:
        if not cases:
            yield "(assert (< 0.0 0.0))"
            return
        shared = all(_same_box(case, cases[0]) for case in cases[1:])
        if shared:
            yield from (f"(assert {bound})" for bound in self._box(cases[0]))
        if len(cases) == 1:
            yield from (f"(assert {inequality})" for inequality in self._inequalities(cases[0]))
            return
        parts = [[*([] if shared else self._box(c)), *self._inequalities(c)] for c in cases]
        yield "(assert (or\n  " + "\n  ".join(map(_all, parts)) + "))"

    def _box(self, case: Case) -> Iterator[str]:
        for i, (low, high) in enumerate(zip(case.lower.tolist(), case.upper.tolist(), strict=True)):
            yield f"(>= {self.x(i)} {self.number(low)})"
            yield f"(<= {self.x(i)} {self.number(high)})"

    def _inequalities(self, case: Case) -> Iterator[str]:
        for row, bound in enumerate(case.bounds.tolist()):
            factors = [(self.x(i), case.inputs[row, i]) for i in _places(case.inputs[row])]
            factors += [(self.y(j), case.outputs[row, j]) for j in _places(case.outputs[row])]
            terms = [self._term(name, float(factor)) for name, factor in factors]
            sign = "<" if case.strict[row] else "<="
            if len(factors) == 1 and factors[0][1] == -1.0:
                yield f"({sign.replace('<', '>')} {factors[0][0]} {self.number(0.0 - bound)})"
                continue
            left = terms[0] if len(terms) == 1 else f"(+ {' '.join(terms or ['0.0'])})"
            yield f"({sign} {left} {self.number(bound)})"

    def _term(self, name: str, factor: float) -> str:
        return name if factor == 1.0 else f"(* {self.number(factor)} {name})"


def _all(formulas: list[str]) -> str:
    if len(formulas) > 1:
        return f"(and {' '.join(formulas)})"
    return formulas[0] if formulas else "(<= 0.0 0.0)"


def _places(row: np.ndarray) -> list[int]:
    return np.flatnonzero(row).tolist()


def _same_box(a: Case, b: Case) -> bool:
    return np.array_equal(a.lower, b.lower) and np.array_equal(a.upper, b.upper)


def _entries(name: str, shape: Shape) -> Names:
    def entry(number: int) -> str:
        return f"{name}[{','.join(str(int(i)) for i in np.unravel_index(number, shape))}]"

    return entry


def _positional(value: float) -> str:
    """A number as 2.0 has it: no exponent, and a point.

    >>> _positional(1e-07), _positional(-1e+16), _positional(0.5)
    ('0.0000001', '-10000000000000000.0', '0.5')
    """
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else f"{text}.0"
