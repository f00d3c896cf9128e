"""Finite tables, proved by enumerating every case."""

import numpy as np

from abduce import clock
from abduce.symbolic.programs.table import Table, TableSpecification
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


def prove_table(
    table: Table, specification: TableSpecification, *, deadline: float | None = None
) -> Verdict:
    """Whether a table (sizes...) has the specified values, by enumerating all arguments that can
    occur.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    values = table.values
    if values.shape != specification.sizes:
        return Unknown(f"the table has the shape {values.shape}, not {specification.sizes}")
    cases = 0
    for done, arguments in enumerate(np.ndindex(*values.shape)):
        if done % 1024 == 0 and clock.passed(deadline):
            return Unknown("the time was up", Work(points=done, open=values.size - done))
        expected = specification.value(*arguments)
        if expected is None:
            continue
        cases += 1
        if values[arguments] != expected:
            return Refuted(
                np.array(arguments),
                np.array([values[arguments]]),
                0,
                Work(points=cases),
                np.array([expected]),
            )
    certificate = Certificate(specification.claim, "enumeration of all cases", cases)
    return Proved(Work(points=cases), certificate)
