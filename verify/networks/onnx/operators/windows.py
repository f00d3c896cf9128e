"""Operators with windows: convolution and pooling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.network import Conv, ConvTranspose, Shape
from abduce.verify.networks.onnx.building import Site, Translator, Value
from abduce.verify.networks.onnx.operators.gates import product

Pads = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Windows:
    """How a kernel slides over the axes of space.

    Attributes:
        sizes: the sizes of the result; rounded up, the last windows reach beyond the padding.
    """

    kernel: Shape
    strides: Shape
    dilations: Shape
    pads: Pads
    sizes: Shape

    def index(self, space: Shape) -> np.ndarray:
        """Entries of the flattened space, -1 outside: (*sizes, entries of the kernel)."""
        rank = len(space)
        index = np.zeros((1,) * 2 * rank, np.int64)
        outside = np.zeros((1,) * 2 * rank, bool)
        for axis, size in enumerate(space):
            starts = np.arange(self.sizes[axis]) * self.strides[axis] - self.pads[axis][0]
            at = starts[:, None] + np.arange(self.kernel[axis]) * self.dilations[axis]
            shape = [1] * 2 * rank
            shape[axis], shape[rank + axis] = at.shape
            at = at.reshape(shape)
            index = index * size + at
            outside = outside | (at < 0) | (at >= size)
        return np.where(outside, -1, index).reshape(*self.sizes, prod(self.kernel))


def _listed(site: Site, name: str, rank: int, least: int = 1) -> Shape:
    """An attribute with a number for each axis of space, by default `least` of 1 or 0."""
    values = site.integers(name) or (least,) * rank
    if len(values) != rank or min(values, default=least) < least:
        raise InputError(f"{name} {values}", (f"{rank} numbers of at least {least}",))
    return values


def _auto_pad(site: Site) -> str:
    auto = site.text("auto_pad", "NOTSET")
    if auto not in ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"):
        raise InputError(f"auto_pad {auto}", ("a way of padding",))
    if auto != "NOTSET" and any(site.integers("pads") or ()):
        raise site.unsupported(f"auto_pad {auto} and pads")
    return auto


def _space(site: Site) -> Shape:
    """The axes of space of the first operand: one or two, and three of a pool."""
    shape = site.shape(0)
    if len(shape) not in ((3, 4, 5) if site.call.kind.endswith("Pool") else (3, 4)):
        raise site.unsupported(f"{len(shape) - 2} axes of space")
    return shape[2:]


def _windows(site: Site, kernel: Shape) -> Windows:
    space = _space(site)
    rank = len(space)
    if len(kernel) != rank or min(kernel) < 1:
        raise InputError(f"a kernel of shape {kernel}", (f"{rank} sizes",))
    strides, dilations = _listed(site, "strides", rank), _listed(site, "dilations", rank)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
    auto = _auto_pad(site)
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        sizes = tuple(-(-n // s) for n, s in zip(space, strides, strict=True))
        lacking = [
            (out - 1) * s + span - n
            for out, s, span, n in zip(sizes, strides, spans, space, strict=True)
        ]
        if site.call.kind != "Conv":
            _check_same_pool(site, auto, dilations, lacking)
        missing = [max(total, 0) for total in lacking]
        pads = tuple(_halves(total, auto == "SAME_LOWER") for total in missing)
        site.builder.claim([n + total for n, total in zip(space, missing, strict=True)])
        return Windows(kernel, strides, dilations, pads, sizes)
    flat = _listed(site, "pads", 2 * rank, 0) if auto == "NOTSET" else (0,) * 2 * rank
    pads = tuple(zip(flat[:rank], flat[rank:], strict=True))
    site.builder.claim([n + sum(pad) for n, pad in zip(space, pads, strict=True)])
    sizes = []
    for n, s, span, (before, after) in zip(space, strides, spans, pads, strict=True):
        room, up = n + before + after - span, bool(site.number("ceil_mode", 0))
        out = (room + (s - 1) * up) // s + 1
        if out < 1:
            raise InputError(f"a window of {span} in {n + before + after}", ("a smaller one",))
        if up and (out - 1) * s >= n + before:
            out -= 1
        sizes.append(out)
    return Windows(kernel, strides, dilations, pads, tuple(sizes))


def _check_same_pool(site: Site, auto: str, dilations: Shape, lacking: Sequence[int]) -> None:
    """Refuses windows for which onnxruntime differs from ONNX: it ignores dilations, and cuts off
    what exceeds the input."""
    if max(dilations) > 1:
        raise site.unsupported(f"auto_pad {auto} and dilations")
    if min(lacking) < 0:
        raise site.unsupported(f"auto_pad {auto} and windows that pass over entries at the end")


def _halves(total: int, more_before: bool) -> tuple[int, int]:
    before = (total + more_before) // 2
    return before, total - before


def _kernel(site: Site) -> np.ndarray:
    weight = site.constant(1)
    if weight.ndim != len(site.shape(0)):
        raise InputError(f"a kernel of shape {weight.shape}", (f"{len(site.shape(0))} axes",))
    if tuple(site.integers("kernel_shape") or weight.shape[2:]) != weight.shape[2:]:
        raise InputError(f"kernel_shape {site.integers('kernel_shape')}", (str(weight.shape[2:]),))
    return weight


def _convolved(site: Site, operation: Conv | ConvTranspose, sizes: Sequence[int]) -> Value:
    """A batch of several members is one member with as many times the groups."""
    builder, (batch, channels, *space) = site.builder, site.shape(0)
    node = site.node(0)
    if batch == 1:
        return builder.conv(node, operation, sizes)
    weight = np.concatenate([operation.weight] * batch)
    bias = np.concatenate([operation.bias] * batch)
    builder.claim(weight.shape)
    groups = operation.groups * batch
    if isinstance(operation, Conv):
        many: Conv | ConvTranspose = Conv(
            weight, bias, operation.strides, operation.pads, operation.dilations, groups
        )
    else:
        many = ConvTranspose(
            weight,
            bias,
            operation.strides,
            operation.pads,
            operation.dilations,
            groups,
            operation.output_pads,
        )
    joined = builder.conv(builder.reshape(node, (1, batch * channels, *space)), many, sizes)
    out = builder.nodes[joined].shape[1] // batch
    return builder.reshape(joined, (batch, out, *sizes))


def _conv(site: Site) -> Value:
    weight = _kernel(site)
    windows = _windows(site, weight.shape[2:])
    bias = site.constant(2) if site.has(2) else np.zeros(len(weight))
    groups = _groups(site)
    operation = Conv(weight, bias, windows.strides, windows.pads, windows.dilations, groups)
    return _convolved(site, operation, windows.sizes)


def _groups(site: Site) -> int:
    groups = int(site.number("group", 1))
    if groups < 1:
        raise InputError(f"{groups} groups", ("at least 1",))
    return groups


def _conv_transpose(site: Site) -> Value:
    """The pads follow from `output_shape`, or from `auto_pad`, where these are given."""
    weight, space = _kernel(site), _space(site)
    rank = len(space)
    strides, dilations = _listed(site, "strides", rank), _listed(site, "dilations", rank)
    extra = _listed(site, "output_padding", rank, 0)
    auto = _auto_pad(site)
    whole = [
        s * (n - 1) + e + (k - 1) * d + 1
        for s, n, e, k, d in zip(strides, space, extra, weight.shape[2:], dilations, strict=True)
    ]
    site.builder.claim(whole)
    asked = site.integers("output_shape")
    if asked is None and auto.startswith("SAME"):
        asked = tuple(n * s for n, s in zip(space, strides, strict=True))
    if asked is not None:
        asked = asked[-rank:]
        if len(asked) != rank:
            raise InputError(f"output_shape {asked}", (f"{rank} sizes",))
        cut = [total - size for total, size in zip(whole, asked, strict=True)]
        if min(cut) < 0 and auto.startswith("SAME"):
            raise site.unsupported(f"auto_pad {auto} and a kernel that is shorter than its stride")
        pads = tuple(_halves(max(total, 0), auto != "SAME_UPPER") for total in cut)
        extra = tuple(e + max(-total, 0) for e, total in zip(extra, cut, strict=True))
        sizes = list(asked)
    else:
        flat = _listed(site, "pads", 2 * rank, 0) if auto == "NOTSET" else (0,) * 2 * rank
        pads = tuple(zip(flat[:rank], flat[rank:], strict=True))
        sizes = [total - sum(pad) for total, pad in zip(whole, pads, strict=True)]
    groups = _groups(site)
    bias = site.constant(2) if site.has(2) else np.zeros(weight.shape[1] * groups)
    if min(sizes) < 1:
        raise InputError(f"a result of shape {tuple(sizes)}", ("entries",))
    operation = ConvTranspose(weight, bias, strides, pads, dilations, groups, extra)
    return _convolved(site, operation, sizes)


def _average_pool(site: Site) -> Value:
    """A sum by a convolution in groups; divided by the entries of each window that count."""
    windows = _windows(site, site.integers("kernel_shape") or ())
    site.builder.claim((*windows.sizes, *windows.kernel))
    channels, space = site.shape(0)[1], _space(site)
    padded = tuple(n + a + b for n, (a, b) in zip(space, windows.pads, strict=True))
    if site.number("count_include_pad", 0):
        free = ((0, 0),) * len(space)
        index = Windows(windows.kernel, windows.strides, windows.dilations, free, windows.sizes)
        counts = (index.index(padded) >= 0).sum(axis=-1)
    else:
        counts = (windows.index(space) >= 0).sum(axis=-1)
    if not counts.all():
        raise InputError("a window of a mean without an entry", ("windows with one",))
    ends = tuple(
        max(after, (out - 1) * s + (k - 1) * d + 1 - before - n)
        for (before, after), out, s, k, d, n in zip(
            windows.pads,
            windows.sizes,
            windows.strides,
            windows.kernel,
            windows.dilations,
            space,
            strict=True,
        )
    )
    pads = tuple((before, end) for (before, _), end in zip(windows.pads, ends, strict=True))
    if len(space) > 2:
        return site.builder.affine(_window_sums(site, windows, site.node(0)), 1.0 / counts, 0.0)
    same = len(np.unique(counts)) == 1
    weight = np.full((channels, 1, *windows.kernel), 1.0 / counts.flat[0] if same else 1.0)
    conv = Conv(
        weight, np.zeros(channels), windows.strides, pads, windows.dilations, groups=channels
    )
    node = _convolved(site, conv, windows.sizes)
    return node if same else site.builder.affine(site.builder.node(node), 1.0 / counts, 0.0)


def _window_sums(site: Site, windows: Windows, node: int) -> int:
    """The sum of each window, with zeros outside: (batch, channels, *sizes)."""
    batch, channels = site.shape(0)[:2]
    space, builder = _space(site), site.builder
    builder.claim((batch * channels, *windows.sizes, *windows.kernel))
    index = windows.index(space)
    start = np.arange(batch * channels).reshape(batch, channels, *(1,) * index.ndim) * prod(space)
    entries = builder.pick(node, np.where(index < 0, -1, index + start))
    return builder.sum(entries, (2 + len(space),), False)


def _lp_pool(site: Site) -> Value:
    """The p-norm of each window: the root of the sum of |x|^p."""
    windows, p = _windows(site, site.integers("kernel_shape") or ()), site.number("p", 2)
    if p < 1 or p != int(p):
        raise site.unsupported(f"p = {p}")
    builder, node = site.builder, site.node(0)
    if p == 2:
        powers = product(builder, node, node)
    else:
        size = builder.unary(node, ABS)
        powers = size if p == 1 else builder.unary(size, power(float(p)))
    total = _window_sums(site, windows, powers)
    return total if p == 1 else builder.unary(total, SQRT if p == 2 else power(1.0 / p))


def _max_pool(site: Site) -> Value:
    if len(site.call.outputs) > 1 and site.call.outputs[1]:
        raise site.unsupported("a second result, the places of the largest")
    windows = _windows(site, site.integers("kernel_shape") or ())
    batch, channels = site.shape(0)[:2]
    space = _space(site)
    site.builder.claim((batch * channels, *windows.sizes, *windows.kernel))
    index = windows.index(space)
    start = np.arange(batch * channels).reshape(batch, channels, *(1,) * index.ndim) * prod(space)
    return site.builder.largest(site.node(0), np.where(index < 0, -1, index + start))


def _global_average(site: Site) -> Value:
    shape = site.shape(0)
    total = site.builder.sum(site.node(0), tuple(range(2, len(shape))), True)
    return site.builder.affine(total, 1.0 / prod(shape[2:]), 0.0)


def _global_max(site: Site) -> Value:
    shape = site.shape(0)
    index = np.arange(prod(shape)).reshape(*shape[:2], *(1,) * (len(shape) - 2), -1)
    return site.builder.largest(site.node(0), index)


WINDOWS: Mapping[str, Translator] = MappingProxyType(
    {
        "AveragePool": _average_pool,
        "Conv": _conv,
        "ConvTranspose": _conv_transpose,
        "GlobalAveragePool": _global_average,
        "GlobalMaxPool": _global_max,
        "LpPool": _lp_pool,
        "MaxPool": _max_pool,
    }
)
