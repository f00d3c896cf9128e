"""An estimator in scikit-learn's manner: fit, predict, score, get_params, set_params.

It needs no scikit-learn, and works with it where it is installed: clone, cross_val_score and
GridSearchCV take it as one of their own. Inputs are sentences, outputs are token sequences; each is
a text, whose words stand between blanks, or a sequence of words.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from abduce import clock
from abduce.configuration import configured, leaves
from abduce.errors import InputError
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.learn import learn
from abduce.symbolic.nsr.lexicon import Lexicon

Text = str | Sequence[str]
OWN: Final = ("config", "timeout_s", "withheld")


class LexiconEstimator:
    """Learns a lexicon from sentences and outputs, and predicts the outputs of sentences.

    The fields of the configuration are parameters too, with two underscores between the parts of
    their names: ``set_params(priors__token=4)``, or the grid ``{"search__beam": [4, 8]}`` of
    GridSearchCV.

    Args:
        config: the configuration of the learner; None for the default one.
        timeout_s: seconds for learning, after which the best lexicon so far is used.
        withheld: what is predicted where the answer is withheld. It counts as wrong in ``score``.

    Attributes:
        lexicon_: the lexicon, after ``fit``.

    >>> estimator = LexiconEstimator().fit(["dax", "lug", "dax fep", "lug fep"],
    ...     ["RED", "BLUE", "RED RED", "BLUE BLUE"])
    >>> list(estimator.predict(["lug fep", "kiki"]))
    ['BLUE BLUE', None]
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        timeout_s: float | None = None,
        withheld: object = None,
    ) -> None:
        self.config = config
        self.timeout_s = timeout_s
        self.withheld = withheld

    def fit(self, X: Iterable[Text], y: Iterable[Text]) -> "LexiconEstimator":
        """Learns from sentences and their outputs.

        Raises:
            EstimatorError: X or y holds what is no text, or they differ in length, or are empty.
        """
        sentences, outputs = _texts(X, "X"), _texts(y, "y")
        if len(sentences) != len(outputs):
            raise EstimatorError(f"{len(sentences)} sentences in X and {len(outputs)} outputs in y",
                ("as many outputs as sentences",))  # fmt: skip
        if not isinstance(self.config, Config | None):
            raise EstimatorError(f"{type(self.config).__name__} for config", ("a Config", "None"))
        if not sentences:
            raise EstimatorError(
                "0 sentences", ("at least one",), advice="Learn from some examples."
            )
        deadline = None if self.timeout_s is None else clock.wall_s() + self.timeout_s
        self.lexicon_ = learn(
            list(zip(map(_words, sentences), map(_words, outputs), strict=True)),
            self.config,
            deadline=deadline,
        )
        self.joined_ = all(isinstance(text, str) for text in outputs)
        return self

    def predict(self, X: Iterable[Text]) -> NDArray[np.object_]:
        """The outputs of sentences, in the form that ``fit`` had them: texts, or tuples of tokens.

        An answer that is withheld is ``withheld``.
        """
        lexicon = self._fitted()
        sentences = _texts(X, "X")
        found = np.empty(len(sentences), dtype=object)
        for at, text in enumerate(sentences):
            answer = lexicon.answer(_words(text))
            if answer.abstained or answer.value is None:
                found[at] = self.withheld
            else:
                found[at] = " ".join(answer.value) if self.joined_ else answer.value
        return found

    def score(self, X: Iterable[Text], y: Iterable[Text]) -> float:
        """The share of sentences with the right output; a withheld answer counts as wrong.

        Raises:
            EstimatorError: X or y holds what is no text, or they differ in length, or are empty.
        """
        lexicon = self._fitted()
        sentences, outputs = _texts(X, "X"), _texts(y, "y")
        if len(sentences) != len(outputs) or not sentences:
            raise EstimatorError(f"{len(sentences)} sentences in X and {len(outputs)} outputs in y",
                ("as many outputs as sentences, and at least one",))  # fmt: skip
        right = 0
        for text, output in zip(sentences, outputs, strict=True):
            answer = lexicon.answer(_words(text))
            right += not answer.abstained and answer.value == _words(output)
        return right / len(sentences)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters; with `deep`, the fields of the configuration too."""
        found = {name: getattr(self, name) for name in OWN}
        if deep:
            config = self._base()
            found |= {_parameter(name): value for name, value in leaves(config).items()}
        return found

    def set_params(self, **parameters: Any) -> "LexiconEstimator":
        """Changes parameters, `config` before its fields.

        Raises:
            EstimatorError: no such parameter, or a value that it cannot have.
        """
        for name in OWN:
            if name in parameters:
                setattr(self, name, parameters.pop(name))
        config = self._base()
        known = {_parameter(name): name for name in leaves(config)}
        for name, value in parameters.items():
            if name not in known:
                raise EstimatorError(f"the parameter {name!r}", (*OWN, *_groups()))
            plain = value.item() if isinstance(value, np.generic) else value
            try:
                config = configured(config, None, [f"{known[name]}={plain!r}"])
            except InputError as error:
                raise EstimatorError(error.found, error.expected) from error
        if parameters:
            self.config = config
        return self

    def __repr__(self) -> str:
        changed = [f"{n}={v!r}" for n, v in self.get_params(False).items() if v is not None]
        return f"LexiconEstimator({', '.join(changed)})"

    def __sklearn_tags__(self) -> Any:
        """The tags that scikit-learn asks for: the estimator takes text, and needs outputs."""
        from sklearn.utils import InputTags, Tags, TargetTags  # pyright: ignore

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=True),
            input_tags=InputTags(two_d_array=False, string=True),
        )

    def _base(self) -> Config:
        """The configuration whose fields are parameters; ``fit`` refuses anything else."""
        return self.config if isinstance(self.config, Config) else CONFIG

    def _fitted(self) -> Lexicon:
        """The lexicon.

        Raises:
            NotFittedError: that of scikit-learn, or a ValueError where that is not loaded.
        """
        lexicon = vars(self).get("lexicon_")
        if lexicon is None:
            theirs = sys.modules.get("sklearn.exceptions")
            kind = ValueError if theirs is None else theirs.NotFittedError
            raise kind("This LexiconEstimator is not fitted: call fit first.")
        return lexicon


class EstimatorError(InputError, ValueError):
    """An input that the estimator cannot use, as the ValueError that scikit-learn expects."""


def _parameter(name: str) -> str:
    return name.replace(".", "__")


def _groups() -> tuple[str, ...]:
    return tuple([f"{each.name}__..." for each in fields(Config) if each.name != "min_posterior"])


def _texts(given: Iterable[Any], name: str) -> list[Text]:
    """The texts of a list, an array or a column.

    Raises:
        EstimatorError: one is neither text nor a sequence of words.
    """
    expected = ("a text", "a sequence of words")
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise EstimatorError(f"{type(given).__name__} for {name}", ("a sequence of texts",))
    texts: list[Text] = []
    for at, text in enumerate(given):
        if isinstance(text, str):
            texts.append(text)
            continue
        parts = [] if not isinstance(text, Iterable) or isinstance(text, bytes) else list(text)
        if not parts or not all(isinstance(part, str) for part in parts):
            raise EstimatorError(f"{type(text).__name__} at {name}[{at}]", expected)
        texts.append(tuple(parts))
    return texts


def _words(text: Text) -> tuple[str, ...]:
    return tuple(text.split() if isinstance(text, str) else text)
