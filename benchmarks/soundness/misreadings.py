"""A trap from two readings of one network: the right one and a plausible wrong one.

At an input, the two networks have different outputs. The property forbids what the right network
computes there, with a threshold halfway between the two, in a box so small that the wrong network
stays on its side of it. A verifier that misreads the network proves the property.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import onnx

from abduce.benchmarks.soundness.planted import Planted
from abduce.benchmarks.soundness.replaying import Loaded

TRIES: Final = 40
"""The upper limit on inputs that are drawn for one trap."""
SAMPLES: Final = 512
"""The number of points of a box at which the wrong network is evaluated."""


@dataclass(frozen=True, slots=True, eq=False)
class Misreading:
    """Two networks of one input and output shape.

    Attributes:
        wrong_by: what a verifier that reads the second one ignores or takes wrongly.
    """

    name: str
    wrong_by: str
    right: onnx.ModelProto
    wrong: onnx.ModelProto
    shape: tuple[int, ...]


def trap(kind: str, given: Misreading, rng: np.random.Generator) -> Planted | None:
    """A trap of a misreading; None where no drawn input tells the two networks apart."""
    models = (given.right.SerializeToString(), given.wrong.SerializeToString())
    right, wrong = (Loaded(model, given.shape) for model in models)
    for _ in range(TRIES):
        x = rng.normal(size=given.shape).astype(np.float32) * rng.choice([1.0, 3.0])
        x = x.astype(np.float32)
        y, z = right(x), wrong(x)
        if y.shape != z.shape or not (np.isfinite(y).all() and np.isfinite(z).all()):
            continue
        output = int(np.abs(y - z).argmax())
        gap = float(y[output] - z[output])
        if abs(gap) < 1e-2 * (1 + abs(float(y[output]))):
            continue
        sign, threshold = np.sign(gap), float(np.float32(z[output] + gap / 2))
        for radius in (2.0**-4, 2.0**-7, 2.0**-10):
            near = x + (rng.random((SAMPLES, *given.shape)) * 2 - 1) * radius
            seen = [wrong(point.astype(np.float32))[output] for point in near]
            if all(sign * (value - threshold) < -abs(gap) / 8 for value in seen):
                break
        else:
            continue
        text = box_property(x, radius, y.size, output, threshold, above=sign > 0)
        made = {"wrong by": given.wrong_by, "radius": radius, "gap": gap}
        return Planted(given.name, kind, models[0], text, x.ravel(), made)
    return None


def box_property(
    x: np.ndarray, radius: float, outputs: int, output: int, threshold: float, *, above: bool
) -> str:
    """The text of a property: within the radius of x, an output never passes a threshold."""
    flat = x.ravel()
    bounds = [(float(np.float32(v - radius)), float(np.float32(v + radius))) for v in flat]
    relation = f"({'>=' if above else '<='} Y_{output} {threshold!r})"
    return property_text(bounds, outputs, [relation])


def property_text(
    bounds: Sequence[tuple[float, float]], outputs: int, relations: Sequence[str]
) -> str:
    """A VNN-LIB file: a box of inputs and relations that are asserted together."""
    lines = [f"(declare-const X_{i} Real)" for i in range(len(bounds))]
    lines += [f"(declare-const Y_{i} Real)" for i in range(outputs)]
    for i, (low, high) in enumerate(bounds):
        lines += [f"(assert (>= X_{i} {low!r}))", f"(assert (<= X_{i} {high!r}))"]
    lines += [f"(assert {relation})" for relation in relations]
    return "\n".join(lines) + "\n"
