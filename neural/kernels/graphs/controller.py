"""Controllers of graph machines, learned from execution traces.

Learned, as softmax tables by gradient descent: which states act, which are sought, what is offered,
and from all that a node can see its next state and whether it takes an offer. Given, and not
learned: that a machine has such tables, that the least node or all open ones act, and that the
least offer counts. Given are also whether an offer goes to the first neighbour or to all, and the
names of the states, which the traces show. The kernels that compare and add are learned apart.

Source: Rodionov and Prokhorenkova 2025, Discrete neural algorithmic reasoning, for discrete states
and scalars that are only compared; the tables and their proof are ours.
"""

from collections import Counter
from collections.abc import Hashable, Iterable

import numpy as np
import torch
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import RulesConfig
from abduce.neural.kernels.graphs.observations import acted, acting_steps, seen, taken, was_sought
from abduce.neural.kernels.graphs.traces import Step
from abduce.neural.kernels.kernel import Progress
from abduce.symbolic.programs.rules import OFFERS, Rules, RulesSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class RulesKernel(torch.nn.Module):
    """The logits of the tables.

    Args:
        shape: (states, 2, 2, 2, 4), as in `RulesSpecification`.
        least, first: how nodes act and offer, which is given.
    """

    def __init__(
        self,
        config: RulesConfig,
        shape: tuple[int, ...],
        seed: int,
        *,
        least: bool,
        first: bool,
    ) -> None:
        super().__init__()
        self.config, self.least, self.first = config, least, first
        generator = torch.Generator().manual_seed(seed)

        def drawn(*sizes: int) -> torch.nn.Parameter:
            return torch.nn.Parameter(config.spread * torch.randn(*sizes, generator=generator))

        states = shape[0]
        self.open, self.sought, self.offer = drawn(states), drawn(states), drawn(len(OFFERS))
        self.next, self.take = drawn(*shape, states), drawn(*shape)

    def fit(
        self,
        examples: list[Step],
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from traces: first what is offered, who acts and who is sought; then, looking at
        the traces through that, how nodes change."""
        steps = acting_steps(examples)

        def learn(name: str, rows: Iterable[Hashable]) -> None:
            if progress is not None:
                progress(f"{len(examples):,} steps of traces: {name}")
            self._learn(name, Counter(rows), deadline)

        learn("offer", (_agrees(o.values, key) for step in steps for o, key in taken(step)))
        learn("open", (row for step in examples for row in acted(step, least=self.least)))
        if self.first:
            learn("sought", (row for step in steps for row in was_sought(step)))
        rules = self.discretise()
        sought = set(np.flatnonzero(rules.sought).tolist()) if self.first else None
        rows = [row for step in steps for row in seen(step, rules.offer, sought=sought)]
        learn("next", ((here.place, state) for here, (state, _) in rows))
        learn("take", ((here.place, take) for here, (_, take) in rows))

    def _learn(self, name: str, rows: Counter[Hashable], deadline: float | None) -> None:
        """Fit one table to rows of (place, value), each as often as it was seen."""
        if not rows:
            return
        table = getattr(self, name)
        weights = torch.tensor([float(count) for count in rows.values()])
        optimiser = torch.optim.Adam([table], lr=self.config.rate)
        for _ in range(self.config.steps):
            if clock.passed(deadline):
                return
            loss = (self._surprise(name, table, list(rows)) * weights).sum() / weights.sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    def _surprise(self, name: str, table: Tensor, rows: list) -> Tensor:
        """(rows,): minus the log-likelihood of each."""
        if name == "offer":
            agrees = torch.tensor(rows, dtype=torch.float32)
            return -torch.log((agrees * torch.softmax(table, 0)).sum(1) + 1e-6)
        places = torch.tensor([place for place, _ in rows])
        values = torch.tensor([value for _, value in rows])
        here = table[tuple(places.T)] if places.ndim == 2 else table[places]
        if name == "next":
            return torch.nn.functional.cross_entropy(here, values, reduction="none")
        return torch.nn.functional.binary_cross_entropy_with_logits(
            here, values.float(), reduction="none"
        )

    def discretise(self) -> Rules:
        """The most probable value of each entry of each table; nothing is sought where offers go to
        all."""
        found = {name: value.detach().numpy() for name, value in self.named_parameters()}
        sought = found["sought"] > 0 if self.first else np.ones_like(found["sought"], dtype=bool)
        return Rules(
            (found["open"] > 0).astype(np.int64),
            sought.astype(np.int64),
            int(found["offer"].argmax()),
            found["next"].argmax(-1),
            (found["take"] > 0).astype(np.int64),
        )

    def prove(self, specification: RulesSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def _agrees(values: tuple[int, ...], key: int) -> tuple[bool, ...]:
    return tuple(value == key for value in values)
