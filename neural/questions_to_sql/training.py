"""Training on questions with gold queries: the decoder, on the house's loop.

Source: Guo et al. 2019, IRNet, and Wang et al. 2020, RAT-SQL (a tree, top-down, over a schema).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import torch

from abduce.errors import InputError
from abduce.grammars.sql.items import Value
from abduce.neural.program_decoder.batches import Prepared, batch_of, prepared
from abduce.neural.program_decoder.dividing import divided
from abduce.neural.program_decoder.encoder import Encoder
from abduce.neural.program_decoder.experiment import decoder_experiment
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.reading import read_all, tokens_of
from abduce.neural.program_decoder.splitting import stem
from abduce.neural.questions_to_sql.config import SqlConfig
from abduce.neural.questions_to_sql.examples import (
    NO_DATABASE,
    Golden,
    Known,
    Place,
    Told,
    checksum,
    constants_of,
    few,
    goldens,
    learned,
    missing,
    readable,
)
from abduce.neural.questions_to_sql.vocabulary import VOCABULARY
from abduce.neural.training.experiment import Experiment, Schedule
from abduce.neural.training.loop import tensors

NAME: Final = "sql"
"""The name of the decoder, and of its files."""
TOO_LONG: Final = "The question and its tables are too long for the encoder."
TOGETHER: Final = 32
"""The number of examples that are judged at once."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """What a model is trained on.

    Attributes:
        learned: the number of questions that it learns from.
        apart: the number of questions that it is judged on as it learns.
        databases: the names of the databases that it learns from.
        constants: the values that any query may name.
        refused: why questions are not learned from, with their numbers.
    """

    experiment: Experiment
    learned: int
    apart: int
    databases: tuple[str, ...]
    constants: tuple[Value, ...]
    refused: Counter[str]


def lesson(
    questions: Sequence[Told],
    places: Mapping[str, Place],
    encoder: Encoder,
    config: SqlConfig,
    *,
    seed: int = 0,
    device: str = "cpu",
    progress: Tell | None = None,
) -> Lesson:
    """The experiment that trains a model on questions.

    Args:
        places: the databases, by their names.
        seed: the random seed of the choice of questions that are kept apart.

    Raises:
        InputError: no question can be learned from.
    """
    training = config.training
    first, kept_apart = divided(questions, training.kept_apart, seed)
    apart = few(kept_apart, training.judged_on)
    reasons: Counter[str] = Counter()
    reading = _Reading(encoder, stem(encoder, config.network.frozen), device, progress)
    some, constants = _prepared(first, places, training.constant, reading, reasons)
    if not some:
        told = "; ".join(f"{reason} ({count})" for reason, count in reasons.most_common(3))
        raise InputError(f"no question to learn from: {told or 'there is none'}")
    others, _ = _prepared(apart, places, constants, reading, Counter())
    steps = max(1, ceil(training.passes * len(some) / training.batch))
    experiment = decoder_experiment(
        NAME,
        "questions to SQL",
        some,
        encoder,
        VOCABULARY,
        network=config.network,
        schedule=Schedule(
            steps=steps,
            batch=training.batch,
            rate=training.rate,
            warm_up=min(training.warm_up, steps // 2),
        ),
        score=Judged(others, len(apart)),
        every=max(1, ceil(steps / training.judged)),
        patience=training.patience,
        given={
            "examples": checksum(questions),
            "judged": f"{training.judged}, {training.patience}, {training.kept_apart}, "
            f"{training.judged_on}, {seed}",
            "constants": repr(constants),
        },
    )
    return Lesson(
        experiment=experiment,
        learned=len(some),
        apart=len(apart),
        databases=tuple(dict.fromkeys(told.database for told in first)),
        constants=constants,
        refused=reasons,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """How texts are read."""

    encoder: Encoder
    low: torch.nn.Module
    device: str
    progress: Tell | None

    def ready(self, some: Sequence[Known], reasons: Counter[str]) -> list[Prepared]:
        """Questions of one database, read and with the steps to their trees."""
        short: list[Known] = []
        for known in some:
            try:
                tokens_of(known.posed.question, self.encoder)
            except InputError:
                reasons[TOO_LONG] += 1
                continue
            short.append(known)
        questions = [known.posed.question for known in short]
        reads = read_all(questions, self.encoder, self.low, device=self.device)
        return [
            prepared(known.example, read, VOCABULARY)
            for known, read in zip(short, reads, strict=True)
        ]


def _prepared(
    questions: Sequence[Told],
    places: Mapping[str, Place],
    constants: int | tuple[Value, ...],
    reading: _Reading,
    reasons: Counter[str],
) -> tuple[list[Prepared], tuple[Value, ...]]:
    """The examples of questions, one database after the other, and the constants.

    Args:
        constants: these, or the least number of questions that make a value one.
    """
    names = dict.fromkeys(told.database for told in questions)
    looked = {name: readable(places, name) for name in names}
    golden: dict[str, list[Golden]] = {}
    missed: Counter[Value] = Counter()
    for name, known in looked.items():
        some = [told for told in questions if told.database == name]
        if known is None:
            reasons[NO_DATABASE] += len(some)
            continue
        golden[name] = goldens(some, known, reasons)
        if isinstance(constants, int):
            for each in golden[name]:
                missed.update(missing(each, known))
    kept = constants_of(missed, constants) if isinstance(constants, int) else constants
    found: list[Prepared] = []
    for name, some in golden.items():
        known = looked[name]
        assert known is not None
        found += reading.ready(learned(some, known, kept, reasons), reasons)
        if reading.progress is not None:
            reading.progress(f"reading: {len(found):,} of {len(questions):,} questions")
    return found, kept


class Judged:
    """The share of questions for which the likeliest choice at each node makes gold's tree. That
    is what a greedy search finds. A question that cannot be read counts as wrong."""

    def __init__(self, examples: Sequence[Prepared], total: int) -> None:
        self.examples = sorted(examples, key=lambda each: len(each.read.vectors))
        self.total = total

    def __call__(self, model: ProgramDecoder) -> float:
        return self.right(model) / max(1, self.total)

    def right(self, model: ProgramDecoder) -> int:
        """The number of questions with gold's tree."""
        found = 0
        device = next(model.parameters()).device
        for start in range(0, len(self.examples), TOGETHER):
            some = self.examples[start : start + TOGETHER]
            batch = tensors(batch_of(some, len(VOCABULARY.actions), 0), device)
            found += int(_right(model, batch).sum())
        return found


def _right(model: ProgramDecoder, batch: Mapping[str, Any]) -> torch.Tensor:
    names = ("vectors", "seen", "rows", "marks")
    memory = model.memory(**{name: batch[name] for name in names})
    logits = model.logits(memory, batch["choices"], batch["nodes"], batch["relations"])
    best = logits.masked_fill(~batch["allowed"], float("-inf")).argmax(-1)
    return ((best == batch["choices"]) | ~batch["taught"]).all(1)
