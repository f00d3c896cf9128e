"""SCAN's splits against the official files, row for row."""

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from abduce.benchmarks.data.scan_splits import (
    GENERATED,
    READ,
    dictionary_order,
    official_split,
    rows_of,
    split,
    tasks,
)
from abduce.errors import InputError
from abduce.grammars import enumerate_trees, run, text
from abduce.grammars.languages import scan


@pytest.fixture(scope="module")
def official(data: Path) -> Callable[[str], str]:
    with tarfile.open(data / "systematic" / "scan" / "scan_main_splits.tar.xz") as archive:
        files = {
            member.name.removeprefix("./"): archive.extractfile(member).read().decode()  # type: ignore[union-attr]
            for member in archive
            if member.isfile()
        }
    return lambda path: files[path]


def test_the_tasks_are_what_the_grammar_generates() -> None:
    language = scan.language()
    generated = {
        (text(language.grammar, tree), " ".join(run(tree, language.algebra)))
        for _, tree in enumerate_trees(language.grammar)
    }
    assert len(tasks()) == len(generated) == 20_910
    assert set(tasks()) == generated


def test_the_tasks_equal_the_official_ones_row_for_row(official: Callable[[str], str]) -> None:
    assert list(tasks()) == rows_of(official("tasks.txt"))


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_split_equals_the_official_files_row_for_row(
    name: str, official: Callable[[str], str]
) -> None:
    train, test = split(name)
    assert (train, test) == official_split(name, official)


@pytest.mark.parametrize("name", READ)
def test_mcd_rows_are_scan_rows_and_no_row_is_in_both_parts(
    name: str, official: Callable[[str], str]
) -> None:
    train, test = official_split(name, official)
    assert (len(train), len(test)) == (8365, 1045)
    assert set(train) | set(test) <= set(tasks())
    assert not set(train) & set(test)


def test_a_caller_cannot_spoil_the_next_split() -> None:
    split("length")[0].clear()
    assert len(split("length")[0]) == 16_990


@pytest.mark.parametrize("name", ["mcd1", "size_p3", "length_", "filler_num4", ""])
def test_a_split_that_is_not_there_is_named_with_those_that_are(name: str) -> None:
    with pytest.raises(InputError, match="template_around_right"):
        split(name)


def test_a_line_that_is_no_row_is_shown_with_its_number() -> None:
    with pytest.raises(InputError, match=r"x\.txt:2:1"):
        rows_of("IN: jump OUT: I_JUMP\njump\tI_JUMP\n", "x.txt")


def test_python_2_dictionaries_are_ordered_as_python_2_ordered_them() -> None:
    # list({"a": 0, "b": 0, "c": 0, "d": 0}) in CPython 2.7, 64 bit
    assert dictionary_order([[key] for key in "abcd"]) == ["a", "c", "b", "d"]
