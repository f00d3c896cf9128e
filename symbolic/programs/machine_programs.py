"""Programs of register machines: finite tables of questions and actions.

A list machine has numbers at places, eight registers that hold places, and a stack of pairs of
them. A program is at a line, which asks for the order of two registers, or of the numbers at them,
or whether the stack holds anything; line and answer say what happens to the list or the stack, what
each register becomes, and the next line. All of that is done at once, by what the registers held.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import only, whole

REGISTERS = ("zero", "i", "j", "k", "m", "l", "r", "t")
"""`zero` always holds 0. The others start with 0, except r, which starts with the length, and t,
which may be given."""
KEPT = 1
"""The number of leading registers that never change."""
ANSWERS = "<=>"
ALWAYS, PLACES, NUMBERS, STACK = range(4)
NOTHING, SWAP, POP, PUSH = range(4)
KEEP, LINEAR, MIDDLE, FIRST, SECOND = range(5)

_ALL = range(len(REGISTERS))
QUESTIONS = (
    (ALWAYS, 0, 0),
    *((kind, a, b) for kind in (PLACES, NUMBERS) for a, b in permutations(_ALL, 2)),
    (STACK, 0, 0),
)
"""The questions that a line can ask: a kind and two registers."""
EFFECTS = (
    (NOTHING, 0, 0),
    *((SWAP, a, b) for a, b in combinations(_ALL, 2)),
    (POP, 0, 0),
    *((PUSH, a, b) for a, b in permutations(_ALL, 2)),
)
"""The effects of a row on the list or the stack: a kind and two registers."""
OWN = -1
MOVES = (
    (KEEP, 0, 0, 0),
    (LINEAR, OWN, 1, 1),
    (LINEAR, OWN, 1, -1),
    *((LINEAR, a, 1, plus) for plus in (0, 1, -1) for a in _ALL),
    *((LINEAR, a, 2, plus) for plus in (1, 2) for a in _ALL),
    (MIDDLE, 0, 0, 0),
    (FIRST, 0, 0, 0),
    (SECOND, 0, 0, 0),
)
"""The new values of a register: unchanged, factor * register + constant, half of l + r, or a popped
value. Simpler ones come first."""

Row = tuple[int, int, tuple[int, ...]]
"""The next line, an index of EFFECTS, and an index of MOVES for each register that can change."""


@dataclass(frozen=True, slots=True)
class MachineProgramSpecification:
    """The specification of a program.

    Attributes:
        claim: what a table does that agrees with it, as a sentence.
        lines: their names; the program begins at the first and ends beyond the last.
        asks: the index in QUESTIONS of the question of each line.
        rows: the row of each line and answer that can occur.
    """

    claim: str
    lines: tuple[str, ...]
    asks: tuple[int, ...]
    rows: Mapping[tuple[int, int], Row]


@dataclass(frozen=True, slots=True, eq=False)
class MachineProgram:
    """The transition table of a register machine: a program as arrays.

    Attributes:
        asks: (lines,), indices of QUESTIONS.
        next: (lines, 3), the next line for each answer; the number of lines stands for the end.
        effects: (lines, 3), indices of EFFECTS.
        moves: (lines, 3, registers that can change), indices of MOVES.
    """

    kind: ClassVar[str] = "program"

    asks: np.ndarray
    next: np.ndarray
    effects: np.ndarray
    moves: np.ndarray

    def __post_init__(self) -> None:
        for name, table in self.arrays().items():
            object.__setattr__(self, name, whole(f"the table {name}", table))

    def check(self) -> None:
        """Whether it can run: also in rows that cannot occur, all entries mean something.

        Raises:
            ValueError: one does not, or a table is another shape.
        """
        lines = self.asks.size
        bounds = {
            "asks": ((lines,), len(QUESTIONS) - 1),
            "next": ((lines, len(ANSWERS)), lines),
            "effects": ((lines, len(ANSWERS)), len(EFFECTS) - 1),
            "moves": ((lines, len(ANSWERS), len(REGISTERS) - KEPT), len(MOVES) - 1),
        }
        for name, (shape, most) in bounds.items():
            whole(f"the table {name}", getattr(self, name), shape, most=most)

    def __call__(self, line: int, answer: int) -> Row:
        """The row of a line and an answer."""
        at = line, answer
        return int(self.next[at]), int(self.effects[at]), tuple(self.moves[at].tolist())

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {
            "asks": self.asks,
            "next": self.next,
            "effects": self.effects,
            "moves": self.moves,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "MachineProgram":
        found = cls(*only(arrays, "asks", "next", "effects", "moves"))
        found.check()
        return found


def compiled_program(specification: MachineProgramSpecification) -> MachineProgram:
    """The tables of a specification; what cannot occur ends the program."""
    lines = len(specification.lines)
    still = (lines, 0, (0,) * (len(REGISTERS) - KEPT))
    rows = [
        [specification.rows.get((line, answer), still) for answer in range(3)]
        for line in range(lines)
    ]
    return MachineProgram(
        np.array(specification.asks),
        np.array([[after for after, _, _ in row] for row in rows]),
        np.array([[effect for _, effect, _ in row] for row in rows]),
        np.array([[moves for _, _, moves in row] for row in rows]),
    )
