"""Word problems: a text becomes a question whose rows are its numbers; what is answered is what the
equation computes; families are never divided."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.grammars.arithmetic.expressions import value
from abduce.grammars.arithmetic.quantities import quantities
from abduce.neural.program_decoder.config import DecoderConfig, SearchConfig
from abduce.neural.program_decoder.dividing import divided
from abduce.neural.program_decoder.encoder import read_encoder
from abduce.neural.program_decoder.files import load, save
from abduce.neural.training.loop import train
from abduce.neural.word_problems.answering import NAME, answers
from abduce.neural.word_problems.config import AnsweringConfig, Passes, WordProblemConfig
from abduce.neural.word_problems.examples import (
    NOT_READ,
    OTHER_VALUE,
    Told,
    checksum,
    is_answer,
    known,
)
from abduce.neural.word_problems.problem import SIGN, VOCABULARY, check_one_question, problem
from abduce.neural.word_problems.training import lesson
from tests.neural.program_decoder.tiny import write_encoder

TINY = WordProblemConfig(
    network=DecoderConfig(frozen=1, width=16, heads=2, layers=1, inner=16),
    training=Passes(passes=2, batch=8, rate=1e-2, judged=2, kept_apart=0.2),
)


def told(text: str, equation: str, answer: int, family: str = "") -> Told:
    return Told(text=text, equation=equation, answer=Fraction(answer), family=family or text)


def sums(count: int) -> list[Told]:
    """'5 plus 12' and '12 minus 5', with their equations."""
    found = []
    for n in range(count):
        a, b = 3 + n % 7, 11 + n % 13
        text, sign, answer = (f"{a} plus {b}", "+", a + b)
        if n % 2:
            text, sign, answer = (f"{b} minus {a}", "-", b - a)
        first, second = (b, a) if n % 2 else (a, b)
        found.append(told(text, f"x = {first} {sign} {second}", answer, f"f{n}"))
    return found


@given(st.lists(st.integers(0, 10**5), min_size=1, max_size=5))
def test_rows_are_the_numbers_and_nothing_else_is_changed(numbers: list[int]) -> None:
    text = "He has " + " boxes and ".join(map(str, numbers)) + " pens ?"
    posed = problem(text)
    question = posed.question
    assert [q.value for q in posed.quantities] == numbers
    assert [question.text[row.start : row.end] for row in question.rows] == [SIGN] * len(numbers)
    assert all(piece in text for piece in question.text.split(SIGN))
    written = problem(text, "written").question
    assert written.text == text
    assert [text[r.start : r.end] for r in written.rows] == list(map(str, numbers))


def test_texts_that_are_no_problem_are_refused() -> None:
    for text in ("", "  \n"):
        with pytest.raises(InputError, match="an empty text, expected a word problem"):
            problem(text)
    with pytest.raises(InputError, match="no number in 'How many apples"):
        problem("How many apples are left?")
    with pytest.raises(InputError, match="70 numbers in a text of 70 words, expected at most 64"):
        problem("7 " * 70)
    with pytest.raises(InputError, match=r"the problem:1:26: found 2 questions in one text"):
        check_one_question("He has 3. How many? And 4?")
    check_one_question("He has 3. How many??")


@given(st.lists(st.integers(0, 9), min_size=2, max_size=60), st.integers(0, 99))
def test_no_family_is_on_both_sides(families: list[int], seed: int) -> None:
    problems = [told(f"{n} of it", "x=1", 1, f"f{family}") for n, family in enumerate(families)]
    if len(set(families)) < 4:
        with pytest.raises(InputError, match="families of examples"):
            divided(problems, 0.1, seed)
        return
    first, apart = divided(problems, 0.3, seed)
    assert sorted(t.text for t in (*first, *apart)) == sorted(t.text for t in problems)
    assert first
    assert apart
    assert not {t.family for t in first} & {t.family for t in apart}
    assert (first, apart) == divided(problems, 0.3, seed)


def test_only_problems_whose_equation_gives_the_answer_are_learned() -> None:
    some = [
        told("3 and 4", "x=3+4", 7),
        told("3 and 4 again", "x=3+4", 8),
        told("none", "x=3+4", 7),
        told("3 and 4 once more", "x=3+49", 52),
    ]
    found, reasons = known(some, "masked")
    assert [each.told for each in found] == some[:1]
    assert (reasons[OTHER_VALUE], reasons[NOT_READ], sum(reasons.values())) == (1, 1, 3)
    assert checksum(some) != checksum(some[::-1])


def test_answers_are_equal_up_to_rounding() -> None:
    assert is_answer(Fraction(2, 3), Fraction("0.67"))
    assert not is_answer(Fraction(2, 3), Fraction("0.7"))
    assert not is_answer(Fraction(1, 100), Fraction(0))


def test_a_model_learns_is_kept_and_says_what_its_equation_computes(tmp_path: Path) -> None:
    encoder = read_encoder(write_encoder(tmp_path / "encoder"))
    taught = lesson(sums(40), encoder, TINY)
    assert (taught.learned, taught.apart) == (32, 8)
    trained = train(taught.experiment)
    save(trained, encoder, VOCABULARY, tmp_path, {"shown": TINY.shown})
    kept = load(NAME, tmp_path, "abduce train word-problem")
    text = "9 minus 4 of 2 1/2"
    wide = AnsweringConfig(search=SearchConfig(beam=3, finished=3))
    found = answers(kept, text, wide)
    numbers = [q.value for q in quantities(text)]
    assert found
    assert sum(answer.confidence for answer in found) <= 1 + 1e-6
    assert found == sorted(found, key=lambda a: -a.confidence)
    assert len({answer.value for answer in found}) == len(found)
    for answer in found:
        assert answer.value >= 0
        assert answer.value == value(answer.tree, numbers)
        assert eval(answer.equation) == pytest.approx(float(answer.value))
        for used in answer.used:
            assert quantities(text[used.start : used.end])[0].value == used.value
    signed = AnsweringConfig(negative=True, search=SearchConfig(beam=3, finished=3))
    assert {a.value for a in found} <= {a.value for a in answers(kept, text, signed)}
    with pytest.raises(InputError, match="a text of 60 words, which is 62 tokens"):
        answers(kept, "9 " + "plus " * 59, wide)
    with pytest.raises(InputError, match="no problem to learn from"):
        lesson([told(f"{n} of it", "", 1, f"f{n}") for n in range(9)], encoder, TINY)
