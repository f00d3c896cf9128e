"""ATen operations that move and copy entries."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from abduce.verify.networks.torch.site import Site, Term, Translation, Translator


def _identity(site: Site, x: Term, *_: Any, **__: Any) -> Term:
    return x


def _moved(site: Site, *arguments: Any, **keywords: Any) -> Translation:
    return site.moved(arguments, keywords)


def _assembled(site: Site, *arguments: Any) -> Term:
    return site.assembled(arguments)


def _index_put(
    site: Site, x: Term, indices: Sequence[Term | None], values: Term, accumulate: bool = False
) -> Term:
    if accumulate:
        raise site.unsupported("accumulate")
    return site.assembled((x, indices, values))


def _cat(site: Site, tensors: Sequence[Term], dim: int = 0) -> Term:
    """Torch passes over tensors of shape (0,)."""
    return site.onnx("Concat", *(t for t in tensors if site.shape(t) != (0,)), axis=dim)


def _copy(site: Site, target: Term, source: Term, non_blocking: bool = False) -> Term:
    return site.onnx("Expand", source, site.shape(target))


def _pad(
    site: Site, x: Term, pad: Sequence[int], mode: str = "constant", value: float | None = None
) -> Translation:
    if mode != "constant":
        return site.moved((x, pad, mode), {})
    return _pad_constant(site, x, pad, value or 0.0)


def _pad_constant(site: Site, x: Term, pad: Sequence[int], value: float = 0.0) -> Term:
    """Torch lists two widths an axis, of the last axis first."""
    missing = len(site.shape(x)) - len(pad) // 2
    before = (0,) * missing + tuple(pad[-2::-2])
    after = (0,) * missing + tuple(pad[-1::-2])
    return site.onnx("Pad", x, (*before, *after), value)


def _where(site: Site, condition: Term, a: Term, b: Term) -> Term:
    if not isinstance(condition, np.ndarray):
        raise site.unsupported("a condition that depends on the input")
    return site.onnx("Where", condition, a, b)


def _full_like(site: Site, x: Term, value: float, **_: Any) -> Term:
    return np.full(site.shape(x), value)


def _compared(infinite: bool) -> Translator:
    """A comparison with infinity, which no value of a network in real arithmetic is."""

    def translate(site: Site, x: Term, other: Term | float) -> Term:
        if not isinstance(other, float | np.ndarray) or not np.isinf(other).all():
            raise site.unsupported("a result that is true or false")
        return np.full(np.broadcast_shapes(site.shape(x), np.shape(other)), infinite)

    return translate


SHAPING: Mapping[str, Translator] = MappingProxyType(
    {
        "_to_copy": _identity,
        "alias": _identity,
        "cat": _cat,
        "clone": _identity,
        "constant_pad_nd": _pad_constant,
        "copy": _copy,
        "detach": _identity,
        "eq": _compared(False),
        "full_like": _full_like,
        "index_put": _index_put,
        "lift_fresh_copy": _identity,
        "ne": _compared(True),
        "pad": _pad,
        "select_scatter": _assembled,
        "slice_scatter": _assembled,
        "where": _where,
    }
    | dict.fromkeys(
        [
            "diagonal",
            "expand",
            "flip",
            "gather",
            "index",
            "index_select",
            "permute",
            "pixel_shuffle",
            "pixel_unshuffle",
            "repeat",
            "select",
            "slice",
            "split",
            "split_with_sizes",
            "squeeze",
            "unfold",
            "unsqueeze",
            "upsample_nearest1d",
            "upsample_nearest2d",
            "view",
        ],
        _moved,
    )
)
