"""The entry point: learn a lexicon from pairs of sentences and outputs."""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from abduce import clock
from abduce.errors import InputError
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.explaining import Explanation, Pair, Words, words_of
from abduce.symbolic.nsr.hypothesis import Example, Hypothesis, OutOfTimeError, World
from abduce.symbolic.nsr.learning.pairing import paired
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.refining import NOTHING, learned
from abduce.symbolic.nsr.learning.rivals import survivors, tidy
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.lexicon import Lexicon, Rival
from abduce.symbolic.nsr.reasons import reasons
from abduce.symbolic.nsr.reliability import Trust
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import Value

SURROGATE: Final = re.compile("[\ud800-\udfff]")
NATURAL: Final = re.compile("0|[1-9][0-9]{0,17}")
Progress = Callable[[str], None]


def learn(
    pairs: Sequence[Pair],
    config: Config | None = None,
    *,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """Learns words, grammar and programs from sentences and their outputs alone.

    If a sentence has several outputs, the most frequent one counts, and of equally frequent ones
    the first. The summary says how many rows the lexicon explains, which rows it does not explain
    (``explaining``), and why, where that is known (``reasons``).

    Args:
        pairs: training examples, in any order.
        deadline: the ``clock.wall_s()`` at which the best lexicon so far is returned, with the
            status 'timeout' in its summary. The work after the deadline is bounded, however many
            rows there are.
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
    earlier: Lexicon | None = None,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> Lexicon:
    """Like ``learn``; rivals are compared by their answers to these sentences too.

    Args:
        earlier: what fewer of the pairs taught. It is polished too, where the outputs are lists of
            tokens, and the result is no longer than that.
    """
    pairs = checked_pairs(pairs)
    config = CONFIG if config is None else config
    if not isinstance(config, Config):
        raise InputError(f"a configuration of type {type(config).__name__}", ("a Config",))
    if deadline is not None and not isinstance(deadline, int | float):
        raise InputError(f"the deadline {deadline!r}", ("a number of seconds", "None"))
    world, best, rivals = World(Alphabet(), 0, {}, config), NOTHING, list[Rival]()
    bits: float | None = None
    try:
        world, examples = examples_of(pairs, config, deadline)
        run = Run(world, examples, deadline, progress)
        proposer = Proposer(run)
        begun: list[Hypothesis] = []
        if earlier is not None and not world.integers:  # programs of integers call its own library
            begun = [run.bench.hypothesis(earlier.entries, earlier.open_class)]
        found = learned(run, proposer, begun)
        bits = found.bits
        best, *others = found.hypotheses
        best, bits = paired(run, proposer, best, bits)
        rivals = survivors(run, proposer, best, others, probes)
    except OutOfTimeError:
        pass
    entries, kept = tidy(best, rivals)
    vocabulary = frozenset(world.words)
    lexicon = Lexicon(entries, best.open_class, kept, vocabulary, config.min_posterior, {}, world)
    return described(lexicon, pairs, bits, deadline)


def checked_pairs(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """The pairs, once it is known that they are pairs of texts or of lists of words.

    Raises:
        InputError: they are no sequence, or one of them is no such pair; with its place.

    >>> checked_pairs([("dax", "RED"), ("lug",)])
    Traceback (most recent call last):
    abduce.errors.InputError: found ('lug',) as pair 1, expected a sentence and its output
    """
    if isinstance(pairs, str | bytes | Mapping) or not isinstance(pairs, Iterable):
        raise InputError(f"pairs of type {type(pairs).__name__}", ("a list of pairs",))
    held = pairs if isinstance(pairs, Sequence) else list(pairs)
    for place, pair in enumerate(held):
        plain = isinstance(pair, str | bytes | Mapping) or not isinstance(pair, Collection)
        if plain or len(pair) != 2 or not all(map(_is_words, pair)):
            shown = repr(pair) if len(repr(pair)) < 60 else repr(pair)[:60] + "..."
            raise InputError(f"{shown} as pair {place}", ("a sentence and its output",))
    return held


def _is_words(side: object) -> bool:
    return isinstance(side, Iterable) and not isinstance(side, bytes | Mapping)


def described(
    lexicon: Lexicon, pairs: Sequence[Pair], bits: float | None, deadline: float | None
) -> Lexicon:
    """The lexicon with what the pairs that it was learned from say of it: summary, rows, trust."""
    status = "timeout" if clock.passed(deadline) else "complete"
    told, counts = lexicon.explanation(pairs, deadline)
    trust = Trust(counts, lexicon.world.config.reliability)
    summary = {
        **told.as_json(),
        "reasons": _reasons(pairs, told, lexicon),
        "rivals": len(lexicon.rivals),
        "status": status,
        "bits": bits if bits is None else round(bits, 3),
    }
    return replace(lexicon, summary=summary, rows=told.kept, trust=trust)


def _reasons(pairs: Sequence[Pair], told: Explanation, lexicon: Lexicon) -> list[str]:
    if not told.unexplained:
        return []
    rows = {words_of(sentence): words_of(output) for sentence, output in pairs}
    rows.pop((), None)
    return reasons(rows, told.unexplained, frozenset(lexicon.readings))


def examples_of(
    pairs: Sequence[Pair],
    config: Config,
    deadline: float | None = None,
    base: World | None = None,
) -> tuple[World, list[Example]]:
    """The different sentences, in an order that does not depend on that of the pairs.

    Outputs are numbers if each is a single natural number, and lists of tokens if not.

    Args:
        base: a world whose outputs are of the same kind, and whose alphabet and library are used.

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
    alphabet = Alphabet() if base is None else base.alphabet
    outputs = [(s, targets[s].most_common(1)[0][0]) for s in shuffled if s]
    numbers = all(is_number(output) for _, output in outputs) and bool(outputs)
    if base is not None:
        _refuse_other_kind(base, [output for _, output in outputs])
        numbers = base.integers
    encoded: list[tuple[Words, Value]] = [
        (s, int(output[0]) if numbers else alphabet.encode(output)) for s, output in outputs
    ]
    counted = {w: words[w] for w in sorted(words)}
    world = World(
        alphabet,
        len(alphabet.tokens),
        counted,
        config,
        integers=numbers,
        library=base and base.library,
    )
    return world, [world.example(s, value) for s, value in encoded]


def _refuse_other_kind(base: World, outputs: Sequence[Words]) -> None:
    strange = [output for output in outputs if base.integers and not is_number(output)]
    if strange:
        found = f"the output {' '.join(strange[0])!r:.80}"
        raise InputError(found, ("a natural number, as the outputs of the lexicon are",))


def is_number(output: Words) -> bool:
    """Whether an output is one natural number in decimal digits, without leading zeros."""
    return len(output) == 1 and NATURAL.fullmatch(output[0]) is not None


def _refuse_surrogates(targets: Mapping[Words, Iterable[Words]]) -> None:
    for sentence, outputs in targets.items():
        for text in (" ".join(part) for part in (sentence, *outputs)):
            if not text.isascii() and (found := SURROGATE.search(text)):
                code = f"U+{ord(found[0]):04X}"
                raise InputError(f"the surrogate {code}, which is no character", ("text",))
