"""The engines against a naive reducer and against each other, and the laws of reduction."""

import gc
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.errors import InputError, MissingExtraError, UnsupportedError
from abduce.symbolic.lambda_calculus import (
    STRATEGIES,
    Limits,
    NormalForm,
    OutOfFuel,
    Strategy,
    Term,
    TooLarge,
    Typing,
    normal_form,
    parse,
    principal_type,
    steps,
)
from abduce.symbolic.lambda_calculus.reduction import compiled, reduction
from abduce.symbolic.lambda_calculus.reduction.outcomes import Engine
from abduce.symbolic.lambda_calculus.reduction.steps import contract, redexes
from tests.lambda_terms import reduce_naively, terms

ENGINES: Sequence[Engine] = ("plain", "compiled")
OMEGA = parse("(\\x. x x) (\\x. x x)")
GROWING = parse("(\\x. x x x) (\\x. x x x)")
HVM_44 = parse("(\\a. a (\\b. (\\c d. b (c d)) a)) (\\e. e e)")
"""Higher-Order Virtual Machine 1, issue 44: optimal reduction without an oracle gets it wrong."""


@given(terms(), st.sampled_from(STRATEGIES))
def test_the_plain_engine_agrees_with_naive_substitution(term: Term, strategy: Strategy) -> None:
    wanted = reduce_naively(term, strategy)
    if wanted is None:
        return
    found = normal_form(term, strategy, engine="plain")
    assert isinstance(found, NormalForm)
    assert found.term == wanted[0]
    assert found.beta == wanted[1] if strategy == "applicative" else found.beta <= wanted[1]


@given(terms(), st.sampled_from(STRATEGIES))
def test_steps_agree_with_naive_substitution(term: Term, strategy: Strategy) -> None:
    wanted = reduce_naively(term, strategy)
    if wanted is None:
        return
    taken = list(steps(term, strategy))
    assert len(taken) == wanted[1]
    assert (taken[-1].after if taken else term) == wanted[0]


@given(terms(size=40))
def test_both_engines_take_the_same_steps(term: Term) -> None:
    plain, compiled = (normal_form(term, fuel=300, engine=engine) for engine in ENGINES)
    assert type(plain) is type(compiled)
    assert plain.beta == compiled.beta
    if isinstance(plain, NormalForm) and isinstance(compiled, NormalForm):
        assert plain.term == compiled.term
        assert plain.term.binders == compiled.term.binders


@given(terms(size=40))
def test_arrays_of_the_compiled_engine_grow_from_next_to_nothing(term: Term) -> None:
    wanted = normal_form(term, fuel=300, engine="compiled")
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("FIRST_HEAP", 4), ("FIRST_STACK", 2), ("FIRST_CODES", 4)):
            patch.setattr(compiled, name, size)
        assert normal_form(term, fuel=300, engine="compiled") == wanted


@settings(max_examples=10, deadline=None)
@given(st.lists(terms(size=40), min_size=5, max_size=5), st.sampled_from(STRATEGIES))
def test_the_plain_engine_makes_no_cycles(several: list[Term], strategy: Strategy) -> None:
    limits = Limits(fuel=300, nodes=10_000, cells=10**6)
    wanted = gc.isenabled()
    gc.disable()
    gc.freeze()  # what was there before is not looked at
    try:
        for term in several:
            normal_form(term, strategy, engine="plain", limits=limits)
        assert gc.collect() == 0
    finally:
        gc.unfreeze()
        if wanted:
            gc.enable()


@given(terms())
def test_normal_and_applicative_order_end_in_one_term(term: Term) -> None:
    """Confluence."""
    applicative = normal_form(term, "applicative", 300, limits=Limits(nodes=10_000, cells=10**6))
    if isinstance(applicative, NormalForm):
        normal = normal_form(term, fuel=applicative.beta + 1000)
        assert isinstance(normal, NormalForm)
        assert normal.term == applicative.term


