"""What is planted is there: every witness violates its property, and a wrong reading hides it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.benchmarks.soundness.making import KINDS, in_network, instances
from abduce.benchmarks.soundness.misreadings import Misreading, trap
from abduce.benchmarks.soundness.planted import Planted, read, write
from abduce.benchmarks.soundness.reader_traps import ROWS, reader_misreadings
from abduce.benchmarks.soundness.replaying import Loaded, violates
from abduce.benchmarks.soundness.type_traps import ROWS as TYPE_ROWS
from abduce.benchmarks.soundness.type_traps import type_misreadings
from abduce.errors import DataError, InputError
from abduce.verify.refutation.witness import spans
from abduce.verify.specifications.vnnlib.reading import parse_property
from tests.onnx_models import proto


def shape_of(model: bytes) -> tuple[int, ...]:
    found = onnx.load_from_string(model).graph.input[0].type.tensor_type.shape.dim
    return tuple(each.dim_value for each in found)


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "needle"])
def test_every_witness_violates_its_property_by_two_readers(kind: str, seed: int) -> None:
    for made in instances([kind], seed):
        assert made.witness is not None
        x = made.witness.astype(np.float32)
        y = Loaded(made.model, shape_of(made.model))(x)
        assert violates(made.property, x, y), made.name
        given = parse_property(made.property)
        assert given.judged([v for v, _ in spans(x)], spans(y)), made.name


@pytest.mark.parametrize("misread", [reader_misreadings, type_misreadings])
def test_a_wrong_reading_sees_no_violation_in_the_box(
    misread: Callable[[np.random.Generator], Iterator[Misreading]], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    for given in misread(rng):
        made = trap("reader", given, rng)
        if made is None:
            continue
        wrong = Loaded(given.wrong.SerializeToString(), given.shape)
        radius = made.made["radius"]
        assert made.witness is not None
        for _ in range(20):
            x = made.witness + (rng.random(made.witness.size) * 2 - 1) * radius * 0.99
            x = x.astype(np.float32)
            assert not violates(made.property, x, wrong(x)), made.name


def test_almost_every_row_becomes_a_trap() -> None:
    assert len(instances(["reader"], 0)) >= len(ROWS) - 1
    assert len(instances(["type"], 0)) == len(TYPE_ROWS)


def test_instances_are_those_of_their_seed() -> None:
    one, same, other = (instances(["rounding", "type"], seed) for seed in (3, 3, 4))
    assert [(m.name, m.model, m.property) for m in one] == [
        (m.name, m.model, m.property) for m in same
    ]
    assert [m.property for m in one] != [m.property for m in other]


def test_a_needle_is_narrow_and_the_network_is_as_it_was_elsewhere(seed: int) -> None:
    rng = np.random.default_rng(seed)
    model = proto([("Gemm", ("x", "w"), ("y",), {})], (1, 4), {"w": rng.normal(size=(4, 2))})
    with_it = in_network_of(model, seed)
    before = Loaded(model.SerializeToString(), (1, 4))
    after = Loaded(with_it.model, (1, 4))
    assert with_it.witness is not None
    far = 0
    for _ in range(200):
        x = rng.random(4).astype(np.float32)
        if np.abs(x - with_it.witness).sum() > with_it.made["radius"]:
            far += 1
            np.testing.assert_array_equal(before(x), after(x))
            assert not violates(with_it.property, x, after(x))
    assert far > 150
    assert violates(with_it.property, with_it.witness, after(with_it.witness))


def in_network_of(model: onnx.ModelProto, seed: int) -> Planted:
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "net.onnx"
        path.write_bytes(model.SerializeToString())
        (found,) = in_network(path, 0.0, 1.0, 1, seed)
    return found


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = instances(["property", "rounding"], 0)
    write(tmp_path, made)
    found = read(tmp_path)
    assert [each.name for each in found] == [each.name for each in made]
    assert all(each.planted for each in found)
    about = json.loads((tmp_path / "vnnlib" / f"{made[0].name}.json").read_text())
    assert about["witness"] == made[0].witness.tolist()  # pyright: ignore[reportOptionalMemberAccess]
    with pytest.raises(InputError, match="instances already"):
        write(tmp_path, made)


def test_what_is_no_folder_of_instances_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="soundness make"):
        read(tmp_path)
    (tmp_path / "instances.csv").write_text("a.onnx,b.vnnlib,soon\n")
    with pytest.raises(InputError, match=r"instances\.csv"):
        read(tmp_path)
    lists = {b"": "no instances", b"\xa9": "UTF-8", b"a.onnx,b.vnnlib,9\n": r"'a\.onnx'"}
    for content, told in lists.items():
        (tmp_path / "instances.csv").write_bytes(content)
        with pytest.raises(InputError, match=told):
            read(tmp_path)
    for name, content in (("a.onnx", ""), ("b.vnnlib", ""), ("b.json", "[]")):
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match="'kind' and 'witness'"):
        read(tmp_path)


def test_no_network_and_no_interval_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"net\.onnx"):
        in_network(path, 0, 1, 1, 0)
    with pytest.raises(InputError, match="lower limit"):
        in_network(path, 1, 1, 1, 0)
    with pytest.raises(InputError, match="unknown kind 'traps'"):
        instances(["traps"], 0)
