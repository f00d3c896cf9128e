"""One line of a file of pairs, in the four formats people have them in.

A *pair* is a sentence and its target, both as tokens. The format of a line can be recognised from
the line itself:

    IN: jump twice OUT: I_JUMP I_JUMP               scan
    jump twice<TAB>I_JUMP I_JUMP                    tsv
    {"input": "jump twice", "output": ["I_JUMP"]}   jsonl
    jump twice,"I_JUMP I_JUMP"                      csv

Every reader says what is wrong with a line as an `InputError` with a caret under the place.
"""

import csv
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from abduce.errors import InputError
from abduce.text import named

Pair = tuple[tuple[str, ...], tuple[str, ...]]
"""The words of a sentence, and the tokens of its target."""

INPUT_KEYS = ("input", "src", "source", "in", "command", "question")
OUTPUT_KEYS = ("output", "tgt", "target", "out", "actions", "answer")
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Invisible characters that no writing system needs, which would make a word a different word.
Blanks of all widths are kept as blanks. Characters that join letters, or change the direction of
writing, are part of their word."""
UNUSUAL = re.compile(r"[^\S\t ]")
"""Blanks that look like a space or a tab but are different characters."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line and where it stands; counted from 1."""

    text: str
    number: int = 1
    path: Path | str | None = None

    def wrong(
        self, found: str, expected: tuple[str, ...], column: int = 1, advice: str | None = None
    ) -> InputError:
        """The error about this line; a blank in it that is not a space is named."""
        blank = UNUSUAL.search(self.text)
        if blank is not None:
            note = f"Column {blank.start() + 1} holds {named(blank[0])}: it looks like a space."
            advice = f"{advice} {note}" if advice else note
        return InputError(found, expected, self.path, self.number, column, self.text, advice)

    def seen(self) -> "Line":
        """The line itself, after a check that all of it is visible.

        Raises:
            InputError: names a character that nobody sees.
        """
        hidden = HIDDEN.search(self.text)
        if hidden is not None:
            advice = "It is invisible, and makes a word a different word. Delete it."
            raise self.wrong(named(hidden[0]), ("visible text",), hidden.start() + 1, advice)
        return self


def format_of(text: str) -> str | None:
    """The format of a line; None where it is of none, such as a sentence without a target.

    A sentence that holds a comma is none of CSV, whose comma may have a blank beside it.

    >>> [format_of(text) for text in ("IN: a OUT: b", "a\\tb", '{"in": "a"}', "a,b", "a , b")]
    ['scan', 'tsv', 'jsonl', 'csv', None]
    """
    if re.match(r"\s*in\s*:", text, re.IGNORECASE):
        return "scan"
    if text.lstrip().startswith("{") and ("\t" not in text or _is_json(text)):
        return "jsonl"
    if "\t" in text:
        return "tsv"
    cells = _cells(text)
    if cells is None or len(cells) != 2:
        return None
    return "csv" if all(cell and cell == cell.strip() for cell in cells) else None


def scan_pair(line: Line) -> Pair:
    """`IN: words OUT: tokens`.

    >>> scan_pair(Line("IN: jump twice OUT: I_JUMP I_JUMP"))
    (('jump', 'twice'), ('I_JUMP', 'I_JUMP'))
    """
    start = re.match(r"\s*IN:", line.text)
    if start is None:
        raise line.wrong(repr(line.text.split(":")[0] + ":"), ("'IN:'",), _first(line.text))
    out = re.search(r"(?<!\S)OUT:", line.text)
    if out is None:
        raise _no_out(line)
    words = tuple(line.text[start.end() : out.start()].split())
    tokens = tuple(line.text[out.end() :].split())
    if not words:
        raise line.wrong("no words", ("words between 'IN:' and 'OUT:'",), start.end() + 1)
    if not tokens:
        raise line.wrong(
            "no output", ("tokens after 'OUT:'",), out.end() + 1, "Every line needs its output."
        )
    return words, tokens


def tsv_pair(line: Line) -> Pair:
    """Words, one tab, tokens.

    >>> tsv_pair(Line("jump twice\\tI_JUMP I_JUMP"))
    (('jump', 'twice'), ('I_JUMP', 'I_JUMP'))
    """
    source, _, rest = line.text.partition("\t")
    target, second, _ = rest.partition("\t")
    after = len(source) + 2
    if second:
        raise line.wrong(
            f"{line.text.count(chr(9))} tabs",
            ("one tab: the sentence before it, its output after it",),
            after + len(target),
            "Keep two columns, as with: cut -f1,2",
        )
    if not source.strip():
        raise line.wrong("no words", ("a sentence before the tab",))
    if not target.strip():
        advice = "Every line needs an output; JSON lines can have an empty one: []."
        raise line.wrong("no output", ("tokens after the tab",), after, advice)
    return tuple(source.split()), tuple(target.split())


