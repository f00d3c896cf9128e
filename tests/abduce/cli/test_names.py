"""The names of the package, and what `learn` says of arguments that are no pairs."""

from typing import Any

import pytest

import abduce
from abduce.errors import InputError


def test_dir_lists_the_public_names_and_the_rooms_alone() -> None:
    names = dir(abduce)
    assert {*abduce.__all__} < {*names}
    assert all(getattr(abduce, name) is not None for name in names)
    assert not [name for name in names if name.startswith("_") and name != "__version__"]
    assert str(abduce.verify).startswith("<module 'abduce.verify'")


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        (5, "pairs of type int"),
        ("ab", "pairs of type str"),
        ({"a": "b"}, "pairs of type dict"),
        ([("dax", "RED"), 5], "5 as pair 1"),
        ([("dax",)], "as pair 0"),
        (["ab"], "'ab' as pair 0"),
        ([("dax", None)], "as pair 0"),
        ([(1, 2)], "as pair 0"),
    ],
)
def test_what_is_no_pair_is_named(pairs: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        abduce.learn(pairs)


def test_other_arguments_of_learn_are_checked() -> None:
    with pytest.raises(InputError, match="configuration of type int"):
        abduce.learn([("a", "B")], 5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="deadline 'soon'"):
        abduce.learn([("a", "B")], deadline="soon")  # type: ignore[arg-type]
