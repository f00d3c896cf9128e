"""A course: functions learned one after the other, each from its examples and what is known.

A program that is found joins the library whether it is right or not, since in use nobody knows
that. A native version runs in its place where a proof allows it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.synthesis.functions import Function
from abduce.symbolic.nsr.priors import PRIORS
from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis import Budget, Library, Solved, synthesise
from abduce.symbolic.synthesis.proving.replacing import natively

EXAMPLES: Final = 30
TESTED: Final = 500
FARTHER: Final = 3
"""Half of the tests have arguments up to this times the greatest one in training."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """The result for one function.

    Attributes:
        program, expanded: the program as text, with calls and without; "" where none was found.
        right: the number of tests that the program is right on, of `tested`.
        search_s, proof_s: seconds.
        proof: what is proved of it, or "".
    """

    function: str
    examples: int
    program: str
    expanded: str
    bits: float
    tried: int
    right: int
    tested: int
    search_s: float
    proof_s: float
    proof: str
    reason: str = ""


def course(
    functions: Sequence[Function],
    seed: int,
    budget: Budget,
    library: Library,
    *,
    seconds: float,
    progress: Callable[[str], None] | None = None,
) -> tuple[list[Lesson], Library]:
    """The lessons in their order, and the library after them.

    Args:
        seed: draws the examples.
        seconds: the upper limit on the search for each function.
    """
    lessons = []
    for number, function in enumerate(functions):
        random = Random(f"{seed} {function.name}")
        examples = function.examples(random, EXAMPLES)
        tests = function.examples(random, TESTED // 2)
        tests += function.examples(random, TESTED // 2, FARTHER * function.largest)
        sorts = Signature((INTEGER,) * function.arity, INTEGER)
        began = clock.wall_s()
        found = synthesise(examples, sorts, library, budget, seconds=seconds, prices=PRIORS)
        search_s = clock.wall_s() - began
        if not isinstance(found, Solved):
            lesson = Lesson(
                function.name, EXAMPLES, "", "", 0.0, found.tried, 0, TESTED, search_s, 0.0, "",
                found.reason,
            )  # fmt: skip
        else:
            shown = str(found.program), str(library.expanded(found.program))
            began = clock.wall_s()
            library = natively(library.added(function.name, found.program, sorts))
            proof_s = clock.wall_s() - began
            entry = library.entries[-1]
            right = sum([_right(entry.function, test.arguments, test.value) for test in tests])
            lesson = Lesson(
                function.name, EXAMPLES, *shown, found.bits, found.tried, right, TESTED, search_s,
                proof_s, entry.proof or "",
            )  # fmt: skip
        lessons.append(lesson)
        if progress:
            progress(f"{seed}.{number}  {told(lesson)}")
    return lessons, library


def _right(run: Callable[..., Any], arguments: tuple[Any, ...], value: Any) -> bool:
    try:
        return run(*arguments) == value
    except TooLargeError:
        return False


def told(lesson: Lesson) -> str:
    """A lesson in a line."""
    if not lesson.program:
        return f"{lesson.function}: {lesson.reason} ({lesson.search_s:.2f} s)"
    proof = "proved" if lesson.proof else "not proved"
    return (
        f"{lesson.function}: {lesson.right} of {lesson.tested} right, {proof}, "
        f"{lesson.search_s:.2f} + {lesson.proof_s:.2f} s: {lesson.program}"
    )


def as_json(lessons: Sequence[Lesson]) -> list[dict[str, Any]]:
    return [asdict(lesson) for lesson in lessons]
