"""Functional programs from examples: what is found explains them, and bad input is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.examples import (
    FunctionalExample,
    is_functional,
    read_functional_task,
)
from abduce.symbolic.synthesis.functional.primitives import primitives_of
from abduce.symbolic.synthesis.functional.synthesise import (
    FunctionFound,
    NoFunction,
    synthesise_function,
)
from abduce.symbolic.synthesis.functional.types import read_signature

QUICK = FunctionalBudget(programs=150_000, patience=0)
LISTS = [(3, 1, 2), (), (5,), (4, 9, 4, 0), (8, 2, 6, 7, 5), (2, 2), (0, 7, 1)]
UNSEEN = [(9, 8, 1, 7), (6, 3), (1, 1, 1, 5, 2, 0), (4,)]
FULL = [xs for xs in LISTS if xs]


def found_for(
    function: Callable[..., Any], inputs: list, budget: FunctionalBudget = QUICK
) -> FunctionFound:
    examples = [FunctionalExample((x,), function(x)) for x in inputs]
    found = synthesise_function(examples, budget=budget)
    assert isinstance(found, FunctionFound), found
    return found


FUNCTIONS: dict[str, tuple[Callable[[Any], Any], list]] = {
    "negated": (lambda xs: tuple([-x for x in xs]), LISTS),
    "without the large": (lambda xs: tuple([x for x in xs if x < 5]), LISTS),
    "numbered": (lambda xs: tuple([x + i for i, x in enumerate(xs)]), LISTS),
    "sum of squares": (lambda xs: sum([x * x for x in xs]), LISTS),
    "count of fives and more": (lambda xs: sum([x > 4 for x in xs]), LISTS),
    "whether all are below nine": (lambda xs: all(x < 9 for x in xs), LISTS),
    "added to the head": (lambda xs: tuple([x + xs[0] for x in xs]), LISTS),
    "framed": (lambda xs: (1, *xs, 2), LISTS),
    "the ends exchanged": (lambda xs: (xs[-1], *xs[1:-1], xs[0]), [xs for xs in FULL if xs[1:]]),
    "which are even": (lambda xs: tuple([x % 2 == 0 for x in xs]), LISTS),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_found_that_is_right_on_unseen_lists(name: str) -> None:
    function, inputs = FUNCTIONS[name]
    program = found_for(function, inputs).program
    for xs in [xs for xs in UNSEEN if len(xs) > 1 or name != "the ends exchanged"]:
        assert program.run(xs) == function(xs), str(program)


def test_a_conditional_covers_what_no_single_expression_does() -> None:
    program = found_for(lambda x: 0 if x < 3 else x * x, [0, 1, 2, 3, 4, 7, 9, 5]).program
    assert program.term[0] == "if"
    assert program.run(6) == 36


def test_examples_are_the_oracle_of_a_recursion() -> None:
    chain = [(), (2,), (2, 5), (2, 5, 3), (2, 5, 3, 7)]

    def digits(xs: tuple[int, ...]) -> int:
        total = 0
        for x in xs:
            total = 3 * total + x
        return total

    program = found_for(digits, chain).program
    assert program.run((1, 1, 1)) == 13
    assert program.term[0] == "fold"


def test_strings_are_put_together() -> None:
    texts = ["ada lovelace", "alan turing", "grace hopper", "kurt goedel"]
    program = found_for(lambda text: text.split(" ")[1] + ", " + text.split(" ")[0], texts).program
    assert program.run("emmy noether") == "noether, emmy"


def test_two_arguments_and_lists_of_lists() -> None:
    pairs = [(2, (1, 2, 3, 4)), (1, (5, 6, 7)), (0, (4, 5)), (3, (7, 8, 9, 0, 2)), (1, (3, 9))]
    examples = [FunctionalExample((n, xs), xs[n:] + xs[:n]) for n, xs in pairs]
    found = synthesise_function(examples, budget=QUICK)
    assert isinstance(found, FunctionFound)
    assert found.program.run(2, (6, 5, 4, 3)) == (4, 3, 6, 5)
    nested = [((1, 2), (3,)), ((4,),), (), ((), (5, 6, 7))]
    lengths = found_for(lambda xss: tuple([len(xs) for xs in xss]), nested).program
    assert lengths.run(((1, 1, 1), ())) == (3, 0)


@settings(max_examples=8)
@given(
    st.dictionaries(
        st.lists(st.integers(-20, 20), max_size=5).map(tuple),
        st.integers(-20, 20),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_found_explains_all_examples(pairs: dict[tuple[int, ...], int]) -> None:
    examples = [FunctionalExample((xs,), y) for xs, y in pairs.items()]
    budget = FunctionalBudget(programs=2_000)
    found = synthesise_function(examples, read_signature("[int] -> int"), budget=budget)
    if isinstance(found, FunctionFound):
        for program in found.fits:
            assert [program.run(*e.arguments) for e in examples] == list(pairs.values())
        costs = [program.bits for program in found.fits]
        assert costs == sorted(costs)
    else:
        assert found.reason


def test_the_search_is_deterministic() -> None:
    runs = [found_for(lambda xs: xs[::-1] + xs[:1], FULL) for _ in range(2)]
    assert runs[0].tried == runs[1].tried
    assert [str(p) for p in runs[0].fits] == [str(p) for p in runs[1].fits]


def test_a_search_ends_at_its_limit_and_names_it() -> None:
    examples = [FunctionalExample((n,), (7919 * n * n + 104729) % 1299709) for n in range(12)]
    found = synthesise_function(examples, budget=FunctionalBudget(programs=3_000))
    assert isinstance(found, NoFunction)
    assert "3,000 programs" in found.reason


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"examples": [[[[1]], 2], [[[3]], 4], [[[1]], 5]]}', "examples 1 and 3.*contradict"),
        ('{"examples": [[[[1]], 2], [[["a"]], 4]]}', "argument 1 .* example 1 .* example 2"),
        ('{"examples": [[[[1]], 2], [[[2]], true]]}', "the value is 2 in example 1"),
        ('{"examples": [[[[1]], 2], [[[2], 1], 3]]}', r"2 argument\(s\) in example 2"),
        ('{"type": "[int] -> bool", "examples": [[[[1]], 2]]}', "2 in example 1"),
        ('{"type": "[a] -> a", "examples": [[[[1]], 1]]}', "a value"),
        ('{"type": "tree -> int", "examples": [[[1], 1]]}', "tree"),
        ('{"examples": [[[1.5], 2]]}', "1.5 in example 1"),
        ('{"examples": []}', "examples"),
        ('{"examples": [[[1125899906842625], 2]]}', "1125899906842625 in example 1"),
        ('{"examples": [[[[[[[[[[1]]]]]]]], 2]]}', "arrays in arrays in example 1"),
        ('{"examples": [[[[1]], 2, 3.0]]}', "example 1"),
    ],
)
def test_bad_examples_are_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_functional_task(json.loads(text), "examples.json")


def test_natural_numbers_and_tokens_stay_with_the_other_engine() -> None:
    for rows in ([[[3, 4], 7]], [[[["a", "b"]], ["b"]]], [[[3, 4], 7, 2.0]]):
        assert not is_functional({"examples": rows})
    for rows in ([[[[3]], 4]], [[[-1], 4]], [[["a"], "b"]], [[[1], True]], [{"i": 1, "o": 2}]):
        assert is_functional({"examples": rows})
    assert is_functional({"type": "int int -> int", "examples": [[[3, 4], 7]]})
    assert not is_functional({"type": "integer -> integer", "examples": [[[3], 7]]})


def user_table(folder: Path, text: str) -> Any:
    path = folder / "mine.py"
    path.write_text(text)
    return primitives_of(path)


def test_a_users_own_primitives_are_the_table(tmp_path: Path) -> None:
    table = user_table(
        tmp_path,
        'PRIMITIVES = [("double", "int -> int", lambda x: 2 * x, 3), ("ten", "-> int", 10)]',
    )
    examples = [FunctionalExample((x,), 4 * x) for x in (1, 5, 3)]
    found = synthesise_function(examples, table=table, budget=QUICK)
    assert isinstance(found, FunctionFound)
    assert str(found.program) == "double(double(x))"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("PRIMITIVES = []", "PRIMITIVES"),
        ("oops(", "SyntaxError"),
        ('PRIMITIVES = [("f", "int -> int")]', "PRIMITIVES"),
        ('PRIMITIVES = [("ten", "-> [int]", 10)]', "10 as ten"),
        ('PRIMITIVES = [("f", "number -> int", abs)]', "number"),
        ('PRIMITIVES = [("f", "int -> a", abs)]', "variables"),
        ('PRIMITIVES = [("f", "int -> int", 3)]', "function"),
        ('PRIMITIVES = [("lambda", "int -> int", abs)]', "name"),
        ('PRIMITIVES = [("f", "int -> int", abs), ("f", "int -> int", abs)]', "named f"),
        ('PRIMITIVES = [("f", "int int int int -> int", max)]', "4 arguments"),
    ],
)
def test_bad_files_of_primitives_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        user_table(tmp_path, text)


@pytest.mark.parametrize(
    ("body", "message"),
    [("str(x)", "'1' as the value of the primitive f"), ("len(x)", "TypeError")],
)
def test_a_primitive_of_the_users_that_breaks_its_type_is_named(
    tmp_path: Path, body: str, message: str
) -> None:
    table = user_table(tmp_path, f'PRIMITIVES = [("f", "int -> int", lambda x: {body})]')
    with pytest.raises(InputError, match=message):
        synthesise_function([FunctionalExample((1,), 9)], table=table, budget=QUICK)


def test_a_users_lists_may_be_lists_and_faults_within_maps_are_named(tmp_path: Path) -> None:
    lists = "from abduce.symbolic.synthesis.functional.lists import LISTS\n"
    table = user_table(
        tmp_path, 'PRIMITIVES = [("twice", "[int] -> [int]", lambda xs: [2 * x for x in xs])]'
    )
    examples = [FunctionalExample((xs,), tuple([2 * x for x in xs])) for xs in LISTS]
    found = synthesise_function(examples, table=table, budget=QUICK)
    assert isinstance(found, FunctionFound)
    assert str(found.program) == "twice(x)"
    row = '("odd", "int -> int", lambda x: 1 if x < 9 else None + x)'
    table = user_table(tmp_path, f"{lists}PRIMITIVES = [*LISTS.values(), {row}]")
    hard = [FunctionalExample((xs,), len(xs) * 7919 % 101) for xs in UNSEEN]
    with pytest.raises(InputError, match=r"TypeError .* in the primitive odd"):
        synthesise_function(hard, table=table, budget=FunctionalBudget(programs=20_000))


def test_a_type_that_no_primitive_gives_is_refused_at_once(tmp_path: Path) -> None:
    table = user_table(tmp_path, 'PRIMITIVES = [("double", "int -> int", lambda x: 2 * x)]')
    with pytest.raises(InputError, match=r"the type \[int\], which no primitive"):
        synthesise_function([FunctionalExample((1,), (1,))], table=table, budget=QUICK)
