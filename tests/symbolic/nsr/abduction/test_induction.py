"""Induced programs fit what they were induced from, and no planted program is cheaper."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.configuration import configured
from abduce.symbolic.nsr.abduction.induction import (
    Instance,
    fold_repeats,
    induce,
    induce_robustly,
    simple_programs,
    transforms,
)
from abduce.symbolic.nsr.config import CONFIG
from abduce.symbolic.nsr.priors import PRIORS
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import LIST, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import compiled
from abduce.symbolic.programs.typed.terms import (
    Term,
    bits,
    concat,
    constants,
    repeat,
    show,
    variable,
)

TOKENS = ("A", "B", "C", "D")
ALPHABET = Alphabet()
CHARS = ALPHABET.encode(TOKENS)
TOKEN_BITS = math.log2(len(TOKENS))
LISTS = st.text(CHARS, max_size=6)
PATIENT = configured(CONFIG, None, ["induction.states=50000"])


def pieces(arity: int) -> st.SearchStrategy[Term]:
    """A constant token, or a short composition of head, tail and reverse on an argument."""
    token: st.SearchStrategy[Term] = st.sampled_from(TOKENS).map(lambda t: ("token", t))
    if not arity:
        return token
    short = st.sampled_from(transforms(CONFIG.induction.piece_depth)[:14])
    return token | st.builds(lambda t, i: t.term(variable(i)), short, st.integers(0, arity - 1))


def run(term: Term, arity: int) -> Callable[..., Value]:
    return compiled(Program(term, arity), ALPHABET)


def fits(term: Term, pairs: Sequence[Instance]) -> bool:
    function = run(term, len(pairs[0][0]))
    return all(function(*arguments) == output for arguments, output in pairs)


def pairs_of(term: Term, arguments: Sequence[tuple[str, ...]]) -> list[Instance]:
    function = run(term, len(arguments[0]))
    outputs = [function(*a) for a in arguments]
    return [(a, o) for a, o in zip(arguments, outputs, strict=True) if isinstance(o, str)]


@st.composite
def planted(draw: st.DrawFn) -> tuple[list[Term], list[tuple[str, ...]]]:
    """Up to four pieces of a concatenation, and one to five tuples of arguments."""
    arity = draw(st.integers(0, 2))
    parts = draw(st.lists(pieces(arity), max_size=4))
    return parts, draw(st.lists(st.tuples(*[LISTS] * arity), min_size=1, max_size=5))


@given(planted())
def test_every_induced_program_fits_all_its_pairs_at_its_stated_cost(drawn: tuple) -> None:
    pairs = pairs_of(concat(drawn[0]), drawn[1])
    found = induce(pairs, ALPHABET, len(TOKENS))
    assert len(dict.fromkeys(term for _, term in found)) == len(found) <= 3
    for cost, term in found:
        assert fits(term, pairs), show(term)
        assert cost == pytest.approx(bits(term, PRIORS) + TOKEN_BITS * len(constants(term)))
    assert all(one[0] <= two[0] for one, two in pairwise(found))


@given(planted())
def test_the_cheapest_program_is_never_dearer_than_the_planted_one(drawn: tuple) -> None:
    term = concat(drawn[0])
    pairs = pairs_of(term, drawn[1])
    cost = bits(term, PRIORS) + TOKEN_BITS * len(constants(term))
    assert induce(pairs, ALPHABET, len(TOKENS))[0][0] <= cost + 1e-9


@given(planted(), st.data())
def test_iterated_pieces_and_constants_of_other_words_are_counted_as_a_lexicon_counts_them(
    drawn: tuple, data: st.DataObject
) -> None:
    owned = data.draw(st.frozensets(st.sampled_from(TOKENS)))
    times = [data.draw(st.sampled_from((1, 1, 3, 5))) for _ in drawn[0]]
    term = concat([p if n == 1 else repeat(p, n) for p, n in zip(drawn[0], times, strict=True)])

    def cost(term: Term) -> float:
        again = PRIORS.reused_token * len(owned & set(constants(term)))
        return bits(term, PRIORS) + TOKEN_BITS * len(constants(term)) + again

    pairs = pairs_of(term, drawn[1])
    found = induce(pairs, ALPHABET, len(TOKENS), config=PATIENT, owned=owned)
    assert [each for each, _ in found] == pytest.approx([cost(term) for _, term in found])
    assert found[0][0] <= cost(term) + 1e-9


@pytest.mark.parametrize(
    ("shown", "pairs"),
    [
        ("nil", [("AB", ""), ("", "")]),
        ("x x", [("AB", "ABAB"), ("C", "CC")]),
        ("'D' x", [("AB", "DAB"), ("", "D")]),
        ("tail(x) head(x)", [("ABC", "BCA"), ("DA", "AD")]),
        ("reverse(x)", [("ABC", "CBA"), ("DA", "AD")]),
        ("(x)^8", [("AB", "AB" * 8), ("CAA", "CAA" * 8)]),
    ],
)
def test_what_two_examples_show_is_induced(shown: str, pairs: list[tuple[str, str]]) -> None:
    encoded = [((ALPHABET.encode([*a]),), ALPHABET.encode([*b])) for a, b in pairs]
    assert show(induce(encoded, ALPHABET, len(TOKENS))[0][1]) == shown


def test_nothing_is_induced_where_no_program_of_the_form_fits() -> None:
    a, b = ALPHABET.encode(["A"]), ALPHABET.encode(["B"])
    assert induce([((a,), a), ((a,), b)], ALPHABET, len(TOKENS)) == []
    assert induce_robustly([], ALPHABET, len(TOKENS)) == []


@settings(max_examples=60)
@given(
    st.lists(pieces(1), min_size=1, max_size=3),
    st.lists(st.text(CHARS, min_size=3, max_size=6), min_size=6, max_size=6, unique=True),
    st.integers(0, 5),
    st.sampled_from(CHARS),
)
def test_robust_induction_survives_one_wrong_pair_in_six(
    parts: list[Term], arguments: list[str], wrong: int, token: str
) -> None:
    pairs = pairs_of(concat(parts), [(a,) for a in arguments])
    right = [*pairs[:wrong], *pairs[wrong + 1 :]]
    pairs[wrong] = (pairs[wrong][0], pairs[wrong][1] + token)
    fitted, cost, best = induce_robustly(pairs, ALPHABET, len(TOKENS))[0]
    assert fitted == sum(fits(best, [pair]) for pair in pairs)
    assert cost == pytest.approx(bits(best, PRIORS) + TOKEN_BITS * len(constants(best)))
    half = pairs[3:] if wrong < 3 else pairs[:3]
    shown, term = induce(half, ALPHABET, len(TOKENS))[0]
    if fits(term, right):  # the three pairs without the wrong one tell the program
        assert fitted == len(pairs) or cost - 12.0 * fitted <= shown - 12.0 * len(right) + 1e-9


@given(planted())
def test_robust_induction_finds_what_induction_finds_where_nothing_is_wrong(drawn: tuple) -> None:
    pairs = pairs_of(concat(drawn[0]), drawn[1])
    found = induce_robustly(pairs, ALPHABET, len(TOKENS))
    assert [fitted for fitted, _, _ in found] == [len(pairs)] * len(found)
    assert [cost for _, cost, _ in found] == [
        cost for cost, _ in induce(list(dict.fromkeys(pairs)), ALPHABET, len(TOKENS))
    ]


@given(st.data(), st.lists(st.integers(1, 9), max_size=3))
def test_folding_repeats_preserves_the_meaning(data: st.DataObject, times: list[int]) -> None:
    parts: list[Term] = []
    for n in times:
        parts += data.draw(st.lists(pieces(2), max_size=3)) * n
    arguments = data.draw(st.tuples(LISTS, LISTS))
    folded = fold_repeats(parts)
    assert len(folded) <= len(parts)
    assert run(concat(folded), 2)(*arguments) == run(concat(parts), 2)(*arguments)
    assert bits(concat(folded), PRIORS) <= bits(concat(parts), PRIORS)


@pytest.mark.parametrize("arity", [1, 2])
def test_simple_programs_are_pairwise_different_and_sorted_by_bits(arity: int) -> None:
    programs = simple_programs(arity)
    costs = [bits(term, PRIORS) for term in programs]
    assert costs == sorted(costs)
    arguments = [
        (ALPHABET.encode(TOKENS[:n] * 2), ALPHABET.encode(TOKENS[::-1][:m]))
        for n in range(5)
        for m in range(5)
    ]
    behaviours = {tuple(run(term, arity)(*a[:arity]) for a in arguments): term for term in programs}
    assert len(behaviours) == len(programs)


def test_transforms_are_pairwise_different_and_sorted_by_bits() -> None:
    probes = ["abcdefghijkl"[:n] for n in range(13)]
    found = transforms(CONFIG.induction.piece_depth)
    assert len({tuple(t.apply(p) for p in probes) for t in found}) == len(found)
    assert [t.bits for t in found] == sorted(t.bits for t in found)
    for transform in found:
        function = run(transform.term(variable(0)), 1)
        assert [function(p) for p in probes] == [transform.apply(p) for p in probes]


@given(planted())
def test_what_is_induced_types_as_a_program_of_lists(drawn: tuple) -> None:
    pairs = pairs_of(concat(drawn[0]), drawn[1])
    for _, term in induce(pairs, ALPHABET, len(TOKENS)):
        signature = Program(term, len(pairs[0][0])).signature
        assert signature.applied([LIST] * len(pairs[0][0])) == LIST


@pytest.mark.parametrize("arity", [1, 2])
def test_simple_programs_type_as_programs_of_lists(arity: int) -> None:
    for term in simple_programs(arity):
        assert Program(term, arity).signature.applied([LIST] * arity) == LIST
