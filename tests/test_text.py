"""Text from bytes, lines and what nobody sees in them: one rule for all readers."""

import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce import text as texts
from abduce.errors import InputError

MARK = b"\xef\xbb\xbf"
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@given(st.text().filter(lambda text: not text.startswith("\ufeff")), st.booleans())
def test_utf8_is_read_with_and_without_a_mark(text: str, marked: bool) -> None:
    assert texts.decoded(MARK * marked + text.encode()) == text


@given(st.text(alphabet="aé€\n", max_size=12), st.binary(max_size=4))
def test_bytes_that_are_no_utf8_are_refused_at_the_first_of_them(good: str, rest: bytes) -> None:
    content = good.encode() + b"\xff" + rest
    with pytest.raises(InputError) as caught:
        texts.decoded(content, "x.txt")
    above, _, left = good.rpartition("\n")
    assert caught.value.line == (above.count("\n") + 2 if "\n" in good else 1)
    assert caught.value.column == len(left) + 1
    assert "the byte 0xff" in str(caught.value)


@pytest.mark.parametrize("form", ["utf-16", "utf-16-be"])
def test_utf16_is_called_so(form: str) -> None:
    content = ("\ufeff" if form == "utf-16-be" else "").join(["", "a b"]).encode(form)
    with pytest.raises(InputError, match="iconv -f utf-16 -t utf-8"):
        texts.decoded(content)


@given(st.lists(st.text(alphabet="ab #\t", max_size=4)), ENDS)
def test_lines_end_as_editors_have_it(parts: list[str], end: str) -> None:
    text = "".join(line + end for line in parts)
    found = texts.lines(text, comment="#")
    assert [line.text for line in found] == [*parts, ""]
    assert [line.number for line in found] == list(range(1, len(parts) + 2))
    assert all(line.text.startswith(line.code) and "#" not in line.code for line in found)


@given(st.text(alphabet="ab\n\r", max_size=12), st.integers(0, 11))
def test_a_place_is_where_lines_have_it(text: str, at: int) -> None:
    if at < len(text) and text[at] not in "\r\n":
        line, column = texts.place(text, at)
        assert texts.lines(text)[line - 1].text[column - 1] == text[at]


@given(st.characters())
def test_a_character_is_invisible_where_unicode_says_that_it_is_a_gap_or_a_control(
    character: str,
) -> None:
    kind = unicodedata.category(character)
    hidden = texts.invisible(character) is not None
    if kind in ("Cc", "Zl", "Zp", "Cs"):
        assert hidden == (character not in "\t\n\r")
    if kind == "Zs":
        assert hidden == (character != " ")
    if kind[0] in "LNPS":
        assert not hidden or character in "\u115f\u1160\u3164\uffa0\u2800"  # blank all the same


@pytest.mark.parametrize(
    "character", ["\xa0", "\u200b", "\ufeff", "\u202e", "\x00", "\x1b", "\x85", "\u3000", "\ufe0f"]
)
def test_an_invisible_character_is_named_where_it_stands(character: str) -> None:
    with pytest.raises(InputError) as caught:
        texts.lines(f"a\nbc {character}d # x", "x.txt", comment="#")
    said = str(caught.value)
    assert f"x.txt:2:4: found U+{ord(character):04X} " in said
    assert character not in said
    _, shown, caret, *_ = said.split("\n")
    assert shown[caret.index("^")] == "\ufffd"
    assert texts.lines(f"a # {character}", comment="#")[0].code == "a "


def test_a_long_token_is_quoted_in_part() -> None:
    assert len(texts.quoted("9" * 100_000)) < 100
    assert texts.quoted("a'b") == repr("a'b")


def test_what_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (str(tmp_path), str(tmp_path / "missing"), "a\0b"):
        with pytest.raises(InputError, match="expected a text file"):
            texts.read_text(name)
    monkeypatch.setattr(texts, "MOST_BYTES", 1 << 20)
    with pytest.raises(InputError, match="found more than 1 MiB"):
        texts.read_text("/dev/zero")


def test_stdin_is_read_as_files_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MARK + "é".encode()), "latin1"))
    assert texts.read_text("-") == ("é", "<stdin>")
    monkeypatch.setattr("sys.stdin", io.StringIO("1 2"))
    assert texts.read_text("-") == ("1 2", "<stdin>")
