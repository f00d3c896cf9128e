"""Configurations from the command line: a JSON file, and single values, over the defaults.

A configuration is a frozen dataclass. Its fields are whole numbers, numbers, truth values, words of
a fixed list (Literal) or further configurations. Every setting must name a field of it, and a value
that the field can have. Whole numbers are from 1 and other numbers from 0, or from what the
field's metadata gives as ``least``.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

from abduce.errors import InputError

C = TypeVar("C")
MOST: Final = 10**12
"""The upper limit on the value of a field, so that sums of fields stay finite."""


def configured(default: C, path: Path | None = None, settings: Sequence[str] = ()) -> C:
    """The default configuration, changed by a file and then by single settings.

    Args:
        default: an instance of a frozen dataclass.
        path: a JSON object with some of the fields, nested as the dataclasses are.
        settings: texts such as 'priors.reused_token=9'; later ones count.

    Raises:
        InputError: an unknown field, or a value that the field cannot have.

    >>> from abduce.symbolic.nsr.config import Config
    >>> configured(Config(), None, ["priors.reused_token=9"]).priors.reused_token
    9.0
    """
    found = default if path is None else _changed(default, _object(path), path)
    for setting in settings:
        name, separator, text = setting.partition("=")
        if not separator:
            advice = "For example: --set search.beam=8"
            raise InputError(repr(setting), ("FIELD=VALUE",), "--set", advice=advice)
        value: Any = _value(text)
        for part in reversed(name.strip().split(".")):
            value = {part: value}
        found = _changed(found, value, "--set")
    return found


def settings_of(config: C, default: C) -> tuple[str, ...]:
    """The settings that make the configuration of the default: one for each field that differs.

    >>> from abduce.symbolic.nsr.config import CONFIG
    >>> settings_of(configured(CONFIG, None, ["search.beam=8"]), CONFIG)
    ('search.beam=8',)
    """
    given = leaves(default)
    return tuple(
        f"{name}={json.dumps(value)}"
        for name, value in leaves(config).items()
        if value != given[name]
    )


def leaves(config: object) -> dict[str, Any]:
    """The fields that are no further configurations, by names such as 'priors.token'."""

    def walk(part: object, above: str) -> Iterator[tuple[str, Any]]:
        for each in fields(part):  # type: ignore[arg-type]
            value, name = getattr(part, each.name), f"{above}{each.name}"
            if is_dataclass(value):
                yield from walk(value, f"{name}.")
            else:
                yield name, value

    return dict(walk(config, ""))


def _changed(default: C, values: Mapping[str, Any], path: Path | str) -> C:
    """The configuration with these fields changed; `path` says where the values stand."""

    def change(part: Any, values: Mapping[str, Any], above: str) -> Any:
        known = {each.name: getattr(part, each.name) for each in fields(part)}
        least = {each.name: each.metadata.get("least") for each in fields(part)}
        types = get_type_hints(type(part))
        new: dict[str, Any] = {}
        for name, value in values.items():
            place = f"{above}{name}"
            if name not in known:
                likely = _likely(name, above, known, leaves(default))
                raise InputError(f"the unknown field {place!r}"[:200], likely, path)
            old = known[name]
            if not is_dataclass(old):
                new[name] = _typed(types[name], least[name], value, place, path)
            elif isinstance(value, Mapping):
                new[name] = change(old, value, f"{place}.")
            else:
                likely = tuple(f"{place}.{each.name}" for each in fields(old))
                raise InputError(f"{place} = {_shown(value)}", likely, path)
        return replace(part, **new)

    return change(default, values, "")


def _typed(kind: Any, least: int | None, value: object, place: str, path: Path | str) -> object:
    """The value, where a field of this type can have it.

    Without ``least``, whole numbers are from 1 and others from 0.
    """
    truth = isinstance(value, bool)
    if words := _words(kind):
        expected, good = words, value in words and not truth
    elif kind is bool:
        expected, good = ("true", "false"), truth
    else:
        whole = kind is int
        least = int(whole) if least is None else least
        good = isinstance(value, int if whole else int | float) and not truth
        good = good and least <= value <= MOST  # type: ignore[operator]
        expected = (f"a {'whole ' if whole else ''}number from {least} to {MOST:,}",)
    if not good:
        raise InputError(f"{place} = {_shown(value)}", tuple(map(str, expected)), path)
    return float(value) if kind is float else value  # type: ignore[arg-type]


def _words(kind: Any) -> tuple[Any, ...]:
    """The words of a Literal, also of one in a union; none of other types."""
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        return parts
    return tuple(word for part in parts for word in _words(part))


def _likely(
    name: str, above: str, known: Mapping[str, Any], every: Mapping[str, Any]
) -> tuple[str, ...]:
    """Fields that may have been meant: of that name elsewhere, or spelled alike, or all here."""
    last = name.rpartition(".")[2]
    elsewhere = tuple(each for each in every if each.rpartition(".")[2] == last)
    here = tuple(f"{above}{each}" for each in get_close_matches(name, known, n=3))
    alike = tuple(get_close_matches(f"{above}{name}", every, n=3))
    return elsewhere or here or alike or tuple(f"{above}{each}" for each in known)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list) else json.dumps(value)[:80]


def _object(path: Path) -> Mapping[str, Any]:
    def unrepeated(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"{twice!r} twice"[:200], ("each field once",), path)
        return found

    expected = ('an object of fields, such as {"search": {"beam": 8}}',)
    try:
        found = json.loads(path.read_bytes(), object_pairs_hook=unrepeated)
    except OSError as error:
        raise InputError((error.strerror or str(error)).lower(), expected, path) from error
    except json.JSONDecodeError as error:
        line = error.doc.splitlines()[error.lineno - 1 : error.lineno] or [""]
        at = (error.lineno, error.colno, line[0])
        raise InputError("no JSON", expected, path, *at) from error
    except (ValueError, RecursionError) as error:
        raise InputError("no JSON", expected, path) from error
    if not isinstance(found, dict):
        raise InputError(_shown(found), expected, path)
    return found


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
