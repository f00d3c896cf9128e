"""Images of training and test are different ones, whatever the division."""

from pathlib import Path

import numpy as np

from abduce.benchmarks.data.handwritten import SIDE, divided, read_handwritten


def test_no_image_is_in_both_parts(data: Path) -> None:
    every = read_handwritten([data])
    assert every.images.shape == (24_510, SIDE, SIDE)
    assert every.images.max() == 255
    for source in (None, "mdas", "bhmsds"):
        parts = divided(every, train_source=source)
        assert len(parts.train) == len(parts.test) == 16
        for symbol, train in parts.train.items():
            test = parts.test[symbol]
            assert not set(train.tolist()) & set(test.tolist())
            assert set(every.labels[[*train, *test]].tolist()) == {symbol}
            if source is None:
                assert len(test) == round(0.2 * (len(train) + len(test)))
    again = divided(read_handwritten([data]))
    assert all(np.array_equal(again.train[s], divided(every).train[s]) for s in again.train)


def test_a_division_by_source_keeps_them_apart(data: Path) -> None:
    every = read_handwritten([data])
    parts = divided(every, train_source="mdas")
    for symbol in "+-*":
        assert set(every.sources[parts.train[symbol]].tolist()) == {"mdas"}
        assert set(every.sources[parts.test[symbol]].tolist()) == {"bhmsds"}
    assert set(every.sources[parts.train["/"]].tolist()) == {"mdas"}
    assert len(parts.test["/"]) == 200
