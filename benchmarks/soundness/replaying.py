"""Whether an input violates a property, decided without the verifier's own readers.

The network runs in onnxruntime. The text of the property is evaluated as it stands, in rational
numbers, so that a fault in the verifier's reader of VNN-LIB cannot hide itself.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np

Text = str | list[Any]
"""A word, or a list of texts in brackets."""
RELATIONS: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
ARITHMETIC: Final[Mapping[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


class Loaded:
    """A network in onnxruntime, on one thread, of one input; its outputs are flat, in float64."""

    def __init__(self, model: bytes, shape: tuple[int, ...]) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self.shape = shape

    def __call__(self, x: np.ndarray) -> np.ndarray:
        given = x.astype(np.float32).reshape(self.shape)
        (y,) = self.session.run(None, {self.session.get_inputs()[0].name: given})
        return np.asarray(y, float).ravel()

    @property
    def shape_of_output(self) -> tuple[int, ...]:
        given = np.zeros(self.shape, np.float32)
        (y,) = self.session.run(None, {self.session.get_inputs()[0].name: given})
        return np.asarray(y).shape


def violates(text: str, x: np.ndarray, y: np.ndarray) -> bool:
    """Whether every assertion of a VNN-LIB 1.0 text holds at an input and its output.

    >>> violates("(assert (or (and (<= Y_0 1) (>= X_0 0.5)) (> Y_0 9)))", np.ones(1), np.ones(1))
    True
    """
    values = {f"X_{i}": Fraction(float(v)) for i, v in enumerate(x.ravel())}
    values |= {f"Y_{i}": Fraction(float(v)) for i, v in enumerate(y.ravel())}
    return all(_holds(form[1], values) for form in _forms(text) if form[0] == "assert")


def _forms(text: str) -> Sequence[Text]:
    stack: list[list[Any]] = [[]]
    for word in re.findall(r"[()]|[^\s()]+", re.sub(r";[^\n]*", "", text)):
        if word == "(":
            stack.append([])
        elif word == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(word)
    return stack[0]


def _holds(form: Text, values: Mapping[str, Fraction]) -> bool:
    match form:
        case ["and", *parts]:
            return all(_holds(part, values) for part in parts)
        case ["or", *parts]:
            return any(_holds(part, values) for part in parts)
        case [relation, left, right]:
            return RELATIONS[relation](_value(left, values), _value(right, values))
    raise ValueError(f"a formula that cannot be evaluated: {form}")


def _value(form: Text, values: Mapping[str, Fraction]) -> Fraction:
    if isinstance(form, str):
        return values[form] if form in values else Fraction(form)
    sign, first, *others = form
    if not others:
        return -_value(first, values)
    found = _value(first, values)
    for other in others:
        found = ARITHMETIC[sign](found, _value(other, values))
    return found
