"""Expressions over quantities: text, values and normal forms agree; quantities are read from text;
equations become expressions or are refused with a reason."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.grammars import Tree, parse, sample, text
from abduce.grammars.arithmetic.equations import Refused, expression_of
from abduce.grammars.arithmetic.expressions import (
    CONSTANTS,
    MOST_NODES,
    decimal,
    expressions,
    shown,
    value,
)
from abduce.grammars.arithmetic.normal import normal
from abduce.grammars.arithmetic.number_words import UNITS, leading
from abduce.grammars.arithmetic.quantities import quantities

NUMBERS = [Fraction(n) for n in (3, 7, 11, 19)]
TREES = st.integers(0, 2**32).map(
    lambda seed: sample(expressions(4), Random(seed), max_nodes=MOST_NODES)
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


@given(TREES)
def test_printed_expressions_mean_what_the_tree_does(tree: Tree) -> None:
    """Python, which knows nothing of the grammar, computes the text of a tree."""
    grammar = expressions(4)
    assert parse(grammar, text(grammar, tree)) == tree
    written = shown(tree, [f"Q{i}" for i in range(4)])
    for name, number in CONSTANTS.items():
        assert Fraction(name.removeprefix("constant")) == number
    source = " ".join(
        part if not part.strip("()").replace(".", "").isdigit() else _fraction(part)
        for part in written.split(" ")
    )
    try:
        found = eval(source, {f"Q{i}": n for i, n in enumerate(NUMBERS)} | {"F": Fraction})
    except ZeroDivisionError:
        found = None
    assert value(tree, NUMBERS) == found


def _fraction(part: str) -> str:
    number = part.strip("()")
    return part.replace(number, f"F('{number}')")


@given(TREES)
def test_a_normal_form_is_its_own_and_has_the_same_value(tree: Tree) -> None:
    found = normal(tree)
    assert normal(found) == found
    before = value(tree, NUMBERS)
    if before is not None:
        assert value(found, NUMBERS) == before


@given(TREES, st.randoms())
def test_the_order_of_operands_does_not_change_the_normal_form(tree: Tree, rng: Random) -> None:
    def mixed(node: Tree) -> Tree:
        children = [mixed(child) for child in node[1:]]
        if node[0] in ("add", "multiply") and rng.random() < 0.5:
            children.reverse()
        return (node[0], *children)

    assert normal(mixed(tree)) == normal(tree)


@given(TREES)
def test_an_equation_that_is_written_from_a_tree_is_read_as_its_normal_form(tree: Tree) -> None:
    """The four quantities have values that no constant has."""
    known = quantities("17 , 23 , 29 and 31")
    written = shown(tree, [str(q.value) for q in known])
    read = expression_of(f"x = {written}", known)
    assert read == normal(tree)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("nineteen", 19), ("forty-two", 42), ("one hundred", 100), ("a hundred", 100),
        ("two hundred and five", 205), ("three thousand four hundred", 3400),
        ("one million two hundred thousand", 1_200_000), ("half a dozen", 6), ("a dozen", 12),
        ("two thirds", Fraction(2, 3)), ("one half", Fraction(1, 2)), ("three quarters", 3),
        ("two and a half", Fraction(5, 2)), ("twice", 2), ("one-fourth", Fraction(1, 4)),
    ],
)  # fmt: skip
def test_number_words_are_read(words: str, number: Fraction | int) -> None:
    assert quantities(f"There are {words} of them.")[0].value == number


@given(st.integers(0, 999))
def test_every_number_below_a_thousand_is_read_from_its_words(number: int) -> None:
    assert leading(_words(number).split()) == (number, len(_words(number).split()))


def _words(number: int) -> str:
    small = {n: word for word, n in UNITS.items() if n < 20}
    if number < 20:
        return small[number]
    if number < 100:
        return f"{TENS[number // 10]} {small[number % 10] if number % 10 else ''}".strip()
    rest = f" and {_words(number % 100)}" if number % 100 else ""
    return f"{small[number // 100]} hundred{rest}"


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.randoms())
def test_numbers_keep_their_values_and_places(numbers: list[int], rng: Random) -> None:
    written = [rng.choice((str(n), f"{n:,}", f"${n}", f"{n}.5")) for n in numbers]
    story = "He saw " + " of them, and ".join(written) + " in all."
    found = quantities(story)
    values = [Fraction(w.strip("$").replace(",", "")) for w in written]
    assert [q.value for q in found] == values
    for quantity, text_ in zip(found, written, strict=True):
        assert story[quantity.start : quantity.end] == text_.strip("$")


def test_what_is_no_quantity_is_not_read() -> None:
    for story in ("the 3rd of May", "his h8 grew", "the third day", "a tense tent", "10/0 of it"):
        assert quantities(story) == (), story
    assert [q.value for q in quantities("3 1/2 cups, 1/4 and -5 , 20-30")] == [
        Fraction(7, 2), Fraction(1, 4), -5, 20, 30,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("equation", "reason"),
    [
        ("", "no equation"), ("x+3=7", "unknown alone"), ("x=3+31", "neither in the text"),
        ("x=3**7", "not arithmetic"), ("x=(3+7", "not arithmetic"), ("x=3+7)", "not arithmetic"),
        ("x=3 7", "not arithmetic"), ("x=-3", "not arithmetic"), ("x=3=7", "not arithmetic"),
        ("x=3^7", "not arithmetic"), ("x=" + "+".join(["3"] * 17), "sixteen numbers"),
        ("3=7", "unknown alone"), ("x=y", "unknown alone"), ("x=3+", "not arithmetic"),
        ("x=()", "not arithmetic"),
    ],
)  # fmt: skip
def test_equations_that_do_not_fit_are_refused(equation: str, reason: str) -> None:
    found = expression_of(equation, quantities("3 boxes of 7"))
    assert isinstance(found, Refused)
    assert reason in found.reason


@given(st.text("x=3+-*/().7 ", max_size=20))
def test_no_text_of_an_equation_breaks_the_reader(equation: str) -> None:
    expression_of(equation, quantities("3 boxes of 7"))


def test_equal_numbers_are_used_in_turn() -> None:
    known = quantities("2 boxes of 2, and 1/3 more")
    assert expression_of("2+2=x", known) == ("add", ("quantity0",), ("quantity1",))
    assert expression_of("0.3333", known) == ("quantity2",)


def test_a_text_has_a_limited_number_of_quantities() -> None:
    with pytest.raises(InputError, match="65 quantities in a text, expected at most 64"):
        expressions(65)


@given(st.fractions(max_denominator=1000))
def test_decimals_are_exact_or_marked(number: Fraction) -> None:
    written = decimal(number)
    near = Fraction(written.removeprefix("≈"))
    assert (near == number) == (not written.startswith("≈"))
    assert abs(near - number) <= Fraction(1, 10**6)
