"""The benchmark of mathematics: halves, jobs, judgements."""

from dataclasses import replace

from abduce.benchmarks.mathematics.jobs import mathematics_jobs
from abduce.benchmarks.mathematics.judging import is_right, judged
from abduce.benchmarks.mathematics.questions import Question, Questions, assigned

ONE = Question(name="a 1", row="a", text="Find the derivative of x^2.", answer="2x")
TWO = Question(name="b 1", row="b", text="Who is the captain?", answer="me")
FOUND = Questions(
    parts={"mathq": (ONE, TWO), "math500-dev": (ONE,), "math500-test": (TWO,)}, sha256={}
)


def test_a_question_is_right_or_refused() -> None:
    assert judged(ONE, 10.0)["outcome"] == "right"
    assert judged(replace(ONE, answer="3x"), 10.0)["outcome"] == "wrong"
    assert judged(TWO, 10.0)["outcome"] == "refused"


def test_a_graph_is_judged_by_its_function() -> None:
    code = "import numpy as np\nx = np.linspace(0, 1)\ny = x + np.abs(x)\n"
    graph = Question(name="c", row="c", text="", answer="Graph", plotted=assigned(code))
    assert graph.plotted == ("x + abs(x)",)
    assert is_right("graph of y = x + abs(x)", None, graph)
    assert not is_right("graph of y = x - abs(x)", None, graph)


def test_a_row_is_a_job_and_its_id_holds_its_seed() -> None:
    jobs = mathematics_jobs(FOUND, "mathq", 0, None)
    assert [job.row for job in jobs] == ["a", "b"]
    assert len({job.id for job in (*jobs, *mathematics_jobs(FOUND, "mathq", 1, None))}) == 4
    assert len(mathematics_jobs(FOUND, None, 0, None)) == 4
