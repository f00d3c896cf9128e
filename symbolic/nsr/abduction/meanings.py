"""Abduction of a word's meaning: which programs, in which category, would explain its sentences?

The word is removed from the lexicon, and put back with every sign that is possible there (category,
level among the levels in use, reach, partner). Each sign gives each sentence a derivation with a
hole where the word's value should be. The hole is solved *through all its ancestors*. Programs over
lists never look at the tokens that they move. So evaluating the ancestors on placeholders shows
where each token of the hole ends up, and the target then tells what the token must be. The
(arguments, wanted value) pairs of a sign go to program induction; the proposals that explain most
sentences in fewest bits are returned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from abduce.symbolic.nsr.abduction.induction import Instance, induce_robustly, simple_programs
from abduce.symbolic.nsr.deduction.syntax import (
    ARITIES,
    JUXTAPOSITION,
    NULLARY,
    PAIRED,
    PARTNER,
    Category,
    Reach,
    Reading,
    Sign,
    Step,
    evaluate,
    parse,
)
from abduce.symbolic.nsr.hypothesis import (
    PARTNER_ENTRY,
    Entry,
    Example,
    Hypothesis,
    Look,
    World,
    spaced,
    unhurried,
)
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import Term, concat, numeral
from abduce.symbolic.programs.typed.typing import lists

PLACEHOLDERS: Final = "".join(chr(0xF0000 + i) for i in range(4096))
Changes = dict[str, Entry | None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that would explain ``support`` of the sentences that were examined."""

    changes: Changes
    support: int
    cost: float


class _Hole:
    """A stand-in for the unknown program, which is recognised in the code by identity."""

    __slots__ = ()

    def __call__(self, *arguments: Value) -> Value:
        raise AssertionError("a hole is never evaluated")


def solve_hole(code: Sequence[Step], at: int, target: str) -> tuple[tuple[str, ...], str | None]:
    """Arguments of the hole at step ``at``, and a value of it for which the code gives the target.

    Values of which the ancestors drop a token (head, tail) are not determined and not returned.
    """
    stack: list = []
    for arity, meaning, _ in code[:at]:
        _apply(stack, arity, meaning)
    arity = code[at][0]
    arguments = tuple(stack[len(stack) - arity :]) if arity else ()
    del stack[len(stack) - arity :]
    rest = code[at + 1 :]

    def root(length: int) -> Value:
        values = [*stack, PLACEHOLDERS[:length]]
        for step_arity, meaning, _ in rest:
            _apply(values, step_arity, meaning)
        return values[0]

    if not rest:
        return arguments, target
    if len(target) >= 4:  # long holes: the length of the root is linear in that of the hole
        four, five = _size(root(4)), _size(root(5))
        slope = five - four
        if slope > 0 and (len(target) - four) % slope == 0:
            length = 4 + (len(target) - four) // slope
            if 4 <= length <= len(target):
                value = matched(root(length), target, length)
                if value is not None:
                    return arguments, value
    for length in range(min(4, len(target) + 1)):
        value = matched(root(length), target, length)
        if value is not None:
            return arguments, value
    return arguments, None


def _apply(stack: list, arity: int, meaning) -> None:
    if arity == 0:
        stack.append(meaning)
    elif arity == 1:
        stack[-1] = meaning(stack[-1])
    else:
        last = stack.pop()
        stack[-1] = meaning(stack[-1], last)
    value = stack[-1]
    if value.__class__ is str and len(value) > 10_000:
        raise TooLargeError


def _size(value: Value) -> int:
    return len(value) if isinstance(value, str) else 0


def matched(pattern: Value, target: str, length: int) -> str | None:
    """The list of this length that turns a pattern into the target, or None if no list does. The
    i-th placeholder of the pattern stands for the i-th token of the list.
    """
    if not isinstance(pattern, str) or len(pattern) != len(target):
        return None
    if not length:
        return "" if pattern == target else None
    solution: dict[str, str] = {}
    for symbol, wanted in zip(pattern, target, strict=True):
        if symbol < PLACEHOLDERS[0]:
            if symbol != wanted:
                return None
        elif solution.setdefault(symbol, wanted) != wanted:
            return None
    if len(solution) < length:
        return None
    return "".join([solution[p] for p in PLACEHOLDERS[:length]])


