"""Networks in which float32 loses what decides: large biases that cancel.

Two inputs, a hidden layer that large biases keep active, and one output in which they cancel. The
output is linear in exact arithmetic. Bounds that are computed in float32 without their rounding
errors lie below what the network really attains, in rational arithmetic as in onnxruntime.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Final

import numpy as np

from abduce.benchmarks.soundness.graphs import Step, network
from abduce.benchmarks.soundness.misreadings import property_text
from abduce.benchmarks.soundness.planted import Planted
from abduce.benchmarks.soundness.replaying import Loaded

WIDTH: Final = 8
LEAST_GAP: Final = 1e-3
"""The least difference, relative to the outputs, between the true maximum and the wrong bound."""
TRIES: Final = 2_000


def rounding_traps(count: int, rng: np.random.Generator) -> Iterator[Planted]:
    """As many traps; fewer where TRIES networks for each are not enough."""
    for number in range(count):
        found = next((t for _ in range(TRIES) if (t := _drawn(number, rng)) is not None), None)
        if found is not None:
            yield found


def _drawn(number: int, rng: np.random.Generator) -> Planted | None:
    weight = rng.normal(size=(2, WIDTH)).astype(np.float32)
    bias = (1e5 * (1 + rng.random(WIDTH))).astype(np.float32)
    last = rng.normal(size=WIDTH).astype(np.float32)
    last[-1] = -(bias[:-1] @ last[:-1]) / bias[-1]
    offset = np.float32(0.0)

    corners = [np.array(c, np.float32) for c in product((0.0, 1.0), repeat=2)]
    exact = [_exactly(weight, bias, last, corner) for corner in corners]
    best = int(np.argmax([float(v) for v in exact]))
    slope = weight @ last
    wrong = float(np.maximum(slope, 0).sum(dtype=np.float32) + (bias @ last) + offset)
    model = network(
        [Step("Gemm", ("_", "w", "b")), Step("Relu", ("_",)), Step("Gemm", ("_", "v", "c"))],
        (1, 2),
        {"w": weight, "b": bias, "v": last[:, None], "c": np.array([offset])},
    ).SerializeToString()
    theirs = float(Loaded(model, (1, 2))(corners[best])[0])
    attained = min(Fraction(theirs), exact[best])
    gap = float(attained) - wrong
    if gap < LEAST_GAP * (1 + abs(wrong)):
        return None
    threshold = float(np.float32(wrong + gap / 2))
    if not Fraction(threshold) <= attained:
        return None
    text = property_text([(0.0, 1.0)] * 2, 1, [f"(>= Y_0 {threshold!r})"])
    made = {
        "wrong by": "bounds in float32 without their rounding errors",
        "exact": float(exact[best]),
        "onnxruntime": theirs,
        "float32 bound": wrong,
    }
    return Planted(f"rounding_{number}", "rounding", model, text, corners[best], made)


def _exactly(weight: np.ndarray, bias: np.ndarray, last: np.ndarray, x: np.ndarray) -> Fraction:
    """The output in rational arithmetic; all hidden neurons are active."""
    total = Fraction(0)
    for column, b, v in zip(weight.T.tolist(), bias.tolist(), last.tolist(), strict=True):
        inner = sum((Fraction(w) * Fraction(float(t)) for w, t in zip(column, x, strict=True)),
                    Fraction(b))  # fmt: skip
        total += Fraction(v) * max(inner, Fraction(0))
    return total
