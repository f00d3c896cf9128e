"""Terms a million deep: nothing recurses, and nothing is quadratic."""

import pickle
import sys
from collections.abc import Callable

import pytest

from abduce.symbolic.lambda_calculus import (
    STRATEGIES,
    NormalForm,
    Strategy,
    Term,
    Typing,
    application,
    de_bruijn,
    encode,
    from_tokens,
    normal_form,
    parse,
    principal_type,
    readings,
    tokens,
)
from abduce.symbolic.lambda_calculus.eta import eta_normal
from abduce.symbolic.lambda_calculus.outcomes import Engine
from abduce.symbolic.lambda_calculus.steps import contract
from tests.work import lines

DEEP = 1_000_000

SHAPES: dict[str, Callable[[int], Term]] = {
    "left spine": lambda n: Term.of([0] * n + [-1] + [-2] * n, ["x", "a"]),
    "right spine": lambda n: Term.of([0, -1] * n + [-2], ["f", "x"]),
    "nested identity": lambda n: Term.of([0, 1, 2] * n + [-1], ["y"]),
    "binders": lambda n: Term.of([1] * n + [2]),
}


@pytest.fixture(params=SHAPES)
def deep(request: pytest.FixtureRequest) -> Term:
    return SHAPES[request.param](DEEP)


@pytest.fixture(autouse=True)
def shallow_python() -> None:
    assert sys.getrecursionlimit() <= 1000 + 10_000


@pytest.mark.slow
def test_deep_terms_are_written_and_read(deep: Term) -> None:
    assert parse(str(deep)) == deep
    assert parse(de_bruijn(deep), indices=True) == deep
    assert from_tokens(tokens(deep)) == deep
    assert from_tokens(tokens(deep, named=True), named=True) == deep
    assert pickle.loads(pickle.dumps(deep)) == deep
    assert hash(deep) == hash(Term(deep.code, deep.free, ()))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["plain", "compiled"])
def test_deep_terms_are_reduced(deep: Term, engine: Engine) -> None:
    found = normal_form(deep, engine=engine)
    assert isinstance(found, NormalForm)
    assert found.term.size == deep.size if found.beta == 0 else found.term == parse("y")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_twice_as_deep_is_twice_the_work(shape: str, strategy: Strategy) -> None:
    """Printed, read and reduced on the plain engine; the depth at which work would double is far
    below that of the other tests, for lines are counted one by one."""
    work = []
    for depth in (2_000, 4_000):
        term = SHAPES[shape](depth)
        _, count = lines(lambda term=term: parse(str(term)))
        _, reducing = lines(lambda term=term: normal_form(term, strategy, engine="plain"))
        work.append(count + reducing)
    assert work[1] < 2.2 * work[0]


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["applicative", "head", "weak-head"])
def test_deep_terms_are_reduced_by_every_strategy(deep: Term, strategy: Strategy) -> None:
    found = normal_form(deep, strategy)
    assert isinstance(found, NormalForm)
    assert found.beta in (0, DEEP)


@pytest.mark.slow
def test_deep_terms_have_types(deep: Term) -> None:
    found = principal_type(deep, largest=10 * DEEP)
    assert isinstance(found, Typing)
    assert str(found)


@pytest.mark.slow
def test_deep_terms_are_stepped_and_joined(deep: Term) -> None:
    redex = application(parse("\\x. x"), deep)
    assert contract(redex, 0) == deep
    codes, numbers, steps = eta_normal([1, 0] * DEEP + [-1] + [2] * DEEP, list(range(DEEP)))
    assert (codes, numbers, steps) == ([-1], [], DEEP)


@pytest.mark.slow
def test_large_values_are_encoded_and_read() -> None:
    for encoding in ("church", "scott"):
        assert readings(encode(DEEP, encoding), encoding)["int"] == DEEP
        values = list(range(100)) * 100
        assert readings(encode(values, encoding), encoding)["list"] == values


@pytest.mark.parametrize("shape", SHAPES)
def test_terms_much_deeper_than_pythons_stack(shape: str) -> None:
    term = SHAPES[shape](20_000)
    assert parse(str(term)) == term
    for engine in ("plain", "compiled"):
        assert isinstance(normal_form(term, engine=engine), NormalForm)
    for strategy in ("applicative", "head", "weak-head"):
        assert isinstance(normal_form(term, strategy), NormalForm)
    assert isinstance(principal_type(term), Typing)
