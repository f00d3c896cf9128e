"""A beam of partial trees: the likeliest trees of a question, each with its probability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from abduce.grammars.grammar import Tree
from abduce.neural.program_decoder.batches import marks_of, texts_batch
from abduce.neural.program_decoder.config import SearchConfig
from abduce.neural.program_decoder.model import Memory, ProgramDecoder
from abduce.neural.program_decoder.question import Question, Vocabulary
from abduce.neural.program_decoder.reading import Read
from abduce.neural.program_decoder.steps import Steps, relations
from abduce.neural.training.loop import tensors


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished tree.

    Attributes:
        logp: the logarithm of its probability.
    """

    tree: Tree
    logp: float


def search(
    model: ProgramDecoder,
    vocabulary: Vocabulary,
    question: Question,
    read: Read,
    config: SearchConfig,
) -> list[Candidate]:
    """The likeliest trees that a beam finds, the likeliest first.

    Every one of them is a tree of the grammar within its limits. With a beam of 1 the search is
    greedy.
    """
    device = next(model.parameters()).device
    texts = texts_batch([read], [marks_of(question, vocabulary)])
    with torch.no_grad():
        memory = model.memory(**tensors(texts, device))
        beam = [(0.0, Steps.begin(question, vocabulary))]
        found: list[Candidate] = []
        while beam:
            grown = _grown(model, memory, beam, config.beam)
            found += [Candidate(s.partial.tree, logp) for logp, s in grown if s.finished]
            found = sorted(found, key=lambda c: -c.logp)[: config.finished]
            beam = [(logp, s) for logp, s in grown if not s.finished]
            if len(found) == config.finished:
                beam = [each for each in beam if each[0] > found[-1].logp]
    return found


def _grown(
    model: ProgramDecoder, memory: Memory, beam: Sequence[tuple[float, Steps]], most: int
) -> list[tuple[float, Steps]]:
    """The likeliest trees with one node more than those of the beam, the likeliest first."""
    some = memory.repeated(len(beam))
    device = memory.keys.device
    choices = np.array([[*steps.choices, 0] for _, steps in beam], np.int64)
    nodes = np.array([steps.nodes for _, steps in beam], np.int64)
    between = np.stack([relations(steps.nodes) for _, steps in beam])
    arrays = (torch.from_numpy(each).to(device) for each in (choices, nodes, between))
    logits = model.logits(some, *arrays)[:, -1].double().cpu()
    options: list[tuple[float, int, int]] = []
    rules = [steps.allowed() for _, steps in beam]
    for place, (logp, _) in enumerate(beam):
        numbers = list(rules[place])
        told = logits[place, numbers].log_softmax(0).tolist()
        options += [(logp + own, place, number) for own, number in zip(told, numbers, strict=True)]
    options.sort(key=lambda option: (-option[0], option[1], option[2]))
    return [
        (logp, beam[place][1].advance(rules[place][number]))
        for logp, place, number in options[:most]
    ]
