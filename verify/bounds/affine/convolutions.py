"""Convolutions as matrices: products without the matrix, on the whole image or on a window of it.

A convolution takes an image (channels, height, width) to *places* (filters, height, width). As a
matrix M its rows are the places and its columns the image, both flattened. ``x @ M.T`` and
``a @ M`` are stencils: with a stride the entries of the image fall into phases, each of which reads
other parts of the kernel.

Coefficients of few places are zero but in a window of the image, their receptive field.

Source: Xu et al. 2020, Automatic perturbation analysis (windows of coefficients, there patches).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from abduce.verify.bounds.affine.stencils import (
    Axis,
    Image,
    Phase,
    Stencil,
    entries_of,
    least_window,
    sizes,
    whole,
)
from abduce.verify.networks.network import Conv, ConvTranspose, Shape


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """The matrix of a convolution, or of its transpose.

    Attributes:
        forth: the product from columns to rows, ``x @ M.T``.
        along: the product from rows to columns, ``a @ M``.
    """

    forth: Stencil
    along: Stencil

    @property
    def shape(self) -> tuple[int, int]:
        return prod(self.forth.target), prod(self.forth.source)

    @property
    def entries(self) -> int:
        """The number of nonzero entries, including those that fall on the padding."""
        return min(self.forth.entries, self.along.entries)

    @property
    def T(self) -> "Convolution":
        return Convolution(self.along, self.forth)

    def __abs__(self) -> "Convolution":
        return self._mapped(np.abs)

    def __neg__(self) -> "Convolution":
        return self._mapped(np.negative)

    def astype(self, kind: DTypeLike) -> "Convolution":
        """With weights of another type, for vectors of that type."""
        return self._mapped(lambda weights: weights.astype(kind))

    def _mapped(self, function: Callable[[np.ndarray], np.ndarray]) -> "Convolution":
        return Convolution(self.forth.mapped(function), self.along.mapped(function))

    def back(self, a: np.ndarray) -> np.ndarray:
        """``a @ M`` for (N, rows)."""
        found, window = self.along(a, whole(self.along.source))
        if window == whole(self.along.target):
            return found
        result = np.zeros((len(a), *self.along.target), a.dtype)
        down, across = (slice(*ends) for ends in window)
        shape = (len(a), self.along.target[0], *sizes(window))
        result[:, :, down, across] = found.reshape(shape)
        return result.reshape(len(a), prod(self.along.target))

    def back_on(self, a: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nonzero columns of ``a @ M[index]`` for (N, entries of index), and their indices.

        Args:
            index: rows, in order.
        """
        window = least_window(self.along.source, index)
        inside = entries_of(self.along.source, window)
        if len(inside) != len(index):
            spread = np.zeros((len(a), len(inside)), a.dtype)
            spread[:, np.searchsorted(inside, index)] = a
            a = spread
        found, window = self.along(a, window)
        return found, entries_of(self.along.target, window)


def convolution(conv: Conv | ConvTranspose, shape: Shape, out: Shape) -> Convolution:
    """The matrix of a convolution without its bias, (entries of out, entries of shape).

    Args:
        shape: the shape of its input, (1, channels, *space) with one or two axes of space.
        out: the shape of its output.
    """
    image, places = _image(shape), _image(out)
    transposed = isinstance(conv, ConvTranspose)
    if transposed:
        image, places = places, image
    of, into, *size = conv.weight.shape
    added = [1] * (2 - len(size))  # one axis of space is an image of one row
    kernel = conv.weight.reshape(conv.groups, of // conv.groups, into, *added, *size)
    strides, dilations = ([*added, *both] for both in (conv.strides, conv.dilations))
    before = [*(0 for _ in added), *(start for start, _ in conv.pads)]
    sides = list(zip(kernel.shape[3:], strides, before, dilations, strict=True))
    forth = _stencil(image, places, kernel, [[_forth(*side)] for side in sides])
    along = _stencil(places, image, kernel.swapaxes(1, 2), [_along(*side) for side in sides])
    return Convolution(along, forth) if transposed else Convolution(forth, along)


def _forth(size: int, stride: int, before: int, dilation: int) -> Axis:
    taps = tuple(range(size))
    return Axis(1, 0, stride, taps, tuple(tap * dilation - before for tap in taps))


def _along(size: int, stride: int, before: int, dilation: int) -> list[Axis]:
    """Entry y of the image is read from place (y + before - tap dilation) / stride, if whole."""
    axes = []
    for rest in range(stride):
        at = [(tap, rest + before - tap * dilation) for tap in range(size)]
        read = [(tap, gap // stride) for tap, gap in at if gap % stride == 0]
        if read:
            taps, shifts = zip(*read, strict=True)
            axes.append(Axis(stride, rest, 1, taps, shifts))
    return axes


def _stencil(
    source: Image, target: Image, kernel: np.ndarray, sides: Sequence[Iterable[Axis]]
) -> Stencil:
    """Phases of a kernel (groups, of, into, height, width) for all pairs of axes."""
    phases = []
    for down, across in product(*sides):
        part = kernel[:, :, :, down.taps][..., across.taps]
        weights = np.ascontiguousarray(part.reshape(*part.shape[:2], -1))
        phases.append(Phase(weights, (down, across)))
    return Stencil(source, target, tuple(phases))


def _image(shape: Shape) -> Image:
    _, channels, *space = shape
    height, width = space if len(space) == 2 else (1, *space)
    return channels, height, width
