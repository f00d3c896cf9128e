"""The command `calculate`: answers as text and JSON, graphs, new questions, and refusals."""

import json
from pathlib import Path

import pytest

from abduce.errors import Exit
from tests.doors import asked

Capture = pytest.CaptureFixture[str]


def test_an_answer_has_its_program_and_its_steps(capsys: Capture) -> None:
    code, out, _ = asked(capsys, "calculate", "Find the derivative of x^3.")
    assert code == Exit.ANSWERED
    assert out.splitlines()[0] == "answer: 3*x^2"
    assert "program: derivative(x^3, x, 1)" in out
    assert "checked: central differences agree" in out


def test_json_is_the_same(capsys: Capture) -> None:
    code, out, _ = asked(capsys, "calculate", "What is the determinant of [1,2;3,4]?", "--json")
    assert code == Exit.ANSWERED
    told = json.loads(out)
    assert (told["answer"], told["intent"]) == ("-2", "determinant")


@pytest.mark.parametrize(
    ("question", "code", "part"),
    [
        ("How old is the captain?", Exit.UNSUPPORTED, "not supported"),
        ("Find the purple derivative of x^2.", Exit.UNSUPPORTED, "the word 'purple'"),
        ("Find the derivative of $x^2 + * 3$.", Exit.BAD_INPUT, "1:31"),
        ("Solve x^2 = -1.", Exit.GAVE_UP, "no answer"),
    ],
)
def test_what_is_not_answered_says_why(
    capsys: Capture, question: str, code: Exit, part: str
) -> None:
    found, out, err = asked(capsys, "calculate", question)
    assert found == code
    assert part in out + err


def test_a_graph_is_drawn(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "graph.svg"
    code, out, _ = asked(capsys, "calculate", "Sketch the graph of y = x^2.", "--plot", str(path))
    assert code == Exit.ANSWERED
    assert out.startswith("answer: graph of y = x^2")
    assert path.read_text().startswith("<?xml")


def test_a_plot_of_no_graph_is_refused(capsys: Capture, tmp_path: Path) -> None:
    words = ("calculate", "Find the derivative of x^3.", "--plot", str(tmp_path / "graph.svg"))
    assert asked(capsys, *words)[0] == Exit.BAD_INPUT
    assert not list(tmp_path.iterdir())


def test_a_new_question_is_printed_with_its_answer(capsys: Capture) -> None:
    code, out, _ = asked(capsys, "calculate", "--generate", "derivative", "-n", "1", "--seed", "3")
    assert code == Exit.ANSWERED
    assert len(out.splitlines()) == 1


@pytest.mark.slow
def test_new_questions_are_the_same_for_the_same_seed(capsys: Capture) -> None:
    words = ("calculate", "--generate", "derivative", "-n", "2", "--seed", "3")
    first, second = asked(capsys, *words), asked(capsys, *words)
    assert first == second
    assert len(first[1].splitlines()) == 2


def test_what_an_answer_leaves_out_is_a_note(capsys: Capture) -> None:
    code, out, _ = asked(capsys, "calculate", "Solve x^3 = 1.")
    assert code == Exit.ANSWERED
    assert "note: This is about real numbers: there are also 2 complex solutions." in out


def test_an_intent_without_templates_is_refused(capsys: Capture) -> None:
    assert asked(capsys, "calculate", "--generate", "magic")[0] == Exit.BAD_INPUT