def levels_between(base: Hypothesis) -> list[float]:
    """Every level in use, one between each two of them, one below and one above."""
    used = sorted([level for level in base.tally.levels if level])
    if not used:
        return [10.0]
    gaps = [(a + b) / 2 for a, b in pairwise(used)]
    return sorted([*used, *gaps, used[0] / 2, used[-1] + 10.0])


def possible_signs(base: Hypothesis, word: str, partners: Sequence[str]) -> Iterator[Sign]:
    """Signs the word could have, given the levels in use and the words that may be its partner."""
    levels = levels_between(base)
    if word == JUXTAPOSITION and any(e.sign.category in PAIRED for e in base.entries.values()):
        return
    for level in levels:
        yield Sign(Category.INFIX, level)
        yield Sign(Category.INFIX, level, Reach.RIGHT)
    if word == JUXTAPOSITION:
        return
    for level in levels:
        yield Sign(Category.POSTFIX, level)
        yield Sign(Category.PREFIX, level)
        yield Sign(Category.PREFIX, level, Reach.RIGHT)
    for partner in partners:
        yield Sign(Category.CIRCUMFIX, 0.0, Reach.LEFT, partner)
        for level in levels:
            yield Sign(Category.MIXFIX, level, Reach.LEFT, partner)


def unusual_signs(base: Hypothesis, word: str) -> Iterator[Sign]:
    """Signs of operators with different levels on their two sides, or with two operands side by
    side; tried only if no usual sign explains the sentences."""
    for level in levels_between(base):
        yield Sign(Category.INFIX, level, Reach.LOOSE)
        yield Sign(Category.INFIX, level, Reach.TIGHT)
    if word == JUXTAPOSITION or JUXTAPOSITION in base.entries:
        return
    used = {entry.sign.category for entry in base.entries.values()}
    if Category.REVERSE_POLISH not in used:
        for level in levels_between(base):
            yield Sign(Category.POLISH, level)
    if Category.POLISH not in used:
        yield Sign(Category.REVERSE_POLISH)


def _evidence(
    examples: Sequence[Example],
    base: Hypothesis,
    word: str,
    partners: Sequence[str],
    most: int,
    shortest: int,
) -> list[Example]:
    """The shortest sentences whose other words are all known, and a few longer ones."""
    known, new = base.readings.keys(), {word, *partners}
    usable = [e for e in examples if e.vocabulary - new <= known]
    if len(usable) <= most:
        return usable
    short, rest = usable[:shortest], usable[shortest:]
    return short + spaced(rest, most - len(short))


def propose(
    world: World,
    base: Hypothesis,
    word: str,
    examples: Sequence[Example],
    partners: Sequence[str] = (),
    best: int = 8,
    guess: bool = False,
    least: float = 0.0,
    *,
    known: Reading | None = None,
    look: Look = unhurried,
) -> list[Proposal]:
    """Entries for a word that the base lexicon lacks, best first.

    Args:
        examples: sentences with the word (all sentences, for juxtaposition), shortest first.
        partners: unknown words that may be its partner; known partners are always tried.
        guess: whether to propose simple programs too, if the word only occurs several times in its
            sentences.
        least: the share of the examined sentences that a proposal must explain.
        known: the reading that the word had. Where the word occurs several times in a sentence, all
            but its last step keep this meaning; and then that of the best proposal, once more.
    """
    known_partners = sorted(base.tally.partners)
    config = world.config.abduction
    most, shortest = config.evidence, config.evidence // 2
    if world.integers:
        most, shortest = world.config.integers.evidence, world.config.integers.first
    evidence = _evidence(examples, base, word, partners, most, shortest)
    if not evidence:
        return []
    signs = [*possible_signs(base, word, [*partners, *known_partners])]
    if word != JUXTAPOSITION:
        signs.insert(0, NULLARY)
    proposals = _explain(world, base, word, evidence, signs, guess, known, look)
    if not any(p.support == len(evidence) for p in proposals):
        unusual = [*unusual_signs(base, word)]
        proposals += _explain(world, base, word, evidence, unusual, False, known, look)
    if known is not None and proposals and any(e.words.count(word) > 1 for e in evidence):
        first = min(proposals, key=lambda p: p.cost - config.pair_bits * p.support)
        entry = first.changes[word]
        if entry is not None and entry.sign.arity:
            again = world.reading(word, entry)
            proposals += _explain(world, base, word, evidence, signs, False, again, look)
    proposals = [p for p in proposals if p.support >= least * len(evidence)]
    proposals.sort(key=lambda p: p.cost - config.pair_bits * p.support)
    return proposals[:best]


