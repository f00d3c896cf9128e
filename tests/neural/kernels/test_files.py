"""Files of kernels: what is signed but wrong is refused by name, or runs as it was proved."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abduce import files as whole_files
from abduce.configuration import configured
from abduce.errors import AbduceError, InputError
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.evidence import evidence
from abduce.neural.kernels.files import FIELDS, load, save
from abduce.neural.kernels.jobs import JOBS, compiled_kernels, kernels_at
from abduce.neural.kernels.kernel import LearnedKernel, train
from abduce.neural.kernels.places import SHIPPED
from abduce.neural.store import files
from abduce.neural.store.files import paths
from abduce.symbolic.machines.graphs.graph_jobs import GraphOptions
from abduce.symbolic.machines.jobs import MachineJob, RunContext
from abduce.symbolic.machines.lists.list_jobs import FindOptions
from abduce.verify.verdict import Proved

Arrays = dict[str, np.ndarray]
TYPES = ("f8", "f4", "f2", "i1", "u1", "i2", "u2", "i4", "u8", "?")
ENTRIES = (-(2**63), -(2**31), -1, 0, 1, 3, 255, 256, 2**31 - 1, 2**31, 2**53, 2**62, 2**63 - 1)
FACTORS = (-1, 2, 3, 2**30, 2**31, 2**62)
folder_of_each_example = settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@cache
def kept(name: str) -> LearnedKernel:
    return load(TASKS[name], SHIPPED)


def sign(folder: Path, name: str, exact: Mapping[str, np.ndarray], **fields: Any) -> None:
    """A kernel of other arrays, with a checksum that is right."""
    arrays = {f"exact.{key}": np.ascontiguousarray(value) for key, value in exact.items()}
    arrays |= {f"soft.{key}": np.array(value) for key, value in kept(name).weights.items()}
    content = safetensors.numpy.save(arrays)
    tensors, described = paths(folder, name)
    tensors.write_bytes(content)
    record = json.loads(paths(SHIPPED, name)[1].read_text())
    record |= {"sha256": hashlib.sha256(content).hexdigest(), **fields}
    described.write_text(json.dumps(record))


def loaded(name: str, folder: Path) -> LearnedKernel | str:
    """A kernel, or what is said where it is refused."""
    try:
        return load(TASKS[name], folder)
    except InputError as error:
        return str(error)


def scaled(draw: Callable[..., Any], array: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return array * np.int64(draw(st.sampled_from(FACTORS)))


def typed(draw: Callable[..., Any], array: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return array.astype(draw(st.sampled_from(TYPES)))


def entered(draw: Callable[..., Any], array: np.ndarray) -> np.ndarray:
    changed = array.copy()
    if changed.size:
        place = draw(st.integers(0, changed.size - 1))
        changed.flat[place] = draw(st.sampled_from(ENTRIES))
    return changed


def not_a_number(draw: Callable[..., Any], array: np.ndarray) -> np.ndarray:
    changed = array.astype(np.float64)
    changed.flat[0] = draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    return changed


def shaped(draw: Callable[..., Any], array: np.ndarray) -> np.ndarray:
    ways = (
        np.ravel,
        lambda a: a[None],
        lambda a: a[:-1],
        lambda a: np.concatenate([a, a]),
        lambda a: a[:0],
        lambda a: a.reshape(()) if a.size == 1 else a.T,
    )
    return draw(st.sampled_from(ways))(array)


WAYS: tuple[Any, ...] = (scaled, typed, entered, not_a_number, shaped)


@st.composite
def changes(draw: Callable[..., Any], exact: Arrays) -> Arrays:
    """Arrays that somebody could sign: one changed, gone, or one more."""
    changed, name = dict(exact), draw(st.sampled_from(sorted(exact)))
    way = draw(st.sampled_from([*WAYS, "gone", "more", "as it was", "grown"]))
    if way == "gone":
        del changed[name]
    elif way == "more":
        changed["other"] = np.zeros(3, dtype=np.int64)
    elif way == "grown":
        changed = grown(draw, exact)
    elif not isinstance(way, str):
        changed[name] = way(draw, exact[name])
    return changed


def grown(draw: Callable[..., Any], exact: Arrays) -> Arrays:
    """Terms that cancel, or states that no word leads to: the same function, of other arrays."""
    if "exponents" in exact:
        powers, size = exact["exponents"], draw(st.sampled_from([1, 2**31 - 1]))
        high = np.full((2, powers.shape[1]), draw(st.integers(0, 2)))
        more = np.array([size, -size])
        return {
            "exponents": np.concatenate([high, powers]),
            "coefficients": np.concatenate([more, exact["coefficients"]]),
        }
    if "output" in exact:
        after, output = exact["next"], exact["output"]
        states = draw(st.integers(1, 300))
        wild = draw(st.sampled_from([0, 1, 255, 2**31 - 1]))
        chain = np.minimum(np.arange(states) + len(after) + 1, states + len(after) - 1)
        more_after = np.repeat(chain[:, None], after.shape[1], 1)
        more_output = np.full_like(more_after, wild)
        return {
            "next": np.concatenate([after, more_after]),
            "output": np.concatenate([output, more_output]),
            "start": exact["start"],
        }
    return exact


def runs_of(name: str) -> tuple[MachineJob, str, str]:
    """A job, a method and a level that run on a kernel."""
    for job in JOBS.values():
        for level, methods in (("L1", job.methods or ("",)), ("L2", tuple(job.controllers))):
            for method in methods:
                if name in job.needs(method, level):
                    return job, method, level
    return JOBS["lambda"], "", "L2"  # decrement


numbers = st.one_of(
    st.integers(-9, 9),
    st.sampled_from([-(2**63), -(2**63) - 1, 2**63, 2**63 - 1, 2**62, 2**31]),
    st.integers(-(2**3000), 2**3000),
)
coordinates = st.one_of(
    st.integers(-3, 3), st.sampled_from([-(2**62), 2**62, 2**63, 2**100, 2**400])
)
few = st.integers(0, 5)


def lines_of(*parts: st.SearchStrategy[Any], least: int = 1) -> st.SearchStrategy[str]:
    rows = st.lists(st.tuples(*parts), min_size=least, max_size=9)
    return rows.map(lambda found: "\n".join(" ".join(map(str, row)) for row in found))


def texts_of(job: MachineJob, method: str) -> st.SearchStrategy[str]:
    """Inputs of a job, extreme ones among them."""
    permutations = {"s3": ("(12)", "(123)"), "s4": ("(1234)", "(12)"), "a5": ("(123)", "(345)")}
    permutations["s5"] = ("(12)", "(12345)")
    if job.name in permutations:
        return lines_of(st.sampled_from(permutations[job.name]))
    weight = st.integers(0, 9) if job.name != "dijkstra" else st.sampled_from([0, 3, 2**63, 2**90])
    by_name = {
        "parity": lines_of(st.integers(0, 1)),
        "mod": lines_of(st.integers(0, 2)),
        "dyck": st.text("()[]{}<>", min_size=1, max_size=12),
        "permutation": st.text("01", min_size=10, max_size=10).filter(lambda word: "1" in word),
        "value-iteration": st.just("discount 0.5\na go b 1 3\nb go a 1 0\nb stay b 1 1"),
        "lambda": st.sampled_from(["(\\x. x (\\y. x y)) (a b)", "(\\f x. f (f x)) (\\y. y)"]),
        "multiply": lines_of(st.integers(-(2**300), 2**300)),
    }
    if job.name in ("hull", "delaunay", "tsp"):
        return lines_of(coordinates, coordinates, least=3)
    if job.options is GraphOptions:
        return lines_of(few, few, weight)
    return by_name.get(job.name, lines_of(numbers))


def answered(job: MachineJob, method: str, text: str, kernels: Mapping[str, Any]) -> Any:
    options = FindOptions(find="3") if job.options is FindOptions else job.options()
    try:
        return job.run(text, kernels, options, RunContext(path="text", method=method)).value
    except AbduceError as error:  # such as numbers out of order
        return str(error)


@pytest.mark.parametrize("name", TASKS)
@folder_of_each_example
@given(data=st.data())
def test_a_signed_file_is_refused_by_name_or_runs_as_its_definition(
    name: str, tmp_path: Path, data: st.DataObject
) -> None:
    exact = data.draw(changes(kept(name).exact.arrays()))
    sign(tmp_path, name, exact)
    learned = loaded(name, tmp_path)
    if isinstance(learned, str):
        assert name in learned
        return
    if not learned.proved:
        with pytest.raises(InputError, match="without a proof"):
            kernels_at("L1", [name], tmp_path)
        return
    job, method, level = runs_of(name)
    right = compiled_kernels({*job.needs(method, level), name})
    text = data.draw(texts_of(job, method))
    found = answered(job, method, text, right | {name: learned.exact})
    wanted = answered(job, method, text, right)
    if name == "pointer" and isinstance(found, dict):  # other scores are other tours
        assert sorted(found["tour"]) == sorted(wanted["tour"])
    else:
        assert found == wanted


@pytest.mark.parametrize("name", ["orientation", "in-circle"])
@pytest.mark.parametrize("power", [1, 20, 29, 30, 31, 60, 62])
def test_a_predicate_times_a_power_of_2_is_right_or_refused(
    name: str, power: int, tmp_path: Path
) -> None:
    exact = kept(name).exact.arrays()
    with np.errstate(over="ignore"):
        larger = exact["coefficients"] * np.int64(2**power)
    sign(tmp_path, name, exact | {"coefficients": larger})
    if power >= 31:
        with pytest.raises(InputError, match="coefficient"):
            load(TASKS[name], tmp_path)
        return
    kernel = load(TASKS[name], tmp_path)
    assert kernel.proved
    job, method, level = runs_of(name)
    right = compiled_kernels(job.needs(method, level))
    text = "0 0\n4611686018427387904 1\n4611686018427387903 4611686018427387904\n1 1\n2 2\n3 3"
    found = answered(job, method, text, right | {name: kernel.exact})
    assert found == answered(job, method, text, right)


HOSTILE = (None, True, -1, 1.5, math.nan, math.inf, "x", "\x1b[2J" * 99, [], {}, 10**400, 2**63)


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_of_a_record_is_looked_at(field: str, tmp_path: Path) -> None:
    exact = kept("add").exact.arrays()
    for value in HOSTILE:
        if field == "cpu_s" and value == 1.5:
            continue
        sign(tmp_path, "add", exact, **{field: value})
        with pytest.raises(AbduceError) as caught:
            load(TASKS["add"], tmp_path)
        assert "\x1b" not in str(caught.value)
        assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "text",
    ["", "[]", "1", "nan", "[" * 100_000, '{"schema": 1', '{"schema": 1}', "\xff", "9" * 70_000],
)
def test_a_record_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    sign(tmp_path, "add", kept("add").exact.arrays())
    paths(tmp_path, "add")[1].write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match="add"):
        load(TASKS["add"], tmp_path)


def test_an_unknown_field_and_a_wrong_count_are_refused(tmp_path: Path) -> None:
    exact = kept("add").exact.arrays()
    for fields in ({"trained_by": "me"}, {"parameters": 97}):
        sign(tmp_path, "add", exact, **fields)
        with pytest.raises(InputError, match=next(iter(fields))):
            load(TASKS["add"], tmp_path)


def test_parameters_are_counted_from_the_arrays(tmp_path: Path) -> None:
    for name in ("add", "in-circle", "s3"):
        learned = kept(name)
        assert learned.parameters == sum(one.size for one in learned.weights.values()) > 0
    assert not kept("permutation").weights
    assert kept("permutation").parameters == 0


@pytest.mark.parametrize("had_one", [False, True])
@pytest.mark.parametrize("writes", [0, 1])
def test_a_save_that_is_interrupted_leaves_what_was_there(
    had_one: bool, writes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned = kept("add")
    if had_one:
        save(learned, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done: list[Path] = []

    def interrupting(path: Path, content: bytes) -> None:
        if len(done) == writes:
            done.append(path)
            raise KeyboardInterrupt
        done.append(path)
        whole_files.write_whole(path, content)

    monkeypatch.setattr(files, "write_whole", interrupting)
    with pytest.raises(KeyboardInterrupt):
        save(learned, tmp_path, shipped=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_kernel_of_schema_1_was_trained_by_the_default_configuration(tmp_path: Path) -> None:
    learned = kept("add")
    _, described = save(learned, tmp_path)
    told = json.loads(described.read_text())
    told["schema"] = 1
    with_one = dict(told)
    del told["config"]
    described.write_text(json.dumps(told))
    again = load(TASKS["add"], tmp_path)
    assert again.config == learned.config == CONFIG.stream
    assert again.verdict == learned.verdict
    described.write_text(json.dumps(with_one))
    with pytest.raises(InputError, match="schema 1"):
        load(TASKS["add"], tmp_path)


def test_a_kernel_of_other_settings_is_kept_with_them(tmp_path: Path) -> None:
    config = configured(CONFIG, None, ["stream.states=6", "stream.annealing.steps=10"])
    learned = train(TASKS["add"], replace(config, attempts=1))
    save(learned, tmp_path)
    again = load(TASKS["add"], tmp_path)
    assert again.config == config.stream
    assert evidence(TASKS["add"], again).learned is True


def test_shipped_kernels_are_proved_again_and_are_all_there() -> None:
    assert {path.stem for path in SHIPPED.glob("*.json")} == set(TASKS)
    assert {path.stem for path in SHIPPED.glob("*.safetensors")} == set(TASKS)
    for name in TASKS:
        assert isinstance(kept(name).verdict, Proved)
        assert kept(name).seed == 0
