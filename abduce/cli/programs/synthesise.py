"""The command `synthesise`: find a program from examples of its inputs and outputs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce.cli.terminal import (
    ConfigFile,
    Json,
    Quiet,
    Settings,
    Timeout,
    note_folders,
    print_json,
    say,
    show,
)
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.symbolic.synthesis import Candidate, GaveUp, Library, Solved
    from abduce.symbolic.synthesis.proving.verdicts import Equality


def synthesise(
    examples: Annotated[
        str,
        typer.Argument(
            metavar="EXAMPLES.json",
            help="The file with the examples, or - to read them from stdin.",
        ),
    ],
    library: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A file of learned programs that the new program may call."
        ),
    ] = None,
    save_library: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write the library to, with the program that was found added to it.",
        ),
    ] = None,
    name: Annotated[
        str,
        typer.Option(metavar="NAME", help="The name of the program in the saved library."),
    ] = "learned",
    noise: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            min=0,
            max=0.99,
            help="The share of the examples, by weight, that the program may leave unexplained. "
            "Default: 0.",
        ),
    ] = None,
    prove: Annotated[
        bool,
        typer.Option(
            "--prove",
            help="Also prove that the program equals a function such as x + y for all natural "
            "numbers, if it does. This needs z3.",
        ),
    ] = False,
    primitives: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.py",
            help="A Python file with the primitives that programs are made of, in place of the "
            "built-in ones. The file is run.",
        ),
    ] = None,
    ask: Annotated[
        bool,
        typer.Option(
            "--ask",
            help="While two programs explain the examples and differ on an input, ask for its "
            "output. Answers are JSON, one a line; an empty line ends the questions.",
        ),
    ] = False,
    config: ConfigFile = None,
    set_: Settings = None,
    timeout_s: Timeout = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Find a program from examples of its inputs and outputs: synthesise EXAMPLES.json.

    The file holds {"type": "integer integer -> integer", "examples": [[[3, 4], 7], ...]}. Values
    are natural numbers, or arrays of tokens. The search has no randomness.

    With a type such as "[int] int -> [int]", values are integers, booleans (bool), strings (string)
    or lists of these. Programs then have other primitives, and functions as arguments. --noise and
    --prove are not for such programs, and their libraries have a format of their own.

    --config and --set change settings of the search, such as patience=100000. docs/synthesis.md
    says where they are explained.
    """
    from dataclasses import replace

    from abduce import clock
    from abduce.cli.programs.functional import (
        FunctionAsked,
        functional_data,
        synthesise_functional,
    )
    from abduce.configuration import configured
    from abduce.files import write_whole
    from abduce.symbolic.nsr.priors import PRIORS
    from abduce.symbolic.synthesis import Budget, Library, Solved
    from abduce.symbolic.synthesis import synthesise as search
    from abduce.symbolic.synthesis.files import library_text, read_library, read_task
    from abduce.text import read_text

    began = clock.wall_s()
    if ask and examples == "-":
        raise InputError("--ask with examples from stdin, where answers come from", ("a file",))
    text, path = read_text(examples, "a file with examples")
    data = functional_data(text, primitives is not None or ask)
    if data is not None:
        given = {
            "--noise": noise is not None,
            "--prove": prove,
        }
        asked = FunctionAsked(
            primitives=primitives,
            ask=ask,
            library=library,
            save_library=save_library,
            name=name,
            config=config,
            settings=tuple(set_ or ()),
            timeout_s=timeout_s,
            quiet=quiet,
            json_=json_,
            other=tuple([option for option, is_given in given.items() if is_given]),
        )
        synthesise_functional(data, path, asked)
        return
    budget = configured(Budget(), config, set_ or ())
    if noise is not None:
        budget = replace(budget, noise=noise)
    known = Library() if library is None else read_library(*read_text(str(library)))
    task = read_task(text, path, known.alphabet)
    if save_library is not None:
        known.check_name(name)
        if not quiet:
            note_folders(save_library)
    known = _natively(known, quiet, prove)
    left = None if timeout_s is None else max(0.001, timeout_s - (clock.wall_s() - began))
    found = search(task.examples, task.type, known, budget, seconds=left, prices=PRIORS)
    answer: dict[str, Any] = _answer(found, known) | {"s": round(clock.wall_s() - began, 3)}
    if isinstance(found, Solved):
        if prove:
            verdict = _proof(found.program, known)
            answer["proof"] = _proof_data(verdict)
        if save_library is not None:
            grown = known.added(name, found.program, task.type)
            write_whole(save_library, library_text(grown).encode())
    if json_:
        print_json(answer)
    else:
        for line in _lines(answer):
            show(line)
    if not quiet:
        say(f"{found.tried:,} programs tried, {answer['s']:.2f} s")
    if not isinstance(found, Solved):
        raise typer.Exit(Exit.GAVE_UP)


def _natively(library: "Library", quiet: bool, needed: bool) -> "Library":
    """The library with native versions of what is proved to equal them, where z3 is installed."""
    from importlib.util import find_spec

    if not len(library) or (find_spec("z3") is None and not needed):
        return library
    from abduce.symbolic.synthesis.proving.replacing import natively

    library = natively(library)
    if not quiet:
        for entry in library:
            if entry.proof is not None:
                say(f"{entry.name}: proved, {entry.proof}")
            else:
                say(f"{entry.name}: runs as it was learned, no native function is proved equal")
    return library


def _answer(found: "Solved | GaveUp", library: "Library") -> dict[str, Any]:
    from abduce.symbolic.programs.typed.program_data import term_data
    from abduce.symbolic.synthesis import GaveUp

    if isinstance(found, GaveUp):
        return {"outcome": "gave up", "reason": found.reason, "tried": found.tried}
    expanded = library.expanded(found.program)
    return {
        "outcome": "solved",
        "program": str(found.program),
        "expanded": str(expanded),
        "term": term_data(found.program.term),
        "bits": found.bits,
        "unexplained": found.unexplained,
        "front": [_candidate(candidate) for candidate in found.front],
        "tried": found.tried,
    }


def _candidate(candidate: "Candidate") -> dict[str, Any]:
    return {
        "program": str(candidate.program),
        "bits": candidate.bits,
        "unexplained": candidate.unexplained,
    }


def _proof(program: Any, library: "Library") -> "Equality":
    """The function that a program is proved to equal; else why none is."""
    from abduce.symbolic.synthesis.proving.replacing import statement

    return statement(program, library)


def _proof_data(verdict: "Equality") -> dict[str, Any]:
    from abduce.symbolic.synthesis.proving.verdicts import Proved, Refuted

    match verdict:
        case Proved():
            return {"verdict": "proved", "claim": verdict.claim}
        case Refuted():
            return {"verdict": "refuted", "arguments": list(verdict.arguments)}
        case _:
            return {"verdict": "unknown", "reason": verdict.reason}


def _lines(answer: dict[str, Any]) -> list[str]:
    if answer["outcome"] != "solved":
        return [f"gave up: {answer['reason']}"]
    lines = [f"{answer['program']}   ({answer['bits']:g} bits)"]
    if answer["expanded"] != answer["program"]:
        lines.append(f"= {answer['expanded']}")
    if answer["unexplained"]:
        lines.append(f"unexplained examples: a weight of {answer['unexplained']:g}")
    proof = answer.get("proof")
    if proof:
        lines.append(
            f"proved: {proof['claim']}"
            if proof["verdict"] == "proved"
            else f"not proved: {proof.get('reason', '')}"
        )
    return lines
