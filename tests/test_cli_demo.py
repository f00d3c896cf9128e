"""What needs no files of one's own: demonstrations that come with the package."""

import importlib.util
import json
import random
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import onnxruntime
import pytest

from abduce.cli_demo import DEMOS, FILES
from tests.doors import Capture, answer, asked

SCRIPT = Path(__file__).parent.parent / "scripts" / "demo_network.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_network", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_network_is_proved_and_the_command_is_shown(capsys: Capture) -> None:
    code, out, err = asked(capsys, "demo", "verify")
    assert code == 0
    assert out.startswith("proved: ")
    assert err.endswith(f"$ abduce verify {FILES / 'brake.onnx'} {FILES / 'brake.vnnlib'}\n")


def test_options_after_the_name_are_those_of_the_command(capsys: Capture) -> None:
    assert answer(capsys, "demo", "verify")["verdict"] == "proved"
    assert asked(capsys, "demo", "verify", "--timeout-s", "none")[0] == 2


def test_without_a_name_they_are_listed(capsys: Capture) -> None:
    code, out, _ = asked(capsys, "demo")
    assert code == 0
    assert [line.split()[2] for line in out.splitlines()] == list(DEMOS)
    code, out, _ = asked(capsys, "demo", "--json")
    assert [row["name"] for row in json.loads(out)] == list(DEMOS)


def test_a_name_that_is_none_and_an_option_of_none_are_refused(capsys: Capture) -> None:
    assert asked(capsys, "demo", "verifi")[0] == 2
    assert asked(capsys, "demo", "--seed")[0] == 2


def test_the_files_are_those_of_the_script(script: ModuleType) -> None:
    """The training is not run again: its last digits are those of the machine."""
    assert (FILES / "brake.vnnlib").read_text(encoding="utf-8") == script.PROPERTY
    kept = onnx.load(FILES / "brake.onnx")
    shapes = [(2, script.HIDDEN), (script.HIDDEN,), (script.HIDDEN, script.HIDDEN),
              (script.HIDDEN,), (script.HIDDEN, 1), (1,)]  # fmt: skip
    made = script.network([np.zeros(shape) for shape in shapes])
    assert made.graph.node == kept.graph.node
    assert [tuple(tensor.dims) for tensor in kept.graph.initializer] == shapes


def test_the_network_has_learned_how_hard_to_brake(script: ModuleType, rng: random.Random) -> None:
    session = onnxruntime.InferenceSession(FILES / "brake.onnx")
    points = np.random.default_rng(rng.randrange(2**32)).uniform([0, -20], [100, 20], (500, 2))
    rows = [{"X": point[None].astype(np.float32)} for point in points]
    said = np.array([session.run(None, row)[0] for row in rows]).ravel()
    assert np.abs(said - script.wanted(points)).mean() < 0.05


def test_the_script_descends_by_the_gradient_of_its_error(script: ModuleType) -> None:
    generator = np.random.default_rng(0)
    x, target = generator.normal(size=(50, 2)), generator.normal(size=50)
    weights = [generator.normal(size=shape) for shape in ((2, 3), (3,), (3, 1), (1,))]

    def error(values: list[np.ndarray]) -> float:
        return ((script.forward(values, x)[-1][:, 0] - target) ** 2).mean()

    for n, slope in enumerate(script.gradient(weights, x, target)):
        for place in np.ndindex(slope.shape):
            moved = [[w.copy() for w in weights] for _ in range(2)]
            moved[0][n][place] += 1e-6
            moved[1][n][place] -= 1e-6
            difference = (error(moved[0]) - error(moved[1])) / 2e-6
            assert difference == pytest.approx(slope[place], rel=1e-4, abs=1e-7)
