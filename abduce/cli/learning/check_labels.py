"""`solve --check-labels`: whether rows and values tell which symbol is which, before training."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.symbolic.nsr.identifying.identification import Identification, Shortcut
    from abduce.symbolic.nsr.identifying.rows import Readings
    from abduce.symbolic.programs.typed.primitives import Value

SHOWN = 10
"""The upper limit on the exchanges that are shown."""
Words = tuple[str, ...]
Told = Callable[["Value"], str]


def check_hint_labels(
    rows: int | None,
    seed: int,
    data: Path | None,
    *,
    train: Path | None = None,
    timeout_s: float | None = None,
    json_: bool = False,
) -> None:
    """Decides for rows of HINT's training set, drawn by seed, and prints the decision.

    Args:
        train: a file of expressions and values to take instead; in an expression every character
            that is no blank is a symbol.

    Raises:
        InputError: the file cannot be read, or an expression has not the value that it says.
    """
    from random import Random

    from abduce import clock
    from abduce.benchmarks.data.hint import hint_readings, hint_rows
    from abduce.benchmarks.data.members import folders
    from abduce.symbolic.nsr.identifying.identification import identify

    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    readings = hint_readings()
    if train is None:
        given = hint_rows("train", folders(data))
        drawn = given if rows is None or rows >= len(given) else Random(seed).sample(given, rows)
        pairs = [(row.symbols, row.value) for row in drawn]
    else:
        pairs = [
            (tuple(symbols), _value(symbols, out, readings, _number, train, line))
            for line, words, out in _pairs(train, deadline)
            for symbols in ["".join(words)]
        ]
    _print(identify(pairs, readings, deadline=deadline), str, json_)


def check_file_labels(
    train: Path, lexicon: Path, *, timeout_s: float | None = None, json_: bool = False
) -> None:
    """Decides for the pairs of a file, whose words have the meanings of a lexicon.

    Raises:
        InputError: a file cannot be read; the lexicon does not know a word; or it gives a sentence
            another output than the file.
    """
    from abduce import clock
    from abduce.symbolic.nsr import Lexicon
    from abduce.symbolic.nsr.identifying.identification import identify

    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    try:
        learned = Lexicon.load(lexicon, deadline=deadline)
    except clock.OutOfTime as error:
        raise _out_of_time() from error
    pairs = [
        (words, _value(words, out, learned.readings, learned.decoded, train, line))
        for line, words, out in _pairs(train, deadline)
    ]
    found = identify(pairs, learned.readings, deadline=deadline)
    _print(found, lambda value: " ".join(learned.decoded(value)) or "(nothing)", json_)


def _pairs(train: Path, deadline: float | None) -> list[tuple[int, Words, Words]]:
    """The sentences of a file with their outputs, and the lines on which they stand."""
    from abduce import clock
    from abduce.benchmarks.data.pairs import read_pairs

    try:
        given = read_pairs(train, deadline=deadline)
    except clock.OutOfTime as error:
        raise _out_of_time() from error
    lines_of = zip(given.lines, given.study, strict=True)
    return [(line, words, output) for line, (words, output) in lines_of]


def _out_of_time() -> typer.Exit:
    say("abduce: the time was up before everything was read")
    return typer.Exit(Exit.GAVE_UP)


def _number(value: "Value") -> Words:
    return (str(value),)


def _value(
    words: Sequence[str],
    output: Words,
    readings: "Readings",
    decoded: "Callable[[Value], Words]",
    path: Path,
    line: int,
) -> "Value":
    """The value that a lexicon gives a sentence, which has to be the output."""
    from abduce.symbolic.nsr.identifying.rows import value_of

    for word in words:
        if word not in readings:
            advice = "Which symbol is which can be asked of known meanings only."
            raise InputError(
                f"the word {word!r}", ("words of the lexicon",), path, line, advice=advice
            )
    value = value_of(words, readings)
    gives = "no output" if value is None else " ".join(decoded(value)) or "(nothing)"
    if value is None or decoded(value) != output:
        advice = "Leave out rows that the lexicon does not explain, or take another lexicon."
        raise InputError(
            f"the output {' '.join(output)!r}",
            (f"{gives!r}, which the lexicon gives",),
            path,
            line,
            advice=advice,
        )
    return value


def _print(found: "Identification", told: Told, json_: bool) -> None:
    """The decision on stdout; the exit code is 4 where the time was up without one."""
    if json_:
        print_json(found.as_json(told))
    else:
        for line in lines(found, told):
            show(line)
    if found.verdict == "unknown":
        say("abduce: not decided before time or fuel was up")
        raise typer.Exit(Exit.GAVE_UP)


def lines(found: "Identification", told: Told) -> Iterator[str]:
    """The decision as text."""
    count = f"{found.rows:,} different rows"
    match found.verdict:
        case "fixed":
            yield (
                f"{count} fix the {len(found.seen)} symbols that occur: "
                "any other labels, each used once, change a value"
            )
            if found.merging is not None:
                yield f"if two symbols may share a label, {_moves(found.merging.moved)}"
                yield from _remedy(found.merging, told)
            elif not found.merging_known:
                yield "whether two symbols may share a label was not decided"
        case "exchangeable":
            yield f"{count} do not fix the symbols"
            for each in found.exchanges[:SHOWN]:
                first, second = each.moved
                never = f", and {second} is never seen" if second in found.unseen else ""
                yield f"{first} and {second} can be exchanged: every row keeps its value{never}"
                yield from _remedy(each, told)
            if len(found.exchanges) > SHOWN:
                yield f"and {len(found.exchanges) - SHOWN} more pairs can be exchanged"
        case "relabelled":
            assert found.relabelling is not None
            yield f"{count} do not fix the symbols"
            yield (
                "no two symbols can be exchanged, but several at once, and every row keeps its "
                f"value: {_moves(found.relabelling.moved)}"
            )
            yield from _remedy(found.relabelling, told)
        case "contradicted":
            yield (
                f"{len(found.contradicted):,} of {count} have another value than the lexicon "
                "gives: nothing follows for its symbols"
            )
        case "unknown":
            yield f"whether {count} fix the symbols is not known"
    if found.unseen:
        yield f"never seen: {', '.join(found.unseen)}"


def _moves(moved: Mapping[str, str]) -> str:
    return ", ".join(f"{symbol} can be read as {label}" for symbol, label in moved.items())


def _remedy(shortcut: "Shortcut", told: Told) -> Iterator[str]:
    """The label or the expression that excludes a relabelling."""
    label = f"  one label of {' or '.join(shortcut.moved)} excludes that"
    if shortcut.same:
        yield f"{label}; no expression does, since they mean the same"
    elif shortcut.separating is None:
        yield f"{label}; no short expression was found that does"
    else:
        found = shortcut.separating
        other = "no value" if found.relabelled is None else told(found.relabelled)
        sentence = " ".join(found.words)
        yield (
            f"{label}; so does the expression {sentence}, whose value is {told(found.value)} "
            f"and would be {other}"
        )
