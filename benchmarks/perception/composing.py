"""Sentences of images: each symbol of an expression gets an image of it, drawn at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from abduce.benchmarks.data.handwritten import MEMBER, divided, read_handwritten
from abduce.benchmarks.data.hint import SUBSETS, hint_rows
from abduce.benchmarks.data.table import checksums
from abduce.benchmarks.perception.languages import HINT, HWF
from abduce.errors import InputError
from abduce.neural.perception.rows import ImageRow
from abduce.symbolic.nsr.deduction.charts import Meanings
from abduce.symbolic.nsr.deduction.syntax import Category, Reading, evaluate, parse

LENGTHS: Final = (1, 3, 5, 7)
"""The numbers of symbols of HWF's expressions; each length has a quarter of them."""
HWF_TEST: Final = 2_000
TEST_SEED: Final = 7
"""The seed of the test's expressions and images, the same for every seed of the training."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageMaterial:
    """The sentences of images to learn from and to answer.

    Attributes:
        images: [images, 32, 32], bytes.
        symbols: names of the symbols; rows have labels in their order.
        meanings: what they mean; the truth, which is given or not.
        train: rows with labels, which are taken away where they are not given.
        test: rows by subset.
        shown: images of each symbol from the training part, for labels.
        unseen: numbers of the test's images.
        labels: the number of the symbol of every image; -1 for an image of another symbol.
        sha256: the checksums of the files that were read.
    """

    images: np.ndarray
    symbols: tuple[str, ...]
    meanings: Meanings
    train: Sequence[ImageRow]
    test: Mapping[str, Sequence[ImageRow]]
    shown: Mapping[str, np.ndarray]
    unseen: np.ndarray
    labels: np.ndarray
    sha256: Mapping[str, str] = field(default_factory=dict)


def value_of(words: Sequence[str], readings: Mapping[str, Reading]) -> Any:
    """The value of a sentence, or None where it has none.

    >>> readings = {word: meanings[0][1] for word, meanings in HINT.items()}
    >>> value_of(list("(2-3)*4+7/2"), readings), value_of(list("7/0"), readings)
    (4, None)
    """
    code = parse(words, readings)
    if code is None:
        return None
    try:
        return evaluate(code)
    except TypeError:  # an operand has no value
        return None


def hwf(
    seed: int,
    rows: int,
    places: Sequence[Path] | None = None,
    train_source: str | None = None,
) -> ImageMaterial:
    """Handwritten formulas: digits and operators in turn, drawn uniformly, with their values.

    Expressions without a value are drawn again.
    """

    def expressions(count: int, random: Random) -> list[tuple[tuple[str, ...], Any]]:
        readings = {word: meanings[0][1] for word, meanings in HWF.items()}
        digits = [w for w, r in readings.items() if r.category is Category.NULLARY]
        operators = [w for w, r in readings.items() if r.category is Category.INFIX]
        found = []
        while len(found) < count:
            length = LENGTHS[len(found) * len(LENGTHS) // count]
            words = [random.choice(operators if n % 2 else digits) for n in range(length)]
            value = value_of(words, readings)
            if value is not None:
                found.append((tuple(words), value))
        return found

    tests = {str(n): [] for n in LENGTHS}
    for words, value in expressions(HWF_TEST, Random(f"test {TEST_SEED}")):
        tests[str(len(words))].append((words, value))
    train = expressions(rows, Random(f"train {seed}"))
    return _composed(HWF, train, tests, seed, places, train_source)


def hint(
    seed: int,
    rows: int,
    places: Sequence[Path] | None = None,
    train_source: str | None = None,
    tested: int | None = None,
) -> ImageMaterial:
    """HINT's expressions with our images: training rows drawn uniformly, and the official test.

    Args:
        tested: the number of test rows of each subset, drawn uniformly; None for all.

    Raises:
        InputError: there are fewer rows.
    """
    every = hint_rows("train", places)
    if rows > len(every):
        raise InputError(f"--rows {rows}", (f"at most {len(every):,}",))
    drawn = sorted(Random(f"train {seed}").sample(range(len(every)), rows))
    train = [(every[n].symbols, every[n].value) for n in drawn]
    tests: dict[str, list] = {name: [] for name in SUBSETS}
    for row in hint_rows("test", places):
        tests[row.subset].append((row.symbols, row.value))
    if tested is not None:
        some = Random(f"test {TEST_SEED}")
        tests = {name: some.sample(each, min(tested, len(each))) for name, each in tests.items()}
    return _composed(HINT, train, tests, seed, places, train_source)


def _composed(
    meanings: Meanings,
    train: Sequence[tuple[tuple[str, ...], Any]],
    tests: Mapping[str, Sequence[tuple[tuple[str, ...], Any]]],
    seed: int,
    places: Sequence[Path] | None,
    train_source: str | None,
) -> ImageMaterial:
    every = read_handwritten(places)
    parts = divided(every, train_source=train_source)
    symbols = tuple(meanings)
    rng, fixed = np.random.default_rng((seed, 1)), np.random.default_rng((TEST_SEED, 2))
    return ImageMaterial(
        images=every.images,
        symbols=symbols,
        meanings=meanings,
        train=_rows(train, symbols, parts.train, rng),
        test={name: _rows(each, symbols, parts.test, fixed) for name, each in tests.items()},
        shown={symbol: parts.train[symbol] for symbol in symbols},
        unseen=np.concatenate([parts.test[symbol] for symbol in symbols]),
        labels=every.of(symbols),
        sha256={MEMBER: checksums("handwritten")[MEMBER]},
    )


def _rows(
    expressions: Sequence[tuple[tuple[str, ...], Any]],
    symbols: Sequence[str],
    images: Mapping[str, np.ndarray],
    rng: np.random.Generator,
) -> list[ImageRow]:
    number = {symbol: n for n, symbol in enumerate(symbols)}
    return [
        ImageRow(
            np.array([images[word][rng.integers(len(images[word]))] for word in words]),
            value,
            np.array([number[word] for word in words]),
        )
        for words, value in expressions
    ]
