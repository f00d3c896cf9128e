"""The command `answer`: answer sentences with a lexicon that `solve --save` wrote."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce.cli.terminal import (
    Json,
    Risk,
    Timeout,
    check_svg,
    note_folders,
    print_json,
    say,
    show,
)
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.benchmarks.solve.learner import Answered
    from abduce.symbolic.nsr import GaveUp, Lexicon, Revision
    from abduce.symbolic.nsr.uncertain import Uncertain

ALTERNATIVES = 10
"""The upper limit on the alternatives to a withheld answer that are shown as text."""


def answer(
    lexicon: Annotated[
        Path, typer.Argument(metavar="LEXICON", help="The file that `abduce solve --save` wrote.")
    ],
    sentences: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SENTENCE", help="The sentences to answer; - reads one per line from stdin."
        ),
    ] = None,
    image_folder: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Read the sentence from the images of a folder instead, one image for each "
            "symbol, in the order of their names. A file expressions.jsonl in it lists the images "
            "of many sentences, with one JSON list of names on each line. The network that "
            "reads them is perception.safetensors, in the folder of the lexicon.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print each derivation tree with its values.")
    ] = False,
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="OUTPUT",
            help="The expected answer. If the answer differs, print the smallest revision of the "
            "lexicon that gives it.",
        ),
    ] = None,
    weighted: Annotated[
        bool,
        typer.Option(
            "--weighted",
            help="Read each sentence as a JSON list with an entry for each position: a word, or "
            'an object of words with their probabilities, such as {"dax": 0.7, "lug": 0.3}.',
        ),
    ] = False,
    svg: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Draw the derivation tree of the sentence into this SVG file; with "
            "images or uncertain words, the likeliest tree.",
        ),
    ] = None,
    certify: Annotated[
        float | None,
        typer.Option(
            metavar="RADIUS",
            help="With --image-folder: say whether the answer stays the same, however each pixel "
            "changes by at most RADIUS, where paper is 0 and ink is 1. The result is proved, "
            "refuted with other images, or unknown.",
        ),
    ] = None,
    attack: Annotated[
        bool,
        typer.Option(
            "--attack",
            help="With --image-folder: look for the smallest change of the pixels of one image "
            "that changes the answer.",
        ),
    ] = False,
    risk: Risk = None,
    timeout_s: Timeout = None,
    json_: Json = False,
) -> None:
    """Answer sentences with a lexicon that `abduce solve` learned.

    Each line of stdin gets one line of output, and a blank line gets a blank one. With --json, one
    sentence gives an object. Several sentences, or stdin, give a list with an object for each, for
    blank lines too.
    """
    from abduce import clock
    from abduce.benchmarks.solve.metrics import as_json
    from abduce.symbolic.nsr import answer_uncertain

    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    if certify is not None or attack:
        from abduce.cli.images.certifying import Questions, certify_images

        name = "--attack" if certify is None else "--certify"
        folder = _only_images(name, image_folder, svg)
        _refuse_beside_images(sentences, explain, expect, weighted)
        asked = Questions(radius=certify, attack=attack, deadline=deadline)
        learned = _loaded(lexicon, risk, deadline)
        raise typer.Exit(certify_images(learned, folder, lexicon.parent, asked, json_))
    if image_folder is not None:
        _refuse_beside_images(sentences, explain, expect, weighted)
        sentences, weighted = _seen(image_folder, lexicon.parent), True
    check_svg("--svg", svg)
    if not sentences:
        raise InputError("no sentence", ("SENTENCE", "-", "--image-folder FOLDER"))
    for option, chosen in {"--expect": expect is not None, "--svg": svg is not None}.items():
        if chosen and (len(sentences) > 1 or sentences == ["-"]):
            raise InputError(f"{option} with several sentences", ("one sentence",))
    for option, chosen in {"--explain": explain, "--expect": expect is not None}.items():
        if weighted and chosen:
            raise InputError(f"--weighted with {option}", ("one of them",))
    learned = _loaded(lexicon, risk, deadline)
    if svg is not None:
        note_folders(svg)
        _draw(learned, sentences[0], weighted, svg)
    found: list[dict[str, Any]] = []
    for sentence, is_line in _lines(sentences):
        if weighted and (sentence or not is_line):
            given = answer_uncertain(learned, _weighted(sentence), deadline=deadline)
        else:
            given = learned.answer(tuple(sentence.split()), deadline=deadline)
        agrees, revision = _compared(given, learned, sentence, expect, deadline)
        if not json_:
            lines = [""] if is_line and not sentence else list(_shown(given, learned))
            for line in lines[:1] if is_line else lines:
                show(line)
            if explain and (sentence or not is_line):
                show(learned.explain(tuple(sentence.split())))
            for line in () if expect is None else _verdict(agrees, revision, explain):
                show(line)
            continue
        row = {"input": sentence, **as_json(given)}
        row["nearest"] = {word: _nearest(word, learned) for word in given.unknown}
        row |= {"derivation": learned.explain(tuple(sentence.split()))} if explain else {}
        if expect is not None:
            row |= {"expected": expect.split(), "agrees": agrees, "revision": _json_of(revision)}
        found.append(row)
    if json_:
        print_json(found[0] if len(sentences) == 1 and sentences != ["-"] else found)


def _loaded(path: Path, risk: float | None, deadline: float | None) -> "Lexicon":
    """The lexicon of a file, which withholds what is riskier than is allowed.

    Raises:
        InputError: it is no lexicon.
        typer.Exit: the time is up.
    """
    from abduce import clock
    from abduce.symbolic.nsr import Lexicon

    try:
        learned = Lexicon.load(path, deadline=deadline)
    except clock.OutOfTime as error:
        say("abduce: the time was up before the lexicon was read")
        raise typer.Exit(Exit.GAVE_UP) from error
    if risk is None:
        return learned
    return replace(learned, min_posterior=max(learned.min_posterior, 1 - risk))


def _only_images(option: str, folder: Path | None, svg: Path | None) -> Path:
    """The folder of images, which an option is about.

    Raises:
        InputError: there is none, or a drawing is asked for as well.
    """
    if folder is None:
        raise InputError(f"{option} without --image-folder", ("--image-folder FOLDER",))
    if svg is not None:
        raise InputError(f"{option} with --svg", ("one of them",))
    return folder


def _refuse_beside_images(
    sentences: Sequence[str] | None,
    explain: bool,
    expect: str | None,
    weighted: bool,
) -> None:
    """Refuses what asks for words.

    Raises:
        InputError: something does.
    """
    words = {
        "sentences": bool(sentences),
        "--explain": explain,
        "--expect": expect is not None,
        "--weighted": weighted,
    }
    for option, chosen in words.items():
        if chosen:
            raise InputError(f"--image-folder with {option}", ("one of them",))


def _seen(folder: Path, beside: Path) -> list[str]:
    """The sentences of a folder of images, as --weighted reads them.

    Args:
        beside: the folder of the network.

    Raises:
        InputError: there is no network, or an image cannot be read; names it.
    """
    from abduce.neural.perception.files import load
    from abduce.neural.perception.images import sentences
    from abduce.neural.perception.reading import uncertain_sentence

    kept = load(beside)
    return [json.dumps(uncertain_sentence(kept, paths)) for paths in sentences(folder)]


def _draw(learned: "Lexicon", sentence: str, weighted: bool, path: Path) -> None:
    """Writes the drawing of a derivation; where words are uncertain, of the likeliest one.

    Raises:
        InputError: the sentence has no derivation that can be drawn.
    """
    from abduce.files import write_whole
    from abduce.symbolic.nsr.showing.derivation_svg import svg
    from abduce.symbolic.nsr.uncertain import likeliest_words

    words: Sequence[str] | str = tuple(sentence.split())
    if weighted:
        words = likeliest_words(learned, _weighted(sentence))
    tree = words if isinstance(words, str) else learned.derivation(words)
    if isinstance(tree, str):
        raise InputError(tree, ("a sentence with a derivation",), "--svg")
    write_whole(path, svg(tree).encode())


def _weighted(sentence: str) -> "list[Uncertain]":
    """The sentence of a JSON text.

    Raises:
        InputError: the text is no JSON, or no sentence; says where.
    """
    from abduce.symbolic.nsr.uncertain import sentence_of

    try:
        return sentence_of(json.loads(sentence))
    except json.JSONDecodeError as error:
        found = f"no JSON ({error.msg.lower()})"
        expected = ('a JSON list, such as ["dax", {"fep": 0.8, "lug": 0.2}]',)
        place = ("SENTENCE", None, error.colno)
        raise InputError(found, expected, *place, text=sentence) from error
    except RecursionError as error:
        raise InputError("JSON that is nested too deeply", ("a JSON list of words",)) from error


def _shown(given: "Answered", learned: "Lexicon") -> Iterator[str]:
    """An answer, as text."""
    if given.value is not None and not given.abstained:
        yield " ".join(given.value)
        return
    yield f"withheld: {given.reason}"
    for word in given.unknown:
        near = _nearest(word, learned)
        yield f"    unknown word {word!r}" + (f"; near: {', '.join(near)}" if near else "")
    for value, posterior in given.alternatives[:ALTERNATIVES]:
        yield f"    {posterior:.3f}  {' '.join(value)}"
    if len(given.alternatives) > ALTERNATIVES:
        yield f"    and {len(given.alternatives) - ALTERNATIVES:,} more"


def _compared(
    given: "Answered",
    learned: "Lexicon",
    sentence: str,
    expect: str | None,
    deadline: float | None,
) -> "tuple[bool, Revision | GaveUp | None]":
    """Whether the answer is the one expected, and the smallest revision where it is not."""
    from abduce.symbolic.nsr import explain_target

    if expect is None:
        return False, None
    if given.value == tuple(expect.split()) and not given.abstained:
        return True, None
    return False, explain_target(learned, sentence, expect, deadline=deadline)


def _verdict(agrees: bool, revision: "Revision | GaveUp | None", explain: bool) -> Iterator[str]:
    """The text that --expect adds."""
    from abduce.symbolic.nsr import Revision

    if agrees:
        yield "as expected"
    elif not isinstance(revision, Revision):
        yield f"not as expected; no revision found: {revision.reason if revision else 'none'}"
    elif not revision.edits:
        yield "the best lexicon gives the expected answer, but the rival lexicons disagree"
    else:
        yield "not as expected; the smallest revision that gives it:"
        yield from ("    " + line for line in revision.show().splitlines())
        if explain:
            yield revision.derivation


def _json_of(revision: "Revision | GaveUp | None") -> dict[str, Any] | None:
    from abduce.symbolic.nsr import GaveUp

    if isinstance(revision, GaveUp):
        return {"gave_up": revision.reason, "tried": revision.tried}
    return revision and revision.to_json()


def _nearest(word: str, learned: "Lexicon") -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, learned.words, 3, 0.6)


def _lines(sentences: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The sentences, and whether each is a line of stdin; blank lines are kept, and a byte-order
    mark in front is not.

    Raises:
        InputError: stdin is no text.
    """
    for sentence in sentences:
        if sentence != "-":
            yield sentence.strip(), False
            continue
        try:
            for number, line in enumerate(sys.stdin):
                yield (line if number else line.removeprefix("\ufeff")).strip(), True
        except UnicodeDecodeError as error:
            found = f"the byte 0x{error.object[error.start]:02x}"
            raise InputError(found, ("UTF-8 text",), "<stdin>") from error