def csv_pair(line: Line) -> Pair:
    """Words, a comma, tokens; a cell that holds a comma or a quotation mark is quoted.

    >>> csv_pair(Line('"append A , B",A B'))
    (('append', 'A', ',', 'B'), ('A', 'B'))
    """
    cells = _cells(line.text)
    shape = ("two columns: the sentence, a comma, its output",)
    if cells is None:
        raise line.wrong("a quotation mark without its partner", shape, line.text.find('"') + 1)
    if len(cells) != 2:
        advice = 'A cell that holds a comma is quoted, as in "append A , B",A B.'
        count = f"{len(cells)} column{'s' * (len(cells) != 1)}"
        raise line.wrong(count, shape, line.text.find(",") + 1 or 1, advice)
    words, tokens = tuple(cells[0].split()), tuple(cells[1].split())
    if not words:
        raise line.wrong("no words", ("a sentence before the comma",))
    if not tokens:
        advice = "Every line needs an output; JSON lines can have an empty one: []."
        raise line.wrong("no target", ("tokens after the comma",), len(line.text) + 1, advice)
    return words, tokens


def jsonl_pair(line: Line) -> Pair:
    """A JSON object with one input key and one output key; other keys are passed over.

    >>> jsonl_pair(Line('{"question": "2 + 3", "answer": 5, "id": 7}'))
    (('2', '+', '3'), ('5',))
    """
    try:
        fields = json.loads(line.text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise line.wrong(f"no JSON ({error.msg.lower()})", ("an object",), error.colno) from error
    except _TwiceError as error:
        at = [m.start() for m in re.finditer(re.escape(json.dumps(error.key)), line.text)]
        found = f"the key {error.key!r} twice"
        raise line.wrong(found, ("every key once",), at[1] + 1 if len(at) > 1 else 1) from error
    except (RecursionError, ValueError) as error:
        raise line.wrong("JSON too large or too deep", ("an object of text",)) from error
    words = _tokens(line, fields, INPUT_KEYS, "input")
    if not words:
        raise line.wrong("an empty input", ("words",))
    return words, _tokens(line, fields, OUTPUT_KEYS, "output")


READERS: Mapping[str, Callable[[Line], Pair]] = MappingProxyType(
    {"scan": scan_pair, "tsv": tsv_pair, "jsonl": jsonl_pair, "csv": csv_pair}
)
SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "scan": "IN: sentence OUT: output",
        "tsv": "sentence<TAB>output",
        "jsonl": '{"input": sentence, "output": output}',
        "csv": "sentence,output",
    }
)


def _cells(text: str) -> list[str] | None:
    """The cells of a line of CSV; None where its quotation marks do not close."""
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None


def _tokens(
    line: Line, fields: Mapping[str, object], keys: tuple[str, ...], what: str
) -> tuple[str, ...]:
    present = [key for key in keys if fields.get(key) is not None]
    if not present:
        raise line.wrong(f"no {what}", tuple(f"{key!r}" for key in keys))
    if len(present) > 1:
        listed = " and ".join(map(repr, present))
        raise line.wrong(f"{listed}", (f"one {what}",), line.text.find(f'"{present[1]}"') + 1)
    value = fields[present[0]]
    place = line.text.find(f'"{present[0]}"') + 1
    for text in value if isinstance(value, list) else [value]:
        hidden = HIDDEN.search(text.replace("\n", " ")) if isinstance(text, str) else None
        if hidden is not None:
            found = f"{named(hidden[0])} in {present[0]!r}"
            raise line.wrong(found, ("visible text",), place, "It is invisible. Delete it.")
    if isinstance(value, str):
        return tuple(value.split())
    parts = value if isinstance(value, list) else [value]
    for part in parts:
        if isinstance(part, bool) or not isinstance(part, str | int) or part == "":
            expected = ("an integer", "text", "a list of text or integers")
            raise line.wrong(f"{present[0]!r}: {_short(value)}", expected, place)
    return tuple(str(part) for part in parts)


def _no_out(line: Line) -> InputError:
    words = {found[0]: found.start() + 1 for found in re.finditer(r"\S+", line.text)}
    marks = [w for w in list(words)[1:] if ":" in w or w.isupper()]
    near = get_close_matches("OUT:", marks, 1, 0.6)
    if near:
        return line.wrong(repr(near[0]), ("'OUT:'",), words[near[0]])
    return line.wrong("no output", ("'OUT:'",), len(line.text) + 1, f"A line is: {SHAPES['scan']}")


class _TwiceError(Exception):
    """A key that an object of JSON has twice."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        raise _TwiceError(next(k for k, _ in pairs if k in seen or seen.add(k)))
    return found


def _short(value: object, most: int = 60) -> str:
    try:
        return json.dumps(value)[:most]
    except RecursionError:
        return "a list within lists"


def _first(text: str) -> int:
    return len(text) - len(text.lstrip()) + 1


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
