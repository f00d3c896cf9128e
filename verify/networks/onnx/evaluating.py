"""Operators on constants alone, computed by ONNX's reference implementation.

Real numbers are computed in double. Where onnxruntime can run the operation too, in float32, both
have to agree; otherwise the operation is refused.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.onnx.types import DOUBLE, FLOAT, INTEGERS

OTHER: Final = frozenset(
    [
        *("Bernoulli", "Dropout", "If", "Loop", "Multinomial", "RandomNormal", "RandomNormalLike"),
        *("RandomUniform", "RandomUniformLike", "Scan"),
    ]
)
"""Operators that are no functions of their operands alone."""
CLOSE: Final = 1e-3


def unheard_of(node: Any, opset: int) -> Iterator[str]:
    """What the schema of an operator does not have of a call."""
    from onnx import defs

    try:
        schema: Any = defs.get_schema(node.op_type, opset, "")
    except defs.SchemaError:
        yield f"opset {opset}, which does not have it"
        return
    for each in node.attribute:
        known = schema.attributes.get(each.name)
        if known is None or int(each.type) != int(known.type.value) or each.ref_attr_name:
            yield f"attribute {each.name}, which it does not have in opset {opset}"
    if len(node.input) > schema.max_input:
        yield f"{len(node.input)} operands, more than {schema.max_input}"
    if len(node.output) > schema.max_output:
        yield f"{len(node.output)} results, more than {schema.max_output}"


def computable(kind: str, types: Sequence[int | None]) -> bool:
    """Whether an operation on constants of these types may be computed here."""
    held = {FLOAT, DOUBLE, 9, *INTEGERS}
    return kind not in OTHER and "." not in kind and {t for t in types if t} <= held


def computed(
    node: Any, operands: Sequence[np.ndarray | None], types: Sequence[int | None], opset: int
) -> list[tuple[np.ndarray, int]]:
    """The results of an operation on constants, with the numbers of their types.

    Raises:
        InputError: the operands do not fit.
        UnsupportedError: ONNX does not define the result, or onnxruntime has another one.
    """
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

    given = {
        name: value for name, value in zip(node.input, operands, strict=True) if value is not None
    }
    kinds = {name: kind for name, kind in zip(node.input, types, strict=True) if kind}
    model = helper.make_model(
        helper.make_graph(
            [node],
            "operation",
            [helper.make_tensor_value_info(n, kinds[n], None) for n in given],
            [helper.make_value_info(name, helper.make_tensor_type_proto(FLOAT, None))
             for name in node.output if name],
        ),
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=10,
    )  # fmt: skip
    try:
        with np.errstate(all="ignore"):
            found = ReferenceEvaluator(model).run(None, dict(given))
    except Exception as error:  # the reference raises what it likes
        raise UnsupportedError(
            "", (f"constants that ONNX's reference cannot take ({error})",)
        ) from error
    if not all(isinstance(each, np.ndarray | np.generic) for each in found):
        raise UnsupportedError("", ("a result that is no tensor",))
    results = [np.asarray(each) for each in found]
    if any(array.dtype.kind not in "fiub" for array in results):
        raise UnsupportedError("", ("a result of another type",))
    _agreed(model, given, kinds, results)
    real = next((kinds[name] for name in given if kinds[name] in (FLOAT, DOUBLE)), FLOAT)
    return [_typed(array, real) for array in results]


def _typed(array: np.ndarray, real: int) -> tuple[np.ndarray, int]:
    if array.dtype.kind == "f":
        return array.astype(np.float64), real
    if array.dtype.kind == "b":
        return array, 9
    for number, dtype in INTEGERS.items():
        if dtype == array.dtype:
            return array, number
    raise InputError(f"a result of type {array.dtype}", ("numbers",))


def _agreed(model: Any, given: dict, kinds: dict, results: Sequence[np.ndarray]) -> None:
    """Raises where onnxruntime has other results, if it can run the operation."""
    import onnxruntime
    from onnx import helper

    named = list(model.graph.output)
    for value, array in zip(named, results, strict=True):
        kind = FLOAT if array.dtype.kind == "f" else helper.np_dtype_to_tensor_dtype(array.dtype)
        if array.dtype.kind == "f" and DOUBLE in kinds.values():
            kind = DOUBLE
        value.type.tensor_type.elem_type = kind
    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    singles = {
        name: array.astype(np.float32) if kinds[name] == FLOAT else array
        for name, array in given.items()
    }
    try:
        session = runtime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        theirs = session.run(None, singles)
    except Exception:  # a class for each kind of failure, without a common root
        return
    for ours, other in zip(results, theirs, strict=True):
        same = ours.shape == np.shape(other)
        if not same or not np.allclose(ours, other, rtol=CLOSE, atol=1e-5, equal_nan=True):
            raise UnsupportedError("", ("constants for which runtimes differ",))
