"""A package that is not installed is told by the extra that brings it."""

import json
import sys
import tomllib
from pathlib import Path

import pytest

from abduce import cli
from abduce.errors import Exit
from abduce.extras import EXTRAS, missing_extra

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
MODULES = {"z3": "z3-solver", "google": "onnx"}
"""Module to the distribution that brings it, where their names differ."""


def named(requirement: str) -> str:
    return requirement.partition(">")[0].strip()


def test_the_table_says_what_the_package_says() -> None:
    extras = PROJECT["optional-dependencies"]
    for module, extra in EXTRAS.items():
        assert MODULES.get(module, module) in map(named, extras[extra]), module
    told = {MODULES.get(module, module) for module in EXTRAS}
    optional = {named(each) for extra in extras.values() for each in extra}
    assert optional <= told, "abduce/extras.py lacks a module that an extra brings"


def test_what_no_extra_brings_is_a_bug() -> None:
    assert missing_extra(ModuleNotFoundError(name="abduce.nothing"), "abduce") is None
    assert missing_extra(ModuleNotFoundError(), "abduce") is None


def test_a_missing_extra_is_one_line_and_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overview(_: object) -> None:
        import torch.nothing  # noqa: F401  # pyright: ignore[reportMissingImports]

    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr("abduce.benchmarks.data.overview", overview)
    assert cli.run(["data", "list"]) == Exit.UNSUPPORTED
    out, err = capsys.readouterr()
    message = "abduce data needs torch, which is not installed: pip install 'abduce[neural]'"
    assert (out, err) == ("", f"abduce: {message}\n")
    assert cli.run(["data", "list", "--json"]) == Exit.UNSUPPORTED
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["kind"], told["message"]) == ("MissingExtraError", message)
