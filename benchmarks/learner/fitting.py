"""The coefficients of a posterior, fitted by maximum likelihood on draws."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, Final

from abduce.errors import InputError
from abduce.symbolic.nsr.config import ReliabilityConfig

SHRINK: Final = 1.0
"""The weight of the prior that coefficients are small."""
OTHER: Final = ("open_bits", "alike_bits")
NAMES: Final = tuple([each.name for each in fields(ReliabilityConfig) if each.name not in OTHER])


def fitted(draws: Sequence[Mapping[str, Any]], start: ReliabilityConfig) -> ReliabilityConfig:
    """The model under which the right answers of the draws are most probable.

    No coefficient may be below 0, and all are subtracted: no number makes a derivation more
    probable. Training sentences are left out, since their own rows decide their answers.
    `alike_bits` is not fitted. In the drawn languages levels are random, so that operators do not
    bind alike as they do in people's languages.

    An order of operators that a rival has as well counts twice here, which makes the model a
    little more careful.

    Raises:
        InputError: there is no answer to fit.
    """
    import numpy as np
    from scipy.optimize import minimize

    answers = [
        answer
        for draw in draws
        for answer in draw["answers"]
        if len(answer["features"]) == len(NAMES) - 1 and not answer["known"]
    ]
    if not answers:
        raise InputError("no answers to fit", ("records of abduce bench languages",))
    inputs = np.array([[1.0, *(-f for f in a["features"])] for a in answers])
    right = np.array([float(a["right"]) for a in answers])

    def loss(values: Any) -> float:
        model = _model(values, start)
        score = np.clip(inputs @ values[: len(NAMES)], -50, 50)
        probability = np.array([share(a, model) for a in answers]) / (1 + np.exp(-score))
        probability = np.clip(probability, 1e-6, 1 - 1e-6)
        likely = right * np.log(probability) + (1 - right) * np.log(1 - probability)
        return SHRINK * float((values[1 : len(NAMES)] ** 2).sum()) - float(likely.sum())

    first = [*(getattr(start, name) for name in NAMES), math.log(start.open_bits)]
    bounds = [(None, None)] + [(0.0, None)] * (len(NAMES) - 1) + [(math.log(0.25), math.log(16.0))]
    best = _model(minimize(loss, np.array(first), method="L-BFGS-B", bounds=bounds).x, start)
    return replace(best, **{name: round(value, 4) for name, value in asdict(best).items()})


def share(answer: Mapping[str, Any], model: ReliabilityConfig) -> float:
    """The share of the votes for the best value, with other orders of operators as lexicons."""
    votes, total = answer["votes"], answer["total"]
    for open_, alike, same in answer["orders"]:
        weight = 2.0 ** -(open_ * model.open_bits + alike * model.alike_bits)
        total += weight
        votes += weight * same
    return min(1.0, votes / total)


def _model(values: Any, start: ReliabilityConfig) -> ReliabilityConfig:
    plain = [float(value) for value in values]
    coefficients = dict(zip(NAMES, plain, strict=False))
    return replace(start, **coefficients, open_bits=math.exp(plain[-1]))
