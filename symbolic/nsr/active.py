"""Active learning: ask for the shortest of the most informative sentences.

The pool holds sentences without their outputs. While some words are unknown, the question is the
shortest sentence with the fewest unknown words (at least one). Then it is the sentence on which the
rival lexicons disagree most, the shorter of equals. When they agree everywhere, it is the sentence
whose answer has the least posterior, until none is withheld and several answers brought nothing
new. The lexicon of the answers before is polished too, so that no answer makes learning forget.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from abduce import clock
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.learn import Progress, described, learn_with_probes
from abduce.symbolic.nsr.lexicon import Lexicon

Sentence = tuple[str, ...]
Oracle = Callable[[Sentence], Sequence[str] | None]
"""Gives the output of a sentence, or None where it is not known; EOFError ends the questions."""
WITHHELD: Final = "its answer is withheld"
CONFIRMS: Final = "confirms"
"""Why a sentence is asked on whose answer all lexicons agree."""


def learn_actively(
    pool: Sequence[Sequence[str]],
    oracle: Oracle,
    config: Config | None = None,
    *,
    limit: int = 40,
    seed: int = 0,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> tuple[Lexicon, list[Sentence]]:
    """Learns from at most ``limit`` answers, and returns the sentences that have one, in order.

    Args:
        pool: sentences that may be asked; only the oracle knows their outputs.
        oracle: a function that gives the output of a sentence, or None to pass it over. Where it
            raises EOFError, learning ends with what is known.
        seed: breaks ties between equally good questions.
        deadline: ``clock.wall_s()`` after which nothing is asked any more.

    >>> def double(sentence):
    ...     return [token for word in sentence for token in (word.upper(), word.upper())]
    >>> lexicon, asked = learn_actively([("a",), ("b",), ("a", "b")], double, limit=3)
    >>> lexicon.answer("b a").value
    ('B', 'B', 'A', 'A')
    """
    config = config or CONFIG
    rng = random.Random(seed)
    sentences = sorted(dict.fromkeys(tuple(s) for s in pool))
    rng.shuffle(sentences)
    sentences.sort(key=len)
    asked: dict[Sentence, Sequence[str]] = {}
    unasked = sentences
    lexicon = learn_with_probes([], (), config)
    probes = rng.sample(sentences, min(config.active.candidates, len(sentences)))
    confirmed = 0
    while len(asked) < limit:
        candidates = config.active.candidates
        # Lexicons that are there divide a question; that others may exist is no reason to ask.
        voting = replace(lexicon, trust=None)
        question, why = _question(unasked, asked, lexicon, voting, rng, candidates, deadline)
        if question is None or clock.passed(deadline):
            break
        if why != WITHHELD and confirmed >= config.active.patience:
            break
        try:
            given = oracle(question)
        except EOFError:
            break
        unasked = [s for s in unasked if s != question]
        if given is None:
            continue
        output = tuple(given)
        guess = voting.answer(question)
        surprised = guess.abstained or guess.value != output
        asked[question] = output
        if progress:
            progress(f"asked {len(asked)}: {' '.join(question)} ({why})")
        agreed = why in (WITHHELD, CONFIRMS)
        if surprised or guess.alternatives or agreed:
            pairs, bits = list(asked.items()), lexicon.summary["bits"]
            found = learn_with_probes(pairs, probes, config, earlier=lexicon, deadline=deadline)
            # Where all rivals foresaw the answer, the lexicon explains it, and costs what it did.
            kept = agreed and not surprised and found.summary["bits"] > bits
            lexicon = described(lexicon, pairs, bits, deadline) if kept else found
        explained = lexicon.summary["explained"] == lexicon.summary["checked"]
        confirmed = confirmed + 1 if agreed and explained and not surprised else 0
    if clock.passed(deadline):
        lexicon = replace(lexicon, summary={**lexicon.summary, "status": "timeout"})
    return lexicon, list(asked)


def _question(
    unasked: Sequence[Sentence],
    asked: dict[Sentence, Sequence[str]],
    lexicon: Lexicon,
    voting: Lexicon,
    rng: random.Random,
    candidates: int,
    deadline: float | None,
) -> tuple[Sentence | None, str]:
    seen = {w for s in asked for w in s}
    fresh = [(len(set(s) - seen), len(s), i) for i, s in enumerate(unasked) if set(s) - seen]
    if fresh:
        return unasked[min(fresh)[2]], "new word"
    sample = list(unasked[:candidates])
    rest = unasked[candidates:]
    sample += rng.sample(rest, min(candidates, len(rest)))
    best: tuple[float, int, Sentence] | None = None
    for sentence in sample:
        if clock.passed(deadline):
            return None, "out of time"
        answer = voting.answer(sentence)
        doubt = 1.0 - answer.posterior
        if doubt > 1e-3 and (best is None or (-doubt, len(sentence)) < best[:2]):
            best = (-doubt, len(sentence), sentence)
    if best is not None:
        return best[2], "divides the lexicons"
    doubted = [(lexicon.answer(s), s) for s in sample]
    if not doubted:
        return None, "nothing left to ask"
    answer, sentence = min(doubted, key=lambda d: (not d[0].abstained, d[0].posterior, len(d[1])))
    return sentence, WITHHELD if answer.abstained else CONFIRMS
