"""Compares a network that was read with the module that it was read from."""

import numpy as np
import torch
from torch import fx, nn
from torch.export import ExportedProgram

from abduce.verify.networks.agreement import check_agreement
from abduce.verify.networks.network import Network
from abduce.verify.networks.torch.constants import Computed, Constant, computed
from abduce.verify.networks.torch.exporting import evaluation_mode, outputs_at, point_for
from abduce.verify.networks.torch.graph import given, needed, output_of

POINTS = 4
DOUBLE = float(np.finfo(np.float64).eps)
TENSOR_CORE = 2.0**-10
"""The rounding of products on accelerators, where float32 may mean a less precise format (TF32)."""


def run_module(module: nn.Module, x: np.ndarray) -> np.ndarray:
    """The output of a module at one input, batch axis and all, in evaluation mode, in its type.

    It is what `verify` replays counterexamples with: ``replay=partial(run_module, module)``.
    """
    with evaluation_mode(module):
        return _output(module, point_for(module, torch.tensor(x)))


def check_module(
    network: Network, module: nn.Module, program: ExportedProgram, point: torch.Tensor
) -> None:
    """Compare the network with its module, and closely with the exported graph in float64.

    Raises:
        ImportMismatchError: a difference that rounding does not explain.
    """
    rng = np.random.default_rng(0)
    center = point.double().cpu().numpy()
    near = torch.tensor(center + rng.uniform(-1.0, 1.0, (POINTS, *center.shape)))
    x = near.to(point.dtype).double().numpy()
    name = type(module).__name__
    unit = max(torch.finfo(point.dtype).eps, TENSOR_CORE if point.device.type != "cpu" else 0.0)
    check_agreement(
        network,
        x,
        lambda at: _graph_output(program, at, point.dtype),
        name,
        rng,
        unit=DOUBLE,
        reference="its exported graph",
    )
    check_agreement(
        network,
        x,
        lambda at: _output(module, torch.tensor(at).to(point)),
        name,
        rng,
        unit=unit,
        reference="the module",
    )


def _output(module: nn.Module, point: torch.Tensor) -> np.ndarray:
    """numpy has no bfloat16: other types than float32 are given as float64."""
    (output,) = outputs_at(module, point)
    output = output.cpu()
    return (output if output.dtype == torch.float32 else output.double()).numpy()


def _graph_output(program: ExportedProgram, x: np.ndarray, dtype: torch.dtype) -> np.ndarray:
    """The output of the graph at a point as though the point were one of its constants."""
    wide = torch.tensor(x)
    values: dict[fx.Node, Computed] = {**given(program, Constant(wide.to(dtype), wide))}
    for node in needed(program):
        if node not in values:
            values[node] = computed(node, values)
    output = values[output_of(program)]
    assert isinstance(output, Constant)
    return output.wide.numpy()
