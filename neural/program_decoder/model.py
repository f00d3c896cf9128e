"""The network: the trained layers of the encoder, vectors of rows, and the decoder.

At each node it gives every choice a logit: the fixed rules, and the rows that rules point to. What
the grammar does not allow there has probability 0. The probability of a tree is the product of the
probabilities of its nodes.

Source: Yin and Neubig 2017, A syntactic neural model for general-purpose code generation (actions
of a grammar, top-down); Xie and Sun 2019, GTS (trees for word problems); Vinyals et al. 2015
(pointers).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.functional import dropout

from abduce.errors import InputError
from abduce.neural.program_decoder.attention import DecoderLayer
from abduce.neural.program_decoder.config import DecoderConfig
from abduce.neural.program_decoder.question import Vocabulary
from abduce.neural.program_decoder.splitting import states
from abduce.neural.program_decoder.steps import DEPTHS
from abduce.neural.training.initial import initialise


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Memory:
    """What the decoder looks at.

    Attributes:
        keys: [batch, keys, width], the tokens of the text, then the rows.
        seen: [batch, keys], false where there is padding.
        rows: [batch, rows, width].
    """

    keys: Tensor
    seen: Tensor
    rows: Tensor

    def repeated(self, times: int) -> "Memory":
        """The memory of one question, for several trees."""
        parts = (self.keys, self.seen, self.rows)
        keys, seen, rows = (part.expand(times, *part.shape[1:]) for part in parts)
        return Memory(keys=keys, seen=seen, rows=rows)


class Head(nn.Module):
    """What stands on the encoder: vectors of tokens, rows and actions, and the decoder's layers.

    Args:
        read: the width of the encoder's vectors.
    """

    def __init__(self, config: DecoderConfig, vocabulary: Vocabulary, read: int) -> None:
        super().__init__()
        width = config.width
        self.tokens = nn.Linear(read, width)
        self.token_norm = nn.LayerNorm(width)
        self.rows = nn.Linear(read, width)
        self.marks = nn.Linear(len(vocabulary.marks) + 1, width)
        self.row_norm = nn.LayerNorm(width)
        self.actions = nn.Embedding(len(vocabulary.actions) + 1, width)
        self.pointed = nn.Linear(width, width)
        self.before = nn.Linear(2 * width, width)
        self.places = nn.Embedding(DEPTHS, width)
        self.depths = nn.Embedding(DEPTHS, width)
        self.node_norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.layers))
        self.last_norm = nn.LayerNorm(width)
        self.action_keys = nn.Linear(width, width)
        self.row_keys = nn.Linear(width, width)


class ProgramDecoder(nn.Module):
    """The decoder, with the trained part of its encoder.

    Args:
        crown: the trained part of the encoder.
        read: the width of its vectors.
    """

    def __init__(
        self,
        config: DecoderConfig,
        vocabulary: Vocabulary,
        crown: nn.Module,
        read: int,
        seed: int,
    ) -> None:
        super().__init__()
        if config.width % config.heads:
            found = f"{config.heads} heads for a width of {config.width}"
            raise InputError(found, ("a divisor of it",))
        self.dropped, self.slower = config.dropped, config.slower
        with torch.random.fork_rng(devices=[]):  # first weights are drawn below
            head = Head(config, vocabulary, read)
        initialise(head, seed)
        self.head = head
        self.crown = crown

    def rates(self) -> list[dict[str, object]]:
        """Groups of parameters for the optimiser, each with its share of the learning rate."""
        return [
            {"params": list(self.head.parameters()), "share": 1.0},
            {"params": list(self.crown.parameters()), "share": self.slower},
        ]

    def memory(
        self,
        vectors: Float[Tensor, "batch time read"],
        seen: Bool[Tensor, "batch time"],
        rows: Int[Tensor, "batch rows 2"],
        marks: Float[Tensor, "batch rows marks"],
    ) -> Memory:
        """The text and its rows, as the decoder sees them.

        Args:
            vectors: what the frozen part of the encoder made of the tokens.
            rows: the first token of each row and the one after its last; both 0 for padding.
            marks: what is known of each row; the last one is 1 for every row.
        """
        found = states(self.crown, vectors, seen) * seen[..., None]
        head = self.head
        tokens = self._some(head.token_norm(head.tokens(found)))
        sums = torch.nn.functional.pad(found.cumsum(1), (0, 0, 1, 0))
        index = rows[..., None].expand(*rows.shape, found.shape[-1])
        first, last = (sums.gather(1, index[:, :, side]) for side in (0, 1))
        count = (rows[..., 1] - rows[..., 0]).clamp(min=1)
        pieces = (last - first) / count[..., None]
        vectors_of_rows = head.row_norm(head.rows(pieces) + head.marks(marks))
        known = rows[..., 1] > rows[..., 0]
        return Memory(
            keys=torch.cat([tokens, vectors_of_rows], 1),
            seen=torch.cat([seen, known], 1),
            rows=vectors_of_rows,
        )

    def logits(
        self,
        memory: Memory,
        choices: Int[Tensor, "batch steps"],
        nodes: Int[Tensor, "batch steps 3"],
        relations: Int[Tensor, "batch steps steps"],
    ) -> Float[Tensor, "batch steps choices"]:
        """The logit of every choice at every node.

        Args:
            choices: the choice of each node; the last one of a row is not looked at.
            nodes: the parent, the place and the depth of each.
            relations: what each earlier node is to a node.
        """
        head = self.head
        fixed = head.actions.weight
        batch, actions = len(choices), len(fixed) - 1
        pointed = head.pointed(memory.rows)
        table = torch.cat([fixed.expand(batch, -1, -1), pointed], 1)
        # The last embedding stands before the root; rows come after it in the table.
        where = torch.where(choices < actions, choices, choices + 1)
        start = torch.full_like(where[:, :1], actions)
        before = torch.cat([start, where[:, :-1]], 1)
        parents = torch.cat([start, where], 1).gather(1, nodes[..., 0] + 1)
        gathered = [
            table.gather(1, index[..., None].expand(-1, -1, table.shape[-1]))
            for index in (before, parents)
        ]
        x = head.before(torch.cat(gathered, -1))
        x = x + head.places(nodes[..., 1].clamp(max=DEPTHS - 1))
        x = self._some(head.node_norm(x + head.depths(nodes[..., 2].clamp(max=DEPTHS - 1))))
        for layer in head.layers:
            x = layer(x, memory.keys, memory.seen, relations)
        query = head.last_norm(x) * x.shape[-1] ** -0.5
        keys = torch.cat(
            [head.action_keys(fixed[:-1]).expand(batch, -1, -1), head.row_keys(memory.rows)],
            1,
        )
        return query @ keys.transpose(1, 2)

    def loss(
        self,
        vectors: Float[Tensor, "batch time read"],
        seen: Bool[Tensor, "batch time"],
        rows: Int[Tensor, "batch rows 2"],
        marks: Float[Tensor, "batch rows marks"],
        choices: Int[Tensor, "batch steps"],
        nodes: Int[Tensor, "batch steps 3"],
        relations: Int[Tensor, "batch steps steps"],
        allowed: Bool[Tensor, "batch steps choices"],
        taught: Bool[Tensor, "batch steps"],
        noise: Int[Tensor, ""],
    ) -> Float[Tensor, ""]:
        """The mean surprisal of the nodes of the trees.

        Args:
            allowed: the choices that the grammar allows.
            taught: false where there is padding.
            noise: the seed of dropout, so that a continued training is the same.
        """
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(noise))
            memory = self.memory(vectors, seen, rows, marks)
            logits = self.logits(memory, choices, nodes, relations)
        logits = logits.masked_fill(~allowed, float("-inf"))
        told = logits.log_softmax(-1).gather(-1, choices[..., None]).squeeze(-1)
        return -told[taught].mean()

    def _some(self, x: Tensor) -> Tensor:
        return dropout(x, self.dropped, self.training)
