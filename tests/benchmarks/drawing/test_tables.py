"""One table: a terminal, Markdown and a page say the same of it."""

import re
from collections.abc import Sequence
from html import unescape
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from abduce.benchmarks.drawing.tables import (
    NEVER,
    Column,
    aligned,
    html,
    markdown,
    show_table,
    table_of,
)
from abduce.console import Console

Row = tuple[str, str, str]
COLUMNS: Sequence[Column[Row]] = (
    Column("name", lambda row: row[0]),
    Column("n", lambda row: row[1], right=True, mood=lambda row: "bad" if row[1] else ""),
    Column("note", lambda row: row[2], code=True, optional=True),
)
TEXTS = st.text("ab|<&\n\x1b\u202e é", max_size=9)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5)


@given(ROWS)
def test_markdown_has_a_line_a_row_all_of_one_length(rows: list[Row]) -> None:
    table = table_of(COLUMNS, rows)
    told = markdown(table).split("\n")
    assert len(told) == len(rows) + 2
    assert len(set(map(len, told))) == 1
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in told]
    assert {len(line) for line in cells} == {len(table.columns)}


@given(ROWS)
def test_a_page_holds_every_cell_and_no_markup_of_theirs(rows: list[Row]) -> None:
    table = table_of(COLUMNS, rows)
    found = re.findall(r"<td[^>]*>(?:<code>)?(.*?)(?:</code>)?</td>", html(table), re.DOTALL)
    assert [unescape(text) for text in found] == [cell.text for row in table.rows for cell in row]


@given(ROWS)
def test_an_optional_column_is_there_where_it_says_something(rows: list[Row]) -> None:
    headings = [column.heading for column in table_of(COLUMNS, rows).columns]
    assert headings == ["name", "n", *(["note"] if any(row[2] for row in rows) else [])]


@given(ROWS)
def test_nothing_in_a_cell_steers_a_terminal_or_begins_a_line(rows: list[Row]) -> None:
    table = table_of(COLUMNS, rows)
    told = aligned(rows)
    assert len(told) == len(rows)
    assert not any("\n" in line for line in told)
    out = StringIO()
    show_table(table, Console(file=out, width=80))
    assert not re.search("[\x1b\u202e]", "".join(told) + out.getvalue() + markdown(table))


def test_a_narrow_terminal_is_spared_what_it_has_no_room_for() -> None:
    columns: Sequence[Column[Row]] = (
        Column("always", lambda row: row[0]),
        Column("wide", lambda row: row[1], width=50),
        Column("never", lambda row: row[2], width=NEVER),
    )
    table = table_of(columns, [("a", "b", "c")], "the legend")
    for width, shown in ((49, ["always"]), (50, ["always", "wide"])):
        out = StringIO()
        show_table(table, Console(file=out, width=width))
        heading, cells, legend = out.getvalue().splitlines()
        assert heading.split() == shown
        assert len(cells.split()) == len(shown)
        assert legend == "the legend"
    assert "never" in markdown(table)
