"""The menu installs what a target needs, and no more, and not again."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that make reads, and an environment whose programs only note their calls."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "abduce", "ruff", "pyright", "lint-imports"):
        program = programs / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> called\n')
        program.chmod(0o755)
    return tmp_path


def make(checkout: Path, *targets: str) -> tuple[list[str], str]:
    """The calls of programs, and what was printed."""
    log = checkout / "called"
    log.write_text("")
    command = ("make", f"PYTHON={sys.executable}", *targets)
    # Under `make check` its flags are not for the make that is tested here.
    alone = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    done = subprocess.run(
        command, cwd=checkout, env=alone, capture_output=True, text=True, check=True
    )
    return log.read_text().splitlines(), done.stdout


def installs(calls: list[str]) -> list[str]:
    return [call for call in calls if " install " in call]


def test_run_installs_the_package_alone_and_says_each_step(checkout: Path) -> None:
    calls, said = make(checkout, "run")
    (install,) = installs(calls)
    assert install.endswith(" -e .")
    assert "group" not in install
    assert [call for call in calls if call.startswith("abduce solve scan")] == calls[1:]
    assert said.startswith("Installing Abduce and the packages that it needs")
    assert "$ abduce solve scan --split length" in said


def test_install_installs_all_extras_and_test_what_tests_need(checkout: Path) -> None:
    assert installs(make(checkout, "test")[0])[-1].endswith(" -e . --group test")
    install = installs(make(checkout, "install")[0])[-1]
    named = re.search(r" -e \.\[([a-z,]+)\] --group dev$", install)
    assert named is not None, install
    assert sorted(named[1].split(",")) == sorted(EXTRAS)


def test_the_wheel_is_tried_with_each_extra_alone_and_with_all_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    smoke = runpy.run_path(str(ROOT / ".ci" / "smoke.py"))
    called: list[list[str]] = []

    def noted(command: list[str], folder: Path, **variables: str) -> str:
        called.append(command)
        if "build" in command:
            (folder / "dist").mkdir()
            (folder / "dist" / "abduce.whl").touch()
        if "venv" in command:
            (Path(command[-1]) / "lib" / "python3" / "site-packages").mkdir(parents=True)
        return ""

    monkeypatch.setitem(smoke["main"].__globals__, "run", noted)
    assert smoke["main"]() == 0
    installed, tried = [], []
    for call in called:
        if "install" in call:
            environment = Path(call[call.index("--python") + 1]).parts[-3]
            wheel = next(word for word in call if ".whl" in word)
            extras = re.search(r"\[(.+)\]$", wheel)
            installed.append((environment, sorted(extras[1].split(",")) if extras else []))
        elif call[1].endswith("doors.py"):
            assert Path(call[0]).parent == Path(call[2]).parent
            tried.append((Path(call[0]).parts[-3], sorted(call[4:])))
    assert sorted(installed) == sorted(tried)
    wanted = [[], *([extra] for extra in EXTRAS), sorted(EXTRAS)]
    assert sorted(extras for _, extras in tried) == sorted(wanted)
    environments = [environment for environment, extras in tried if extras != sorted(EXTRAS)]
    assert len(set(environments)) == len(EXTRAS) + 1


@pytest.mark.parametrize("first", ["install", "test"])
def test_what_is_installed_is_not_installed_again(checkout: Path, first: str) -> None:
    make(checkout, first)
    for target in ("run", first):
        assert installs(make(checkout, target)[0]) == []


def test_run_takes_nothing_away_from_what_install_has_to_do(checkout: Path) -> None:
    make(checkout, "run")
    assert installs(make(checkout, "run")[0]) == []
    assert installs(make(checkout, "lint")[0])[-1].endswith(" --group dev")
    assert installs(make(checkout, "test", "types", "imports", "install")[0]) == []


def test_the_menu_lists_every_target(checkout: Path) -> None:
    _, said = make(checkout, "help")
    text = (ROOT / "Makefile").read_text()
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    assert sorted(line.split()[1] for line in said.splitlines()) == sorted(phony)
