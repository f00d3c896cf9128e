"""Programs of list machines, proved row by row."""

import numpy as np

from abduce import clock
from abduce.symbolic.programs.machine_programs import (
    KEPT,
    REGISTERS,
    MachineProgram,
    MachineProgramSpecification,
    Row,
)
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


def prove_program(
    program: MachineProgram,
    specification: MachineProgramSpecification,
    *,
    deadline: float | None = None,
) -> Verdict:
    """Whether tables agree with a specification, by enumerating all lines and rows.

    A refutation names the line, or the line and the answer.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    if clock.passed(deadline):
        return Unknown("the time was up")
    lines, movable = len(specification.lines), len(REGISTERS) - KEPT
    shapes = (program.asks.shape, program.next.shape, program.effects.shape, program.moves.shape)
    if shapes != ((lines,), (lines, 3), (lines, 3), (lines, 3, movable)):
        return Unknown(f"the tables have the shapes {shapes}, and not those of {lines} lines")
    cases = 0
    for line, wanted in enumerate(specification.asks):
        cases += 1
        if program.asks[line] != wanted:
            found = (int(program.asks[line]),)
            return _refuted((line,), found, (wanted,), cases)
    for (line, answer), row in specification.rows.items():
        cases += 1
        if program(line, answer) != row:
            return _refuted((line, answer), _flat(program(line, answer)), _flat(row), cases)
    try:
        program.check()
    except ValueError as error:
        return Unknown(str(error), Work(points=cases))
    certificate = Certificate(specification.claim, "enumeration of all lines and answers", cases)
    return Proved(Work(points=cases), certificate)


def _flat(row: Row) -> tuple[int, ...]:
    return (row[0], row[1], *row[2])


def _refuted(
    where: tuple[int, ...], found: tuple[int, ...], wanted: tuple[int, ...], cases: int
) -> Refuted:
    return Refuted(np.array(where), np.array(found), 0, Work(points=cases), np.array(wanted))
