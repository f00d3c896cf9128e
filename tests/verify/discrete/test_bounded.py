"""Proofs for one size: z3 against trying all numbers, and against the proof for every size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.symbolic.programs.definitions.arithmetic import STREAMS
from abduce.symbolic.programs.mealy import Mealy, compiled_stream
from abduce.verify.discrete.bounded import BOUNDED, BoundedSpecification, prove_bounded
from abduce.verify.verdict import Proved, Refuted, Unknown


def wanted(specification: BoundedSpecification, values: list[int], bits: int) -> list[int]:
    result = specification.result(*values)
    return [result] if specification.last_only else [result >> i & 1 for i in range(bits)]


def word_of(values: list[int], bits: int) -> list[int]:
    return [sum((v >> place & 1) << i for i, v in enumerate(values)) for place in range(bits)]


def is_right(machine: Mealy, specification: BoundedSpecification, bits: int) -> bool:
    """By all numbers."""
    for code in range(2 ** (bits * specification.operands)):
        values = [code >> (bits * i) & (2**bits - 1) for i in range(specification.operands)]
        written = machine(word_of(values, bits)).tolist()
        last = written[-1:] if specification.last_only else written
        if last != wanted(specification, values, bits):
            return False
    return True


@pytest.mark.parametrize("name", BOUNDED)
def test_what_is_right_for_every_size_is_right_for_64_bits(name: str) -> None:
    verdict = prove_bounded(compiled_stream(STREAMS[name]), BOUNDED[name], 64)
    assert isinstance(verdict, Proved)
    assert verdict.certificate is not None
    assert "for all numbers of 64 bits" in verdict.certificate.claim


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(BOUNDED)), st.integers(1, 3), st.data())
def test_z3_agrees_with_trying_all_numbers(name: str, bits: int, data: st.DataObject) -> None:
    right, specification = compiled_stream(STREAMS[name]), BOUNDED[name]
    after, output = right.next.copy(), right.output.copy()
    for _ in range(data.draw(st.integers(0, 2))):
        at = tuple(data.draw(st.integers(0, n - 1)) for n in after.shape)
        after[at] = data.draw(st.integers(0, len(after) - 1))
        output[at] = data.draw(st.integers(0, 2))
    machine = Mealy(after, output)
    verdict = prove_bounded(machine, specification, bits)
    assert isinstance(verdict, Proved) == is_right(machine, specification, bits)
    if isinstance(verdict, Refuted):
        assert verdict.expected is not None
        assert not np.array_equal(verdict.y, verdict.expected)
        replayed = machine(verdict.x)
        assert verdict.y.tolist() == replayed[-len(verdict.y) :].tolist()


def test_a_fault_at_the_last_of_many_places_is_found() -> None:
    """An adder that forgets what it carries once 12 places were equal to one."""
    adder, ones = compiled_stream(STREAMS["add"]), 12
    shape = (2 * ones + 2, 4)
    after, output = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for count in range(ones + 1):
        for carry in range(2):
            for symbol in range(4):
                seen = min(ones, count + (symbol == 1))
                carried = 0 if count == ones else int(adder.next[carry, symbol])
                after[2 * count + carry, symbol] = 2 * seen + carried
                output[2 * count + carry, symbol] = adder.output[carry, symbol]
    machine = Mealy(after, output)
    assert isinstance(prove_bounded(machine, BOUNDED["add"], ones), Proved)
    verdict = prove_bounded(machine, BOUNDED["add"], ones + 2)
    assert isinstance(verdict, Refuted)
    assert verdict.x.tolist()[:ones] == [1] * ones or (verdict.x == 1).sum() >= ones


def test_no_time_is_no_verdict() -> None:
    late = clock.wall_s() - 1
    verdict = prove_bounded(compiled_stream(STREAMS["add"]), BOUNDED["add"], 64, deadline=late)
    assert isinstance(verdict, Unknown)
