"""What commands print (the answer on stdout, the rest on stderr), and the options they share."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from abduce import clock
from abduce.cli.recording import RECORD_HELP
from abduce.errors import InputError
from abduce.printing import printable_json, write_line

EVERY_S = 15.0
"""The time between two lines of progress where stderr is no terminal."""

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON value on stdout and nothing else.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not print progress or notes.")]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="The folder to search first for data sets. The environment variable ABDUCE_DATA sets "
        "it too.",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout-s",
        metavar="SECONDS",
        help="The upper limit on the running time, in seconds. The command then stops, with what "
        "it has found so far. Default: no limit.",
        min=0.001,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="The file to add the record to. Default: records/solve.jsonl."
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="A JSON file with settings to change."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="The name of a setting and its new value. The option may be repeated.",
    ),
]
Risk = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        min=0,
        max=1,
        help="The error to allow, such as 0.01: answers whose posterior is below 1 - SHARE are "
        "withheld. Default: those below 0.5.",
    ),
]
RecordFile = Annotated[Path | None, typer.Option("--record", metavar="FILE", help=RECORD_HELP)]


def say(text: str) -> None:
    """One message for the person, on stderr."""
    write_line(sys.stderr, text)


def show(text: str = "") -> None:
    """A line of the answer, or several, on stdout."""
    write_line(sys.stdout, text)


def print_json(value: object) -> None:
    """The answer of a command that was given --json."""
    show(json_text(value, indent=2))


def json_text(value: object, indent: int | None = None) -> str:
    """JSON in which nothing steers a terminal, and which every stream can be given."""
    unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    return printable_json(json.dumps(value, ensure_ascii=not unicode, indent=indent))


def note_folders(*files: Path | None) -> None:
    """Says on stderr which folders are missing, and are made for the files that will be written."""
    folders = [file.parent for file in files if file is not None]
    for folder in dict.fromkeys(folders):
        if not folder.exists():
            say(f"note: there is no folder {folder}; it is made")


def check_svg(option: str, file: Path | None) -> None:
    """Makes sure that a drawing goes to a file whose name says that it is SVG.

    Raises:
        InputError: the name ends otherwise.
    """
    if file is not None and file.suffix.lower() != ".svg":
        raise InputError(f"{option} {file}", ("a file name that ends in .svg",))


def _lines_now_and_then() -> Callable[[str], None]:
    """A function that writes what it is told, but no more than a line every EVERY_S seconds; and
    none at first, so that a short run writes nothing."""
    last = clock.wall_s()

    def tell(text: str) -> None:
        nonlocal last
        if (now := clock.wall_s()) - last >= EVERY_S:
            last = now
            say(text)

    return tell


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """What is done at the moment, on stderr: a line of a terminal that disappears at the end, or
    elsewhere a new line every EVERY_S seconds. None if no progress is wanted."""
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield _lines_now_and_then()
        return
    from rich.text import Text

    from abduce.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda text: status.update(Text(text))
