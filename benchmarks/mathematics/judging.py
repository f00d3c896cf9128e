"""Right, wrong, refused: an answer judged by a program, never by a person.

Where mathQ wants a graph, the graph is right if its function is one that the released program
plots: the right side of one of its assignments.
"""

import re
from typing import Any, Final

from abduce.benchmarks.mathematics.questions import Question
from abduce.errors import AbduceError
from abduce.symbolic.calculation.answering import calculate
from abduce.symbolic.calculation.equivalence import equivalent
from abduce.symbolic.calculation.operations.timing import TimeUp, timed

JUDGED_S: Final = 20.0
"""The upper limit on the CPU time of a judgement, in seconds; later it counts as wrong."""


def judged(question: Question, timeout_s: float) -> dict[str, Any]:
    """What became of a question."""
    try:
        found = calculate(question.text, timeout_s)
    except AbduceError as error:
        reason = str(error).splitlines()[0]
        return {"name": question.name, "outcome": "refused", "reason": reason[:200]}
    told = {"name": question.name, "intent": found.plan.intent}
    if found.outcome.outcome != "answered":
        return {**told, "outcome": "unanswered", "reason": found.outcome.reason[:200]}
    answer = found.outcome.answer
    try:
        right = timed(JUDGED_S, lambda: is_right(answer, found.outcome.value, question))
    except TimeUp:
        right = False
    return {**told, "outcome": "right" if right else "wrong", "answer": answer[:500]}


def is_right(answer: str, value: str | None, question: Question) -> bool:
    """Whether an answer is the one of the question."""
    if equivalent(answer, question.answer):
        return True
    if question.plotted:
        return any(_same_graph(answer, text) for text in question.plotted)
    return (
        value is not None
        and bool(re.search(r"\d\.\d", question.answer))
        and equivalent(value, question.answer)
    )


def _same_graph(answer: str, plotted: str) -> bool:
    shown = answer.removeprefix("graph of ").partition(" = ")[2] or answer.removeprefix("graph of ")
    return equivalent(shown, plotted)
