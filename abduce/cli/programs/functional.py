"""`synthesise` where examples hold integers, booleans, strings or lists of these."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abduce.cli.terminal import note_folders, print_json, say, show
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.symbolic.synthesis.functional.synthesise import FunctionFound, NoFunction
    from abduce.symbolic.synthesis.functional.types import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAsked:
    """The options of the command that these programs take.

    Attributes:
        library, save_library, name: the library to read, and where and as what to save.
        other: the options given that only programs of natural numbers and tokens take.
    """

    primitives: Path | None
    ask: bool
    library: Path | None
    save_library: Path | None
    name: str
    config: Path | None
    settings: tuple[str, ...]
    timeout_s: float | None
    quiet: bool
    json_: bool
    other: tuple[str, ...]


def functional_data(text: str, forced: bool) -> Any:
    """The content of a file with examples that are for functional programs; else None.

    Args:
        forced: whether an option says that they are.
    """
    import json

    from abduce.symbolic.synthesis.functional.examples import is_functional

    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None  # the reader of the other programs says where the text is wrong
    return data if forced or is_functional(data) else None


def synthesise_functional(data: Any, path: Path | str | None, asked: FunctionAsked) -> None:
    """Find a functional program, and print it."""
    from abduce import clock
    from abduce.configuration import configured
    from abduce.files import write_whole
    from abduce.symbolic.synthesis.functional.asking import synthesise_asking
    from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
    from abduce.symbolic.synthesis.functional.examples import read_functional_task
    from abduce.symbolic.synthesis.functional.library import (
        FunctionLibrary,
        library_text,
        read_function_library,
    )
    from abduce.symbolic.synthesis.functional.primitives import primitives_of
    from abduce.symbolic.synthesis.functional.strings import STRINGS
    from abduce.symbolic.synthesis.functional.synthesise import FunctionFound, synthesise_function
    from abduce.symbolic.synthesis.functional.terms import show as term_text
    from abduce.text import read_text

    began = clock.wall_s()
    if asked.other:
        found = f"{asked.other[0]} with examples of integers, booleans, strings or lists of these"
        advice = "Write the type with integer and list, as in docs/synthesis.md, or leave it out."
        raise InputError(found, ("natural numbers or lists of tokens",), path, advice=advice)
    budget = configured(FunctionalBudget(), asked.config, asked.settings)
    task = read_functional_task(data, path)
    primitives = STRINGS if asked.primitives is None else primitives_of(asked.primitives)
    library = FunctionLibrary(primitives)
    if asked.library is not None:
        library = read_function_library(*read_text(str(asked.library)), primitives)
    if asked.save_library is not None:
        library.check(asked.name, task.type)
        if not asked.quiet:
            note_folders(asked.save_library)
    table = library.table
    left = None
    if asked.timeout_s is not None:
        left = max(0.001, asked.timeout_s - (clock.wall_s() - began))
    more: dict[str, Any] = {}
    try:
        if asked.ask:
            told = synthesise_asking(
                task.examples, task.type, _person(task.type), table, budget, seconds=left
            )
            answer = told.found
            questions = [[list(each.arguments), each.answer] for each in told.questions]
            more = {"questions": questions, "open": told.open}
        else:
            answer = synthesise_function(task.examples, task.type, table, budget, seconds=left)
    except InputError as error:
        error.path = error.path or path
        raise
    if isinstance(answer, FunctionFound) and asked.save_library is not None:
        grown = library.added(asked.name, answer.program.term, task.type)
        write_whole(asked.save_library, library_text(grown).encode())
    seconds = round(clock.wall_s() - began, 3)
    if asked.json_:
        print_json(_answer(answer) | more | {"type": str(task.type), "s": seconds})
    elif isinstance(answer, FunctionFound):
        show(f"{answer.program}   ({answer.program.bits} bits)")
        expanded = library.expanded(answer.program.term)
        if expanded != answer.program.term:
            show(f"= {term_text(expanded)}")
        if more.get("open"):
            show("open: another program explains the examples too, and differs on other inputs")
    else:
        show(f"gave up: {answer.reason}")
    if not asked.quiet:
        say(f"{answer.tried:,} programs tried, {seconds:.2f} s")
    if not isinstance(answer, FunctionFound):
        raise typer.Exit(Exit.GAVE_UP)


def _person(type: "Signature") -> Callable[..., Any]:
    """Asks whoever sits at the terminal; an empty line, or the end of the input, is no answer.

    Raises:
        InputError: an answer is not a value of the type, as JSON has it.
    """
    import json
    import sys

    from abduce.symbolic.synthesis.functional.primitives import held
    from abduce.symbolic.synthesis.functional.terms import shown
    from abduce.symbolic.synthesis.functional.types import belongs

    def ask(*arguments: Any) -> Any:
        say(f"What is the output for {', '.join(map(shown, arguments))}?")
        line = sys.stdin.readline().strip()
        if not line:
            return None
        try:
            value = held(json.loads(line))
        except (json.JSONDecodeError, RecursionError):
            value = None
        if not belongs(value, type.result):
            expected = (f"a value of the type {type.result} as JSON, or an empty line",)
            raise InputError(f"the answer {line!r:.80}", expected, "<stdin>")
        return value

    return ask


def _answer(found: "FunctionFound | NoFunction") -> dict[str, Any]:
    from abduce.symbolic.synthesis.functional.synthesise import NoFunction
    from abduce.symbolic.synthesis.functional.terms import data

    if isinstance(found, NoFunction):
        return {"outcome": "gave up", "reason": found.reason, "tried": found.tried}
    return {
        "outcome": "solved",
        "program": str(found.program),
        "term": data(found.program.term),
        "bits": found.program.bits,
        "others": [{"program": str(p), "bits": p.bits} for p in found.fits[1:]],
        "tried": found.tried,
    }
