"""A package that is not installed is told by the extra that brings it."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from abduce.cli import app as cli
from abduce.errors import Exit
from abduce.extras import EXTRAS, missing_extra

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RECORDS = sorted((ROOT / "docs" / "results").glob("*.jsonl"))
ELSEWHERE = {
    "abduce",
    "_typeshed",  # of type checkers
    "click",  # of typer
    "pydantic_core",  # of pydantic
    "sklearn",  # only where scikit-learn asks for its own classes
    "elkai", "mlxtend",  # used where they are installed
    "lamb", "lambda_calculus", "lambda_interpreter", "lc",  # in a Python of their own
}  # fmt: skip
MODULES = {"z3": "z3-solver", "google": "onnx", "PIL": "pillow", "mpmath": "sympy"}
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


def imported() -> dict[str, Path]:
    """What the package imports from elsewhere, also inside functions, and a file that does."""
    found: dict[str, Path] = {}
    for folder in ("abduce", "benchmarks", "grammars", "neural", "symbolic", "verify"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                found |= {name.partition(".")[0]: path for name in names}
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    base = {named(each).replace("-", "_") for each in PROJECT["dependencies"]}
    found = imported()
    for name, path in found.items():
        assert name in base | EXTRAS.keys() | ELSEWHERE, f"{path} imports {name}"
    assert base <= found.keys()


def test_what_no_extra_brings_is_a_bug() -> None:
    assert missing_extra(ModuleNotFoundError(name="abduce.nothing"), "abduce") is None
    assert missing_extra(ModuleNotFoundError(), "abduce") is None


def test_a_missing_extra_is_one_line_and_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overview(_: object) -> None:
        import torch.nothing  # noqa: F401  # pyright: ignore[reportMissingImports]

    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr("abduce.benchmarks.data.members.overview", overview)
    assert cli.run(["data", "list"]) == Exit.UNSUPPORTED
    out, err = capsys.readouterr()
    message = "abduce data needs torch, which is not installed: pip install 'abduce[neural]'"
    assert (out, err) == ("", f"abduce: {message}\n")
    assert cli.run(["data", "list", "--json"]) == Exit.UNSUPPORTED
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["kind"], told["message"]) == ("MissingExtraError", message)


@pytest.mark.parametrize(
    "words", [["bench", "--list"], ["report", *map(str, RECORDS), "--out", "report.html"]]
)
def test_lists_of_benchmarks_and_reports_of_all_records_need_no_extra(
    words: list[str], tmp_path: Path
) -> None:
    missing = sorted(EXTRAS.keys() - {"PIL"})  # matplotlib brings it
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({missing!r}))\n"
        "from abduce.cli import app\n"
        f"sys.exit(app.run({words!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
