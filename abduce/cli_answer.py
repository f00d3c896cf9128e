"""The command `answer`: sentences, answered with a lexicon that `solve --save` kept."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce.errors import InputError
from abduce.terminal import Json, Timeout, print_json

if TYPE_CHECKING:
    from abduce.benchmarks.learner import Answered
    from abduce.symbolic.nsr import Lexicon


def answer(
    lexicon: Annotated[Path, typer.Argument(metavar="LEXICON", help="What solve --save kept.")],
    sentences: Annotated[
        list[str], typer.Argument(metavar="SENTENCE...", help="Or - for lines from stdin.")
    ],
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the derivation tree with its values.")
    ] = False,
    timeout_s: Timeout = None,
    json_: Json = False,
) -> None:
    """Answer sentences with a lexicon that was learned before.

    One line an answer. With --json: an object for one sentence, a list of objects for several and
    for stdin.
    """
    import time

    from abduce.benchmarks.solve_metrics import as_json

    learned = _read_lexicon(lexicon)
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    found: list[dict[str, Any]] = []
    for sentence in _lines(sentences):
        given = learned.answer(tuple(sentence.split()), deadline=deadline)
        if not json_:
            for line in _shown(given, learned):
                typer.echo(line)
            if explain:
                typer.echo(learned.explain(tuple(sentence.split())))
            continue
        row = {"input": sentence, **as_json(given)}
        row["nearest"] = {word: _nearest(word, learned) for word in given.unknown}
        found.append(
            row | ({"derivation": learned.explain(tuple(sentence.split()))} if explain else {})
        )
    if json_:
        print_json(found[0] if len(sentences) == 1 and sentences != ["-"] else found)


def _shown(given: "Answered", learned: "Lexicon") -> Iterator[str]:
    """An answer as lines for a person."""
    if given.value is not None and not given.abstained:
        yield " ".join(given.value)
        return
    yield f"abstained: {given.reason}"
    for word in given.unknown:
        near = _nearest(word, learned)
        yield f"    unknown word {word!r}" + (f"; near: {', '.join(near)}" if near else "")
    for value, posterior in given.alternatives:
        yield f"    {posterior:.3f}  {' '.join(value)}"


def _nearest(word: str, learned: "Lexicon") -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, learned.words, 3, 0.6)


def _lines(sentences: Sequence[str]) -> Iterator[str]:
    for sentence in sentences:
        lines = sys.stdin if sentence == "-" else (sentence,)
        yield from (line.strip() for line in lines if line.strip())


def _read_lexicon(path: Path) -> "Lexicon":
    """What `solve --save` wrote.

    Raises:
        InputError: no such file, no JSON, or no lexicon.
    """
    from dataclasses import replace

    from abduce.symbolic.nsr import Lexicon

    expected = ("a lexicon, as `abduce solve --save` writes it",)
    try:
        text = path.read_bytes().decode("utf-8")
        return Lexicon.from_json(json.loads(text))
    except OSError as error:
        raise InputError((error.strerror or str(error)).lower(), expected, path) from error
    except json.JSONDecodeError as error:
        line = error.doc.split("\n")[error.lineno - 1]
        found = f"no JSON ({error.msg.lower()})"
        raise InputError(found, expected, path, error.lineno, error.colno, line) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise InputError("no JSON text", expected, path) from error
    except InputError as error:
        raise replace(error, path=error.path or path) from error
