"""Trained networks as ONNX files."""

from typing import Any

import numpy as np
import onnx
import torch
from torch import nn

from abduce.benchmarks.soundness.graphs import Step, network
from abduce.benchmarks.specifications.nonlinear.families import Family
from abduce.benchmarks.specifications.nonlinear.training import PIXELS, Bands

OPERATORS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "sin": "Sin", "gelu": "Gelu"}
OPSET = 20
"""The first one that has Gelu."""


def graph_of(family: Family, module: nn.Module) -> onnx.ModelProto:
    """The network of a trained module: (1, pixels) to scores, (1, classes)."""
    if isinstance(module, Bands):
        return _bands(module)
    constants, steps = {}, []
    dense = [layer for layer in module.modules() if isinstance(layer, nn.Linear)]
    for n, layer in enumerate(dense):
        constants |= {f"w{n}": _array(layer.weight), f"b{n}": _array(layer.bias)}
        steps.append(Step("Gemm", ("_", f"w{n}", f"b{n}"), {"transB": 1}))
        if n < len(dense) - 1:
            steps.append(Step(OPERATORS[family.kind], ("_",)))
    return network(steps, (1, PIXELS), constants, OPSET)


def _bands(module: Bands) -> onnx.ModelProto:
    """ONNX has the gates in the order input, output, forget, cell; torch has input, forget, cell,
    output."""
    lstm, width = module.lstm, module.lstm.hidden_size

    def gates(value: Any) -> np.ndarray:
        i, f, c, o = np.split(_array(value), 4)
        return np.concatenate([i, o, f, c])[None]

    biases = [gates(lstm.bias_ih_l0), gates(lstm.bias_hh_l0)]
    constants = {
        "bands": np.array([module.bands, 1, PIXELS // module.bands]),
        "w": gates(lstm.weight_ih_l0),
        "r": gates(lstm.weight_hh_l0),
        "b": np.concatenate(biases, 1),
        "last": np.array(module.bands - 1),
        "flat": np.array([1, width]),
        "w1": _array(module.last.weight),
        "b1": _array(module.last.bias),
    }
    steps = [
        Step("Reshape", ("x", "bands")),
        Step("LSTM", ("_", "w", "r", "b"), {"hidden_size": width}),
        Step("Gather", ("_", "last"), {"axis": 0}),
        Step("Reshape", ("_", "flat")),
        Step("Gemm", ("_", "w1", "b1"), {"transB": 1}),
    ]
    return network(steps, (1, PIXELS), constants, OPSET)


def _array(value: torch.Tensor) -> np.ndarray:
    return value.detach().numpy()
