"""Kernels are taken from the folder that is named, from ./kernels, or from the package."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from abduce.errors import InputError
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.files import load, save
from abduce.neural.kernels.jobs import JOBS, kernels_at
from abduce.neural.kernels.kernel import one_thread, train
from abduce.neural.kernels.places import HERE, SHIPPED, read

NOT_NEEDED = ("jaxtyping", "numba", "safetensors", "scipy", "sympy", "torch", "transformers", "z3")


def test_a_folder_that_is_named_is_the_only_one(tmp_path: Path) -> None:
    save(load(TASKS["add"], SHIPPED), tmp_path)
    (found,) = read([TASKS["add"]], tmp_path)
    assert found.place == tmp_path
    with pytest.raises(InputError, match=r"no kernel compare(.|\n)*abduce train compare;"):
        read([TASKS["add"], TASKS["compare"]], tmp_path)


def test_what_is_trained_here_comes_before_what_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tasks = [TASKS["compare"], TASKS["add"]]
    assert [each.place for each in read(tasks)] == [SHIPPED, SHIPPED]
    tensors, described = save(load(TASKS["add"], SHIPPED), Path("kernels"))
    assert [each.place for each in read(tasks)] == [SHIPPED, HERE]
    assert kernels_at("L1", ["add"])[1] == {"add": HERE}
    assert kernels_at("L0", ["add"])[1] == {}
    described.unlink()  # half of a kernel is an error, and not passed over
    with pytest.raises(InputError, match="no such file"):
        read(tasks)
    tensors.unlink()
    assert [each.place for each in read(tasks)] == [SHIPPED, SHIPPED]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["compare", "orientation", "parity"])
def test_a_shipped_kernel_is_what_training_with_seed_0_gives(name: str) -> None:
    one_thread()
    learned, kept = train(TASKS[name]), load(TASKS[name], SHIPPED)
    assert (learned.attempts, learned.examples) == (kept.attempts, kept.examples)
    assert learned.parameters == kept.parameters
    for key, array in learned.exact.arrays().items():
        assert np.array_equal(array, kept.exact.arrays()[key])


def test_listings_and_all_shipped_kernels_need_no_extra() -> None:
    """Every kernel is read, proved and run without what only extras install."""
    code = f"""
import sys
for name in {NOT_NEEDED!r}:
    sys.modules[name] = None
from abduce.cli.app import run
for command in ("execute", "train", "prove"):
    assert run([command, "--json"]) == 0
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.places import read
assert all(kept.learned.proved for kept in read(list(TASKS.values())))
"""
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_wheel_has_every_file_of_the_shipped_kernels() -> None:
    import tomllib

    pyproject = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    patterns = pyproject["tool"]["setuptools"]["package-data"]["abduce.neural.kernels"]
    named = {path for pattern in patterns for path in SHIPPED.parent.glob(pattern)}
    assert named == set(SHIPPED.iterdir())
    assert max(path.stat().st_size for path in named) < 1 << 16


def test_a_record_of_a_shipped_kernel_names_no_place_and_no_person() -> None:
    for path in SHIPPED.glob("*.json"):
        record = json.loads(path.read_text())
        assert record["verdict"] == "proved"
        assert set(record) <= {
            "schema", "kernel", "kind", "sha256", "seed", "attempts", "examples", "parameters",
            "cpu_s", "verdict", "config",
        }  # fmt: skip


def test_written_methods_need_no_kernel_that_they_do_not_ask() -> None:
    sort = JOBS["sort"]
    assert sort.needs("merge", "L1") == ("compare",)
    assert sort.needs("selection", "L1") == ("compare", "mask")
    assert sort.needs("selection", "L2") == ("compare", "selection-program")
    assert JOBS["permutation"].needs("mean", "L1") == ()