@given(terms(), st.data())
def test_any_step_leaves_the_normal_form_as_it_is(term: Term, data: st.DataObject) -> None:
    wanted = normal_form(term, fuel=200)
    found = redexes(term.codes)
    if isinstance(wanted, NormalForm) and found:
        after = normal_form(contract(term, data.draw(st.sampled_from(found))), fuel=2000)
        assert isinstance(after, NormalForm)
        assert after.term == wanted.term


@given(terms())
def test_eta_is_confluent_and_counted(term: Term) -> None:
    found = normal_form(term, fuel=200, eta=True)
    bare = normal_form(term, fuel=200)
    if isinstance(found, NormalForm) and isinstance(bare, NormalForm) and bare.term.size < 500:
        taken = list(steps(bare.term, eta=True))
        assert {step.rule for step in taken} <= {"eta"}
        assert (taken[-1].after if taken else bare.term) == found.term
        assert len(taken) == found.eta


@given(terms(size=15), terms(size=15))
def test_eta_ends_in_a_term_without_redexes(first: Term, second: Term) -> None:
    found = normal_form(parse(f"\\q. ({first}) (\\w. ({second}) w) q"), fuel=200, eta=True)
    if isinstance(found, NormalForm):
        assert list(steps(found.term, eta=True)) == []


CHURCH = """
mul = \\m n f. m (n f)
succ = \\n f x. f (n f x)
pred = \\n f x. n (\\g h. h (g f)) (\\u. x) (\\u. u)
zero = \\n. n (\\x. false) true
pair = \\a b s. s a b
Y = \\f. (\\x. f (x x)) (\\x. f (x x))
ack = \\m. m (\\g n. n g (g 1)) succ
step = \\p. pair (succ (p true)) (mul (p true) (p false))
fact = \\n. n step (pair 1 1) false
recursive = Y (\\r n. zero n 1 (mul n (r (pred n))))
"""
VALUES = (
    ("10 2", 1024),
    ("mul (mul 5 5) 5", 125),
    ("fact 5", 120),
    ("ack 2 3", 9),
    ("recursive 4", 24),
)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "value"), VALUES)
def test_church_arithmetic(text: str, value: int, engine: Engine) -> None:
    found = normal_form(parse(CHURCH + text), engine=engine)
    assert isinstance(found, NormalForm)
    assert found.term == parse(str(value))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_clone_may_clone_its_clone(engine: Engine) -> None:
    found = normal_form(HVM_44, engine=engine)
    assert isinstance(found, NormalForm)
    assert found.term == parse("\\x y. x x (y y)")
    assert found.beta == 8


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_not_needed_is_not_reduced(engine: Engine) -> None:
    found = normal_form(parse(f"(\\x y. x) (\\x. x) ({OMEGA})"), engine=engine)
    assert isinstance(found, NormalForm)
    assert (found.term, found.beta) == (parse("\\x. x"), 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_used_twice_is_reduced_once(engine: Engine) -> None:
    found = normal_form(parse("(\\x. y x x x x) (8 2 f z)"), engine=engine)
    alone = normal_form(parse("8 2 f z"), engine=engine)
    assert isinstance(found, NormalForm)
    assert isinstance(alone, NormalForm)
    assert found.beta == alone.beta + 1
    assert found.term.size == 4 * alone.term.size + 5


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("fuel", [0, 1, 999, 100_000])
def test_reduction_without_end_stops_when_fuel_is_spent(strategy: Strategy, fuel: int) -> None:
    assert normal_form(OMEGA, strategy, fuel) == OutOfFuel(fuel, "fuel", "plain")
    if strategy == "normal":
        spent = normal_form(OMEGA, strategy, fuel, engine="compiled")
        assert spent == OutOfFuel(fuel, "fuel", "compiled")


@given(terms())
def test_fuel_is_enough_or_not(term: Term) -> None:
    whole = normal_form(term, fuel=200)
    if isinstance(whole, NormalForm):
        assert normal_form(term, fuel=whole.beta) == whole
        if whole.beta:
            spent = normal_form(term, fuel=whole.beta - 1)
            assert spent == OutOfFuel(whole.beta - 1, "fuel", "plain")


@pytest.mark.parametrize("engine", ENGINES)
def test_time_is_enough_or_not(engine: Engine) -> None:
    limits = Limits(fuel=10**12, deadline=clock.wall_s())
    found = normal_form(OMEGA, engine=engine, limits=limits)
    assert isinstance(found, OutOfFuel)
    assert found.reason == "time"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_results_of_exponential_size_are_not_written(strategy: Strategy) -> None:
    doubling = "(\\d. " + "d (" * 60 + "z" + ")" * 60 + ") (\\x. y x x)"
    found = normal_form(parse(doubling), strategy, limits=Limits(nodes=100_000, cells=2_000_000))
    if strategy in ("head", "weak-head"):  # arguments are left as they are
        assert isinstance(found, NormalForm)
    else:
        assert isinstance(found, TooLarge)
    numeral = normal_form(parse("40 2 f x"), strategy, limits=Limits(nodes=1000, cells=100_000))
    assert strategy in ("head", "weak-head") or isinstance(numeral, TooLarge)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_heap_of_exponential_size_is_not_kept(engine: Engine) -> None:
    found = normal_form(GROWING, engine=engine, limits=Limits(fuel=10**9, cells=200_000))
    assert isinstance(found, TooLarge)
    assert (found.what, found.limit) == ("heap", 200_000)


def test_compiled_garbage_is_collected() -> None:
    limits = Limits(fuel=3_000_000, cells=500_000)
    found = normal_form(OMEGA, engine="compiled", limits=limits)
    assert found == OutOfFuel(limits.fuel, "fuel", "compiled")


def test_long_reductions_go_over_to_the_compiled_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(plain_steps=1000)
    assert normal_form(parse("9 2"), limits=limits).engine == "plain"
    assert normal_form(parse("11 2"), limits=limits).engine == "compiled"
    monkeypatch.setattr(reduction, "has_numba", lambda: False)
    assert normal_form(parse("11 2"), limits=limits).engine == "plain"
    with pytest.raises(MissingExtraError, match="abduce\\[fast\\]"):
        normal_form(parse("x"), engine="compiled")


def test_wrong_wishes_are_refused() -> None:
    term = parse("x")
    with pytest.raises(InputError, match="the strategy 'lazy', expected one of applicative"):
        normal_form(term, "lazy")  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="eta with the strategy head"):
        normal_form(term, "head", eta=True)
    with pytest.raises(InputError, match="fuel -1"):
        normal_form(term, fuel=-1)
    with pytest.raises(UnsupportedError, match="the strategy head"):
        normal_form(term, "head", engine="compiled")


