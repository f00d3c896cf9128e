"""Small ONNX files for tests, and what onnxruntime computes of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

Step = tuple[str, Sequence[str], Sequence[str], Mapping[str, Any]]
"""Kind, operands, results and attributes of an operation."""


def proto(
    steps: Sequence[Step],
    shape: Sequence[int | str] = (1, 3),
    constants: Mapping[str, np.ndarray] | None = None,
    output: str = "y",
    opset: int = 13,
) -> onnx.ModelProto:
    """A network of the input `x`; constants of float64 are stored as float32."""
    nodes = [
        helper.make_node(kind, list(reads), list(makes), **attributes)
        for kind, reads, makes, attributes in steps
    ]
    stored = [
        numpy_helper.from_array(c.astype(np.float32) if c.dtype == np.float64 else c, name)
        for name, c in (constants or {}).items()
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, None)],
        stored,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def saved(model: onnx.ModelProto, folder: Path) -> Path:
    path = folder / "net.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def one(
    folder: Path,
    kind: str,
    shape: Sequence[int],
    *operands: np.ndarray | str | None,
    opset: int = 13,
    before: int = 0,
    **attributes: Any,
) -> Path:
    """A network of one operation; `before` operands stand before `x`, the others after it."""
    constants = {f"c{i}": c for i, c in enumerate(operands) if isinstance(c, np.ndarray)}
    names = [f"c{i}" if isinstance(c, np.ndarray) else (c or "") for i, c in enumerate(operands)]
    reads = [*names[:before], "x", *names[before:]]
    return saved(proto([(kind, reads, ["y"], attributes)], shape, constants, opset=opset), folder)
