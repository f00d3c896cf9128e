"""Probes: sentences on which two lexicons may differ though they explain the same examples.

They are training sentences with words exchanged for others of their kind, some of them extended.
And they are training sentences in which one word is replaced by another sentence, so that operators
meet that no example has side by side.
"""

import random
from collections.abc import Sequence

from abduce.symbolic.nsr.config import RivalsConfig
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category
from abduce.symbolic.nsr.hypothesis import Example, Hypothesis

Words = tuple[str, ...]


def probes_of(examples: Sequence[Example], best: Hypothesis, config: RivalsConfig) -> list[Words]:
    """The probes for a lexicon, the same each time."""
    if not examples:
        return []
    rng = random.Random(0)
    return [*_exchanged(examples, best, config, rng), *_nested(examples, best, config, rng)]


def _exchanged(
    examples: Sequence[Example], best: Hypothesis, config: RivalsConfig, rng: random.Random
) -> list[Words]:
    """Sentences with words exchanged for others of the same category, some extended."""
    kinds: dict[tuple[Category, str], list[str]] = {}
    for word, entry in sorted(best.entries.items()):
        if word != JUXTAPOSITION:
            kinds.setdefault((entry.sign.category, entry.sign.partner), []).append(word)
    operators = [
        word
        for (category, _), words in kinds.items()
        if category in (Category.POSTFIX, Category.INFIX, Category.PREFIX)
        for word in words
    ]
    probes: list[Words] = []
    for i in range(config.probes):
        words = list(examples[rng.randrange(len(examples))].words)
        for at, word in enumerate(words):
            entry = best.entries.get(word)
            if entry is not None and rng.random() < 0.5:
                words[at] = rng.choice(kinds[entry.sign.category, entry.sign.partner])
        if operators and i % 4 == 0:  # and with one more operator, which no example may have there
            words.insert(rng.randrange(len(words) + 1), rng.choice(operators))
        elif probes and i % 4 == 1 and JUXTAPOSITION in best.entries:
            words.extend(probes[-1][: config.joined - len(words)])
        probes.append(tuple(words))
    return probes


def _nested(
    examples: Sequence[Example], best: Hypothesis, config: RivalsConfig, rng: random.Random
) -> list[Words]:
    """Short sentences in which a noun is replaced by a short sentence, for all pairs of operators
    that the two have."""
    short = [e for e in examples if len(e.words) <= config.joined // 2]
    of_operator = [
        [e.words for e in short if word in e.vocabulary or word == JUXTAPOSITION]
        for word, entry in sorted(best.entries.items())
        if entry.sign.arity
    ]
    of_operator = [own for own in of_operator if own]
    probes: list[Words] = []
    for i in range(config.nested if of_operator else 0):
        host = rng.choice(of_operator[i % len(of_operator)])
        guest = rng.choice(of_operator[i // len(of_operator) % len(of_operator)])
        nouns = [at for at, word in enumerate(host) if _is_noun(best, word)]
        if nouns:
            at = rng.choice(nouns)
            probes.append((*host[:at], *guest, *host[at + 1 :]))
    return probes


def _is_noun(best: Hypothesis, word: str) -> bool:
    entry = best.entries.get(word)
    return best.open_class if entry is None else entry.sign.category is Category.NULLARY
