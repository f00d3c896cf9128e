"""What tests of commands ask, and what they expect of answers and refusals."""

import json
from typing import Any

import pytest

from abduce.cli import app as cli

Capture = pytest.CaptureFixture[str]


def asked(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    code = cli.run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def answer(capsys: Capture, *arguments: str) -> Any:
    """The JSON of a command that answers."""
    code, out, err = asked(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def answers(capsys: Capture, task: str, path: str, options: tuple[str, ...], expected: str) -> None:
    """A task at the compiled level says just this."""
    code, out, err = asked(capsys, "execute", task, "--input", path, "--level", "L0", *options)
    assert code == 0, err
    assert out.strip() == expected


def refuses(capsys: Capture, task: str, path: str, options: tuple[str, ...], told: str) -> None:
    """A task, at the compiled level if no other is named, refuses its input and says why."""
    level = () if "--level" in options else ("--level", "L0")
    code, out, err = asked(capsys, "execute", task, "--input", path, *level, *options)
    assert (code, out) == (2, "")
    assert told in err
