"""From a module of torch to a `Network`."""

from collections.abc import Mapping
from inspect import signature
from operator import getitem
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import fx, nn
from torch.export import ExportedProgram

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.network import Network
from abduce.verify.networks.onnx.building import Builder
from abduce.verify.networks.onnx.simplifying import simplified
from abduce.verify.networks.torch.arithmetic import ARITHMETIC
from abduce.verify.networks.torch.checking import check_module
from abduce.verify.networks.torch.constants import (
    Constant,
    arguments_of,
    changed,
    computed,
    narrower,
    operation_name,
)
from abduce.verify.networks.torch.exporting import evaluation_mode, exported, point_for
from abduce.verify.networks.torch.graph import given, label_of, needed, output_of
from abduce.verify.networks.torch.shaping import SHAPING
from abduce.verify.networks.torch.site import Site, Term, Translator, Variable
from abduce.verify.networks.torch.windows import WINDOWS

OPERATIONS: Mapping[str, Translator] = MappingProxyType({**SHAPING, **ARITHMETIC, **WINDOWS})

Held = Variable | Constant | tuple["Held", ...]
"""The value that a node of the graph stands for."""


def read_module(module: nn.Module, example: torch.Tensor) -> Network:
    """A module in evaluation mode as a network, for inputs of the example's shape.

    It is the function of the module in real arithmetic, of its weights as they are: those of
    float32, float16 and bfloat16 become float64 without rounding. Constants that have to be
    computed (quotients, square roots) are rounded to the nearest double. The network was compared
    with the module at points near the example. The module is not changed.

    Args:
        example: an input, with an axis of the batch if the module wants one.

    Raises:
        InputError: the module cannot run the example.
        UnsupportedError: what of it is not supported, all of it at once.
        ImportMismatchError: the network is not the module, which is a mistake in Abduce.
    """
    with evaluation_mode(module):
        point = point_for(module, example)
        program = exported(module, point)
        with np.errstate(all="ignore"):
            network = simplified(_translated(program, point, type(module).__name__))
        check_module(network, module, program, point)
    return network


def _translated(program: ExportedProgram, point: torch.Tensor, name: str) -> Network:
    """Translates each operation in turn, except those that read something that is not supported."""
    (source,) = program.graph_signature.user_inputs
    wrong: list[str] = []
    try:
        builder = Builder(tuple(point.shape), str(source))
    except UnsupportedError as error:
        raise UnsupportedError(name, error.parts) from error
    values: dict[fx.Node, Held | None] = {**given(program, Variable(0))}
    for node in needed(program):
        if node not in values:
            site = Site(node, builder, label_of(node))
            values[node] = _held_by(site, values, point.dtype, wrong)
    output = values[output_of(program)]
    if isinstance(output, Constant) and not output.wide.isfinite().all():
        wrong.append("NaN or infinity as output")
    if wrong:
        raise UnsupportedError(name, tuple(wrong))
    assert isinstance(output, Variable | Constant)
    last = output.node if isinstance(output, Variable) else builder.node(output.array)
    names = {node.name: held.node for node, held in values.items() if isinstance(held, Variable)}
    return Network(tuple(builder.nodes), last, names, tuple(builder.unbounded))


def _held_by(
    site: Site, values: Mapping[fx.Node, Held | None], dtype: torch.dtype, wrong: list[str]
) -> Held | None:
    """The term of a node; None, and the reason in the list, if it is not supported."""
    node, label = site.call, site.label
    if any(values[operand] is None for operand in node.all_input_nodes):
        if node.target is not getitem and operation_name(node.target) not in OPERATIONS:
            wrong.append(f"node {label}")
        return None
    site.builder.tensor = node.name
    try:
        return _result(site, values, dtype)
    except UnsupportedError as error:
        parts = error.parts
    except InputError as error:
        parts = (error.found,)
    wrong.extend(p if p.startswith("node ") else f"node {label} with {p}" for p in parts)
    return None


def _result(site: Site, values: Mapping[fx.Node, Held | None], dtype: torch.dtype) -> Held:
    node = site.call
    arguments, keywords = arguments_of(node, values)
    if not any(_varies(values[operand]) for operand in node.all_input_nodes):
        return computed(node, values)
    if node.target is getitem:
        results, place = arguments
        if place >= len(results):
            raise site.unsupported(f"result {place + 1}")
        return results[place]
    name = operation_name(node.target)
    if name not in OPERATIONS:
        raise UnsupportedError("", (f"node {site.label}",))
    terms, named = changed(arguments, _term), changed(keywords, _term)
    try:
        signature(OPERATIONS[name]).bind(site, *terms, **named)
    except TypeError as error:
        raise site.unsupported(f"arguments that are not known ({error})") from error
    result = OPERATIONS[name](site, *terms, **named)
    parts = result if isinstance(result, tuple) else (result,)
    meta = node.meta["val"] if isinstance(node.meta["val"], list | tuple) else (node.meta["val"],)
    held = tuple(_held(site, part, like, dtype) for part, like in zip(parts, meta, strict=False))
    return held if isinstance(result, tuple) else held[0]


def _varies(held: Held | None) -> bool:
    return any(map(_varies, held)) if isinstance(held, tuple) else isinstance(held, Variable)


def _term(argument: Any) -> Any:
    return argument.array if isinstance(argument, Constant) else argument


def _held(site: Site, term: Term, like: torch.Tensor, dtype: torch.dtype) -> Variable | Constant:
    """The term, if it is as torch has it, but for rounding to no less than the input's type."""
    varies = isinstance(term, Variable) and not like.is_floating_point()
    if varies or narrower(like.dtype, dtype):
        raise site.unsupported(f"a result of {like.dtype}")
    assert site.shape(term) == tuple(like.shape), f"{site.label}: {site.shape(term)}"
    if isinstance(term, Variable):
        return term
    own = torch.tensor(term).to(like.dtype)
    return (
        Constant(own, torch.tensor(term).double()) if own.is_floating_point() else Constant.of(own)
    )
