"""Numbers as text: rounded, but never to what is not true."""

from hypothesis import example, given
from hypothesis import strategies as st

from abduce.benchmarks.drawing.numbers import duration, percent, seconds


@given(st.floats(0, 1))
@example(0.9999)
@example(0.99999)
@example(0.9999999)
def test_a_hundred_percent_is_said_only_of_all(accuracy: float) -> None:
    assert ("100" in percent(accuracy)) == (accuracy == 1)
    assert abs(float(percent(accuracy).removesuffix(" %")) - 100 * accuracy) <= 0.0501


@given(st.floats(0, 1e6))
def test_durations_are_right_to_their_last_digit(value: float) -> None:
    said = float(seconds(value).removesuffix(" s"))
    assert abs(said - value) <= max(0.000501, 0.00501 * (value >= 0.1), 0.501 * (value >= 9.99))
    number, unit = duration(value).split(" ")
    assert abs(float(number) * {"ms": 1e-3, "s": 1}[unit] - value) <= max(5.01e-7, 0.0051 * value)
