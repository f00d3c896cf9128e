"""Programs of list machines, learned from execution traces.

Learned, as softmax tables by gradient descent: what each line asks, among 114 questions; and for
each line and answer the next line, what happens to the list or the stack, among 86 effects, and
what each register becomes, among 46 values. The traces show lines and answers, but of the rest only
what came of it; a table learns which candidate agrees with all that was seen. Where several do, the
simplest counts: logits begin a little lower, one after the other. Given, and not learned: that the
machine has such registers and a stack, the candidates, and the lines. Numbers are compared by a
kernel that was learned for itself.

Source: Rodionov and Prokhorenkova 2025, Discrete neural algorithmic reasoning, for learning
discrete states from traces; the machine, the candidates and the proof are ours.
"""

import numpy as np
import torch
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import ProgramConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.lists.list_traces import ListTraces
from abduce.symbolic.programs.machine_programs import (
    ALWAYS,
    EFFECTS,
    FIRST,
    KEEP,
    KEPT,
    MIDDLE,
    MOVES,
    NOTHING,
    NUMBERS,
    OWN,
    PLACES,
    POP,
    QUESTIONS,
    REGISTERS,
    SECOND,
    SWAP,
    MachineProgram,
    MachineProgramSpecification,
)
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class ProgramKernel(torch.nn.Module):
    """The logits of the tables.

    Args:
        lines: the number of lines of the program.
    """

    def __init__(self, config: ProgramConfig, lines: int, seed: int) -> None:
        super().__init__()
        self.config, self.lines, simpler = config, lines, config.simpler
        generator = torch.Generator().manual_seed(seed)

        def drawn(*sizes: int, simpler: float = 0.0) -> torch.nn.Parameter:
            noise = config.spread * torch.randn(*sizes, generator=generator)
            return torch.nn.Parameter(noise - simpler * torch.arange(sizes[-1]))

        self.asks = drawn(lines, len(QUESTIONS), simpler=simpler)
        self.next = drawn(lines, 3, lines + 1)
        self.effects = drawn(lines, 3, len(EFFECTS), simpler=simpler)
        movable = len(REGISTERS) - KEPT
        self.moves = drawn(lines, 3, movable, len(MOVES), simpler=simpler)

    def fit(
        self,
        examples: ListTraces,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from traces, one table after the other."""
        row = 3 * examples.line + examples.answer
        movable = np.arange(KEPT, len(REGISTERS)) - KEPT
        after = np.eye(self.lines + 1, dtype=bool)[examples.next]
        rows = len(movable) * row[:, None] + movable
        moved = moves_that_agree(examples)
        tables = (
            ("asks", examples.line, questions_that_agree(examples)),
            ("next", row, after),
            ("effects", row, effects_that_agree(examples)),
            ("moves", rows.ravel(), moved.reshape(-1, len(MOVES))),
        )
        for name, place, agrees in tables:
            if progress is not None:
                progress(f"{len(examples):,} steps of traces: {name}")
            self._learn(getattr(self, name), place, agrees, deadline)

    def _learn(
        self,
        table: torch.nn.Parameter,
        place: np.ndarray,
        agrees: np.ndarray,
        deadline: float | None,
    ) -> None:
        """Fit one table (..., candidates) to what agrees, (steps, candidates), at the places of its
        rows (steps,)."""
        seen = np.unique(np.column_stack([place, np.packbits(agrees, axis=1)]), axis=0)
        places = torch.from_numpy(seen[:, 0].astype(np.int64))
        bits = np.unpackbits(seen[:, 1:].astype(np.uint8), axis=1, count=agrees.shape[1])
        wanted = torch.from_numpy(bits).float()
        optimiser = torch.optim.Adam([table], lr=self.config.rate)
        for _ in range(self.config.steps):
            if clock.passed(deadline):
                return
            likely = torch.softmax(table.flatten(0, -2)[places], -1)
            loss = -torch.log((likely * wanted).sum(1) + 1e-6).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    def discretise(self) -> MachineProgram:
        """The most probable candidate of each row of each table."""

        def likeliest(table: Tensor) -> np.ndarray:
            return table.detach().argmax(-1).numpy()

        tables = (self.asks, self.next, self.effects, self.moves)
        return MachineProgram(*map(likeliest, tables))

    def prove(
        self, specification: MachineProgramSpecification, *, deadline: float | None = None
    ) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def questions_that_agree(traces: ListTraces) -> np.ndarray:
    """(steps, questions), whether the answer to a question would have been the one given."""
    columns: list[np.ndarray] = []
    for kind, a, b in QUESTIONS:
        if kind == ALWAYS:
            answer = np.ones(len(traces))
        elif kind in (PLACES, NUMBERS):
            held = traces.before if kind == PLACES else traces.numbers
            answer = np.sign(held[:, a] - held[:, b]) + 1
        else:
            answer = 1 + (traces.depth > 0)
        columns.append(answer == traces.answer)
    return np.stack(columns, 1)


def effects_that_agree(traces: ListTraces) -> np.ndarray:
    """(steps, effects), whether an effect would have changed list and stack as they were."""
    still = (traces.swapped < 0).all(1)
    here = ~np.isnan(traces.numbers)
    columns: list[np.ndarray] = []
    for kind, a, b in EFFECTS:
        x, y = traces.before[:, a], traces.before[:, b]
        if kind == NOTHING:
            columns.append(still & (traces.deeper == 0))
        elif kind == SWAP:
            ends = np.sort(traces.before[:, [a, b]], 1)
            same = np.where(still, x == y, (ends == traces.swapped).all(1))
            columns.append(same & here[:, a] & here[:, b] & (traces.deeper == 0))
        elif kind == POP:
            columns.append(still & (traces.deeper == -1))
        else:
            pushed = (traces.top[:, 0] == x) & (traces.top[:, 1] == y)
            columns.append(still & pushed & (traces.deeper == 1))
    return np.stack(columns, 1)


def moves_that_agree(traces: ListTraces) -> np.ndarray:
    """(steps, registers that can change, moves), whether a move would have given what a register
    held afterwards."""
    before, l, r = traces.before, REGISTERS.index("l"), REGISTERS.index("r")  # noqa: E741
    pages: list[np.ndarray] = []
    for own in range(KEPT, len(REGISTERS)):
        columns: list[np.ndarray] = []
        for kind, source, factor, constant in MOVES:
            if kind == KEEP:
                value = before[:, own]
            elif kind == MIDDLE:
                value = (before[:, l] + before[:, r]) // 2
            elif kind in (FIRST, SECOND):
                value = np.where(traces.deeper == -1, traces.top[:, int(kind == SECOND)], -2)
            else:
                value = factor * before[:, own if source == OWN else source] + constant
            columns.append(value == traces.after[:, own])
        pages.append(np.stack(columns, 1))
    return np.stack(pages, 1)
