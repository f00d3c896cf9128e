"""Syntax overrules what is seen of a spoiled image; what is a sentence already stays as it is."""

from dataclasses import replace

import numpy as np
import pytest

from abduce.benchmarks.perception.answering import Answering, usual_of
from abduce.benchmarks.perception.hypotheses import tables
from abduce.benchmarks.perception.languages import HINT
from abduce.neural.perception.rows import ImageRow
from abduce.neural.perception.seeing import doubted
from abduce.symbolic.nsr.deduction.charts import Charts, Limits

SYMBOLS = list(HINT)
LEXICON = {symbol: readings[0][1] for symbol, readings in HINT.items()}
USUAL = np.full(len(SYMBOLS), 1 / len(SYMBOLS))
LIMITS = Limits(edges=20_000)


def answering(read: str, sure: float = 1.0, misread: float = 0.005) -> tuple[Answering, ImageRow]:
    """What answers one sentence whose images are seen as some symbols."""
    sees = np.full((len(read), len(SYMBOLS)), (1 - sure) / (len(SYMBOLS) - 1))
    sees[np.arange(len(read)), [SYMBOLS.index(symbol) for symbol in read]] = sure
    return Answering(LEXICON, LIMITS, sees, USUAL, misread), ImageRow(np.arange(len(read)), 0)


@pytest.mark.parametrize(
    ("seen", "read", "value"),
    [("(2+33*4", "(2+3)*4", 20), ("2*83+4)", "2*(3+4)", 14), ("2+3*4", "2+3*4", 14)],
)
def test_syntax_overrules_what_is_seen_with_certainty(seen: str, read: str, value: int) -> None:
    answers, row = answering(seen)
    assert answers.words(row) == list(read)
    assert answers.value(row) == value


def test_without_doubt_what_is_seen_with_certainty_has_no_value() -> None:
    answers, row = answering("(2+33*4", misread=0.0)
    assert answers.words(row) is None
    assert answers.accuracy([row]) == 0.0


def test_the_short_way_and_the_chart_agree() -> None:
    rng = np.random.default_rng(0)
    charts = Charts(HINT, tables(), LIMITS)
    for text in ("1+(2-3)*4", "7/2", "((5))", "9*8*7-6"):
        answers, row = answering(text, sure=0.6)
        answers.sees[:] += rng.uniform(0, 0.2, answers.sees.shape)
        answers.sees[:] /= answers.sees.sum(1, keepdims=True)
        best = charts.likeliest(doubted(answers.sees, USUAL, 0.005), every=True)
        assert best is not None
        assert answers.words(row) == [SYMBOLS[n] for n in best]


def test_a_symbol_that_is_not_usual_is_never_read() -> None:
    answers, row = answering("2+3")
    usual = np.where(np.array(SYMBOLS) == "3", 0.0, 1 / (len(SYMBOLS) - 1))
    words = replace(answers, usual=usual).words(row)
    assert words is not None
    assert "3" not in words


def test_rare_symbols_are_not_usual() -> None:
    assert usual_of(np.array([[0.9999, 0.0001]])).tolist() == [1.0, 0.0]
