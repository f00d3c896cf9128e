"""No output of a runtime that violates the specification is seen and not spoken of."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.network import Network
from abduce.verify.refutation.witness import spans
from abduce.verify.specifications.specification import Specification
from abduce.verify.specifications.vnnlib.reading import parse_property
from abduce.verify.verdict import Proved, Refuted, Unknown
from abduce.verify.verification import Budget, verify
from tests.networks import random_relu_network, relu_network

SHORT = Budget(timeout_s=20.0)
AT_MOST = Budget(timeout_s=1.0)
"""Where giving up is an allowed end."""
IDENTITY = relu_network((np.array([[1.0]]), np.zeros(1)))


class Seen:
    """A runtime: the network, and something added to its outputs; what it computed is kept."""

    def __init__(self, network: Network, added: float, above: float) -> None:
        self.network, self.added, self.above = network, added, above
        self.x: list[np.ndarray] = []
        self.y: list[np.ndarray] = []

    def __call__(self, x: np.ndarray) -> np.ndarray:
        y = evaluate(self.network, x[None])[0].astype(np.float32)
        y = y + np.float32(self.added) if x.ravel()[0] > self.above else y
        self.x.append(x)
        self.y.append(y)
        return y

    def violates(self, properties: Specification) -> list[bool]:
        """Of each output that was seen, by the text."""
        points = zip(self.x, self.y, strict=True)
        return [
            properties.judged([Fraction(v) for v in x.ravel().tolist()], spans(y)) is True
            for x, y in points
        ]


def below(bound: float, sign: str = ">=") -> Specification:
    """y < bound (or <=) for x in [-1, 1]."""
    return parse_property(
        "(declare-const X_0 Real)(declare-const Y_0 Real)(assert (>= X_0 -1))(assert (<= X_0 1))"
        f"(assert ({sign} Y_0 {bound}))"
    )


@settings(max_examples=40)
@given(
    st.integers(0, 1000),
    st.sampled_from([0.0, 1e-3, 0.5, -0.5, np.inf, -np.inf, np.nan]),
    st.floats(-1.0, 0.99),
    st.sampled_from([-0.5, 0.1, 2.0]),
)
def test_what_is_seen_to_be_violated_is_never_proved_without_a_word(
    seed: int, added: float, above: float, away: float
) -> None:
    network = random_relu_network(np.random.default_rng(seed), 1, 3, 1)
    top = evaluate(network, np.linspace(-1, 1, 401)[:, None]).max()
    properties = below(float(top) + away)
    runtime = Seen(network, added, above)
    verdict = verify(network, properties, AT_MOST, replay=runtime)
    hits = [x for x, hit in zip(runtime.x, runtime.violates(properties), strict=True) if hit]
    match verdict:
        case Proved(rounding=None):
            assert not hits
            assert verdict.checked is not None
            assert verdict.checked.points >= 8
        case Proved():
            assert verdict.rounding is not None
            assert any(np.array_equal(verdict.rounding.x, x) for x in hits)
            assert not verdict.float32
        case Refuted(x):
            assert any(np.array_equal(x, hit) for hit in hits)
        case Unknown():
            pass


@pytest.mark.parametrize(("sign", "spoken"), [(">", False), (">=", True)])
def test_a_strict_inequality_is_judged_as_strict(sign: str, spoken: bool) -> None:
    """The runtime computes 1.5 everywhere, which y > 1.5 forbids as little as 1 does."""
    verdict = verify(IDENTITY, below(1.5, sign), SHORT, replay=lambda x: np.full(1, 1.5))
    assert isinstance(verdict, Proved)
    assert (verdict.rounding is not None) == spoken


def test_a_decimal_bound_is_judged_as_it_is_written() -> None:
    """1.1 is less than the float32 number nearest to it, and more than the one before that."""
    near = np.float32(1.1)
    for output, spoken in ((near, True), (np.nextafter(near, np.float32(0)), False)):
        verdict = verify(IDENTITY, below(1.1), SHORT, replay=lambda x, y=output: np.full(1, y))
        assert isinstance(verdict, Proved)
        assert (verdict.rounding is not None) == spoken


def test_in_float32_what_the_runtime_computes_refutes() -> None:
    runtime = Seen(IDENTITY, 1.0, 0.9)
    verdict = verify(IDENTITY, below(1.5), SHORT, semantics="float32", replay=runtime)
    assert isinstance(verdict, Refuted)
    assert verdict.y.item() >= 1.5


def test_a_violation_in_a_box_inside_of_another_is_judged_too() -> None:
    """The point is drawn for the wide box, and violates what is asked for in the narrow one."""
    properties = parse_property(
        "(declare-const X_0 Real)(declare-const Y_0 Real)(assert (or"
        " (and (>= X_0 -1) (<= X_0 1) (>= Y_0 9))"
        " (and (>= X_0 0) (<= X_0 1) (>= Y_0 1.5))))"
    )
    verdict = verify(IDENTITY, properties, SHORT, replay=lambda x: np.full(1, 2.0))
    assert isinstance(verdict, Proved)
    assert verdict.rounding is not None
    assert verdict.rounding.case == 1


class Batches(Seen):
    """A runtime whose batches are all alike where their inputs are not."""

    def many(self, x: np.ndarray) -> np.ndarray:
        return np.full((len(x), 1), 2.0)


def test_what_a_batch_violates_counts_where_the_input_alone_does() -> None:
    for added, spoken in ((0.0, False), (9.0, True)):
        runtime = Batches(IDENTITY, added, 0.5)
        verdict = verify(IDENTITY, below(1.5), SHORT, replay=runtime)
        assert isinstance(verdict, Proved)
        assert (verdict.rounding is not None) == spoken
        assert runtime.x


def test_a_replay_with_other_outputs_is_an_error() -> None:
    with pytest.raises(ValueError, match="a replay with 3 outputs, where the network has 1"):
        verify(IDENTITY, below(1.5), SHORT, replay=lambda x: np.zeros(3))


def test_without_a_runtime_nothing_is_said_of_one() -> None:
    verdict = verify(IDENTITY, below(1.5), SHORT)
    assert isinstance(verdict, Proved)
    assert (verdict.rounding, verdict.checked) == (None, None)


@settings(max_examples=30)
@given(st.integers(0, 1000), st.sampled_from([1e-9, 1e-7, 1e-5, 0.1]))
def test_what_is_said_of_float32_is_proved_in_float32(seed: int, away: float) -> None:
    network = random_relu_network(np.random.default_rng(seed), 1, 3, 1)
    top = evaluate(network, np.linspace(-1, 1, 401)[:, None]).max()
    properties = below(float(top) + away)
    verdict = verify(network, properties, Budget(timeout_s=1.0))
    if isinstance(verdict, Proved) and verdict.float32:
        again = verify(network, properties, SHORT, semantics="float32")
        assert isinstance(again, Proved)
        assert again.float32
