"""What the reader supports of each operator: attributes, numbers of operands, opsets. Anything in a
file that is not in these tables is refused by name, since an ignored attribute may change what the
network computes. An attribute that is listed and never read changes nothing in the mode of use, or
its default is the one value that is allowed (`FIXED`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from abduce.verify.networks.onnx.model import OPSETS, Attribute, Call

MANY = 2**31
FIRST, LAST = OPSETS[0], OPSETS[-1]


@dataclass(frozen=True, slots=True)
class Known:
    """An attribute: what its value is, and the opsets that have it."""

    kind: str
    first: int = FIRST
    last: int = LAST

    def since(self, opset: int) -> "Known":
        return Known(self.kind, opset, self.last)

    def until(self, opset: int) -> "Known":
        return Known(self.kind, self.first, opset)

    def fits(self, value: Attribute) -> bool:
        """Whether the value is of this kind."""
        match self.kind, value:
            case "integer", int():
                return True
            case "number", float():
                return True
            case "word", str():
                return True
            case "tensor", np.ndarray():
                return True
            case "integers", tuple():
                return all(isinstance(entry, int) for entry in value)
            case "words", tuple():
                return all(isinstance(entry, str) for entry in value)
            case "numbers", tuple():
                return all(isinstance(entry, float) for entry in value)
        return False


INTEGER, NUMBER, WORD = Known("integer"), Known("number"), Known("word")
INTEGERS, NUMBERS, TENSOR = Known("integers"), Known("numbers"), Known("tensor")
WORDS = Known("words")


@dataclass(frozen=True, slots=True)
class Signature:
    """An operator.

    Attributes:
        most: the greatest number of operands, from the opset before it on.
        results: the greatest number of named results.
        first: the first opset that has the operator.
    """

    most: tuple[tuple[int, int], ...]
    results: int = 1
    first: int = FIRST
    attributes: Mapping[str, Known] = field(default_factory=dict)

    def operands(self, opset: int) -> int:
        return max(most for first, most in self.most if first <= opset)


def _of(most: int | tuple[tuple[int, int], ...], **attributes: Known) -> Signature:
    table = ((FIRST, most),) if isinstance(most, int) else most
    return Signature(table, attributes=MappingProxyType(attributes))


WINDOW = {"auto_pad": WORD, "kernel_shape": INTEGERS, "pads": INTEGERS, "strides": INTEGERS}
CONVOLUTION = {**WINDOW, "dilations": INTEGERS, "group": INTEGER}
NORM = {"axis": INTEGER, "epsilon": NUMBER, "stash_type": INTEGER}


RECURRENT = {
    "activations": WORDS,
    "direction": WORD,
    "hidden_size": INTEGER,
    "layout": INTEGER.since(14),
}


ALIGNED = (*("Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "Sub"),)
"""Operators of two operands; before opset 7, attributes say how the second one is broadcast."""


def _reduction(axes_until: int) -> Signature:
    """The axes are an attribute until this opset, then an operand."""
    return _of(
        ((FIRST, 1), (axes_until + 1, 2)),
        axes=INTEGERS.until(axes_until),
        keepdims=INTEGER,
        noop_with_empty_axes=INTEGER.since(axes_until + 1),
    )


SIGNATURES: Mapping[str, Signature] = MappingProxyType(
    {
        kind: _of(1)
        for kind in [
            *("Abs", "Ceil", "Exp", "Floor", "GlobalAveragePool", "GlobalMaxPool"),
            *("Identity", "Log", "Neg", "Not", "Reciprocal", "Relu", "Sigmoid", "Size"),
            *("Softplus", "Softsign", "Sqrt", "Tanh"),
        ]
    }
    | {
        kind: _of(2)
        for kind in [
            *("MatMul", "PRelu", "Tile"),
        ]
    }
    | {kind: replace(_of(1), first=7) for kind in ("Atan", "Cos", "Sin")}
    | {kind: _of(2, broadcast=INTEGER.until(6), axis=INTEGER.until(6)) for kind in ALIGNED}
    | {kind: _of(MANY) for kind in ("Max", "Mean", "Min", "Sum")}
    | {
        "AveragePool": _of(
            1,
            **WINDOW,
            ceil_mode=INTEGER.since(10),
            count_include_pad=INTEGER.since(7),
            dilations=INTEGERS.since(19),
        ),
        "BatchNormalization": _of(
            5,
            epsilon=NUMBER,
            is_test=INTEGER.until(6),
            momentum=NUMBER,
            spatial=INTEGER.until(8),
            training_mode=INTEGER.since(14),
        ),
        "Cast": _of(1, to=INTEGER, saturate=INTEGER.since(19), round_mode=WORD.since(24)),
        "CastLike": replace(
            _of(2, saturate=INTEGER.since(19), round_mode=WORD.since(24)), first=15
        ),
        "Celu": replace(_of(1, alpha=NUMBER), first=12),
        "Clip": _of(((FIRST, 1), (11, 3)), max=NUMBER.until(10), min=NUMBER.until(10)),
        "Compress": replace(_of(2, axis=INTEGER), first=9),
        "Concat": _of(MANY, axis=INTEGER),
        "Constant": _of(
            0,
            value=TENSOR,
            value_float=NUMBER.since(12),
            value_floats=NUMBERS.since(12),
            value_int=INTEGER.since(12),
            value_ints=INTEGERS.since(12),
        ),
        "ConstantOfShape": replace(_of(1, value=TENSOR), first=9),
        "Conv": _of(3, **CONVOLUTION),
        "ConvTranspose": _of(3, **CONVOLUTION, output_padding=INTEGERS, output_shape=INTEGERS),
        "DepthToSpace": _of(1, blocksize=INTEGER, mode=WORD.since(11)),
        "DequantizeLinear": replace(
            _of(
                3,
                axis=INTEGER.since(13),
                block_size=INTEGER.since(21),
                output_dtype=INTEGER.since(23),
            ),
            first=10,
        ),
        "Dropout": replace(
            _of(
                ((FIRST, 1), (12, 3)),
                ratio=NUMBER.until(11),
                seed=INTEGER.since(12),
                is_test=INTEGER.until(6),
            ),
            results=2,
        ),
        "Elu": _of(1, alpha=NUMBER),
        "Erf": replace(_of(1), first=9),
        "Expand": replace(_of(2), first=8),
        "Flatten": _of(1, axis=INTEGER),
        "Gather": _of(2, axis=INTEGER),
        "GatherElements": replace(_of(2, axis=INTEGER), first=11),
        "GatherND": replace(_of(2, batch_dims=INTEGER.since(12)), first=11),
        "Gelu": replace(_of(1, approximate=WORD), first=20),
        "GRU": replace(_of(6, **RECURRENT, linear_before_reset=INTEGER), results=2),
        "Gemm": _of(
            3,
            alpha=NUMBER,
            beta=NUMBER,
            broadcast=INTEGER.until(6),
            transA=INTEGER,
            transB=INTEGER,
        ),
        "GreaterOrEqual": replace(_of(2), first=12),
        "Hardmax": _of(1, axis=INTEGER),
        "GridSample": replace(
            _of(2, align_corners=INTEGER, mode=WORD, padding_mode=WORD), first=16
        ),
        "HardSigmoid": _of(1, alpha=NUMBER, beta=NUMBER),
        "HardSwish": replace(_of(1), first=14),
        "InstanceNormalization": _of(3, epsilon=NUMBER),
        "IsNaN": replace(_of(1), first=9),
        "LSTM": replace(_of(8, **RECURRENT, input_forget=INTEGER), results=3),
        "LayerNormalization": replace(_of(3, **NORM), results=3, first=17),
        "LeakyRelu": _of(1, alpha=NUMBER),
        "LessOrEqual": replace(_of(2), first=12),
        "LogSoftmax": _of(1, axis=INTEGER),
        "LpPool": _of(
            1, **WINDOW, ceil_mode=INTEGER.since(18), dilations=INTEGERS.since(18), p=INTEGER
        ),
        "MaxPool": _of(
            1,
            **WINDOW,
            ceil_mode=INTEGER.since(10),
            dilations=INTEGERS.since(10),
            storage_order=INTEGER.since(8),
        ),
        "Mish": replace(_of(1), first=18),
        "Mod": replace(_of(2, fmod=INTEGER), first=10),
        "OneHot": replace(_of(3, axis=INTEGER), first=9),
        "Pad": _of(
            ((FIRST, 1), (11, 3), (18, 4)),
            mode=WORD,
            pads=INTEGERS.until(10),
            value=NUMBER.until(10),
        ),
        "QuantizeLinear": replace(
            _of(
                3,
                axis=INTEGER.since(13),
                block_size=INTEGER.since(21),
                output_dtype=INTEGER.since(21),
                precision=INTEGER.since(23),
                saturate=INTEGER.since(19),
            ),
            first=10,
        ),
        "RNN": replace(_of(6, **RECURRENT), results=2),
        "RMSNormalization": replace(_of(2, **NORM), first=23),
        "Range": replace(_of(3, stash_type=INTEGER.since(27)), first=11),
        "ReduceL1": _reduction(17),
        "ReduceL2": _reduction(17),
        "ReduceLogSum": _reduction(17),
        "ReduceLogSumExp": _reduction(17),
        "ReduceMax": _reduction(17),
        "ReduceMean": _reduction(17),
        "ReduceMin": _reduction(17),
        "ReduceProd": _reduction(17),
        "ReduceSum": _reduction(12),
        "ReduceSumSquare": _reduction(17),
        "Reshape": _of(2, allowzero=INTEGER.since(14)),
        "Resize": replace(
            _of(
                ((FIRST, 2), (11, 4)),
                antialias=INTEGER.since(18),
                axes=INTEGERS.since(18),
                coordinate_transformation_mode=WORD.since(11),
                cubic_coeff_a=NUMBER.since(11),
                exclude_outside=INTEGER.since(11),
                extrapolation_value=NUMBER.since(11),
                keep_aspect_ratio_policy=WORD.since(18),
                mode=WORD,
                nearest_mode=WORD.since(11),
            ),
            first=10,
        ),
        "ReverseSequence": replace(_of(2, batch_axis=INTEGER, time_axis=INTEGER), first=10),
        "Round": replace(_of(1), first=11),
        "Scatter": replace(_of(3, axis=INTEGER), first=9),
        "ScatterElements": replace(_of(3, axis=INTEGER, reduction=WORD.since(16)), first=11),
        "ScatterND": replace(_of(3, reduction=WORD.since(16)), first=11),
        "Selu": _of(1, alpha=NUMBER, gamma=NUMBER),
        "Shape": _of(1, start=INTEGER.since(15), end=INTEGER.since(15)),
        "Shrink": replace(_of(1, bias=NUMBER, lambd=NUMBER), first=9),
        "Sign": replace(_of(1), first=9),
        "Slice": _of(
            ((FIRST, 1), (10, 5)),
            axes=INTEGERS.until(9),
            ends=INTEGERS.until(9),
            starts=INTEGERS.until(9),
        ),
        "Softmax": _of(1, axis=INTEGER),
        "SpaceToDepth": _of(1, blocksize=INTEGER, mode=WORD.since(28)),
        "Split": replace(
            _of(
                ((FIRST, 1), (13, 2)),
                axis=INTEGER,
                num_outputs=INTEGER.since(18),
                split=INTEGERS.until(12),
            ),
            results=MANY,
        ),
        "Squeeze": _of(((FIRST, 1), (13, 2)), axes=INTEGERS.until(12)),
        "Swish": replace(_of(1, alpha=NUMBER), first=24),
        "ThresholdedRelu": replace(_of(1, alpha=NUMBER), first=10),
        "Transpose": _of(1, perm=INTEGERS),
        "Unsqueeze": _of(((FIRST, 1), (13, 2)), axes=INTEGERS.until(12)),
        "Upsample": _of(((FIRST, 1), (9, 2)), mode=WORD, scales=NUMBERS.since(7).until(8)),
        "Where": replace(_of(3), first=9),
    }
)
"""The signatures of all operators. A test compares them with the source. Source: the operator
schemas of ONNX, opsets 6 to 28."""

FIXED: Mapping[tuple[str, str], Attribute] = MappingProxyType(
    {
        ("BatchNormalization", "is_test"): 1,
        ("BatchNormalization", "spatial"): 1,
        ("Dropout", "is_test"): 1,
        ("BatchNormalization", "training_mode"): 0,
        ("DequantizeLinear", "output_dtype"): 1,
        ("GRU", "layout"): 0,
        ("LSTM", "input_forget"): 0,
        ("LSTM", "layout"): 0,
        ("LayerNormalization", "stash_type"): 1,
        ("RNN", "layout"): 0,
        ("RMSNormalization", "stash_type"): 1,
        ("Range", "stash_type"): 1,
        ("Resize", "antialias"): 0,
    }
)
"""Attributes for which only one value is supported."""


TRAINED = ("BatchNormalization", "Dropout")
"""Operators that before opset 7 are in the mode of training unless `is_test` says otherwise."""


def misunderstood(call: Call, opset: int) -> Iterator[str]:
    """The parts of a call that the reader does not understand; its operator is known."""
    signature = SIGNATURES[call.kind]
    if opset < signature.first:
        yield f"opset {opset}: it begins with opset {signature.first}"
    for name, value in call.attributes.items():
        known = signature.attributes.get(name)
        if known is None or not known.first <= opset <= known.last:
            yield f"attribute {name}, which it does not have here in opset {opset}"
        elif not known.fits(value):
            yield f"attribute {name} that is no {known.kind}"
        elif (call.kind, name) in FIXED and value != FIXED[call.kind, name]:
            yield f"attribute {name} = {value}"
    if opset < 7 and call.kind in TRAINED and "is_test" not in call.attributes:
        yield "the mode of training"
    operands, results = len(call.inputs), len([name for name in call.outputs[1:] if name]) + 1
    if operands > signature.operands(opset):
        yield f"{operands} operands, more than {signature.operands(opset)}"
    if results > signature.results:
        yield f"{results} results, more than {signature.results}"
