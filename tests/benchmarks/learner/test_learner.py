"""Random languages: the same each time, true to their families, and what is measured on them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.benchmarks.learner import draws
from abduce.benchmarks.learner.calibration import calibration, ece
from abduce.benchmarks.learner.fitting import fitted, share
from abduce.benchmarks.learner.outside import OUTSIDE, drawn
from abduce.symbolic.nsr.config import CONFIG, ReliabilityConfig


@pytest.mark.parametrize("seed", range(0, 20, 3))
def test_a_seed_is_a_language(seed: int) -> None:
    one, again = drawn(seed), drawn(seed)
    assert one == again
    assert one.inside == (seed % 2 == 0)
    assert one.family in {"inside", *OUTSIDE}
    assert 20 <= len(one.train) <= 500
    longest = max(len(words) for words, _ in one.train)
    assert all(len(words) > longest for words, _ in one.longer)


@pytest.mark.parametrize("seed", [*range(0, 12, 2), *range(1, 17, 2)])
def test_a_sentence_has_one_output_unless_there_is_noise(seed: int) -> None:
    one = drawn(seed)
    rows = [*one.test, *one.longer, *(() if one.family == "noise" else one.train)]
    assert len({words for words, _ in rows}) == len(set(rows))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_the_calibration_error_is_a_share(answers: list[tuple[float, bool]]) -> None:
    assert 0 <= ece(answers) <= 1
    assert ece([(float(right), right) for _, right in answers]) == 0


def test_certain_wrong_answers_are_seen() -> None:
    draw = draws.tested(drawn(0), CONFIG, None).as_json()
    wrong = [{**answer, "posterior": 0.995, "right": False} for answer in draw["answers"]]
    found = calibration([{**draw, "answers": wrong}])
    assert (found.sure_right, found.error, found.answered) == (0, 1, 1)
    assert found.ece == pytest.approx(0.995)
    assert len(found.lines()) == 6


def test_a_fit_separates_what_is_right() -> None:
    answer = {"votes": 1.0, "total": 1.0, "orders": [], "known": False}
    good = {**answer, "right": True, "features": [-2.0, -5.0, 0.1, 0.0]}
    bad = {**answer, "right": False, "features": [3.0, -0.5, 3.0, 1.0]}
    model = fitted([{"answers": [good, bad] * 50}], ReliabilityConfig())
    assert model != ReliabilityConfig()
    assert share(good, model) == 1


@pytest.mark.slow
def test_posteriors_of_a_few_languages_are_near_the_shares_of_right_answers() -> None:
    found_draws = [draws.tested(drawn(seed), CONFIG, 20.0).as_json() for seed in range(2000, 2012)]
    found = calibration(found_draws)
    assert found.ece <= 0.1
    assert found.sure_right >= 0.98
