"""Small instances of verification as files, and processes that verify them."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.onnx_models import Step, proto

BOX = "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)" + "".join(
    f"(assert (>= X_{i} -1))(assert (<= X_{i} 1))" for i in (0, 1)
)
HOLDS, FAILS = BOX + "(assert (>= Y_0 2.5))", BOX + "(assert (>= Y_0 1.5))"


def network(path: Path, kind: str = "Relu") -> None:
    """y = f(x_0) + f(x_1): at most 2 over the box for f = relu."""
    steps: list[Step] = [(kind, ["x"], ["h"], {}), ("MatMul", ["h", "w"], ["y"], {})]
    model = proto(steps, (1, 2), {"w": np.ones((2, 1))})
    path.write_bytes(model.SerializeToString())


def hard(path: Path) -> None:
    """A random deep network of 8 inputs, about which nothing is settled in a second."""
    rng, width = np.random.default_rng(3), 60
    steps: list[Step] = []
    constants: dict[str, np.ndarray] = {}
    last, size = "x", 8
    for layer in range(6):
        constants[f"w{layer}"] = rng.normal(size=(size, width)) * (2 / size) ** 0.5
        steps.append(("MatMul", [last, f"w{layer}"], [f"a{layer}"], {}))
        steps.append(("Relu", [f"a{layer}"], [f"h{layer}"], {}))
        last, size = f"h{layer}", width
    constants["w"] = rng.normal(size=(width, 1))
    steps.append(("MatMul", [last, "w"], ["y"], {}))
    path.write_bytes(proto(steps, (1, 8), constants).SerializeToString())
    inputs = "".join(
        f"(declare-const X_{i} Real)(assert (and (>= X_{i} -1) (<= X_{i} 1)))" for i in range(8)
    )
    text = f"{inputs}(declare-const Y_0 Real)(assert (>= Y_0 60))"
    path.with_suffix(".vnnlib").write_text(text)


def process(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A process that finds the package that is tested."""
    command = (sys.executable, *arguments)
    return subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, cwd=folder
    )
