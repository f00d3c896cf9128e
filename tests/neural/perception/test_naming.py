"""Perception given, the names of the symbols come from the values of sentences alone."""

import numpy as np

from abduce.neural.perception.config import Training
from abduce.neural.perception.naming import learn_names
from abduce.neural.perception.teaching import ByValue
from abduce.symbolic.nsr.deduction.charts import Limits
from tests.neural.perception.image_languages import SUM, charts, rows

ALL = np.ones((len(SUM), len(SUM)), bool)


def test_labels_get_the_names_that_values_ask_for() -> None:
    told = rows(120, 1, (1, 3, 5), np.random.default_rng(0))
    names, in_time = learn_names(told, ByValue.of(charts(Limits(edges=4000))), ALL, Training())
    assert in_time
    assert names.argmax(1).tolist() == [0, 1, 2, 3]
    assert np.allclose(names.sum(1), 1)


def test_a_label_never_stands_for_what_it_may_not() -> None:
    told = rows(40, 1, (1, 3), np.random.default_rng(0))
    allowed = ALL.copy()
    allowed[3, :2] = False
    names, _ = learn_names(told, ByValue.of(charts(Limits(edges=4000))), allowed, Training())
    assert not names[~allowed].any()


def test_time_ends_it() -> None:
    told = rows(4, 1, (1,), np.random.default_rng(0))
    teacher = ByValue.of(charts(Limits(edges=4000)))
    names, in_time = learn_names(told, teacher, ALL, Training(), deadline=0.0)
    assert not in_time
    assert np.allclose(names, 1 / len(SUM))
