"""From an ONNX file to a `Network`."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.network import Network
from abduce.verify.networks.onnx.activations import ACTIVATIONS
from abduce.verify.networks.onnx.arithmetic import ARITHMETIC
from abduce.verify.networks.onnx.building import Builder, Site, Translator, Value
from abduce.verify.networks.onnx.casting import CASTING
from abduce.verify.networks.onnx.folding import FOLDED, KNOWN
from abduce.verify.networks.onnx.model import Call, Model, read_model
from abduce.verify.networks.onnx.recurrent import RECURRENT
from abduce.verify.networks.onnx.resizing import RESIZING
from abduce.verify.networks.onnx.shaping import SHAPING
from abduce.verify.networks.onnx.signatures import ALIGNED, SIGNATURES, misunderstood
from abduce.verify.networks.onnx.simplifying import simplified
from abduce.verify.networks.onnx.types import mistyped, result_type, type_name
from abduce.verify.networks.onnx.windows import WINDOWS

OPERATORS: Mapping[str, Translator] = MappingProxyType(
    {**KNOWN, **CASTING, **SHAPING, **ARITHMETIC, **ACTIVATIONS, **WINDOWS, **RESIZING, **RECURRENT}
)

MISFITS = (ValueError, IndexError, TypeError, KeyError, ArithmeticError, AssertionError)
"""The exceptions that numpy raises for operands that do not fit."""


def read_network(
    path: Path | str, output: str | None = None, *, deadline: float | None = None
) -> Network:
    """The network in an ONNX file, packed by gzip, bzip2 or xz or not.

    It is the function of the file in real arithmetic, but that constants which have to be computed
    (quotients, square roots) are rounded to the nearest double.

    Args:
        output: which of several outputs is read; what only the others need does not matter.
        deadline: ``clock.wall_s()`` at which reading and unpacking the file end.

    Raises:
        OutOfTime: the deadline has passed.
        DataError: there is no such file.
        InputError: it cannot be read, it contradicts itself, or it has no such output.
        UnsupportedError: what of it is not supported, all of it at once; more memory than there is.
    """
    with np.errstate(all="ignore"):
        return simplified(_translated(read_model(path, output, deadline=deadline), path))


def _translated(model: Model, path: Path | str) -> Network:
    """Translates each operation in turn, except those with an operand that could not be
    translated."""
    builder = Builder(model.shape, model.input)
    values: dict[str, Value | None] = {**model.constants, model.input: 0}
    types = dict(model.types)
    wrong: list[str] = []
    for name in types.keys() - values.keys():
        values[name] = None
        wrong.append(f"tensor {name} of type {type_name(types[name])}")
    for call in model.calls:
        operands = tuple(values.get(name) if name else None for name in call.inputs)
        lost = any(name and values[name] is None for name in call.inputs)
        results: tuple[Value | None, ...] = (None,) * len(call.outputs)
        if call.kind not in SIGNATURES or not (call.kind in OPERATORS or _foldable(call, operands)):
            wrong.append(str(call))
        elif problems := _problems(call, operands, None if lost else types, model.opset):
            wrong.extend(f"{call} with {problem}" for problem in problems)
        elif not lost:
            given = tuple(types[name] if name else None for name in call.inputs)
            try:
                results = results_of(Site(call, operands, builder, model.opset, given))
                types.update(dict.fromkeys(call.outputs, result_type(call, given)))
            except UnsupportedError as error:
                wrong.extend(
                    part if part.startswith("node ") else f"{call} with {part}"
                    for part in error.parts
                )
            except InputError as error:
                error.found, error.path = f"{call} with {error.found}", path
                raise
            except MemoryError as error:
                advice = "Use a machine with more memory, or a smaller network."
                found = (f"{call}: more memory than there is",)
                raise UnsupportedError(str(path), found, advice) from error
            except MISFITS as error:
                shapes = ", ".join(str(builder.shape_of(v)) for v in operands if v is not None)
                raise InputError(
                    f"{call} with operands of shape {shapes} ({error})", ("ones that fit",), path
                ) from error
        values.update(zip(call.outputs, chain(results, (None,) * len(call.outputs)), strict=False))
    if wrong:
        raise UnsupportedError(str(path), tuple(wrong))
    output = values[model.output]
    if output is None:
        raise UnsupportedError(str(path), (f"output {model.output}: a second result",))
    try:
        last = builder.node(output)
    except InputError as error:
        error.path = path
        raise
    names = {name: value for name, value in values.items() if name and isinstance(value, int)}
    return Network(tuple(builder.nodes), last, names, tuple(builder.unbounded))


def _problems(
    call: Call, operands: tuple[Value | None, ...], types: Mapping[str, int] | None, opset: int
) -> list[str]:
    """The parts of a call that are not supported; without types of the operands, only the call is
    checked."""
    problems = list(misunderstood(call, opset))
    if types is not None:
        given = [types[name] if name else None for name in call.inputs]
        constant = not any(isinstance(value, int) for value in operands)
        problems.extend(mistyped(call, given, constant))
    return problems


def _foldable(call: Call, operands: tuple[Value | None, ...]) -> bool:
    constant = all(isinstance(value, np.ndarray) for value in operands if value is not None)
    return call.kind in FOLDED and constant


def results_of(site: Site) -> tuple[Value, ...]:
    """The values of the operation's outputs, computed at once where all operands are constant."""
    call, builder = site.call, site.builder
    builder.tensor = next(filter(None, call.outputs), call.name)
    if site.opset < 7 and call.kind in ALIGNED:
        site = site.aligned()
    folded = _foldable(call, site.values)
    result = (FOLDED if folded else OPERATORS)[call.kind](site)
    results = result if isinstance(result, tuple) else (result,)
    results = tuple(np.asarray(v) if isinstance(v, np.generic) else v for v in results)
    for value in results:
        if isinstance(value, np.ndarray):
            builder.claim(value.shape)
            if np.isnan(value).any():
                raise InputError("NaN as its result", ("numbers",))
            if folded and value.dtype.kind == "f" and (value.astype(np.float32) != value).any():
                builder.unbounded.append(f"tensor {builder.tensor}: computed from constants")
    return results
