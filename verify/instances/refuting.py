"""A counterexample in a part of a property's boxes, such as a leaf that does not close."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from abduce import clock
from abduce.verify.instances.instance import OnDemand, instance_path
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.specification import Specification
from abduce.verify.specifications.vnnlib.reading import read_property
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import Refuted
from abduce.verify.verification import Budget, verify


def counterexample_in(
    network: Path,
    property_: Path,
    box: Sequence[tuple[Fraction, Fraction]],
    *,
    timeout_s: float = 10.0,
    strategy: Strategy = AUTOMATIC,
) -> Refuted | None:
    """An input in a box that violates the property, in onnxruntime too; None if none is found.

    Args:
        box: the ends of each input.

    Raises:
        DataError, InputError, UnsupportedError: as `verify_files`.
    """
    deadline, path = clock.wall_s() + timeout_s, instance_path(network)
    read = read_network(path, deadline=deadline)
    shapes = read.input_shape, read.output_shape
    whole = read_property(instance_path(property_), *shapes, deadline=deadline)
    part = _within(whole, np.array([[float(low), float(high)] for low, high in box]))
    budget = Budget(timeout_s=max(0.0, deadline - clock.wall_s()))
    verdict = verify(read, part, budget, strategy, replay=OnDemand(path, read))
    return verdict if isinstance(verdict, Refuted) else None


def _within(specification: Specification, box: np.ndarray) -> Specification:
    """The cases of a specification as far as they are in a box (inputs, 2)."""
    cases = []
    for case in specification.cases:
        lower, upper = np.maximum(case.lower, box[:, 0]), np.minimum(case.upper, box[:, 1])
        if (lower <= upper).all():
            cases.append(replace(case, lower=lower, upper=upper))
    return replace(specification, cases=tuple(cases))
