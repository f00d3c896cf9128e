"""Arithmetic by kernels agrees with Python's integers, to 10,000 bits."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.symbolic.machines.lists.arithmetic import Arithmetic
from abduce.symbolic.programs.definitions.arithmetic import STREAMS
from abduce.symbolic.programs.mealy import compiled_stream

MACHINE = Arithmetic({name: compiled_stream(told) for name, told in STREAMS.items()})


@given(st.integers(), st.integers())
def test_small_numbers_of_any_sign(a: int, b: int) -> None:
    assert MACHINE.add(a, b) == a + b
    assert MACHINE.subtract(a, b) == a - b
    assert MACHINE.multiply(a, b) == a * b
    assert MACHINE.increment(a) == a + 1


@pytest.mark.parametrize("bits", [1, 7, 8, 9, 255, 256, 10_000])
def test_wide_numbers(bits: int) -> None:
    rng = random.Random(bits)
    for a, b in ((2**bits - 1, 2**bits - 1), (rng.getrandbits(bits), -rng.getrandbits(bits))):
        assert MACHINE.add(a, b) == a + b
        assert MACHINE.subtract(a, b) == a - b
        assert MACHINE.multiply(a, b) == a * b
        assert MACHINE.increment(a) == a + 1
