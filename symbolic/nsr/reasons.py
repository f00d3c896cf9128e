"""Reasons why a lexicon does not explain its training rows, as far as the rows show them.

Each reason is a test on the rows. It is given only if it holds for the rows that it is about, and
at least half of these are unexplained. If no reason is given, none is known.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from abduce.symbolic.nsr.explaining import Unexplained, Words

Rows = Mapping[Words, Words]
"""Different sentences with an output of each."""
MOST_ROWS: Final = 2_000
"""The upper limit on the rows that are tested."""
FEW: Final = 3
"""The least number of rows that a reason is based on."""


def reasons(rows: Rows, unexplained: Sequence[Unexplained], known: frozenset[str]) -> list[str]:
    """The reasons that hold, as sentences.

    Args:
        rows: the rows that the lexicon was learned from, explained or not.
        known: the words that have a meaning.

    >>> rows = {("3", "+", "4"): ("7",), ("2", "+", "2"): ("4",), ("1", "+", "5"): ("6",)}
    >>> missed = [Unexplained(n, words, rows[words], None) for n, words in enumerate(rows, 1)]
    >>> reasons(rows, missed, frozenset())
    ['outputs are integers that are calculated, which is learned only from enough rows, all of \
whose outputs are natural numbers']
    """
    missed = {each.words for each in unexplained}
    if not missed:
        return []
    tested = dict(list(rows.items())[:MOST_ROWS])
    missed &= tested.keys()
    found: list[str] = []
    for test in (_operands, _counts, _integers):
        told = test(tested)
        if told is not None:
            text, about = told
            mine = [words for words in tested if about(words)]
            if 2 * sum([words in missed for words in mine]) >= len(mine) >= FEW:
                found.append(text)
    return found + list(_everywhere(tested, known))


Told = tuple[str, Callable[[Words], bool]] | None
"""A reason and the sentences it is about; None where it does not hold."""


def _operands(rows: Rows) -> Told:
    """Operands that no category takes. Words that enclose their operands do not count as Polish
    notation."""
    return _three_operands(rows) or _operands_side_by_side(rows)


def _operands_side_by_side(rows: Rows) -> Told:
    """Every sentence is in Polish notation, or every one in reverse Polish notation: a word takes
    the two or more phrases that follow it, or that stand before it."""
    for where, sentences in (
        ("after", list(rows)),
        ("before", [words[::-1] for words in rows]),
    ):
        arities = _polish(sentences)
        several = {word for word, arity in arities.items() if arity > 2}
        if several:
            text = (
                "words take more than two operands side by side, which no category allows: those "
                f"{where} {_listed(several)}"
            )
            return text, lambda words, own=several: not own.isdisjoint(words)
    return None


def _polish(sentences: Sequence[Words]) -> dict[str, int]:
    """The number of operands of every word under which all sentences are Polish notation; empty
    where there is none.

    A word that ends a sentence has no operands. In Polish notation the words of a sentence have one
    operand fewer in total than there are words, which tells the others one by one. Words whose
    numbers can only be found together are assumed to have equally many. That all sentences are
    Polish notation under the numbers found is checked at the end.
    """
    arities: dict[str, int] = {words[-1]: 0 for words in sentences}
    waiting = sorted(set(sentences), key=lambda words: (len(words), words))
    most = 1
    while waiting:
        later: list[Words] = []
        for words in waiting:
            unknown = Counter([word for word in words if word not in arities])
            if len(unknown) > most:
                later.append(words)
                continue
            most = 1
            total = len(words) - 1 - sum([arities.get(word, 0) for word in words])
            if not unknown:
                continue
            arity, rest = divmod(total, unknown.total())
            if rest or arity < 1:
                return {}
            arities.update(dict.fromkeys(unknown, arity))
        if len(later) == len(waiting):
            most = min([len({*words} - arities.keys()) for words in later])
        waiting = later
    for words in sentences:
        wanted = 1
        for word in words:
            if wanted == 0:
                return {}
            wanted += arities[word] - 1
        if wanted:
            return {}
    return arities


def _three_operands(rows: Rows) -> Told:
    """Three or more words always occur together, in one order and nested like brackets, with a
    phrase after each of the first three."""
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    sentences = list(rows)
    for at, words in enumerate(sentences):
        for word, times in Counter(words).items():
            counts[word][at] = times
    groups: dict[tuple[tuple[int, int], ...], list[str]] = defaultdict(list)
    for word, times in counts.items():
        groups[tuple(times.items())].append(word)
    for places, group in groups.items():
        if len(group) < 3 or len(places) < FEW:
            continue
        own = [sentences[at] for at, _ in places]
        order = sorted(group, key=own[0].index)
        for first in range(len(order) - 2):
            some = order[first:]
            if _slots(own, some) >= 3:
                text = f"words take three operands, which no category allows: {' … '.join(some)}"
                return text, lambda words, own=some[0]: own in words
    return None


def _slots(sentences: Sequence[Words], keywords: Sequence[str]) -> int:
    """How many phrases the keywords enclose or end with; 0 where they do not nest.

    A nested use of the keywords is one phrase, whatever it holds.
    """
    last = len(keywords) - 1
    closing = True
    for words in sentences:
        stack: list[int] = []  # of each open use: the keyword that comes next
        empty = True  # nothing yet since the latest keyword
        for word in words:
            if word not in keywords:
                empty = False
                continue
            at = keywords.index(word)
            if at == 0:
                stack.append(1)
            else:
                while stack and stack[-1] > last:  # its last phrase ends here
                    if empty:
                        closing = False
                    stack.pop()
                    empty = False
                if not stack or stack[-1] != at or empty:
                    return 0
                stack[-1] += 1
            empty = True
            if at == last and closing is False:
                stack.pop()
                empty = False
        if any(wanted <= last for wanted in stack):
            return 0
        if empty:
            closing = False
    return last + closing


def _counts(rows: Rows) -> Told:
    """A word beside another gives as many tokens of that one's kind as it gives of its own kind
    elsewhere: the count is taken from the word's own meaning."""
    where: dict[str, set[Words]] = defaultdict(set)
    having: dict[str, set[Words]] = defaultdict(set)
    for words, tokens in rows.items():
        for word in words:
            where[word].add(words)
        for token in tokens:
            having[token].add(words)
    kinds = {
        word: token
        for word, own in where.items()
        if len(own) >= FEW
        for token in dict.fromkeys(rows[min(own)])
        if having[token] == own
    }
    if not kinds:
        return None
    beside: dict[str, Counter[int]] = defaultdict(Counter)
    alone: dict[str, Counter[int]] = defaultdict(Counter)
    for words, tokens in rows.items():
        times = Counter(tokens)
        others = [token for token in times if token not in kinds.values()]
        counted = {words[at - 1] for at, word in enumerate(words) if at and word in kinds}
        for at, word in enumerate(words):
            if at and word in kinds and words.count(word) == 1:
                beside[words[at - 1]][times[kinds[word]]] += 1
        if words[-1] not in kinds and len(others) == 1:
            rest = [w for at, w in enumerate(words) if w not in kinds and not _counts_next(words, at, kinds)]  # fmt: skip # noqa: E501
            if rest == [words[-1]] and words[-1] not in counted:
                alone[words[-1]][times[others[0]]] += 1
    same = {
        word: number
        for word in beside.keys() & alone.keys()
        for number in [_only(beside[word])]
        if number is not None and number == _only(alone[word])
    }
    if len(set(same.values())) < 2:
        return None
    text = f"a count is taken from an argument, which no program does: beside {_listed(set(kinds))}"
    return text, lambda words: not kinds.keys().isdisjoint(words)


