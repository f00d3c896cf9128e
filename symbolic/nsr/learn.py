"""The verb: learn a lexicon from pairs of sentences and outputs."""

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from abduce import clock
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.hypothesis import Example, Hypothesis, World, answer_of
from abduce.symbolic.nsr.learning import Learner
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.nsr.proposing import OutOfTimeError
from abduce.symbolic.nsr.rivals import survivors, tidy
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
        deadline: ``clock.wall_s()`` at which the best lexicon so far is returned, its summary's
            status 'timeout'.
        progress: called with a line of text now and then.

    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> lexicon.answer("lug fep").value
    ('BLUE', 'BLUE', 'BLUE')

    Source: Li et al. 2024, NSR, section 3, with exact search in place of sampling.
    """
    return learn_with_probes(pairs, (), config, deadline=deadline, progress=progress)


def learn_with_probes(
    pairs: Sequence[Pair],
    probes: Sequence[tuple[str, ...]],
    config: Config | None = None,
    *,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """As ``learn``, and rivals are told apart by their answers to these sentences too."""
    config = config or CONFIG
    world, examples = _examples(pairs, config)
    learner = Learner(world, examples, config, deadline, progress)
    beam = learner.learn()
    best = beam[0]
    status = "complete"
    try:
        rivals = survivors(learner, best, beam[1:], probes)
    except OutOfTimeError:
        rivals = []
    if clock.passed(deadline):
        status = "timeout"
    entries, kept = tidy(best, rivals)
    summary = _summary(best, examples, status, len(kept))
    return Lexicon(
        entries, best.open_class, kept, frozenset(world.words), config.min_posterior, summary, world
    )


def _examples(pairs: Sequence[Pair], config: Config) -> tuple[World, list[Example]]:
    """The different sentences, in an order that does not depend on that of the pairs."""
    targets: dict[tuple[str, ...], Counter[tuple[str, ...]]] = {}
    for sentence, output in pairs:
        split = tuple(sentence.split() if isinstance(sentence, str) else sentence)
        tokens = tuple(output.split() if isinstance(output, str) else output)
        targets.setdefault(split, Counter())[tokens] += 1
    shuffled = sorted(targets, key=lambda words: (zlib.crc32(" ".join(words).encode()), words))
    words = Counter(word for sentence in shuffled for word in set(sentence))
    alphabet = Alphabet()
    encoded = [(s, alphabet.encode(targets[s].most_common(1)[0][0])) for s in shuffled if s]
    world = World(alphabet, len(alphabet.tokens), {w: words[w] for w in sorted(words)}, config)
    return world, [world.example(s, value) for s, value in encoded]


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
