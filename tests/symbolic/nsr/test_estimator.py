"""The estimator keeps scikit-learn's promises, on text, and needs no scikit-learn."""

import pickle
import subprocess
import sys
from random import Random
from typing import Any

import numpy as np
import pytest

from abduce import LexiconEstimator
from abduce.errors import InputError
from abduce.symbolic.nsr import Config, learn
from abduce.symbolic.nsr.config import CONFIG
from tests.toy_languages import COMMANDS

X = [sentence for sentence, _ in COMMANDS]
Y = [output for _, output in COMMANDS]
CHECKS = (
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_estimators_unfitted",
    "check_fit1d",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
)
"""The checks of check_estimator that need no array of numbers; docs/nsr.md lists them."""


@pytest.fixture(scope="module")
def fitted() -> LexiconEstimator:
    return LexiconEstimator().fit(X, Y)


def test_it_predicts_what_the_lexicon_answers_and_none_where_that_is_withheld(
    fitted: LexiconEstimator,
) -> None:
    lexicon = learn(list(COMMANDS))
    asked = [*X, "walk around left twice", "jump jimp"]
    for sentence, given in zip(asked, fitted.predict(asked), strict=True):
        answer = lexicon.answer(sentence)
        assert given == (None if answer.abstained else " ".join(answer.value or ()))
    assert fitted.predict(["jump jimp"])[0] is None


def test_a_withheld_answer_counts_as_wrong(fitted: LexiconEstimator) -> None:
    assert fitted.score(X, Y) == 1.0
    assert fitted.score([*X, "jump jimp"], [*Y, "JUMP"]) == len(X) / (len(X) + 1)
    other = LexiconEstimator(withheld="JUMP").fit(X, Y)
    assert other.predict(["jump jimp"])[0] == "JUMP"
    assert other.score(["jump jimp"], ["JUMP"]) == 0.0


def test_sequences_of_words_are_sentences_too_and_outputs_keep_their_form() -> None:
    split = LexiconEstimator().fit([s.split() for s in X], [tuple(y.split()) for y in Y])
    assert list(split.predict(np.array(X, dtype=object))) == [tuple(y.split()) for y in Y]
    assert split.score(np.array(X), Y) == 1.0


def test_predictions_do_not_depend_on_other_rows_or_on_their_order(
    fitted: LexiconEstimator,
) -> None:
    whole = dict(zip(X, fitted.predict(X), strict=True))
    mixed = Random(0).sample(X, len(X))
    assert {s: fitted.predict([s])[0] for s in mixed} == whole
    assert dict(zip(mixed, fitted.predict(mixed), strict=True)) == whole


def test_fitting_again_and_pickling_change_nothing() -> None:
    estimator = LexiconEstimator()
    before = dict(estimator.get_params())
    assert estimator.fit(X, Y) is estimator
    assert estimator.get_params() == before
    first, state = estimator.lexicon_, set(vars(estimator))
    estimator.predict(X)
    assert set(vars(estimator)) == state
    assert estimator.fit(X, Y).lexicon_ == first
    again = pickle.loads(pickle.dumps(estimator))
    assert list(again.predict(X)) == list(estimator.predict(X))


def test_the_fields_of_the_configuration_are_parameters() -> None:
    estimator = LexiconEstimator().set_params(priors__token=np.int64(4), search__beam=np.int32(2))
    assert estimator.config is not None
    assert (estimator.config.priors.token, estimator.config.search.beam) == (4.0, 2)
    found = estimator.get_params()
    assert (found["priors__token"], found["search__beam"]) == (4.0, 2)
    assert estimator.get_params(deep=False).keys() == {"config", "timeout_s", "withheld"}
    assert estimator.set_params(config=None).get_params() == LexiconEstimator().get_params()
    both = LexiconEstimator().set_params(search__beam=3, config=Config(min_posterior=0.25))
    assert both.config is not None
    assert (both.config.min_posterior, both.config.search.beam) == (0.25, 3)
    assert LexiconEstimator().set_params().config is None


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda e: e.set_params(beam=2), "the parameter 'beam'"),
        (lambda e: e.set_params(search__beam="many"), "search.beam"),
        (lambda e: e.fit(X, Y[:-1]), "outputs in y"),
        (lambda e: e.fit([], []), "0 sentences"),
        (lambda e: e.fit(np.eye(2), Y[:2]), "ndarray at X"),
        (lambda e: e.fit([1, 2], Y[:2]), "int at X"),
        (lambda e: e.fit("jump", "JUMP"), "str for X"),
        (lambda e: e.fit(X, None), "NoneType for y"),
        (lambda e: LexiconEstimator("search").fit(X, Y), "str for config"),  # type: ignore[arg-type]
        (lambda e: e.score([], []), "0 sentences"),
    ],
)
def test_what_is_no_text_or_no_parameter_is_named(
    fitted: LexiconEstimator, act: Any, says: str
) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        act(fitted)
    assert isinstance(caught.value, InputError)


def test_an_estimator_that_is_not_fitted_says_so() -> None:
    for act in (lambda e: e.predict(X), lambda e: e.score(X, Y)):
        with pytest.raises(ValueError, match="call fit first"):
            act(LexiconEstimator())


def test_it_needs_no_scikit_learn() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "from abduce import LexiconEstimator\n"
        "print(LexiconEstimator().fit(['a', 'b'], ['A', 'B']).score(['a'], ['A']))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "1.0\n"


@pytest.fixture
def sklearn() -> Any:
    return pytest.importorskip("sklearn", reason="scikit-learn is not installed")


def rows() -> tuple[list[str], list[str]]:
    """Enough rows that any half of them has all words."""
    nouns = {"dax": "RED", "lug": "BLUE", "wif": "GREEN"}
    pairs = list(nouns.items())
    pairs += [(f"{n} fep", f"{t} {t}") for n, t in nouns.items()]
    pairs += [(f"{n} fep fep", f"{t} {t} {t} {t}") for n, t in nouns.items()]
    pairs += [(f"{n} kiki {m}", f"{u} {t}") for n, t in nouns.items() for m, u in nouns.items()]
    pairs *= 2
    Random(1).shuffle(pairs)
    return [s for s, _ in pairs], [t for _, t in pairs]


def test_scikit_learn_clones_scores_and_searches_it(sklearn: Any) -> None:
    from sklearn.base import clone
    from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
    from sklearn.utils.validation import check_is_fitted

    sentences, outputs = rows()
    estimator = LexiconEstimator(CONFIG, withheld="?")
    copied: Any = clone(estimator)
    assert copied.get_params() == estimator.get_params()
    assert min(cross_val_score(estimator, sentences, outputs, cv=2)) == 1.0
    assert list(cross_val_predict(estimator, sentences, outputs, cv=2)) == outputs
    search = GridSearchCV(estimator, {"search__beam": [1, 4], "priors__token": [3.0]}, cv=2)
    search.fit(sentences, outputs)
    assert search.best_score_ == 1.0
    assert search.best_estimator_.config.search.beam in (1, 4)
    check_is_fitted(search.best_estimator_)
    assert not hasattr(estimator, "lexicon_")


@pytest.mark.parametrize("name", CHECKS)
def test_the_listed_checks_of_scikit_learn_pass(sklearn: Any, name: str) -> None:
    from sklearn.utils import estimator_checks

    getattr(estimator_checks, name)("LexiconEstimator", LexiconEstimator())
