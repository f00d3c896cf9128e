"""From an ONNX file to a `Network`."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.network import Network
from abduce.verify.networks.onnx.building import Builder, Site, Translator, Value
from abduce.verify.networks.onnx.evaluating import computable, computed, unheard_of
from abduce.verify.networks.onnx.expanding import DEFINED, branch, definition
from abduce.verify.networks.onnx.model import Call, Model, read_model, reads
from abduce.verify.networks.onnx.operators.activations import ACTIVATIONS
from abduce.verify.networks.onnx.operators.arithmetic import ARITHMETIC
from abduce.verify.networks.onnx.operators.casting import CASTING
from abduce.verify.networks.onnx.operators.comparing import COMPARING
from abduce.verify.networks.onnx.operators.folding import FOLDED, KNOWN
from abduce.verify.networks.onnx.operators.masking import check, check_results
from abduce.verify.networks.onnx.operators.quantizing import QUANTIZING
from abduce.verify.networks.onnx.operators.recurrent import RECURRENT
from abduce.verify.networks.onnx.operators.resizing import RESIZING
from abduce.verify.networks.onnx.operators.sampling import SAMPLING
from abduce.verify.networks.onnx.operators.scattering import SCATTERING
from abduce.verify.networks.onnx.operators.shaping import SHAPING
from abduce.verify.networks.onnx.operators.windows import WINDOWS
from abduce.verify.networks.onnx.signatures import ALIGNED, SIGNATURES, misunderstood
from abduce.verify.networks.onnx.simplifying import simplified
from abduce.verify.networks.onnx.types import mistyped, result_type, type_name

OPERATORS: Mapping[str, Translator] = MappingProxyType(
    {**KNOWN, **CASTING, **SHAPING, **ARITHMETIC, **ACTIVATIONS, **WINDOWS, **RESIZING, **RECURRENT}
    | {**COMPARING, **QUANTIZING, **SAMPLING, **SCATTERING}
)
MOVED = (*CASTING, *SHAPING, "DequantizeLinear")
"""Operators that are computed here of constants, too."""

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
    made = set(values)
    waiting = [(call, model.opset) for call in reversed(model.calls)]
    while waiting:
        call, opset = waiting.pop()
        operands = tuple(values.get(name) if name else None for name in call.inputs)
        lost = any(values.get(name) is None for name in reads(call))
        results: tuple[Value | None, ...] = (None,) * len(call.outputs)
        given = tuple(types.get(name) if name else None for name in call.inputs)
        try:
            if not lost and (parts := _parts(call, operands, given, opset, builder, path)):
                waiting.extend(reversed(parts))
                continue
            if again := made.intersection(filter(None, call.outputs)):
                raise InputError(f"two tensors {min(again)!r}", ("names that differ",))
            made.update(call.outputs)
            evaluated = not lost and _evaluated(call, operands, given)
            if not _known(call, operands, evaluated):
                wrong.append(str(call))
            elif problems := _problems(call, operands, None if lost else types, opset, evaluated):
                wrong.extend(f"{call} with {problem}" for problem in problems)
            elif evaluated:
                found = computed(call.node, operands, given, opset)  # type: ignore[arg-type]
                names = [name for name in call.outputs if name]
                types.update(zip(names, (kind for _, kind in found), strict=True))
                values.update(zip(names, (_noted(builder, call, v) for v, _ in found), strict=True))
                continue
            elif not lost:
                results = results_of(Site(call, operands, builder, opset, given))
                types.update(dict.fromkeys(call.outputs, result_type(call, given)))
        except UnsupportedError as error:
            wrong.extend(
                part if part.startswith("node ") else f"{call} with {part}" for part in error.parts
            )
        except InputError as error:
            error.found, error.path = f"{call} with {error.found}", path
            raise
        except MemoryError as error:
            advice = "Use a machine with more memory, or a smaller network."
            text = (f"{call}: more memory than there is",)
            raise UnsupportedError(str(path), text, advice) from error
        except MISFITS as error:
            shapes = ", ".join(str(builder.shape_of(v)) for v in operands if v is not None)
            raise InputError(
                f"{call} with operands of shape {shapes} ({error})", ("ones that fit",), path
            ) from error
        values.update(zip(call.outputs, chain(results, (None,) * len(call.outputs)), strict=False))
    if wrong:
        raise UnsupportedError(str(path), tuple(dict.fromkeys(wrong)))
    output = values[model.output]
    if output is None:
        raise UnsupportedError(str(path), (f"output {model.output}: a second result",))
    if isinstance(output, int) and output in {*builder.masked, *builder.undefined}:
        raise UnsupportedError(str(path), (f"output {model.output}: entries of minus infinity",))
    try:
        last = builder.node(output)
    except InputError as error:
        error.path = path
        raise
    except UnsupportedError as error:
        raise UnsupportedError(str(path), error.parts) from error
    other = {*builder.masked, *builder.undefined}
    names = {
        name: value
        for name, value in values.items()
        if name and isinstance(value, int) and value not in other
    }
    return Network(tuple(builder.nodes), last, names, tuple(builder.unbounded))


def _parts(
    call: Call,
    operands: tuple[Value | None, ...],
    given: tuple[int | None, ...],
    opset: int,
    builder: Builder,
    path: Path | str,
) -> list[tuple[Call, int]]:
    """The operations that a call stands for, with their opsets; none where it is one itself.

    Raises:
        UnsupportedError: what is not supported of the call.
    """
    if call.kind == "If" and operands and isinstance(condition := operands[0], np.ndarray):
        return [(each, opset) for each in branch(call, condition)]
    if call.kind not in DEFINED or call.node is None:
        return []
    kinds = [
        None if value is None else (number or 0, builder.shape_of(value))
        for value, number in zip(operands, given, strict=True)
    ]
    found = definition(call.node, kinds, opset, Path(path))
    if isinstance(found, list):
        raise UnsupportedError("", tuple(f"{call} with {part}" for part in found))
    builder.unbounded.append(f"{call}, which a runtime computes in another way")
    return [(each, found[1]) for each in found[0]]


def _noted(builder: Builder, call: Call, array: np.ndarray) -> np.ndarray:
    builder.claim(array.shape)
    if np.isnan(array).any():
        raise InputError("NaN as its result", ("numbers",))
    if array.dtype.kind == "f" and (array.astype(np.float32) != array).any():
        builder.unbounded.append(f"{call}: computed from constants")
    return array


def _known(call: Call, operands: tuple[Value | None, ...], evaluated: bool) -> bool:
    known = call.kind in OPERATORS or _foldable(call, operands)
    return evaluated or (call.kind in SIGNATURES and known)


def _evaluated(
    call: Call, operands: tuple[Value | None, ...], given: tuple[int | None, ...]
) -> bool:
    """Whether the reference computes it: it is of constants alone, and not computed here."""
    constant = bool(operands) and all(isinstance(v, np.ndarray) for v in operands if v is not None)
    if not constant or call.node is None or call.kind in (*KNOWN, *FOLDED, *MOVED):
        return False
    return computable(call.kind, given)


def _problems(
    call: Call,
    operands: tuple[Value | None, ...],
    types: Mapping[str, int] | None,
    opset: int,
    evaluated: bool,
) -> list[str]:
    """The parts of a call that are not supported; without types of the operands, only the call is
    checked."""
    if evaluated and call.kind not in SIGNATURES:
        return list(unheard_of(call.node, opset))
    problems = list(misunderstood(call, opset))
    if evaluated:
        return problems
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
    check(site)
    folded = _foldable(call, site.values)
    result = (FOLDED if folded else OPERATORS)[call.kind](site)
    results = result if isinstance(result, tuple) else (result,)
    check_results(site, results)
    results = tuple(np.asarray(v) if isinstance(v, np.generic) else v for v in results)
    for value in results:
        if isinstance(value, np.ndarray):
            builder.claim(value.shape)
            if np.isnan(value).any():
                raise InputError("NaN as its result", ("numbers",))
            if folded and value.dtype.kind == "f" and (value.astype(np.float32) != value).any():
                builder.unbounded.append(f"tensor {builder.tensor}: computed from constants")
    return results
