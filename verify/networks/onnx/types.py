"""Types of tensors: which of them an operator computes with as it is translated.

Real numbers (float, double) are computed in real arithmetic. Integers keep their type; those that
are constant are computed exactly, and refused where the type does not hold the result; those that
depend on the input are moved and cast, and nothing else. Numbers of lower precision (float16,
bfloat16) are stored, moved and cast.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from abduce.verify.networks.onnx.model import READ, Call

FLOAT, INT64, BOOL, HALF, DOUBLE, BFLOAT = 1, 7, 9, 10, 11, 16

INTEGERS: Mapping[int, np.dtype] = MappingProxyType(
    {
        2: np.dtype(np.uint8),
        3: np.dtype(np.int8),
        4: np.dtype(np.uint16),
        5: np.dtype(np.int16),
        6: np.dtype(np.int32),
        7: np.dtype(np.int64),
        12: np.dtype(np.uint32),
        13: np.dtype(np.uint64),
    }
)
"""The integer types, by their numbers in ONNX."""

NAMES: Mapping[int, str] = MappingProxyType(
    {number: dtype.name for number, dtype in INTEGERS.items()}
    | {1: "float", 8: "string", 9: "bool", 10: "float16", 11: "double", 14: "complex64"}
    | {15: "complex128", 16: "bfloat16", 17: "float8e4m3fn", 18: "float8e4m3fnuz"}
    | {19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1"}
    | {24: "float8e8m0", 25: "uint2", 26: "int2"}
)

Types = frozenset[int]
REAL: Types = frozenset([FLOAT, DOUBLE])
WHOLE: Types = frozenset(INTEGERS)
TRUTH: Types = frozenset([BOOL])
STORED: Types = READ
INDEX: Types = frozenset([6, INT64])
SIZES: Types = frozenset([INT64])


def type_name(number: int) -> str:
    return NAMES.get(number, f"number {number}")


@dataclass(frozen=True, slots=True)
class Rule:
    """The types of an operator.

    Attributes:
        computed: the types of operands that depend on the input.
        constant: the types of operands where all of them are constant.
        alike: the operands that have one type, None for all of them; the result has it, too.
        others: the types of the other operands.
        result: the type of the result where it is a fixed one.
    """

    computed: Types
    constant: Types
    alike: tuple[int, ...] | None = None
    others: Mapping[int, Types] = field(default_factory=dict)
    result: int | None = None


MOVED = Rule(STORED, STORED)
REALS = Rule(REAL, REAL)
NUMBERS = Rule(REAL, REAL | WHOLE)
NONE: Types = frozenset()


def _moved(**others: Types) -> Rule:
    """The result has the type of the first operand; `others` are the types of operands b to e."""
    return Rule(STORED, STORED, (0,), {" bcde".index(name): t for name, t in others.items()})


REDUCED = Rule(REAL, REAL | WHOLE, (0,), {1: SIZES})
REAL_REDUCTIONS = (
    *("ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMean"),
    "ReduceSumSquare",
)
RECURRENT = Rule(REAL, REAL, (0, 1, 2, 3, 5, 6, 7), {4: frozenset([6])})
COMPARED = Rule(REAL, REAL | WHOLE, None, {}, BOOL)
LOGICAL = Rule(TRUTH, TRUTH, None, {}, BOOL)

RULES: Mapping[str, Rule] = MappingProxyType(
    dict.fromkeys(("Concat", "DepthToSpace", "Flatten", "Identity"), MOVED)
    | dict.fromkeys(("SpaceToDepth", "Transpose"), MOVED)
    | dict.fromkeys(("Abs", "Add", "Div", "MatMul", "Max", "Min", "Mod"), NUMBERS)
    | dict.fromkeys(("Mul", "Neg", "Sign", "Sub"), NUMBERS)
    | dict.fromkeys(("ReduceMax", "ReduceMin", "ReduceProd", "ReduceSum"), REDUCED)
    | dict.fromkeys(("Greater", "GreaterOrEqual", "Less", "LessOrEqual"), COMPARED)
    | dict.fromkeys(("And", "Not", "Or"), LOGICAL)
    | {
        "CastLike": Rule(REAL | WHOLE | TRUTH, STORED, (0,), {1: STORED}),
        "Cast": Rule(REAL | WHOLE | TRUTH, STORED),
        "Constant": Rule(STORED, STORED),
        "ConstantOfShape": Rule(NONE, SIZES),
        "DequantizeLinear": Rule(WHOLE, WHOLE, (0, 2), {1: REAL}, FLOAT),
        "Dropout": Rule(REAL, REAL, (0,), {1: REAL, 2: TRUTH}),
        "Equal": Rule(REAL, REAL | WHOLE | TRUTH, None, {}, BOOL),
        "Expand": _moved(b=SIZES),
        "Gather": _moved(b=INDEX),
        "Compress": _moved(b=TRUTH),
        "GatherElements": _moved(b=INDEX),
        "GatherND": _moved(b=SIZES),
        "OneHot": Rule(STORED, STORED, (2,), {0: REAL | WHOLE, 1: REAL | WHOLE}),
        "ReverseSequence": _moved(b=SIZES),
        "Scatter": Rule(REAL, REAL | WHOLE, (0, 2), {1: INDEX}),
        "ScatterElements": Rule(REAL, REAL | WHOLE, (0, 2), {1: INDEX}),
        "ScatterND": Rule(REAL, REAL | WHOLE, (0, 2), {1: SIZES}),
        "Pad": Rule(STORED, STORED, (0, 2), {1: SIZES, 3: INDEX}),
        "IsNaN": Rule(REAL, REAL, None, {}, BOOL),
        "QuantizeLinear": Rule(REAL, REAL, (0, 1), {2: WHOLE}),
        "Pow": Rule(REAL, REAL | WHOLE, (0,), {1: REAL | WHOLE}),
        **dict.fromkeys(("GRU", "LSTM", "RNN"), RECURRENT),
        "Range": NUMBERS,
        **dict.fromkeys(REAL_REDUCTIONS, Rule(REAL, REAL, (0,), {1: SIZES})),
        "Reshape": _moved(b=SIZES),
        "Resize": _moved(b=REAL, c=REAL, d=SIZES),
        "Shape": Rule(STORED, STORED, None, {}, INT64),
        "Size": Rule(STORED, STORED, None, {}, INT64),
        "Slice": _moved(b=INDEX, c=INDEX, d=INDEX, e=INDEX),
        "Split": _moved(b=SIZES),
        "Squeeze": _moved(b=SIZES),
        "Tile": _moved(b=SIZES),
        "Unsqueeze": _moved(b=SIZES),
        "Upsample": _moved(b=REAL),
        "Where": Rule(STORED, STORED, (1, 2), {0: TRUTH}),
    }
)
"""The rules for integers, by operator; all other operators work on real numbers alone."""


def mistyped(call: Call, types: Sequence[int | None], constant: bool) -> Iterator[str]:
    """Operands whose types the translation is not made for.

    Args:
        types: the types of the operands, None for one that is left out.
    """
    rule = RULES.get(call.kind, REALS)
    first: int | None = None
    for i, number in enumerate(types):
        if number is None:
            continue
        if i in rule.others or (rule.alike is not None and i not in rule.alike):
            if number not in rule.others.get(i, NONE):
                yield f"an operand {i + 1} of type {type_name(number)}"
        elif number not in (rule.constant if constant else rule.computed):
            yield f"an operand {i + 1} of type {type_name(number)}"
        elif first is not None and number != first:
            yield f"operands of types {type_name(first)} and {type_name(number)}"
        else:
            first = number


def result_type(call: Call, types: Sequence[int | None]) -> int:
    """The type of the results, whose operands are of types that fit."""
    match call.kind:
        case "Cast":
            to = call.attributes.get("to")
            return to if isinstance(to, int) else 0
        case "CastLike":
            return types[1] or 0 if len(types) > 1 else 0
        case "Constant":
            (name,) = call.attributes or ("",)
            return call.types.get(name, INT64 if name.startswith("value_int") else FLOAT)
        case "ConstantOfShape":
            return call.types.get("value", FLOAT)
        case "QuantizeLinear":
            asked = call.attributes.get("output_dtype")
            fallback = asked if isinstance(asked, int) and asked else 2
            return (types[2] if len(types) > 2 else None) or fallback
    rule = RULES.get(call.kind, REALS)
    if rule.result is not None:
        return rule.result
    own = types if rule.alike is None else [types[i] for i in rule.alike if i < len(types)]
    return next((number for number in own if number is not None), FLOAT)
