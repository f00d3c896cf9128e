"""Proved answers are never contradicted; images that change an answer are found and replayed."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from abduce.errors import InputError
from abduce.neural.perception.certified.attacking import attacked, smallest_change
from abduce.neural.perception.certified.certifying import Certified, Certifier, places_json
from abduce.neural.perception.certified.settings import CertifyConfig
from abduce.neural.perception.reading import uncertain_words
from abduce.symbolic.nsr.uncertain import answer_uncertain
from abduce.verify.verdict import Proved, Refuted, Unknown
from abduce.verify.verdict_json import verdict_json
from tests.neural.perception.certified.pictures import blend, fitted, lexicon, picture

PLAIN = np.stack([picture("dax"), picture("fep")])


@cache
def certifier(looks: int = 1, seed: int = 0) -> Certifier:
    return Certifier(fitted(looks, seed), lexicon())


def near(images: np.ndarray, radius: float, rng: np.random.Generator, kind: int) -> np.ndarray:
    """Bytes within the ball: its corners, towards another picture, or anywhere."""
    steps = int(radius * 255)
    given = images.astype(int)
    moves = (
        rng.choice([-steps, steps], given.shape),
        np.clip(np.stack([picture("lug"), picture("dax")]).astype(int) - given, -steps, steps),
        rng.integers(-steps, steps + 1, given.shape),
    )
    return np.clip(given + moves[kind], 0, 255).astype(np.uint8)


def check_proved(found: Certified, images: np.ndarray, radius: float, of: Certifier) -> None:
    """No image of many, and no attack, has another answer."""
    rng = np.random.default_rng(0)
    for n in range(9):
        answer = answer_uncertain(
            of.lexicon, uncertain_words(of.kept, near(images, radius, rng, n % 3))
        )
        assert answer.value == found.answer.value
        assert not answer.abstained
    hard = replace(of.config, steps=20, targets=2, step=0.5)
    assert attacked(of.sentence(images), radius, hard) is None


@pytest.mark.parametrize("looks", [0, 2])
@pytest.mark.parametrize("radius", [0.02, 0.1])
def test_no_image_contradicts_a_verdict(looks: int, radius: float) -> None:
    of = certifier(looks)
    for images in (PLAIN, np.stack([blend(0.7), picture("fep")])):
        found = of.certify(images, radius)
        match found.verdict:
            case Proved():
                check_proved(found, images, radius, of)
            case Refuted():
                check_refuted(found, images, radius, of)
            case Unknown(reason):
                assert reason


def check_refuted(found: Certified, images: np.ndarray, radius: float, of: Certifier) -> None:
    """The images lie in the ball, and have another answer when they are read once more."""
    assert isinstance(found.verdict, Refuted)
    x = found.verdict.x
    assert x.dtype == np.uint8
    assert np.abs(x.astype(int) - images.astype(int)).max() <= radius * 255
    answer = answer_uncertain(of.lexicon, uncertain_words(of.kept, x))
    assert answer.abstained or answer.value != found.answer.value


def test_a_small_ball_is_proved() -> None:
    found = certifier().certify(PLAIN, 0.005, every=True)
    assert isinstance(found.verdict, Proved)
    assert found.verdict.certificate is not None
    assert "the answer stays RED RED" in found.verdict.certificate.claim
    assert found.alone == [True, True]
    assert verdict_json(found.verdict)["verdict"] == "proved"
    assert [each["word"] for each in places_json(found.places)] == ["dax", "fep"]


def flipping() -> np.ndarray:
    """A picture between dax and lug that is just read as dax."""
    of = certifier()
    shares = np.linspace(0.8, 0.2, 61)
    answers = [of.sentence(np.stack([blend(s), picture("fep")])).answer.value for s in shares]
    last = max(n for n, value in enumerate(answers) if value == ("RED", "RED"))
    return np.stack([blend(shares[last]), picture("fep")])


def test_a_planted_counterexample_is_found_and_replayed() -> None:
    of, images = certifier(), flipping()
    found = of.certify(images, 0.05)
    assert isinstance(found.verdict, Refuted)
    check_refuted(found, images, 0.05, of)
    assert found.changed is not None
    assert found.changed.positions == (0,)
    assert verdict_json(found.verdict)["verdict"] == "refuted"


def test_the_smallest_change_that_is_found_changes_one_image_and_the_answer() -> None:
    of, images = certifier(), flipping()
    sentence = of.sentence(images)
    found = smallest_change(sentence)
    assert found is not None
    (at,) = found.positions
    assert sentence.differs(of.sentence(found.images).answer)
    assert (found.images[1 - at] == images[1 - at]).all()
    moved = np.abs(found.images.astype(int) - images.astype(int)).max()
    assert found.radius == moved / 255 <= 0.05


def test_nothing_is_said_of_an_answer_that_is_withheld_or_when_time_is_up() -> None:
    of = certifier()
    careful = Certifier(of.kept, replace(of.lexicon, min_posterior=0.9))
    found = careful.certify(PLAIN[::-1].copy(), 0.01)  # fep cannot come first
    assert isinstance(found.verdict, Unknown)
    assert "withheld" in found.verdict.reason
    late = of.certify(PLAIN, 0.01, deadline=0.0)
    assert isinstance(late.verdict, Unknown)
    assert "out of time" in late.verdict.reason
    with pytest.raises(InputError, match="radius"):
        of.certify(PLAIN, 0.0)


def test_settings_change_the_effort() -> None:
    of, images = certifier(), flipping()
    careless = Certifier(of.kept, of.lexicon, CertifyConfig(rounding=1e6))
    assert isinstance(careless.certify(PLAIN, 0.005).verdict, Unknown)
    assert isinstance(of.certify(images, 0.05, attack=False).verdict, Unknown)
