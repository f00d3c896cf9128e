"""The verb: learn a lexicon from pairs of sentences and outputs."""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from abduce import clock
from abduce.errors import InputError
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.explaining import Explanation, Pair, Words, words_of
from abduce.symbolic.nsr.hypothesis import Example, OutOfTimeError, World
from abduce.symbolic.nsr.learning.pairing import paired
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.refining import NOTHING, learned
from abduce.symbolic.nsr.learning.rivals import survivors, tidy
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.lexicon import Lexicon, Rival
from abduce.symbolic.nsr.reasons import reasons
from abduce.symbolic.nsr.reliability import Trust
from abduce.symbolic.programs.typed.alphabet import Alphabet

SURROGATE: Final = re.compile("[\ud800-\udfff]")
Progress = Callable[[str], None]


def learn(
    pairs: Sequence[Pair],
    config: Config | None = None,
    *,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """Learns words, grammar and programs from sentences and their outputs alone.

    Of a sentence with several outputs the most frequent counts, and of those the first. The summary
    says how many of the rows the lexicon explains, which it does not (``explaining``), and why
    where that is known (``reasons``).

    Args:
        pairs: training examples, in any order.
        deadline: ``clock.wall_s()`` at which the best lexicon so far is returned, its summary's
            status 'timeout'. What follows the deadline is bounded, whatever there is to learn from.
        progress: called with a line of text now and then.

    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE"), ("dax fep", "RED RED RED"),
    ...     ("lug fep", "BLUE BLUE BLUE")])
    >>> lexicon.answer("lug fep").value
    ('BLUE', 'BLUE', 'BLUE')

    Raises:
        InputError: a word or a token is no text.

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
    world, best, rivals = World(Alphabet(), 0, {}, config), NOTHING, list[Rival]()
    bits: float | None = None
    try:
        world, examples = _examples(pairs, config, deadline)
        run = Run(world, examples, deadline, progress)
        proposer = Proposer(run)
        found = learned(run, proposer)
        bits = found.bits
        best, *others = found.hypotheses
        best, bits = paired(run, proposer, best, bits)
        rivals = survivors(run, proposer, best, others, probes)
    except OutOfTimeError:
        pass
    status = "timeout" if clock.passed(deadline) else "complete"
    entries, kept = tidy(best, rivals)
    vocabulary = frozenset(world.words)
    lexicon = Lexicon(entries, best.open_class, kept, vocabulary, config.min_posterior, {}, world)
    told, counts = lexicon.explanation(pairs, deadline)
    summary = {
        **told.as_json(),
        "reasons": _reasons(pairs, told, lexicon),
        "rivals": len(kept),
        "status": status,
        "bits": bits if bits is None else round(bits, 3),
    }
    trust = Trust(counts, config.reliability)
    return replace(lexicon, summary=summary, rows=told.kept, trust=trust)


def _reasons(pairs: Sequence[Pair], told: Explanation, lexicon: Lexicon) -> list[str]:
    if not told.unexplained:
        return []
    rows = {words_of(sentence): words_of(output) for sentence, output in pairs}
    rows.pop((), None)
    return reasons(rows, told.unexplained, frozenset(lexicon.readings))


def _examples(
    pairs: Sequence[Pair], config: Config, deadline: float | None = None
) -> tuple[World, list[Example]]:
    """The different sentences, in an order that does not depend on that of the pairs.

    Raises:
        InputError: a word or a token holds a surrogate, which is no character.
        OutOfTimeError: the deadline passed.
    """
    targets: dict[Words, Counter[Words]] = {}
    for sentence, output in pairs:
        if clock.passed(deadline):
            raise OutOfTimeError
        targets.setdefault(words_of(sentence), Counter())[words_of(output)] += 1
    _refuse_surrogates(targets)
    shuffled = sorted(targets, key=lambda words: (zlib.crc32(" ".join(words).encode()), words))
    words = Counter(word for sentence in shuffled for word in set(sentence))
    alphabet = Alphabet()
    encoded = [(s, alphabet.encode(targets[s].most_common(1)[0][0])) for s in shuffled if s]
    world = World(alphabet, len(alphabet.tokens), {w: words[w] for w in sorted(words)}, config)
    return world, [world.example(s, value) for s, value in encoded]


def _refuse_surrogates(targets: Mapping[Words, Iterable[Words]]) -> None:
    for sentence, outputs in targets.items():
        for text in (" ".join(part) for part in (sentence, *outputs)):
            if not text.isascii() and (found := SURROGATE.search(text)):
                code = f"U+{ord(found[0]):04X}"
                raise InputError(f"the surrogate {code}, which is no character", ("text",))
