"""Help texts are read once: every option has one, in short sentences, and so have constants.

Descriptions of attributes and arguments say what they are.
"""

import ast
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer

from abduce.cli.app import app
from abduce.cli.execute import task_command
from abduce.cli.verify_options import verify_parser, vnncomp_parser
from abduce.neural.kernels.jobs import JOBS
from abduce.neural.modules.catalogue import MODULES

ROOT = Path(__file__).parents[1]
FOLDERS = ("abduce", "benchmarks", "grammars", "neural", "symbolic", "verify")
MOST_WORDS = 30
"""The upper limit on the words of a sentence."""
HALF = re.compile(r" +[\w, ]+: (of|as|from|to|on|in place of|is|how many\.|it is)\b")
"""The line of an attribute or argument whose description lacks its noun, as 'size: of the list'."""
RIDDLE = re.compile(r"^(Of|So (many|often)|By the name|From so many|Up to so many)\b")


def told(command: Any, name: str = "abduce") -> Iterator[tuple[str, str]]:
    """The texts of a command, its options, and the commands below it."""
    yield name, command.help or ""
    for option in command.params:
        if getattr(option, "hidden", False):
            continue
        yield f"{name} {option.name}", getattr(option, "help", None) or ""
    for below, each in getattr(command, "commands", {}).items():
        yield from told(each, f"{name} {below}")


def parsed(parser: ArgumentParser) -> Iterator[tuple[str, str]]:
    yield parser.prog, parser.description or ""
    for action in parser._actions:
        yield f"{parser.prog} {action.dest}", action.help or ""


RUNS = {
    "abduce execute": (None, None),
    **{f"abduce execute {name}": (name, None) for name in JOBS},
    **{f"abduce execute {m.task} --method {m.method}": (m.task, m.method) for m in MODULES},
}
TEXTS = [
    *told(typer.main.get_command(app)),
    *(each for name, run in RUNS.items() for each in told(task_command(*run), name)),
    *parsed(verify_parser()),
    *parsed(vnncomp_parser()),
]


def sentences(text: str) -> list[str]:
    return re.split(r"[.:;?!]\s+|\n\n", text)


@cache
def modules() -> dict[Path, ast.Module]:
    """The syntax trees of the source, by their paths in the repository."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    own = [path.relative_to(ROOT) for path in paths]
    return {
        path: ast.parse((ROOT / path).read_text("utf-8"))
        for path in own
        if path.parts[0] != "abduce" or path.parts[1] not in FOLDERS
    }


def constants() -> Iterator[tuple[str, str]]:
    """The docstrings of constants, by their place."""
    for path, module in modules().items():
        for one, after in pairwise(module.body):
            match one, after:
                case ((ast.Assign() | ast.AnnAssign()), ast.Expr(ast.Constant(str(text)))):
                    yield f"{path}:{after.lineno}", " ".join(text.split())


def described() -> Iterator[tuple[str, str]]:
    """The lines of docstrings that describe an attribute or an argument, by their place."""
    for path, module in modules().items():
        for node in ast.walk(module):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            section = ""
            for line in (ast.get_docstring(node) or "").splitlines():
                if line and not line.startswith(" "):
                    section = line
                if section in ("Attributes:", "Args:") and line.startswith("    "):
                    yield f"{path}:{node.lineno}", line


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_every_command_and_option_has_a_help_text(name: str, text: str) -> None:
    assert text, name


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_help_texts_are_short_sentences_without_riddles(name: str, text: str) -> None:
    for sentence in sentences(text):
        assert len(sentence.split()) <= MOST_WORDS, sentence
        assert not RIDDLE.match(sentence), sentence


def test_docstrings_of_constants_are_short_sentences_without_riddles() -> None:
    found = [(place, each) for place, text in constants() for each in sentences(text)]
    assert len(found) > 100
    wrong = [
        (place, each)
        for place, each in found
        if len(each.split()) > MOST_WORDS or RIDDLE.match(each)
    ]
    assert not wrong


def test_descriptions_of_attributes_say_what_they_are() -> None:
    found = list(described())
    assert len(found) > 1000
    assert not [(place, line) for place, line in found if HALF.match(line)]
