"""Record files: appended whole, read in spite of a crash, refused where they are something else."""

import errno
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from abduce.benchmarks.records.record import Record, to_line
from abduce.benchmarks.records.record_file import (
    LONGEST_LINE,
    NAMED,
    append,
    check_writable,
    complete,
    read,
    records_path,
)
from abduce.errors import InputError, OutputError

MakeRun = Callable[..., Record]


def test_what_was_appended_is_read_back_in_order(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "deep" / "solve.jsonl"
    records = [make_run(seed=seed) for seed in range(3)]
    for record in records:
        append(path, record)
    assert read(path) == records


def test_only_complete_records_count_as_done(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "solve.jsonl"
    assert complete(path) == []
    records = [make_run(seed=n, status=s) for n, s in enumerate(("complete", "failed", "timeout"))]
    for record in records:
        append(path, record)
    assert complete(path) == records[:1]


def test_appends_side_by_side_do_not_mix(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "solve.jsonl"
    records = [make_run(seed=seed) for seed in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda record: append(path, record), records))
    assert sorted(read(path), key=lambda r: r.seed) == records


@pytest.mark.parametrize("cut", [1, 8, 40, -1])
def test_a_torn_line_is_named_and_does_not_cost_the_next_record(
    tmp_path: Path, make_run: MakeRun, caplog: pytest.LogCaptureFixture, cut: int
) -> None:
    path = tmp_path / "solve.jsonl"
    first, torn, last = (make_run(seed=seed) for seed in range(3))
    append(path, first)
    with path.open("a") as stream:
        stream.write(to_line(torn)[:cut])
    caplog.set_level(logging.WARNING, logger="abduce")
    append(path, last)
    assert "torn by an earlier crash" in caplog.text
    caplog.clear()
    assert read(path) == [first, last]
    assert f"{path}:2: found the beginning of a record, torn by an earlier crash" in caplog.text


def test_a_whole_last_line_without_its_newline_still_counts(
    tmp_path: Path, make_run: MakeRun
) -> None:
    path = tmp_path / "solve.jsonl"
    first, second = make_run(seed=0), make_run(seed=1)
    path.write_text(to_line(first))
    append(path, second)
    assert read(path) == [first, second]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"accuracy,seed", ":2:1: found no JSON (Expecting value), expected a record"),
        (b"[1, 2]", ":2: found a JSON list, expected a record"),
        (b'{"schema":1,,"kind":"solve"}', ":2:13: found no JSON"),
        (b"\xff", ":2:1: found the byte 0xff, which is not UTF-8"),
        (b"[" * 100_000, ":2: found a JSON value nested too deeply"),
        (b'{"schema":1,"schema":1}', ':2: found "schema" twice in one object'),
        (b'{"schema":' + b"9" * 5000 + b"}", ":2: found a number of too many digits"),
        (b" " * LONGEST_LINE + b"1", ":2: found a line of more than 4,194,304 bytes"),
        (b'{"schema":2}', ":2: found a record of schema 2, expected schema 1 or older"),
        (b'{"schema":1}', ":2: found no field 'artifacts' and no field 'command'"),
        (b'{"schema":1,"x":1e999}', ":2: found the number inf at x"),
        (b'{"schema":1,"x":NaN}', ":2: found the number nan at x"),
        (b'{"schema":1,"x":"\\ud800"}', ":2: found half a character (a lone surrogate) at x"),
        (b'{"schema":1,"\\ud800":1}', ":2: found half a character (a lone surrogate)"),
        (
            b'{"schema":1,"x":' + b"[" * 50 + b"]" * 50 + b"}",
            ":2: found more than 32 values inside",
        ),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_a_line_that_is_no_record_is_named_and_costs_no_other(
    tmp_path: Path,
    make_run: MakeRun,
    caplog: pytest.LogCaptureFixture,
    line: bytes,
    message: str,
) -> None:
    path = tmp_path / "solve.jsonl"
    first, last = make_run(seed=0), make_run(seed=1)
    path.write_bytes(to_line(first).encode() + b"\n" + line + b"\n" + to_line(last).encode())
    assert read(path) == [first, last]
    assert f"{path}{message}" in caplog.text
    assert len(caplog.text) < 2000


def test_of_many_lines_that_are_no_records_the_first_are_named_and_the_others_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("accuracy,seed\n" * (NAMED + 5))
    assert read(path) == []
    assert len(caplog.records) == NAMED + 1
    assert f"{path}: 5 more lines are not records" in caplog.text


def test_a_byte_order_mark_and_carriage_returns_cost_nothing(
    tmp_path: Path, make_run: MakeRun, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "solve.jsonl"
    records = [make_run(seed=0), make_run(seed=1)]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(map(to_line, records)).encode())
    assert read(path) == records
    assert caplog.text == ""


def test_a_file_that_is_not_there_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="abduce solve"):
        read(tmp_path / "none.jsonl")


def test_checking_a_good_place_leaves_no_file(tmp_path: Path) -> None:
    check_writable(tmp_path / "records" / "solve.jsonl")
    assert not (tmp_path / "records" / "solve.jsonl").exists()


def test_checking_a_file_leaves_it_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "solve.jsonl"
    path.write_text("kept")
    check_writable(path)
    assert path.read_text() == "kept"


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path, make_run: MakeRun) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "solve.jsonl"
    with pytest.raises(OutputError, match="one of its folders is a file"):
        check_writable(place)
    with pytest.raises(OutputError):
        append(place, make_run())


def test_a_read_only_folder_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write anywhere, so the refusal of the system is played by `os.open`."""

    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutputError, match="read-only file system"):
        check_writable(tmp_path / "solve.jsonl")


def test_a_full_disk_is_an_error_and_the_file_goes_on_after_it(
    tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "solve.jsonl"
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda fd, line: write(fd, line[:25]))
        with pytest.raises(OutputError, match="only a part"):
            append(path, make_run(seed=0))
    append(path, make_run(seed=1))
    assert [record.seed for record in read(path)] == [1]


def test_records_go_where_out_says() -> None:
    assert records_path("solve", Path("x.jsonl")) == Path("x.jsonl")
