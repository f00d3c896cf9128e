"""Alignments of several pairs as tensors, padded to the longest.

Glossary of axes: `pairs`, `rows` (of all pairs together), `nodes` of a term, `result` nodes,
`countings` (four), `pastes` (of all rows together).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from abduce.neural.kernels.terms.alignments import COUNTINGS, ELSE, Alignments
from abduce.symbolic.programs.step_tables import SIGHTS


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The arrays of a batch of pairs, each of a term and the term after it.

    Attributes:
        kinds: the kinds of each node and of the one after it; `real`, whether there is such a node.
        visits: the four orders of looking.
        written: (pairs,), how many nodes each result has.
        pair, mark, argument: the pair, the mark and the argument nodes of each row.
        entry: the flat index in `act` of each node, under each counting.
        kept, lowered: whether an action writes just this node of the result; `raised`, under each
            counting.
        paste_at: (pastes,), row, node and start as one number.
        paste_case: counting, and whether abstractions of the argument count.
        paste_used: how many indices of each order allow each subset of actions.
    """

    kinds: Int[Tensor, "pairs nodes 2"]
    real: Bool[Tensor, "pairs nodes"]
    visits: Int[Tensor, "pairs 4 nodes"]
    written: Int[Tensor, " pairs"]
    pair: Int[Tensor, " rows"]
    mark: Int[Tensor, " rows"]
    argument: Int[Tensor, " rows"]
    entry: Int[Tensor, "rows nodes countings"]
    kept: Float[Tensor, "pairs nodes result"]
    lowered: Float[Tensor, "pairs nodes result"]
    raised: Float[Tensor, "countings rows nodes result"]
    paste_at: Int[Tensor, " pastes"]
    paste_entry: Int[Tensor, " pastes"]
    paste_case: Int[Tensor, "pastes 2"]
    paste_used: Float[Tensor, "pastes subsets"]


def batch_of(found: Sequence[Alignments]) -> Batch:
    """The batch of pairs that have a row each."""
    pairs, rows = len(found), [(b, row) for b, one in enumerate(found) for row in one.rows]
    nodes = max(len(one.kinds) for one in found)
    result = max(one.kept.shape[1] for one in found)
    kinds = np.zeros((pairs, nodes, 2), dtype=np.int64)
    real = np.zeros((pairs, nodes), dtype=bool)
    visits = np.tile(np.arange(nodes), (pairs, 4, 1))
    kept, moved = np.zeros((pairs, nodes, result)), np.full((pairs, nodes, result), ELSE)
    for b, one in enumerate(found):
        n, m = one.kept.shape
        kinds[b, :n], real[b, :n], visits[b, :, :n] = one.kinds, True, one.visits
        kept[b, :n, :m], moved[b, :n, :m] = one.kept, one.moved
    entry = np.zeros((len(rows), nodes, len(COUNTINGS)), dtype=np.int64)
    counters = np.full_like(entry, -1)
    for r, (_, row) in enumerate(rows):
        n = len(row.places)
        entry[r, :n] = row.places[:, None] * len(SIGHTS) + row.sights
        counters[r, :n] = row.counters
    owner = np.array([b for b, _ in rows])
    by = counters.transpose(2, 0, 1)[..., None]
    raised = (moved[owner] == by) & (by >= 0)
    pastes = [(r, paste) for r, (_, row) in enumerate(rows) for paste in row.pastes]
    at = [(r * nodes + paste.node) * (result + 1) + paste.start for r, paste in pastes]
    used = [paste.used for _, paste in pastes]
    return Batch(
        kinds=torch.from_numpy(kinds),
        real=torch.from_numpy(real),
        visits=torch.from_numpy(visits),
        written=torch.tensor([one.kept.shape[1] for one in found]),
        pair=torch.from_numpy(owner),
        mark=torch.tensor([row.mark for _, row in rows]),
        argument=torch.tensor([row.argument for _, row in rows]),
        entry=torch.from_numpy(entry),
        kept=torch.from_numpy(kept).float(),
        lowered=torch.from_numpy(moved == -1).float(),
        raised=torch.from_numpy(raised).float(),
        paste_at=torch.tensor(at, dtype=torch.int64),
        paste_entry=torch.tensor(
            [entry[r, paste.node, paste.counting] for r, paste in pastes], dtype=torch.int64
        ),
        paste_case=torch.tensor(
            [(paste.counting, paste.own) for _, paste in pastes], dtype=torch.int64
        ).reshape(-1, 2),
        paste_used=torch.from_numpy(np.reshape(used, (len(pastes), 24))).float(),
    )
