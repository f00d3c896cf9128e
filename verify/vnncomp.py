"""Verdicts in the words of VNN-COMP: unsat where a property is proved, sat where it is refuted."""

from typing import Final, assert_never

from abduce.verify.counterexample import write_counterexample
from abduce.verify.instance import OUT_OF_TIME
from abduce.verify.verdict import Proved, Refuted, Unknown, Verdict

RESULTS: Final = ("unsat", "sat", "unknown", "timeout", "error")


def result(verdict: Verdict) -> str:
    """The first line of a result file.

    >>> result(Unknown("out of time after 1 s")), result(Unknown("out of memory"))
    ('timeout', 'unknown')
    """
    match verdict:
        case Proved():
            return "unsat"
        case Refuted():
            return "sat"
        case Unknown(reason):
            return "timeout" if reason.startswith(OUT_OF_TIME) else "unknown"
        case _:
            assert_never(verdict)


def result_file(verdict: Verdict) -> str:
    """A result file: the result and, for sat, the counterexample below it."""
    lines = [result(verdict)]
    if isinstance(verdict, Refuted):
        lines.append(write_counterexample(verdict.x, verdict.y))
    return "\n".join(lines) + "\n"
