"""The one configuration of the learner: its fields are what a record stores and hashes.

The priors, widths and thresholds of the learner stand here, are passed down, and are read here.
Limits that bound a value, a chart or the cost of one step, and not the search, stay in their own
modules (``running.MAX_TOKENS``, ``chart.MAX_ITEMS``, ``mending.SAMPLE``, the fuel of ``revision``).
"""

from dataclasses import dataclass, field
from typing import Final

from abduce.symbolic.nsr.priors import Priors

METHOD: Final = 6
"""The version of the method, which is part of every record's configuration and so of its id. Raise
it with every change after which the same settings may learn something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AbductionConfig:
    """How a word's meaning is abduced from its sentences.

    Attributes:
        evidence: the number of sentences of the word that are examined.
        first_evidence: the number of shortest ones among them, which decide which derivations are
            examined further.
        drafts: the number of different derivations that are then examined on all these sentences.
        signs: the number of those whose programs are induced.
        alike: the number of signs that are proposed for one program, the cheapest first.
        programs: the number of programs that are proposed for one sign, and of lists for a nullary
            word.
        pair_bits: the bits that each explained sentence counts in favour of a proposal.
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
        piece_depth: the upper limit on the primitives in a composition of head, tail and reverse.
        simple: the number of simple programs, which serve as guesses, and as redefinitions in a
            revision.
        simple_piece_bits: the upper limit on the bits of the compositions in simple programs.
        states: the upper limit on the states that the joint search visits.
    """

    piece_depth: int = 6
    simple: int = 60
    simple_piece_bits: float = 6.0
    states: int = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class IntegerConfig:
    """How meanings over integers are abduced.

    Attributes:
        ancestors: whether a word is told from sentences in which it is a part of a part, too.
        library: whether learned programs may be called by others.
        largest: the largest value that is tried for a part of a sentence.
        evidence: sentences of a word that are looked at.
        first_evidence: how many of these sentences tell which derivations are worth a look.
        first: pairs of arguments and value that a program is first sought for.
        enough: the number of pairs from which on every third is held out, and a program has to hold
            for them, too.
        confirmed: the least share of those held out that it has to give.
        bits_a_pair: bits that a program may cost for each of the pairs that it is made for.
        least_bits: bits that any program may cost.
        noise: the greatest share of these pairs that a program need not give.
        patience: the number of programs that are tried after one was found, to find a shorter one;
            but at least as many as were tried until then.
        agreeing: the least share of the pairs that a program must give.
        candidates: programs that are evaluated for one set of pairs.
        harder: how many times as many are evaluated where no word can be learned otherwise.
        guessed: numbers that are guessed for a word without operands.
        tried: the cheapest programs that are tried one by one for a word that is added to a
            lexicon.
        tried_bits: the upper limit on their bits.
    """

    ancestors: bool = True
    library: bool = True
    largest: int = 1_000
    evidence: int = 48
    first_evidence: int = 16
    first: int = 24
    enough: int = 12
    confirmed: float = 0.9
    bits_a_pair: float = 2.0
    least_bits: float = 24.0
    noise: float = 0.25
    patience: int = 1
    agreeing: float = 0.5
    candidates: int = 200_000
    harder: int = 40
    guessed: int = 10
    tried: int = 3_000
    tried_bits: float = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchConfig:
    """How partial lexicons grow.

    Attributes:
        beam: the number of hypotheses kept for each seed.
        candidates: the number of entries proposed for a word.
        groups: the number of groups of words, the easiest first, that are tried in one round of
            growth.
        guesses: the number of simple programs that are guessed for an operator.
        values: the number of lists that are guessed for a nullary word.
        around: the number of entries proposed for a word, given a guessed value of another.
        min_share: the least share, of the sentences that became readable, that a child must
            explain.
        least_support: the least share, of the examined sentences, that a proposal must explain.
        settled: the share from which no values of parts of targets are guessed any more.
        share_of_lead: a beam grows if it explains at least this share of what the leading one
            explains.
        rare: a word that occurs in at most this many sentences may belong to the open class.
        association: the least F1 score at which a word and a token are taken to belong together.
        orders: the upper limit on the orders of the words in which all is learned, where few
            examples are explained.
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
    orders: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class MendingConfig:
    """When a lexicon is good enough, and how hard it is mended.

    Attributes:
        working: the number of examples that hypotheses are scored on (the shortest of each word,
            and a sample).
        rounds: the number of times that failures among all examples are added to the working ones.
        failures: the number of failures added each time.
        progress: the rounds end when more than this share of the failures is left.
        likely: the share of the working examples from which a lexicon counts as likely right.
        noise: the share of the working examples that may stay unexplained without a further check.
        deviation: standard deviations by which a word may fail more often than noise would.
        blamed: the number of blamed words that are re-learned in pairs.
        aside: the number of other entries of an operator that are tried.
        aside_bits: the upper limit on the bits by which these may make the lexicon longer.
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
        others: the number of lexicons that are polished in addition to the best: of a finished
            beam, of mirrored lexicons, and of finished beams while examples fail.
        variants: the upper limit on lexicons that differ in several words at once.
        together: the least share, of the sentences with either of two words, that must have both to
            make them a pair.
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
        kept: the upper limit on the rivals that are kept.
        changed: the number of these that have a further word changed, the shortest first.
        bits: the upper limit on the bits by which a rival may be longer than the best lexicon.
        candidates: the number of entries tried for each word, the shortest first.
        probes: the number of sentences with other words on which rivals are compared.
        nested: the number of sentences within sentences on which they are compared, too.
        checked: the number of examples with the changed words that a rival has to explain.
        joined: the upper limit on the words of a probe that is made from two sentences.
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
        occam, failing, novel, longer: the factor by which each number lowers the score.
        open_bits: the bits by which the other order of two operators counts as longer than the
            learned one, if no row decides.
        alike_bits: the same, where rows decide it for operators of the same category and level.
    """

    bias: float = field(default=-1.007, metadata={"least": -1000})
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
        candidates: the number of sentences examined: of the shortest ones, of all others, and of
            those on which rivals may differ.
        patience: the number of questions in a row that only confirm what is known, after which
            learning ends.
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
    integers: IntegerConfig = field(default_factory=IntegerConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    mending: MendingConfig = field(default_factory=MendingConfig)
    polishing: PolishingConfig = field(default_factory=PolishingConfig)
    rivals: RivalsConfig = field(default_factory=RivalsConfig)
    reliability: ReliabilityConfig = field(default_factory=ReliabilityConfig)
    active: ActiveConfig = field(default_factory=ActiveConfig)


CONFIG = Config()
"""The default configuration."""
