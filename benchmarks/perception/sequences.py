"""Sequence networks beside us: images in, the digits of the value out, nothing exact between.

Each crop is seen by the same convolutions as ours. What they give goes through an encoder and a
decoder, which writes the value digit by digit: two layers of LSTM with attention, or a small T5.
All is trained together from images and values, by cross-entropy of the digits.

Source: Li et al. 2023, HINT (its baselines: a network for images, then LSTM or Transformer);
Bahdanau et al. 2015 (attention); Raffel et al. 2020, T5 (relative positions).
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from abduce import clock
from abduce.benchmarks.perception.composing import ImageMaterial
from abduce.neural.perception.config import Distortions, SeeingConfig
from abduce.neural.perception.distorting import distorted
from abduce.neural.perception.network import Seeing
from abduce.neural.perception.rows import ImageRow, batches

BEGIN: Final = 10
END: Final = 11
WORDS: Final = 12
"""Ten digits, then these two."""
IGNORED: Final = -100
"""The target of a place after the end, which teaches nothing."""
TOGETHER: Final = 128
"""The number of sentences, or of images, that are answered together."""
Kind = Literal["lstm", "transformer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceConfig:
    """A sequence network and its training.

    Attributes:
        width: the units of each direction of the LSTM, and the width of the Transformer.
        layers: the number of layers of the encoder; the decoder has as many.
        heads: the number of attention heads of the Transformer.
        inner: the width inside the Transformer's blocks.
        dropped: the share of units that are left out, between layers, in each training step.
        images: the number of images seen in training; each is distorted anew every time.
        batch: the approximate number of images in a step.
        rate: the highest learning rate of AdamW; it falls to nothing along half a cosine.
    """

    kind: Kind
    width: int = 128
    layers: int = 2
    heads: int = 8
    inner: int = 512
    dropped: float = 0.1
    images: int = 2_000_000
    batch: int = 512
    rate: float = 1e-3
    decay: float = 0.01


class _Network(nn.Module, ABC):
    """Images of sentences to logits of the next digit."""

    def __init__(self, config: SequenceConfig, seeing: SeeingConfig, seed: int) -> None:
        super().__init__()
        self.sees = Seeing(seeing, 1, seed).layers
        self.narrow = nn.Linear(seeing.hidden, config.width)

    def looked(self, shown: Tensor, lengths: Sequence[int]) -> Float[Tensor, "batch places width"]:
        """What is seen of the images of each sentence, padded with zeros."""
        return _padded(self.each(shown), lengths)

    def each(self, shown: Tensor) -> Float[Tensor, "images width"]:
        """What is seen of each image."""
        return self.narrow(self.sees(shown))

    @abstractmethod
    def forward(
        self,
        looked: Float[Tensor, "batch places width"],
        lengths: Int[Tensor, " batch"],
        written: Int[Tensor, "batch digits"],
    ) -> Float[Tensor, "batch digits words"]:
        """Logits of the digit after each place of `written`, which starts with `BEGIN`."""


class SequenceLSTM(_Network):
    """Two directions read; one direction writes, and attends to what was read."""

    def __init__(self, config: SequenceConfig, seeing: SeeingConfig, seed: int) -> None:
        super().__init__(config, seeing, seed)
        width, both = config.width, 2 * config.width
        dropped = config.dropped if config.layers > 1 else 0.0  # between layers
        self.reader = nn.LSTM(
            width,
            width,
            config.layers,
            batch_first=True,
            bidirectional=True,
            dropout=dropped,
        )
        self.digits = nn.Embedding(WORDS, both)
        self.writer = nn.LSTM(both, both, config.layers, batch_first=True, dropout=dropped)
        self.read_out = nn.Sequential(nn.Linear(2 * both, both), nn.Tanh(), nn.Linear(both, WORDS))

    def forward(
        self,
        looked: Float[Tensor, "batch places width"],
        lengths: Int[Tensor, " batch"],
        written: Int[Tensor, "batch digits"],
    ) -> Float[Tensor, "batch digits words"]:
        packed = nn.utils.rnn.pack_padded_sequence(
            looked, lengths, batch_first=True, enforce_sorted=False
        )
        states, (last, _) = self.reader(packed)
        memory, _ = nn.utils.rnn.pad_packed_sequence(states, batch_first=True)
        layers = self.writer.num_layers
        joined = (
            last.view(layers, 2, len(looked), -1).transpose(1, 2).reshape(layers, len(looked), -1)
        )
        out, _ = self.writer(self.digits(written), (joined, torch.zeros_like(joined)))
        scores = out @ memory.transpose(1, 2) / math.sqrt(memory.shape[2])
        beyond = torch.arange(memory.shape[1]) >= lengths[:, None]
        weights = scores.masked_fill(beyond[:, None], -math.inf).softmax(2)
        return self.read_out(torch.cat([out, weights @ memory], 2))


class SequenceTransformer(_Network):
    """A T5 of random weights whose reader is given what is seen."""

    def __init__(self, config: SequenceConfig, seeing: SeeingConfig, seed: int) -> None:
        from transformers import T5Config, T5ForConditionalGeneration

        super().__init__(config, seeing, seed)
        self.blocks = T5ForConditionalGeneration(
            T5Config(
                vocab_size=WORDS,
                d_model=config.width,
                d_kv=config.width // config.heads,
                d_ff=config.inner,
                num_layers=config.layers,
                num_heads=config.heads,
                dropout_rate=config.dropped,
                pad_token_id=BEGIN,
                eos_token_id=END,
                use_cache=False,
            )
        )

    def forward(
        self,
        looked: Float[Tensor, "batch places width"],
        lengths: Int[Tensor, " batch"],
        written: Int[Tensor, "batch digits"],
    ) -> Float[Tensor, "batch digits words"]:
        known = (torch.arange(looked.shape[1]) < lengths[:, None]).long()
        return self.blocks(
            inputs_embeds=looked, attention_mask=known, decoder_input_ids=written
        ).logits


NETWORKS: Final[Mapping[Kind, type[_Network]]] = {
    "lstm": SequenceLSTM,
    "transformer": SequenceTransformer,
}


@dataclass(frozen=True, slots=True)
class SequenceResult:
    """Answers by subset, the images seen, and whether the training came to its end."""

    accuracy: Mapping[str, float]
    images: int
    complete: bool
    train_s: float
    test_s: float


def learn_sequences(
    material: ImageMaterial,
    config: SequenceConfig,
    limit_s: float,
    *,
    seed: int = 0,
    seeing: SeeingConfig | None = None,
    distortions: Distortions | None = None,
) -> SequenceResult:
    """Train on the rows of a material, and answer its test.

    Args:
        limit_s: the upper limit on the CPU seconds of training.
    """
    distortions = distortions or Distortions()
    began = clock.cpu_s()
    with torch.random.fork_rng(devices=[]):  # first weights and dropout draw from the global one
        torch.manual_seed(seed)
        network = NETWORKS[config.kind](config, seeing or SeeingConfig(), seed)
        optimiser = torch.optim.AdamW(network.parameters(), config.rate, weight_decay=config.decay)
        order = np.random.default_rng((seed, 5))
        random = torch.Generator().manual_seed(seed)
        inks = torch.from_numpy(material.images).unsqueeze(1)
        done = 0
        complete = True
        network.train()
        while done < config.images and complete:
            for batch in batches(material.train, config.batch, order):
                if clock.cpu_s() - began > limit_s:
                    complete = False
                    break
                for group in optimiser.param_groups:
                    group["lr"] = config.rate * _pace(done / config.images)
                numbers = np.concatenate([row.images for row in batch])
                shown = distorted(inks[numbers].float() / 255, distortions, random)
                optimiser.zero_grad()
                _loss(network, shown, batch).backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                done += len(numbers)
                if done >= config.images:
                    break
    trained = clock.cpu_s()
    network.eval()
    longest = max(len(str(row.value)) for part in material.test.values() for row in part) + 1
    with torch.no_grad():
        some = inks[material.unseen].split(TOGETHER)
        looked = torch.zeros(len(inks), config.width)
        looked[material.unseen] = torch.cat([network.each(each.float() / 255) for each in some])
        accuracy = {
            name: _accuracy(network, looked, part, longest) for name, part in material.test.items()
        }
    return SequenceResult(
        accuracy=accuracy,
        images=done,
        complete=complete,
        train_s=round(trained - began, 3),
        test_s=round(clock.cpu_s() - trained, 3),
    )


def _pace(share: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))


def _digits(value: int) -> list[int]:
    return [*map(int, str(value)), END]


def _loss(network: _Network, shown: Tensor, rows: Sequence[ImageRow]) -> Tensor:
    lengths = [len(row.images) for row in rows]
    wanted = [torch.tensor(_digits(row.value)) for row in rows]
    target = nn.utils.rnn.pad_sequence(wanted, batch_first=True, padding_value=IGNORED)
    begin = torch.full((len(rows), 1), BEGIN)
    written = torch.cat([begin, target[:, :-1].clamp(min=0)], 1)
    logits = network(network.looked(shown, lengths), torch.tensor(lengths), written)
    return cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=IGNORED)


def _padded(each: Tensor, lengths: Sequence[int]) -> Float[Tensor, "batch places width"]:
    return nn.utils.rnn.pad_sequence(list(each.split(list(lengths))), batch_first=True)


def _accuracy(network: _Network, each: Tensor, rows: Sequence[ImageRow], longest: int) -> float:
    """The share of rows whose digits are written exactly, by the likeliest digit each time.

    Args:
        each: [images, width], what is seen of each image of the test.
    """
    right = 0
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        lengths = torch.tensor([len(row.images) for row in some])
        looked = _padded(each[np.concatenate([row.images for row in some])], lengths.tolist())
        written = torch.full((len(some), 1), BEGIN)
        for _ in range(longest):
            logits = network(looked, lengths, written)
            written = torch.cat([written, logits[:, -1:].argmax(2)], 1)
        for row, digits in zip(some, written[:, 1:].tolist(), strict=True):
            said = digits[: digits.index(END) + 1] if END in digits else digits
            right += said == _digits(row.value)
    return right / len(rows)
