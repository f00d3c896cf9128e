"""Operators that ONNX itself defines by other operators, and branches whose condition is constant.

The definition is that of the installed package `onnx`, for the attributes and types of the call. It
is translated as any other part of the file, so that what it needs is computed or refused.

Source: the function bodies of ONNX's operator schemas.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.network import Shape
from abduce.verify.networks.onnx.evaluating import unheard_of
from abduce.verify.networks.onnx.messages import AttributeProto, NodeProto
from abduce.verify.networks.onnx.model import Call, Subgraph, call_of, reads

DEFINED: Final = frozenset(
    [
        *("AffineGrid", "Attention", "CenterCropPad", "GroupNormalization"),
        *("MeanVarianceNormalization", "NegativeLogLikelihoodLoss", "RotaryEmbedding"),
        *("SoftmaxCrossEntropyLoss", "SwiGLU"),
    ]
)
"""The operators that are read as they are defined."""
Typed = tuple[int, Shape]
"""The number of a type, and a shape."""


def definition(
    node: Any, operands: Sequence[Typed | None], opset: int, path: Path
) -> tuple[tuple[Call, ...], int] | list[str]:
    """The calls that an operation stands for, and their opset; or what is wrong with the call.

    Args:
        node: the operation in the file.
        operands: None for an operand that is left out.
    """
    from onnx import FunctionProto, defs, helper

    if wrong := list(unheard_of(node, opset)):
        return wrong
    schema: Any = defs.get_schema(node.op_type, opset, "")
    plain = sorted(schema.function_opset_versions)
    context = sorted(schema.context_dependent_function_opset_versions)
    body, own = FunctionProto(), opset
    if fitting := [version for version in plain if version <= opset]:
        body.ParseFromString(schema.get_function_with_opset_version(fitting[-1]))
        own = fitting[-1]
    elif fitting := [version for version in context if version <= opset]:
        types = [
            helper.make_tensor_type_proto(*operand).SerializeToString() if operand else b""
            for operand in operands
        ]
        own = fitting[-1]
        text = schema.get_context_dependent_function_with_opset_version(
            own, node.SerializeToString(), types
        )
        body.ParseFromString(text)
    if not body.node:
        return ["a form that ONNX does not define by other operators"]
    given = {
        name: attribute.default_value
        for name, attribute in schema.attributes.items()
        if attribute.default_value.type
    } | {each.name: each for each in node.attribute}
    names = _named(node, body)
    inside = tuple(_inside(each, names, given) for each in body.node)
    opsets = [each.version for each in body.opset_import if each.domain in ("", "ai.onnx")]
    kept = _needed([call_of(each, path) for each in inside], [name for name in node.output if name])
    return kept, max(opsets, default=own)


def _named(node: Any, body: Any) -> Mapping[str, str]:
    """The names in the file of what the body calls its inputs and outputs; '' is left out."""
    names = {"": ""}
    for i, name in enumerate(body.input):
        names[name] = node.input[i] if i < len(node.input) else ""
    for i, name in enumerate(body.output):
        if i < len(node.output) and node.output[i]:
            names[name] = node.output[i]
    return names


def _inside(node: Any, names: Mapping[str, str], given: Mapping[str, Any]) -> Any:
    """An operation of a body, its names made those of the file, with the attributes of the call."""
    found = NodeProto()
    found.CopyFrom(node)
    prefix = next(name for name in reversed([*names.values()]) if name)
    for part in (found.input, found.output):
        part[:] = [names.get(name, f"{prefix}/{name}") if name else "" for name in part]
    found.name = found.name or f"{prefix}/{node.op_type}"
    del found.attribute[:]
    for attribute in node.attribute:
        new = AttributeProto()
        if attribute.ref_attr_name:
            if attribute.ref_attr_name not in given:
                continue
            new.CopyFrom(given[attribute.ref_attr_name])
            new.name = attribute.name
        else:
            new.CopyFrom(attribute)
        if new.type == AttributeProto.GRAPH:
            nodes = [_inside(each, names, given) for each in new.g.node]
            del new.g.node[:]
            new.g.node.extend(nodes)
            for part in (new.g.output, new.g.initializer):
                for value in part:
                    value.name = names.get(value.name, f"{prefix}/{value.name}")
        found.attribute.append(new)
    return found


def _needed(calls: Sequence[Call], outputs: Sequence[str]) -> tuple[Call, ...]:
    """The calls that some outputs need, in order."""
    wanted, kept = set(outputs), []
    for call in reversed(calls):
        if wanted & {name for name in call.outputs if name}:
            kept.append(call)
            wanted.update(reads(call))
    return tuple(reversed(kept))


def branch(call: Call, condition: np.ndarray) -> Iterator[Call]:
    """The calls of the branch that a constant condition takes, with the outputs of the call."""
    if condition.size != 1:
        raise InputError(f"a condition of shape {condition.shape}", ("one truth value",))
    part = call.attributes.get("then_branch" if condition.reshape(-1)[0] else "else_branch")
    if not isinstance(part, Subgraph) or len(part.outputs) != len(call.outputs):
        raise InputError("no such branch", ("a then_branch and an else_branch",))
    yield from _needed(part.calls, part.outputs)
    for inner, outer in zip(part.outputs, call.outputs, strict=True):
        yield Call("Identity", f"{outer}/Identity", (inner,), (outer,), {})
