"""Small relu networks with float32 weights, as ONNX files, as claims and in fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from abduce.verify.certificates.kernel import Claim, claim_of
from abduce.verify.certificates.translate import translated
from tests.onnx_models import proto


@dataclass(frozen=True, slots=True)
class Net:
    """Weights (m, n) and biases (m,) of the layers, with relu between them."""

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]

    def onnx(self) -> bytes:
        steps, constants, value = [], {}, "x"
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            constants |= {f"w{k}": weight.T, f"b{k}": bias}
            last = k == len(self.weights) - 1
            steps.append(("Gemm", [value, f"w{k}", f"b{k}"], ["y" if last else f"z{k}"], {}))
            if not last:
                value = f"v{k}"
                steps.append(("Relu", [f"z{k}"], [value], {}))
        shape = (1, self.weights[0].shape[1])
        return proto(steps, shape, constants).SerializeToString()

    def layers(self, x: Sequence[Fraction]) -> list[list[Fraction]]:
        """The pre-activations of all layers, the outputs last, in exact arithmetic."""
        found, v = [], list(x)
        for weight, bias in zip(self.weights, self.biases, strict=True):
            z = [
                sum((Fraction(a) * b for a, b in zip(row, v, strict=True)), Fraction(b0))
                for row, b0 in zip(weight.tolist(), bias.tolist(), strict=True)
            ]
            found.append(z)
            v = [max(value, Fraction(0)) for value in z]
        return found

    def claim(self, property_: str) -> Claim:
        return claim_of(*translated(self.onnx(), self.text(property_)))

    def text(self, property_: str) -> bytes:
        names = [f"X_{i}" for i in range(self.weights[0].shape[1])]
        names += [f"Y_{i}" for i in range(len(self.biases[-1]))]
        return ("".join(f"(declare-const {n} Real)\n" for n in names) + property_).encode()

    def files(self, folder: Path, property_: str) -> tuple[Path, Path]:
        net, text = folder / "net.onnx", folder / "p.vnnlib"
        net.write_bytes(self.onnx())
        text.write_bytes(self.text(property_))
        return net, text


def random_net(rng: np.random.Generator, sizes: Sequence[int], spread: int = 0) -> Net:
    """Weights about 1 over the square root of the inputs, times powers of two up to 2^spread."""
    weights, biases = [], []
    for n, m in pairwise(sizes):
        powers = 2.0 ** rng.integers(-spread, spread + 1, (m, n))
        weights.append((rng.normal(size=(m, n)) / n**0.5 * powers).astype(np.float32))
        biases.append((rng.normal(size=m) / 4).astype(np.float32))
    return Net(tuple(weights), tuple(biases))


def box(low: Sequence[float], high: Sequence[float]) -> str:
    return "".join(
        f"(assert (>= X_{i} {a!r}))(assert (<= X_{i} {b!r}))\n"
        for i, (a, b) in enumerate(zip(low, high, strict=True))
    )
