"""Counterexamples in words: of every kernel, with the input, what came out and what should have."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.kernels.catalogue import TASKS
from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.arithmetic import STREAMS
from abduce.symbolic.programs.mealy import compiled_stream
from abduce.verify.discrete.bounded import BOUNDED, prove_bounded
from abduce.verify.discrete.counterexamples import counterexample
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Refuted

OPERATIONS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "increment": lambda a: a + 1,
    "decrement": lambda a: a - 1,
}


@pytest.mark.parametrize("name", TASKS)
@settings(max_examples=15)
@given(data=st.data())
def test_a_kernel_with_a_wrong_entry_is_refuted_in_words(name: str, data: st.DataObject) -> None:
    task = TASKS[name]
    arrays = {key: value.copy() for key, value in compiled(task.specification).arrays().items()}
    key = data.draw(st.sampled_from(sorted(key for key, value in arrays.items() if value.size)))
    place = data.draw(st.integers(0, arrays[key].size - 1))
    arrays[key].flat[place] += data.draw(st.sampled_from([1, -1, 3]))
    try:
        verdict = prove(task.exact(arrays), task.specification)
    except (IndexError, ValueError):
        return  # no table at all: what is loaded is checked elsewhere
    if isinstance(verdict, Refuted):
        said = counterexample(task.specification, verdict)
        assert "expected" in said
        assert not re.search(r"array|Refuted|int64|np\.", said)


@pytest.mark.parametrize("other", STREAMS)
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("size", [None, 5])
def test_what_a_stream_was_expected_to_write_is_what_python_computes(
    name: str, other: str, size: int | None
) -> None:
    machine = compiled_stream(STREAMS[other])
    if STREAMS[name].symbols != STREAMS[other].symbols:
        return
    wanted = STREAMS[name] if size is None else BOUNDED[name]
    if size is None:
        proof = prove(machine, STREAMS[name])
    else:
        proof = prove_bounded(machine, BOUNDED[name], size)
    if not isinstance(proof, Refuted):
        assert name == other
        return
    said = counterexample(wanted, proof)
    found = re.fullmatch(
        r"for a = (\d+)(?:, b = (\d+))? \((\d+) bits?\) it gives the bits ([\d ]+); "
        r"expected the bits ([\d ]+), the lowest first",
        said,
    )
    assert found
    numbers = [int(text) for text in found.groups()[:2] if text is not None]
    result = OPERATIONS[name](*numbers)
    bits = [result >> place & 1 for place in range(int(found[3]))]
    assert list(map(int, found[5].split())) == bits
    assert found[4] != found[5]


def test_a_product_that_is_not_associative_is_said() -> None:
    verdict = Refuted(np.array([1, 2, 1]), np.array([1]), 0, expected=np.array([2]))
    said = counterexample(TASKS["s3"].specification, verdict)
    assert "expected the same" in said
