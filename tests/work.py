"""Work counted in function calls, or in lines of Python that run: no clock is looked at."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")


def calls(function: Callable[[], Result]) -> tuple[Result, int]:
    """What a function returns, and how many calls it made, to Python and to C.

    >>> calls(lambda: [len(word) for word in ("a", "b")])[1] >= 2
    True
    """
    count = 0

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        found = function()
    finally:
        sys.setprofile(before)
    return found, count


def lines(function: Callable[[], Result]) -> tuple[Result, int]:
    """What a function returns, and how many lines of Python ran for it.

    >>> lines(lambda: [word for word in "ab"])[1] >= 1
    True
    """
    count = 0

    def counted(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return counted

    before = sys.gettrace()
    sys.settrace(counted)
    try:
        found = function()
    finally:
        sys.settrace(before)
    return found, count
