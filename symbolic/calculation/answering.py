"""The door: a question to its answer, with the program and its explanation, or a refusal."""

from dataclasses import dataclass

from abduce.errors import UnsupportedError
from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.intents.rows import INTENTS
from abduce.symbolic.calculation.process.running import Outcome, run_plan
from abduce.symbolic.calculation.question import Question, read_question
from abduce.symbolic.calculation.retrieval import near
from abduce.symbolic.calculation.understanding import Miss, Plan, plans

TRIED = 3
"""The upper limit on the plans that are run for one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculated:
    """What became of a question.

    Attributes:
        plan: what was understood.
        outcome: what its program gave.
    """

    plan: Plan
    outcome: Outcome


class NotUnderstoodError(UnsupportedError):
    """A question that is not understood as a whole: nothing is guessed."""


def calculate(text: str, timeout_s: float = 10.0) -> Calculated:
    """The answer to a question.

    Raises:
        FormulaError: a formula that cannot be read.
        NotUnderstoodError: no intent understands the whole question.
    """
    question = read_question(text)
    found, misses = plans(question, INTENTS)
    if not found:
        if question.faults:
            raise question.faults[0]
        raise _refusal(question, misses)
    best: Calculated | None = None
    for plan in found[:TRIED]:
        outcome = run_plan(plan, timeout_s)
        here = Calculated(plan=plan, outcome=outcome)
        if outcome.outcome in ("answered", "withheld", "stopped"):
            return here
        best = best or here
    assert best is not None
    return best


def _refusal(question: Question, misses: list[Miss]) -> NotUnderstoodError:
    parts: list[str] = []
    if question.picture:
        parts.append("a picture or a table")
    left = min((m.left for m in misses if m.left), key=len, default=())
    parts += [f"the word '{word}'" for word in dict.fromkeys(left)][:8]
    if not parts:
        parts = ["a question of this kind"]
    asked = list(near(question.words, INTENTS))
    return NotUnderstoodError(
        "the question",
        tuple(parts),
        "Questions like these can be answered: " + " | ".join(asked) if asked else None,
    )


def program_text(plan: Plan) -> str:
    """The program of a plan, in one line."""
    from abduce.symbolic.calculation.writing import written

    def term(part: Tree) -> str:
        match part[0]:
            case "variable":
                return written(plan.arguments[part[1]])
            case "number":
                return str(part[1])
            case "token":
                return f"'{part[1]}'"
            case name:
                return f"{name}({', '.join(term(inner) for inner in part[1:])})"

    return term(plan.term)
