"""Walks through tables of steps end where steps taken one by one do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abduce.symbolic.synthesis.techniques.steps import _closed, _walked


@given(st.data())
def test_walks_end_where_single_steps_end(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 7))
    rows = st.lists(st.integers(0, size + 1), min_size=size, max_size=size)
    tables = _closed(np.array(data.draw(st.lists(rows, min_size=1, max_size=4))), size)
    lengths = data.draw(st.lists(st.integers(0, 50), min_size=1, max_size=6))
    start = data.draw(st.integers(0, size - 1))
    found = _walked(tables, start, lengths)
    for table, ends in zip(tables, found, strict=True):
        for length, end in zip(lengths, ends, strict=True):
            state = start
            for _ in range(length):
                state = table[state]
            beyond = length > 2 * (size + 1)
            assert end == state or (beyond and end == size)


def test_a_walk_that_stands_still_is_followed_for_ever() -> None:
    table = _closed(np.array([[1, 2, 2]]), 3)
    assert _walked(table, 0, [1, 10**9, 2]).tolist() == [[1, 2, 2]]
