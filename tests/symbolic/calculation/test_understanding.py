"""What is asked is understood as a whole or refused: no word is passed over."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.grammars.calculation.reader import FormulaError
from abduce.symbolic.calculation.generating import TEMPLATES
from abduce.symbolic.calculation.intents.rows import INTENTS
from abduce.symbolic.calculation.question import read_question
from abduce.symbolic.calculation.retrieval import near
from abduce.symbolic.calculation.understanding import plans
from abduce.symbolic.calculation.writing import written

EXAMPLES = [(row.name, text) for row in INTENTS for text, _ in row.examples]
STRANGE = (
    "triple",
    "captain",
    "unless",
    "yesterday",
    "purple",
    "approximately",
    "twice",
    "without",
)


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_an_example_is_understood_as_its_intent(name: str, text: str) -> None:
    found, _ = plans(read_question(text), INTENTS)
    assert found, "the example is refused"
    assert found[0].intent == name


@given(st.sampled_from(EXAMPLES), st.sampled_from(STRANGE[1:5]))
@settings(max_examples=25)
def test_a_question_with_a_strange_word_is_refused(example: tuple[str, str], strange: str) -> None:
    """A word that nobody knows may change everything that is asked."""
    if "letters" in example[0] or "half-life" in example[0]:
        return
    cut = f"{example[1]} {strange.capitalize()}."
    found, misses = plans(read_question(cut), INTENTS)
    assert not found
    assert misses


def test_every_question_is_read_with_its_formulas() -> None:
    found = read_question("If $f(x) = x^2$ and y=3x, find the area from 0 to 1.")
    assert found.words == "if ⟨0⟩ and ⟨1⟩ , find the area from ⟨2⟩ to ⟨3⟩ ."
    assert len(found.formulas) == 4


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Find the gcd of 7,100,200.", ["7", "100", "200"]),
        ("What is the mean of 7,100?", ["7", "100"]),
        ("Find the gcd of 1,200 and 1,800.", ["1200", "1800"]),
        ("Find the mean of 850, 1,200, and 1,400.", ["850", "1200", "1400"]),
        ("What is 7,100,200 + 1?", ["7100200 + 1"]),
        ("Factor 7,100,200.", ["7100200"]),
        ("How many are the divisors of 1,200?", ["1200"]),
        ("It has a mean of 1,200.", ["1200"]),
        ("The mean of 1,200 people is 7.", ["1200", "7"]),
        ("Find the median of 7,100,200,300.", ["7", "100", "200", "300"]),
    ],
)
def test_digits_with_commas_are_a_list_where_one_number_makes_no_sense(
    text: str, numbers: list[str]
) -> None:
    assert [written(tree) for tree in read_question(text).trees()] == numbers


@pytest.mark.parametrize("text", ["Find the mean of 7,100,200 and 5.", "gcd of 5 and 1,200"])
def test_digits_with_commas_beside_others_are_refused(text: str) -> None:
    with pytest.raises(FormulaError, match="one number or several"):
        read_question(text)


def test_a_list_is_not_answered_for_its_first_number() -> None:
    assert not plans(read_question("How many divisors of 12, 18 are there?"), INTENTS)[0]
    assert not plans(read_question("What is the largest prime factor of 7, 100?"), INTENTS)[0]


def test_near_questions_are_about_the_same() -> None:
    assert "derivative" in near("find the derivative of ⟨0⟩", INTENTS)[0]
    assert near("⟨0⟩", INTENTS) == ()


def test_templates_are_of_intents() -> None:
    assert set(TEMPLATES) <= {row.name for row in INTENTS}


def test_names_of_rows_say_one_thing() -> None:
    assert len({row.name for row in INTENTS}) >= 40
