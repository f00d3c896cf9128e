"""Verification from the command line: verdicts, files, exit codes, and benchmarks."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

import onnx

import abduce
from abduce.benchmarks.records.record_file import read
from abduce.cli import app as cli
from abduce.cli import verify as cli_verify
from abduce.verify.instances.checking import Runtime
from abduce.verify.networks.network import Dense, Network
from abduce.verify.networks.onnx.reading import read_network
from tests.instances import BOX, FAILS, HOLDS, hard, network, process
from tests.onnx_models import Step, proto
from tests.vnnlib_texts import read_counterexample

Capture = pytest.CaptureFixture[str]

PROMISED = {"verdict", "reason", "counterexample", "cpu_s", "wall_s", "domains", "peak_mb"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network with two properties, in the current folder."""
    monkeypatch.chdir(tmp_path)
    network(tmp_path / "net.onnx")
    (tmp_path / "holds.vnnlib").write_text(HOLDS)
    (tmp_path / "fails.vnnlib").write_text(FAILS)
    return tmp_path


def verified(arguments: Sequence[str], capsys: Capture, code: int = 0) -> dict[str, Any]:
    """What `abduce verify ... --json` prints."""
    assert cli.run(["verify", *arguments, "--json"]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


@pytest.fixture(autouse=True)
def processes_find_this_package(monkeypatch: pytest.MonkeyPatch) -> None:
    root = str(Path(abduce.__file__).parent.parent)
    monkeypatch.setenv("PYTHONPATH", root)


def test_the_output_that_a_property_is_about_can_be_chosen(folder: Path, capsys: Capture) -> None:
    """The first output is no part of the property, and its operator is not supported."""
    model = onnx.load(folder / "net.onnx")
    kept = model.graph.output[0].name
    model.graph.node.append(onnx.helper.make_node("ArgMax", [kept], ["label"], axis=-1))
    label = onnx.helper.make_tensor_value_info("label", onnx.TensorProto.INT64, None)
    model.graph.output.insert(0, label)
    onnx.save(model, folder / "two.onnx")
    for name, verdict in (("holds", "proved"), ("fails", "refuted")):
        found = verified(["two.onnx", f"{name}.vnnlib", "--output", kept], capsys)
        assert found["verdict"] == verdict
    assert cli.run(["verify", "two.onnx", "holds.vnnlib"]) == 3
    assert f"2 outputs: label, {kept}" in (text := capsys.readouterr().err)
    assert "--output NAME" in text
    assert cli.run(["verify", "two.onnx", "holds.vnnlib", "--output", "label"]) == 3
    assert "ArgMax" in capsys.readouterr().err
    assert cli.run(["verify", "two.onnx", "holds.vnnlib", "--output", "other"]) == 2
    assert "no output 'other'" in capsys.readouterr().err


def test_a_property_that_holds_is_proved(folder: Path, capsys: Capture) -> None:
    found = verified(["net.onnx", "holds.vnnlib"], capsys)
    assert found.keys() >= PROMISED
    assert (found["verdict"], found["reason"], found["counterexample"]) == ("proved", None, None)
    assert found["domains"] >= 1
    assert found["open"] == 0


def test_a_counterexample_holds_in_onnxruntime(folder: Path, capsys: Capture) -> None:
    found = verified(["net.onnx", "fails.vnnlib"], capsys)
    assert (found["verdict"], found["reason"]) == ("refuted", None)
    point = np.array(found["counterexample"]["input"])
    assert found["counterexample"]["shape"] == [1, 2]
    assert Runtime("net.onnx")(point.reshape(1, 2)).item() >= 1.5
    x, y = read_counterexample(found["counterexample"]["vnnlib"])
    assert (x == point).all()
    assert y.tolist() == found["counterexample"]["output"]


def test_a_person_reads_a_verdict_in_a_line(folder: Path, capsys: Capture) -> None:
    assert cli.run(["verify", "net.onnx", "holds.vnnlib"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("proved: no input violates the property, however float32 rounds (1 dom")
    assert (out.count("\n"), err) == (1, "")
    assert cli.run(["verify", "net.onnx", "fails.vnnlib"]) == 0
    first, text = capsys.readouterr().out.split("\n", 1)
    assert first.startswith("refuted: ")
    assert len(read_counterexample(text)[0]) == 2


def test_a_proof_may_cover_what_float32_rounds(folder: Path, capsys: Capture) -> None:
    text = BOX + "(assert (>= Y_0 2.00000001))"  # nearer to the largest output than float32 tells
    Path("near.vnnlib").write_text(text)
    found = verified(["net.onnx", "near.vnnlib"], capsys)
    assert (found["semantics"], found["float32"]) == ("real", False)
    assert verified(["net.onnx", "holds.vnnlib"], capsys)["float32"] is True
    asked = ["near.vnnlib", "--semantics", "float32", "--timeout-s", "1"]
    found = verified(["net.onnx", *asked], capsys, 4)
    assert (found["verdict"], found["semantics"]) == ("unknown", "float32")
    assert cli.run(["verify", "net.onnx", "holds.vnnlib", "--semantics", "float32"]) == 0
    assert capsys.readouterr().out.startswith("proved: no input violates the property, however")
    asked = ["--benchmark", "instances.csv", "--semantics", "float32"]
    assert cli.run(["verify", *asked]) == 2
    assert "--semantics float32" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["x.counterexample", "x.npy"])
def test_a_counterexample_is_kept(name: str, folder: Path, capsys: Capture) -> None:
    asked = ["net.onnx", "fails.vnnlib", "--counterexample", name]
    point = verified(asked, capsys)["counterexample"]["input"]
    kept = np.load(name) if name.endswith("npy") else read_counterexample(Path(name).read_text())[0]
    assert kept.ravel().tolist() == point
    assert Runtime("net.onnx")(kept.reshape(1, 2)).item() >= 1.5


def test_a_network_that_was_read_wrongly_is_an_error(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrongly(path: Path, **given: Any) -> Network:
        network = read_network(path, **given)
        *nodes, last = network.nodes
        assert isinstance(last.operation, Dense)
        operation = replace(last.operation, bias=last.operation.bias - 1e-3)
        return replace(network, nodes=(*nodes, replace(last, operation=operation)))

    monkeypatch.setattr("abduce.verify.networks.onnx.reading.read_network", wrongly)
    assert cli.run(["verify", "net.onnx", "holds.vnnlib", "--json"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["kind"] == "ImportMismatchError"
    assert "net.onnx was read wrongly" in err
    asked = ["vnncomp", "v1", "test", "net.onnx", "holds.vnnlib", "result.txt", "10"]
    assert cli.run(asked) == 0
    assert Path("result.txt").read_text() == "error\n"


def test_nothing_is_kept_of_what_is_proved(folder: Path, capsys: Capture) -> None:
    verified(["net.onnx", "holds.vnnlib", "--counterexample", "x.npy"], capsys)
    assert not Path("x.npy").exists()


def test_a_packed_file_is_found_without_its_ending(folder: Path, capsys: Capture) -> None:
    import gzip

    for name in ("net.onnx", "holds.vnnlib"):
        Path(f"{name}.gz").write_bytes(gzip.compress(Path(name).read_bytes()))
        Path(name).unlink()
    assert verified(["net.onnx", "holds.vnnlib"], capsys)["verdict"] == "proved"


def test_out_of_time_is_unknown_and_4(folder: Path, capsys: Capture) -> None:
    hard(folder / "hard.onnx")
    found = verified(["hard.onnx", "hard.vnnlib", "--timeout-s", "1"], capsys, 4)
    assert (found["verdict"], found["reason"]) == ("unknown", "out of time after 1 s")
    assert found["domains"] > 0
    assert found["open"] > 0


def test_out_of_memory_is_unknown_and_4(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("abduce.verify.verification.verify", verify)
    asked = ["net.onnx", "holds.vnnlib", "--memory-gb", "64"]
    assert verified(asked, capsys, 4)["reason"] == "out of memory"


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["none.onnx", "holds.vnnlib"], 2, "none.onnx"),
        (["net.onnx", "none.vnnlib"], 2, "none.vnnlib"),
        (["text.onnx", "holds.vnnlib"], 2, "text.onnx"),
        (["net.onnx", "wide.vnnlib"], 2, "wide.vnnlib"),
        (["net.onnx", "torn.vnnlib"], 2, "torn.vnnlib:1:"),
        (["loop.onnx", "holds.vnnlib"], 3, "NonMaxSuppression"),
        (["net.onnx"], 2, "found no property"),
        ([], 2, "found no network and no property"),
        (["net.onnx", "holds.vnnlib", "--jobs", "2"], 2, "--jobs without --benchmark"),
        (["net.onnx", "holds.vnnlib", "--timeout-s", "soon"], 2, "'soon' is not a positive"),
        (["net.onnx", "holds.vnnlib", "--counterexample", "net.onnx/x"], 2, "cannot write"),
        (["--benchmark", "none.csv"], 2, "none.csv: found no such file"),
        (["--benchmark", "holds.vnnlib"], 2, "expected onnx,vnnlib,timeout"),
    ],
)
def test_bad_input_has_its_code_and_an_error_instead_of_an_answer(
    arguments: Sequence[str], code: int, text: str, folder: Path, capsys: Capture
) -> None:
    Path("text.onnx").write_text("no network")
    Path("wide.vnnlib").write_text("(declare-const X_2 Real)" + HOLDS)
    Path("torn.vnnlib").write_text(HOLDS[:-3])
    network(folder / "loop.onnx", "NonMaxSuppression")
    for run in (cli.run, cli_verify.run):
        assert run(["verify", *arguments, "--json"]) == code
        out, err = capsys.readouterr()
        said = json.loads(out)
        assert (said["verdict"], said["error"]["exit_code"]) == ("error", code)
        assert err == f"abduce: {said['error']['message']}\n"
        assert text in err
        assert run(["verify", *arguments]) == code
        assert capsys.readouterr() == ("", err)


def test_both_doors_lead_to_the_same_room(folder: Path, capsys: Capture) -> None:
    assert cli.run(["--help"]) == 0
    assert "vnncomp" in capsys.readouterr().out
    for run in (cli.run, cli_verify.run):
        assert run(["verify", "--help"]) == 0
        assert "--counterexample" in capsys.readouterr().out
        assert run(["verify", "--jsonn"]) == 2
        assert "--jsonn" in capsys.readouterr().err
        assert run(["verify", "none.onnx", "holds.vnnlib"]) == 2
        assert capsys.readouterr().err.startswith("abduce: none.onnx")


def test_ctrl_c_is_130_and_one_line(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("abduce.verify.verification.verify", verify)
    asked = ["verify", "net.onnx", "fails.vnnlib", "--counterexample", "x.npy"]
    for run in (cli.run, cli_verify.run):
        assert run(asked) == 130
        assert capsys.readouterr() == ("", "abduce: interrupted\n")
    assert not Path("x.npy").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_ctrl_c_stops_a_benchmark_and_keeps_what_has_ended(folder: Path) -> None:
    hard(folder / "hard.onnx")
    lines = ("net.onnx,holds.vnnlib,60", "hard.onnx,hard.vnnlib,60", "net.onnx,fails.vnnlib,60")
    Path("instances.csv").write_text("\n".join(lines))
    code = """
import _thread, signal, sys
from abduce.cli import verify as cli_verify
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
def say(text):
    sys.stderr.write(text + "\\n")
    if text.startswith("1/3"):
        _thread.interrupt_main()
cli_verify.say = say
sys.exit(cli_verify.run(["verify", "--benchmark", "instances.csv"]))
"""
    done = process(["-c", code], folder)
    assert done.returncode == 130, done.stderr
    assert done.stderr.endswith("abduce: interrupted\n")
    assert Path("results.csv").read_text().count("\n") == 1
    assert len(read(Path("records/verify.jsonl"))) == 1


def test_an_easy_answer_imports_nothing_heavy(folder: Path) -> None:
    code = """
import sys
from abduce.__main__ import main
sys.argv = ["abduce", "verify", "net.onnx", "holds.vnnlib"]
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
heavy = ("torch", "onnx", "scipy", "typer", "rich", "pydantic", "torchvision", "pandas", "joblib")
loaded = [name for name in heavy if name in sys.modules]
assert not loaded, loaded
"""
    done = process(["-c", code], folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("proved")


def test_time_counts_from_the_start_of_the_process(folder: Path) -> None:
    done = process(["-m", "abduce", "verify", "net.onnx", "holds.vnnlib", "--json"], folder)
    found = json.loads(done.stdout)
    assert found["wall_s"] > 0
    assert found["cpu_s"] > 0
    assert found["peak_mb"] > 1


@pytest.mark.parametrize(
    ("net", "property_", "timeout", "first"),
    [
        ("net.onnx", "holds.vnnlib", "60", "unsat"),
        ("net.onnx", "fails.vnnlib", "60", "sat"),
        ("hard.onnx", "hard.vnnlib", "1", "timeout"),
        ("loop.onnx", "holds.vnnlib", "60", "unknown"),
        ("none.onnx", "holds.vnnlib", "60", "error"),
    ],
)
def test_vnncomp_always_writes_a_result(
    net: str, property_: str, timeout: str, first: str, folder: Path, capsys: Capture
) -> None:
    hard(folder / "hard.onnx")
    network(folder / "loop.onnx", "NonMaxSuppression")
    assert cli.run(["vnncomp", "v1", "test", net, property_, "out.txt", timeout]) == 0
    assert capsys.readouterr().out == f"{first}\n"
    result, rest = Path("out.txt").read_text().split("\n", 1)
    assert result == first
    if first == "sat":
        x, y = read_counterexample(Path("out.txt").read_text())
        assert Runtime(net)(x.reshape(1, 2)).item() == y.item() >= 1.5
    else:
        assert rest == ""


def test_a_property_of_vnnlib_2_and_its_counterexample(folder: Path) -> None:
    text = (
        "(vnnlib-version <2.0>) (declare-network net (declare-input X float32 [1,2])"
        " (declare-output Y real [1,1])) (assert (and (>= X[0,0] -1.0) (<= X[0,0] 1.0)"
        " (>= X[0,1] -1.0) (<= X[0,1] 1.0) (>= Y[0,0] 1.5)))"
    )
    for name, shape, expected in (("two", "[1,2]", "sat"), ("three", "[1,3]", "error")):
        (folder / f"{name}.vnnlib").write_text(text.replace("[1,2]", shape))
        assert cli.run(["vnncomp", "v1", "test", "net.onnx", f"{name}.vnnlib", "out.txt", "9"]) == 0
        assert Path("out.txt").read_text().startswith(expected + "\n")
    cli.run(["vnncomp", "v1", "test", "net.onnx", "two.vnnlib", "out.txt", "9"])
    _, x, *point, y, output = Path("out.txt").read_text().splitlines()
    assert (x, y) == ("X float32 [1,2]", "Y real [1,1]")
    assert sum(max(0.0, float(value)) for value in point) == float(output) >= 1.5


def test_vnncomp_writes_error_for_a_bug(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("abduce.verify.verification.verify", verify)
    assert cli.run(["vnncomp", "v1", "test", "net.onnx", "holds.vnnlib", "out.txt", "9"]) == 0
    assert Path("out.txt").read_text() == "error\n"
    assert cli.run(["vnncomp", "v2", "test", "net.onnx", "holds.vnnlib", "no.txt", "9"]) == 2
    assert not Path("no.txt").exists()


@pytest.fixture
def benchmark(folder: Path) -> Path:
    """Two instances, whose results are expected."""
    pairs = ("net.onnx,holds.vnnlib", "net.onnx,fails.vnnlib")
    (folder / "instances.csv").write_text("".join(f"{pair},60\n" for pair in pairs))
    expected = f"onnx,vnnlib,expected\n{pairs[0]},unsat\n{pairs[1]},sat\n"
    (folder / "expected.csv").write_text(expected)
    return folder / "instances.csv"


def test_a_benchmark_has_a_row_and_a_record_for_each_instance(
    benchmark: Path, capsys: Capture
) -> None:
    assert cli.run(["verify", "--benchmark", str(benchmark), "--jobs", "2", "--json"]) == 0
    out, err = capsys.readouterr()
    summary = json.loads(out)
    assert (summary["ran"], summary["confirmed"], summary["wrong"]) == (2, 2, [])
    assert "2 instances: 1 unsat, 1 sat" in err
    rows = sorted(line.split(",") for line in Path("results.csv").read_text().splitlines())
    name = benchmark.parent.name
    assert [row[:5] for row in rows] == [
        [name, "net.onnx", "fails.vnnlib", "0.0", "sat"],
        [name, "net.onnx", "holds.vnnlib", "0.0", "unsat"],
    ]
    records = {record.metrics["verdict"]: record for record in read(Path("records/verify.jsonl"))}
    proved = records["proved"]
    assert (proved.kind, proved.status, proved.metrics["expected"]) == (
        "verify",
        "complete",
        "unsat",
    )
    assert proved.metrics.keys() >= PROMISED - {"counterexample"}
    assert len(proved.data_sha256) == 2


def test_a_benchmark_is_gone_on_with(benchmark: Path, capsys: Capture) -> None:
    name = benchmark.parent.name
    first = f"{name},net.onnx,holds.vnnlib,0.0,unsat,0.5\n"
    Path("results.csv").write_text(first + f"{name},net.onnx,fails")
    asked = ["verify", "--benchmark", str(benchmark), "--quiet"]
    assert cli.run(asked) == 2
    assert "--resume" in capsys.readouterr().err
    assert cli.run([*asked, "--resume"]) == 0
    assert "1 run" in capsys.readouterr().err
    kept, new = Path("results.csv").read_text().splitlines()
    assert kept == first.replace("0.5\n", "0.500")
    assert new.startswith(f"{name},net.onnx,fails.vnnlib,0.0,sat,")
    assert len(read(Path("records/verify.jsonl"))) == 1
    assert cli.run([*asked, "--resume"]) == 0
    assert "0 run" in capsys.readouterr().err


def test_a_wrong_verdict_is_loud_and_1(benchmark: Path, capsys: Capture) -> None:
    (benchmark.parent / "expected.csv").write_text(
        "onnx,vnnlib,expected\nnet.onnx,holds.vnnlib,sat\nnet.onnx,fails.vnnlib,unsat?\n"
    )
    name = benchmark.parent.name
    rows = [f"{name},net.onnx,{p}.vnnlib,0.0,unsat,0.5\n" for p in ("holds", "fails")]
    Path("results.csv").write_text("".join(rows))
    assert cli.run(["verify", "--benchmark", str(benchmark), "--resume"]) == 1
    err = capsys.readouterr().err
    assert "WRONG: net.onnx holds.vnnlib: unsat (expected sat)" in err
    assert err.count("WRONG") == 1


def test_a_missing_file_is_an_error_row_and_2(benchmark: Path, capsys: Capture) -> None:
    benchmark.write_text("none.onnx,holds.vnnlib,60\n")
    assert cli.run(["verify", "--benchmark", str(benchmark)]) == 2
    assert "error: none.onnx holds.vnnlib: abduce: " in capsys.readouterr().err
    (record,) = read(Path("records/verify.jsonl"))
    assert (record.status, record.metrics["result"]) == ("failed", "error")


def test_the_verbs_are_found_on_first_use() -> None:
    import abduce.verify as room

    for name in room.__all__:
        assert getattr(room, name) is not None
        assert name in dir(room)
    assert set(room.HOMES) == set(room.__all__)
    with pytest.raises(AttributeError, match="no attribute 'prove'"):
        _ = room.prove  # pyright: ignore[reportAttributeAccessIssue]


def sign_cancel(path: Path) -> None:
    """1 for x > 0; and 0 where x + 2^25 is rounded to 2^25 in float32."""
    steps: list[Step] = [
        ("Add", ["x", "k"], ["a"], {}),
        ("Sub", ["a", "k"], ["b"], {}),
        ("Sign", ["b"], ["y"], {}),
    ]
    path.write_bytes(proto(steps, (1, 1), {"k": np.full((1, 1), 2.0**25)}).SerializeToString())


CANCELLED = (
    "(declare-const X_0 Real)(declare-const Y_0 Real)"
    "(assert (>= X_0 0.1))(assert (<= X_0 1.0))(assert (<= Y_0 0.0))"
)


def test_a_proof_that_onnxruntime_violates_says_so(folder: Path, capsys: Capture) -> None:
    sign_cancel(folder / "sign.onnx")
    Path("sign.vnnlib").write_text(CANCELLED)
    found = verified(["sign.onnx", "sign.vnnlib", "--counterexample", "x.npy"], capsys)
    assert (found["verdict"], found["counterexample"], found["float32"]) == ("proved", None, False)
    (x,), (y,) = found["rounding"]["input"], found["rounding"]["output"]
    assert 0.1 <= x <= 1.0
    assert Runtime("sign.onnx")(np.array([[x]])).item() == y <= 0.0
    assert np.load("x.npy").item() == x
    assert cli.run(["verify", "sign.onnx", "sign.vnnlib"]) == 0
    first, text = capsys.readouterr().out.split("\n", 1)
    said = "proved in real arithmetic; onnxruntime's own rounding violates it at x = "
    assert first.startswith(f"{said}{x:.9g} (")
    assert read_counterexample(text)[0].tolist() == [x]
    assert cli.run(["vnncomp", "v1", "test", "sign.onnx", "sign.vnnlib", "out.txt", "9"]) == 0
    assert capsys.readouterr().out == "sat\n"
    assert Path("out.txt").read_text().startswith("sat\n")
    assert read_counterexample(Path("out.txt").read_text())[0].tolist() == [x]
    found = verified(["sign.onnx", "sign.vnnlib", "--semantics", "float32"], capsys)
    assert found["verdict"] == "refuted"


def test_in_a_benchmark_the_result_is_what_vnncomp_writes(folder: Path, capsys: Capture) -> None:
    sign_cancel(folder / "sign.onnx")
    Path("sign.vnnlib").write_text(CANCELLED)
    Path("instances.csv").write_text("sign.onnx,sign.vnnlib,60\n")
    assert cli.run(["verify", "--benchmark", "instances.csv", "--quiet"]) == 0
    (record,) = read(Path("records/verify.jsonl"))
    assert (record.metrics["verdict"], record.metrics["result"]) == ("proved", "sat")


@pytest.mark.parametrize("gigabytes", ["1e-300", "0.001", "0.02", "0.07"])
def test_too_little_memory_to_begin_with_is_refused(gigabytes: str, folder: Path) -> None:
    asked = ["verify", "net.onnx", "holds.vnnlib", "--json", "--memory-gb", gigabytes]
    done = process(["-m", "abduce", *asked], folder)
    assert done.returncode == 2, done.stderr
    assert f"found --memory-gb {float(gigabytes):g}, expected at least 0." in done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "InputError"


def test_the_least_memory_that_is_accepted_is_enough_for_an_easy_answer(folder: Path) -> None:
    asked = ["-m", "abduce", "verify", "net.onnx", "holds.vnnlib", "--memory-gb"]
    refused = process([*asked, "0.01"], folder).stderr
    least = refused.partition("at least ")[2].split()[0]
    done = process([*asked, least], folder)
    assert (done.returncode, done.stdout[:6], done.stderr) == (0, "proved", "")


@pytest.mark.parametrize(
    "place", ["networks.onnx.reading.read_network", "specifications.vnnlib.reading.read_property"]
)
def test_too_little_memory_for_reading_is_unknown(
    place: str, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(f"abduce.verify.{place}", nothing)
    assert verified(["net.onnx", "holds.vnnlib"], capsys, 4)["reason"] == "out of memory"
    assert cli.run(["vnncomp", "v1", "test", "net.onnx", "holds.vnnlib", "out.txt", "9"]) == 0
    assert Path("out.txt").read_text() == "unknown\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("asked", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("command", ["verify", "vnncomp"])
def test_who_is_asked_to_end_ends_in_a_line_and_with_a_result(
    command: str, asked: str, folder: Path
) -> None:
    hard(folder / "hard.onnx")
    code = f"""
import os, signal, sys
import abduce.verify.verification as room
from abduce.cli import verify as cli_verify
from abduce.door import enter
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background job
verify = room.verify
def signalled(*given, **options):
    os.kill(os.getpid(), signal.{asked})
    return verify(*given, **options)
room.verify = signalled
files = ["hard.onnx", "hard.vnnlib"]
arguments = {{"verify": ["verify", *files], "vnncomp": ["vnncomp", "v1", "c", *files, "out", "60"]}}
enter(lambda: cli_verify.run(arguments["{command}"]))
"""
    done = process(["-c", code], folder)
    assert (done.returncode, done.stdout) == (143 if asked == "SIGTERM" else 130, "")
    assert done.stderr == "abduce: interrupted\n"
    assert command == "verify" or Path("out").read_text() == "unknown\n"


def test_a_process_that_is_killed_leaves_a_result(folder: Path) -> None:
    code = """
import os, signal, sys
import abduce.verify.verification as room
from abduce.cli import verify as cli_verify
room.verify = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
cli_verify.run(["vnncomp", "v1", "c", "net.onnx", "holds.vnnlib", "out", "60"])
"""
    assert process(["-c", code], folder).returncode == -9
    assert Path("out").read_text() == "unknown\n"


@pytest.mark.parametrize("name", ["net.onnx", "holds.vnnlib"])
def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    name: str, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bz2

    for room in ("networks.onnx.model", "specifications.vnnlib.reading"):
        monkeypatch.setattr(f"abduce.verify.{room}.MOST_BYTES", 2**20)
    packed = {"net.onnx": bz2.compress(bytes(2**21)), "holds.vnnlib": bz2.compress(b" " * 2**21)}
    Path(name).write_bytes(packed[name])
    assert cli.run(["verify", "net.onnx", "holds.vnnlib"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"abduce: {name}: found more than 1,048,576 bytes")


def test_files_whose_unpacking_takes_all_the_time_are_unknown(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import bz2

    from abduce import clock

    def unpacked(*_: object, deadline: float | None = None, **__: object) -> bytes:
        assert deadline is not None
        raise clock.OutOfTime

    Path("holds.vnnlib").write_bytes(bz2.compress(HOLDS.encode()))
    assert verified(["net.onnx", "holds.vnnlib"], capsys)["verdict"] == "proved"
    for room in ("specifications.vnnlib.reading", "networks.onnx.model"):
        with monkeypatch.context() as patch:
            patch.setattr(f"abduce.verify.{room}.unpacked", unpacked)
            found = verified(["net.onnx", "holds.vnnlib", "--timeout-s", "7"], capsys, 4)
        assert (found["verdict"], found["reason"]) == ("unknown", "out of time after 7 s")


def test_a_benchmark_keeps_instances_that_differ_in_their_timeout(
    folder: Path, capsys: Capture
) -> None:
    pair = "net.onnx,holds.vnnlib"
    Path("instances.csv").write_text(f"{pair},60\n{pair},50\n{pair},60\n{pair},40\n")
    asked = ["verify", "--benchmark", "instances.csv", "--quiet", "--jobs", "2"]
    assert cli.run(asked) == 0
    assert "3 instances: 3 unsat" in capsys.readouterr().err
    records = read(Path("records/verify.jsonl"))
    assert sorted(record.task["timeout_s"] for record in records) == [40, 50, 60]
    rows = Path("results.csv").read_text().splitlines(keepends=True)
    assert len(rows) == 3
    Path("results.csv").write_text("".join(rows[:2]))
    assert cli.run([*asked, "--resume"]) == 0
    assert "1 run" in capsys.readouterr().err
    assert read(Path("records/verify.jsonl"))[-1].task["timeout_s"] == 40
    assert Path("results.csv").read_text().splitlines(keepends=True)[:2] == rows[:2]
