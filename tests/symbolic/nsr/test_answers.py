"""Answers: a posterior over values, and a training row that is never contradicted."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr import Lexicon, learn
from abduce.symbolic.nsr.answers import CONTRADICTED, DISAGREE, Evidence, elected
from tests.toy_languages import COMMANDS

Tokens = tuple[str, ...]
VALUES = st.sampled_from([("A",), ("B",), ("C", "A"), ()])
VOTES = st.dictionaries(VALUES, st.floats(0.01, 1.0), min_size=1)
SHARES = st.floats(0.01, 1.0)


@given(VOTES, st.none() | VALUES, SHARES, st.none() | VALUES, st.floats(0.01, 0.5), st.floats(0, 1))
def test_values_share_at_most_one_and_a_row_is_never_contradicted(
    votes: Mapping[Tokens, float],
    own: Tokens | None,
    reliability: float,
    row: Tokens | None,
    noise: float,
    least: float,
) -> None:
    evidence = Evidence(reliability=reliability, row=row, noise=noise)
    answer = elected(votes, sum(votes.values()) + 0.1, own, evidence, least)
    shares = [answer.posterior, *[share for _, share in answer.alternatives]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.0 + 1e-9
    assert answer.abstained == bool(answer.reason)
    if not answer.abstained:
        assert answer.posterior >= least
        assert answer.value == row or (row is None and own in (None, answer.value))


@given(VOTES, SHARES, SHARES)
def test_less_reliable_derivations_are_less_probable(
    votes: Mapping[Tokens, float], one: float, other: float
) -> None:
    low, high = [
        elected(votes, sum(votes.values()), None, Evidence(reliability=r), 0.0)
        for r in sorted((one, other))
    ]
    assert low.value == high.value
    assert low.posterior <= high.posterior


@given(SHARES, st.floats(0.01, 0.4), st.floats(0.01, 0.4))
def test_the_less_noise_there_is_the_more_a_row_counts(
    reliability: float, one: float, other: float
) -> None:
    votes = {("A",): 1.0}

    def posterior(noise: float) -> float:
        evidence = Evidence(reliability=reliability, row=("B",), noise=noise)
        answer = elected(votes, 1.0, ("A",), evidence, 0.5)
        return dict([(answer.value, answer.posterior), *answer.alternatives])[("B",)]

    assert posterior(max(one, other)) <= posterior(min(one, other))


EXCEPTION = [("dax", "RED"), ("lug", "BLUE"), ("wif", "GREEN"), ("dax fep", "RED RED"),
             ("lug fep", "BLUE BLUE"), ("wif fep", "NONE")]  # fmt: skip


@pytest.mark.parametrize("rows", [EXCEPTION, [*COMMANDS, ("jump twice", "HOP")], [("a", "b")]])
def test_a_training_sentence_is_answered_by_its_output_or_not_at_all(
    rows: list[tuple[str, str]],
) -> None:
    learned = learn(rows)
    for lexicon in (learned, Lexicon.from_json(learned.to_json())):
        for sentence, output in rows:
            if len({t for s, t in rows if s == sentence}) == 1:
                answer = lexicon.answer(sentence)
                assert answer.abstained or answer.value == tuple(output.split())


@pytest.mark.slow
@settings(max_examples=5)
@given(st.data())
def test_among_noise_no_training_sentence_has_another_answer(data: st.DataObject) -> None:
    outputs = [target for _, target in COMMANDS]
    wrong = data.draw(st.sets(st.integers(0, len(COMMANDS) - 1), max_size=3))
    rows = {
        s: data.draw(st.sampled_from(outputs)) if n in wrong else t
        for n, (s, t) in enumerate(COMMANDS)
    }
    assume(len(rows) == len({s for s, _ in COMMANDS}))
    learned = learn(list(rows.items()))
    for sentence, output in rows.items():
        answer = learned.answer(sentence)
        assert answer.abstained or answer.value == tuple(output.split())
        assert answer.reason in ("", CONTRADICTED, DISAGREE) or answer.value is None
