"""Networks whose values change their type on the way: casts, integers, halves, truth values.

A reader that lets a cast through as if it changed nothing, or rounds another way, proves what is
false. The rows are those of `reader_traps` with casts in them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from onnx import TensorProto

from abduce.benchmarks.soundness.graphs import Step
from abduce.benchmarks.soundness.misreadings import Misreading
from abduce.benchmarks.soundness.reader_traps import Read, Row, finished, normal

SHAPE: Final = (1, 4)


def to(kind: int) -> Step:
    return Step("Cast", ("_",), {"to": kind})


BACK: Final = to(TensorProto.FLOAT)
WHOLE: Final = to(TensorProto.INT32)

ROWS: Final[Sequence[Row]] = (
    Row("cast_to_integer", "Cast to an integer taken as nothing", SHAPE,
        Read([WHOLE, BACK]), Read([Step("Identity", ("_",))])),
    Row("cast_truncates", "Cast to an integer rounded down; it is rounded towards 0", SHAPE,
        Read([WHOLE, BACK]), Read([Step("Floor", ("_",))])),
    Row("cast_is_no_rounding", "Cast to an integer rounded to the nearest one", SHAPE,
        Read([WHOLE, BACK]), Read([Step("Round", ("_",))])),
    Row("cast_to_truth", "Cast to bool taken as nothing", SHAPE,
        Read([to(TensorProto.BOOL), BACK]), Read([Step("Identity", ("_",))])),
    Row("integer_division", "Div of integers taken as one of real numbers", SHAPE,
        Read([Step("Mul", ("_", "ten")), WHOLE, Step("Div", ("_", "four")), BACK]),
        Read([Step("Mul", ("_", "ten")), Step("Div", ("_", "real"))]),
        lambda _: {"ten": np.array(10.0), "four": np.array(4, np.int32), "real": np.array(4.0)}),
    Row("constant_is_cast", "a constant that is cast to an integer taken as it stands", SHAPE,
        Read([Step("Cast", ("c",), {"to": TensorProto.INT32}), BACK, Step("Mul", ("x", "_"))]),
        Read([Step("Mul", ("x", "c"))]),
        lambda rng: {"c": np.array([-1.9, 2.9, 0.9, -0.9])}),
    Row("constant_wraps", "a constant beyond 8 bits taken as it stands", SHAPE,
        Read([Step("Cast", ("c",), {"to": TensorProto.UINT8}), BACK, Step("Mul", ("x", "_"))]),
        Read([Step("Cast", ("c",), {"to": TensorProto.FLOAT}), Step("Mul", ("x", "_"))]),
        lambda _: {"c": np.array([300, 2, 257, 5], np.int32)}),
    Row("half_constant", "a constant that is rounded to 16 bits taken as it stands", SHAPE,
        Read([Step("Cast", ("c",), {"to": TensorProto.FLOAT16}), BACK, Step("Sub", ("_", "round")),
              Step("Mul", ("x", "_"))]),
        Read([Step("Sub", ("c", "round")), Step("Mul", ("x", "_"))]),
        lambda _: {"c": np.array([2049.0, 4099.0, 8197.0, 1.0]),
                   "round": np.array([2048.0, 4096.0, 8192.0, 0.0])}),
    Row("round_half_to_even", "Round of halves taken away from 0", SHAPE,
        Read([Step("Mul", ("_", "zero")), Step("Add", ("_", "half")), Step("Round", ("_",)),
              Step("Add", ("_", "x"))]),
        Read([Step("Mul", ("_", "zero")), Step("Add", ("_", "away")), Step("Add", ("_", "x"))]),
        lambda _: {"zero": np.array(0.0), "half": np.array([0.5, 2.5, -0.5, 4.5]),
                   "away": np.array([1.0, 3.0, -1.0, 5.0])}),
    Row("comparison_is_strict", "Greater taken as greater or equal", SHAPE,
        Read([Step("Mul", ("_", "zero")), Step("Greater", ("_", "zeros")), BACK,
              Step("Add", ("_", "x"))]),
        Read([Step("Mul", ("_", "zero")), Step("Add", ("_", "ones")), Step("Add", ("_", "x"))]),
        lambda _: {"zero": np.array(0.0), "zeros": np.zeros(4), "ones": np.ones(4)}),
    Row("where_exchanged", "Where: its two values exchanged", SHAPE,
        Read([Step("Greater", ("_", "c")), Step("Where", ("_", "a", "x"))]),
        Read([Step("Greater", ("_", "c")), Step("Where", ("_", "x", "a"))]),
        normal(c=(4,), a=(4,))),
    Row("sign_of_zero", "Sign of 0 taken as 1", SHAPE,
        Read([Step("Mul", ("_", "zero")), Step("Sign", ("_",)), Step("Add", ("_", "x"))]),
        Read([Step("Mul", ("_", "zero")), Step("Add", ("_", "ones")), Step("Add", ("_", "x"))]),
        lambda _: {"zero": np.array(0.0), "ones": np.ones(4)}),
    Row("remainder_of_negatives", "Mod of a negative number with the sign of C", SHAPE,
        Read([WHOLE, Step("Mod", ("_", "three")), BACK]),
        Read([WHOLE, BACK, Step("Mod", ("_", "real"), {"fmod": 1})]),
        lambda _: {"three": np.array(3, np.int32), "real": np.array(3.0)}),
    Row("indices_are_cast", "an index that is cast from a fraction rounded up", SHAPE,
        Read([Step("Cast", ("c",), {"to": TensorProto.INT64}), Step("Gather", ("x", "_"),
                                                                    {"axis": 1})]),
        Read([Step("Gather", ("x", "up"), {"axis": 1})]),
        lambda _: {"c": np.array([0.9, 1.9, 2.9]), "up": np.array([1, 2, 3])}),
    Row("where_of_shape", "a constant truth value exchanged", SHAPE,
        Read([Step("Where", ("t", "x", "a"))]), Read([Step("Where", ("f", "x", "a"))]),
        lambda rng: {"t": np.array([True, False, True, False]),
                     "f": np.array([False, True, False, True]), "a": rng.normal(size=4)}),
)  # fmt: skip
"""Rows by what is read wrongly. Numbers that a type does not hold are left out where ONNX leaves
their value open."""


def type_misreadings(rng: np.random.Generator) -> Iterator[Misreading]:
    """Every row with constants of its own."""
    for row in ROWS:
        right, wrong = finished(row, row.constants(rng), rng)
        yield Misreading(f"type_{row.name}", row.wrong_by, right, wrong, row.shape)
