"""Verdicts in the words of VNN-COMP: unsat where a property is proved, sat where it is refuted."""

from pathlib import Path
from typing import Final, assert_never

from abduce.verify.counterexample import write_assignment, write_counterexample
from abduce.verify.instance import OUT_OF_TIME, instance_path
from abduce.verify.verdict import Proved, Refuted, Unknown, Verdict
from abduce.verify.vnnlib import declared_tensors

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


def result_file(verdict: Verdict, property_: Path) -> str:
    """A result file: the result and, for sat, the counterexample below it.

    The counterexample has the form that the version of the property asks for.

    Args:
        property_: the VNN-LIB file; where there is no such file, PATH.gz is taken.
    """
    lines = [result(verdict)]
    if isinstance(verdict, Refuted):
        tensors = declared_tensors(instance_path(property_))
        x, y = verdict.x, verdict.y
        lines.append(write_assignment(tensors, x, y) if tensors else write_counterexample(x, y))
    return "\n".join(lines) + "\n"
