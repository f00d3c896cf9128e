"""Program induction for lists: the cheapest concatenation of pieces that fits the pairs.

A piece is a constant token or a composition of head, tail and reverse applied to one argument.
Joint uniform-cost search walks along all outputs at once: a state is a tuple of positions, one for
each example, and a piece, alone or iterated, may be taken when it comes next in every output.
Repeated blocks of several pieces are folded into iterations afterwards. So the result is exact for
programs that iterate single pieces only.
"""

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, product

from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.hypothesis import Look, unhurried
from abduce.symbolic.nsr.priors import PRIORS, Priors
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import compiled
from abduce.symbolic.programs.typed.terms import Term, bits, concat, constants, repeat, variable

Instance = tuple[tuple[str, ...], str]
"""Arguments, and the output that the program must give for them."""
_State = tuple[tuple[int, ...], int]
"""A position for each example, and a bit for each constant of another word that is paid for."""


@dataclass(frozen=True, slots=True)
class Transform:
    """A composition of head, tail and reverse: its bits, its term on a hole, and its function."""

    bits: float
    wrap: tuple[str, ...]  # primitives, outermost first
    apply: Callable[[str], str]

    def term(self, hole: Term) -> Term:
        for name in reversed(self.wrap):
            hole = (name, hole)
        return hole


