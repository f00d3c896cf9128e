"""The baseline: a small Transformer that reads the tokens of a term and writes those of the next.

Nothing is proved of it, and nothing is known of lambda terms in it: it is here to be measured. It
is the encoder-decoder of the `transformers` library with relative positions, trained on as many
terms of the training split as there is time for.

Source: Raffel et al. 2020, Exploring the limits of transfer learning (T5), for the model; Flach,
Moreira and Lamb 2023, Towards a Neural Lambda Calculus, for the task, with a model of 176 million
weights and learned positions. Deviation: at most 5 million weights.
"""

import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from abduce.errors import InputError, UnsupportedError
from abduce.files import write_whole
from abduce.neural.kernels.files import ADVICE
from abduce.neural.kernels.kernel import Progress
from abduce.neural.lambda_reducer.pairs import FREE, endless
from abduce.symbolic.lambda_calculus import Term, tokens

NAME = "lambda-transformer"
PAD, END, OTHER = range(3)
INDICES = 60
"""Larger indices share a token."""
WORDS = ("<pad>", "<end>", "<other>", "@", "l", *FREE, *map(str, range(INDICES)))
NUMBERS = {word: number for number, word in enumerate(WORDS)}
MOMENTS = ("step", "exp_avg", "exp_avg_sq")
SAVED = 250
"""So many steps between two files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerConfig:
    """Of model and training.

    Attributes:
        width, heads, inner, layers: of encoder and decoder alike.
        steps: of the optimiser, whose rate rises for 200 steps and then falls to nothing.
        batch: pairs a step.
    """

    width: int = 128
    heads: int = 4
    inner: int = 256
    layers: int = 2
    steps: int = 2500
    batch: int = 32
    rate: float = 1e-3
    seed: int = 0


class Baseline:
    """A model, how far it is trained, and its files."""

    def __init__(self, config: TransformerConfig) -> None:
        from transformers import T5Config, T5ForConditionalGeneration

        self.config, self.step, self.cpu_s, self.loss = config, 0, 0.0, 0.0
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.model: Any = T5ForConditionalGeneration(
                T5Config(
                    vocab_size=len(WORDS),
                    d_model=config.width,
                    d_kv=config.width // config.heads,
                    d_ff=config.inner,
                    num_layers=config.layers,
                    num_heads=config.heads,
                    dropout_rate=0.0,
                    feed_forward_proj="relu",
                    pad_token_id=PAD,
                    eos_token_id=END,
                )
            )
            self.model.config.decoder_start_token_id = PAD
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=config.rate)

    @property
    def told(self) -> str:
        """One line for a person."""
        config = self.config
        return (
            f"{NAME}: step {self.step:,} of {config.steps:,}, {self.parameters:,} parameters, "
            f"{self.step * config.batch:,} examples, {self.cpu_s:.0f} CPU s; nothing is proved"
        )

    def as_json(self) -> dict[str, Any]:
        """What --json promises of it."""
        return {
            "baseline": NAME,
            "step": self.step,
            "steps": self.config.steps,
            "parameters": self.parameters,
            "examples": self.step * self.config.batch,
            "loss": round(self.loss, 4),
            "cpu_s": self.cpu_s,
        }

    @property
    def parameters(self) -> int:
        return sum(weights.numel() for weights in self.model.parameters())

    def train(
        self,
        folder: Path | None,
        *,
        deadline: float | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Go on until all steps are done or the time is up; files are kept on the way.

        Args:
            folder: where they are kept; None for nowhere.
        """
        config = self.config
        started, before = time.process_time(), self.cpu_s
        drawn = endless(random.Random(f"{config.seed} {self.step}"))
        self.model.train()
        while self.step < config.steps and (deadline is None or time.monotonic() < deadline):
            rate = config.rate * min((self.step + 1) / 200, 1 - self.step / config.steps)
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            terms, following = zip(*(next(drawn) for _ in range(config.batch)), strict=True)
            loss = self._loss(encoded(terms), encoded(following))
            self.optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimiser.step()
            self.step += 1
            self.loss = loss.item()
            self.cpu_s = round(before + time.process_time() - started, 1)
            if progress is not None and self.step % 10 == 0:
                progress(f"{NAME}: step {self.step} of {config.steps}, loss {self.loss:.4f}")
            if folder is not None and self.step % SAVED == 0:
                self.save(folder)
        if folder is not None:
            self.save(folder)

    def right(self, before: Sequence[Term], after: Sequence[Term]) -> list[bool]:
        """Of each term whether the greedy answer is the expected one, token by token.

        It is, if each token is the likeliest after the expected ones before it.
        """
        self.model.eval()
        wanted = encoded(after)
        with torch.no_grad():
            given = encoded(before)
            logits = self.model(
                input_ids=given, attention_mask=(given != PAD).long(), labels=wanted
            ).logits
        same = (logits.argmax(-1) == wanted) | (wanted == PAD)
        known = ~((wanted == OTHER).any(1))
        return (same.all(1) & known).tolist()

    def _loss(
        self, before: Int[Tensor, "terms length"], after: Int[Tensor, "terms size"]
    ) -> Tensor:
        labels = after.masked_fill(after == PAD, -100)
        mask = (before != PAD).long()
        return self.model(input_ids=before, attention_mask=mask, labels=labels).loss

    def save(self, folder: Path) -> None:
        """Weights and the optimiser's moments as NAME.safetensors, the rest as NAME.json."""
        from safetensors.torch import save

        arrays = {}
        for name, weights in self.model.named_parameters():
            arrays[f"weights.{name}"] = weights.detach().contiguous()
            for moment, value in self.optimiser.state[weights].items():
                arrays[f"{moment}.{name}"] = torch.as_tensor(value).contiguous()
        text = {
            "config": asdict(self.config),
            "step": self.step,
            "cpu_s": self.cpu_s,
            "loss": self.loss,
        }
        write_whole(folder / f"{NAME}.safetensors", save(arrays))
        write_whole(folder / f"{NAME}.json", (json.dumps(text, indent=1) + "\n").encode())

    @classmethod
    def load(cls, folder: Path) -> "Baseline":
        """As it was kept; it can be trained further.

        Raises:
            InputError: there is none, or it is damaged.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load

        described = folder / f"{NAME}.json"
        advice = "Train it: abduce train lambda --method transformer"
        try:
            text = json.loads(described.read_bytes())
            arrays = load((folder / f"{NAME}.safetensors").read_bytes())
            found = cls(TransformerConfig(**text["config"]))
            found.step, found.cpu_s, found.loss = text["step"], text["cpu_s"], text["loss"]
            with torch.no_grad():
                for name, weights in found.model.named_parameters():
                    weights.copy_(arrays[f"weights.{name}"])
                    if found.step:
                        found.optimiser.state[weights] = {
                            moment: arrays[f"{moment}.{name}"] for moment in MOMENTS
                        }
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise InputError(str(error), ("a kept baseline",), described, advice=advice) from error
        return found


def kept_or_new(config: TransformerConfig, folder: Path, *, resume: bool) -> Baseline:
    """The baseline of a folder, to be trained further, or a new one.

    Args:
        resume: False for a new one, whatever is kept.

    Raises:
        InputError: what is kept has another configuration, or is damaged.
        UnsupportedError: the library is not installed.
    """
    if find_spec("transformers") is None:
        raise UnsupportedError("the baseline", ("a Python without transformers",), ADVICE)
    if not (resume and (folder / f"{NAME}.json").is_file()):
        return Baseline(config)
    found = Baseline.load(folder)
    if found.config != config:
        raise InputError(
            f"a baseline with {found.config}",
            (str(config),),
            folder,
            advice="Take another folder, or remove it.",
        )
    return found


def encoded(terms: Sequence[Term]) -> Int[Tensor, "terms length"]:
    """The tokens of terms as numbers, ended and padded."""
    rows = [[*(NUMBERS.get(word, OTHER) for word in tokens(term)), END] for term in terms]
    found = np.full((len(rows), max(map(len, rows))), PAD)
    for row, numbers in zip(found, rows, strict=True):
        row[: len(numbers)] = numbers
    return torch.from_numpy(found)
