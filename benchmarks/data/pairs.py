"""Files of pairs, of a user or of a data set: read as a whole, or refused with the place and the
reason.

The format of the lines (`pair_formats`) is found from the first one, and all others must have it.
Blank lines are passed over; a first row that names its columns is kept apart. A file may be packed
with gzip, bzip2 or xz. miniSCAN's files have sections: the pairs under *SUPPORT* are for study,
those under *QUERY* for test, and what follows *GRAMMAR* is not read. Targets that contradict each
other are no error: they are counted.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from abduce import clock
from abduce.benchmarks.data.pair_formats import (
    INPUT_KEYS,
    OUTPUT_KEYS,
    READERS,
    SHAPES,
    Line,
    Pair,
    format_of,
)
from abduce.errors import InputError
from abduce.files import unpacked
from abduce.text import decoded

SECTIONS = ("*SUPPORT*", "*QUERY*", "*GRAMMAR*")
MOST_BYTES = 1 << 28
"""The upper limit on the bytes of a file, before and after decompression."""
LOOK = 1_000
"""The number of lines read between two checks of the clock."""
INPUT_NAMES = frozenset(
    (*INPUT_KEYS, "inputs", "sources", "commands", "questions", "query", "queries", "sentence")
) | {"sentences", "text", "utterance", "prompt", "instruction", "instructions", "expression"}
OUTPUT_NAMES = frozenset(
    (*OUTPUT_KEYS, "outputs", "targets", "action", "answers", "label", "labels", "response")
) | {"result", "results", "translation", "meaning", "program", "logical_form", "completion"}
"""Common names of the output column in a header line."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The contents of a file of pairs.

    Args:
        study: all pairs, or those under *SUPPORT*.
        queries: the pairs under *QUERY*; none where the file has no sections.
        sha256: the checksum of the file as it is on disk, or of what was read from a pipe.
        lines: the numbers of the lines of `study`, from 1.
        header: the number of a first line that names the columns, and the names; None without one.
    """

    study: tuple[Pair, ...]
    queries: tuple[Pair, ...] = ()
    sha256: str = ""
    lines: tuple[int, ...] = ()
    header: tuple[int, str, str] | None = None


def read_pairs(path: Path, *, deadline: float | None = None) -> Pairs:
    """The pairs of a file.

    Args:
        deadline: ``clock.wall_s()`` at which to stop reading.

    Raises:
        InputError: no such file, an empty one, one that is too large or not UTF-8, or a line that
            is no pair.
        OutOfTime: the deadline passed.
    """
    content = unpacked(path, limit=MOST_BYTES, deadline=deadline)
    pairs = parse_pairs(decoded(content, path), path, deadline=deadline)
    return replace(pairs, sha256=_sha256(path, content))


def read_sentences(path: Path, *, deadline: float | None = None) -> Pairs:
    """The sentences of a file, one a line, without outputs; of a line that is a pair its sentence.

    Raises:
        InputError: as `read_pairs`, but a line without an output is a sentence.
        OutOfTime: the deadline passed.
    """
    content = unpacked(path, limit=MOST_BYTES, deadline=deadline)
    found: dict[int, Pair] = {}
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", decoded(content, path)), start=1):
        if number % LOOK == 0:
            clock.check(deadline)
        if raw.strip() in SECTIONS[1:]:
            break
        if raw.strip() and raw.strip() != SECTIONS[0]:
            line = Line(raw, number, path).seen()
            form = format_of(raw)
            found[number] = tuple(raw.split()) if form is None else READERS[form](line)[0], ()
    if not found:
        raise InputError("no sentences: the file is empty", ("a sentence a line",), path)
    return Pairs(tuple(found.values()), sha256=_sha256(path, content), lines=tuple(found))


def parse_pairs(
    text: str, path: Path | str | None = None, *, deadline: float | None = None
) -> Pairs:
    """The pairs of a text.

    Raises:
        InputError: there are none, or a line is no pair of the first one's format.
        OutOfTime: the deadline passed.

    >>> parse_pairs("*SUPPORT*\\nIN: 1 OUT: 1\\n\\n*QUERY*\\nIN: 1 thrice OUT: 1 1 1").queries
    ((('1', 'thrice'), ('1', '1', '1')),)
    """
    found: dict[str, list[tuple[int, Pair]]] = {"*SUPPORT*": [], "*QUERY*": []}
    section = "*SUPPORT*"
    form: str | None = None
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if number % LOOK == 0:
            clock.check(deadline)
        line = Line(raw, number, path)
        if raw.strip() in SECTIONS:
            section = raw.strip()
        elif raw.strip() and section in found:
            form = _checked_format(line.seen(), form)
            found[section].append((number, READERS[form](line)))
    header = None
    if form != "jsonl" and _is_header(found["*SUPPORT*"], found["*QUERY*"]):
        number, (words, tokens) = found["*SUPPORT*"].pop(0)
        header = (number, words[0], tokens[0])
    if not found["*SUPPORT*"]:
        raise InputError(
            "no pairs: the file is empty" if form is None else "no pairs for study",
            tuple(SHAPES.values()),
            path,
            advice="Write one pair on each line, in one of these formats.",
        )
    return Pairs(
        tuple([pair for _, pair in found["*SUPPORT*"]]),
        tuple([pair for _, pair in found["*QUERY*"]]),
        lines=tuple([number for number, _ in found["*SUPPORT*"]]),
        header=header,
    )


def contradictions(pairs: Iterable[Pair]) -> int:
    """How many sentences stand there with more than one target.

    >>> contradictions([(("a",), ("1",)), (("a",), ("2",)), (("b",), ("1",)), (("b",), ("1",))])
    1
    """
    targets: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for words, tokens in pairs:
        targets.setdefault(words, set()).add(tokens)
    return sum(len(found) > 1 for found in targets.values())


def _sha256(path: Path, content: bytes) -> str:
    if not path.is_file():
        return hashlib.sha256(content).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked_format(line: Line, form: str | None) -> str:
    own = format_of(line.text)
    if form == "csv" and own in ("csv", None):
        return form  # what is wrong with such a line, its reader says
    if own is None:
        shapes = tuple(SHAPES.values()) if form is None else (SHAPES[form],)
        advice = "Every line needs its output."
        raise line.wrong("no output", shapes, len(line.text) + 1, advice)
    if form is not None and own != form:
        raise line.wrong(
            f"a line of the format {SHAPES[own]}",
            (SHAPES[form],),
            advice="All lines of a file have the format of its first one.",
        )
    return own


def _is_header(study: list[tuple[int, Pair]], queries: list[tuple[int, Pair]]) -> bool:
    """Whether the first row names the columns: usual names of both, which are used nowhere else."""
    if not study:
        return False
    words, tokens = study[0][1]
    if len(words) != 1 or len(tokens) != 1:
        return False
    names = words[0].strip("#:").lower(), tokens[0].strip("#:").lower()
    if names[0] not in INPUT_NAMES or names[1] not in OUTPUT_NAMES:
        return False
    own = {words[0], tokens[0]}
    return all(own.isdisjoint(w) and own.isdisjoint(t) for _, (w, t) in (*study[1:], *queries))
