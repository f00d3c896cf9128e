"""Files of arrays: two readers agree, damage is refused, and texts lie beside the arrays."""

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.neural.kernels.places import SHIPPED
from abduce.neural.store.files import Wanted, paths, read_one, write_one
from abduce.neural.store.tensors import metadata, packed, unpacked

WANTED = Wanted(what="a checkpoint", advice="Train.", again="Train again.")
arrays_of_any_type = st.dictionaries(
    st.text("abc.", min_size=1, max_size=4),
    st.tuples(
        st.sampled_from(["i1", "u2", "i4", "i8", "u8", "f2", "f4", "f8", "?"]),
        st.lists(st.integers(0, 3), max_size=3),
    ),
    max_size=4,
)


@given(arrays_of_any_type, st.integers(0, 2**32))
def test_both_readers_of_safetensors_agree(told: dict[str, Any], seed: int) -> None:
    generator = np.random.default_rng(seed)
    given_ = {
        name: np.asarray(9 * generator.random(shape)).astype(kind)
        for name, (kind, shape) in told.items()
    }
    content = packed(given_)
    assert content == safetensors.numpy.save(given_)
    found, other = unpacked(content), safetensors.numpy.load(content)
    assert found.keys() == other.keys() == given_.keys()
    for name, array in found.items():
        assert array.dtype == given_[name].dtype
        assert np.array_equal(array, other[name])


@settings(deadline=None)
@given(st.data())
def test_bytes_that_were_changed_are_arrays_or_an_error(data: st.DataObject) -> None:
    content = bytearray(paths(SHIPPED, "add")[0].read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    match data.draw(st.sampled_from(["changed", "cut", "more"])):
        case "changed":
            content[place] = data.draw(st.integers(0, 255))
        case "cut":
            del content[place:]
        case _:
            content[place:place] = data.draw(st.binary(min_size=1, max_size=9))
    with contextlib.suppress(InputError):  # and nothing else is raised
        found = unpacked(bytes(content), "file")
        assert all(isinstance(array, np.ndarray) for array in found.values())


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), min_size=1, max_size=3))
def test_texts_come_back_and_change_no_array(texts: dict[str, str]) -> None:
    arrays = {"a": np.arange(3)}
    content = packed(arrays, texts)
    assert metadata(content) == texts
    assert np.array_equal(unpacked(content)["a"], arrays["a"])


def test_one_file_has_its_fields_and_is_refused_where_it_is_none(tmp_path: Path) -> None:
    path = tmp_path / "c.safetensors"
    write_one(path, {"a": np.ones(2)}, {"step": 7})
    told, arrays = read_one(path, WANTED)
    assert told["step"] == 7
    assert arrays["a"].tolist() == [1.0, 1.0]
    for content in (b"", packed({"a": np.ones(2)}), packed({}, {"abduce": "[]"})):
        path.write_bytes(content)
        with pytest.raises(InputError, match="no checkpoint"):
            read_one(path, WANTED)
