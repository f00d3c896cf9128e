"""A confined process reads and writes no files, opens no connection, starts nothing, and ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from abduce.grammars.calculation.reader import read
from abduce.symbolic.calculation.process.confinement import DENIED, OPENS, program
from abduce.symbolic.calculation.process.running import run_plan
from abduce.symbolic.calculation.understanding import Plan

ATTACKS = {
    "a file read": "open('/etc/passwd').read()",
    "a file read by another way": "import io; io.FileIO('/etc/passwd').read()",
    "a file written": "open('SECRET', 'w').write('x')",
    "a file written below": "import os; os.open('SECRET', os.O_WRONLY | os.O_CREAT)",
    "a file removed": "import os; os.remove('SECRET')",
    "a folder listed by import": "import secret_module",
    "a connection": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "a socket below": "import _socket; _socket.socket(2, 1, 0)",
    "a fork": "import os; os.fork()",
    "a program": "import os; os.execv('/bin/true', ['true'])",
    "a process": "import subprocess; subprocess.run(['true'])",
    "a signal": "import os; os.kill(os.getppid(), 15)",
    "a native library": "import ctypes; ctypes.CDLL(None).system(b'true')",
}
TRIED = """
try:
    {}
except BaseException as error:
    print('refused', type(error).__name__)
else:
    print('done')
"""
HEAD = (
    "import sys, os, io\n"
    "from abduce.symbolic.calculation.process.confinement import Limits, confine\n"
    "told = confine(Limits(cpu_s=2, memory_mb=400))\n"
)


def ran(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", HEAD + code]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, check=False, timeout=600
    )


QUICK = ("a file read", "a file written below", "a connection", "a process")


@pytest.mark.parametrize(
    "attack", [pytest.param(a, marks=() if a in QUICK else pytest.mark.slow) for a in ATTACKS]
)
def test_an_attack_fails(attack: str, tmp_path: Path) -> None:
    (tmp_path / "secret_module.py").write_text("print('stolen')")
    code = TRIED.format(ATTACKS[attack])
    done = ran(code, tmp_path)
    assert "done" not in done.stdout
    assert "stolen" not in done.stdout
    assert not (tmp_path / "SECRET").exists()
    assert "refused" in done.stdout or done.returncode != 0


def test_memory_has_a_limit(tmp_path: Path) -> None:
    assert ran("x = bytearray(2**30)\nprint('done')", tmp_path).stdout == ""


def test_time_has_a_limit(tmp_path: Path) -> None:
    code = HEAD.replace("cpu_s=2", "cpu_s=1") + "while True: pass"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, timeout=600)
    assert done.returncode != 0


def test_what_is_not_isolated_is_told(tmp_path: Path) -> None:
    done = ran("print(repr(told))", tmp_path)
    assert done.stdout.strip().startswith("(")


@pytest.mark.parametrize("machine", sorted(DENIED))
def test_the_filter_is_a_program_that_ends(machine: str) -> None:
    code = program(machine)
    assert len(code) % 8 == 0
    assert len(code) // 8 < 4096
    assert OPENS[machine]


def test_a_program_that_runs_or_grows_without_end_is_stopped() -> None:
    x = ("variable", 0)
    endless = Plan(
        intent="", term=("simplify", x), arguments=(read("(((7^9)!)!)!"),)
    )  # fmt: skip
    assert run_plan(endless, timeout_s=1.0, memory_mb=600).outcome in ("stopped", "unanswered")


def test_a_request_is_plain_data() -> None:
    plan = Plan(intent="", term=("simplify", ("variable", 0)), arguments=(read("2 + 2"),))
    assert json.loads(json.dumps(plan.term)) == ["simplify", ["variable", 0]]
    assert run_plan(plan).answer == "4"
