"""Stream kernels: a soft automaton that is annealed until it is a hard one.

The state is a distribution over a few states, transitions and outputs are softmaxes of free
numbers. Their temperature falls while training goes on, so that what is learned comes to be near
what `discretise` makes of it; training through hard choices from the start (straight-through) fails
far more often. Words grow with training, from one symbol to all.

Source: Giles et al. 1992, Learning and extracting finite state automata with second-order recurrent
networks, for the idea; tables instead of a network, and the annealing, are ours.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from abduce.neural.kernels.config import StreamConfig
from abduce.neural.kernels.kernel import Progress
from abduce.neural.kernels.streams.annealing import anneal
from abduce.neural.kernels.streams.examples import StreamExamples
from abduce.symbolic.programs.mealy import Mealy
from abduce.symbolic.programs.streams import StreamSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Verdict


class StreamKernel(torch.nn.Module):
    """A Mealy machine whose tables are learned."""

    def __init__(self, config: StreamConfig, symbols: int, outputs: int, seed: int) -> None:
        super().__init__()
        self.config, self.seed, states = config, seed, config.states
        generator = torch.Generator().manual_seed(seed)
        self.next = torch.nn.Parameter(torch.randn(states, symbols, states, generator=generator))
        self.output = torch.nn.Parameter(torch.randn(states, symbols, outputs, generator=generator))

    def forward(
        self, words: Int[Tensor, "words length"], sharpness: float = 1.0
    ) -> Float[Tensor, "words length outputs"]:
        """The probability of each output after each symbol."""
        after = torch.softmax(sharpness * self.next, -1).transpose(0, 1)
        written = torch.softmax(sharpness * self.output, -1).transpose(0, 1)
        state = torch.zeros(len(words), after.shape[1])
        state[:, 0] = 1.0
        found: list[Tensor] = []
        for symbols in words.unbind(1):
            here = state.unsqueeze(1)
            found.append(torch.bmm(here, written[symbols]).squeeze(1))
            state = torch.bmm(here, after[symbols]).squeeze(1)
        return torch.stack(found, 1)

    def fit(
        self,
        examples: StreamExamples,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Learn from words and labels; words are as long as the training is far."""
        words, labels = torch.from_numpy(examples.words), torch.from_numpy(examples.labels)
        known = None if examples.known is None else torch.from_numpy(examples.known)

        def loss(chosen: Tensor, length: int, sharpness: float) -> Tensor:
            found = self(words[chosen, :length], sharpness)
            wanted = labels[chosen, :length]
            if examples.last_only:
                found, wanted = found[:, -1:], wanted[:, -1:]
            right = found.gather(2, wanted.unsqueeze(2)).squeeze(2)
            surprise = -torch.log(right + 1e-6)
            if known is not None:
                surprise = surprise * known[chosen, :length]
            return surprise.sum() / len(chosen)

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

    def discretise(self) -> Mealy:
        """The automaton of the likeliest transitions and outputs, as small as it can be."""
        after, written = self.next.detach().argmax(-1), self.output.detach().argmax(-1)
        return Mealy(after.numpy(), written.numpy()).minimal()

    def prove(
        self, specification: StreamSpecification, *, deadline: float | None = None
    ) -> Verdict:
        return prove(self.discretise(), specification, deadline=deadline)
