"""Association: which output tokens occur with which words, and which words occur together.

The first guess at nullary meanings, where no word ever stands alone: a token belongs to the word
with which it shares most of its sentences, if that word has no better token elsewhere. The measure
is the F1 of 'the word is in the sentence' and 'the token is in the target'. Only a source of
proposals; the description length decides.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise, permutations
from typing import Final

from abduce.symbolic.nsr.hypothesis import Example, Look, unhurried
from abduce.symbolic.programs.typed.primitives import Value

MOST_RUNS: Final = 3
MOST_SENTENCES: Final = 20
"""The upper limit on the runs kept of a word, and on the sentences searched for them. It is enough
for a first guess."""


def associated_values(
    examples: Sequence[Example], least: float, look: Look = unhurried
) -> dict[str, list[str]]:
    """For each word the lists that seem to be its own, most frequent first.

    Args:
        least: the least F1 score of a word and a token that belong together.
    """
    words: Counter[str] = Counter()
    symbols: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    containing: dict[str, list[Example]] = {}
    for example in examples:
        look()
        for word in example.vocabulary:
            mine = containing.setdefault(word, [])
            if len(mine) < MOST_SENTENCES:
                mine.append(example)
        if not isinstance(example.target, str):
            continue
        present = set(example.target)
        words.update(example.vocabulary)
        symbols.update(present)
        both.update((w, s) for w in example.vocabulary for s in present)
    owner: dict[str, tuple[float, str]] = {}
    for at, ((word, symbol), n) in enumerate(sorted(both.items())):
        if at % 1_000 == 0:
            look()
        score = 2 * n / (words[word] + symbols[symbol])
        if score >= least and score > owner.get(symbol, (0.0, ""))[0]:
            owner[symbol] = (score, word)
    owned: dict[str, set[str]] = {}
    for symbol, (_, word) in owner.items():
        owned.setdefault(word, set()).add(symbol)
    values: dict[str, list[str]] = {}
    for word, own in owned.items():
        look()
        values[word] = _runs(own, containing[word], len(examples))
    return values


def lone_values(examples: Sequence[Example]) -> dict[str, Value]:
    """The values of words that are sentences by themselves, as only nullary words can be."""
    return {e.words[0]: e.target for e in examples if len(e.words) == 1}


def followers(examples: Sequence[Example], least: int, look: Look = unhurried) -> list[str]:
    """Words that only follow one word, which precedes nothing else, such as 'is' and 'the' in 'what
    is the': the first word can mean all that they mean together.

    Args:
        least: the least number of sentences with such a word.
    """
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    count: Counter[str] = Counter()
    for example in examples:
        look()
        count.update(example.vocabulary)
        for left, right in pairwise(("", *example.words, "")):
            after.setdefault(left, set()).add(right)
            before.setdefault(right, set()).add(left)
    return sorted(
        word
        for word, others in before.items()
        if count[word] >= least and "" not in others and len(others) == 1
        if after[next(iter(others))] == {word}
    )


def bracket_pairs(
    words: Iterable[str], examples: Sequence[Example], look: Look = unhurried
) -> list[tuple[str, str]]:
    """Pairs of words that every sentence has equally often, in the order in which they occur."""
    spots: dict[str, dict[int, tuple[int, int]]] = {word: {} for word in words}
    for number, example in enumerate(examples):
        look()
        for word in example.vocabulary & spots.keys():
            spots[word][number] = example.words.count(word), example.words.index(word)
    alike: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for word, mine in sorted(spots.items()):
        if mine:
            counts = tuple([(number, count) for number, (count, _) in mine.items()])
            alike.setdefault(counts, []).append(word)
    return [
        (first, last)
        for group in alike.values()
        for first, last in permutations(group, 2)
        if all(spots[first][n][1] < spots[last][n][1] for n in spots[first])
    ]


def _runs(own: set[str], examples: Sequence[Example], many: int) -> list[str]:
    """The maximal runs of a word's own symbols in the targets of its first sentences.

    Args:
        many: counts for more than any run does.
    """
    runs: Counter[str] = Counter()
    for example in examples:
        run = ""
        for symbol in [*example.target, ""]:  # type: ignore[misc]
            if symbol and symbol in own:
                run += symbol
            elif run:
                runs[run] += 1
                run = ""
    if len(own) == 1:
        runs[next(iter(own))] += many
    ranked = sorted(runs.items(), key=lambda r: (-r[1], len(r[0]), r[0]))
    return [run for run, _ in ranked][:MOST_RUNS]
