"""Constants of an exported module, computed by torch itself.

Real numbers are computed in float64, from the weights as they are. Integers and truth values are
computed in the types of the module: which entry an index means is for the module to say, even
where it rounds to find it. Numbers that the module casts to a narrower type, or makes of integers
alone, are rounded as it does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import fx

from abduce.errors import UnsupportedError

UNWRITTEN = frozenset(["empty", "empty_like", "empty_strided", "new_empty"])
"""Operations whose entries have no value until they are written. They become NaN here, which no
network accepts."""


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A tensor that does not depend on the input.

    Attributes:
        own: the tensor in the type of the module.
        wide: float64 where that is a type of real numbers, else `own`.
    """

    own: torch.Tensor
    wide: torch.Tensor

    @staticmethod
    def of(tensor: torch.Tensor) -> "Constant":
        own = tensor.detach().cpu()
        return Constant(own, own.double() if own.is_floating_point() else own)

    @property
    def array(self) -> np.ndarray:
        """float64, int64 or bool."""
        if self.wide.is_complex() or self.wide.is_quantized:
            raise UnsupportedError("", (f"a constant of {self.wide.dtype}",))
        kept = self.wide.is_floating_point() or self.wide.dtype == torch.bool
        return (self.wide if kept else self.wide.long()).numpy()


Computed = Constant | tuple["Computed", ...]


def computed(node: fx.Node, values: Mapping[fx.Node, Any]) -> Computed:
    """The result of an operation whose operands are all constant.

    Raises:
        UnsupportedError: it is random, or no tensor.
    """
    target: Any = node.target
    if torch.Tag.nondeterministic_seeded in getattr(target, "tags", ()):
        raise UnsupportedError("", ("random numbers",))
    arguments, keywords = arguments_of(node, values)

    def run(change: Callable[[Any], Any]) -> Any:
        return target(*changed(arguments, change), **changed(keywords, change))

    name = operation_name(target)
    with torch.no_grad():
        own = run(_own)
        if name == "_to_copy" and narrower(own.dtype, arguments[0].own.dtype):
            return Constant.of(own)
        if name in UNWRITTEN and own.is_floating_point():
            return Constant.of(torch.full_like(own, torch.nan))
        return _paired(own, run(_wide))


def arguments_of(
    node: fx.Node, values: Mapping[fx.Node, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments and keywords of an operation, nodes replaced by their values."""

    def value(argument: Any) -> Any:
        return values[argument] if isinstance(argument, fx.Node) else argument

    return changed(node.args, value), changed(node.kwargs, value)


def changed(part: Any, change: Callable[[Any], Any]) -> Any:
    """The same tuples, lists and dicts, with what stands in them changed."""
    match part:
        case tuple():
            return tuple(changed(entry, change) for entry in part)
        case list():
            return [changed(entry, change) for entry in part]
        case dict():
            return {key: changed(entry, change) for key, entry in part.items()}
    return change(part)


def operation_name(target: Any) -> str:
    """`add` of ``aten.add.Tensor``; what is no ATen operation is named as Python does."""
    if not isinstance(target, torch._ops.OpOverload):
        return getattr(target, "__name__", str(target))
    namespace, _, name = target._schema.name.partition("::")
    return name if namespace == "aten" else f"{namespace}.{name}"


def narrower(one: torch.dtype, other: torch.dtype) -> bool:
    """Whether numbers are rounded on the way from the other type to the one."""
    if not (one.is_floating_point and other.is_floating_point):
        return False
    return torch.finfo(one).eps > torch.finfo(other).eps


def _own(argument: Any) -> Any:
    match argument:
        case Constant(own, _):
            return own
        case torch.device():
            return torch.device("cpu")
    return argument


def _wide(argument: Any) -> Any:
    match argument:
        case Constant(_, wide):
            return wide
        case torch.dtype() if argument.is_floating_point:
            return torch.float64
    return _own(argument)


def _paired(own: Any, wide: Any) -> Computed:
    if isinstance(own, list | tuple):
        return tuple(_paired(a, b) for a, b in zip(own, wide, strict=True))
    if not isinstance(own, torch.Tensor):
        raise UnsupportedError("", (f"a result of type {type(own).__name__}",))
    return Constant(own, wide.double()) if own.is_floating_point() else Constant(own, own)
