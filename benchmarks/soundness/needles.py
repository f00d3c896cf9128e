"""Needles: a small place in the domain in which an output jumps, and no gradient leads there.

To an output is added k relu(r - |x - p|_1): nothing outside a ball of radius r around p, in the sum
of absolute differences. The threshold lies above what the network attains elsewhere at many points,
and the network with its needle attains it at p, which is checked. This works for every network of
one input of floats.
"""

from collections.abc import Sequence
from math import prod
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from abduce.benchmarks.soundness.graphs import source_of
from abduce.benchmarks.soundness.misreadings import property_text
from abduce.benchmarks.soundness.planted import Planted
from abduce.benchmarks.soundness.replaying import Loaded
from abduce.errors import InputError

SAMPLES: Final = 2_000
"""The number of points at which a network is evaluated to place the threshold."""
NARROW: Final = 0.02
"""The radius of the ball, as a share of the sum of the widths of the box."""


def needle(
    name: str,
    model: onnx.ModelProto,
    shape: tuple[int, ...],
    box: Sequence[tuple[float, float]],
    rng: np.random.Generator,
) -> Planted:
    """A network with a needle in a box of inputs.

    Raises:
        InputError: the network has several inputs or outputs, or its needle is not attained in
            onnxruntime (its outputs are too large for float32).
    """
    low, high = np.array(box, np.float32).T
    before = Loaded(model.SerializeToString(), shape)
    points = low + rng.random((SAMPLES, len(low))).astype(np.float32) * (high - low)
    seen = np.array([before(point) for point in points])
    output = int(rng.integers(seen.shape[1]))
    top, spread = float(seen[:, output].max()), float(np.ptp(seen[:, output])) + 0.1

    place = (low + (high - low) * rng.uniform(0.1, 0.9, len(low))).astype(np.float32)
    radius = NARROW * float((high - low).sum())
    threshold = float(np.float32(top + spread))
    height = 1.5 * (threshold - float(before(place)[output])) / radius
    planted = with_needle(model, before.shape_of_output, place, radius, height, output)
    y = Loaded(planted, shape)(place)
    if not y[output] >= threshold:
        raise InputError(f"an output of {y[output]:g} at the needle", (f"{threshold:g} or more",))
    bounds = [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
    text = property_text(bounds, seen.shape[1], [f"(>= Y_{output} {threshold!r})"])
    made = {
        "wrong by": "a part of the domain is given up",
        "radius": radius,
        "height": height,
        "sampled maximum": top,
        "samples": SAMPLES,
    }
    return Planted(name, "needle", planted, text, place, made)


def with_needle(
    model: onnx.ModelProto,
    shape: tuple[int, ...],
    place: np.ndarray,
    radius: float,
    height: float,
    output: int,
) -> bytes:
    """The model with a needle added to an output.

    Args:
        shape: the shape of the output; `output` is a place in it, flat.
        place: where the needle is, flat.
    """
    found = onnx.ModelProto()
    found.CopyFrom(model)
    graph = found.graph
    try:
        (source, _), (result,) = source_of(found), [each.name for each in graph.output]
    except ValueError as error:
        raise InputError("a network of several inputs or outputs", ("one of each",)) from error
    size = place.size
    eye, at = np.eye(size, dtype=np.float32), np.zeros((1, prod(shape)), np.float32)
    at[0, output] = height
    constants = {
        "flat": np.array([1, size]),
        "differences": np.concatenate([eye, -eye], axis=1),
        "from": np.concatenate([-place, place]).astype(np.float32),
        "sum": np.full((2 * size, 1), -1.0, np.float32),
        "radius": np.array([radius], np.float32),
        "at": at,
        "shape": np.array(shape),
    }
    steps = [
        ("Reshape", (source, "flat")),
        ("Gemm", ("_", "differences", "from")),
        ("Relu", ("_",)),
        ("Gemm", ("_", "sum", "radius")),
        ("Relu", ("_",)),
        ("MatMul", ("_", "at")),
        ("Reshape", ("_", "shape")),
        ("Add", ("_", result)),
    ]
    graph.initializer.extend(
        numpy_helper.from_array(c, f"needle/{n}") for n, c in constants.items()
    )
    made = ""
    for n, (kind, reads) in enumerate(steps):
        names = [made if r == "_" else f"needle/{r}" if r in constants else r for r in reads]
        made = f"needle/made{n}"
        graph.node.append(helper.make_node(kind, names, [made]))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(made, TensorProto.FLOAT, None))
    return found.SerializeToString()
