"""Files of pairs: four formats told from their content, and errors that point at their place."""

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce import clock
from abduce.benchmarks.data.pair_formats import INPUT_KEYS, OUTPUT_KEYS, Pair
from abduce.benchmarks.data.pairs import (
    INPUT_NAMES,
    MOST_BYTES,
    OUTPUT_NAMES,
    contradictions,
    parse_pairs,
    read_pairs,
    read_sentences,
)
from abduce.errors import InputError

PAIRS = ((("jump", "twice"), ("I_JUMP", "I_JUMP")), (("run",), ("I_RUN",)))
WRITERS: dict[str, Callable[[Pair], str]] = {
    "scan": lambda p: f"IN: {' '.join(p[0])} OUT: {' '.join(p[1])}",
    "tsv": lambda p: f"{' '.join(p[0])}\t{' '.join(p[1])}",
    "text in jsonl": lambda p: json.dumps({"src": " ".join(p[0]), "tgt": " ".join(p[1])}),
    "lists in jsonl": lambda p: json.dumps({"input": p[0], "output": p[1], "id": 3}),
    "csv": lambda p: csv_line(p),
}


def csv_line(pair: Pair) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([" ".join(cell) for cell in pair])
    return text.getvalue()


words = st.lists(
    st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1).filter(
        lambda word: word not in ("IN:", "OUT:") and not word.startswith(("{", "*", "IN:", "in:"))
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("write", [*WRITERS.values(), lambda p: " ".join(p[0])])
def test_sentences_are_read_from_every_format_and_their_outputs_are_not(
    write: Callable[[Pair], str], tmp_path: Path
) -> None:
    path = tmp_path / "pool.txt"
    path.write_text("\n\n".join(map(write, PAIRS)) + "\n*QUERY*\nIN: a OUT: b\n")
    found = read_sentences(path)
    assert found.study == tuple((words, ()) for words, _ in PAIRS)
    assert (found.lines, found.queries, len(found.sha256)) == ((1, 3), (), 64)
    path.write_text("jump\njum\u200bp\n")
    with pytest.raises(InputError, match=r"pool\.txt:2:4"):
        read_sentences(path)
    path.write_text("\n\n")
    with pytest.raises(InputError, match="no sentences"):
        read_sentences(path)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_every_format_says_the_same(write: Callable[[Pair], str]) -> None:
    text = "\n\n".join(map(write, PAIRS)) + "\n"
    assert parse_pairs(text).study == PAIRS
    assert parse_pairs(text.replace("\n", "\r\n")).study == PAIRS


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@given(pairs=st.lists(st.tuples(words, words), min_size=1, max_size=3))
def test_what_is_written_is_read(
    write: Callable[[Pair], str], pairs: list[tuple[list[str], list[str]]]
) -> None:
    given = tuple((tuple(source), tuple(target)) for source, target in pairs)
    if given[0][0][0].lower() in INPUT_NAMES and given[0][1][0].lower() in OUTPUT_NAMES:
        return  # would be a header
    if not any(word.lower().startswith("in") for source, _ in given for word in source):
        assert parse_pairs("\n".join(map(write, given))).study == given


@pytest.mark.parametrize("source", INPUT_KEYS)
@pytest.mark.parametrize("target", OUTPUT_KEYS)
def test_the_usual_keys_are_known(source: str, target: str) -> None:
    assert parse_pairs(json.dumps({source: "2 + 3", target: 5})).study == (
        (("2", "+", "3"), ("5",)),
    )


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, bytes])
def test_packed_files_are_known_by_their_content(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "pairs"
    path.write_bytes(pack(b"\xef\xbb\xbfinput\toutput\njump twice\tI_JUMP I_JUMP\nrun\tI_RUN\n"))
    assert read_pairs(path).study == PAIRS


def test_a_header_of_csv_is_kept_apart_and_commas_are_quoted() -> None:
    found = parse_pairs('input,output\n"append A , B",A B\n"say ""a""",a\n')
    assert found.header == (1, "input", "output")
    assert found.study == ((("append", "A", ",", "B"), ("A", "B")), (("say", '"a"'), ("a",)))


def test_sections_divide_study_from_queries() -> None:
    text = "*SUPPORT*\nIN: 1 OUT: 1\n\n*QUERY*\nIN: 1 thrice OUT: 1 1 1\n*GRAMMAR*\nu1 -> [u1]"
    found = parse_pairs(text)
    assert found.study == ((("1",), ("1",)),)
    assert found.queries == ((("1", "thrice"), ("1", "1", "1")),)


def test_an_empty_target_can_be_said_in_json() -> None:
    assert parse_pairs('{"input": "nothing", "output": []}').study == ((("nothing",), ()),)


def test_contradicting_targets_are_counted_not_refused() -> None:
    found = parse_pairs("a\tX\na\tY\na\tX\nb\tX\nb\tX")
    assert (len(found.study), contradictions(found.study)) == (5, 1)


@pytest.mark.parametrize(
    ("text", "place", "found", "expected"),
    [
        ("", "", "no pairs: the file is empty", "IN: sentence OUT: output"),
        ("\n \n", "", "no pairs: the file is empty", "IN: sentence OUT: output"),
        ("*QUERY*\nIN: a OUT: b", "", "no pairs for study", "IN: sentence OUT: output"),
        ("IN: a OUT: b\nIN: jump twice", ":2:15", "no output", "'OUT:'"),
        ("IN: jump OUTT: I_JUMP", ":1:10", "'OUTT:'", "'OUT:'"),
        ("IN: jump OUT: ", ":1:14", "no output", "tokens after 'OUT:'"),
        ("in: jump OUT: I_JUMP", ":1:1", "'in:'", "'IN:'"),
        ("IN: OUT: I_JUMP", ":1:4", "no words", "words between"),
        ("jump twice", ":1:11", "no output", "sentence<TAB>output"),
        ("a\tb\njump twice", ":2:11", "no output", "sentence<TAB>output"),
        ("a\tb\nc\t", ":2:3", "no output", "tokens after the tab"),
        ("a\tb\tc", ":1:4", "2 tabs", "one tab"),
        ("a\tb\nIN: a OUT: b", ":2:1", "the format IN: sentence", "sentence<TAB>output"),
        ('{"input": "a"}', ":1:1", "no output", "'output'"),
        ('{"output": "a"}', ":1:1", "no input", "'command'"),
        ('{"input": "a", "output": null}', ":1:1", "no output", "'output'"),
        ('{"input": "", "output": "a"}', ":1:1", "an empty input", "words"),
        ('{"input": "a", "src": "b", "out": 1}', ":1:16", "'input' and 'src'", "one input"),
        ('{"input": "a", "output": 1.5}', ":1:16", "'output': 1.5", "an integer"),
        ('{"input": "a", "output": [["b"]]}', ":1:16", '[["b"]]', "a list of text"),
        ('{"input": "a", "output": true}', ":1:16", "'output': true", "an integer"),
        ('{"input": "a", }', ":1:16", "no JSON", "an object"),
        ("IN: jump OUT: a\nIN: walk\tIOUT a", ":2:10", "'IOUT'", "'OUT:'"),
        ("IN: jump OUT: a\nIN: walk\xa0OUT. a", ":2:10", "'OUT.'", "'OUT:'"),
        ("IN: OUT.x OUT. a", ":1:11", "'OUT.'", "'OUT:'"),
        ("a\tb\nc\xa0d", ":2:4", "no output", "sentence<TAB>output"),
        ("a\x00b\tc", ":1:2", "U+0000 NULL", "visible text"),
        ("a\u200bb\tc", ":1:2", "U+200B ZERO WIDTH SPACE", "visible text"),
        ("a\tb\nc\td\ufeff", ":2:4", "U+FEFF ZERO WIDTH NO-BREAK SPACE", "visible text"),
        ("a\x1b[31m\tc", ":1:2", "U+001B ESCAPE", "visible text"),
        ("a\u202e\tc", ":1:2", "U+202E RIGHT-TO-LEFT OVERRIDE", "visible text"),
        ('{"input": "a\u2028", "output": 1}', ":1:13", "U+2028 LINE SEPARATOR", "visible text"),
        ('{"input": "a", "output": "\\ud800"}', ":1:16", "U+D800 SURROGATE", "visible text"),
        ('{"input": ["a\\u0000"], "output": 1}', ":1:2", "U+0000 NULL in 'input'", "visible text"),
        (
            '{"input": 1, "input": 2, "output": 1}',
            ":1:14",
            "the key 'input' twice",
            "every key once",
        ),
        (
            '{"input": 1, "output": ' + "[" * 900 + "]" * 900 + "}",
            ":1:14",
            "'output'",
            "an integer",
        ),
        ('{"input": 1, "output": 1e999}', ":1:14", "'output': Infinity", "an integer"),
        ('{"input": 1, "output": ' + "9" * 5000 + "}", ":1:1", "too large", "an object of text"),
        ("a,b\njump twice", ":2:1", "1 column", "two columns"),
        ("a,b\nappend A , B,A B", ":2:10", "3 columns", "two columns"),
        ('a,b\n"jump twice,c', ":2:1", "a quotation mark without its partner", "two columns"),
        ("a,b\nc,", ":2:3", "no target", "tokens after the comma"),
        ("a,b\n,c", ":2:1", "no words", "a sentence before the comma"),
        ("a,b\nc\td", ":2:1", "the format sentence<TAB>output", "sentence,output"),
        ("append A , B", ":1:13", "no output", "sentence<TAB>output"),
        ('{"a":' + "[" * 100_000, ":1:1", "JSON too large or too deep", "an object"),
    ],
)
def test_errors_say_where_what_and_what_instead(
    text: str, place: str, found: str, expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_pairs(text, "pairs.txt")
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"pairs.txt{place}: found ")
    assert found in first
    assert expected in first


def test_a_line_without_a_target_is_shown_with_a_caret() -> None:
    with pytest.raises(InputError) as caught:
        parse_pairs("a\tb\njump twice", "pairs.txt")
    assert str(caught.value).splitlines()[1:] == [
        "    jump twice",
        "              ^",
        "Every line needs its output.",
    ]


def test_bytes_that_are_no_utf_8_are_placed(tmp_path: Path) -> None:
    path = tmp_path / "latin.tsv"
    path.write_bytes("one\tun\nsummer\tété\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin.tsv:2:8: found the byte 0xe9, expected UTF-8"):
        read_pairs(path)


@pytest.mark.parametrize("content", [b"\x1f\x8bnot", b"BZhnot", b"\xfd7zXZ\x00not"])
def test_a_damaged_packed_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "pairs.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a damaged (gzip|bzip2|xz) file"):
        read_pairs(path)


