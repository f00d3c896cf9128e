"""MNIST addition: each image is in one pair, a pair tells its sum, and no test image is trained."""

import numpy as np
import pytest

from abduce.benchmarks.data.mnist import EACH, MINED, Images
from abduce.benchmarks.perception.adding import ADDITION_ROWS, addition
from abduce.benchmarks.perception.composing import ImageMaterial
from abduce.benchmarks.perception.job import ImageJob
from abduce.errors import InputError

LABELS = np.repeat(np.arange(10), EACH)


@pytest.fixture(scope="module")
def images() -> Images:
    inputs = np.random.default_rng(0).integers(0, 256, (len(LABELS), 784)) / 255
    return Images(inputs, LABELS)


def pairs(material: ImageMaterial) -> np.ndarray:
    rows = [*material.train, *material.test["sums"]]
    return np.array([[row.images[0], row.images[2]] for row in rows])


def test_each_image_is_in_one_pair_and_training_has_its_own(images: Images) -> None:
    material = addition(3, ADDITION_ROWS, images)
    assert sorted(pairs(material).ravel().tolist()) == list(range(len(LABELS)))
    trained = pairs(material)[:ADDITION_ROWS].ravel()
    assert (trained % EACH < MINED).all()
    assert set(trained.tolist()).isdisjoint(material.unseen.tolist())


def test_a_pair_tells_the_sum_of_its_digits_and_has_a_blank_between(images: Images) -> None:
    material = addition(0, 50, images)
    assert len(material.train) == 50
    for row in [*material.train, *material.test["sums"]]:
        one, blank, other = row.images
        assert row.value == LABELS[one] + LABELS[other]
        assert not material.images[blank].any()
        assert row.labels is not None
        assert [material.symbols[n] for n in row.labels] == [
            str(LABELS[one]),
            "+",
            str(LABELS[other]),
        ]


def test_an_image_is_the_same_inside_its_frame(images: Images) -> None:
    shown = addition(0, 1, images).images[17]
    assert (shown[2:30, 2:30].ravel() == np.rint(images.inputs[17] * 255)).all()
    assert shown.sum() == shown[2:30, 2:30].sum()


def test_other_seeds_draw_other_pairs_and_the_same_test(images: Images) -> None:
    one, other = addition(0, 9, images), addition(1, 9, images)
    assert (pairs(one)[9:] == pairs(other)[9:]).all()
    assert (pairs(one)[:9] != pairs(other)[:9]).any()


def test_more_pairs_than_there_are_images_are_refused(images: Images) -> None:
    with pytest.raises(InputError, match="at most 2,000"):
        addition(0, ADDITION_ROWS + 1, images)


def test_a_job_has_the_rows_of_its_task_and_says_only_others() -> None:
    assert ImageJob(task="addition").rows == ADDITION_ROWS
    assert ImageJob(task="addition").command == "abduce solve addition"
    assert ImageJob(task="addition", rows=9).command == "abduce solve addition --rows 9"
    assert ImageJob(task="hint").rows == ImageJob(task="hwf").rows == 10_000


@pytest.mark.parametrize(
    "options", [{"tested": 3}, {"source": "mdas"}, {"oracle": "meaning"}, {"operators": "unknown"}]
)
def test_what_addition_does_not_have_is_refused(options: dict) -> None:
    with pytest.raises(InputError):
        ImageJob(task="addition", **options)
