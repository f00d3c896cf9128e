"""The section of a report: everything that a report asks of one kind of record."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from abduce.benchmarks.drawing.tables import Table
from abduce.benchmarks.records.record import Record

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Generic[Found]):
    """How one kind of record is reported, or several kinds in one section.

    Args:
        kinds: the kinds of the records, as in `benchmarks.records.schema`; mostly one.
        name: what `--json` calls what was found.
        title: the title of this part of the page.
        gather: what is found in records, of which those of other kinds are none of it.
        records: that are reported, of what was found.
        tables: the tables for a terminal and as Markdown.
        parts: the parts of the page, as HTML, if something was found; none where a page has no
            part.
        summary: the same as plain data.
    """

    kinds: tuple[str, ...]
    name: str
    title: str
    gather: Callable[[Sequence[Record]], Found]
    records: Callable[[Found], Sequence[Record]]
    tables: Callable[[Found], Sequence[Table]]
    parts: Callable[[Found], Sequence[str]]
    summary: Callable[[Found], object]

    def of(self, records: Sequence[Record]) -> "Reported":
        """The contents of the report on this kind of record."""
        return Reported(self, self.gather(records))


@dataclass(frozen=True, slots=True)
class Reported:
    """A section and what was found for it; false where nothing was."""

    section: Section[Any]
    found: Any

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def records(self) -> Sequence[Record]:
        return self.section.records(self.found)

    @property
    def tables(self) -> Sequence[Table]:
        return self.section.tables(self.found)

    @property
    def parts(self) -> Sequence[str]:
        return self.section.parts(self.found)

    @property
    def summary(self) -> object:
        return self.section.summary(self.found)


def of_rows(rows: Iterable[Any]) -> list[Record]:
    """The records of rows that have some each."""
    return [record for row in rows for record in row.records]
