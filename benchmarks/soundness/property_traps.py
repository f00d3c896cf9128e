"""Properties that readers take wrongly. The network returns its inputs, so that all is in the text.

Each row has a text, an input that violates it, and what a reader does that proves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from abduce.benchmarks.soundness.graphs import Step, network
from abduce.benchmarks.soundness.planted import Planted

DECLARED: Final = "".join(f"(declare-const {v}_{i} Real)\n" for v in "XY" for i in range(2))
UNIT: Final = "".join(f"(assert (>= X_{i} 0))\n(assert (<= X_{i} 1))\n" for i in range(2))


@dataclass(frozen=True, slots=True)
class Row:
    """A text in which one thing is easily taken wrongly.

    Attributes:
        text: the whole file.
        witness: the input that violates it.
    """

    name: str
    wrong_by: str
    text: str
    witness: tuple[float, float]


ROWS: Final[Sequence[Row]] = (
    Row("or_and_another", "an 'or' with an assertion after it: alternatives joined as 'and'",
        f"{DECLARED}{UNIT}(assert (or (and (>= Y_0 0.75)) (and (<= Y_0 0.25))))\n"
        "(assert (>= Y_1 0.5))\n", (0.125, 0.625)),
    Row("before_the_or", "an assertion before an 'or' taken into one alternative alone",
        f"{DECLARED}{UNIT}(assert (>= Y_1 0.5))\n"
        "(assert (or (and (>= Y_0 0.75) (<= Y_1 0.25)) (and (<= Y_0 0.25))))\n", (0.125, 0.625)),
    Row("boxes_in_the_or", "boxes of alternatives met with each other",
        f"{DECLARED}(assert (or"
        " (and (>= X_0 0) (<= X_0 0.25) (>= X_1 0) (<= X_1 1) (>= Y_0 0.75))"
        " (and (>= X_0 0.5) (<= X_0 1) (>= X_1 0) (<= X_1 1) (>= Y_0 0.75))))\n", (0.875, 0.5)),
    Row("constant_first", "a constant on the left: the relation not turned round",
        f"{DECLARED}{UNIT}(assert (<= 0.75 Y_0))\n(assert (>= 0.9375 Y_0))\n", (0.875, 0.0)),
    Row("exponent", "a number with an exponent cut off at the letter",
        f"{DECLARED}{UNIT}(assert (<= Y_0 2.5e-1))\n(assert (>= Y_0 1e-2))\n"
        "(assert (<= X_1 5E-1))\n", (0.125, 0.25)),
    Row("inputs_in_relations", "an input beside an output in a relation left out",
        f"{DECLARED}{UNIT}(assert (>= (+ Y_0 X_1) 1.5))\n", (0.875, 0.875)),
    Row("nested_sums", "a sum in a sum: the inner sign lost",
        f"{DECLARED}{UNIT}(assert (<= (- Y_0 (+ (* 2.0 Y_1) (- 0.25))) (- 0.5)))\n",
        (0.125, 0.9375)),
    Row("order_of_declarations", "variables numbered in the order in which they are declared",
        "(declare-const Y_1 Real)\n(declare-const X_1 Real)\n(declare-const Y_0 Real)\n"
        "(declare-const X_0 Real)\n(assert (>= X_1 0.5))\n(assert (<= X_1 1))\n"
        "(assert (>= X_0 0))\n(assert (<= X_0 0.25))\n(assert (>= Y_1 0.75))\n", (0.125, 0.875)),
    Row("on_one_line", "assertions after a comment's line, or two on one line, left out",
        f"{DECLARED}(assert (>= X_0 0)) (assert (<= X_0 1))\n(assert (>= X_1 0)) "
        "; (assert (<= X_1 0))\n(assert (<= X_1 1)) (assert (>= Y_1 0.75)) "
        "; (assert (<= Y_1 0.5))\n", (0.5, 0.875)),
    Row("negative_bounds", "the sign of a bound lost",
        f"{DECLARED}(assert (>= X_0 -1))\n(assert (<= X_0 -0.5))\n(assert (>= X_1 -1.0))\n"
        "(assert (<= X_1 +0.5))\n(assert (<= Y_0 -0.75))\n", (-0.875, 0.0)),
    Row("outputs_compared", "two outputs compared in the wrong order",
        f"{DECLARED}(assert (>= X_0 0))\n(assert (<= X_0 0.25))\n(assert (>= X_1 0.5))\n"
        "(assert (<= X_1 1))\n(assert (<= Y_0 Y_1))\n(assert (or (and (>= Y_1 0.75)) "
        "(and (<= Y_1 -1))))\n", (0.125, 0.875)),
    Row("or_in_and", "an 'or' inside an 'and' left out",
        f"{DECLARED}{UNIT}(assert (and (>= Y_0 0.5) (or (<= Y_1 0.25) (>= Y_1 1.5))))\n",
        (0.75, 0.125)),
)  # fmt: skip


def property_traps() -> Iterator[Planted]:
    """Every row."""
    identity = network(
        [Step("Gemm", ("_", "w", "b"))], (1, 2), {"w": np.eye(2), "b": np.zeros(2)}
    ).SerializeToString()
    for row in ROWS:
        yield Planted(
            f"property_{row.name}",
            "property",
            identity,
            row.text,
            np.array(row.witness),
            {"wrong by": row.wrong_by},
        )
