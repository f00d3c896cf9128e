"""The commands `sql`, which asks a question, and `sql compare`: are two queries equal on every
database of a schema?
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from abduce.cli.queries.asking import sql_ask
from abduce.cli.terminal import Json, print_json, show
from abduce.errors import Exit

ASK = "ask"


class AsksByDefault(TyperGroup):
    """A group of commands whose name without one of them asks a question."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments with `ask` in front, unless they begin with a command or ask for help."""
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = [ASK, *args]
        return super().parse_args(ctx, args)


sql_app = typer.Typer(cls=AsksByDefault, no_args_is_help=True)
Query = Annotated[str, typer.Argument(metavar="QUERY", help="A SELECT statement of SQLite.")]


@sql_app.callback()
def sql() -> None:
    """Answer a question about a database with a query, or compare two queries.

    `abduce sql --db FILE "QUESTION"` is short for `abduce sql ask --db FILE "QUESTION"`.
    """


sql_app.command(ASK)(sql_ask)


@sql_app.command("compare")
def sql_compare(
    database: Annotated[
        Path,
        typer.Argument(
            metavar="DATABASE",
            help="An SQLite file, a folder of CSV files, or a file of CREATE and INSERT "
            "statements whose name ends in .sql. It is only read, and only its schema counts.",
        ),
    ],
    first: Query,
    second: Query,
    schema: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A file of keys in place of those of the database: in the form of Spider's "
            "tables.json, or CREATE TABLE statements in a file whose name ends in .sql.",
        ),
    ] = None,
    assume_keys: Annotated[
        bool,
        typer.Option(
            "--assume-keys",
            help="Use keys that are guessed from the rows where the database states none.",
        ),
    ] = False,
    rows: Annotated[
        int,
        typer.Option(
            metavar="K",
            min=1,
            max=5,
            help="The number of rows a table up to which equality is shown where it is not proved.",
        ),
    ] = 3,
    timeout_s: Annotated[
        float,
        typer.Option(
            "--timeout-s",
            metavar="SECONDS",
            min=0.001,
            help="The upper limit on the running time, in seconds.",
        ),
    ] = 10.0,
    seed: Annotated[int, typer.Option(min=0, help="The random seed.")] = 0,
    script: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the database on which the queries differ to this file, as SQL.",
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Say whether two SQL queries have the same rows on every database of a schema.

    Exit codes: 0 proved, 5 refuted by a database that is shown, 6 equal up to a number of rows
    (which is no proof), 4 unknown.
    """
    from abduce import clock
    from abduce.cli.queries.telling import keys_told, told
    from abduce.files import write_whole
    from abduce.symbolic.databases.reading import opened
    from abduce.verify.queries.comparing import Budget, compare
    from abduce.verify.queries.verdict import EqualUpTo, Proved, Refuted
    from abduce.verify.queries.verdict_json import comparison_json

    watch = clock.Stopwatch.now()
    deadline = clock.wall_s() + timeout_s
    with opened(database, schema, deadline=deadline) as found:
        known = found.schema
    left = max(0.001, deadline - clock.wall_s())
    budget = Budget(timeout_s=left, rows=rows, assume_keys=assume_keys, seed=seed)
    verdict = compare(known, first, second, budget)
    if script is not None and isinstance(verdict, Refuted):
        write_whole(script, verdict.script.encode())
    keys = list(keys_told(known, assume_keys))
    if json_:
        cost = {"cpu_s": watch.cpu_s, "wall_s": watch.wall_s}
        print_json({**comparison_json(verdict), "keys": keys, **cost})
    else:
        for line in told(verdict, known):
            show(line)
        for key in keys:
            show(key)
    match verdict:
        case Proved():
            return
        case Refuted():
            raise typer.Exit(Exit.REFUTED)
        case EqualUpTo():
            raise typer.Exit(Exit.BOUNDED)
        case _:
            raise typer.Exit(Exit.GAVE_UP)