@given(terms(closed=True))
def test_steps_keep_types(term: Term) -> None:
    """Subject reduction: what has a type keeps it, though it may become more general."""
    before = principal_type(term)
    if isinstance(before, Typing):
        found = normal_form(term)  # a typed term has a normal form
        assert isinstance(found, NormalForm)
        after = principal_type(found.term)
        assert isinstance(after, Typing)
        assert is_instance(before.type.code, after.type.code)


def is_instance(special: Sequence[int], general: Sequence[int]) -> bool:
    """Whether a type is another one with types put in for variables."""
    put_in: dict[int, tuple[int, ...]] = {}

    def end(at: int) -> int:
        return at + 1 if special[at] else end(end(at + 1))

    at = 0
    for code in general:
        if code == 0:
            if special[at]:
                return False
            at += 1
        else:
            part = tuple(special[at : end(at)])
            if put_in.setdefault(code, part) != part:
                return False
            at += len(part)
    return True


@given(terms())
def test_marked_redexes_are_the_ones_contracted(term: Term) -> None:
    for step, _ in zip(steps(term), range(5), strict=False):
        text = step.text
        assert (text.count("["), text.count("]")) == (1, 1)
        assert parse(text.replace("[", "(").replace("]", ")")) == step.before
        inside = re.search("\\[(.*)\\]", text)
        assert inside is not None
        assert len(redexes(parse(inside[1]).codes)) >= 1
