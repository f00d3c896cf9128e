"""What exact objects are made of: arrays of whole numbers, checked before anything is proved.

A proof speaks of whole numbers, and what runs is numpy. They are the same where every array is
int64 and every entry so small that no sum that is made of a few of them leaves int64: so an object
takes whole numbers alone, of the shape and between the bounds that it names, and refuses the rest.
"""

from collections.abc import Mapping

import numpy as np

LARGEST = 2**31 - 1
"""The upper limit on the absolute value of whole numbers in an exact object."""


def whole(
    name: str,
    array: np.ndarray,
    shape: tuple[int | None, ...] | None = None,
    *,
    least: int = 0,
    most: int = LARGEST,
) -> np.ndarray:
    """The array as int64.

    Args:
        name: its name in an error.
        shape: None for any, and for any size of one axis.
        least, most: no entry may lie beyond.

    Raises:
        ValueError: it is another shape, holds no whole numbers, or one beyond the bounds.

    >>> whole("a state", np.array([0, 1], np.uint8), (2,), most=1)
    array([0, 1])
    """
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name}: {array.dtype}, no whole numbers")
    if shape is not None and (
        array.ndim != len(shape)
        or any(size not in (None, here) for size, here in zip(shape, array.shape, strict=True))
    ):
        wanted = ", ".join("any" if size is None else str(size) for size in shape)
        raise ValueError(f"{name}: the shape {array.shape}, not ({wanted})")
    if array.size:
        low, high = int(array.min()), int(array.max())
        if low < least or high > most:
            beyond = f"the negative {low}" if low < least == 0 else low if low < least else high
            raise ValueError(f"{name}: {beyond} means nothing (from {least} to {most})")
    return np.ascontiguousarray(array, dtype=np.int64).reshape(array.shape)


def single(name: str, array: np.ndarray) -> int:
    """The one whole number of an array (1,).

    Raises:
        ValueError: there is none, or more than one.
    """
    return int(whole(name, array, (1,), least=-LARGEST)[0])


def only(arrays: Mapping[str, np.ndarray], *names: str) -> tuple[np.ndarray, ...]:
    """The arrays of these names.

    Raises:
        ValueError: one is missing, or there are others.
    """
    if absent := [name for name in names if name not in arrays]:
        raise ValueError(f"no array {', '.join(absent)}")
    if others := sorted(set(arrays) - set(names)):
        raise ValueError(f"the array {', '.join(others)}, which means nothing here")
    return tuple(arrays[name] for name in names)
