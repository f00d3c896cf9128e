"""Layers that combine the choices of a state, proved coefficient by coefficient."""

import numpy as np

from abduce import clock
from abduce.symbolic.programs.bellman import TERMS, Layer, LayerSpecification
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


def prove_layer(
    layer: Layer, specification: LayerSpecification, *, deadline: float | None = None
) -> Verdict:
    """Whether a layer is that of a specification. Linear forms are equal for all rewards, values
    and discounts if their coefficients are equal; choices are equal if their names are.

    A refutation names the term, or nothing where the choice is another.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    if clock.passed(deadline):
        return Unknown("the time was up")
    if layer.coefficients.shape != (len(TERMS),):
        return Unknown(f"the layer has coefficients of the shape {layer.coefficients.shape}")
    cases = len(TERMS) + 1
    found, wanted = layer.coefficients.tolist(), specification.coefficients
    for term, (a, b) in enumerate(zip(found, wanted, strict=True)):
        if a != b:
            return _refuted((term,), a, b, cases)
    if layer.choice != specification.choice:
        return _refuted((), layer.choice, specification.choice, cases)
    certificate = Certificate(specification.claim, "equal coefficients and choice", cases)
    return Proved(Work(points=cases), certificate)


def _refuted(where: tuple[int, ...], found: int, wanted: int, cases: int) -> Refuted:
    return Refuted(np.array(where), np.array([found]), 0, Work(points=cases), np.array([wanted]))
