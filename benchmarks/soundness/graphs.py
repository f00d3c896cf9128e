"""Small ONNX networks, written by their steps; and what a network of any file reads."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Step(NamedTuple):
    """An operation, the names that it reads, and its attributes; it makes the next name, `h1`..."""

    kind: str
    reads: Sequence[str]
    attributes: Mapping[str, Any] = {}


def network(
    steps: Sequence[Step],
    shape: Sequence[int],
    constants: Mapping[str, np.ndarray],
    opset: int = 13,
) -> onnx.ModelProto:
    """A network of the input `x` and the output of the last step.

    A step that reads no name reads what the step before it made.

    Args:
        constants: arrays by name; those of float64 are stored as float32.
    """
    nodes, before = [], "x"
    for n, step in enumerate(steps, start=1):
        reads = [before if name == "_" else name for name in step.reads]
        before = f"h{n}"
        nodes.append(helper.make_node(step.kind, reads, [before], **step.attributes))
    stored = [
        numpy_helper.from_array(c.astype(np.float32) if c.dtype == np.float64 else c, name)
        for name, c in constants.items()
    ]
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info(before, TensorProto.FLOAT, None)],
        stored,
    )
    opsets = [helper.make_opsetid("", opset)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def source_of(model: onnx.ModelProto) -> tuple[str, tuple[int, ...]]:
    """The name and the shape of a network's only input; an axis of no stated size has one entry.

    Inputs that have a stored value are none.

    Raises:
        ValueError: it has no input, or several.
    """
    stored = {each.name for each in model.graph.initializer}
    (source,) = [each for each in model.graph.input if each.name not in stored]
    return source.name, tuple(d.dim_value or 1 for d in source.type.tensor_type.shape.dim)
