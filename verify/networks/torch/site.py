"""An ATen operation where it stands in a graph, and the words to say it in.

The words are the operators of ONNX, whose translation is written and checked already, and torch
itself: an operation that only moves entries is applied to the numbers of the entries.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import torch
from torch import fx

from abduce.errors import UnsupportedError
from abduce.verify.networks.network import Shape
from abduce.verify.networks.onnx.building import Builder, Value
from abduce.verify.networks.onnx.building import Site as OnnxSite
from abduce.verify.networks.onnx.model import OPSETS, Attribute, Call
from abduce.verify.networks.onnx.reading import OPERATORS, results_of
from abduce.verify.networks.torch.constants import changed


@dataclass(frozen=True, slots=True)
class Variable:
    """A tensor that depends on the input: a node of the network."""

    node: int


Term = Variable | np.ndarray
Operand = Term | float | Sequence[int] | None
Translation = Term | tuple[Term, ...]
Translator = Callable[..., Translation]
"""Called with a `Site` and the operation's arguments; tensors are given as terms, other arguments
unchanged."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """An operation to be translated.

    Attributes:
        label: what to call it in an error.
    """

    call: fx.Node
    builder: Builder
    label: str

    def unsupported(self, what: str) -> UnsupportedError:
        return UnsupportedError("", (f"node {self.label} with {what}",))

    def shape(self, term: Term) -> Shape:
        return self.builder.shape_of(_value(term))

    def onnx(self, kind: str, *operands: Operand, **attributes: Attribute) -> Term:
        """The result of an operator of ONNX.

        Args:
            operands: numbers and lists of integers are constants; None is left out.
        """
        if kind not in OPERATORS:
            raise self.unsupported(f"operator {kind}")
        values = tuple(None if operand is None else _value(operand) for operand in operands)
        names = tuple("" if value is None else "operand" for value in values)
        call = Call(kind, self.label, names, (self.call.name,), attributes)
        (result,) = results_of(OnnxSite(call, values, self.builder, OPSETS[-1]))
        return result if isinstance(result, np.ndarray) else Variable(result)

    def reshape(self, term: Term, shape: Sequence[int]) -> Term:
        return self.onnx("Reshape", term, tuple(shape), allowzero=1)

    def turned(self, term: Term) -> Term:
        """A matrix with its axes exchanged; a vector as it is."""
        return term if len(self.shape(term)) < 2 else self.onnx("Transpose", term, perm=(1, 0))

    def moved(self, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Translation:
        """The results of the operation, whose first operand is moved and whose others say how."""
        first, *others = arguments
        shape = self.shape(first)
        numbers = torch.arange(prod(shape), dtype=torch.float64).reshape(shape)
        result = self._apply((numbers, *others), keywords)
        if isinstance(result, torch.Tensor):
            return self._placed(first, result)
        return tuple(self._placed(first, part) for part in result)

    def assembled(self, arguments: Sequence[Any]) -> Term:
        """The result of an operation that moves entries of several operands.

        Integers and truth values among them say how, and are not moved themselves.
        """
        values: list[Value] = []
        count = 0

        def numbered(argument: Any) -> Any:
            nonlocal count
            if isinstance(argument, np.ndarray) and argument.dtype.kind != "f":
                return argument
            if not isinstance(argument, Variable | np.ndarray):
                return argument
            values.append(_value(argument))
            shape = self.shape(argument)
            count += prod(shape)
            first = count - prod(shape)
            return np.arange(first, count, dtype=np.float64).reshape(shape)

        index = self._apply(changed(tuple(arguments), numbered), {})
        result = self.builder.assembled(values, index.long().numpy())
        return result if isinstance(result, np.ndarray) else Variable(result)

    def _apply(self, arguments: Any, keywords: Mapping[str, Any]) -> Any:
        def tensor(argument: Any) -> Any:
            if isinstance(argument, Variable):
                raise self.unsupported("an index that is not constant")
            return torch.tensor(argument) if isinstance(argument, np.ndarray) else argument

        target: Any = self.call.target
        return target(*changed(tuple(arguments), tensor), **keywords)

    def _placed(self, term: Variable, numbers: torch.Tensor) -> Term:
        index = numbers.long().numpy()
        self.builder.claim(index.shape)
        result = self.builder.copied(term.node, lambda _: index)
        assert isinstance(result, int)
        return Variable(result)


def _value(operand: Term | float | Sequence[int]) -> Value:
    if isinstance(operand, Variable):
        return operand.node
    if isinstance(operand, Sequence):
        return np.array(operand, np.int64)
    return np.asarray(operand)
