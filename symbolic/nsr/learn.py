"""The verb: learn a lexicon from pairs of sentences and outputs."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from abduce.symbolic.nsr.config import Config
from abduce.symbolic.nsr.hypothesis import Example, Hypothesis, World, answer_of
from abduce.symbolic.nsr.learning import Learner
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.nsr.rivals import survivors, tidy
from abduce.symbolic.nsr.search import OutOfTimeError
from abduce.symbolic.nsr.terms import Alphabet

Pair = tuple[Sequence[str], Sequence[str]]
"""(words of the sentence, output tokens)."""
Progress = Callable[[str], None]


def learn(
    pairs: Sequence[Pair],
    config: Config | None = None,
    *,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """Learns words, grammar and programs from sentences and their outputs alone.

    Of a sentence with several outputs the most frequent counts, and of those the first.

    Args:
        pairs: training examples, in any order.
        deadline: ``time.monotonic()`` at which the best lexicon so far is returned, its summary's
            status 'timeout'.
        progress: called with a line of text now and then.

    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> lexicon.answer("lug fep").value
    ('BLUE', 'BLUE', 'BLUE')

    Source: Li et al. 2024, NSR, section 3, with exact search in place of sampling.
    """
    config = config or Config()
    world, examples = _examples(pairs)
    learner = Learner(world, examples, config, deadline, progress)
    beam = learner.learn()
    best = beam[0]
    status = "complete"
    try:
        rivals = survivors(learner, best, beam[1:])
    except OutOfTimeError:
        rivals = []
    if deadline is not None and time.monotonic() > deadline:
        status = "timeout"
    entries, kept = tidy(best, rivals)
    summary = _summary(best, examples, status, len(kept))
    return Lexicon(
        entries, best.open_class, kept, frozenset(world.words), config.min_posterior, summary, world
    )


def _examples(pairs: Sequence[Pair]) -> tuple[World, list[Example]]:
    alphabet = Alphabet()
    words: dict[str, int] = {}
    targets: dict[tuple[str, ...], Counter[str]] = {}
    for sentence, output in pairs:
        split = tuple(sentence.split() if isinstance(sentence, str) else sentence)
        tokens = output.split() if isinstance(output, str) else output
        for word in dict.fromkeys(split):
            words[word] = words.get(word, 0) + 1
        targets.setdefault(split, Counter())[alphabet.encode(tuple(tokens))] += 1
    world = World(alphabet, len(alphabet.tokens), words)
    return world, [world.example(s, c.most_common(1)[0][0]) for s, c in targets.items() if s]


def _summary(
    best: Hypothesis, examples: Sequence[Example], status: str, rivals: int
) -> dict[str, Any]:
    explained = sum(answer_of(e.words, best.readings) == e.target for e in examples)
    return {
        "examples": len(examples),
        "explained": explained,
        "noise": round(1 - explained / len(examples), 6) if examples else 0.0,
        "rivals": rivals,
        "status": status,
        "bits": round(best.bits, 3),
    }
