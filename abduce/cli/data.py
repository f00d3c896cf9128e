"""The commands `data lambda` and `data make`: generated data sets; the table of `data list`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from abduce.cli.terminal import Json, Quiet, note_folders, print_json, progress, say, show


def data_lambda(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file to write the JSON lines to. Default: stdout."),
    ] = None,
    family: Annotated[
        Literal["closed-bool", "open-bool", "general"], typer.Option(help="The family of terms.")
    ] = "closed-bool",
    split: Annotated[
        Literal["train", "valid", "test"], typer.Option(help="The split; no term is in two splits.")
    ] = "train",
    count: Annotated[int, typer.Option(metavar="N", min=1, help="The number of terms.")] = 1000,
    shortest: Annotated[
        int, typer.Option(metavar="N", min=1, help="The least length, in tokens.")
    ] = 2,
    longest: Annotated[
        int, typer.Option(metavar="N", min=1, help="The greatest length, in tokens.")
    ] = 50,
    fuel: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="The upper limit on beta steps to the normal form."),
    ] = 1000,
    largest: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="The upper limit on the nodes of the normal form."),
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="The random seed.")] = 0,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Generate random lambda terms with their next step and normal form, as JSON lines.

    The same options give the same file. --json prints a summary, and needs --out.
    """
    from abduce.benchmarks.data.lambda_terms import Sample, samples
    from abduce.errors import InputError
    from abduce.files import write_whole

    if json_ and out is None:
        raise InputError("--json without --out", ("--out FILE",))
    wanted = Sample(
        family=family,
        split=split,
        count=count,
        seed=seed,
        shortest=shortest,
        longest=longest,
        fuel=fuel,
        largest=largest,
    )
    if out is None:
        for line in samples(wanted):
            show(line)
        return
    if not quiet:
        note_folders(out)
    lines: list[str] = []
    with progress(quiet) as tell:
        for line in samples(wanted):
            lines.append(line)
            if tell and len(lines) % 100 == 0:
                tell(f"{len(lines):,} of {count:,} terms")
    write_whole(out, "".join(f"{line}\n" for line in lines).encode())
    if json_:
        print_json({"file": str(out), "terms": len(lines)})
    elif not quiet:
        say(f"{len(lines):,} terms: {out}")


def data_make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The data set: hint.")],
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The folder to write the files to. Default: where `abduce data fetch` keeps them.",
        ),
    ] = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Derive a data set anew by the procedure of its authors, and check every file's SHA-256.

    HINT takes about a minute of CPU time.
    """
    from abduce.benchmarks.data.making import make
    from abduce.benchmarks.data.members import cache_folder

    folder = cache_folder() / "fetched" / name if into is None else into
    with progress(quiet) as tell:
        made = make(name, folder, tell or (lambda _: None))
    if json_:
        print_json({"name": name, "folder": str(folder), "files": list(made)})
        return
    show(f"{name}: {len(made)} files with the right sha256, in {folder}")


def data_set_table(rows: Sequence[dict[str, Any]]) -> None:
    """The data sets as a table on stdout."""
    from abduce.benchmarks.drawing.tables import Column, show_table, table_of

    def about(row: dict[str, Any]) -> str:
        return f"{row['title']}\n{'; '.join(row['origin'])} ({'; '.join(row['licence'])})"

    columns: Sequence[Column[dict[str, Any]]] = (
        Column("data set", lambda row: row["name"], wraps=False),
        Column("local", lambda row: f"{row['at_hand']}/{row['members']}", right=True, wraps=False),
        Column(
            "by fetch",
            lambda row: f"{row['downloadable'] + row['derivable']}/{row['members']}",
            right=True,
            wraps=False,
        ),
        Column("description, origin and licence", about),
    )
    show_table(table_of(columns, rows))
