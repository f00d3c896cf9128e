"""Texts as tokens, and as the vectors that the frozen part of an encoder makes of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch

from abduce.errors import InputError
from abduce.neural.program_decoder.encoder import Encoder
from abduce.neural.program_decoder.question import Question
from abduce.neural.program_decoder.splitting import frozen_states

TOGETHER: Final = 32
"""The number of texts of similar length that are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """A text that was read.

    Attributes:
        vectors: [time, width], what the frozen part made of its tokens.
        rows: [rows, 2], the first token of each row, and the one after its last.
    """

    vectors: np.ndarray
    rows: np.ndarray


def tokens_of(question: Question, encoder: Encoder) -> tuple[np.ndarray, np.ndarray]:
    """The tokens of a text, and the tokens of each row.

    Raises:
        InputError: the text is too long for the encoder, or a row has no token.
    """
    found = encoder.tokenizer.encode(question.text)
    if len(found.ids) > encoder.longest:
        words = len(question.text.split())
        raise InputError(
            f"a text of {words:,} words, which is {len(found.ids):,} tokens",
            (f"at most {encoder.longest:,} tokens",),
            advice="Give a shorter text.",
        )
    rows: list[tuple[int, int]] = []
    for row in question.rows:
        within = [
            place
            for place, (start, end) in enumerate(found.offsets)
            if start < row.end and row.start < end
        ]
        if not within:
            piece = question.text[row.start : row.end]
            raise InputError(f"{piece!r:.60}, of which the encoder sees nothing", ("text",))
        rows.append((within[0], within[-1] + 1))
    spans = np.array(rows, np.int64).reshape(len(rows), 2)
    return np.array(found.ids, np.int64), spans


def read_all(
    questions: Sequence[Question],
    encoder: Encoder,
    part: torch.nn.Module,
    *,
    device: str = "cpu",
    progress: Callable[[str], None] | None = None,
) -> list[Read]:
    """Every text, read by the frozen part of the encoder.

    Raises:
        InputError: as `tokens_of`.
    """
    tokens = [tokens_of(question, encoder) for question in questions]
    found: list[Read | None] = [None] * len(tokens)
    part = part.to(device)
    done = 0
    for group in _groups([len(ids) for ids, _ in tokens]):
        longest = max(len(tokens[i][0]) for i in group)
        ids = np.zeros((len(group), longest), np.int64)
        seen = np.zeros((len(group), longest), bool)
        for place, i in enumerate(group):
            ids[place, : len(tokens[i][0])] = tokens[i][0]
            seen[place, : len(tokens[i][0])] = True
        vectors = frozen_states(
            part, torch.from_numpy(ids).to(device), torch.from_numpy(seen).to(device)
        )
        for place, i in enumerate(group):
            kept = vectors[place, : len(tokens[i][0])].cpu().numpy().copy()
            found[i] = Read(vectors=kept, rows=tokens[i][1])
        done += len(group)
        if progress is not None:
            progress(f"reading: {done:,} of {len(tokens):,} texts")
    return [read for read in found if read is not None]


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], i))
    for start in range(0, len(order), TOGETHER):
        yield order[start : start + TOGETHER]
