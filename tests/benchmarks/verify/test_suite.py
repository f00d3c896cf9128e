"""The benchmarks of a data folder: found, chosen, run once, and gone on with."""

import json
import os
import re
import shlex
from pathlib import Path

import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

import abduce
from abduce import clock
from abduce.benchmarks.processes.process import run_process
from abduce.benchmarks.records.provenance import here
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.verify import process as verify_process
from abduce.benchmarks.verify.process import Limits, instance_job, instance_outcome
from abduce.benchmarks.verify.run import instance_id
from abduce.benchmarks.verify.suite import benchmarks, pending, run_instances, select, summary
from abduce.cli import app as cli
from abduce.errors import DataError, InputError
from tests.instances import FAILS, HOLDS, hard, network, process

Capture = pytest.CaptureFixture[str]
LIMITS = Limits()


@pytest.fixture(autouse=True)
def processes_find_this_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(abduce.__file__).parent.parent))


def benchmark(folder: Path, *lines: str, expected: str = "") -> None:
    """A benchmark of a network with two properties, one of which holds."""
    (folder / "onnx").mkdir(parents=True)
    network(folder / "onnx" / "net.onnx")
    (folder / "holds.vnnlib").write_text(HOLDS)
    (folder / "fails.vnnlib").write_text(FAILS)
    (folder / "instances.csv").write_text("".join(f"{line}\n" for line in lines))
    if expected:
        (folder / "expected.csv").write_text(f"onnx,vnnlib,expected\n{expected}")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two benchmarks, and a current folder of its own."""
    data = tmp_path / "data"
    lines = ("onnx/net.onnx,holds.vnnlib,60", "onnx/net.onnx,fails.vnnlib,60")
    known = "onnx/net.onnx,holds.vnnlib,unsat\nonnx/net.onnx,fails.vnnlib,sat\n"
    benchmark(data / "verify" / "small", *lines, expected=known)
    benchmark(data / "verify" / "broken", "onnx/none.onnx,holds.vnnlib,60")
    (data / "verify" / "no benchmark").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return data


def test_benchmarks_are_found_in_a_data_folder_and_in_a_clone(place: Path) -> None:
    assert list(benchmarks([place])) == ["broken", "small"]
    assert benchmarks([place]) == benchmarks([place / "verify"])


def test_the_first_place_that_has_a_benchmark_counts(place: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "verify" / "small"
    benchmark(mine, "onnx/net.onnx,holds.vnnlib,5")
    found = benchmarks([tmp_path / "mine", place])
    assert found["small"] == mine / "instances.csv"
    assert found["broken"].parent.parent == place / "verify"
    (instance,) = select(["small"], None, [tmp_path / "mine", place])
    assert instance.timeout_s == 5


def test_instances_are_chosen_by_name_and_by_expression(place: Path) -> None:
    every = select([], None, [place])
    assert [i.pair for i in every] == [
        ("broken", "onnx/none.onnx", "holds.vnnlib"),
        ("small", "onnx/net.onnx", "holds.vnnlib"),
        ("small", "onnx/net.onnx", "fails.vnnlib"),
    ]
    assert select(["broken", "small", "small"], None, [place]) == every
    for pattern in ("holds", "^small .*net", r"fails\.vnnlib$", "none|fails"):
        chosen = select([], pattern, [place])
        assert chosen == [i for i in every if re.search(pattern, " ".join(i.pair))]


@pytest.mark.parametrize("pattern", ["(", "nothing like it"])
def test_an_expression_that_chooses_nothing_is_an_error(pattern: str, place: Path) -> None:
    with pytest.raises(InputError, match=re.escape(repr(pattern))):
        select([], pattern, [place])


def test_missing_benchmarks_say_where_was_looked_and_how_to_get_them(
    place: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError) as none:
        select([], None, [tmp_path / "empty"])
    with pytest.raises(DataError) as some:
        select(["small", "acasxu"], None, [place])
    assert str(none.value).startswith("verify: BENCHMARK/instances.csv was not found. Looked in:")
    assert str(tmp_path / "empty" / "verify") in str(none.value)
    assert str(some.value).startswith("verify: acasxu/instances.csv was not found. Looked in:")
    assert "Benchmarks that were found: broken, small." in str(some.value)
    for error in (none, some):
        assert "git clone https://github.com/ChristopherBrix/vnncomp" in str(error.value)
        assert "--data" in str(error.value)


def test_missing_data_is_2_and_leaves_nothing(place: Path, capsys: Capture) -> None:
    assert cli.run(["bench", "verify", "none", "--data", str(place)]) == 2
    out, err = capsys.readouterr()
    assert (out, "none/instances.csv was not found" in err) == ("", True)
    assert not Path("records").exists()


def test_records_are_written_and_no_instance_is_run_twice(place: Path, tmp_path: Path) -> None:
    records, chosen = tmp_path / "r.jsonl", select(["small"], None, [place])
    assert pending(chosen, records, LIMITS) == chosen

    def stop(told: str) -> None:
        assert told.startswith("1/2  small onnx/net.onnx ")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_instances(chosen, records, limits=LIMITS, progress=stop)
    (first,) = read(records)
    left = pending(chosen, records, LIMITS)
    assert [i for i in chosen if instance_id(i, LIMITS) != first.id] == left
    assert len(left) == 1
    run_instances(left, records, limits=LIMITS)
    assert [record.id for record in read(records)] == [instance_id(i, LIMITS) for i in chosen]
    assert pending(chosen, records, LIMITS) == []
    assert pending(chosen, records, Limits(timeout_s=5)) == chosen
    assert pending(chosen, records, Limits(memory_gb=5)) == chosen
    found = summary(chosen, records, LIMITS)
    assert (found.exit_code, found.wrong, found.failed) == (0, [], [])


def test_a_record_names_no_folder_of_this_machine(place: Path, tmp_path: Path) -> None:
    records = tmp_path / "r.jsonl"
    run_instances(select([], "holds", [place]), records, limits=Limits(timeout_s=50))
    text = records.read_text()
    assert str(tmp_path) not in text
    broken, small = read(records)
    assert broken.metrics["reason"].startswith("abduce: broken/onnx/none.onnx was not found")
    assert small.command == "abduce verify small/onnx/net.onnx small/holds.vnnlib --timeout-s 50"
    again = process(["-m", *shlex.split(small.command), "--json"], place / "verify")
    assert json.loads(again.stdout)["verdict"] == small.metrics["verdict"] == "proved"
    assert len(text) < 2 * 4000


def test_cpu_seconds_are_those_the_system_counts(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = here()  # which starts git
    monkeypatch.setattr("abduce.benchmarks.processes.process.here", lambda: machine)
    (instance,) = select(["small"], "holds", [place])
    resource = pytest.importorskip("resource", reason="not a POSIX system")
    before = clock.charged_s(resource.getrusage(resource.RUSAGE_CHILDREN))
    ended = run_process(instance_job(instance, LIMITS, 0), lambda: False)
    counted = clock.charged_s(resource.getrusage(resource.RUSAGE_CHILDREN)) - before
    assert ended is not None
    outcome = instance_outcome(instance, LIMITS, ended)
    assert outcome.cpu_s == pytest.approx(counted, abs=1e-3 * clock.RATE)
    assert outcome.cpu_s > outcome.said["cpu_s"] > 0


def test_a_process_that_goes_on_is_stopped_and_its_seconds_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "verify" / "slow"
    folder.mkdir(parents=True)
    hard(folder / "hard.onnx")
    (folder / "instances.csv").write_text("hard.onnx,hard.vnnlib,60\n")
    monkeypatch.setattr(verify_process, "GRACE_S", -59.0)
    chosen, records = select(["slow"], None, [tmp_path]), tmp_path / "r.jsonl"
    run_instances(chosen, records, limits=LIMITS)
    (record,) = read(records)
    assert (record.status, record.metrics["result"]) == ("timeout", "timeout")
    assert record.metrics["reason"] == "had to be stopped after 1 s"
    assert record.metrics["cpu_s"] > 0
    assert record.wall_s >= 1
    assert pending(chosen, records, LIMITS) == []


def test_a_wrong_verdict_is_loud_and_1_and_told_again(place: Path, capsys: Capture) -> None:
    known = "onnx,vnnlib,expected\nonnx/net.onnx,holds.vnnlib,sat\n"
    (place / "verify" / "small" / "expected.csv").write_text(known)
    asked = ["bench", "verify", "small", "--data", str(place), "--only", "holds"]
    assert cli.run(asked) == 1
    out, err = capsys.readouterr()
    assert "1 of 1" in out
    wrong = "WRONG: abduce verify small/onnx/net.onnx small/holds.vnnlib --timeout-s 60: unsat"
    assert f"{wrong} (expected sat)" in err
    assert cli.run([*asked, "--resume", "--json", "--quiet"]) == 1
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["ran"], len(found["wrong"]), wrong in err) == (0, 1, True)
    assert len(read(Path("records/verify.jsonl"))) == 1


def test_what_failed_is_named_and_run_again(place: Path, capsys: Capture) -> None:
    asked = ["bench", "verify", "broken", "--data", str(place), "--resume", "--records", "r.jsonl"]
    assert cli.run(asked) == 2
    assert "error: abduce verify broken/onnx/none.onnx" in capsys.readouterr().err
    (place / "verify" / "broken" / "onnx" / "net.onnx").rename(
        place / "verify" / "broken" / "onnx" / "none.onnx"
    )
    assert cli.run(asked) == 0
    out, err = capsys.readouterr()
    assert "error" not in out + err
    assert [record.status for record in read(Path("r.jsonl"))] == ["failed", "complete"]


def test_bench_lists_benchmarks_and_commands(place: Path, capsys: Capture) -> None:
    assert cli.run(["bench", "--data", str(place)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert re.match(r"verify +\d+ jobs  networks and properties: .*broken.*small", last)
    listed = ["bench", "verify", "small", "--list", "--timeout-s", "5", "--data", str(place)]
    assert cli.run(listed) == 0
    assert capsys.readouterr().out.splitlines() == [
        "abduce verify small/onnx/net.onnx small/holds.vnnlib --timeout-s 5",
        "abduce verify small/onnx/net.onnx small/fails.vnnlib --timeout-s 5",
    ]
    assert not Path("records").exists()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["miniscan", "--backend", "slurm"], "--backend slurm"),
        (["miniscan", "--backend", "dask"], "--backend dask without --scheduler"),
        (["miniscan", "--scheduler", "tcp://a:1"], "--scheduler with --backend processes"),
        (["miniscan", "--only", "x"], "--only with miniscan"),
        (["miniscan", "--memory-gb", "2"], "--memory-gb with miniscan"),
        (["verify", "--seeds", "2"], "--seeds with verify"),
        (["miniscan", "verify"], "the part 'verify'"),
        (["verify", "small", "--out", "/dev/null/x"], "cannot write /dev/null/x"),
    ],
)
def test_options_that_say_nothing_are_refused(
    arguments: list[str], text: str, place: Path, capsys: Capture
) -> None:
    assert cli.run(["bench", *arguments, "--data", str(place)]) == 2
    assert text in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_is_130_and_leaves_whole_records(place: Path) -> None:
    folder = place / "verify" / "small"
    hard(folder / "hard.onnx")
    lines = "onnx/net.onnx,holds.vnnlib,60\nhard.onnx,hard.vnnlib,60\n"
    (folder / "instances.csv").write_text(f"{lines}onnx/net.onnx,fails.vnnlib,60\n")
    code = """
import _thread, signal, sys
from abduce.cli import app
from abduce.cli.bench import asked
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
def say(text):
    sys.stderr.write(text + "\\n")
    if text.startswith("1/3"):
        _thread.interrupt_main()
asked.say = say
sys.exit(app.run(["bench", "verify", "small", "--jobs", "1", "--data", sys.argv[1]]))
"""
    done = process(["-c", code, str(place)], Path.cwd())
    assert done.returncode == 130, done.stderr
    assert done.stderr.endswith("abduce: interrupted\n")
    assert Path("records/verify.jsonl").read_bytes().endswith(b"}\n")
    (record,) = read(Path("records/verify.jsonl"))
    assert record.metrics["verdict"] == "proved"
