"""The bracket kernel: the table of a stack machine, learned through a soft stack.

The stack is a distribution over symbols at each depth; pushing and popping move it down and up by
as much as they are likely. What the table does with a symbol, given the top, is learned from
whether words are broken, open or balanced. Given, and not learned: that there is a stack, that
pushing writes the symbol that was read, and that a word is balanced where the stack is empty.

Source: Joulin and Mikolov 2015, Inferring algorithmic patterns with stack-augmented recurrent nets.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from abduce.neural.kernels.config import BracketsConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.streams.annealing import anneal
from abduce.neural.kernels.words.bracket_words import BracketExamples
from abduce.symbolic.programs.definitions.brackets import EMPTY, KINDS, POP, PUSH
from abduce.symbolic.programs.table import Table, TableSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class BracketKernel(torch.nn.Module):
    """The logits of push, pop and break, (tops, symbols, 3)."""

    def __init__(self, config: BracketsConfig, seed: int) -> None:
        super().__init__()
        self.config, self.seed = config, seed
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.randn(2 * KINDS + 1, 2 * KINDS, 3, generator=generator)
        self.actions = torch.nn.Parameter(config.spread * drawn)

    def forward(
        self, words: Int[Tensor, "words length"], sharpness: float = 1.0
    ) -> Float[Tensor, "words length 3"]:
        """How likely each beginning is broken, open or balanced."""
        actions = torch.softmax(sharpness * self.actions, -1).transpose(0, 1)
        symbols = torch.eye(2 * KINDS + 1)
        bottom = symbols[EMPTY].expand(len(words), 1, -1)
        stack = bottom.expand(-1, words.shape[1] + 1, -1)
        alive = torch.ones(len(words))
        found: list[Tensor] = []
        for read in words.unbind(1):
            likely = torch.bmm(stack[:, :1], actions[read]).squeeze(1)
            going_on = likely[:, PUSH] + likely[:, POP]
            alive = alive * going_on
            push = (likely[:, PUSH] / (going_on + 1e-6)).reshape(-1, 1, 1)
            pushed = torch.cat([symbols[read + 1].unsqueeze(1), stack[:, :-1]], 1)
            popped = torch.cat([stack[:, 1:], bottom], 1)
            stack = push * pushed + (1 - push) * popped
            empty = stack[:, 0, EMPTY]
            found.append(torch.stack([1 - alive, alive * (1 - empty), alive * empty], 1))
        return torch.stack(found, 1)

    def fit(
        self,
        examples: BracketExamples,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from words and labels; words are as long as the training is far."""
        words, labels = torch.from_numpy(examples.words), torch.from_numpy(examples.labels)

        def loss(chosen: Tensor, length: int, sharpness: float) -> Tensor:
            found = self(words[chosen, :length], sharpness)
            right = found.gather(2, labels[chosen, :length].unsqueeze(2))
            return -torch.log(right + 1e-6).sum() / len(chosen)

        anneal(
            self,
            loss,
            config=self.config.annealing,
            words=len(words),
            longest=words.shape[1],
            seed=self.seed,
            deadline=deadline,
            progress=progress,
        )

    def discretise(self) -> Table:
        """The most probable action for each top of the stack and symbol."""
        return Table(self.actions.detach().argmax(-1).numpy())

    def prove(self, specification: TableSpecification, *, deadline: float | None = None) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)
