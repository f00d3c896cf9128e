"""Linear maps between images as products of matrices, defined by the source entries that each
target entry reads.

The source entries are unfolded, in blocks that fit into the cache. Vectors lie along the last axis,
so that long runs are copied. Vectors that are zero outside a window of the source give vectors that
are zero outside a window of the target, and only that window is computed.

Source: Chellapilla et al. 2006, High performance convolutional neural networks (unfolding).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np

BLOCK = 2**15
"""The approximate number of unfolded entries held in memory at once."""
ABREAST = 16
"""The upper limit on the vectors in one product of matrices."""

Image = tuple[int, int, int]
"""(channels, height, width)."""
Span = tuple[int, int]
"""(the first index, the last index plus one)."""
Window = tuple[Span, Span]
"""The rows and the columns of a part of an image."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Along one axis, entry ``step m + rest`` of the target reads ``stride m + shift``s.

    Attributes:
        taps: the entries of the kernel that they are multiplied with.
        shifts: the shift of each tap, at equal distances.
    """

    step: int
    rest: int
    stride: int
    taps: tuple[int, ...]
    shifts: tuple[int, ...]

    def readers(self, source: Span, size: int) -> Span:
        """The m of a target of this size that read some of a span; there may be none."""
        start = -((max(self.shifts) - source[0]) // self.stride)
        stop = (source[1] - 1 - min(self.shifts)) // self.stride + 1
        return max(start, 0), min(stop, -((self.rest - size) // self.step))

    def within(self, target: Span) -> Span:
        """The m that lie in a span of the target."""
        start, stop = (-((self.rest - end) // self.step) for end in target)
        return start, stop

    def reads(self, m: Span) -> Span:
        """The span of the source that a span of m reads, with padding around it."""
        first, last = self.stride * m[0], self.stride * (m[1] - 1)
        return first + min(self.shifts), last + max(self.shifts) + 1


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """Entries of the target that read the source in the same pattern.

    Attributes:
        weights: (groups, channels of the target in a group, those of the source times taps).
    """

    weights: np.ndarray
    axes: tuple[Axis, Axis]


@dataclass(frozen=True, slots=True, eq=False)
class Stencil:
    """A linear map between images by what each entry of the target reads."""

    source: Image
    target: Image
    phases: tuple[Phase, ...]

    @property
    def terms(self) -> int:
        """The upper limit on the source entries that one entry reads."""
        return max((phase.weights.shape[2] for phase in self.phases), default=0)

    @property
    def entries(self) -> int:
        """Multiplications of one application, with those on the padding."""
        ends = self.target[1:]
        return sum(
            phase.weights.size
            * prod(a.within((0, n))[1] for a, n in zip(phase.axes, ends, strict=True))
            for phase in self.phases
        )

    def mapped(self, function: Callable[[np.ndarray], np.ndarray]) -> "Stencil":
        """The stencil with a function applied to its weights."""
        phases = [replace(phase, weights=function(phase.weights)) for phase in self.phases]
        return replace(self, phases=tuple(phases))

    def seen_by(self, window: Window) -> Window:
        """The least window of the target that has all entries which read a window of the source."""
        sides = []
        for i, size in enumerate(self.target[1:]):
            axes = [phase.axes[i] for phase in self.phases]
            found = [(axis, axis.readers(window[i], size)) for axis in axes]
            found = [(axis, m) for axis, m in found if m[0] < m[1]]
            start = min((axis.step * m[0] + axis.rest for axis, m in found), default=0)
            stop = max((axis.step * (m[1] - 1) + axis.rest + 1 for axis, m in found), default=0)
            sides.append((start, stop))
        return sides[0], sides[1]

    def __call__(self, x: np.ndarray, window: Window) -> tuple[np.ndarray, Window]:
        """Map vectors on a window of the source, (N, entries), to a window of the target."""
        seen = self.seen_by(window)
        high, wide = sizes(seen)
        channels = self.target[0]
        kind = x.dtype
        result = np.zeros((len(x), channels * high * wide), kind)
        if not result.size:
            return result, seen
        frame = self._frame(seen)
        common = _meet(frame, window)
        inner, outer = _from(common, window), _from(common, frame)
        for some in _parts(len(x), ABREAST):
            n = some.stop - some.start
            vectors = x[some].T.reshape(self.source[0], *sizes(window), n)
            padded = np.zeros((self.source[0], *sizes(frame), n), kind)
            padded[:, *outer] = vectors[:, *inner]
            total = np.zeros((channels, high, wide, n), kind)
            for phase in self.phases:
                self._read(phase, padded, frame, seen, total)
            result[some] = total.reshape(-1, n).T
        return result, seen

    def _read(
        self, phase: Phase, padded: np.ndarray, frame: Window, seen: Window, total: np.ndarray
    ) -> None:
        """Fills in one phase: from (channels, *frame, n) to (channels, *seen, n)."""
        groups, of, terms = phase.weights.shape
        down, across = phase.axes
        (first, last), (left, right) = (a.within(s) for a, s in zip(phase.axes, seen, strict=True))
        wide, n = right - left, padded.shape[-1]
        if last <= first or wide <= 0 or not terms:
            return
        place = _places(across, left, right, seen[1])
        size = groups * terms * wide * n
        source = padded.reshape(groups, -1, *padded.shape[1:])
        unfolded = _unfolded(source, phase.axes, ((first, last), (left, right)), frame)
        for lines in _parts(last - first, max(1, BLOCK // size)):
            read = unfolded[:, :, :, :, lines].reshape(groups, terms, -1)
            here = _places(down, first + lines.start, first + lines.stop, seen[0])
            found = phase.weights @ read
            total[:, here, place] = found.reshape(groups * of, -1, wide, n)

    def _frame(self, seen: Window) -> Window:
        """The window of the source, with padding around it, that a window of the target reads."""
        sides = []
        for i in (0, 1):
            axes = [phase.axes[i] for phase in self.phases]
            found = [axis.reads(m) for axis in axes for m in [axis.within(seen[i])] if m[0] < m[1]]
            sides.append((min(a for a, _ in found), max(b for _, b in found)))
        return sides[0], sides[1]


def least_window(image: Image, index: np.ndarray) -> Window:
    """The least window that holds some entries of a flattened image."""
    _, height, width = image
    down, across = index // width % height, index % width
    return (int(down.min()), int(down.max()) + 1), (int(across.min()), int(across.max()) + 1)


def entries_of(image: Image, window: Window) -> np.ndarray:
    """The entries of a flattened image that lie in a window, of all channels, in order."""
    channels, height, width = image
    down, across = (np.arange(*ends) for ends in window)
    area = down[:, None] * width + across
    return (np.arange(channels)[:, None] * (height * width) + area.ravel()).ravel()


def whole(image: Image) -> Window:
    return (0, image[1]), (0, image[2])


def sizes(window: Window) -> tuple[int, int]:
    (top, bottom), (left, right) = window
    return bottom - top, right - left


def _meet(a: Window, b: Window) -> Window:
    """The window common to both, which have one."""
    low = [max(x, y) for (x, _), (y, _) in zip(a, b, strict=True)]
    high = [min(x, y) for (_, x), (_, y) in zip(a, b, strict=True)]
    return (low[0], high[0]), (low[1], high[1])


def _from(inner: Window, outer: Window) -> tuple[slice, ...]:
    """A window counted from the start of another one around it."""
    return tuple(
        slice(start - origin, stop - origin)
        for (start, stop), (origin, _) in zip(inner, outer, strict=True)
    )


def _unfolded(source: np.ndarray, axes: tuple[Axis, Axis], m: Window, frame: Window) -> np.ndarray:
    """The source entries that all m of a window read, for all taps: a view (groups, channels,
    *taps, *m, n).

    Args:
        source: (groups, channels, *frame, n).
    """
    starts, taps, moves, sizes_, steps = [], [], [], [], []
    for axis, (first, last), (origin, _), stride in zip(
        axes, m, frame, source.strides[2:4], strict=True
    ):
        starts.append(axis.stride * first + axis.shifts[0] - origin)
        taps.append(len(axis.shifts))
        moves.append((axis.shifts[-1] - axis.shifts[0]) // max(1, taps[-1] - 1) * stride)
        sizes_.append(last - first)
        steps.append(axis.stride * stride)
    corner = source[:, :, starts[0] :, starts[1] :]
    strides = (*source.strides[:2], *moves, *steps, source.strides[4])
    shape = (*source.shape[:2], *taps, *sizes_, source.shape[4])
    return np.lib.stride_tricks.as_strided(corner, shape, strides, writeable=False)


def _places(axis: Axis, start: int, stop: int, seen: Span) -> slice:
    """Where m = start, ..., stop - 1 are, counted from the start of a window."""
    first = axis.step * start + axis.rest - seen[0]
    return slice(first, first + axis.step * (stop - start - 1) + 1, axis.step)


def _parts(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
