"""Counterexamples in the forms of VNN-COMP: one value for each variable of the property.

((X_0 0.1)
(X_1 -0.25)
(Y_0 3.5))
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from abduce.verify.specifications.vnnlib.tensors import Tensor


def write_counterexample(x: np.ndarray, y: np.ndarray) -> str:
    """An input and its output as text; every value is written so that it is read back as it is.

    Args:
        x, y: arrays of any shape; flattened.

    Raises:
        ValueError: a value that is not finite.

    >>> print(write_counterexample(np.array([0.1, -0.25]), np.array([3.5])))
    ((X_0 0.1)
    (X_1 -0.25)
    (Y_0 3.5))
    """
    x, y = np.asarray(x, np.float64).ravel(), np.asarray(y, np.float64).ravel()
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("a counterexample has finite values")
    lines = chain(
        (f"(X_{i} {value!r})" for i, value in enumerate(x.tolist())),
        (f"(Y_{j} {value!r})" for j, value in enumerate(y.tolist())),
    )
    return "(" + "\n".join(lines) + ")"


def write_assignment(tensors: Sequence[Tensor], x: np.ndarray, y: np.ndarray) -> str:
    """An input and its output in the form of VNN-LIB 2.0: each tensor, then its entries.

    Args:
        tensors: the input and the output, as the property declares them.
        x, y: arrays of any shape; flattened.

    >>> from abduce.verify.specifications.vnnlib.tensors import Tensor
    >>> a = Tensor("A", 0, "float32", (1, 2), "input", 0)
    >>> b = Tensor("B", 0, "real", (), "output", 0)
    >>> print(write_assignment([a, b], np.array([[0.1, -0.25]]), np.array([3.5])))
    A float32 [1,2]
    0.1
    -0.25
    B real []
    3.5
    """
    lines: list[str] = []
    for tensor in tensors:
        lines.append(f"{tensor.name} {tensor.sort} [{','.join(map(str, tensor.shape))}]")
        values = np.asarray(x if tensor.is_input else y, np.float64).ravel()
        lines.extend(map(repr, values.tolist()))
    return "\n".join(lines)
