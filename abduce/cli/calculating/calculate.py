"""The command `calculate`: a question of mathematics, answered by a program that is shown."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.terminal import Json, print_json, say, show
from abduce.errors import Exit, InputError


def calculate(
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="QUESTION",
            help="The question, with formulas in LaTeX or as plain text, or - to read it from "
            "stdin.",
            show_default=False,
        ),
    ] = None,
    timeout_s: Annotated[
        float,
        typer.Option(
            "--timeout-s",
            metavar="SECONDS",
            min=0.1,
            help="The upper limit on the running time of the program, in seconds.",
        ),
    ] = 10.0,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw the graph that the question asks for."),
    ] = None,
    generate: Annotated[
        str | None,
        typer.Option(
            metavar="INTENT",
            help="Make new questions of this kind with their answers, instead of answering one.",
        ),
    ] = None,
    number: Annotated[
        int, typer.Option("-n", metavar="N", min=1, help="The number of new questions.")
    ] = 5,
    seed: Annotated[int, typer.Option(min=0, help="The random seed of new questions.")] = 0,
    json_: Json = False,
) -> None:
    """Answer a question of mathematics by a program, and show the program and its steps.

    A question that is not understood as a whole is refused, and an answer that its cross-check
    contradicts is withheld. The program runs in a process of its own, with limits on its time and
    memory and without files and network.

    Exit codes: 0 answered, 2 a formula cannot be read, 3 not understood, 4 no answer was found, or
    it was withheld or stopped.
    """
    from abduce.symbolic.calculation.answering import calculate as answer_to

    if generate is not None:
        _generate(generate, number, seed, json_)
        return
    if question is None:
        raise InputError("no question", advice="Give a question, or - to read it from stdin.")
    text = sys.stdin.read() if question == "-" else question
    from abduce.cli.calculating.telling import as_json, told

    found = answer_to(text, timeout_s)
    if plot is not None:
        from abduce.symbolic.calculation.plotting import draw

        draw(found, plot)
        say(f"graph: {plot}")
    if json_:
        print_json(as_json(found))
    else:
        for line in told(found):
            show(line)
    if found.outcome.outcome != "answered":
        raise typer.Exit(Exit.GAVE_UP)


def _generate(intent: str, number: int, seed: int, json_: bool) -> None:
    from abduce.symbolic.calculation.generating import generated

    made = generated(intent, number, seed)
    if json_:
        print_json([{"question": q, "answer": a} for q, a in made])
        return
    for text, answer in made:
        show(f"{text}\t{answer}")
