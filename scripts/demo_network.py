"""Makes the network and the property of `abduce demo verify`, in abduce/demo/.

The network learns from 4,096 random points how hard a driver should brake: the share of 8 m/s^2
that stops a car before the one ahead, from the gap in metres (0 to 100) and the closing speed in
metres a second (-20 to 20). Run it as `python scripts/demo_network.py`; the same seed gives the
same network, up to the last digits.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent.parent / "abduce" / "demo"
SEED, POINTS, STEPS, RATE, HIDDEN = 0, 4096, 4000, 3e-3, 16
CENTRE, HALF = np.array([50.0, 0.0]), np.array([50.0, 20.0])

PROPERTY = """\
; brake.onnx is given a gap in metres (X_0) and a closing speed in metres a second (X_1), and says
; how hard to brake, from 0 to 1 (Y_0). Can it brake at most half where the gap is at most 20 m and
; the closing speed is from 15 to 20 m/s? A property file says what must not happen.
; `proved` means that it never happens.
(declare-const X_0 Real)
(declare-const X_1 Real)
(declare-const Y_0 Real)
(assert (>= X_0 0.0))
(assert (<= X_0 20.0))
(assert (>= X_1 15.0))
(assert (<= X_1 20.0))
(assert (<= Y_0 0.5))
"""

Weights = list[np.ndarray]


def wanted(points: np.ndarray) -> np.ndarray:
    """How hard to brake, of points (gap, closing speed)."""
    gap, speed = points[:, 0], np.maximum(points[:, 1], 0.0)
    return np.minimum(speed**2 / (2 * np.maximum(gap, 0.5)) / 8.0, 1.0)


def forward(weights: Weights, x: np.ndarray) -> list[np.ndarray]:
    """The values of all layers."""
    values = [x]
    for number in range(0, len(weights), 2):
        y = values[-1] @ weights[number] + weights[number + 1]
        values.append(np.maximum(y, 0.0) if number + 2 < len(weights) else y)
    return values


def gradient(weights: Weights, x: np.ndarray, target: np.ndarray) -> Weights:
    """Of the mean squared error."""
    values = forward(weights, x)
    back = 2 * (values[-1] - target[:, None]) / len(x)
    found: Weights = []
    for number in range(len(weights) - 2, -1, -2):
        before = values[number // 2]
        found = [before.T @ back, back.sum(axis=0), *found]
        back = (back @ weights[number].T) * (before > 0)
    return found


def trained() -> Weights:
    """The weights after Adam's steps, for inputs between -1 and 1."""
    rng = np.random.default_rng(SEED)
    x = rng.uniform(-1, 1, (POINTS, 2))
    target = wanted(x * HALF + CENTRE)
    sizes = (2, HIDDEN, HIDDEN, 1)
    weights: Weights = []
    for inner, outer in pairwise(sizes):
        weights += [rng.normal(0, (2 / inner) ** 0.5, (inner, outer)), np.zeros(outer)]
    first, second = ([np.zeros_like(w) for w in weights] for _ in range(2))
    for step in range(1, STEPS + 1):
        rate = RATE * (1 - step / STEPS)
        for n, slope in enumerate(gradient(weights, x, target)):
            first[n] = 0.9 * first[n] + 0.1 * slope
            second[n] = 0.999 * second[n] + 0.001 * slope**2
            size = np.sqrt(second[n] / (1 - 0.999**step)) + 1e-8
            weights[n] = weights[n] - rate * first[n] / (1 - 0.9**step) / size
    return weights


def network(weights: Weights) -> onnx.ModelProto:
    """The network as ONNX, the scaling of its inputs folded into its first layer."""
    scaled = [weights[0] / HALF[:, None], weights[1] - (CENTRE / HALF) @ weights[0], *weights[2:]]
    tensors = [
        numpy_helper.from_array(w.astype(np.float32), f"{'wb'[n % 2]}{n // 2}")
        for n, w in enumerate(scaled)
    ]
    layers, name = len(scaled) // 2, "X"
    nodes: list[onnx.NodeProto] = []
    for n in range(layers):
        out = "Y" if n == layers - 1 else f"layer{n}"
        nodes.append(helper.make_node("Gemm", [name, f"w{n}", f"b{n}"], [out]))
        if n < layers - 1:
            nodes.append(helper.make_node("Relu", [out], [f"relu{n}"]))
            name = f"relu{n}"
    graph = helper.make_graph(
        nodes,
        "brake",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [1, 2])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [1, 1])],
        tensors,
    )
    opset = [helper.make_opsetid("", 13)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8, producer_name="abduce")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    onnx.save(network(trained()), FOLDER / "brake.onnx")
    (FOLDER / "brake.vnnlib").write_text(PROPERTY, encoding="utf-8")
