"""The table of functions of one variable, with where their derivatives have a given value."""

from collections.abc import Callable

import numpy as np

from abduce.verify.bounds.functions import Smooth
from abduce.verify.bounds.gates import gelu, gelu_tanh, silu
from abduce.verify.network import Unary

Array = np.ndarray


def _sigmoid(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-x))


def _sigmoid_where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    root = np.sqrt(1.0 - 4.0 * k)
    small = 2.0 * k / (1.0 + root)  # (1 - root) / 2 without cancellation
    x = np.log(small / (1.0 - small))
    return x, -x


def _logit(k: Array) -> Array:
    return np.log(k / (1.0 - k))


def _tanh_where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
    x = np.arccosh(1.0 / np.sqrt(k))
    return x, -x


def _periodic(shift: float) -> Callable[[Array, Array, Array], tuple[Array, ...]]:
    """Where cos(x - shift) = k within one period of each end.

    f(x) - k x grows by the same from one such point to the next of its kind, so it is least and
    greatest at the first or at the last of them.
    """

    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        angle = np.arccos(k)
        points = []
        for base in (angle, -angle):
            for end in (low, high):
                turns = np.floor((end - shift - base) / (2 * np.pi))
                points += [base + shift + 2 * np.pi * (turns + i) for i in (0, 1)]
        return tuple(points)

    return where


def smooth_of(function: Unary) -> Smooth:
    """The table of smooth (and of step) functions."""
    match function:
        case Unary(name="sigmoid"):
            return Smooth(_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x), _sigmoid_where)
        case Unary(name="tanh"):
            return Smooth(np.tanh, lambda x: 1.0 - np.tanh(x) ** 2, _tanh_where)
        case Unary(name="exp"):
            return Smooth(np.exp, np.exp, lambda k, low, high: (np.log(k),))
        case Unary(name="log"):
            return Smooth(
                np.log,
                lambda x: 1 / x,
                lambda k, low, high: (1 / k,),
                domain=(0.0, np.inf),
                pole=0.0,
            )
        case Unary(name="sqrt"):
            return Smooth(
                lambda x: np.sqrt(np.maximum(x, 0.0)),
                lambda x: 0.5 / np.sqrt(np.maximum(x, 1e-300)),
                lambda k, low, high: ((0.5 / k) ** 2,),
                domain=(0.0, np.inf),
            )
        case Unary(name="reciprocal"):
            return Smooth(
                lambda x: 1.0 / x,
                lambda x: -1.0 / x**2,
                lambda k, low, high: (np.sqrt(-1.0 / k), -np.sqrt(-1.0 / k)),
                pole=0.0,
            )
        case Unary(name="sin"):
            return Smooth(np.sin, np.cos, _periodic(0.0), curvature=1.0)
        case Unary(name="cos"):
            return Smooth(np.cos, lambda x: -np.sin(x), _periodic(-np.pi / 2), curvature=1.0)
        case Unary(name="power", parameters=(exponent,)):
            return _power(exponent)
        case Unary(name="erf"):
            return _erf()
        case Unary(name="softplus"):
            return Smooth(
                lambda x: np.logaddexp(0.0, x), _sigmoid, lambda k, low, high: (_logit(k),)
            )
        case Unary(name="elu", parameters=(alpha,)):
            return Smooth(
                lambda x: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0))),
                lambda x: np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0.0))),
                lambda k, low, high: (np.log(k / alpha),),
                corners=(0.0,),
            )
        case Unary(name="hard_swish"):
            return Smooth(
                lambda x: x * np.clip(x + 3, 0.0, 6.0) / 6,
                lambda x: np.where(np.abs(x) < 3, (2 * x + 3) / 6, (x > 0).astype(float)),
                lambda k, low, high: (3 * k - 1.5,),
                corners=(-3.0, 3.0),
            )
        case Unary(name="silu", parameters=scale):
            return silu(*scale)
        case Unary(name="gelu", parameters=scale):
            return gelu(*scale)
        case Unary(name="gelu_tanh", parameters=scales):
            return gelu_tanh(*scales)
        case Unary(name="sign" | "floor" as name):
            step = np.sign if name == "sign" else np.floor
            return Smooth(step, np.zeros_like, lambda k, low, high: (), 0.0)
        case Unary(name="integer", parameters=ends):
            return Smooth(_nearest_integer(ends), np.zeros_like, lambda k, low, high: (), 0.0)
        case other:
            raise ValueError(f"no relaxation of {other.name}")


def _nearest_integer(ends: tuple[float, ...]) -> Callable[[Array], Array]:
    """Truncation, and of what the type does not hold the nearest that it does."""
    least, limit = ends
    return lambda x: np.clip(np.trunc(x), least, limit - 1.0)


def _power(n: float) -> Smooth:
    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        if n in (0.0, 1.0):
            return ()
        size = np.abs(k / n) ** (1.0 / (n - 1.0))
        return size, -size

    return Smooth(
        lambda x: np.power(x, n),
        lambda x: n * np.power(x, n - 1.0),
        where,
        domain=(-np.inf, np.inf) if float(n).is_integer() else (0.0, np.inf),
        pole=np.nan if n > 0 else 0.0,
    )


def _erf() -> Smooth:
    from scipy.special import erf

    steepest = 2 / np.sqrt(np.pi)

    def where(k: Array, low: Array, high: Array) -> tuple[Array, ...]:
        x = np.sqrt(-np.log(k / steepest))
        return x, -x

    return Smooth(erf, lambda x: steepest * np.exp(-x * x), where, error=16.0)
