"""Configurations from files and settings: what is given is there, and what is wrong is named."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.configuration import configured, leaves, settings_of
from abduce.errors import InputError
from abduce.symbolic.nsr.config import CONFIG

FIELDS = leaves(CONFIG)


def of_type(name: str, value: float) -> float:
    """A value of the type that a field has."""
    usual = FIELDS[name]
    if isinstance(usual, bool):
        return bool(int(value) % 2)
    return value if isinstance(usual, float) else max(1, int(value))


CHANGES = st.dictionaries(
    st.sampled_from(sorted(FIELDS)), st.integers(1, 10**9) | st.floats(0, 1e9), max_size=8
).map(lambda drawn: {name: of_type(name, value) for name, value in drawn.items()})


def nested(changes: dict[str, float]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in changes.items():
        group, _, field = name.rpartition(".")
        (found.setdefault(group, {}) if group else found)[field] = value
    return found


@given(CHANGES)
def test_a_file_and_settings_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, float]
) -> None:
    path = tmp_path_factory.mktemp("config") / "config.json"
    path.write_text(json.dumps(nested(changes)))
    config = configured(CONFIG, path)
    assert config == configured(CONFIG, None, [f"{k}={json.dumps(v)}" for k, v in changes.items()])
    assert leaves(config) == {**FIELDS, **changes}
    assert {k: type(v) for k, v in leaves(config).items()} == {
        k: type(v) for k, v in FIELDS.items()
    }


@given(CHANGES, CHANGES)
def test_settings_make_one_configuration_of_another(
    before: dict[str, float], after: dict[str, float]
) -> None:
    one, two = (
        configured(CONFIG, None, [f"{k}={json.dumps(v)}" for k, v in changes.items()])
        for changes in (before, after)
    )
    assert configured(one, None, settings_of(two, one)) == two
    assert settings_of(one, one) == ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    order: Literal["first", "last"] = "first"
    score: Literal["width", "slope"] | Callable[[int], int] = "width"


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    exact: bool = True
    part: Part = field(default_factory=Part)


WHOLE = Whole()


def test_words_and_truth_values_are_settings_too(tmp_path: Path) -> None:
    changed = Whole(exact=False, part=Part(order="last", score="slope"))
    settings = settings_of(changed, WHOLE)
    assert settings == ("exact=false", 'part.order="last"', 'part.score="slope"')
    assert configured(WHOLE, None, settings) == changed
    assert configured(WHOLE, None, ["part.order=last"]).part.order == "last"
    path = tmp_path / "config.json"
    path.write_text('{"exact": false, "part": {"order": "last", "score": "slope"}}')
    assert configured(WHOLE, path) == changed


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("exact=1", "exact = 1, expected one of false or true"),
        ("exact=yes", 'exact = "yes", expected one of false or true'),
        ("part.order=middle", 'part.order = "middle", expected one of first or last'),
        ("part.order=true", "part.order = true, expected one of first or last"),
        ("part.order=[]", "part.order = a list, expected one of first or last"),
        ("part.score=wide", 'part.score = "wide", expected one of slope or width'),
    ],
)
def test_a_word_that_is_not_in_the_list_is_an_error(setting: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        configured(WHOLE, None, [setting])
    assert str(caught.value).startswith(f"--set: found {message}")


def test_settings_come_after_the_file_and_later_ones_count(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"search": {"beam": 2, "rare": 9}}')
    config = configured(CONFIG, path, ["search.beam=3", "search.beam=5"])
    assert (config.search.beam, config.search.rare) == (5, 9)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("priors.reused_tokn=9", "the unknown field 'priors.reused_tokn', expected priors.reused"),
        ("reused_token=9", "the unknown field 'reused_token', expected priors.reused_token"),
        ("search.bem=9", "the unknown field 'search.bem', expected search.beam"),
        ("search.beam.x=9", "search.beam = an object, expected a whole number from 1 to"),
        ("xyzzy=9", "the unknown field 'xyzzy', expected one of abduction, active"),
        ("=9", "the unknown field ''"),
        ("search.beam", "'search.beam', expected FIELD=VALUE"),
        ("search.beam=", 'search.beam = "", expected a whole number from 1 to 1,000,000,000,000'),
        ("search.beam=0", "search.beam = 0, expected a whole number from 1"),
        ("search.beam=4.0", "search.beam = 4.0, expected a whole number"),
        ("search.beam=true", "search.beam = true, expected a whole number"),
        ("search.beam=[4]", "search.beam = a list, expected a whole number"),
        (f"search.beam={10**300}", "search.beam = 1000000"),
        (f"search.beam={'9' * 5000}", 'search.beam = "99999'),
        ("priors.token=true", "priors.token = true, expected a number from 0"),
        ("priors.token=-1", "priors.token = -1, expected a number from 0"),
        ("priors.token=NaN", "priors.token = NaN, expected a number from 0"),
        ("priors.token=1e999", "priors.token = Infinity, expected a number from 0"),
        (f"priors.token={10**400}", "priors.token = 1000"),
        ("priors.token=three", 'priors.token = "three", expected a number from 0'),
        ("priors=3", "priors = 3, expected one of priors.append"),
        ("search.beam" + ".x" * 5000 + "=1", "search.beam = an object"),
        ("search.beam=" + "[" * 5000, 'search.beam = "[[['),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_expected(setting: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        configured(CONFIG, None, [setting])
    assert str(caught.value).startswith(f"--set: found {message}")
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"search": {"beam": "four"}}', 'found search.beam = "four", expected a whole number'),
        (b'{"search": {"beams": 4}}', "found the unknown field 'search.beams', expected search.b"),
        (b'{"search": 4}', "found search = 4, expected one of search.around"),
        (b'{"search": {"beam": 4, "beam": 5}}', "found 'beam' twice, expected each field once"),
        (b'{"search":\n {"beam" 4}}', "2:10: found no JSON, expected an object of fields"),
        (b"", "found no JSON"),
        (b"\xff\xfe\xfd", "found no JSON"),
        (b"[" * 100_000, "found no JSON"),
        (b"[]", "found a list, expected an object of fields"),
        (b"null", "found null, expected an object of fields"),
    ],
)
def test_a_wrong_file_is_named_with_what_was_expected(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        configured(CONFIG, path)
    assert caught.value.path == path
    assert message in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        configured(CONFIG, tmp_path / "none.json")
