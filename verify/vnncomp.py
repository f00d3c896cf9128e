"""Verdicts in the words of VNN-COMP: unsat where a property is proved, sat where it is refuted.

A result is judged by what onnxruntime computes. So where a property is proved in real arithmetic
and onnxruntime's own rounding violates it, the result is sat, with that input.
"""

from pathlib import Path
from typing import Final, assert_never

import numpy as np

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
        case Proved(rounding=None):
            return "unsat"
        case Proved():
            return "sat" if counterexample(verdict) is not None else "unknown"
        case Refuted():
            return "sat"
        case Unknown(reason):
            return "timeout" if reason.startswith(OUT_OF_TIME) else "unknown"
        case _:
            assert_never(verdict)


def counterexample(verdict: Verdict) -> Refuted | None:
    """The input at which onnxruntime violates the property; None where its output is not finite,
    which a result file cannot say."""
    found = verdict.rounding if isinstance(verdict, Proved) else verdict
    return found if isinstance(found, Refuted) and np.isfinite(found.y).all() else None


def result_file(verdict: Verdict, property_: Path) -> str:
    """A result file: the result and, for sat, the counterexample below it.

    The counterexample has the form that the version of the property asks for.

    Args:
        property_: the VNN-LIB file; where there is no such file, PATH.gz is taken.
    """
    lines = [result(verdict)]
    if (found := counterexample(verdict)) is not None:
        tensors = declared_tensors(instance_path(property_))
        x, y = found.x, found.y
        lines.append(write_assignment(tensors, x, y) if tensors else write_counterexample(x, y))
    return "\n".join(lines) + "\n"
