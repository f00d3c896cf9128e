"""A module as a graph of ATen operations without side effects, by ``torch.export``."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.export import ExportedProgram, default_decompositions, export
from torch.func import functional_call
from torch.utils._pytree import tree_leaves

from abduce.errors import InputError, UnsupportedError

aten = torch.ops.aten

WHOLE = (
    aten._prelu_kernel.default,
    aten.celu.default,
    aten.dot.default,
    aten.linear.default,
    aten.matmul.default,
    aten.mish.default,
    aten.mv.default,
    aten.pad.default,
    aten.softplus.default,
)
"""Operations that are not decomposed: the network has an equal operation, or an error names them
better."""


@contextmanager
def evaluation_mode(module: nn.Module) -> Iterator[None]:
    """The module in the mode of use; afterwards each part is in the mode that it was in."""
    modes = [(part, part.training) for part in module.modules()]
    if not any(training for _, training in modes):
        yield
        return
    module.eval()
    try:
        yield
    finally:
        module.train(modes[0][1])
        for part, training in modes:
            part.training = training


def point_for(module: nn.Module, example: torch.Tensor) -> torch.Tensor:
    """The example in the type and on the device of the module's first parameter.

    Raises:
        InputError: the example is not of real numbers.
    """
    if not example.is_floating_point():
        raise InputError(f"an example of {example.dtype}", ("real numbers",))
    tensors = [*module.parameters(), *module.buffers()]
    like = next((tensor for tensor in tensors if tensor.is_floating_point()), example)
    return example.detach().to(like.device, like.dtype)


def outputs_at(module: nn.Module, point: torch.Tensor) -> list[torch.Tensor]:
    """The outputs of the module at a point, from copies of everything that it could change."""
    buffers = {name: buffer.clone() for name, buffer in module.named_buffers()}
    with torch.no_grad():
        return tree_leaves(functional_call(module, buffers, (point.clone(),)))


def exported(module: nn.Module, point: torch.Tensor) -> ExportedProgram:
    """The graph of a module in evaluation mode, for inputs of the point's shape.

    Raises:
        InputError: the module cannot compute its output at the point.
        UnsupportedError: torch cannot export it, or it is no function of one tensor to one.
    """
    name = type(module).__name__
    try:
        outputs_at(module, point)
    except Exception as error:  # modules raise what they like
        found = f"an example of shape {tuple(point.shape)} that {name} cannot run ({error})"
        raise InputError(found, ("an input of the module",)) from error
    decompositions = default_decompositions()
    for operation in WHOLE:
        decompositions.pop(operation)
    try:
        with warnings.catch_warnings():  # torch's own, about its insides
            warnings.simplefilter("ignore")
            program = export(module, (point,)).run_decompositions(decompositions)
    except Exception as error:  # as above; most often a branch that depends on the input
        reason = str(error).strip().split("\n")[0]
        what = f"a forward that torch.export cannot follow ({type(error).__name__}: {reason})"
        raise UnsupportedError(name, (what,)) from error
    _check_signature(program, name)
    return program


def _check_signature(program: ExportedProgram, name: str) -> None:
    signature = program.graph_signature
    wrong = [
        f"a forward that changes buffer {buffer}" for buffer in signature.buffers_to_mutate.values()
    ]
    outputs = list(signature.user_outputs)
    if len(outputs) != 1 or not isinstance(outputs[0], str):
        listed = ", ".join(map(str, outputs))
        wrong.append(f"outputs {listed}: not one tensor (wrap the module to return one)")
    if wrong:
        raise UnsupportedError(name, tuple(wrong))