def _explain(
    world: World,
    base: Hypothesis,
    word: str,
    evidence: Sequence[Example],
    signs: Sequence[Sign],
    guess: bool,
    known: Reading | None,
    look: Look,
) -> list[Proposal]:
    """Proposals for every sign; signs that give the same derivations share their programs."""
    hole = _Hole()
    readings = dict(base.readings)
    config = world.config.abduction
    first = evidence[: config.first_evidence]
    if world.integers:
        first = spaced(evidence, world.config.integers.first_evidence)

    def derivations(sign: Sign, some: Sequence[Example]) -> list[list[Step] | None]:
        readings[word] = Reading.of(sign, hole, None if world.integers else lists(sign.arity))
        with_partner = bool(sign.partner) and sign.partner not in base.readings
        if with_partner:
            readings[sign.partner] = Reading.of(PARTNER, "")
        codes: list[list[Step] | None] = []
        for example in some:
            look()
            try:
                codes.append(parse(example.words, readings))
            except KeyError:
                codes.append(None)
        if with_partner:
            del readings[sign.partner]
        return codes

    # The shortest sentences tell which derivations are worth a look at the others.
    drafts: dict[tuple, tuple[int, list[Sign]]] = {}
    nested: list[tuple[Sign, Example, list[Step]]] = []
    for sign in signs:
        codes = derivations(sign, first)
        shape = _shape(codes, hole)
        if shape in drafts:
            drafts[shape][1].append(sign)
            continue
        found = [
            p for e, c in zip(first, codes, strict=True) for p in _pairs(world, c, hole, e, known)
        ]
        drafts[shape] = (len(found), [sign])
        if guess and not world.integers:
            nested += [(sign, e, c) for e, c in zip(first, codes, strict=True) if c]
    outcomes: dict[tuple, tuple[list[Sign], list[Instance]]] = {}
    for count, alike in sorted(drafts.values(), key=lambda d: -d[0])[: config.drafts]:
        if not count:
            continue
        for sign in alike:
            codes = derivations(sign, evidence)
            shape = _shape(codes, hole)
            if shape in outcomes:
                outcomes[shape][0].append(sign)
            else:
                pairs = [
                    p
                    for e, c in zip(evidence, codes, strict=True)
                    for p in _pairs(world, c, hole, e, known)
                ]
                outcomes[shape] = ([sign], pairs)
    costs = {sign: world.sign_bits(sign, base.tally.levels) for sign in signs}
    ranked = [(sorted(alike, key=costs.__getitem__), pairs) for alike, pairs in outcomes.values()]
    ranked = [r for r in ranked if r[1]]
    ranked.sort(key=lambda o: costs[o[0][0]] - config.pair_bits * len(o[1]))
    proposals: list[Proposal] = []
    for alike, pairs in ranked[: config.signs]:
        owned = frozenset(base.tally.owners)
        for fitted, cost, term in _programs(world, word, alike[0], pairs, look, owned):
            for sign in alike[: config.alike]:
                changes: Changes = {word: Entry(sign, term)}
                if sign.partner and sign.partner not in base.readings:
                    changes[sign.partner] = PARTNER_ENTRY
                proposals.append(Proposal(changes, fitted, cost + costs[sign]))
    if not proposals:
        for sign, example, code in nested:
            look()
            for term in _nested_programs(world, sign, example, code, hole):
                cost = world.term_bits(term) + costs[sign]
                proposals.append(Proposal({word: Entry(sign, term)}, 1, cost))
    return proposals


