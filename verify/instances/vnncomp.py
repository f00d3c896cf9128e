"""Result files of VNN-COMP: a verdict in its words, and the counterexample in its form."""

from pathlib import Path
from typing import Final

from abduce.verify.instances.instance import instance_path
from abduce.verify.refutation.counterexample import write_assignment, write_counterexample
from abduce.verify.specifications.vnnlib.reading import declared_tensors
from abduce.verify.verdict import Verdict
from abduce.verify.verdict_json import result, violation

RESULTS: Final = ("unsat", "sat", "unknown", "timeout", "error")


def result_file(verdict: Verdict, property_: Path) -> str:
    """A result file: the result and, for sat, the counterexample below it.

    The counterexample has the form that the version of the property asks for.

    Args:
        property_: the VNN-LIB file; where there is no such file, PATH.gz is taken.
    """
    lines = [result(verdict)]
    if (found := violation(verdict)) is not None:
        tensors = declared_tensors(instance_path(property_))
        x, y = found.x, found.y
        lines.append(write_assignment(tensors, x, y) if tensors else write_counterexample(x, y))
    return "\n".join(lines) + "\n"
