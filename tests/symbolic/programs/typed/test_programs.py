"""Programs mean what the table in ``terms`` says, halt, and cost what their description costs."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError, UnsupportedError
from abduce.symbolic.nsr.priors import PRIORS
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import (
    INTEGER,
    LIST,
    PRIMITIVES,
    Primitive,
    Table,
)
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import MAX_STEPS, MAX_TOKENS, TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import (
    Term,
    bits,
    concat,
    constants,
    numeral,
    numeral_value,
    of_reversed,
    repeat,
    repeated,
    reversal,
    show,
    variable,
)
from tests.strategies import OWN_WORD, TOKENS, programs

KINDS = (LIST, INTEGER, LIST)
VALUES = st.tuples(
    st.lists(st.sampled_from(TOKENS), max_size=4).map(tuple),
    st.integers(0, 4),
    st.lists(st.sampled_from(TOKENS), max_size=4).map(tuple),
)
KIND = st.sampled_from((LIST, INTEGER))
FEW_STEPS, FEW_TOKENS = 200, 2_000


def run(
    term: Term, arity: int, alphabet: Alphabet, own_word: str = "", table: Table = PRIMITIVES
) -> Callable[..., Any]:
    """The function of a term."""
    return compiled(Program(term, arity, table), alphabet, own_word)


class TooMuchWorkError(Exception):
    """The slow interpreter will not finish this one."""


def interpret(term: Term, arguments: Sequence[Any], states: tuple = ()) -> Any:
    """The table in ``terms``, one line a primitive; lists are tuples of tokens."""

    def sub(child: Term) -> Any:
        return interpret(child, arguments, states)

    match term:
        case ("variable", i):
            return arguments[i]
        case ("state", k):
            return states[k]
        case ("self",):
            return (OWN_WORD,)
        case ("token", token):
            return (token,)
        case ("nil",):
            return ()
        case ("append", a, b):
            return sub(a) + sub(b)
        case ("head", a):
            return sub(a)[:1]
        case ("tail", a):
            return sub(a)[1:]
        case ("reverse", a):
            return tuple(reversed(sub(a)))
        case ("zero",):
            return 0
        case ("number", n):
            return n
        case ("increment", a):
            return sub(a) + 1
        case ("decrement", a):
            return sub(a) - 1 if sub(a) else 0
        case ("if_zero", c, a, b):
            return sub(a) if sub(c) == 0 else sub(b)
        case ("iterate", n, f, a):
            state = sub(a)
            if sub(n) > FEW_STEPS:
                raise TooMuchWorkError
            for _ in range(sub(n)):
                state = interpret(f, arguments, (state, *states))
                if (len(state) if isinstance(state, tuple) else state) > FEW_TOKENS:
                    raise TooMuchWorkError
            return state
    raise AssertionError(term)


@given(st.data(), KIND, VALUES)
def test_compiled_terms_agree_with_a_naive_interpreter(
    data: st.DataObject, kind: str, arguments: tuple
) -> None:
    term = data.draw(programs(kind, KINDS, size=5))
    try:
        expected = interpret(term, arguments)
    except TooMuchWorkError:
        return
    alphabet = Alphabet()
    encoded = [alphabet.encode(a) if isinstance(a, tuple) else a for a in arguments]
    value = run(term, 3, alphabet, OWN_WORD)(*encoded)
    assert (alphabet.decode(value) if isinstance(value, str) else value) == expected


@given(st.data(), st.lists(VALUES.map(lambda values: values[0]), min_size=3, max_size=3))
def test_the_mirror_image_of_a_program_gives_the_mirror_image(
    data: st.DataObject, arguments: list[tuple]
) -> None:
    term = data.draw(programs(LIST, (LIST, LIST, LIST), size=5))
    turned = [argument[::-1] for argument in arguments]
    with suppress(TooMuchWorkError):
        assert interpret(reversal(term), arguments) == interpret(term, arguments)[::-1]
        assert interpret(of_reversed(term), arguments) == interpret(term, turned)
        assert interpret(reversal(reversal(term)), arguments) == interpret(term, arguments)


@given(st.data(), KIND, VALUES)
def test_every_program_halts_with_a_value_of_its_kind_or_as_too_large(
    data: st.DataObject, kind: str, arguments: tuple
) -> None:
    alphabet = Alphabet()
    function = run(data.draw(programs(kind, KINDS, size=3)), 3, alphabet, OWN_WORD)
    encoded = [alphabet.encode(a) if isinstance(a, tuple) else a for a in arguments]
    with suppress(TooLargeError):
        assert isinstance(function(*encoded), str if kind == LIST else int)


def test_a_list_that_doubles_again_and_again_is_too_large() -> None:
    double = ("append", ("state", 0), ("state", 0))
    term = ("iterate", variable(1), double, variable(0))
    alphabet = Alphabet()
    function = run(term, 2, alphabet)
    assert function(alphabet.encode(["p"]), 10) == alphabet.encode(["p"] * 1024)
    with pytest.raises(TooLargeError):
        function(alphabet.encode(["p"]), 100)
    assert function("", MAX_STEPS) == ""


def test_too_many_steps_are_too_large() -> None:
    count = run(("iterate", variable(0), ("increment", ("state", 0)), numeral(0)), 1, Alphabet())
    assert count(MAX_STEPS) == MAX_STEPS
    with pytest.raises(TooLargeError):
        count(MAX_STEPS + 1)


def test_a_list_repeated_beyond_the_limit_is_too_large() -> None:
    function = run(repeat(variable(0), 150), 1, Alphabet())
    with pytest.raises(TooLargeError):
        function("p" * (MAX_TOKENS // 100))


@pytest.mark.parametrize("length", [300, 3_000])
def test_long_programs_compile(length: int) -> None:
    alphabet = Alphabet()
    constant = run(concat([("token", TOKENS[0])] * length), 0, alphabet)
    assert constant() == alphabet.encode(TOKENS[:1] * length)


@given(st.integers(0, 40))
def test_numerals_denote_their_number(n: int) -> None:
    assert numeral_value(numeral(n)) == n
    assert run(numeral(n), 0, Alphabet())() == n
    assert show(numeral(n)) == str(n)


def test_numerals_cost_the_logarithm_of_their_number() -> None:
    costs = [bits(numeral(n), PRIORS) for n in range(600)]
    assert costs == sorted(costs)
    assert costs[511] <= costs[0] + 2 * 9


@given(st.data(), KIND)
def test_a_term_costs_more_than_its_parts_together(data: st.DataObject, kind: str) -> None:
    term = data.draw(programs(kind, KINDS))
    if numeral_value(term) is None:
        assert bits(term, PRIORS) > sum(bits(c, PRIORS) for c in term[1:] if isinstance(c, tuple))


@settings(max_examples=60)
@given(st.data(), st.integers(0, 4))
def test_repeats_mean_the_block_in_a_row(data: st.DataObject, times: int) -> None:
    block = data.draw(programs(LIST, (LIST,), size=3))
    argument = data.draw(st.lists(st.sampled_from(TOKENS), max_size=4).map(tuple))
    alphabet = Alphabet()
    term = repeat(block, times)
    if repeated(term) is not None:
        assert repeated(term) == (block, times)
    once = run(block, 1, alphabet, OWN_WORD)(alphabet.encode(argument))
    assert run(term, 1, alphabet, OWN_WORD)(alphabet.encode(argument)) == once * times


def test_a_repeat_of_a_repeat_is_a_repeat() -> None:
    inner = concat([repeat(variable(0), 4), variable(1)])
    assert repeated(repeat(inner, 3)) == (inner, 3)
    assert show(repeat(inner, 3)) == "((x)^4 y)^3"


@given(st.lists(st.sampled_from(TOKENS), max_size=6))
def test_constants_are_listed_once_an_occurrence(tokens: list[str]) -> None:
    parts: list[Term] = [("token", t) for t in tokens]
    assert constants(concat([variable(0), *parts, repeat(variable(1), 2)])) == tuple(tokens)


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (concat([]), "nil"),
        (concat([("token", "JUMP"), variable(0), ("self",)]), "'JUMP' x self"),
        (("reverse", concat([variable(0), variable(7)])), "reverse(x x7)"),
        (("increment", variable(1)), "y + 1"),
        (("if_zero", numeral(0), ("head", variable(0)), ("nil",)), "if_zero(0, head(x), nil)"),
        (repeat(concat([variable(1), variable(0)]), 4), "(y x)^4"),
        (("iterate", variable(1), ("tail", ("state", 0)), variable(0)), "iterate(y, tail(s), x)"),
    ],
)
def test_terms_are_shown_as_a_person_reads_them(term: Term, shown: str) -> None:
    assert show(term) == shown


def test_a_library_of_programs_is_a_longer_table() -> None:
    alphabet = Alphabet()
    twice = run(concat([variable(0), variable(0)]), 1, alphabet)
    table = {**PRIMITIVES, "twice": Primitive((LIST,), LIST, "call", twice)}
    term: Term = ("twice", ("twice", variable(0)))
    assert run(term, 1, alphabet, table=table)(alphabet.encode(["p"])) == alphabet.encode(["p"] * 4)
    assert bits(term, PRIORS, table) == 2 * PRIORS.call + PRIORS.variable
    assert show(term) == "twice(twice(x))"
    with pytest.raises(InputError, match="'twice'"):
        Program(term, 1)


def test_more_tokens_than_there_are_characters_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Alphabet, "BEYOND", Alphabet.FIRST + 3)
    alphabet = Alphabet()
    alphabet.encode(("a", "b", "c", "a"))
    with pytest.raises(UnsupportedError, match="more than 3 different tokens"):
        alphabet.encode(("a", "d"))


@pytest.mark.parametrize("depth", [1, 3])
def test_steps_within_steps_are_counted_together(depth: int) -> None:
    term: Term = ("increment", ("state", 0))
    for _ in range(depth):
        term = ("iterate", variable(0), term, ("state", 0))
    count = run(("iterate", ("number", 1), term, ("zero",)), 1, Alphabet())
    assert count(10) == 10**depth
    with pytest.raises(TooLargeError):
        count(MAX_STEPS)


def test_lists_of_lists_end_before_they_fill_the_memory() -> None:
    double = variable(0)
    for _ in range(12):
        double = ("reverse", ("append", double, double))
    function = run(double, 1, Alphabet())
    assert len(str(function("ab"))) == 2 << 12
    with pytest.raises(TooLargeError):
        function("a" * (MAX_TOKENS // 100))


@given(st.lists(st.text(max_size=3)))
def test_what_an_alphabet_encodes_it_decodes(tokens: list[str]) -> None:
    alphabet = Alphabet()
    encoded = alphabet.encode(tokens)
    assert alphabet.decode(encoded) == tuple(tokens)
    assert len(encoded) == len(tokens)
    assert len(set(encoded)) == len(set(tokens)) == len(alphabet.tokens)
