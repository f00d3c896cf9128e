"""Active learning asks few questions, only questions, and enough of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr import Lexicon, learn, learn_actively
from abduce.symbolic.nsr.active import Sentence
from abduce.symbolic.nsr.config import CONFIG
from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.hypothesis import Workbench
from abduce.symbolic.nsr.learn import examples_of, learn_with_probes
from tests.toy_languages import Pair, language, pairs_of

TOY = language({"fep": (Category.POSTFIX, 30.0, "xx"), "kiki": (Category.INFIX, 10.0, "yx")})
ROWS = list(pairs_of(TOY, range(1, 4)))


class Oracle:
    """Answers from a table, and remembers what it was asked."""

    def __init__(self, teacher: Lexicon = TOY, most: int = 4) -> None:
        self.table = dict(pairs_of(teacher, range(1, most + 1)))
        self.asked: list[Sentence] = []

    def __call__(self, sentence: Sentence) -> tuple[str, ...]:
        self.asked.append(sentence)
        return self.table[sentence]


@pytest.mark.parametrize("limit", [0, 1, 3, 7])
def test_no_more_is_asked_than_the_limit(limit: int) -> None:
    oracle = Oracle()
    _, asked = learn_actively(list(oracle.table), oracle, limit=limit)
    assert len(asked) == len(oracle.asked) == limit


def test_the_oracle_sees_the_asked_sentences_once_each_and_all_from_the_pool() -> None:
    oracle = Oracle()
    pool = [s for s in oracle.table if len(s) != 3]
    _, asked = learn_actively(pool, oracle, limit=12)
    assert asked == oracle.asked
    assert len(set(asked)) == len(asked)
    assert set(asked) <= set(pool)


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2))])
def test_a_toy_language_is_learned_from_twenty_answers(seed: int) -> None:
    oracle = Oracle()
    learned, asked = learn_actively(list(oracle.table), oracle, limit=20, seed=seed)
    assert len(asked) <= 20
    for sentence, value in pairs_of(TOY, (5,)):
        assert learned.answer(sentence).value == value


@settings(max_examples=5)
@given(rows=st.lists(st.sampled_from(ROWS), min_size=1, max_size=8, unique=True))
def test_what_an_earlier_lexicon_knew_is_never_given_up_for_a_longer_one(rows: list[Pair]) -> None:
    world, examples = examples_of(rows, CONFIG)
    earlier = Workbench(world, examples).hypothesis(TOY.entries, TOY.open_class)
    assert learn_with_probes(rows, (), earlier=TOY).summary["bits"] <= round(earlier.bits, 3)


@pytest.mark.parametrize("limit", [5, 9, 14])
def test_the_summary_is_about_all_answers(limit: int) -> None:
    oracle = Oracle()
    learned, asked = learn_actively(list(oracle.table), oracle, limit=limit)
    assert learned.summary["rows"] == len(asked)


def test_learning_does_not_end_while_an_answer_of_the_pool_is_withheld() -> None:
    oracle = Oracle(most=3)
    learned, asked = learn_actively(list(oracle.table), oracle)
    assert len(asked) < 40
    assert not [s for s in oracle.table if learned.answer(s).abstained]


@pytest.mark.slow
def test_the_lexicon_knows_every_answer_it_was_given() -> None:
    oracle = Oracle()
    learned, asked = learn_actively(list(oracle.table), oracle, limit=20)
    again = learn([(s, oracle.table[s]) for s in asked])
    for sentence in asked:
        assert learned.answer(sentence).value == oracle.table[sentence]
        assert again.answer(sentence).value == oracle.table[sentence]


def test_every_word_is_asked_for_first_and_by_the_shortest_sentences() -> None:
    oracle = Oracle()
    _, asked = learn_actively(list(oracle.table), oracle, limit=4)
    assert {w for s in asked for w in s} == TOY.vocabulary
    assert [len(s) for s in asked] == [1, 1, 2, 3]


def test_the_order_of_the_pool_does_not_matter() -> None:
    oracle = Oracle()
    pool = list(oracle.table)
    assert (
        learn_actively(pool, oracle, limit=8)[1] == learn_actively(pool[::-1], oracle, limit=8)[1]
    )


def test_a_sentence_without_an_answer_is_passed_over_and_no_answer() -> None:
    oracle = Oracle()
    passed: list[Sentence] = []

    def forgetful(sentence: Sentence) -> tuple[str, ...] | None:
        output = oracle(sentence)
        if len(oracle.asked) % 2:
            return output
        passed.append(sentence)
        return None

    learned, asked = learn_actively(list(oracle.table), forgetful, limit=6)
    assert len(asked) == 6
    assert set(asked).isdisjoint(passed)
    assert len(set(oracle.asked)) == len(oracle.asked) == len(asked) + len(passed)
    assert learned.summary["rows"] <= 6


@pytest.mark.parametrize("most", [0, 1, 5])
def test_the_end_of_the_answers_ends_learning_with_what_is_known(most: int) -> None:
    oracle = Oracle()

    def tired(sentence: Sentence) -> tuple[str, ...]:
        if len(oracle.asked) == most:
            raise EOFError
        return oracle(sentence)

    learned, asked = learn_actively(list(oracle.table), tired)
    assert asked == oracle.asked == learn_actively(list(oracle.table), Oracle(), limit=most)[1]
    assert learned.entries == learn_actively(list(oracle.table), Oracle(), limit=most)[0].entries


def test_an_exhausted_pool_ends_the_questions() -> None:
    oracle = Oracle(most=1)
    _, asked = learn_actively(list(oracle.table), oracle)
    assert sorted(asked) == sorted(oracle.table)
    assert learn_actively([], oracle)[1] == []
