"""Nothing that a file says steers the terminal: it is written out, by one mechanism."""

import io
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from abduce import cli, terminal
from abduce.console import Console
from abduce.errors import InputError
from abduce.printing import printable, printable_json, write_line

HOSTILE = "\x1b]0;pwn\x07\x1b[31mRED\x9b2J\x7f\u202eabc\ud800\r"
TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def steers(character: str) -> bool:
    """By Unicode's own classes, not by the table that is tested."""
    if character in "\n\t":
        return False
    if unicodedata.category(character) in ("Cc", "Cs"):
        return True
    return unicodedata.bidirectional(character) in TURNS


@given(ANY_TEXT)
def test_nothing_that_steers_is_left_and_nothing_else_is_touched(text: str) -> None:
    shown = printable(text)
    assert not any(map(steers, shown))
    assert printable(shown) == shown
    if not any(map(steers, text)):
        assert shown == text


def test_every_steering_character_of_unicode_is_written_out() -> None:
    every = [chr(code) for code in range(0x110000)]
    assert [c for c in every if printable(c) != c] == [c for c in every if steers(c)]


@given(st.recursive(ANY_TEXT, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner)))
def test_json_says_the_same_value_without_steering(value: object) -> None:
    text = printable_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert not any(map(steers, text))


@pytest.mark.parametrize("coding", ["utf-8", "ascii", "latin-1"])
@given(ANY_TEXT)
def test_a_line_can_be_written_to_every_stream(coding: str, text: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), coding, newline="")
    write_line(stream, text)
    stream.seek(0)
    assert not any(map(steers, stream.read()))


def test_a_stream_that_is_closed_is_no_error() -> None:
    write_line(None, "nobody reads this")


@pytest.mark.parametrize("coding", ["utf-8", "ascii"])
def test_json_on_a_stream_of_any_coding_is_the_value(
    coding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), coding)
    monkeypatch.setattr("sys.stdout", stream)
    value = {"é\u202e": [HOSTILE, "漢字", 1]}
    terminal.print_json(value)
    stream.seek(0)
    text = stream.read()
    assert json.loads(text) == value
    assert not any(map(steers, text))


@given(ANY_TEXT)
def test_rich_draws_no_text_that_steers(text: str) -> None:
    table = Table(title=text)
    table.add_column(text)
    table.add_row(text)
    for drawn in (text, Text(text, "red"), table, Panel(text)):
        out = io.StringIO()
        Console(file=out, width=60).print(drawn)
        assert not any(map(steers, out.getvalue()))


def test_rich_keeps_its_own_colours_and_takes_no_markup_from_text() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="standard")
    console.print(Text("mine", "red"))
    console.print("[bold]not mine[/] :smile:", HOSTILE)
    mine, theirs = out.getvalue().splitlines()[:2]
    assert mine == "\x1b[31mmine\x1b[0m"
    assert theirs.startswith("[bold]not mine[/] :smile: \\x1b]0;pwn\\x07")
    assert not any(map(steers, theirs))


def test_a_caret_stands_under_its_place_after_what_was_written_out() -> None:
    error = InputError("'?'", line=1, column=4, text="a\x1bb?c")
    shown, caret = printable(str(error)).splitlines()[1:]
    assert shown == "    a\\x1bb?c"
    assert shown[caret.index("^")] == "?"


@pytest.mark.parametrize(
    "command", ["answer", "solve --train", "execute sort --level L0 --input", "report"]
)
def test_the_name_of_a_file_does_not_steer(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "no\x1b[31m\u202efile"
    more = ["x"] if command == "answer" else []
    assert cli.run([*command.split(), name, *more]) == 2
    out, err = capsys.readouterr()
    assert not any(map(steers, out + err))
    assert "no\\x1b[31m\\u202efile" in err


@pytest.mark.parametrize("command", ["verify a b", "vnncomp", "solve", "answer", "report"])
def test_an_option_that_is_none_does_not_steer(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*command.split(), "--no\x1b[31moption"]) == 2
    out, err = capsys.readouterr()
    assert not any(map(steers, out + err))
