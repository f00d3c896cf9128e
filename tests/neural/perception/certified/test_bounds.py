"""Limits on what is seen hold for images in the ball, and for whatever margins allow."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from abduce.neural.perception.certified.certifying import _Balls
from abduce.neural.perception.certified.margins import Margins, Way, folded
from abduce.neural.perception.certified.ratios import ratios
from abduce.neural.perception.config import SeeingConfig
from abduce.neural.perception.enclosing import worst_gains
from abduce.neural.perception.network import SIDE, Seeing
from abduce.neural.perception.seeing import looks
from tests.neural.perception.certified.pictures import blend, fitted, picture


def drawn_network(seed: int) -> Seeing:
    """A small network with random weights and statistics, as none was ever trained."""
    network = Seeing(SeeingConfig(channels=1, hidden=5), 4, seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for part in network.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                assert part.running_mean is not None
                assert part.running_var is not None
                part.running_mean.normal_(0, 0.3, generator=generator)
                part.running_var.uniform_(0.2, 2.0, generator=generator)
                part.weight.normal_(generator=generator)
                part.bias.normal_(generator=generator)
        network.read_out.weight.normal_(generator=generator)
    return network.eval()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_folded_network_is_the_network(seed: int) -> None:
    network = drawn_network(seed)
    x = torch.rand(8, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        assert torch.allclose(folded(network)(x.double()).float(), network(x), atol=1e-4)


@pytest.mark.parametrize("seed", [0, 1])
def test_margins_bound_the_logits_of_images_in_the_box_and_later_ways_are_tighter(
    seed: int,
) -> None:
    network, rng, radius = drawn_network(seed), np.random.default_rng(seed), 0.02
    margins = Margins.of(network)
    centre = rng.random((2, SIDE * SIDE))
    low, high = np.clip(centre - radius, 0, 1), np.clip(centre + radius, 0, 1)
    ways: tuple[Way, ...] = ("intervals", "backward")
    found = {way: margins.lower(low, high, 2, way) for way in ways}
    assert (found["backward"] >= found["intervals"] - 1e-6).all()
    for box in range(2):
        points = np.concatenate([
            rng.uniform(low[box], high[box], (20, SIDE * SIDE)),
            np.where(rng.random((20, SIDE * SIDE)) < 0.5, low[box], high[box]),
        ])  # fmt: skip
        shown = torch.from_numpy(points).reshape(-1, 1, SIDE, SIDE)
        with torch.no_grad():
            y = folded(network)(shown).numpy()
            gains = worst_gains(
                network,
                torch.from_numpy(centre[box]).float().reshape(1, 1, SIDE, SIDE),
                torch.tensor([2]),
                radius,
            ).numpy()
        least = (y[:, [2]] - y).min(0)
        assert (found["backward"][box] <= least + 1e-9).all()
        assert ((y - y[:, [2]]).max(0) <= gains[0] + 1e-3).all()


@given(
    arrays(np.float64, (3, 4), elements=st.floats(-4, 6)),
    arrays(np.float64, (3, 4), elements=st.floats(0, 8)),
    st.sampled_from([0.0, 0.005, 0.3]),
    st.sampled_from([(0.25, 0.25, 0.25, 0.25), (0.9, 0.1, 0.0, 0.0), (0.0, 0.5, 0.5, 0.0)]),
)
def test_ratios_hold_for_all_logits_that_margins_allow(
    margins: np.ndarray, above: np.ndarray, misread: float, shares: tuple[float, ...]
) -> None:
    symbol, usual = 1, np.array(shares)
    margins[:, symbol] = above[:, symbol] = 0.0
    logits = -(margins + above)  # of the symbol: 0
    softmax = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    p = (1 - misread) * softmax.mean(0) + misread * usual
    found = ratios(margins, symbol, usual, misread)
    assert (p / p[symbol] <= found.most * (1 + 1e-9)).all()
    assert p[symbol] >= found.least * (1 - 1e-9)
    assert found.most[symbol] == 1.0


def test_margins_that_are_not_known_say_nothing_wrong() -> None:
    margins = np.array([[0.0, -np.inf, 2.0]])
    found = ratios(margins, 0, np.array([0.0, 1.0, 0.0]), 0.01)
    assert found.most[1] == np.inf
    assert found.least == 0.0
    assert 0 < found.most[2] < np.inf


def test_boxes_hold_the_looks_of_every_image_in_the_ball() -> None:
    kept, rng, radius = fitted(looks=3), np.random.default_rng(0), 0.05
    images = np.stack([picture("fep"), blend(0.4)])
    balls = _Balls.of(kept, images, radius)
    for _ in range(5):
        noise = rng.choice([-radius, radius, 0.0], images.shape)
        near = np.clip(images / 255 + noise, 0, 1)
        (every,) = looks(torch.from_numpy(near).float().unsqueeze(1), kept.config.distortions)
        seen = every.flatten(2).numpy()
        assert seen.shape == balls.low.shape == (4, 2, SIDE * SIDE)
        assert (balls.low <= seen).all()
        assert (seen <= balls.high).all()
