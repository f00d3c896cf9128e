"""The one configuration of the learner: its fields are what a record stores and hashes.

The priors, widths and thresholds of the learner stand here, are passed down, and are read here.
What bounds a value, a chart or the cost of a look, and not the search (``running.MAX_TOKENS``,
``chart.MAX_ITEMS``, ``mending.SAMPLE``, the fuel of ``revision``), stays with what it bounds.
"""

from dataclasses import dataclass, field
from typing import Final

from abduce.symbolic.nsr.priors import Priors

METHOD: Final = 4
"""The version of the method, which is part of every record's configuration and so of its id. Raise
it with every change after which the same settings may learn something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AbductionConfig:
    """How a word's meaning is abduced from its sentences.

    Attributes:
        evidence: sentences of the word that are looked at.
        first_evidence: the shortest of them, which tell what derivations are worth a look.
        drafts: different derivations that are then looked at in all the evidence.
        signs: of those, how many have their programs induced.
        alike: signs that are proposed for one program, the cheapest first.
        programs: programs that are proposed for one sign, and lists for a nullary word.
        pair_bits: bits that a sentence counts for that a proposal explains.
    """

    evidence: int = 14
    first_evidence: int = 5
    drafts: int = 12
    signs: int = 10
    alike: int = 3
    programs: int = 3
    pair_bits: float = 12.0


@dataclass(frozen=True, kw_only=True, slots=True)
class InductionConfig:
    """How programs over lists are induced from arguments and results.

    Attributes:
        piece_depth: primitives in a composition of head, tail and reverse, at most.
        simple: programs that are simple: guesses, and redefinitions in a revision.
        simple_piece_bits: bits of the compositions that simple programs are made from, at most.
        states: states that the joint search may visit.
    """

    piece_depth: int = 6
    simple: int = 60
    simple_piece_bits: float = 6.0
    states: int = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchConfig:
    """How partial lexicons grow.

    Attributes:
        beam: rival hypotheses kept a seed.
        candidates: entries proposed for a word.
        groups: groups of words, the easiest first, that are tried in one round of growth.
        guesses: simple programs that are guessed for an operator.
        values: lists that are guessed for a nullary word.
        around: entries proposed for a word around the guessed value of another.
        min_share: of the sentences that became readable, the share that a child must explain.
        least_support: of the sentences looked at, the share that a proposal must explain.
        settled: the same, from which on no values of parts of targets are guessed.
        share_of_lead: beams grow that explain this share of what the leading one explains.
        rare: an open class counts words that occur in at most this many sentences.
        association: the least F1 score of a word and a token that are taken to belong together.
    """

    beam: int = 4
    candidates: int = 8
    groups: int = 6
    guesses: int = 8
    values: int = 5
    around: int = 3
    min_share: float = 0.5
    least_support: float = 0.25
    settled: float = 0.6
    share_of_lead: float = 0.6
    rare: int = 6
    association: float = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class MendingConfig:
    """When a lexicon is good enough, and how hard it is mended.

    Attributes:
        working: examples that hypotheses are scored on (the shortest of each word, and a sample).
        rounds: times that failures among all examples are added to the working ones.
        failures: how many of them each time.
        progress: the rounds end when more than this share of the failures is left.
        likely: share of the working examples that a lexicon explains which is likely right.
        noise: share of the working examples that may stay unexplained without a further look.
        deviation: standard deviations by which a word may fail more often than noise would.
        blamed: blamed words that are re-learned in pairs.
        aside: other entries of an operator that are tried.
        aside_bits: how many bits longer these may make the lexicon.
    """

    working: int = 160
    rounds: int = 6
    failures: int = 24
    progress: float = 0.98
    likely: float = 0.75
    noise: float = 0.02
    deviation: float = 4.0
    blamed: int = 5
    aside: int = 12
    aside_bits: float = 12.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PolishingConfig:
    """How the last lexicon is made shorter on all examples.

    Attributes:
        rows: the upper limit on the examples that it is polished on; failing ones come first.
        others: how many are polished beside the best, of a finished beam, of mirrored lexicons, and
            of finished beams while examples fail.
        variants: the upper limit on lexicons that differ in several words at once.
        together: of the sentences with two words, the least share with both that makes them a pair.
        rare: words of at most this many sentences are put off while examples fail, and are not
            taken for a part of a fixed phrase.
        core: the least share of the examples that is left without them.
    """

    rows: int = 2_000
    others: int = 4
    variants: int = 64
    together: float = 0.9
    rare: int = 2
    core: float = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class RivalsConfig:
    """Which other lexicons are kept.

    Attributes:
        kept: the upper limit on them.
        changed: of those, how many have a further word changed, the shortest first.
        bits: how many bits longer than the best a lexicon may be.
        candidates: entries tried for each word, the shortest first.
        probes: sentences with other words on which rivals have to differ.
        nested: sentences within sentences on which they may.
        checked: examples with the changed words that a rival has to explain.
        joined: words of a probe that is made from two.
    """

    kept: int = 16
    changed: int = 6
    bits: float = 13.0
    candidates: int = 12
    probes: int = 24
    nested: int = 60
    checked: int = 120
    joined: int = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliabilityConfig:
    """How much the evidence of the training rows counts in a posterior (``reliability``).

    Attributes:
        bias: the score of a derivation with nothing for or against it.
        occam, failing, novel, longer: what each number takes from the score.
        open_bits: of an order of two operators that no row decides, how many bits longer than the
            learned one it counts as.
        alike_bits: the same, where rows decide it for operators of the same category and level.
    """

    bias: float = -1.007
    occam: float = 0.5877
    failing: float = 1.7902
    novel: float = 0.5408
    longer: float = 1.0457
    open_bits: float = 0.25
    alike_bits: float = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ActiveConfig:
    """How questions are chosen.

    Attributes:
        candidates: how many are looked at of the shortest sentences, of all others, and of those on
            which rivals may differ.
        patience: questions in a row that only confirm what is known, after which learning ends.
    """

    candidates: int = 400
    patience: int = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Priors, widths of the search and thresholds of the answer; the same for every task.

    Attributes:
        min_posterior: an answer with less posterior probability is withheld.
    """

    min_posterior: float = 0.5
    priors: Priors = field(default_factory=Priors)
    abduction: AbductionConfig = field(default_factory=AbductionConfig)
    induction: InductionConfig = field(default_factory=InductionConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    mending: MendingConfig = field(default_factory=MendingConfig)
    polishing: PolishingConfig = field(default_factory=PolishingConfig)
    rivals: RivalsConfig = field(default_factory=RivalsConfig)
    reliability: ReliabilityConfig = field(default_factory=ReliabilityConfig)
    active: ActiveConfig = field(default_factory=ActiveConfig)


CONFIG = Config()
"""The default configuration."""
