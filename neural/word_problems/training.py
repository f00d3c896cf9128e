"""Training on texts with equations: the decoder, on the house's loop.

Source: Xie and Sun 2019, GTS (a tree, top-down); Tan et al. 2022 and Jie et al. 2022 (a pretrained
encoder below it).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from abduce.errors import InputError
from abduce.neural.program_decoder.batches import prepared
from abduce.neural.program_decoder.config import SearchConfig
from abduce.neural.program_decoder.dividing import divided
from abduce.neural.program_decoder.encoder import Encoder
from abduce.neural.program_decoder.experiment import decoder_experiment
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.reading import Read, read_all
from abduce.neural.program_decoder.splitting import stem
from abduce.neural.training.experiment import Experiment, Schedule
from abduce.neural.word_problems.answering import NAME, found_answers
from abduce.neural.word_problems.config import AnsweringConfig, WordProblemConfig
from abduce.neural.word_problems.examples import (
    TOLERANCE,
    Told,
    checksum,
    is_answer,
    known,
)
from abduce.neural.word_problems.problem import VOCABULARY, Problem, problem

GREEDY = AnsweringConfig(search=SearchConfig(beam=1, finished=1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """What a model is trained on.

    Attributes:
        learned: the number of problems that it learns from.
        apart: the number of problems that it is judged on as it learns.
        refused: why problems are not learned from, with their numbers.
    """

    experiment: Experiment
    learned: int
    apart: int
    refused: Counter[str]


def lesson(
    problems: Sequence[Told],
    encoder: Encoder,
    config: WordProblemConfig,
    *,
    seed: int = 0,
    device: str = "cpu",
    progress: Callable[[str], None] | None = None,
) -> Lesson:
    """The experiment that trains a model on problems.

    Args:
        seed: the random seed of the choice of problems that are kept apart.

    Raises:
        InputError: no problem can be learned from.
    """
    training = config.training
    first, apart = divided(problems, training.kept_apart, seed)
    some, refused = known(first, config.shown)
    if not some:
        told = "; ".join(f"{reason} ({count})" for reason, count in refused.most_common(3))
        raise InputError(f"no problem to learn from: {told or 'there is none'}")
    low = stem(encoder, config.network.frozen)
    questions = [each.problem.question for each in some]
    reads = read_all(questions, encoder, low, device=device, progress=progress)
    ready = [
        prepared(each.example, read, VOCABULARY) for each, read in zip(some, reads, strict=True)
    ]
    steps = max(1, ceil(training.passes * len(ready) / training.batch))
    experiment = decoder_experiment(
        NAME,
        "word problems",
        ready,
        encoder,
        VOCABULARY,
        network=config.network,
        schedule=Schedule(
            steps=steps,
            batch=training.batch,
            rate=training.rate,
            warm_up=min(training.warm_up, steps // 2),
        ),
        score=Judged(apart, encoder, low, config.shown, device),
        every=max(1, ceil(steps / training.judged)),
        patience=training.patience,
        given={
            "examples": checksum(problems),
            "shown": config.shown,
            "judged": f"{training.judged}, {training.patience}, {training.kept_apart}, {seed}",
        },
    )
    return Lesson(experiment=experiment, learned=len(ready), apart=len(apart), refused=refused)


class Judged:
    """The share of problems with the right value, answered greedily. A problem that cannot be
    read counts as wrong."""

    def __init__(
        self,
        problems: Sequence[Told],
        encoder: Encoder,
        low: Any,
        shown: str,
        device: str = "cpu",
    ) -> None:
        self.total = len(problems)
        self.posed: list[tuple[Told, Problem]] = []
        for told in problems:
            try:
                self.posed.append((told, problem(told.text, shown)))
            except InputError:
                continue
        questions = [posed.question for _, posed in self.posed]
        self.reads: list[Read] = read_all(questions, encoder, low, device=device)

    def __call__(self, model: ProgramDecoder) -> float:
        return self.right(model, GREEDY) / max(1, self.total)

    def right(self, model: ProgramDecoder, config: AnsweringConfig) -> int:
        """The number of problems with the right value."""
        return sum(self.verdicts(model, config))

    def verdicts(
        self, model: ProgramDecoder, config: AnsweringConfig, tolerance: Any = TOLERANCE
    ) -> list[bool]:
        """For each problem that can be read, whether its value is right."""
        found: list[bool] = []
        for (told, posed), read in zip(self.posed, self.reads, strict=True):
            best = found_answers(model, posed, read, config)[:1]
            found.append(any(is_answer(a.value, told.answer, tolerance) for a in best))
        return found
