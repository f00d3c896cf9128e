"""Data sets that are derived anew by program, every member checked as if it had been downloaded."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from abduce.benchmarks.data.hint_making import Tell, hint_members
from abduce.benchmarks.data.members import checked
from abduce.benchmarks.data.table import checksums, data_set
from abduce.errors import DataError
from abduce.files import write_whole

Maker = Callable[[Tell], Iterator[tuple[str, bytes]]]
"""Makes the members of a data set, name and bytes; its argument is called with messages about the
progress."""

MAKERS: Mapping[str, Maker] = MappingProxyType({"hint": hint_members})


def make(
    name: str, into: Path, tell: Tell, makers: Mapping[str, Maker] = MAKERS
) -> tuple[str, ...]:
    """Derives all members of a data set into a folder, as plain files; returns their names.

    Raises:
        DataError: no such data set, or one that is not derived by program.
        ChecksumError: some bytes are not what they should be; nothing of that member is kept.
    """
    data_set(name)
    if name not in makers:
        raise DataError(
            f"the data set {name!r}",
            (),
            f"These are: {', '.join(makers)}. Download it: abduce data fetch {name}.",
            "is not derived by program",
        )
    made: list[str] = []
    for member, content in makers[name](tell):
        checked(content, checksums(name)[member], f"{name}: {member}, derived anew,")
        write_whole(into / member, content)
        made.append(member)
    return tuple(made)
