"""The door of trained modules: an answer that nothing is proved of, and what the machine says."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from abduce.neural.modules import catalogue
from abduce.neural.modules.catalogue import module_task
from abduce.neural.training.experiment import Experiment, ModuleTask
from abduce.neural.training.files import save
from abduce.neural.training.loop import train
from tests.doors import answer, asked

SORT = ("execute", "sort", "--method", "execution-engine")
GRAPH = "a b 2\nb c 1\na c 9\nd\n"


def tiny(experiment: Experiment, **options: int) -> Experiment:
    return experiment.with_config({"steps": 2, "batch": 2, "warm_up": 1}, options)


def small(task: str, method: str, **options: int) -> ModuleTask:
    whole = module_task(task, method)
    return replace(whole, experiments=tuple(tiny(e, **options) for e in whole.experiments))


TASKS = (
    small("sort", "execution-engine", layers=1, hidden=8),
    small("dijkstra", "execution-engine", layers=1, hidden=8),
    small("mod-5", "deltanet", width=8, heads=2),
    small("hull", "attention", width=8),
    small("value-iteration", "convergent", width=4, heads=4),
    small("lambda", "transformer", width=8, heads=2, inner=8, layers=1),
)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Modules after two steps of training: they are wrong, and say something."""
    folder = tmp_path_factory.mktemp("modules")
    for experiment in {e.name: e for task in TASKS for e in task.experiments}.values():
        save(train(experiment), folder)
    return folder


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MODULES", TASKS)


@pytest.fixture
def numbers(tmp_path: Path) -> str:
    path = tmp_path / "numbers.txt"
    path.write_text("7 3 200 3")
    return str(path)


@pytest.mark.parametrize(
    ("task", "method", "text", "entries"),
    [
        ("sort", "execution-engine", "7 3 200 3", 4),
        ("dijkstra", "execution-engine", GRAPH, 4),
        ("mod-5", "deltanet", "1 2 3 4 0 4", 6),
        ("hull", "attention", "0 0\n4 0\n4 3\n0 3\n1 1\n", 1),
        ("value-iteration", "convergent", "discount 0.9\na x b 1 1\na y a 1 0\nb z b 1 0.5\n", 2),
    ],
)
def test_a_module_answers_in_the_form_of_the_machine(
    task: str,
    method: str,
    text: str,
    entries: int,
    trained: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "input.txt"
    path.write_text(text)
    options = ("--method", method, "--modules", str(trained), "--input", str(path))
    found = answer(capsys, "execute", task, *options)
    assert found["proved"] is False
    assert found["entries"] == entries
    assert 0 <= found["right"] <= entries
    assert type(found["answer"]) is type(found["exact"])
    if task == "sort":
        assert found["right"] == sum(
            one == other for one, other in zip(found["answer"], found["exact"], strict=True)
        )
    code, out, err = asked(capsys, "execute", task, *options)
    assert code == 0
    assert out
    assert err.startswith(f"{task}, {method}: not proved; trained on ")
    assert (f"right in {found['right']} of {entries}" if entries > 1 else "wrong") in err
    code, _, err = asked(capsys, "execute", task, *options, "--quiet")
    assert len(err.splitlines()) == 1


def test_the_trace_has_every_step(
    trained: Path, numbers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--modules", str(trained), "--input", numbers, "--trace")
    found = answer(capsys, *SORT, *options)
    assert len(found["trace"]) == 4
    assert all(step.startswith("select   ") for step in found["trace"])
    assert "select   " in asked(capsys, *SORT, *options)[2]


def test_a_term_is_an_argument(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever it writes: two steps are not enough to learn to end a term."""
    command = ("execute", "lambda", "--method", "transformer", "--modules", str(trained))
    found = answer(capsys, *command, "--fuel", "2", r"(\x. x) a")
    assert (found["size"], found["exact"]["result"], found["proved"]) == (4, "a", False)
    assert found["entries"] == found["answer"]["steps"] <= 2
    code, _, err = asked(capsys, *command, r"(\x. x) d")
    assert code == 2
    assert "found the free name 'd', expected one of a, b or c" in err


def test_a_file_of_another_name_can_be_used(
    trained: Path, numbers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for end in ("safetensors", "json"):
        shutil.copy(trained / f"execution-engine-select.{end}", tmp_path / f"mine.{end}")
    kept = answer(capsys, *SORT, "--modules", str(trained), "--input", numbers)
    for end in ("safetensors", "json"):
        options = ("--model", str(tmp_path / f"mine.{end}"), "--input", numbers)
        assert answer(capsys, *SORT, *options)["answer"] == kept["answer"]


def test_files_that_will_not_do(
    trained: Path, numbers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*options: str) -> str:
        code, out, err = asked(capsys, *SORT, "--input", numbers, *options)
        assert (code, out) == (2, "")
        return err

    err = refused("--modules", str(tmp_path / "none"))
    assert "no such file or directory, expected the module 'execution-engine-select'" in err
    assert f"abduce train sort --method execution-engine --modules {tmp_path / 'none'}" in err
    err = refused("--model", str(trained / "deltanet-mod-5.safetensors"))
    assert "the module 'deltanet-mod-5', expected 'execution-engine-select'" in err
    folder = tmp_path / "changed"
    shutil.copytree(trained, folder)
    weights = folder / "execution-engine-select.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    err = refused("--modules", str(folder))
    assert "wrong sha256" in err
    assert "Train the module again: abduce train sort --method execution-engine" in err
    described = folder / "execution-engine-select.json"
    told = json.loads(described.read_text())
    described.write_text(json.dumps({**told, "config": {}}))
    assert "found config {}" in refused("--model", str(weights))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((*SORT, "--level", "L1"), "found --level with --method execution-engine, expected --tr"),
        ((*SORT, "--rank", "2"), "found --rank with --method execution-engine"),
        ((*SORT, "--device", "abacus"), "found the device 'abacus'"),
        (("execute", "mod-5"), "found mod-5 without a method, expected --method deltanet"),
        (("execute", "mod-5", "--method", "x"), "found the method 'x' of mod-5"),
        (("execute", "sort", "--model", "m"), "--model without a module, expected --method exec"),
        (("execute", "add", "--device", "cuda"), "found --device without a module"),
        (
            ("execute", "value-iteration", "--method", "convergent", "--trace"),
            "found --trace with --method convergent, expected none",
        ),
    ],
)
def test_what_means_nothing_is_refused(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = asked(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
