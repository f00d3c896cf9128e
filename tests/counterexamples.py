"""Counterexamples in the form of VNN-COMP, read back."""

import re

import numpy as np

FORM = re.compile(r"(?:sat\s+)?\((?:\s*\([XY]_\d+\s+\S+\))*\s*\)\s*", re.ASCII)


def read_counterexample(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The input and the output, flattened; a `sat` in front is passed over."""
    assert FORM.fullmatch(text), text
    found: dict[str, list[float]] = {"X": [], "Y": []}
    for letter, number, value in re.findall(r"([XY])_(\d+)\s+([^\s()]+)", text):
        assert int(number) == len(found[letter]), text
        found[letter].append(float(value))
    return np.array(found["X"]), np.array(found["Y"])
