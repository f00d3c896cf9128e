"""The kernel of a step: a machine of tables that draws its decisions, and learns from results.

Each entry of each table is a softmax, and each decision is drawn from the entry it asks. What the
machine makes of a term is then random, and the probability that it makes the given result is the
sum over all ways to make it: over marks, over which abstractions are counted, and over which node
wrote which part of the result. The last sum is that of a hidden Markov model, by dynamic
programming over (node, nodes of the result that are written); all of it is differentiable, and its
logarithm is what is maximised. No decision is ever shown.

Source: Graves 2012, Sequence transduction with recurrent neural networks, section 2 (the sum over
alignments); tables instead of networks, marks and pastes are ours.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from abduce import clock
from abduce.neural.kernels.config import StepConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.terms.alignments import COUNTINGS, SUBSETS, alignments
from abduce.neural.kernels.terms.batches import Batch, batch_of
from abduce.neural.kernels.terms.pairs import Pair
from abduce.symbolic.programs.step_tables import (
    ACTIONS,
    BODY,
    DROP,
    IN_PASTED,
    KEEP,
    LOWER,
    PASTE,
    PLACES,
    RAISE,
    SEES_FREE,
    SEES_INDEX,
    SHAPES,
    SIGHTS,
    StepSpecification,
    StepTables,
)
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict

LEAST = 1e-30


class StepKernel(torch.nn.Module):
    """The logits of the tables."""

    possible: Tensor

    def __init__(self, config: StepConfig, seed: int) -> None:
        super().__init__()
        self.config, self.seed = config, seed
        generator = torch.Generator().manual_seed(seed)

        def drawn(*shape: int) -> torch.nn.Parameter:
            return torch.nn.Parameter(config.spread * torch.randn(*shape, generator=generator))

        self.order, self.look, self.count = (drawn(*SHAPES[n]) for n in ("order", "look", "count"))
        self.act = drawn(*SHAPES["act"], len(ACTIONS))
        self.pasted = drawn(*SHAPES["pasted"], RAISE + 1)
        self.register_buffer("possible", torch.from_numpy(_possible()), persistent=False)

    def forward(self, batch: Batch) -> Float[Tensor, " pairs"]:
        """The log-likelihood of each pair."""
        ways = self._marks(batch) * self._writings(batch)
        total = torch.zeros(len(batch.written)).index_add(0, batch.pair, ways)
        return torch.log(total + LEAST)

    def _marks(self, batch: Batch) -> Float[Tensor, " rows"]:
        """The probability that a row's node is the first that is marked."""
        marked = torch.sigmoid(self.look)[batch.kinds[..., 0], batch.kinds[..., 1]]
        marked = marked * batch.real
        when, side = torch.sigmoid(self.order)
        orders = torch.stack([(1 - when) * (1 - side), (1 - when) * side,
                              when * (1 - side), when * side])  # fmt: skip
        passed = torch.log1p(-marked.clamp(max=1 - 1e-6)).unsqueeze(1).expand_as(batch.visits)
        along = passed.gather(2, batch.visits)
        before = torch.zeros_like(along).scatter(2, batch.visits, along.cumsum(2) - along)
        first = (orders[:, None] * before.exp()).sum(1) * marked
        return first[batch.pair, batch.mark]

    def _writings(self, batch: Batch) -> Float[Tensor, " rows"]:
        """The probability that the nodes of a row write the result."""
        act = torch.softmax(self.act + self.possible, -1).reshape(-1, len(ACTIONS))
        countings = self._countings()
        asked = act[batch.entry] * countings[:, None]
        one, dropped = self._ones(batch, asked), asked[..., DROP].sum(-1)
        dropped = torch.where(batch.real[batch.pair], dropped, 1.0)
        pastes = self._pastes(batch, act, countings, one.shape)
        place = torch.arange(one.shape[2] + 1)
        start = place - batch.argument[:, None]
        start, fits = start.clamp(min=0), (start >= 0).float()
        written = torch.zeros(len(one), one.shape[2] + 1)
        written[:, 0] = 1.0
        scale = torch.zeros(len(one))
        for node in range(one.shape[1]):
            after = written * dropped[:, node, None]
            after = after + torch.nn.functional.pad(written[:, :-1] * one[:, node], (1, 0))
            after = after + (written * pastes[:, node]).gather(1, start) * fits
            total = after.detach().sum(1, keepdim=True).clamp(min=LEAST)
            written, scale = after / total, scale + total[:, 0].log()
        at = batch.written[batch.pair]
        return written.gather(1, at[:, None])[:, 0] * scale.exp()

    def _countings(self) -> Float[Tensor, " 4"]:
        counted = torch.sigmoid(self.count)
        return torch.stack([
            (counted[0] if head else 1 - counted[0]) * (counted[1] if body else 1 - counted[1])
            for head, body in COUNTINGS
        ])  # fmt: skip

    def _ones(
        self, batch: Batch, asked: Float[Tensor, "rows nodes countings actions"]
    ) -> Float[Tensor, "rows nodes result"]:
        """The probability that a node writes just one, and this one."""
        action = asked.sum(2)
        one = action[..., KEEP, None] * batch.kept[batch.pair]
        one = one + action[..., LOWER, None] * batch.lowered[batch.pair]
        for counting, raised in enumerate(batch.raised):
            one = one + asked[:, :, counting, RAISE, None] * raised
        return one

    def _pastes(
        self, batch: Batch, act: Tensor, countings: Tensor, shape: torch.Size
    ) -> Float[Tensor, "rows nodes starts"]:
        """The probability that a node writes the argument, from a place in the result on."""
        rows, nodes, result = shape
        action = torch.softmax(self.pasted[:, [KEEP, LOWER, RAISE]], -1)
        bits = torch.arange(SUBSETS)[:, None] >> torch.arange(3) & 1
        subsets = torch.log((action[:, None] * bits).sum(-1) + LEAST).reshape(-1)
        counted = torch.sigmoid(self.count[IN_PASTED])
        own = torch.stack([1 - counted, counted])
        each = torch.exp(batch.paste_used @ subsets) * act[batch.paste_entry, PASTE]
        each = each * countings[batch.paste_case[:, 0]] * own[batch.paste_case[:, 1]]
        flat = torch.zeros(rows * nodes * (result + 1)).index_add(0, batch.paste_at, each)
        return flat.reshape(rows, nodes, result + 1)

    def fit(
        self,
        examples: Sequence[Pair],
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from pairs, the shorter ones first."""
        config, order = self.config, np.random.default_rng(self.seed)
        found = [one for one in map(alignments, examples) if one.rows]
        found.sort(key=lambda one: one.kept.size)
        starts = range(0, len(found), config.batch)
        batches = [batch_of(found[k : k + config.batch]) for k in starts]
        optimiser = torch.optim.Adam(self.parameters(), lr=config.rate)
        for step in range(config.steps):
            if clock.passed(deadline):
                return
            drawn = len(batches)
            if step < config.grown * config.steps:
                grown = int(len(batches) * (step / (config.grown * config.steps)))
                drawn = min(max(config.first, grown), len(batches))
            loss = -self(batches[int(order.integers(0, drawn))]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if progress is not None and step % 10 == 0:
                progress(f"step {step} of {config.steps}, loss {loss.item():.4f}")

    def discretise(self) -> StepTables:
        """The most probable value of each entry."""
        tables = {
            name: (getattr(self, name).detach() > 0).long() for name in ("order", "look", "count")
        }
        act = (self.act + self.possible).detach().argmax(-1)
        pasted = self.pasted.detach().clone()
        pasted[:, DROP] = -torch.inf
        tables |= {"act": act, "pasted": pasted.argmax(-1)}
        return StepTables(**{name: table.numpy() for name, table in tables.items()})

    def prove(self, specification: StepSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)


def _possible() -> np.ndarray:
    """(places, sights, actions), 0 where an action can be carried out and -inf where it cannot."""
    possible = np.full((len(PLACES), len(SIGHTS), len(ACTIONS)), -np.inf, dtype=np.float32)
    possible[:, :, [KEEP, DROP]] = 0
    possible[:, SEES_INDEX:, LOWER] = 0
    possible[BODY, SEES_INDEX:, RAISE] = 0
    possible[BODY, SEES_FREE:, PASTE] = 0
    return possible
