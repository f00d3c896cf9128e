"""Examples as arrays: texts of similar length together, padded to the longest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from abduce.errors import InputError
from abduce.neural.program_decoder.question import Example, Question, Vocabulary
from abduce.neural.program_decoder.reading import Read
from abduce.neural.program_decoder.steps import Answered, answered
from abduce.neural.training.experiment import Batch

NEAR: Final = 4
"""A batch is drawn from that many times its size of examples of similar length."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A question that was read, with the steps to its answer.

    Attributes:
        marks: [rows, marks + 1], what is known of each row; the last column is 1.
    """

    read: Read
    marks: np.ndarray
    answer: Answered


def marks_of(question: Question, vocabulary: Vocabulary) -> np.ndarray:
    """[rows, marks + 1]: 1 where a row has a mark, and in the last column.

    Raises:
        InputError: a mark is not in the vocabulary.
    """
    found = np.zeros((len(question.rows), len(vocabulary.marks) + 1), np.float32)
    found[:, -1] = 1.0
    for place, row in enumerate(question.rows):
        for mark in row.marks:
            if mark not in vocabulary.marks:
                raise InputError(f"the mark {mark!r} of a row", vocabulary.marks)
            found[place, vocabulary.marks.index(mark)] = 1.0
    return found


def prepared(example: Example, read: Read, vocabulary: Vocabulary) -> Prepared:
    """An example, ready for batches.

    Raises:
        InputError: its tree is none of its grammar, or a rule or mark is not in the vocabulary.
    """
    return Prepared(
        read=read,
        marks=marks_of(example.question, vocabulary),
        answer=answered(example.question, example.tree, vocabulary),
    )


def texts_batch(reads: Sequence[Read], marks: Sequence[np.ndarray]) -> Batch:
    """The texts and rows of several questions, padded; a batch has at least one row."""
    batch, width = len(reads), reads[0].vectors.shape[1]
    time = max(len(read.vectors) for read in reads)
    most = max(1, *(len(read.rows) for read in reads))
    vectors = np.zeros((batch, time, width), np.float32)
    seen = np.zeros((batch, time), bool)
    rows = np.zeros((batch, most, 2), np.int64)
    marked = np.zeros((batch, most, marks[0].shape[1]), np.float32)
    for i, (read, mark) in enumerate(zip(reads, marks, strict=True)):
        vectors[i, : len(read.vectors)] = read.vectors
        seen[i, : len(read.vectors)] = True
        rows[i, : len(read.rows)] = read.rows
        marked[i, : len(mark)] = mark
    return {"vectors": vectors, "seen": seen, "rows": rows, "marks": marked}


def batch_of(examples: Sequence[Prepared], actions: int, noise: int) -> Batch:
    """The arrays that `ProgramDecoder.loss` takes.

    Args:
        actions: the number of fixed rules.
        noise: the seed of dropout.
    """
    texts = texts_batch([e.read for e in examples], [e.marks for e in examples])
    batch, steps = len(examples), max(len(e.answer.choices) for e in examples)
    choices = np.zeros((batch, steps), np.int64)
    nodes = np.zeros((batch, steps, 3), np.int64)
    nodes[:, :, 0] = -1
    relations = np.zeros((batch, steps, steps), np.int64)
    allowed = np.zeros((batch, steps, actions + texts["rows"].shape[1]), bool)
    taught = np.zeros((batch, steps), bool)
    for i, example in enumerate(examples):
        answer = example.answer
        count = len(answer.choices)
        choices[i, :count] = answer.choices
        nodes[i, :count] = answer.nodes
        relations[i, :count, :count] = answer.relations
        taught[i, :count] = True
        for step, some in enumerate(answer.allowed):
            allowed[i, step, list(some)] = True
        allowed[i, count:, 0] = True
    told = {"choices": choices, "nodes": nodes, "relations": relations}
    return {
        **texts, **told, "allowed": allowed, "taught": taught, "noise": np.array(noise, np.int64)
    }  # fmt: skip


class Examples:
    """Examples to draw batches from, by length.

    Every example is the middle of a draw equally often; the rest of a batch is drawn from those of
    the nearest lengths.
    """

    def __init__(self, examples: Sequence[Prepared], actions: int) -> None:
        self.examples = sorted(examples, key=lambda e: len(e.read.vectors))
        self.actions = actions

    def __call__(
        self, _config: Any, generator: np.random.Generator, count: int, _share: float
    ) -> Batch:
        """A batch of so many examples, or of all, if there are fewer."""
        total = len(self.examples)
        middle = int(generator.integers(total))
        near = min(total, NEAR * count)
        first = min(max(0, middle - near // 2), total - near)
        others = [i for i in range(first, first + near) if i != middle]
        drawn = generator.choice(others, min(count, near) - 1, replace=False) if others else []
        some = [self.examples[i] for i in (middle, *map(int, drawn))]
        return batch_of(some, self.actions, int(generator.integers(2**31)))