def _shape(codes: Sequence[list[Step] | None], hole: _Hole) -> tuple:
    return tuple([c and tuple([(n, i, 0 if m is hole else id(m)) for n, m, i in c]) for c in codes])


def _nested_programs(
    world: World, sign: Sign, example: Example, code: list[Step], hole: _Hole
) -> Iterator[tuple]:
    """Simple programs for a word that occurs several times in its only sentences."""
    if sign.arity == 0 or sign.partner:
        return
    for term in simple_programs(sign.arity, world.config):
        function = world.meaning("", Entry(sign, term))
        filled = [(n, function if m is hole else m, i) for n, m, i in code]
        try:
            if evaluate(filled) == example.target:
                yield term
        except TooLargeError:
            continue


def _pairs(
    world: World,
    code: Sequence[Step] | None,
    hole: _Hole,
    example: Example,
    known: Reading | None,
) -> list[tuple[tuple[Any, ...], Any]]:
    if code is None:
        return []
    at = [i for i, step in enumerate(code) if step[1] is hole]
    if len(at) > 1 and known is not None and ARITIES.get(known.category) == code[at[0]][0]:
        meant = known.meaning
        code = [(n, meant if i in at[:-1] else m, place) for i, (n, m, place) in enumerate(code)]
        at = at[-1:]
    if len(at) != 1:
        return []
    target = example.target
    try:
        if isinstance(target, str):
            arguments, value = solve_hole(code, at[0], target)
        else:
            from abduce.symbolic.nsr.abduction.integer_holes import solve_integer_hole

            config, columns = world.config.integers, world.numbers.columns
            arguments, value = solve_integer_hole(code, at[0], target, config, columns)
    except TooLargeError:
        return []
    return [] if value is None else [(arguments, value)]


def _programs(
    world: World,
    word: str,
    sign: Sign,
    pairs: Sequence[Instance],
    look: Look,
    owned: frozenset[str],
) -> list[tuple[int, float, tuple]]:
    if sign.category is not Category.NULLARY:
        if world.integers:
            from abduce.symbolic.nsr.abduction.integers import induce_integers

            return induce_integers(world, pairs, look)
        memo = world.induced
        return induce_robustly(pairs, world.alphabet, world.tokens, world.config, memo, look, owned)
    votes: dict[Value, int] = {}
    for _, value in pairs:
        votes[value] = votes.get(value, 0) + 1
    ranked = []
    for value, fitted in votes.items():
        term = constant(world, value, word)
        ranked.append((fitted, world.term_bits(term), term))
    config = world.config.abduction
    return sorted(ranked, key=lambda r: r[1] - config.pair_bits * r[0])[: config.programs]


def constant(world: World, value: Value, word: str) -> Term:
    """The program of a nullary word that denotes a list or an integer."""
    if isinstance(value, int):
        return numeral(value)
    if value == world.alphabet.chars.get(word):
        return ("self",)
    return concat([("token", t) for t in world.alphabet.decode(value)])


def without(base: Hypothesis, word: str) -> Mapping[str, None]:
    """Changes that remove a word, and its partner if no other word has it."""
    entry = base.entries.get(word)
    removed = {word: None}
    partner = entry.sign.partner if entry else ""
    if partner and not any(e.sign.partner == partner for w, e in base.entries.items() if w != word):
        removed[partner] = None
    return removed
