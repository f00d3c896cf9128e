"""The command `sql`: a question about a database, its query, its rows, and rivals."""

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.terminal import ConfigFile, Json, Quiet, Settings, print_json, say, show
from abduce.errors import Exit


def sql_ask(
    question: Annotated[
        str,
        typer.Argument(metavar="QUESTION", help="The question, in English; - reads it from stdin."),
    ],
    database: Annotated[
        Path,
        typer.Option(
            "--db",
            metavar="DATABASE",
            help="An SQLite file, a folder with a file TABLE.csv for each table, or a file of "
            "CREATE and INSERT statements whose name ends in .sql. It is only read.",
        ),
    ],
    modules: Annotated[
        Path,
        typer.Option(
            "--modules",
            "--model",
            metavar="FOLDER",
            help="The folder of the model, as `abduce train sql` keeps it.",
        ),
    ] = Path("modules"),
    schema: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A file of keys in place of those of the database: in the form of Spider's "
            "tables.json, or CREATE TABLE statements in a file whose name ends in .sql.",
        ),
    ] = None,
    rows: Annotated[
        int, typer.Option(min=1, help="The upper limit on the number of rows to print.")
    ] = 20,
    rivals: Annotated[
        int, typer.Option(min=0, help="The upper limit on the number of other queries to print.")
    ] = 3,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Print what the words of the question name, how the query was derived, the keys, "
            "and how queries with the same rows compare on other databases.",
        ),
    ] = False,
    config: ConfigFile = None,
    set_: Settings = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> None:
    """Answer a question about a database: print a query, its rows, and other queries.

    A trained model writes the query, and nothing proves that it is what the question means. The
    query can only read. The confidence is the probability that the model gives to the rows.

    --config and --set change how the answer is searched for, such as search.beam=10.
    """
    from abduce import clock
    from abduce.cli.queries.answers import answer_json, explained, keys_assumed, lines
    from abduce.configuration import configured
    from abduce.neural.program_decoder.files import load
    from abduce.neural.questions_to_sql.answering import TRAIN, ask, check_model
    from abduce.neural.questions_to_sql.config import AnsweringConfig
    from abduce.neural.questions_to_sql.known import known_database
    from abduce.neural.questions_to_sql.posing import check_question
    from abduce.neural.questions_to_sql.training import NAME
    from abduce.symbolic.databases.reading import opened
    from abduce.text import read_text

    watch = clock.Stopwatch.now()
    chosen = configured(AnsweringConfig(), config, set_ or ())
    text = read_text("-", "a question")[0] if question == "-" else question
    plain = check_question(text)  # what is wrong with a question is said before a model is read
    deadline = clock.wall_s() + chosen.looking_s
    with opened(database, schema, deadline=deadline) as found:
        kept = load(NAME, modules, TRAIN)
        check_model(kept)
        known = known_database(found, deadline=deadline)
        answer = ask(found, plain, kept, chosen, known)
        best = answer.best
        if json_:
            told = answer_json(answer, rows, rivals)
            more = {"explanation": explained(answer, found.schema).told} if explain else {}
            cost = {"wall_s": watch.wall_s}
            keys = list(keys_assumed(found.schema))
            print_json({**told, "assumed_keys": keys, **more, **cost})
        else:
            for line in lines(answer, rows, rivals):
                show(line)
            for line in explained(answer, found.schema).lines if explain else ():
                show(line)
            for line in keys_assumed(found.schema, best.sql) if best else ():
                show(line)
    if answer.left_out and not quiet:
        say(f"abduce: too many tables for the model; not looked at: {', '.join(answer.left_out)}")
    if not known.index.full[0] and not quiet:
        say("abduce: the database is large; some of its texts were not looked at")
    if best is None:
        say(f"abduce: no answer. {answer.refused}")
        raise typer.Exit(Exit.GAVE_UP)
    if answer.unsure and not quiet:
        say("abduce: the model is unsure; the query may not be what the question means")
    if not quiet:
        say(f"not proved; {watch.wall_s:.1f} s")
