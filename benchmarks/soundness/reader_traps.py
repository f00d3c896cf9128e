"""Networks that readers take wrongly: attributes, axes, orders and versions of operators.

Each row has an operation as it is, and as a reader sees it that ignores or mixes up one thing.
Every network ends in a dense layer, so that a difference anywhere comes to an output.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx

from abduce.benchmarks.soundness.graphs import Step, network
from abduce.benchmarks.soundness.misreadings import Misreading
from abduce.benchmarks.soundness.replaying import Loaded

Drawn = Callable[[np.random.Generator], Mapping[str, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Read:
    """How one of two readers takes the operation: its steps, and the version of operators."""

    steps: Sequence[Step]
    opset: int = 13


@dataclass(frozen=True, slots=True)
class Row:
    """An operation and the fault of a reader.

    Attributes:
        shape: of the input.
        constants: draws the constants that both readings share.
    """

    name: str
    wrong_by: str
    shape: tuple[int, ...]
    right: Read
    wrong: Read
    constants: Drawn = lambda _: {}


def normal(**shapes: tuple[int, ...]) -> Drawn:
    """Draws constants of these shapes."""
    return lambda rng: {name: rng.normal(size=shape) for name, shape in shapes.items()}


def fixed(**values: Sequence[Any] | np.ndarray) -> Drawn:
    """Constants of whole numbers, such as axes and pads."""
    return lambda _: {name: np.asarray(value) for name, value in values.items()}


def both(*draws: Drawn) -> Drawn:
    return lambda rng: {name: c for draw in draws for name, c in draw(rng).items()}


def attribute(
    name: str,
    kind: str,
    shape: tuple[int, ...],
    right: Mapping[str, Any],
    wrong: Mapping[str, Any],
    *operands: str,
    constants: Drawn = lambda _: {},
    opset: int = 13,
) -> Row:
    """A row of an operation whose attributes are read as others."""
    reads = ("_", *operands)
    shown = ", ".join(sorted({*right, *wrong}))
    return Row(
        name,
        f"{kind}: {shown}",
        shape,
        Read([Step(kind, reads, right)], opset),
        Read([Step(kind, reads, wrong)], opset),
        constants,
    )


def operands(
    name: str,
    kind: str,
    shape: tuple[int, ...],
    right: Sequence[str],
    wrong: Sequence[str],
    constants: Drawn,
    opset: int = 13,
    **attributes: Any,
) -> Row:
    """A row of an operation whose operands are mixed up."""
    return Row(
        name,
        f"{kind}: its operands",
        shape,
        Read([Step(kind, right, attributes)], opset),
        Read([Step(kind, wrong, attributes)], opset),
        constants,
    )


IMAGE: Final = (1, 2, 5, 5)
KERNEL: Final = normal(k=(2, 2, 3, 3))
SQUARE: Final = (1, 4)

ROWS: Final[Sequence[Row]] = (
    attribute("gemm_transposed", "Gemm", SQUARE, {"transB": 1}, {}, "w", "b",
              constants=normal(w=(4, 4), b=(4,))),
    attribute("gemm_alpha", "Gemm", SQUARE, {"alpha": 0.5}, {}, "w", "b",
              constants=normal(w=(4, 4), b=(4,))),
    attribute("gemm_beta", "Gemm", SQUARE, {"beta": -2.0}, {}, "w", "b",
              constants=normal(w=(4, 4), b=(4,))),
    operands("sub_order", "Sub", SQUARE, ("c", "_"), ("_", "c"), normal(c=(4,))),
    operands("div_order", "Div", SQUARE, ("_", "c"), ("_", "d"), lambda rng: (
        lambda c: {"c": c, "d": 1 / c})(rng.random(4) + 1.5)),
    operands("bias_axis", "Add", (1, 3, 3), ("_", "c"), ("_", "d"), lambda rng: (
        lambda c: {"c": c.reshape(1, 3, 1), "d": c.reshape(1, 1, 3)})(rng.normal(size=3))),
    operands("matmul_order", "MatMul", (3, 3), ("w", "_"), ("_", "w"), normal(w=(3, 3))),
    attribute("conv_pads_order", "Conv", IMAGE, {"pads": [0, 1, 2, 1]}, {"pads": [1, 0, 1, 2]},
              "k", constants=KERNEL),
    attribute("conv_same_lower", "Conv", IMAGE, {"auto_pad": "SAME_LOWER", "strides": [2, 2]},
              {"auto_pad": "SAME_UPPER", "strides": [2, 2]}, "k",
              constants=normal(k=(2, 2, 2, 2))),
    attribute("conv_dilations", "Conv", IMAGE, {"dilations": [2, 1], "pads": [2, 1, 2, 1]},
              {"dilations": [1, 2], "pads": [1, 2, 1, 2]}, "k", constants=KERNEL),
    attribute("conv_strides_order", "Conv", IMAGE, {"strides": [2, 1], "pads": [1, 1, 1, 1]},
              {"strides": [1, 2], "pads": [1, 1, 1, 1]}, "k", constants=KERNEL),
    Row("conv_flipped", "Conv: the kernel turned round, as in mathematics", IMAGE,
        Read([Step("Conv", ("_", "k"))]), Read([Step("Conv", ("_", "f"))]),
        lambda rng: (lambda k: {"k": k, "f": k[:, :, ::-1, ::-1].copy()})(
            rng.normal(size=(2, 2, 3, 3)))),
    attribute("average_counts_padding", "AveragePool", IMAGE,
              {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1},
              {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
    attribute("average_ignores_padding", "AveragePool", IMAGE,
              {"kernel_shape": [2, 2], "pads": [1, 1, 0, 0]},
              {"kernel_shape": [2, 2], "pads": [1, 1, 0, 0], "count_include_pad": 1}),
    attribute("pool_dilations", "MaxPool", (1, 1, 5, 5),
              {"kernel_shape": [2, 2], "dilations": [2, 2]}, {"kernel_shape": [3, 3]}),
    attribute("pool_pads_are_no_zeros", "MaxPool", (1, 1, 4, 4),
              {"kernel_shape": [2, 2], "pads": [1, 1, 0, 0]},
              {"kernel_shape": [2, 2], "pads": [0, 0, 1, 1]}),
    attribute("leaky_slope", "LeakyRelu", SQUARE, {"alpha": 0.4}, {}),
    attribute("leaky_default", "LeakyRelu", SQUARE, {}, {"alpha": 0.3}),
    attribute("elu_alpha", "Elu", SQUARE, {"alpha": 0.25}, {}),
    attribute("selu_default", "Selu", SQUARE, {}, {"alpha": 1.0, "gamma": 1.0}),
    attribute("hard_sigmoid", "HardSigmoid", SQUARE, {}, {"alpha": 1 / 6, "beta": 0.5}),
    attribute("softmax_axis", "Softmax", (1, 3, 3), {"axis": 1}, {"axis": 2}),
    Row("softmax_of_opset_11", "Softmax: before opset 13 it is over all axes from its axis on",
        (1, 3, 3), Read([Step("Softmax", ("_",), {"axis": 1})], 11),
        Read([Step("Softmax", ("_",), {"axis": 1})], 13)),
    attribute("transpose_order", "Transpose", (1, 3, 3), {"perm": [0, 2, 1]},
              {"perm": [0, 1, 2]}),
    operands("concat_order", "Concat", (1, 3, 3), ("c", "_"), ("_", "c"),
             normal(c=(1, 3, 3)), axis=1),
    operands("slice_backwards", "Slice", (1, 6), ("_", "s", "e", "a", "back"),
             ("_", "f", "t", "a", "on"), fixed(s=[4], e=[0], a=[1], back=[-1], f=[1], t=[5],
                                                on=[1])),
    operands("gather_negative", "Gather", (1, 6), ("_", "i"), ("_", "j"),
             fixed(i=[-1, -2, 0], j=[5, 3, 0]), axis=1),
    Row("pad_reflects", "Pad: the mode", (1, 5),
        Read([Step("Pad", ("_", "p"), {"mode": "reflect"})]),
        Read([Step("Pad", ("_", "p"), {"mode": "edge"})]), fixed(p=[0, 2, 0, 1])),
    operands("pad_value", "Pad", (1, 5), ("_", "p", "v"), ("_", "p"),
             both(fixed(p=[0, 2, 0, 1]), lambda _: {"v": np.array(-3.0)})),
    attribute("sum_axis", "ReduceMean", (1, 3, 3), {"axes": [1], "keepdims": 0},
              {"axes": [2], "keepdims": 0}),
    operands("clip_least_is_left_out", "Clip", SQUARE, ("_", "", "c"), ("_", "c", ""),
             lambda _: {"c": np.array(0.25)}),
    Row("clip_of_opset_6", "Clip: before opset 11 its limits are attributes", SQUARE,
        Read([Step("Clip", ("_",), {"min": -0.5, "max": 0.5})], 6),
        Read([Step("Clip", ("_",), {"min": -9.0, "max": 9.0})], 6)),
    attribute("norm_epsilon", "BatchNormalization", (1, 3, 2), {"epsilon": 0.5}, {},
              "s", "b", "m", "v", constants=lambda rng: {
                  "s": rng.normal(size=3), "b": rng.normal(size=3), "m": rng.normal(size=3),
                  "v": rng.random(3) * 0.1}),
    Row("flat_input_as_image", "Reshape: rows and columns of an image exchanged", (1, 12),
        Read([Step("Reshape", ("_", "wide")), Step("Conv", ("_", "k"), {"pads": [1, 1, 1, 1]})]),
        Read([Step("Reshape", ("_", "high")), Step("Conv", ("_", "k"), {"pads": [1, 1, 1, 1]})]),
        both(fixed(wide=[1, 1, 2, 6], high=[1, 1, 6, 2]), normal(k=(1, 1, 3, 3)))),
    attribute("depth_to_space", "DepthToSpace", (1, 8, 2, 2), {"blocksize": 2, "mode": "CRD"},
              {"blocksize": 2}),
    attribute("transposed_conv_padding", "ConvTranspose", (1, 2, 3, 3),
              {"strides": [2, 2], "output_padding": [1, 0], "pads": [1, 1, 1, 1]},
              {"strides": [2, 2], "output_padding": [0, 1], "pads": [1, 1, 1, 1]}, "k",
              constants=normal(k=(2, 2, 2, 2))),
    operands("pow_order", "Pow", SQUARE, ("_", "c"), ("_", "d"),
             lambda _: {"c": np.array(3.0), "d": np.array(2.0)}),
    operands("max_with_constant", "Max", SQUARE, ("_", "c"), ("_", "d"), lambda rng: (
        lambda c: {"c": c, "d": -c})(rng.normal(size=4))),
)  # fmt: skip
"""Rows by what is read wrongly."""


def reader_misreadings(rng: np.random.Generator) -> Iterator[Misreading]:
    """Every row with constants of its own."""
    for row in ROWS:
        right, wrong = finished(row, row.constants(rng), rng)
        yield Misreading(f"reader_{row.name}", row.wrong_by, right, wrong, row.shape)


def finished(
    row: Row, constants: Mapping[str, np.ndarray], rng: np.random.Generator
) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """Both readings with one dense layer after them."""
    sizes = []
    for read in (row.right, row.wrong):
        model = network(read.steps, row.shape, constants, read.opset)
        sizes.append(Loaded(model.SerializeToString(), row.shape)(np.zeros(row.shape)).size)
    weight = rng.normal(size=(max(sizes), 3))
    found = []
    for read, size in zip((row.right, row.wrong), sizes, strict=True):
        steps = [*read.steps, Step("Reshape", ("_", "flat")), Step("MatMul", ("_", "last"))]
        shared = {**constants, "flat": np.array([1, size]), "last": weight[:size]}
        found.append(network(steps, row.shape, shared, read.opset))
    return found[0], found[1]
