"""The command `abduce`: parse, call, print. Heavy packages are imported inside the command that
needs them.

stdout carries the answer (with --json, one JSON value and nothing else), stderr the rest. Exit
codes are those of `abduce.errors.Exit`; an `AbduceError` is shown as its text, without a traceback.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from abduce.cli.answer import answer
from abduce.cli.bench.command import bench
from abduce.cli.calculating.calculate import calculate
from abduce.cli.certificates.check import check
from abduce.cli.data import data_lambda, data_make, data_set_table
from abduce.cli.demo import demo
from abduce.cli.doctor import doctor
from abduce.cli.execute import execute
from abduce.cli.kernels import prove, train
from abduce.cli.networks.soundness import soundness_app
from abduce.cli.patterns.nap import nap_app
from abduce.cli.problems.word_problem import word_problem
from abduce.cli.programs.synthesise import synthesise
from abduce.cli.queries.sql import sql_app
from abduce.cli.reduce import reduce
from abduce.cli.solve import solve
from abduce.cli.terminal import Data, Json, print_json, say, show
from abduce.door import enter
from abduce.errors import AbduceError, Exit

app = typer.Typer(
    help="Learn programs from examples, and prove what was learned.",
    epilog="Exit codes: 0 answered; 1 internal error; 2 bad usage, input or output; "
    "3 unsupported or not installed; 4 gave up at a limit; 5 refuted (`prove`); "
    "6 equal up to a bound (`sql compare`); "
    "130 interrupted (Ctrl-C); 141 output pipe closed; 143 terminated (SIGTERM).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(help="List, locate, download and generate data sets.", no_args_is_help=True)
app.add_typer(data_app, name="data")
app.add_typer(nap_app, name="nap")
app.add_typer(soundness_app, name="soundness")
app.add_typer(sql_app, name="sql")


app.command()(solve)
app.command()(answer)
app.command()(reduce)
app.command()(synthesise)
app.command("word-problem")(word_problem)
app.command()(calculate)
data_app.command("lambda")(data_lambda)
data_app.command("make")(data_make)
app.command()(bench)
app.command()(check)
app.command()(train)
app.command()(prove)
app.command()(doctor)


PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
"""Settings of commands that read their own arguments (`abduce.cli.verify` and `abduce.cli.execute`
give the reason)."""

app.command("execute", context_settings=PASSED_ON)(execute)

app.command("demo", context_settings={**PASSED_ON, "help_option_names": ["-h", "--help"]})(demo)


@app.command("verify", context_settings=PASSED_ON)
def verify(context: typer.Context) -> None:
    """Prove a property of a network, or find a counterexample: verify NET.onnx PROPERTY.vnnlib."""
    _verification(context)


@app.command("vnncomp", context_settings=PASSED_ON)
def vnncomp(context: typer.Context) -> None:
    """Verify with the arguments of VNN-COMP: vnncomp v1 CATEGORY ONNX VNNLIB RESULT TIMEOUT."""
    _verification(context)


def _verification(context: typer.Context) -> None:
    from abduce.cli.verify import command
    from abduce.clock import Stopwatch

    raise typer.Exit(command([context.info_name or "verify", *context.args], Stopwatch.now()))


def main() -> NoReturn:
    """The entry point of a process."""
    enter(lambda: run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but a bug in Abduce raises."""
    try:
        with _extras_named(arguments):
            app(list(arguments), prog_name="abduce")
    except AbduceError as error:
        say(f"abduce: {error}")
        if "--json" in arguments and not _is_verification(arguments):
            print_json({"error": error.as_json()})
        return error.exit_code
    except SystemExit as end:  # typer's own way out; it turns Ctrl-C into 130 and says nothing
        code = end.code if isinstance(end.code, int) else Exit.ANSWERED
        if code == Exit.INTERRUPTED:
            say("abduce: interrupted")
        return code
    return Exit.ANSWERED


def _is_verification(arguments: Sequence[str]) -> bool:
    """Whether a command line comes to `abduce.cli.verify`, which says itself what went wrong."""
    words = [word for word in arguments if not word.startswith("-")]
    return words[:1] in (["verify"], ["vnncomp"]) or words[:2] == ["demo", "verify"]


@contextmanager
def _extras_named(arguments: Sequence[str]) -> Iterator[None]:
    """Raises: MissingExtraError, where a command imports what is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        from abduce.extras import missing_extra

        command = next((word for word in arguments if not word.startswith("-")), "")
        missing = missing_extra(error, f"abduce {command}".rstrip())
        if missing is None:
            raise
        raise missing from error


def _version(wanted: bool | None) -> None:
    if wanted:
        from abduce import __version__

        show(f"abduce {__version__}")
        raise typer.Exit


@app.callback()
def house(
    version: Annotated[
        bool | None,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print log messages to stderr.")
    ] = False,
) -> None:
    """One handler for the log of the package, on stderr; the library itself sets up none."""
    import logging

    class Said(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(f"abduce: {record.getMessage()}")

    logger = logging.getLogger("abduce")
    logger.handlers = [Said()]
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)


@data_app.command("list")
def data_list(json_: Json = False, data: Data = None) -> None:
    """List the data sets with their origin and licence, and say which are on this machine."""
    from abduce.benchmarks.data.members import folders, overview

    rows = overview(folders(data))
    print_json(rows) if json_ else data_set_table(rows)


@data_app.command("where")
def data_where(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A data set of `abduce data list`. Default: only list the folders."
        ),
    ] = None,
    json_: Json = False,
    data: Data = None,
) -> None:
    """List the folders searched for data, in order, and where each file of a data set was found."""
    from abduce.benchmarks.data.members import folders, where

    found = where(name, folders(data))
    if json_:
        print_json(found)
        return
    for key, place in found.items():
        show(f"{key}\t{place or 'not found'}")


@data_app.command("fetch")
def data_fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A data set of `abduce data list`.")],
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="PATH",
            help="A local folder or archive to copy from, instead of downloading.",
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Download a data set into the cache, and check every file against its SHA-256 checksum.

    Data sets of `abduce data make` are derived anew, since they cannot be downloaded.
    """
    from abduce.benchmarks.data.fetch import fetch

    fetched = fetch(name, source, progress=say)
    if json_:
        print_json(fetched.as_json())
        return
    show(f"{name}: {fetched.new} new, {fetched.kept} already there, in {fetched.folder}")


@app.command("report")
def report(
    records: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="The files of records (JSON lines). Default: all files in records/.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The HTML file to write.")] = Path(
        "report.html"
    ),
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the tables as Markdown, and write no page.")
    ] = False,
    json_: Json = False,
) -> None:
    """Turn records into tables, and into one HTML page with figures."""
    from abduce.benchmarks.report.report import markdown_tables, write_report

    if markdown:
        show(markdown_tables(records or []))
        return
    summary = write_report(records or [], out, table=not json_)
    if json_:
        print_json(summary)
    else:
        say(f"page: {out}")
