"""What is asked about patterns, as specifications: each is violated by the inputs searched for."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from abduce.verify.networks.network import Network
from abduce.verify.specifications.activation_pattern.pattern import Pattern, Patterns
from abduce.verify.specifications.hidden import Hidden
from abduce.verify.specifications.specification import Case, Specification


def classified_otherwise(network: Network, patterns: Patterns, pattern: Pattern) -> Specification:
    """Violated by an input that follows the pattern while another output is at least as large."""
    return labelled_otherwise(network, patterns.box(pattern), pattern.label, pattern.hidden)


def labelled_otherwise(
    network: Network,
    box: tuple[np.ndarray, np.ndarray],
    label: int,
    hidden: tuple[Hidden, ...] = (),
) -> Specification:
    """Violated by an input in a box while another output is at least as large as the label's."""
    outputs = prod(network.output_shape)
    rows = []
    for other in range(outputs):
        if other != label:
            row = np.zeros(outputs)
            row[label], row[other] = 1.0, -1.0
            rows.append((row, 0.0))
    return _specification(network, box, rows, hidden)


def followed(network: Network, patterns: Patterns, *some: Pattern) -> Specification:
    """Violated by every input that follows all of these patterns, and is in all of their boxes."""
    boxes = [patterns.box(pattern) for pattern in some]
    lower = np.maximum.reduce([low for low, _ in boxes])
    upper = np.minimum.reduce([high for _, high in boxes])
    hidden = tuple(bounds for pattern in some for bounds in pattern.hidden)
    always = np.zeros(prod(network.output_shape)), 1.0
    return _specification(network, (lower, upper), [always], hidden)


def assuming(specification: Specification, pattern: Pattern) -> Specification:
    """The specification for the inputs that follow the pattern: every case assumes its signs."""
    cases = [replace(c, hidden=(*c.hidden, *pattern.hidden)) for c in specification.cases]
    return replace(specification, cases=tuple(cases))


def _specification(
    network: Network,
    box: tuple[np.ndarray, np.ndarray],
    rows: Sequence[tuple[np.ndarray, float]],
    hidden: tuple[Hidden, ...],
) -> Specification:
    """A case for each row ``outputs @ y <= bound``; none where the box is empty."""
    lower, upper = box
    inputs, outputs = prod(network.input_shape), prod(network.output_shape)
    if (lower > upper).any():
        return Specification(inputs, outputs, ())
    cases = [
        Case(
            lower,
            upper,
            np.zeros((1, inputs)),
            row[None],
            np.array([bound]),
            np.zeros(1, bool),
            hidden,
        )
        for row, bound in rows
    ]
    return Specification(inputs, outputs, tuple(cases))
