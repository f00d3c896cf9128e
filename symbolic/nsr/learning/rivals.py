"""Rivals: the other lexicons that the examples leave possible.

A rival changes one word of the best lexicon to one of its variants (``variants``), or two words, or
is another hypothesis that the search ended with. It explains every example that the best one
explains, is at most ``rivals.bits`` longer, and differs from the best, and from the rivals before
it, on some *probe* (``probes``). What differs nowhere is the same lexicon.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    Category,
    Reading,
    Step,
    evaluate,
    parse,
)
from abduce.symbolic.nsr.hypothesis import (
    Entry,
    Hypothesis,
    OutOfTimeError,
    spaced,
    with_tidy_levels,
)
from abduce.symbolic.nsr.learning.pairing import pairs
from abduce.symbolic.nsr.learning.probes import Words, probes_of
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.learning.variants import Changes, Variants
from abduce.symbolic.nsr.lexicon import Rival
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError

POOL: Final = 600
"""The number of examples, evenly drawn, that are looked at beside the working ones."""
Found = tuple[float, Changes]
"""Bits that a lexicon is longer than the best, and what it changes."""
Parsed = tuple[list[Step] | None, Value | None]


def survivors(
    run: Run,
    proposer: Proposer,
    best: Hypothesis,
    beam: Sequence[Hypothesis],
    probes: Sequence[Words] = (),
    words: Collection[str] | None = None,
) -> list[Rival]:
    """The rivals of the best hypothesis, the shortest first; fewer where time is up before.

    Args:
        beam: other hypotheses that the search ended with.
        probes: further sentences on which rivals may differ.
        words: the words that may have another entry; None for all.
    """
    config = run.config.rivals
    rivals: list[Rival] = []
    with suppress(OutOfTimeError):
        judge = _Judge(run, best, probes)
        alike = [h for h in beam if h.open_class == best.open_class]
        if words is None:
            alike += pairs(run, proposer, best, best.bits + config.bits)
        others = [(h.bits - best.bits, difference(best, h)) for h in alike]
        rivals = judge.shortest([*others, *_variants(run, best, words)])
        for at in range(config.changed):
            if at < len(rivals) < config.kept:
                rivals += judge.shortest(_changed_again(run, best, rivals[at], words))
    return sorted(rivals, key=lambda rival: rival.bits)[: config.kept]


def _variants(run: Run, best: Hypothesis, words: Collection[str] | None) -> Iterator[Found]:
    """The shortest variants of each word."""
    integers = any(reading.integers for reading in best.readings.values())
    variants = Variants(run.bench, best, run.first, run.last, integers)
    for word in _changeable(run, best, words):
        run.check()
        own = sorted(variants.of(word), key=lambda found: found[0])
        yield from own[: run.config.rivals.candidates]


def _changed_again(
    run: Run, best: Hypothesis, rival: Rival, words: Collection[str] | None
) -> Iterator[Found]:
    """The shortest variants of each further word, in the lexicon that a rival is."""
    if None in rival.changes.values():
        return
    changed = run.bench.supposed(best, rival.changes)
    changed = replace(changed, explained=best.explained)
    for bits, changes in _variants(run, changed, words):
        if rival.changes.keys().isdisjoint(changes):
            yield rival.bits + bits, {**rival.changes, **changes}


def _changeable(run: Run, best: Hypothesis, words: Collection[str] | None) -> list[str]:
    """The words of the working examples that have an entry of their own, and juxtaposition."""
    return [
        word
        for word, entry in sorted(best.entries.items())
        if entry.sign.category is not Category.PARTNER
        if word == JUXTAPOSITION or word in run.bench.containing
        if words is None or word in words
    ]


class _Judge:
    """Of candidates those that explain what the best lexicon does, and differ on some probe from
    the best and from all judged before."""

    def __init__(self, run: Run, best: Hypothesis, probes: Sequence[Words]) -> None:
        self.run, self.best = run, best
        config = run.config.rivals
        known = best.readings.keys()
        own = [tuple(p) for p in probes if known >= {*p}] + probes_of(run.all, best, config)
        self.probes = [p for p in dict.fromkeys(own) if known >= {*p}]
        self.places = _Places([{*probe} for probe in self.probes])
        self.expected = [self.parsed(p, best.readings) for p in self.probes]
        self.examples = [*run.bench.examples, *spaced(run.all, POOL)]
        self.known = _Places([e.vocabulary for e in self.examples])
        self.seen = {frozenset[tuple[int, Value | None]]()}

    def shortest(self, found: Iterable[Found]) -> list[Rival]:
        """The candidates that pass, the shortest first."""
        most = self.run.config.rivals.bits
        ranked = sorted(
            [(max(0.0, bits), changes) for bits, changes in found if bits < most and changes],
            key=lambda each: (each[0], sorted(each[1])),
        )
        rivals: list[Rival] = []
        for bits, changes in ranked:
            readings = self.run.bench.supposed(self.best, changes).readings
            if self.differs(changes, readings) and self.explains(changes, readings):
                rivals.append(Rival(changes, round(bits, 6)))
        return rivals

    def differs(self, changes: Changes, readings: Mapping[str, Reading]) -> bool:
        """Whether the answers to the probes are new."""
        behaviour: list[tuple[int, Value | None]] = []
        new = {self.best.readings.get(word): readings.get(word) for word in changes}
        same = all(
            a is not None and b is not None and a.meaning is b.meaning for a, b in new.items()
        )
        for at in self.places.touched(changes):
            code, value = self.expected[at]
            _, other = self.parsed(self.probes[at], readings, code if same else None, value)
            if other != value:
                behaviour.append((at, other))
        answers = frozenset(behaviour)
        if answers in self.seen:
            return False
        self.seen.add(answers)
        return True

    def parsed(
        self,
        words: Words,
        readings: Mapping[str, Reading],
        code: list[Step] | None = None,
        value: Value | None = None,
    ) -> Parsed:
        """The derivation of a probe and its value.

        Args:
            code, value: those by the best lexicon, where no meaning is changed.
        """
        self.run.look()
        try:
            found = parse(words, readings)
            if found is None or (code is not None and found == code):
                return found, value if found else None
            return found, evaluate(found)
        except (KeyError, TooLargeError):
            return None, None

    def explains(self, changes: Changes, readings: Mapping[str, Reading]) -> bool:
        """Whether a lexicon explains the examples with the changed words that the best explains."""
        most = self.run.config.rivals.checked
        for at in spaced(self.known.touched(changes), most):
            example = self.examples[at]
            if self.run.answer(example.words, readings) == example.target:
                continue
            if self.run.answer(example.words, self.best.readings) == example.target:
                return False
        return True


class _Places:
    """The places of words in some sentences."""

    def __init__(self, vocabularies: Iterable[Iterable[str]]) -> None:
        self.containing: dict[str, list[int]] = {}
        self.size = 0
        for words in vocabularies:
            for word in words:
                self.containing.setdefault(word, []).append(self.size)
            self.size += 1

    def touched(self, changes: Changes) -> Sequence[int]:
        """The places of the sentences whose answers may change."""
        if JUXTAPOSITION in changes:
            return range(self.size)
        own = [self.containing.get(word, []) for word in changes]
        return own[0] if len(own) == 1 else sorted({at for places in own for at in places})


def difference(best: Hypothesis, other: Hypothesis) -> Changes:
    """The entries in which another hypothesis differs from the best."""
    mine, theirs = best.entries, other.entries
    words = [w for w in theirs if w not in mine]
    words += [w for w, e in mine.items() if theirs.get(w) is not e and theirs.get(w) != e]
    return {w: theirs.get(w) for w in sorted(words)}


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
