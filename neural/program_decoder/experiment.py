"""A decoder as an experiment of the house's loop: examples, schedule, and how it is judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from abduce.errors import InputError
from abduce.neural.program_decoder.batches import Examples, Prepared
from abduce.neural.program_decoder.config import DecoderConfig
from abduce.neural.program_decoder.encoder import Encoder
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.question import Vocabulary
from abduce.neural.program_decoder.splitting import crown
from abduce.neural.training.experiment import Experiment, Judge, ModuleConfig, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Makes the module of an experiment: the top of the encoder as it was pretrained, and a new
    decoder with weights of the seed."""

    encoder: Encoder
    vocabulary: Vocabulary

    def __call__(self, config: DecoderConfig, seed: int) -> ProgramDecoder:
        part = crown(self.encoder, config.frozen, config.encoder_layers)
        return ProgramDecoder(config, self.vocabulary, part, self.encoder.width, seed)


def decoder_experiment(
    name: str,
    about: str,
    examples: Sequence[Prepared],
    encoder: Encoder,
    vocabulary: Vocabulary,
    *,
    network: DecoderConfig,
    schedule: Schedule,
    score: Callable[[Any], float] | None = None,
    every: int = 100,
    patience: int = 10,
    given: Mapping[str, str] | None = None,
) -> Experiment:
    """The experiment that trains a decoder on examples.

    Args:
        score: the score of a module on examples kept apart; None to keep the last weights.
        every, patience: see `Judge`.
        given: the checksums of the examples.

    Raises:
        InputError: there is no example.
    """
    if not examples:
        raise InputError("no example to learn from", ("at least one",))
    judge = None if score is None else Judge(score=score, every=every, patience=patience)
    return Experiment(
        name=name,
        about=about,
        model=Making(encoder=encoder, vocabulary=vocabulary),
        batch=Examples(examples, len(vocabulary.actions)),
        config=ModuleConfig(schedule=schedule, network=network),
        judge=judge,
        given={"encoder": encoder.sha256, **(given or {})},
    )
