"""A name that is nearly another one is told which one may be meant."""

import pytest

from abduce.errors import Exit
from tests.doors import Capture, asked


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("demo sovle", "solve"),
        ("solve scna", "scan"),
        ("bench activ", "active"),
        ("bench specifcations", "specifications"),
        ("bench sql --only equl", "equal"),
        ("bench hint --only concept", "concepts"),
        ("bench specifications --only napp", "nap"),
        ("bench synthesis --only list", "lists"),
        ("bench mathematics --only mathQ", "mathq"),
        ("bench word-problem --only svmap", "svamp"),
        ("train sort --method executon-engine", "execution-engine"),
    ],
)
def test_the_nearest_name_is_told(capsys: Capture, words: str, meant: str) -> None:
    code, out, err = asked(capsys, *words.split())
    assert (code, out) == (Exit.BAD_INPUT, "")
    assert f"Did you mean {meant}" in err


def test_a_name_that_is_like_none_has_no_such_sentence(capsys: Capture) -> None:
    code, _, err = asked(capsys, "bench", "zzz")
    assert code == Exit.BAD_INPUT
    assert "Did you mean" not in err