def test_a_blank_that_is_no_space_is_named_where_a_line_is_wrong() -> None:
    with pytest.raises(InputError, match=r"Column 5 holds U\+00A0 NO-BREAK SPACE"):
        parse_pairs("a\tb\nwalk\xa0I_WALK")


def test_words_that_joiners_and_marks_are_a_part_of_are_read() -> None:
    text = "می\u200cخواهم\t❤\ufe0f\nשלום\u200f\ta\u200db"
    assert parse_pairs(text).study[0] == (("می\u200cخواهم",), ("❤\ufe0f",))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_end_in_any_of_three_ways(end: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_bytes((mark + f"jump twice\tI_JUMP I_JUMP{end}{end}run\tI_RUN{end}").encode())
    found = read_pairs(path)
    assert (found.study, found.lines) == (PAIRS, (1, 3))


def test_fields_may_be_long() -> None:
    words = ("a" * 200_000, *["b"] * 100_000)
    assert parse_pairs(f"{' '.join(words)}\tc").study == ((words, ("c",)),)


HEADERS = ["input\toutput", "Source\tTarget", "command\tactions", "src\ttgt", "question\tanswer"]
HEADERS += ["# sentence\tmeaning", "IN: input OUT: output", "IN: command OUT: actions"]


@pytest.mark.parametrize("header", HEADERS)
def test_a_first_row_of_column_names_is_told_and_not_learned(header: str) -> None:
    write = WRITERS["tsv" if "\t" in header else "scan"]
    found = parse_pairs("\n".join([header.replace("# ", "#"), *map(write, PAIRS)]))
    assert (found.study, found.lines) == (PAIRS, (2, 3))
    assert found.header is not None
    assert found.header[0] == 1


@pytest.mark.parametrize(
    "rows",
    [
        "input\toutput\nread input\tREAD output",
        "answer\tquestion\na\tb",
        "source\tX\na\tb",
        "input\toutput\n*QUERY*\ninput twice\toutput output",
        "input now\toutput\na\tb",
        '{"input": "input", "output": "output"}\n{"input": "a", "output": "b"}',
    ],
)
def test_a_first_row_that_is_a_pair_is_learned(rows: str) -> None:
    found = parse_pairs(rows)
    assert found.header is None
    assert found.lines[0] == 1


def test_a_file_of_column_names_alone_has_no_pairs() -> None:
    with pytest.raises(InputError, match="no pairs for study"):
        parse_pairs("input\toutput\n")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_is_unpacked_no_further_than_its_limit(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abduce.benchmarks.data.pairs.MOST_BYTES", 1 << 20)
    path = tmp_path / "pairs.gz"
    path.write_bytes(pack(b"a\tb\n" * (1 << 20)))
    assert path.stat().st_size < 1 << 20 < MOST_BYTES
    with pytest.raises(InputError, match="more than 1,048,576 bytes"):
        read_pairs(path)


def test_a_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(gzip.compress(b"a\tb\n"),))
    writer.start()
    assert read_pairs(path).study == ((("a",), ("b",)),)
    writer.join()


def test_reading_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(range(1_000))
    monkeypatch.setattr(clock, "wall_s", lambda: float(next(looks)))
    with pytest.raises(clock.OutOfTime):
        parse_pairs("a\tb\n" * 1_000_000, deadline=3.0)
    assert next(looks) == 5


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.tsv: found .*No such file"):
        read_pairs(tmp_path / "none.tsv")
    with pytest.raises(InputError, match="Is a directory"):
        read_pairs(tmp_path)
