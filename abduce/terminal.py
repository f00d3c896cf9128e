"""How commands speak: the answer on stdout, the rest on stderr; and the options they share."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from abduce.errors import InputError

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


def say(text: str) -> None:
    """One message for the person, on stderr."""
    typer.echo(text, err=True)


def print_json(value: object) -> None:
    """The answer of a command that was given --json."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """A line on stderr that says what is being done, and goes when it is done; None where stderr is
    no terminal, or where it was not wanted."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("starting") as status:
        yield lambda text: status.update(escape(text))


def check_options(what: str, given: Mapping[str, Any], meant: Sequence[str]) -> None:
    """Raises: InputError, where an option was given that means nothing there."""
    for name, value in given.items():
        option = name.replace("_", "-")
        if value is not None and value is not False and option not in meant:
            expected = tuple(f"--{each}" for each in meant) or ("none",)
            raise InputError(f"--{option} with {what}", expected)
