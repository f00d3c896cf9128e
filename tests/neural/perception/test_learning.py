"""Symbols are learned from values alone, from labels, or from a few; every setting counts."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from abduce.configuration import configured, leaves
from abduce.neural.perception.config import Distortions, PerceptionConfig
from abduce.neural.perception.distorting import distorted
from abduce.neural.perception.enclosing import worst_gains
from abduce.neural.perception.learning import Seen, learn_to_see
from abduce.neural.perception.rows import ImageRow, batches
from abduce.neural.perception.seeing import doubted, seen
from abduce.neural.perception.teaching import ByValue, Teacher, by_labels
from abduce.symbolic.nsr.deduction.syntax import Category, Reading, Sign
from tests.neural.perception.image_languages import SUM, charts, images, rows

EACH = 40
SMALL = configured(
    PerceptionConfig(),
    None,
    [
        "network.channels=4",
        "network.hidden=16",
        "training.batch=32",
        "training.images=2000",
        "limits.edges=4000",
        "distortions.looks=1",
    ],
)


def trained(config: PerceptionConfig, teacher: Teacher, told: list[ImageRow], **options) -> Seen:
    pictures = images(EACH, np.random.default_rng(0))
    return learn_to_see(told, pictures, teacher, len(SUM), config, **options)


def drawn(count: int = 240) -> list[ImageRow]:
    return rows(count, EACH, (1, 3, 5), np.random.default_rng(1))


def share_right(found: Seen) -> float:
    test = images(EACH, np.random.default_rng(2))
    truth = np.arange(len(SUM)).repeat(EACH)
    return float((seen(found.network, test, SMALL.distortions).argmax(1) == truth).mean())


def test_values_alone_teach_the_symbols() -> None:
    told = [replace(row, labels=None) for row in drawn()]
    teacher = ByValue.of(charts(SMALL.limits))
    found = trained(SMALL, teacher, told)
    assert found.in_time
    assert share_right(found) > 0.97


def test_labels_teach_the_symbols() -> None:
    assert share_right(trained(SMALL, by_labels, drawn())) > 0.97


def test_what_stands_between_is_not_learned_from_wrong_values() -> None:
    told = [replace(row, labels=None, value=49) for row in drawn(60)]
    teacher = ByValue.of(charts(SMALL.limits))
    found = trained(configured(SMALL, None, ["training.images=300"]), teacher, told)
    assert all(", 0 rows explained, " in text for text in found.told)


def test_a_few_labels_tell_symbols_that_values_do_not() -> None:
    """Of sums of two numbers alone, where all values are even, nothing tells + from a number."""
    told = [replace(row, labels=None) for row in rows(60, EACH, (3,), np.random.default_rng(3))]
    labelled = np.arange(len(SUM)) * EACH, np.arange(len(SUM))
    teacher = ByValue.of(charts(SMALL.limits))
    found = trained(SMALL, teacher, told, labelled=labelled)
    assert share_right(found) > 0.97


def test_unknown_readings_get_their_shares() -> None:
    sign = Sign(Category.INFIX, 10.0)
    functions = [lambda x, y: x * y, lambda x, y: x + y, max]
    known = charts(SMALL.limits)
    open_ = type(known)(
        {**SUM, "+": [(1 / 3, Reading.of(sign, f)) for f in functions]}, known.tables, SMALL.limits
    )
    teacher = ByValue.of(open_)
    trained(SMALL, teacher, [replace(row, labels=None) for row in drawn()])
    assert open_.shares[-2] > 0.95
    assert open_.lexicon["+"].meaning is functions[1]


def test_the_seed_decides_and_time_ends() -> None:
    config = configured(SMALL, None, ["training.images=200"])
    one, same, other = (
        seen(
            trained(config, by_labels, drawn(), seed=s).network,
            images(2, np.random.default_rng(5)),
            config.distortions,
        )
        for s in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    ended = trained(config, by_labels, drawn(), deadline=0.0)
    assert not ended.in_time
    assert ended.images == 0


OTHERS = {
    "limits.exact": 1,
    "limits.symbols": 1,
    "limits.symbol": 0.3,
    "limits.share": 0.3,
    "limits.values": 1,
    "limits.edges": 20,
    "limits.steps": 20,
    "training.steady": 0.9,
    "training.grown": 0.9,
    "training.uses": 50.0,
    "training.decay": 10.0,
    "training.soft": "false",
    "training.robust.radius": 0.05,
    "answering.misread": 0.5,
}


ROBUST = "training.robust."


@pytest.mark.parametrize("field", list(leaves(PerceptionConfig())))
def test_every_setting_changes_what_is_learned(field: str) -> None:
    base = configured(
        SMALL,
        None,
        [
            "training.images=120",
            "limits.exact=3",
            f"limits.symbols={2 if field == 'limits.exact' else 4}",
            "training.grown=0.3",
            "training.batch=16",
            *(["training.robust.radius=0.02"] if field.startswith(ROBUST) else []),
        ],
    )
    changed = OTHERS.get(field, 2 * leaves(base)[field])
    told = [replace(row, labels=None) for row in drawn(40)]
    sign = Sign(Category.INFIX, 10.0)
    options = [(0.5, Reading.of(sign, lambda x, y: x + y)), (0.5, Reading.of(sign, max))]

    def answers(config: PerceptionConfig) -> np.ndarray:
        known = charts(config.limits)
        teacher = ByValue.of(type(known)({**SUM, "+": options}, known.tables, config.limits))
        network = trained(config, teacher, told).network
        sees = seen(network, images(1, np.random.default_rng(6)), config.distortions)
        return doubted(sees, np.full(len(SUM), 1 / len(SUM)), config.answering.misread)

    before, after = answers(base), answers(configured(base, None, [f"{field}={changed}"]))
    assert not np.array_equal(before, after)


def test_training_for_certified_answers_bounds_the_worst_that_can_be_seen() -> None:
    """Of the same images, the intervals around them leave the right symbol the likeliest."""
    test = images(EACH, np.random.default_rng(2))
    truth = torch.arange(len(SUM)).repeat_interleave(EACH)
    shown = torch.from_numpy(test).unsqueeze(1).float() / 255
    shares = []
    longer = configured(SMALL, None, ["training.images=4000"])
    for radius in (0.0, 0.01):
        config = configured(longer, None, [f"{ROBUST}radius={radius}"])
        found = trained(config, by_labels, drawn())
        assert share_right(found) > 0.97
        with torch.no_grad():
            gains = worst_gains(found.network, shown, truth, 0.01)
        gains[torch.arange(len(truth)), truth] = -1.0
        shares.append(float((gains < 0).all(1).float().mean()))
    assert shares[0] < 0.5 < 0.9 < shares[1]


def test_undistorted_is_unchanged_and_distorted_differs() -> None:
    shown = torch.from_numpy(images(1, np.random.default_rng(0))).unsqueeze(1).float() / 255
    none = Distortions(looks=0, shift=0.0, turn=0.0, scale=0.0)
    generator = torch.Generator().manual_seed(0)
    assert torch.allclose(distorted(shown, none, generator), shown, atol=1e-5)
    moved = distorted(shown, Distortions(), generator)
    assert moved.shape == shown.shape
    assert not torch.allclose(moved, shown, atol=0.1)


def test_batches_have_every_row_once() -> None:
    told = drawn(50)
    batch = list(batches(told, 20, np.random.default_rng(0)))
    assert sorted(id(row) for each in batch for row in each) == sorted(map(id, told))
    assert all(sum(len(row.images) for row in each) >= 20 for each in batch[:-1])
