"""Files of pairs, a person's own or a data set's: read whole, or refused saying where and why.

The format of the lines (`pair_formats`) is found from the first one, and all others must have it.
Blank lines are passed over. A file may be packed with gzip, bzip2 or xz. miniSCAN's files have
sections: the pairs under *SUPPORT* are for study, those under *QUERY* for test, and what follows
*GRAMMAR* is not read. Targets that contradict each other are no error: they are counted.
"""

import bz2
import gzip
import hashlib
import lzma
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from abduce.benchmarks.pair_formats import (
    INPUT_KEYS,
    OUTPUT_KEYS,
    READERS,
    SHAPES,
    Line,
    Pair,
    format_of,
)
from abduce.errors import InputError

SECTIONS = ("*SUPPORT*", "*QUERY*", "*GRAMMAR*")
PACKINGS: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = (
    (b"\x1f\x8b", gzip.decompress),
    (b"BZh", bz2.decompress),
    (b"\xfd7zXZ\x00", lzma.decompress),
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """What a file of pairs says.

    Args:
        study: all pairs, or those under *SUPPORT*.
        queries: the pairs under *QUERY*; none where the file has no sections.
        sha256: of the file as it lies there.
    """

    study: tuple[Pair, ...]
    queries: tuple[Pair, ...] = ()
    sha256: str = ""


def read_pairs(path: Path) -> Pairs:
    """The pairs of a file.

    Raises:
        InputError: no such file, an empty one, one that is not UTF-8, or a line that is no pair.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(reason, ("a file of pairs",), path) from error
    pairs = parse_pairs(_decoded(_unpacked(content, path), path), path)
    return Pairs(pairs.study, pairs.queries, hashlib.sha256(content).hexdigest())


def parse_pairs(text: str, path: Path | str | None = None) -> Pairs:
    """The pairs of a text.

    Raises:
        InputError: there are none, or a line is no pair of the first one's format.

    >>> parse_pairs("*SUPPORT*\\nIN: 1 OUT: 1\\n\\n*QUERY*\\nIN: 1 thrice OUT: 1 1 1").queries
    ((('1', 'thrice'), ('1', '1', '1')),)
    """
    found: dict[str, list[Pair]] = {"*SUPPORT*": [], "*QUERY*": []}
    section = "*SUPPORT*"
    form: str | None = None
    for number, raw in enumerate(text.split("\n"), start=1):
        line = Line(raw.removesuffix("\r"), number, path)
        if line.text.strip() in SECTIONS:
            section = line.text.strip()
        elif line.text.strip() and section in found:
            header = form is None and _is_header(line.text)
            form = _checked_format(line, form)
            if not header:
                found[section].append(READERS[form](line))
    if not found["*SUPPORT*"]:
        raise InputError(
            "no pairs: the file is empty" if form is None else "no pairs for study",
            tuple(SHAPES.values()),
            path,
            advice="One pair a line, in one of these formats.",
        )
    return Pairs(tuple(found["*SUPPORT*"]), tuple(found["*QUERY*"]))


def contradictions(pairs: Iterable[Pair]) -> int:
    """How many sentences stand there with more than one target.

    >>> contradictions([(("a",), ("1",)), (("a",), ("2",)), (("b",), ("1",)), (("b",), ("1",))])
    1
    """
    targets: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for words, tokens in pairs:
        targets.setdefault(words, set()).add(tokens)
    return sum(len(found) > 1 for found in targets.values())


def _checked_format(line: Line, form: str | None) -> str:
    own = format_of(line.text)
    if own is None:
        shapes = tuple(SHAPES.values()) if form is None else (SHAPES[form],)
        advice = "Every line needs its target."
        raise line.wrong("no target", shapes, len(line.text) + 1, advice)
    if form is not None and own != form:
        raise line.wrong(
            f"a line of the format {SHAPES[own]}",
            (SHAPES[form],),
            advice="All lines of a file have the format of its first one.",
        )
    return own


def _is_header(text: str) -> bool:
    """A first line such as `input<TAB>output` names columns."""
    cells = [cell.strip().lower() for cell in text.split("\t")]
    return len(cells) == 2 and cells[0] in INPUT_KEYS and cells[1] in OUTPUT_KEYS


def _unpacked(content: bytes, path: Path) -> bytes:
    for magic, unpack in PACKINGS:
        if content.startswith(magic):
            try:
                return unpack(content)
            except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
                raise InputError(
                    f"a damaged packed file ({error})", ("a whole one",), path
                ) from error
    return content


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        raise InputError(
            f"the byte 0x{error.object[error.start]:02x}",
            ("UTF-8 text",),
            path,
            line,
            column,
            advice="Convert the file to UTF-8, as with: iconv -t utf-8",
        ) from error
