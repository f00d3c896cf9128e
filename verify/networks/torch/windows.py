"""ATen operations with windows, and the normalizations."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from abduce.verify.networks.torch.site import Site, Term, Translator


def _both(sizes: Sequence[int], rank: int) -> tuple[int, ...]:
    """One number for each axis of space; torch lets one stand for all."""
    return tuple(sizes) * (rank if len(sizes) == 1 else 1)


def _convolution(
    site: Site,
    x: Term,
    weight: Term,
    bias: Term | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> Term:
    rank = len(site.shape(x)) - 2
    attributes = {
        "strides": _both(stride, rank),
        "pads": _both(padding, rank) * 2,
        "dilations": _both(dilation, rank),
        "group": groups,
    }
    if not transposed:
        return site.onnx("Conv", x, weight, bias, **attributes)
    extra = _both(output_padding, rank)
    return site.onnx("ConvTranspose", x, weight, bias, output_padding=extra, **attributes)


def _batched(site: Site, x: Term, pool: Callable[[Term], Term]) -> Term:
    """Pooling over two axes of space, where the axis of the batch may be missing."""
    shape = site.shape(x)
    if len(shape) == 4:
        return pool(x)
    pooled = pool(site.reshape(x, (1, *shape)))
    return site.reshape(pooled, site.shape(pooled)[1:])


def _max_pool(
    site: Site,
    x: Term,
    kernel: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> tuple[Term, ...]:
    kernel = _both(kernel, 2)
    attributes = {
        "kernel_shape": kernel,
        "strides": _both(stride or kernel, 2),
        "pads": _both(padding, 2) * 2,
        "dilations": _both(dilation, 2),
        "ceil_mode": int(ceil_mode),
    }
    return (_batched(site, x, lambda whole: site.onnx("MaxPool", whole, **attributes)),)


def _average_pool(
    site: Site,
    x: Term,
    kernel: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Term:
    if divisor_override is not None:
        raise site.unsupported(f"divisor_override {divisor_override}")
    kernel = _both(kernel, 2)
    attributes = {
        "kernel_shape": kernel,
        "strides": _both(stride or kernel, 2),
        "pads": _both(padding, 2) * 2,
        "ceil_mode": int(ceil_mode),
        "count_include_pad": int(count_include_pad),
    }
    return _batched(site, x, lambda whole: site.onnx("AveragePool", whole, **attributes))


def _regular(site: Site, x: Term, sizes: Sequence[int]) -> tuple[int, ...]:
    """The window that gives these sizes, where one does."""
    space = site.shape(x)[-2:]
    if any(n % size for n, size in zip(space, sizes, strict=True)):
        raise site.unsupported(f"windows of several sizes ({space} to {tuple(sizes)})")
    return tuple(n // size for n, size in zip(space, sizes, strict=True))


def _adaptive_average(site: Site, x: Term, sizes: Sequence[int]) -> Term:
    return _average_pool(site, x, _regular(site, x, sizes))


def _adaptive_max(site: Site, x: Term, sizes: Sequence[int]) -> tuple[Term, ...]:
    return _max_pool(site, x, _regular(site, x, sizes))


def _scaled(site: Site, x: Term, weight: Term | None, bias: Term | None) -> Term:
    scaled = x if weight is None else site.onnx("Mul", x, weight)
    return scaled if bias is None else site.onnx("Add", scaled, bias)


def _normalized(site: Site, x: Term, axes: Sequence[int], epsilon: float) -> Term:
    """``(x - mean) / sqrt(variance + epsilon)`` over some axes."""
    site.builder.unbounded.append(f"node {site.label}: a runtime may compute its sums differently")
    distance = site.onnx("Sub", x, site.onnx("ReduceMean", x, axes=tuple(axes), keepdims=1))
    squares = site.onnx("Mul", distance, distance)
    variance = site.onnx("ReduceMean", squares, axes=tuple(axes), keepdims=1)
    return site.onnx("Div", distance, site.onnx("Sqrt", site.onnx("Add", variance, epsilon)))


def _layer_norm(
    site: Site,
    x: Term,
    shape: Sequence[int],
    weight: Term | None,
    bias: Term | None,
    epsilon: float,
) -> tuple[Term, ...]:
    normal = _normalized(site, x, range(-len(shape), 0), epsilon)
    return (_scaled(site, normal, weight, bias),)


def _group_norm(
    site: Site,
    x: Term,
    weight: Term | None,
    bias: Term | None,
    batch: int,
    channels: int,
    space: int,
    groups: int,
    epsilon: float,
) -> tuple[Term, ...]:
    shape = site.shape(x)
    normal = _normalized(site, site.reshape(x, (batch, groups, -1)), (2,), epsilon)
    return (_by_channel(site, site.reshape(normal, shape), weight, bias),)


def _by_channel(site: Site, x: Term, weight: Term | None, bias: Term | None) -> Term:
    """A factor and a summand for each entry of the second axis."""
    channels = (-1,) + (1,) * (len(site.shape(x)) - 2)
    columns = [None if term is None else site.reshape(term, channels) for term in (weight, bias)]
    return _scaled(site, x, *columns)


def _batch_norm(
    site: Site,
    x: Term,
    weight: Term | None,
    bias: Term | None,
    mean: Term,
    variance: Term,
    momentum: float,
    epsilon: float,
) -> tuple[Term, ...]:
    """Batch norm with the statistics of training."""
    channels = site.shape(x)[1]
    scale = np.ones(channels) if weight is None else weight
    shift = np.zeros(channels) if bias is None else bias
    attributes = {"epsilon": epsilon}
    return (site.onnx("BatchNormalization", x, scale, shift, mean, variance, **attributes),)


def _own_norm(
    site: Site,
    x: Term,
    weight: Term | None,
    bias: Term | None,
    training: bool,
    momentum: float,
    epsilon: float,
) -> tuple[Term, ...]:
    """Normalisation with the statistics of the input itself, for each channel."""
    if not training:
        raise site.unsupported("no statistics")
    axes = [axis for axis in range(len(site.shape(x))) if axis != 1]
    return (_by_channel(site, _normalized(site, x, axes, epsilon), weight, bias),)


WINDOWS: Mapping[str, Translator] = MappingProxyType(
    {
        "_adaptive_avg_pool2d": _adaptive_average,
        "_native_batch_norm_legit": _own_norm,
        "_native_batch_norm_legit_no_training": _batch_norm,
        "adaptive_max_pool2d": _adaptive_max,
        "avg_pool2d": _average_pool,
        "convolution": _convolution,
        "max_pool2d_with_indices": _max_pool,
        "native_group_norm": _group_norm,
        "native_layer_norm": _layer_norm,
    }
)