@lru_cache(maxsize=8)
def transforms(depth: int, priors: Priors = PRIORS) -> tuple[Transform, ...]:
    """All different compositions of up to ``depth`` primitives, cheapest first."""
    probes = ["", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefgh"]
    functions: dict[str, Callable[[str], str]] = {
        "head": lambda s: s[:1],
        "tail": lambda s: s[1:],
        "reverse": lambda s: s[::-1],
    }
    alphabet = Alphabet()
    found: dict[tuple[str, ...], tuple[str, ...]] = {tuple(probes): ()}
    layer: list[tuple[str, ...]] = [()]
    for _ in range(depth):
        following: list[tuple[str, ...]] = []
        for wrap in layer:
            for name in functions:
                longer = (name, *wrap)
                values = probes
                for step in reversed(longer):
                    values = [functions[step](v) for v in values]
                if any(values) and tuple(values) not in found:
                    found[tuple(values)] = longer
                    following.append(longer)
        layer = following
    result = []
    for wrap in found.values():
        term: Term = variable(0)
        for name in reversed(wrap):
            term = (name, term)
        cost = sum(getattr(priors, name) for name in wrap)
        result.append(Transform(cost, wrap, compiled(Program(term, 1), alphabet)))  # type: ignore[arg-type]
    return tuple(sorted(result, key=lambda t: (t.bits, t.wrap)))


@lru_cache(maxsize=32)
def simple_programs(arity: int, config: Config = CONFIG) -> tuple[Term, ...]:
    """The cheapest programs of one or two arguments, no two of which compute the same function.

    >>> from abduce.symbolic.programs.typed.terms import show
    >>> [show(term) for term in simple_programs(1)[:5]]
    ['nil', 'x', 'x x', 'head(x)', 'reverse(x)']
    """
    alphabet = Alphabet()
    probes = [("abcdef"[:n], "uvwxyz"[:m]) for n in range(7) for m in (0, 3, 2)]
    pieces = [
        transform.term(variable(i))
        for i in range(arity)
        for transform in transforms(config.induction.piece_depth, config.priors)
        if transform.bits <= config.induction.simple_piece_bits
    ]
    terms = [("nil",), *pieces]
    terms += [concat([a, b]) for a in pieces for b in pieces]
    variables = [variable(i) for i in range(arity)]
    for n in (3, 4):
        for parts in product(variables, repeat=n):
            terms.append(concat(fold_repeats(list(parts), config.priors)))
    found: dict[tuple, Term] = {}
    for term in sorted(terms, key=lambda t: (bits(t, config.priors), repr(t))):
        function = compiled(Program(term, arity), alphabet)
        found.setdefault(tuple([function(*p[:arity]) for p in probes]), term)
    return tuple(list(found.values())[: config.induction.simple])


def fold_repeats(parts: list[Term], priors: Priors = PRIORS, look: Look = unhurried) -> list[Term]:
    """Replaces runs of a repeated block by iterations, wherever that is shorter.

    >>> x, y = variable(0), variable(1)
    >>> fold_repeats([y, x, y, x, y, x, y, x]) == [repeat(concat([y, x]), 4)]
    True
    """
    n = len(parts)
    best: list[tuple[float, list[Term]]] = [(0.0, [])]
    for end in range(1, n + 1):
        look()
        last = parts[end - 1]
        choice = (best[end - 1][0] + _part_bits(last, priors), [*best[end - 1][1], last])
        for size in range(1, end // 2 + 1):
            block = parts[end - size : end]
            times = 1
            while parts[end - size * (times + 1) : end - size * times] == block:
                times += 1
                start = end - size * times
                if start < 0:
                    break
                if times >= 3:
                    term = repeat(concat(block), times)
                    cost = best[start][0] + _part_bits(term, priors)
                    if cost < choice[0]:
                        choice = (cost, [*best[start][1], term])
                if start - size < 0:
                    break
        best.append(choice)
    return best[n][1]


def _part_bits(term: Term, priors: Priors) -> float:
    return priors.append + bits(term, priors)


def induce(
    pairs: Sequence[Instance],
    alphabet: Alphabet,
    tokens: int,
    best: int = 3,
    config: Config = CONFIG,
    look: Look = unhurried,
    owned: frozenset[str] = frozenset(),
) -> list[tuple[float, Term]]:
    """The cheapest programs that fit every pair, as (bits, term), cheapest first.

    Args:
        pairs: one pair or more, all with the same number of arguments.
        tokens: the number of different output tokens (a constant pays for the choice among them).
        best: the upper limit on the programs that are returned.
        owned: the tokens that are constants of other words: each of them in the program costs
            ``reused_token`` once.
    """
    outputs = [out for _, out in pairs]
    if not _possible(pairs):
        return []
    priors = config.priors
    pieces = _pieces(pairs, outputs, config)
    goal = tuple(len(out) for out in outputs)
    token_bits = math.log2(max(tokens, 2))
    constant_bits = priors.append + priors.token + token_bits
    places = {token: 1 << n for n, token in enumerate(sorted(owned))}
    order = count()
    heap: list[tuple[float, int, _State, tuple[Term, ...]]] = [
        (0.0, 0, (tuple([0] * len(pairs)), 0), ())
    ]
    # what may come next is looked up by the position in the first output
    coming = [
        [piece for piece in pieces if outputs[0].startswith(piece[2][0], at)]
        for at in range(goal[0] + 1)
    ]
    rest = range(1, len(pairs))

    def following(state: _State) -> Iterator[tuple[float, Term, _State]]:
        positions, paid = state
        for piece_bits, term, strings in coming[positions[0]]:
            for i in rest:
                if not outputs[i].startswith(strings[i], positions[i]):
                    break
            else:
                after = tuple([at + len(s) for at, s in zip(positions, strings, strict=True)])
                yield piece_bits, term, (after, paid)
                for cost, whole, later in iterated(term, strings, after):
                    yield cost, whole, (later, paid)
        symbols = {out[at : at + 1] for at, out in zip(positions, outputs, strict=True)}
        if len(symbols) == 1 and (symbol := symbols.pop()):
            name = alphabet.tokens[ord(symbol) - Alphabet.FIRST]
            token, place = ("token", name), places.get(name, 0)
            again = priors.reused_token if place & ~paid else 0.0
            after = tuple([at + 1 for at in positions])
            yield constant_bits + again, token, (after, paid | place)
            for cost, whole, later in iterated(token, [symbol] * len(outputs), after, token_bits):
                yield cost + again, whole, (later, paid | place)

    def iterated(
        term: Term, strings: Sequence[str], after: tuple[int, ...], more: float = 0.0
    ) -> list[tuple[float, Term, tuple[int, ...]]]:
        """The piece as often as it comes next, if that is three times or more and an iteration is
        cheaper than the pieces one by one."""
        times = 1
        while all(map(str.startswith, outputs, strings, after)):
            after = tuple([at + len(s) for at, s in zip(after, strings, strict=True)])
            times += 1
        if times < 3:
            return []
        whole = repeat(term, times)
        cost = _part_bits(whole, priors) + more
        dearer = cost >= times * (_part_bits(term, priors) + more)
        return [] if dearer else [(cost, whole, after)]

    steps_from: dict[_State, list[tuple[float, Term, _State]]] = {}
    visits: dict[_State, int] = {}
    results: dict[Term, float] = {}
    budget = config.induction.states
    while heap and len(results) < best and budget:
        look()
        cost, _, state, path = heapq.heappop(heap)
        if state[0] == goal:
            term = concat(fold_repeats(list(path), priors, look))
            used = constants(term)
            again = priors.reused_token * len(owned.intersection(used))
            results.setdefault(term, bits(term, priors) + token_bits * len(used) + again)
            continue
        seen = visits.get(state, 0)
        if seen >= best:
            continue
        visits[state] = seen + 1
        budget -= 1
        if state not in steps_from:
            steps_from[state] = list(following(state))
        for step_bits, term, after in steps_from[state]:
            if visits.get(after, 0) < best:
                heapq.heappush(heap, (cost + step_bits, next(order), after, (*path, term)))
    return sorted(((b, t) for t, b in results.items()), key=lambda r: r[0])


def _possible(pairs: Sequence[Instance]) -> bool:
    """Whether every output contains the tokens that must be constants, since no argument has
    them."""
    constants = {token for args, out in pairs for token in set(out).difference(*args)}
    return all(constants <= set(out) for _, out in pairs) if constants else True


def _pieces(
    pairs: Sequence[Instance], outputs: Sequence[str], config: Config
) -> list[tuple[float, Term, list[str]]]:
    """Pieces that can be used: not empty everywhere, and part of every output. Of equal pieces, the
    cheapest."""
    pieces: dict[tuple[str, ...], tuple[float, Term, list[str]]] = {}
    priors = config.priors
    for index in range(len(pairs[0][0])):
        arguments = [args[index] for args, _ in pairs]
        for transform in transforms(config.induction.piece_depth, priors):
            strings = [transform.apply(a) for a in arguments]
            if not any(strings):
                continue
            if all(s in out for s, out in zip(strings, outputs, strict=True)):
                cost = transform.bits + priors.variable + priors.append
                key = tuple(strings)
                if key not in pieces or pieces[key][0] > cost:
                    pieces[key] = (cost, transform.term(variable(index)), strings)
    return list(pieces.values())


def induce_robustly(
    pairs: Sequence[Instance],
    alphabet: Alphabet,
    tokens: int,
    config: Config = CONFIG,
    memo: dict | None = None,
    look: Look = unhurried,
    owned: frozenset[str] = frozenset(),
) -> list[tuple[int, float, Term]]:
    """Programs that fit most pairs, when some pairs may be wrong: (pairs fitted, bits, term).

    Programs are induced from all pairs, and if none fits them all, from small subsets (the shortest
    pairs, and pairs at equal distances). They are ranked by their own bits less ``pair_bits`` for
    each fitted pair.

    Args:
        owned: the tokens that are constants of other words.
    """
    if not pairs:
        return []
    best, pair_bits = config.abduction.programs, config.abduction.pair_bits
    arity = len(pairs[0][0])
    memo = {} if memo is None else memo

    def remembered(subset: Sequence[Instance], most: int) -> list[tuple[float, Term]]:
        everywhere = set.intersection(*[set(out) for _, out in subset])
        mine = owned.intersection(alphabet.decode("".join(sorted(everywhere))))
        key = (most, tuple(subset), mine)
        if key not in memo:
            memo[key] = induce(subset, alphabet, tokens, most, config, look, mine)
        return memo[key]

    weights = Counter(pairs)
    pairs = list(weights)
    found: dict[Term, float] = {t: b for b, t in remembered(pairs, best)}
    complete = bool(found)
    if not complete:
        n = len(pairs)
        subsets = [pairs[i : i + 2] for i in range(min(n - 1, 4))]
        subsets += [[pairs[i], pairs[(i + n // 2) % n]] for i in range(min(n, 4))]
        subsets += [pairs[:1], pairs[: n // 2 or 1], pairs[n // 2 :]]
        for subset in subsets:
            for cost, term in remembered(subset, 2):
                found.setdefault(term, cost)
    ranked: list[tuple[int, float, Term]] = []
    for term, cost in found.items():
        fitted = weights.total()
        if not complete:
            function = compiled(Program(term, arity), alphabet)
            fitted = sum(n for (args, out), n in weights.items() if function(*args) == out)
        ranked.append((fitted, cost, term))
    ranked.sort(key=lambda r: r[1] - pair_bits * r[0])
    return ranked[:best]
