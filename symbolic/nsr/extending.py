"""Extending: new words for an existing lexicon, from a few rows; its own words stay as they are.

The search begins with all entries of the lexicon, and has only the new words to learn. What the
rows leave open between several entries of a new word is decided by the description length.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from abduce.errors import InputError
from abduce.symbolic.nsr.abduction.meanings import without
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.evidence import Counts
from abduce.symbolic.nsr.explaining import Pair
from abduce.symbolic.nsr.hypothesis import Hypothesis, OutOfTimeError, World
from abduce.symbolic.nsr.learn import Progress, described, examples_of
from abduce.symbolic.nsr.learning.mending import Mender
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.rivals import survivors, tidy
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.learning.search import Search
from abduce.symbolic.nsr.lexicon import Lexicon, Rival
from abduce.symbolic.nsr.reliability import Trust

if TYPE_CHECKING:
    from abduce.symbolic.synthesis.library import Library


def extend(
    base: Lexicon,
    pairs: Sequence[Pair],
    config: Config | None = None,
    *,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """The lexicon with the new words of some rows.

    Args:
        base: the lexicon to extend. Its entries stay as they are, and its rivals are dropped.
        pairs: rows with new words; rows without any are only checked.
        deadline: ``clock.wall_s()`` at which the best lexicon so far is returned.

    Raises:
        InputError: no row has a new word, or the lexicon's outputs are numbers and one is not.

    >>> from abduce.symbolic.nsr.learn import learn
    >>> base = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> wider = extend(base, [("wif", "GREEN")])
    >>> wider.answer("wif fep").value
    ('GREEN', 'GREEN', 'GREEN')
    """
    config = config or CONFIG
    world, examples = examples_of(pairs, config, deadline, base.world)
    new = [word for word in world.words if word not in base.vocabulary]
    if not new:
        advice = "A lexicon is extended by rows with words that it does not have."
        raise InputError("no new word", ("a word that is not in the lexicon",), advice=advice)
    run = Run(world, examples, deadline, progress)
    proposer = Proposer(run)
    best = run.bench.hypothesis(base.entries, base.open_class)
    rivals: list[Rival] = []
    try:
        search = Search(run, proposer, Mender(run, proposer))
        grown = search.grown(base.entries, base.open_class)
        best = min(
            [_settled(run, proposer, h, new, base.world.library) for h in grown],
            key=lambda h: h.bits,
        )
        mine = [
            h
            for h in grown
            if all(h.entries.get(word) == entry for word, entry in base.entries.items())
        ]
        rivals = survivors(run, proposer, best, mine, words=new)
    except OutOfTimeError:
        best = run.leader or best
    entries, kept = tidy(best, rivals)
    vocabulary = base.vocabulary | frozenset(world.words)
    whole = World(
        world.alphabet,
        len(world.alphabet.tokens),
        dict.fromkeys(sorted(vocabulary), 1),
        config,
        integers=world.integers,
        library=world.library,
    )
    open_class, threshold = base.open_class, config.min_posterior
    lexicon = Lexicon(entries, open_class, kept, vocabulary, threshold, {}, whole)
    wider = described(lexicon, pairs, best.bits, deadline)
    trust = wider.trust
    if base.trust is not None and trust is not None:
        trust = Trust(_both(base.trust.counts, trust.counts), config.reliability)
    summary, rows = {**wider.summary, "extended": new}, {**base.rows, **wider.rows}
    return replace(wider, summary=summary, rows=rows, trust=trust)


def _settled(
    run: Run,
    proposer: Proposer,
    h: Hypothesis,
    new: Sequence[str],
    library: "Library | None",
) -> Hypothesis:
    """The hypothesis with its new words learned again, one by one, until nothing gets shorter.

    Args:
        library: the library of the lexicon that is extended.
    """
    better: Hypothesis | None = h
    while better is not None:
        h, better = better, None
        for word in new:
            entry = h.entries.get(word)
            if entry is None or entry.sign.category is Category.PARTNER:
                continue
            base = run.bench.supposed(h, without(h, word))
            below = h.bits - 1e-6
            found = proposer.with_proposals(base, word, below=below)
            if run.world.integers and len(h.explained) < len(run.all):
                from abduce.symbolic.nsr.abduction.trying import tried

                proposals = tried(run.world, base, word, run.evidence(word), run.look, library)
                revised = [run.bench.revised(base, p.changes, below) for p in proposals]
                found += [each for each in revised if each is not None]
            if found:
                better = min(found, key=lambda c: c.bits)
                break
    return h


def _both(one: Counts, two: Counts) -> Counts:
    """The evidence of two sets of rows, for the lexicon of the second."""
    return Counts(
        sentences=one.sentences + two.sentences,
        explained=one.explained + two.explained,
        longest=max(one.longest, two.longest),
        bits=two.bits,
        uses=Counter(one.uses) + Counter(two.uses),
        contests=Counter(one.contests) + Counter(two.contests),
    )
