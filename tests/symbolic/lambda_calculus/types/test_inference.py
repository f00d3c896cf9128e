"""Principal types."""

import pytest
from hypothesis import given

from abduce.symbolic.lambda_calculus import (
    Term,
    Typing,
    Untypable,
    application,
    parse,
    principal_type,
)
from abduce.symbolic.lambda_calculus.types.inference import TypeTooLarge
from tests.lambda_terms import terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\x. x", "a -> a"),
        ("\\x y. x", "a -> b -> a"),
        ("\\x y z. x z (y z)", "(a -> b -> c) -> (a -> b) -> a -> c"),
        ("\\f g x. f (g x)", "(a -> b) -> (c -> a) -> c -> b"),
        ("2", "(a -> a) -> a -> a"),
        ("true", "a -> b -> a"),
        ("\\n f x. f (n f x)", "((a -> b) -> c -> a) -> (a -> b) -> c -> b"),
        ("i = \\x. x\ni i", "a -> a"),
        ("f x x", "f : a -> a -> b, x : a |- b"),
        ("\\x. y", "y : a |- b -> a"),
    ],
)
def test_principal_types_are_the_known_ones(text: str, expected: str) -> None:
    assert str(principal_type(parse(text))) == expected


@pytest.mark.parametrize(
    ("text", "position"),
    [("\\x. x x", 1), ("(\\x. x x) (\\x. x x)", 6), ("\\f. f (\\x. x f) f", 2)],
)
def test_self_application_has_no_type(text: str, position: int) -> None:
    found = principal_type(parse(text))
    assert isinstance(found, Untypable)
    assert found.position == position


def test_types_of_exponential_size_are_not_written() -> None:
    text = "x0"
    for _ in range(60):
        text = f"(\\x. \\s. s x x) ({text})"
    assert principal_type(parse(text), 10_000) == TypeTooLarge(10_000)


@given(terms(size=12), terms(size=12))
def test_parts_of_what_has_a_type_have_one(first: Term, second: Term) -> None:
    if isinstance(principal_type(application(first, second)), Typing):
        assert isinstance(principal_type(first), Typing)
        assert isinstance(principal_type(second), Typing)
