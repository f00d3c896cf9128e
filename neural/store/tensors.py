"""The safetensors format, written by its library and read by numpy alone: what was kept runs where
torch and safetensors are not installed.

A file has three parts: the length of its header (8 bytes, the lowest first), the header, and the
bytes of all arrays. The header is a JSON object with the type, the shape and the place of each
array. The bytes have no gaps or overlaps.

Source: the format of the safetensors library, https://github.com/huggingface/safetensors.
"""

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from abduce.errors import InputError, MissingExtraError

HEADER_BYTES = 1 << 20
"""The upper limit on the bytes of a header."""
TYPES: Mapping[str, str] = {
    **{f"{kind}{8 * size}": f"<{kind.lower()}{size}" for kind in "IU" for size in (1, 2, 4, 8)},
    **{f"F{8 * size}": f"<f{size}" for size in (2, 4, 8)},
    "BOOL": "|b1",
}
"""The types of entries, by their names in a header."""
EXPECTED = ("the arrays of something trained, as `abduce train` keeps them",)


def packed(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a file with these arrays, and with some texts by name.

    Raises:
        MissingExtraError: safetensors is not installed.
    """
    try:
        from safetensors.numpy import save
    except ModuleNotFoundError as error:
        raise MissingExtraError("keeping what is trained", "safetensors", "neural") from error
    whole = {name: np.asarray(value, order="C") for name, value in arrays.items()}
    return save(whole, dict(metadata) if metadata else None)


def unpacked(content: bytes, path: Path | str | None = None) -> dict[str, np.ndarray]:
    """The arrays of a file, by name; they cannot be written to.

    Raises:
        InputError: it is none, or has arrays of a type that numpy has not.
    """
    try:
        return dict(_arrays(content))
    except (ValueError, RecursionError) as error:
        raise InputError(str(error) or "no JSON", EXPECTED, path) from error


def metadata(content: bytes) -> Mapping[str, Any]:
    """The texts of a file that `unpacked` has read.

    >>> metadata(packed({}, {"step": "7"}))
    {'step': '7'}
    """
    return _header(content)[0].get("__metadata__", {})


def _header(content: bytes) -> tuple[dict[str, Any], int]:
    """The header, and where it ends."""
    size = int.from_bytes(content[:8], "little")
    if len(content) < 8 or size > min(len(content) - 8, HEADER_BYTES):
        raise ValueError(f"a file of {len(content):,} bytes without the header it speaks of")
    header = json.loads(content[8 : 8 + size].decode(), object_pairs_hook=_once)
    if not isinstance(header, dict):
        raise ValueError("a header that is no JSON object")
    return header, 8 + size


def _arrays(content: bytes) -> dict[str, np.ndarray]:
    header, start = _header(content)
    header.pop("__metadata__", None)
    body = memoryview(content)[start:]
    found: dict[str, np.ndarray] = {}
    end = 0
    for name, told in sorted(header.items(), key=lambda item: _offsets(*item)):
        begin, after = _offsets(name, told)
        if begin != end or after > len(body):
            raise ValueError(f"the bytes {begin} to {after} of {name!r} where {end} is next")
        found[name], end = _array(name, told, body[begin:after]), after
    if end != len(body):
        raise ValueError(f"{len(body) - end:,} bytes that are of no array")
    return found


def _array(name: str, told: Mapping[str, Any], content: memoryview) -> np.ndarray:
    if told.get("dtype") not in TYPES:
        raise ValueError(f"the type {told.get('dtype')!r} of {name!r}")
    kind, shape = np.dtype(TYPES[told["dtype"]]), told.get("shape")
    if not (isinstance(shape, list) and all(_is_count(size) for size in shape)):
        raise ValueError(f"the shape {shape!r} of {name!r}")
    if prod(shape) * kind.itemsize != len(content):
        raise ValueError(f"{len(content):,} bytes for {name!r} of the shape {shape}")
    return np.frombuffer(content, kind).reshape(shape)


def _offsets(name: str, told: Any) -> tuple[int, int]:
    offsets = told.get("data_offsets") if isinstance(told, dict) else None
    if not (isinstance(offsets, list) and len(offsets) == 2 and all(map(_is_count, offsets))):
        raise ValueError(f"{name!r} without the place of its bytes")
    return offsets[0], offsets[1]


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 62


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found
