"""Convolution of arrays as a product of matrices; also of arrays of integers or fractions."""

from collections.abc import Sequence

import numpy as np


def convolution(
    x: np.ndarray,
    weight: np.ndarray,
    strides: Sequence[int],
    pads: Sequence[tuple[int, int]],
    dilations: Sequence[int],
    groups: int,
) -> np.ndarray:
    """Cross-correlation without bias: (P, channels, *space) to (P, out channels, *space).

    Args:
        weight: (out channels, channels // groups, *kernel).
    """
    rank = weight.ndim - 2
    points, channels = x.shape[:2]
    out, into, *kernel = weight.shape
    padded = _padded(x, pads)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
    space = tuple(range(2, 2 + rank))
    windows = np.lib.stride_tricks.sliding_window_view(padded, spans, axis=space)
    windows = windows[
        :,
        :,
        *(slice(None, None, stride) for stride in strides),
        *(slice(None, None, dilation) for dilation in dilations),
    ]
    sizes = windows.shape[2 : 2 + rank]
    parts = windows.reshape(points, groups, channels // groups, *windows.shape[2:])
    order = (1, 0, *range(3, 3 + rank), 2, *range(3 + rank, 3 + 2 * rank))
    entries = into * int(np.prod(kernel))
    rows = parts.transpose(order).reshape(groups, -1, entries)
    columns = weight.reshape(groups, out // groups, entries).transpose(0, 2, 1)
    product = (rows @ columns).reshape(groups, points, *sizes, out // groups)
    result = product.transpose(1, 0, 2 + rank, *range(2, 2 + rank))
    return result.reshape(points, out, *sizes)


def transposed_convolution(
    x: np.ndarray,
    weight: np.ndarray,
    strides: Sequence[int],
    pads: Sequence[tuple[int, int]],
    dilations: Sequence[int],
    groups: int,
    output_pads: Sequence[int],
) -> np.ndarray:
    """The transpose of a convolution without bias: (P, channels, *space) likewise.

    Args:
        weight: (channels, out channels // groups, *kernel).
    """
    points, channels, *space = x.shape
    rank = len(space)
    into, out, *kernel = weight.shape
    columns = x.reshape(points, groups, channels // groups, -1).transpose(1, 0, 3, 2)
    matrix = weight.reshape(groups, into // groups, -1)
    products = (columns.reshape(groups, -1, channels // groups) @ matrix).reshape(
        groups, points, *space, out, *kernel
    )
    order = (1, 0, 2 + rank, *range(2, 2 + rank), *range(3 + rank, 3 + 2 * rank))
    products = products.transpose(order).reshape(points, groups * out, *space, *kernel)
    whole = [
        stride * (size - 1) + (k - 1) * dilation + 1 + extra
        for stride, size, k, dilation, extra in zip(
            strides, space, kernel, dilations, output_pads, strict=True
        )
    ]
    result = np.zeros((points, groups * out, *whole), products.dtype)
    for offset in np.ndindex(*kernel):
        place = tuple(
            slice(at * dilation, at * dilation + stride * (size - 1) + 1, stride)
            for at, dilation, stride, size in zip(offset, dilations, strides, space, strict=True)
        )
        result[:, :, *place] += products[(..., *offset)]
    cuts = (slice(before, size - after) for (before, after), size in zip(pads, whole, strict=True))
    return result[:, :, *cuts]


def _padded(x: np.ndarray, pads: Sequence[tuple[int, int]]) -> np.ndarray:
    if not any(before or after for before, after in pads):
        return x
    sizes = [n + a + b for n, (a, b) in zip(x.shape[2:], pads, strict=True)]
    result = np.zeros((*x.shape[:2], *sizes), x.dtype)
    inside = (slice(a, a + n) for n, (a, _) in zip(x.shape[2:], pads, strict=True))
    result[:, :, *inside] = x
    return result
