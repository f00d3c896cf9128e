"""The solver: a graph network writes a linear contraction for each head; a perceptron reads where
it ends.

    x_i = factor * mean over actions a of sigmoid(logit_ia) x_next(i, a)  +  bias_i

Whatever the network writes, each head is a contraction by `factor`, and has one fixed point.

Source: Park et al. 2022, Convergent graph solvers, section 4. Deviations: half the width, a quarter
of the batch; every state of a process has as many actions as the others.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from abduce.neural.modules.config import SolverConfig
from abduce.neural.modules.convergent.fixed_point import fixed_point
from abduce.neural.training.initial import initialise


class ConvergentSolver(nn.Module):
    """Values of the states of decision processes."""

    def __init__(self, config: SolverConfig, seed: int) -> None:
        super().__init__()
        self.config, self.scale = config, config.scale
        width, hidden, heads = config.width, config.hidden, config.heads
        self.edge = nn.Linear(1, width)
        self.node = nn.Embedding(1, width)
        self.messages = nn.ModuleList(_mlp(3 * width, hidden, width) for _ in range(config.layers))
        self.updates = nn.ModuleList(_mlp(3 * width, hidden, width) for _ in range(config.layers))
        self.logits = nn.Linear(width, heads)
        self.bias = nn.Linear(width, heads)
        self.read_out = _mlp(heads, hidden, 1)
        initialise(self, seed)

    def forward(
        self,
        following: Int[Tensor, "batch nodes actions"],
        rewards: Float[Tensor, "batch nodes actions"],
    ) -> Float[Tensor, "batch nodes"]:
        """The value of each state."""
        bias, weights = self.contraction(following, rewards)
        settled = fixed_point(
            lambda x: bias + (weights * reached(x, following)).sum(2),
            torch.zeros_like(bias),
            tolerance=self.config.tolerance,
            limit=self.config.limit,
        )
        return self.scale * self.read_out(settled).squeeze(-1)

    def contraction(
        self,
        following: Int[Tensor, "batch nodes actions"],
        rewards: Float[Tensor, "batch nodes actions"],
    ) -> tuple[Float[Tensor, "batch nodes heads"], Float[Tensor, "batch nodes actions heads"]]:
        """The contraction that the network writes: biases, and weights whose sums over actions are
        at most `factor`."""
        edges = self.edge(rewards.unsqueeze(-1))
        nodes = self.node.weight.expand(*following.shape[:2], -1)
        for message, update in zip(self.messages, self.updates, strict=True):
            own = nodes.unsqueeze(2).expand_as(edges)
            edges = edges + message(torch.cat((own, reached(nodes, following), edges), -1))
            nodes = nodes + update(torch.cat((nodes, edges.mean(2), edges.amax(2)), -1))
        weights = torch.sigmoid(self.logits(edges)) * self.config.factor / following.shape[2]
        return self.bias(nodes), weights

    def loss(
        self,
        following: Int[Tensor, "batch nodes actions"],
        rewards: Float[Tensor, "batch nodes actions"],
        values: Float[Tensor, "batch nodes"],
    ) -> Float[Tensor, ""]:
        """The mean of the squared errors, in units of the scale."""
        return mse_loss(self(following, rewards) / self.scale, values / self.scale)


def reached(
    x: Float[Tensor, "batch nodes width"], following: Int[Tensor, "batch nodes actions"]
) -> Float[Tensor, "batch nodes actions width"]:
    """The entry of the state that each action leads to."""
    places = following.flatten(1).unsqueeze(-1).expand(-1, -1, x.shape[-1])
    return torch.gather(x, 1, places).unflatten(1, following.shape[1:])


def _mlp(inputs: int, hidden: int, outputs: int) -> nn.Module:
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
