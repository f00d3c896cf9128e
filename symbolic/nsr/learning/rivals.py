"""Rivals: the other lexicons that the examples leave possible.

A rival changes one word of the best lexicon (its program, category, level or reach), or is another
hypothesis that the search ended with. It explains every example that the best one explains, is at
most ``rivals.bits`` longer, and differs from the best, and from the rivals before it, on some
*probe*: a training sentence with words exchanged for others of their kind. A candidate that differs
on no probe counts as the same lexicon.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from abduce.symbolic.nsr.abduction.meanings import without
from abduce.symbolic.nsr.config import RivalsConfig
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category, Reading
from abduce.symbolic.nsr.hypothesis import (
    Entry,
    Example,
    Hypothesis,
    OutOfTimeError,
    Workbench,
    with_tidy_levels,
)
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.lexicon import Rival

Changes = Mapping[str, Entry | None]


def survivors(
    run: Run,
    proposer: Proposer,
    best: Hypothesis,
    beam: Sequence[Hypothesis],
    probes: Sequence[tuple[str, ...]] = (),
    words: Sequence[str] | None = None,
) -> list[Rival]:
    """The rivals of the best hypothesis, the shortest first; fewer where time is up before.

    Args:
        beam: other hypotheses that the search ended with.
        probes: further sentences on which rivals may differ.
        words: the words that may have another entry; None for all.
    """
    config, bench = run.config.rivals, run.bench
    below = best.bits + config.bits
    found: list[tuple[float, Changes]] = []
    for word in sorted(best.entries) if words is None else words:
        if word not in best.entries:
            continue
        if best.entries[word].sign.category is Category.PARTNER:
            continue
        if word != JUXTAPOSITION and word not in bench.containing:
            continue
        run.check()
        base = bench.supposed(best, without(best, word))
        for child in proposer.with_proposals(base, word, best=config.candidates, below=below):
            found.append((child.bits, difference(best, child)))
    for other in beam:
        if other.bits < below and other.open_class == best.open_class:
            found.append((other.bits, difference(best, other)))
    found = [f for f in found if f[1]]
    found.sort(key=lambda f: (f[0], sorted(f[1])))
    rivals: list[Rival] = []
    with suppress(OutOfTimeError):
        for rival in _distinct(run, best, found, probes):
            rivals.append(rival)
            if len(rivals) == config.kept:
                break
    return rivals


def _distinct(
    run: Run,
    best: Hypothesis,
    found: Sequence[tuple[float, Changes]],
    probes: Sequence[tuple[str, ...]],
) -> Iterator[Rival]:
    """The candidates that explain what the best lexicon explains, and differ from it on some
    probe."""
    config, bench = run.config.rivals, run.bench
    checks = _checks(run, best, config.checked)
    probes = [p for p in probes if best.readings.keys() >= {*p}]
    probes += _probes(run.all, best, config)
    expected = tuple([run.answer(p, best.readings) for p in probes])
    seen = {expected}
    for bits, changes in found:
        readings = _changed(bench, best, changes)
        behaviour = tuple(
            [
                expected[i]
                if JUXTAPOSITION not in changes and not any(w in changes for w in p)
                else run.answer(p, readings)
                for i, p in enumerate(probes)
            ]
        )
        if behaviour in seen:
            continue
        seen.add(behaviour)
        if all(run.answer(e.words, readings) == e.target for e in checks(changes)):
            yield Rival(changes, round(max(0.0, bits - best.bits), 6))


def difference(best: Hypothesis, other: Hypothesis) -> Changes:
    """The entries in which another hypothesis differs from the best."""
    mine, theirs = best.entries, other.entries
    words = [w for w in theirs if w not in mine]
    words += [w for w, e in mine.items() if theirs.get(w) is not e and theirs.get(w) != e]
    return {w: theirs.get(w) for w in sorted(words)}


def _changed(bench: Workbench, best: Hypothesis, changes: Changes) -> Mapping[str, Reading]:
    return bench.supposed(best, changes).readings


class _checks:
    """Explained examples with given words, at most ``most`` of them, evenly drawn from all."""

    def __init__(self, run: Run, best: Hypothesis, most: int) -> None:
        self.run, self.most = run, most
        self.readings = best.readings
        self.containing: dict[str, list[int]] = {}
        for at, example in enumerate(run.all):
            if at % 1_000 == 0:
                run.check()
            for word in example.vocabulary:
                self.containing.setdefault(word, []).append(at)

    def __call__(self, changes: Changes) -> Iterator[Example]:
        if JUXTAPOSITION in changes:
            mine: Sequence[int] = range(len(self.run.all))
        else:
            mine = sorted({at for w in changes for at in self.containing.get(w, ())})
        for at in mine[:: max(1, len(mine) // self.most)]:
            example = self.run.all[at]
            if self.run.answer(example.words, self.readings) == example.target:
                yield example


def _probes(
    examples: Sequence[Example], best: Hypothesis, config: RivalsConfig
) -> list[tuple[str, ...]]:
    """Training sentences with words exchanged for others of the same category, some extended."""
    rng = random.Random(0)
    kinds: dict[tuple[Category, str], list[str]] = {}
    for word, entry in sorted(best.entries.items()):
        if word != JUXTAPOSITION:
            kinds.setdefault((entry.sign.category, entry.sign.partner), []).append(word)
    probes: list[tuple[str, ...]] = []
    operators = [
        w
        for (category, _), words in kinds.items()
        if category in (Category.POSTFIX, Category.INFIX, Category.PREFIX)
        for w in words
    ]
    for i in range(config.probes if examples else 0):
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


def tidy(best: Hypothesis, rivals: Sequence[Rival]) -> tuple[dict[str, Entry], tuple[Rival, ...]]:
    """Best entries and rivals with their levels renumbered together, in the order they have."""
    marked = dict(best.entries)
    for i, rival in enumerate(rivals):
        marked |= {f"{w} {i}": e for w, e in rival.changes.items() if e is not None}
    renumbered = with_tidy_levels(marked)
    entries = {w: renumbered[w] for w in best.entries}
    return entries, tuple(
        Rival(
            {w: None if e is None else renumbered[f"{w} {i}"] for w, e in rival.changes.items()},
            rival.bits,
        )
        for i, rival in enumerate(rivals)
    )
