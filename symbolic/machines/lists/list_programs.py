"""The list machine: a program's tables decide every step, the compare kernel every order.

A machine has no loops and no conditions of its own; what a step is stands in
`abduce.symbolic.programs.machine_programs`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from abduce.symbolic.machines.lists import stepping
from abduce.symbolic.machines.lists.lanes import Comparator
from abduce.symbolic.machines.lists.lists import SIGNS, Note
from abduce.symbolic.machines.lists.numbers import columns
from abduce.symbolic.programs.definitions.list_rules import ListAlgorithm
from abduce.symbolic.programs.machine_programs import (
    EFFECTS,
    KEEP,
    KEPT,
    MOVES,
    NUMBERS,
    OWN,
    QUESTIONS,
    REGISTERS,
    MachineProgram,
)
from abduce.symbolic.programs.mealy import Mealy
from abduce.symbolic.programs.program_text import actions_text, question_text

PLAIN = 1_000_000
"""The number of steps taken in Python before the compiled machine, if there is one, takes over."""
BURST = 1 << 40


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The result of a program.

    Attributes:
        places: (numbers,), their order.
        registers: the values of the registers at the end, by name.
        pairs: how many were compared.
        steps: how many were taken.
    """

    places: np.ndarray
    registers: dict[str, int]
    pairs: int
    steps: int


def run_program(
    algorithm: ListAlgorithm,
    program: MachineProgram,
    values: Sequence[int],
    compare: Mealy,
    *,
    length: int | None = None,
    t: int = 0,
    plain: int = PLAIN,
    note: Note | None = None,
) -> Run:
    """Run a program on numbers, to its end.

    Args:
        program: proved to be that of the algorithm.
        length: what r begins with; that of the values where left out.
        t: what the register t holds.
        plain: the upper limit on steps in Python if there is a compiled machine.
        note: called with each step, and what took it.
    """
    tables = _flat(program)
    comparator = Comparator.of(compare)
    orders = (
        comparator.of_bytes,
        comparator.composed.ravel(),
        comparator.constant,
        comparator.answer,
    )
    bytes_ = columns(values)
    numbers = np.ascontiguousarray(bytes_.T).tobytes()
    registers = [0] * len(REGISTERS)
    registers[REGISTERS.index("r")] = len(values) if length is None else length
    registers[REGISTERS.index("t")] = t
    rest = [registers, list(range(len(values))), [0] * (2 * len(values) + 2), [0] * len(REGISTERS)]
    state = [0, 0, 0, 0, 0]
    given = [*(table.tolist() for table in (*tables, *orders)), numbers, len(bytes_), *rest, state]
    if note is not None:
        _step_by_step(algorithm.program.lines, program, given, rest, state, note)
    else:
        compiled = find_spec("numba") is not None
        stepping.run(*given, fuel=plain if compiled else BURST)
    if state[stepping.LINE] < len(program.asks):
        from abduce.symbolic.machines.lists.stepping_compiled import run

        arrays = [table.astype(np.int64) for table in (*tables, *orders)]
        rest = [np.array(part) for part in rest]
        final = np.array(state)
        run(*arrays, np.frombuffer(numbers, np.uint8), len(bytes_), *rest, final, BURST)
        state = final.tolist()
    held: dict[str, int] = dict(zip(REGISTERS, map(int, rest[0]), strict=True))
    return Run(
        np.array(rest[1], dtype=np.int64), held, state[stepping.PAIRS], state[stepping.STEPS]
    )


def _flat(program: MachineProgram) -> tuple[np.ndarray, ...]:
    """The tables as `stepping.run` takes them."""
    asks = np.array(QUESTIONS)[program.asks]
    effects = np.array(EFFECTS)[program.effects.ravel()]
    first, moves = [0], list[tuple[int, ...]]()
    for row in program.moves.reshape(-1, len(REGISTERS) - KEPT).tolist():
        for register, move in enumerate(row, start=KEPT):
            kind, source, factor, constant = MOVES[move]
            if kind != KEEP:
                source = register if source == OWN else source
                moves.append((register, kind, source, factor, constant))
        first.append(len(moves))
    return (
        *asks.T,
        program.next.ravel(),
        *effects.T,
        np.array(first),
        np.array(moves, dtype=np.int64).ravel(),
    )


def _step_by_step(
    lines: tuple[str, ...],
    program: MachineProgram,
    given: list,
    rest: list[list[int]],
    state: list[int],
    note: Note,
) -> None:
    """One step after the other, each with what was asked and done."""
    rows = program.next.ravel()
    while state[stepping.LINE] < len(lines):
        line = state[stepping.LINE]
        kind, a, b = QUESTIONS[program.asks[line]]
        x, y = rest[0][a], rest[0][b]
        stepping.run(*given, fuel=1)
        answer = state[stepping.ANSWER]
        if kind == NUMBERS:
            note(f"compare  [{x}] {SIGNS[answer]} [{y}]")
        row = program(line, answer)
        asked = question_text(int(program.asks[line])).replace("?", SIGNS[answer])
        done = actions_text(row[1], row[2])
        after = (*lines, "halt")[rows[3 * line + answer]]
        note(f"program  {lines[line]}: {asked}: {f'{done}, then ' if done else ''}{after}")
