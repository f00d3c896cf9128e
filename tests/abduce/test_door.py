"""How a process ends: what its streams and signals do to it is one line at most, and a code."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from abduce.errors import Exit

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is of Linux")

SAYING = (
    ("--help",),
    ("--version",),
    ("solve", "--help"),
    ("verify", "--help"),
    ("vnncomp", "--help"),
    ("data", "list"),
    ("data", "list", "--json"),
    ("data", "where", "scan", "--json"),
    ("reduce", r"\x. x"),
    ("reduce", r"\x. x", "--json"),
)


def shell(arguments: Sequence[str], redirected: str) -> subprocess.CompletedProcess[str]:
    """A command through a shell; `redirected` follows it and may pipe it on."""
    script = f'"$@" {redirected}'
    command = ("bash", "-c", script, "-", sys.executable, "-m", "abduce", *arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
def test_a_full_disk_is_one_line_and_2(arguments: Sequence[str]) -> None:
    done = shell(arguments, ">/dev/full")
    assert done.returncode == Exit.BAD_INPUT
    assert done.stderr == "abduce: cannot write standard output: no space left on device\n"


@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
def test_a_closed_stdout_is_one_line_and_2(arguments: Sequence[str]) -> None:
    done = shell(arguments, ">&-")
    assert done.returncode == Exit.BAD_INPUT
    assert done.stderr == "abduce: cannot write standard output: it is closed\n"


@pytest.mark.parametrize("arguments", SAYING, ids=" ".join)
def test_a_reader_that_has_gone_ends_a_command_without_a_word(arguments: Sequence[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = (sys.executable, "-m", "abduce", *arguments)
    done = subprocess.run(
        command, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=600, check=False
    )
    os.close(theirs)
    assert (done.returncode, done.stderr) == (Exit.READER_GONE, "")


def test_an_error_on_a_full_stderr_keeps_its_code() -> None:
    assert shell(("data", "where", "scam"), "2>/dev/full").returncode == Exit.BAD_INPUT


def test_a_closed_stdin_is_an_empty_one() -> None:
    closed, empty = shell(("reduce",), "<&-"), shell(("reduce",), "</dev/null")
    assert (closed.returncode, closed.stderr) == (empty.returncode, empty.stderr)
    assert closed.returncode == Exit.BAD_INPUT


def test_a_file_that_is_opened_is_not_taken_for_a_closed_stdout(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    records = Path(__file__).parents[2] / "docs" / "results" / "reduce.jsonl"
    done = shell(("report", str(records), "--out", str(page)), ">&- 2>&- <&-")
    assert done.returncode == Exit.BAD_INPUT
    assert page.read_text(encoding="utf-8").endswith("</html>\n")


def process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-c", textwrap.dedent(code))
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ | environment,
        check=False,
    )


@pytest.mark.parametrize("arguments", [["data", "list"], ["verify", "net.onnx", "property.vnnlib"]])
@pytest.mark.parametrize("background", [False, True])
def test_sigterm_is_143_and_one_line(arguments: Sequence[str], background: bool) -> None:
    """Also in a background job of a script, where Ctrl-C is ignored."""
    done = process(
        f"""
        import os, signal, sys, time
        from abduce import __main__ as door
        from abduce.benchmarks.data import members
        from abduce.cli import verify
        handler = signal.SIG_IGN if {background} else signal.default_int_handler
        signal.signal(signal.SIGINT, handler)
        def terminated(*_):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(9)
        members.overview = verify._verify = terminated
        sys.argv = ["abduce", *{arguments}]
        door.main()
        """
    )
    assert done.returncode == Exit.TERMINATED
    assert (done.stdout, done.stderr) == ("", "abduce: interrupted\n")


def test_sigterm_lets_a_training_end_its_step_as_ctrl_c_does() -> None:
    done = process(
        """
        import os, signal
        from abduce.door import asked_to_stop, enter
        def run():
            with asked_to_stop() as stop:
                os.kill(os.getpid(), signal.SIGTERM)
                print("the step went on", stop())
                raise KeyboardInterrupt
        enter(run)
        """
    )
    assert done.returncode == Exit.TERMINATED
    assert (done.stdout, done.stderr) == ("the step went on True\n", "abduce: interrupted\n")


def test_sigterm_is_143_however_a_command_handles_it() -> None:
    done = process(
        """
        import os, signal
        from abduce.door import enter
        def run():
            signal.signal(signal.SIGTERM, lambda *_: None)
            os.kill(os.getpid(), signal.SIGTERM)
            return 130
        enter(run)
        """
    )
    assert (done.returncode, done.stderr) == (Exit.TERMINATED, "")


def test_ctrl_c_is_still_130() -> None:
    done = process(
        """
        import os, signal
        from abduce.door import enter
        signal.signal(signal.SIGINT, signal.default_int_handler)
        enter(lambda: os.kill(os.getpid(), signal.SIGINT) or __import__("time").sleep(9))
        """
    )
    assert (done.returncode, done.stderr) == (Exit.INTERRUPTED, "abduce: interrupted\n")


def test_a_letter_that_the_terminal_lacks_is_spelt_out() -> None:
    code = """
        from abduce.door import enter
        enter(lambda: print("±", "\\ud800") or 0)
        """
    done = process(code, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout, done.stderr) == (0, "\\xb1 \\ud800\n", "")
