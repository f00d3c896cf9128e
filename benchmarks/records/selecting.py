"""What is selected: from a table by --only, from records the latest of each run."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from abduce.benchmarks.records.record import Record
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


def latest(
    records: Iterable[Record], kind: str, statuses: Sequence[str] = ("complete",)
) -> list[Record]:
    """The latest record of each run, among those of a kind with one of the statuses."""
    found: dict[str, Record] = {}
    for record in records:
        known = found.get(record.id)
        if record.kind == kind and record.status in statuses:
            found[record.id] = record if known is None or record.when >= known.when else known
    return list(found.values())


def latest_in_order(
    records: Iterable[Record], kind: str, order: Callable[[Record], tuple[Any, ...]]
) -> list[Record]:
    """The latest complete record of each row, sorted.

    Args:
        order: the key of a record's row, by which the rows are sorted.
    """
    found: dict[tuple[Any, ...], Record] = {}
    for record in records:
        if record.kind == kind and record.status == "complete":
            known = found.get(key := order(record))
            if known is None or record.when >= known.when:
                found[key] = record
    return sorted(found.values(), key=order)
