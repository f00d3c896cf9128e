"""Rows and images that many tests of perception need are read once."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from abduce.benchmarks.perception import composing


@pytest.fixture(autouse=True, scope="package")
def read_once() -> Iterator[None]:
    """What lies in folders that are named is kept; nobody writes into it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("hint_rows", "read_handwritten"):
            patch.setattr(composing, name, kept(getattr(composing, name)))
        yield


def kept(read: Callable[..., Any]) -> Callable[..., Any]:
    """A reader whose last argument is folders to look in, or None."""
    found = cache(lambda *arguments: read(*arguments[:-1], [*arguments[-1]]))

    def reading(*arguments: Any) -> Any:
        folders: Sequence[Path] | None = arguments[-1]
        return read(*arguments) if folders is None else found(*arguments[:-1], tuple(folders))

    return reading
