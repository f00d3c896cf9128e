"""The tables of a machine of lambda terms, proved entry by entry."""

import numpy as np

from abduce import clock
from abduce.symbolic.programs.step_tables import SHAPES, StepSpecification, StepTables, cases
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


def prove_step(
    tables: StepTables, specification: StepSpecification, *, deadline: float | None = None
) -> Verdict:
    """Whether tables have the entries that a specification asks for, by enumerating them.

    A refutation names the entry: the number of its table in the order of `SHAPES`, then its place.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    if clock.passed(deadline):
        return Unknown("the time was up")
    looked = 0
    for name, place in cases():
        wanted = specification.rule((name, place))
        if wanted is None:
            continue
        looked += 1
        found = int(getattr(tables, name)[place])
        if found != wanted:
            entry = np.array([list(SHAPES).index(name), *place])
            return Refuted(entry, np.array([found]), 0, Work(points=looked), np.array([wanted]))
    method = "enumeration of all entries that a term can lead to"
    return Proved(Work(points=looked), Certificate(specification.claim, method, looked))
