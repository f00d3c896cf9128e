"""What --only chooses of a table."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from abduce.errors import InputError

T = TypeVar("T")


def matching(
    items: Iterable[T], only: str | None, name: Callable[[T], str], *, what: str, form: str
) -> list[T]:
    """The items whose name matches; all items if no expression is given.

    Args:
        what: an item is called.
        form: the parts of an item's name, in capitals.

    Raises:
        InputError: no regular expression, or nothing is left.
    """
    try:
        wanted = re.compile(only or "")
    except re.error as error:
        raise InputError(f"--only {only!r} ({error})", ("a regular expression",)) from error
    found = [item for item in items if wanted.search(name(item))]
    if not found:
        expected = (f"a part of {form} of some {what} (--list shows them)",)
        raise InputError(f"no {what} with {only!r}", expected)
    return found
