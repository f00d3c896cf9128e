"""What is asked is understood as a whole or refused: no word is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.symbolic.calculation.generating import TEMPLATES
from abduce.symbolic.calculation.intents.rows import INTENTS
from abduce.symbolic.calculation.question import read_question
from abduce.symbolic.calculation.retrieval import near
from abduce.symbolic.calculation.understanding import plans

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


@given(st.sampled_from(EXAMPLES), st.sampled_from(STRANGE[1:5]), st.integers(0, 10**6))
def test_a_question_with_a_strange_word_is_refused(
    example: tuple[str, str], strange: str, place: int
) -> None:
    """A word that nobody knows may change everything that is asked."""
    if "letters" in example[0] or "half-life" in example[0]:
        return
    words = read_question(example[1])
    cut = f"{example[1]} {strange.capitalize()}."
    found, misses = plans(read_question(cut), INTENTS)
    assert not found
    assert misses
    del words, place


def test_every_question_is_read_with_its_formulas() -> None:
    found = read_question("If $f(x) = x^2$ and y=3x, find the area from 0 to 1.")
    assert found.words == "if ⟨0⟩ and ⟨1⟩ , find the area from ⟨2⟩ to ⟨3⟩ ."
    assert len(found.formulas) == 4


def test_near_questions_are_about_the_same() -> None:
    assert "derivative" in near("find the derivative of ⟨0⟩", INTENTS)[0]
    assert near("⟨0⟩", INTENTS) == ()


def test_templates_are_of_intents() -> None:
    assert set(TEMPLATES) <= {row.name for row in INTENTS}


def test_names_of_rows_say_one_thing() -> None:
    assert len({row.name for row in INTENTS}) >= 40
