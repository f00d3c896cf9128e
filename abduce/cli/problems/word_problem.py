"""The command `word-problem`: a text to an equation, its value, and where its numbers came from."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abduce.cli.terminal import ConfigFile, Json, Quiet, Settings, print_json, say, show
from abduce.errors import Exit

if TYPE_CHECKING:
    from abduce.neural.word_problems.answering import Answer


def word_problem(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            help="The problem, in English, with one question; - reads it from stdin.",
        ),
    ],
    modules: Annotated[
        Path,
        typer.Option(
            "--modules",
            metavar="FOLDER",
            help="The folder of the model, as `abduce train word-problem` keeps it.",
        ),
    ] = Path("modules"),
    rivals: Annotated[
        int, typer.Option(min=0, help="The upper limit on the number of other answers to print.")
    ] = 3,
    config: ConfigFile = None,
    set_: Settings = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> None:
    """Solve a word problem: print an equation, its value, and the words its numbers came from.

    The equation is the likeliest one of a trained model, and nothing proves that it is right. The
    value of the equation is exact. The confidence is the probability that the model gives to the
    value.

    --config and --set change how the answer is searched for, such as search.beam=10.
    """
    from abduce import clock
    from abduce.configuration import configured
    from abduce.neural.program_decoder.files import load
    from abduce.neural.word_problems.answering import NAME, answers
    from abduce.neural.word_problems.config import AnsweringConfig
    from abduce.neural.word_problems.problem import check_one_question, problem
    from abduce.text import read_text

    watch = clock.Stopwatch.now()
    chosen = configured(AnsweringConfig(), config, set_ or ())
    story = " ".join((read_text("-", "a word problem")[0] if text == "-" else text).split())
    problem(story)  # what is wrong with a text is said before a model is read
    check_one_question(story)
    kept = load(NAME, modules, "abduce train word-problem")
    found = answers(kept, story, chosen)
    if json_:
        first = found[0].told if found else None
        others = [answer.told for answer in found[1 : rivals + 1]]
        print_json({"text": story, "answer": first, "others": others, "proved": False})
    elif found:
        for line in _lines(found, rivals):
            show(line)
    if not found:
        say("abduce: no equation that was found has a value that can be the answer")
        raise typer.Exit(Exit.GAVE_UP)
    if not quiet:
        say(f"not proved; {watch.wall_s:.1f} s")


def _lines(found: "list[Answer]", rivals: int) -> Iterator[str]:
    from abduce.grammars.arithmetic.expressions import decimal

    best = found[0]
    yield f"{best.equation} = {decimal(best.value)}"
    for used in best.used:
        place = f"characters {used.start + 1} to {used.end}"
        yield f"    {decimal(used.value)}: {used.text!r}, {place}"
    yield f"confidence: {best.confidence:.2f}"
    for other in found[1 : rivals + 1]:
        value = decimal(other.value)
        yield f"another answer: {other.equation} = {value} (confidence {other.confidence:.2f})"