def _counts_next(words: Words, at: int, kinds: Mapping[str, str]) -> bool:
    return at + 1 < len(words) and words[at + 1] in kinds


def _only(seen: Counter[int]) -> int | None:
    """The only number that was seen; None if there are several."""
    return next(iter(seen)) if len(seen) == 1 else None


def _integers(rows: Rows) -> Told:
    """Most sentences with two or more integers have an integer as output that is none of them."""
    mine = {
        words: tokens
        for words, tokens in rows.items()
        if sum([_is_integer(word) for word in words]) >= 2
    }
    calculated = [
        words
        for words, tokens in mine.items()
        if len(tokens) == 1 and _is_integer(tokens[0]) and tokens[0] not in words
    ]
    if len(calculated) < FEW or 2 * len(calculated) < len(mine):
        return None
    text = (
        "outputs are integers that are calculated, which is learned only from enough rows, all of "
        "whose outputs are natural numbers"
    )
    return text, mine.__contains__


def _everywhere(rows: Rows, known: frozenset[str]) -> Iterator[str]:
    """Words without a meaning that stand in every sentence, so that nothing tells them apart."""
    if len(rows) < FEW:
        return
    words = set.intersection(*map(set, rows)) - known
    if len(words) > 1:
        yield f"these words stand in every row, so no row tells them apart: {_listed(words)}"


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _listed(words: set[str], most: int = 5) -> str:
    shown = sorted(words)
    return ", ".join(shown[:most]) + (", ..." if len(shown) > most else "")
