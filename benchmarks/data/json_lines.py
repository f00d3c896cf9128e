"""Rows of a person's own examples: a JSON object a line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from abduce.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLine:
    """A line that holds an object.

    Attributes:
        form: an example of what a line should be, for errors.
    """

    number: int
    text: str
    row: Mapping[str, Any]
    path: str
    form: str

    def refused(self, found: str) -> InputError:
        """The error of something found in this line."""
        return InputError(found, (self.form,), self.path, self.number, text=self.text)


def json_lines(text: str, path: str, texts: Sequence[str], form: str) -> Iterator[JsonLine]:
    """The lines of a text that are not blank.

    Args:
        texts: the fields that every line has, with text in them.
        form: an example of what a line should be, for errors.

    Raises:
        InputError: a line is no JSON object, or lacks a text; says where.

    >>> [line.row["a"] for line in json_lines('{"a": "x"}', "f.jsonl", ("a",), '{"a": "..."}')]
    ['x']
    """
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        made = JsonLine(number=number, text=line, row={}, path=path, form=form)
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise made.refused("no JSON") from None
        if not isinstance(row, dict):
            raise made.refused(f"a JSON {type(row).__name__}")
        for field in texts:
            if not isinstance(row.get(field), str) or not row[field].strip():
                raise made.refused(f"no text in the field {field!r}")
        yield JsonLine(number=number, text=line, row=row, path=path, form=form)
