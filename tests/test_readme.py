"""The README is short, its commands can be typed as they stand, its examples print what it shows.

Links of the README and of the pages of docs/ lead somewhere, and their sentences are short.
"""

import doctest
import importlib.util
import os
import re
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


def examples() -> list[tuple[str, str]]:
    """Blocks of commands, and the blocks after them: what they print on stdout."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```bash\n(.*?)^```\n+```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def lines_of(printed: str) -> list[str]:
    """Lines without what depends on the machine or on the version: seconds, megabytes, hashes."""
    masked = re.sub(r"\b\d+(\.\d+)? (?=(CPU )?s\b|MB\b)", "N ", printed)
    masked = re.sub(r"(?<=configuration )[0-9a-f]{12}\b", "HASH", masked)
    return [line.rstrip() for line in masked.splitlines()]


COMMANDS = [command for command, _ in quick_start() if command.split()[0] not in OF_A_CHECKOUT]


def test_each_line_says_which_extra_it_needs() -> None:
    told = {"no extra", *(f"extra {name}" for name in EXTRAS)}
    assert COMMANDS
    for command, comment in quick_start():
        if command in COMMANDS:
            assert comment.partition(":")[0] in told, command
        else:
            assert comment, command


def environment_of(folder: Path) -> dict[str, str]:
    """One in which `abduce` is the command of this checkout."""
    programs = folder / "programs"
    programs.mkdir()
    abduce = programs / "abduce"
    abduce.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m abduce "$@"\n')
    abduce.chmod(0o755)
    path = os.pathsep.join((str(programs), os.environ["PATH"]))
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


@pytest.mark.slow
def test_each_line_runs(tmp_path: Path) -> None:
    """In their order and in one folder, for some lines use what others made."""
    environment = environment_of(tmp_path)
    for command in COMMANDS:
        done = subprocess.run(
            ("bash", "-o", "pipefail", "-c", command), cwd=tmp_path, env=environment,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout, command


@pytest.mark.slow
def test_each_example_prints_what_is_shown(tmp_path: Path) -> None:
    """In a folder that has the checkout's `abduce`: nothing is written into the checkout."""
    environment = environment_of(tmp_path)
    (tmp_path / "abduce").symlink_to(ROOT / "abduce")
    assert len(examples()) == 3  # one for each door
    for commands, shown in examples():
        done = subprocess.run(
            ("bash", "-e", "-o", "pipefail", "-c", commands), cwd=tmp_path, env=environment,
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stderr}"
        assert lines_of(done.stdout) == lines_of(shown), commands


def test_the_python_of_the_readme_prints_what_is_shown() -> None:
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried >= 3
    assert failed == 0


def test_the_readme_is_at_most_150_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").iterdir():
        assert page.name == "README.md" or f"]({page.name})" in index, page.name


def heading_link(heading: str) -> str:
    """What GitHub makes of a heading: lower case, no punctuation, hyphens for blanks."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(page: Path) -> set[str]:
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    return {heading_link(line.lstrip("# ")) for line in text.splitlines() if line.startswith("#")}


PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("http:", "https:")):
            continue
        name, _, heading = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        assert not heading or heading in headings(file), target


FOLDERS = ("abduce", "benchmarks", "grammars", "neural", "scripts", "symbolic", "tests", "verify")
OF_A_PAGE = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w/.-]*)`")
"""Paths of the checkout, with or without the suffix `.py`."""


@pytest.mark.parametrize("page", PAGES[:2] + tuple(sorted((ROOT / "docs").glob("*.md"))),
                         ids=lambda page: str(page.relative_to(ROOT)))  # fmt: skip
def test_paths_that_a_page_names_are_there(page: Path) -> None:
    """Not of the decisions, which tell what was true when they were taken."""
    for path in OF_A_PAGE.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / path).exists() or (ROOT / f"{path}.py").exists(), path


@pytest.mark.parametrize("page", PAGES[:2] + tuple(sorted((ROOT / "docs").glob("*.md"))),
                         ids=lambda page: str(page.relative_to(ROOT)))  # fmt: skip
def test_what_a_page_imports_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for module, names in re.findall(
        r"^(?:>>>)? *from (abduce[\w.]*) import (.+)$", text, re.MULTILINE
    ):
        for name in names.split(", "):
            there = hasattr(importlib.import_module(module), name)
            assert there or importlib.util.find_spec(f"{module}.{name}"), f"{module}.{name}"


def prose(page: str) -> list[str]:
    """The sentences of a page of Markdown, without its code; every cell of a table is apart."""
    text = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith("    ")]
    parts = re.split(r"\n\s*\n|\n(?=- |\d+\. |\|)|\|", "\n".join(lines))
    return [each for part in parts for each in re.split(r"[.:;?!][)*\"]*\s+", part)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_sentences_have_at_most_30_words(page: Path) -> None:
    sentences = prose(page.read_text(encoding="utf-8"))
    assert not [each for each in sentences if len(each.split()) > 30]
