"""The README's quick start can be typed as it stands, and says which extra each line needs."""

import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
OF_A_CHECKOUT = ("make", "source")
"""Lines that make an environment; tests/test_makefile.py runs them."""


def quick_start() -> list[tuple[str, str]]:
    """Its commands and their comments."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Quick start\n")[2].partition("\n## ")[0]
    lines = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    split = (line.partition(" # ") for line in lines)
    return [(command.strip(), comment.strip()) for command, _, comment in split]


COMMANDS = [command for command, _ in quick_start() if command.split()[0] not in OF_A_CHECKOUT]


def test_each_line_says_which_extra_it_needs() -> None:
    told = {"no extra", *(f"extra {name}" for name in EXTRAS)}
    assert COMMANDS
    for command, comment in quick_start():
        if command in COMMANDS:
            assert comment.partition(":")[0] in told, command
        else:
            assert comment, command


@pytest.mark.slow
def test_each_line_runs(tmp_path: Path) -> None:
    """In their order and in one folder, for some lines use what others made."""
    programs = tmp_path / "programs"
    programs.mkdir()
    abduce = programs / "abduce"
    abduce.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m abduce "$@"\n')
    abduce.chmod(0o755)
    path = os.pathsep.join((str(programs), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    for command in COMMANDS:
        done = subprocess.run(
            ("bash", "-o", "pipefail", "-c", command), cwd=tmp_path, env=environment,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout, command
