"""The graph of an exported module: which nodes count, what is given, what to call a node."""

import re
from pathlib import Path
from typing import TypeVar

import torch
from torch import fx
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from abduce.verify.networks.torch.constants import Constant, operation_name

FRAME = re.compile(r'File "(.+?)", line (\d+)')
TORCH = str(Path(torch.__file__).parent)
Held = TypeVar("Held")


def output_of(program: ExportedProgram) -> fx.Node:
    """The node of the one output."""
    (name,) = program.graph_signature.user_outputs
    return next(node for node in program.graph.nodes if node.name == name)


def needed(program: ExportedProgram) -> list[fx.Node]:
    """The nodes that the output needs, in order, without the checks that the export left in the
    graph."""
    found = {output_of(program)}
    for node in reversed(program.graph.nodes):
        if node in found:
            found.update(node.all_input_nodes)
    return [node for node in program.graph.nodes if node in found]


def given(program: ExportedProgram, x: Held) -> dict[fx.Node, Held | Constant]:
    """The values before the first operation: the input, the weights and other stored tensors."""
    held: dict[str, Held | Constant] = {}
    for spec in program.graph_signature.input_specs:
        target = spec.target or ""
        match spec.kind:
            case InputKind.USER_INPUT:
                held[spec.arg.name] = x
            case InputKind.PARAMETER | InputKind.BUFFER if target in program.state_dict:
                held[spec.arg.name] = Constant.of(program.state_dict[target])
            case InputKind.BUFFER | InputKind.CONSTANT_TENSOR:
                tensor = program.constants[target]
                assert isinstance(tensor, torch.Tensor)
                held[spec.arg.name] = Constant.of(tensor)
    return {node: held[node.name] for node in program.graph.nodes if node.name in held}


def label_of(node: fx.Node) -> str:
    """Name, operation, module and line of the source: ``relu (aten.relu, act, net.py:12)``."""
    name = operation_name(node.target)
    aten = isinstance(node.target, torch._ops.OpOverload) and "." not in name
    path = next(reversed(node.meta.get("nn_module_stack", {}).values()), ("", None))[0]
    frames = FRAME.findall(node.meta.get("stack_trace") or "")
    own = [frame for frame in frames if not frame[0].startswith(TORCH)]
    line = ":".join((own or frames)[-1]) if frames else ""
    return (
        f"{node.name} ({', '.join(filter(None, (f'aten.{name}' if aten else name, path, line)))})"
    )
