"""Errors say where, what was found, what was expected and what to do; and they survive a pickle."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import (
    AbduceError,
    ChecksumError,
    DataError,
    Exit,
    InputError,
    OutputError,
    UnsupportedError,
)

ONE_OF_EACH = [
    InputError("'x'", ("'a'", "'b'"), Path("f.txt"), 2, 5, "jump x", "Write a or b."),
    DataError("scan", ("/data",), "Get it."),
    ChecksumError("scan", "0" * 64, "1" * 64),
    OutputError(Path("out"), "read-only file system"),
    UnsupportedError("net.onnx", ("b", "a")),
]


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=lambda e: type(e).__name__)
def test_an_error_survives_a_pickle(error: AbduceError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.exit_code == error.exit_code


def test_fields_given_by_name_survive_too() -> None:
    error = InputError(found="'x'", line=3)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_the_exit_codes_are_those_of_the_house() -> None:
    assert [e.exit_code for e in ONE_OF_EACH] == [2, 2, 2, 2, 3]
    assert AbduceError().exit_code == Exit.INTERNAL


def test_what_was_expected_is_sorted_and_readable() -> None:
    assert "expected one of 'a', 'b' or 'c'" in str(InputError("'x'", ("'c'", "'a'", "'b'")))


def test_everything_unsupported_is_listed_at_once() -> None:
    text = str(UnsupportedError("net.onnx", ("Loop", "If", "Einsum")))
    assert text.splitlines()[1:] == ["    Einsum", "    If", "    Loop"]


@given(text=st.text(st.characters(codec="ascii", categories=["L"]), min_size=1), data=st.data())
def test_the_caret_stands_under_its_column(text: str, data: st.DataObject) -> None:
    marked = text + "↯" + text
    column = text.__len__() + 1
    shown, caret = str(InputError("it", column=column, text=marked)).splitlines()[1:3]
    assert shown[caret.index("^")] == "↯"


def test_a_long_line_is_cut_to_a_window_around_the_caret() -> None:
    text = "jump " * 2000
    shown, caret = str(InputError("it", column=5001, text=text)).splitlines()[1:3]
    assert len(shown) < 90
    assert shown[caret.index("^")] == "j"
