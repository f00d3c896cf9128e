"""How commands speak: the answer on stdout, the rest on stderr; and the options they share."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from abduce.errors import InputError
from abduce.printing import printable_json, write_line

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON value on stdout and nothing else.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="Look for data sets here first (or set ABDUCE_DATA)."
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout-s", metavar="SECONDS", help="Stop then, and use what there is.", min=0.001
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Where the record goes; records/solve.jsonl if left out."),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="A JSON file that changes the learner's configuration."
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="Change one field of it, as priors.reused_token=9; may be given again.",
    ),
]


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


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """A line on stderr that says what is being done, and goes when it is done; None where stderr is
    no terminal, or where it was not wanted."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.text import Text

    from abduce.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda text: status.update(Text(text))


def check_options(what: str, given: Mapping[str, Any], meant: Sequence[str]) -> None:
    """Raises: InputError, where an option was given that means nothing there."""
    for name, value in given.items():
        option = name.replace("_", "-")
        if value is not None and value is not False and option not in meant:
            expected = tuple(f"--{each}" for each in meant) or ("none",)
            raise InputError(f"--{option} with {what}", expected)
