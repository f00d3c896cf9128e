"""Terms survive being written and read; the parser accepts the language of grammars/lambda.lark."""

import pickle
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedInput

import abduce.grammars
from abduce.errors import InputError
from abduce.symbolic.lambda_calculus import (
    Term,
    abstraction,
    application,
    de_bruijn,
    from_de_bruijn,
    from_tokens,
    parse,
    tokens,
    variable,
)
from tests.lambda_terms import terms

WORDS = (
    "x",
    "y",
    "f1",
    "true",
    "2",
    "0",
    "(",
    ")",
    "\\",
    "λ",
    ".",
    "=",
    ";",
    "\n",
    "\n ",
    " # c",
    "2x",
    "\xa0",
)


@given(terms())
def test_printing_and_parsing_are_inverse(term: Term) -> None:
    assert parse(str(term)) == term


@given(terms())
def test_printed_names_are_never_bound_twice_on_one_path(term: Term) -> None:
    text = str(term)
    assert str(parse(text)) == text


@given(terms())
def test_de_bruijn_text_and_parsing_are_inverse(term: Term) -> None:
    assert from_de_bruijn(de_bruijn(term)) == term


@given(terms(), st.booleans())
def test_tokens_are_read_back(term: Term, named: bool) -> None:
    assert from_tokens(tokens(term, named=named), named=named) == term


@given(terms())
def test_terms_are_pickled_hashed_and_equal_up_to_alpha(term: Term) -> None:
    renamed = Term(term.code, term.free, tuple(f"{name}_" for name in term.binders))
    assert pickle.loads(pickle.dumps(term)) == term == renamed
    assert hash(term) == hash(renamed)


@given(terms(size=9), terms(size=9))
def test_terms_built_from_python_are_those_of_the_text(first: Term, second: Term) -> None:
    both = application(first, second)
    assert both == parse(f"({first}) ({second})")
    assert abstraction("y", both) == parse(f"\\y. ({first}) ({second})")


@cache
def lark() -> Lark:
    assert abduce.grammars.__file__ is not None
    text = (Path(abduce.grammars.__file__).parent / "lambda.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", maybe_placeholders=False)


def read_with_lark(text: str) -> Term:
    """What the grammar says, by recursion over Lark's tree."""
    *definitions, main = children(lark().parse(text))
    known = {"true": parse("\\t f. t").codes, "false": parse("\\t f. f").codes}
    free: list[str] = []

    def codes(tree: Any, bound: tuple[str, ...]) -> list[int]:
        match tree.data:
            case "name":
                name = str(tree.children[0])
                if name in bound:
                    return [2 + bound[::-1].index(name)]
                if name not in known:
                    free.append(name)
                    return [-len(free)]
                return known[name]
            case "numeral":
                return parse(str(int(tree.children[0]))).codes
            case "application":
                parts = [codes(part, bound) for part in tree.children]
                return [0] * (len(parts) - 1) + [code for part in parts for code in part]
            case _:
                *names, body = tree.children
                return [1] * len(names) + codes(body, (*bound, *map(str, names)))

    for definition in definitions:
        known[str(definition.children[0])] = codes(definition.children[1], ())
    return Term.of(codes(main, ()), free)


def children(tree: Any) -> list[Any]:
    return tree.children


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_the_parser_reads_what_the_grammar_describes(text: str) -> None:
    try:
        *definitions, _ = children(lark().parse(text))
    except UnexpectedInput:
        with pytest.raises(InputError):
            parse(text)
        return
    try:
        found = parse(text)
    except InputError as error:
        # what the grammar cannot say: names are defined once, and before they are used
        fault = error.found
    else:
        assert found == read_with_lark(text)
        return
    assert definitions
    assert "definition" in fault


@given(terms(), terms(size=7))
def test_both_parsers_agree_on_terms(term: Term, other: Term) -> None:
    text = f"# a definition\nfirst = {other}\n\n{term} (first\n {other}) 2"
    assert parse(text) == read_with_lark(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\x y. x", "\\x y. x"),
        ("λx.λy.x y x", "\\x y. x y x"),
        ("f \\x. x \\y. y", "f (\\x. x (\\y. y))"),
        ("(\\x. x) (\\y. y)", "(\\x. x) (\\y. y)"),
        ("\\x. \\x. x", "\\x x1. x1"),
        ("\\y. (\\x y. x) y", "\\y. (\\x y1. x) y"),
        ("true 0 2", "(\\t f. t) (\\f x. x) (\\f x. f (f x))"),
        ("\\true. true", "\\x. x"),
        ("two = 2; two two", "(\\f x. f (f x)) (\\f x. f (f x))"),
        ("a = x\n\n# more\nb = a\n  a\nb (\n  c\n)\n", "x x c"),
    ],
)
def test_texts_mean_what_they_say(text: str, expected: str) -> None:
    assert str(parse(text)) == expected


def test_scott_numerals_are_read_where_wanted() -> None:
    assert parse("1", encoding="scott") == parse("\\s z. s (\\s z. z)")


ATOMS = "one of '(', '\\', a name or a number"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"t:1:1: found no term, expected {ATOMS}\n    \n    ^"),
        ("\\x x", "t:1:5: found the end, expected one of '.' or a name\n    \\x x\n        ^"),
        ("\\. x", "t:1:2: found '.', expected a name\n    \\. x\n     ^"),
        ("x)", "t:1:2: found ')', expected one of '(', '\\', a name, a number or the end\n"
               "    x)\n     ^"),
        ("f ()", f"t:1:4: found ')', expected {ATOMS}\n    f ()\n       ^"),
        ("x\n  $ y", f"t:2:3: found '$', expected {ATOMS}\n      $ y\n      ^"),
        ("x (y\nz", "t:1:5: found the end of the line, expected one of '(', ')', '\\', a name or "
                    "a number\n    x (y\n        ^\nThe '(' of line 1 is still open."),
        ("f = x", "t:1:6: found the end, expected a term after the definitions\n"
                  "    f = x\n         ^"),
        ("f = \\x. f x\nf", "t:1:9: found 'f' in its own definition\n    f = \\x. f x\n"
                           "            ^\nDefinitions are not recursive; use a fixed point, as in "
                           "Y = \\f. (\\x. f (x x)) (\\x. f (x x))"),
        ("f = x\nf = y\nf", "t:2:1: found a second definition of 'f'\n    f = y\n    ^\n"
                            "The first is in line 1."),
        ("g = f\nf = x\ng", "t:2:1: found the definition of 'f' after its use in line 1\n"
                            "    f = x\n    ^\nDefinitions stand before what uses them."),
        ("a\nb", "t:2:1: found 'b', expected the end\n    b\n    ^\nOne term follows the "
                 "definitions. A line that goes on with the one before begins with a blank."),
        ("99999999", "t:1:1: found '99999999', expected a numeral up to 10,000,000\n"
                     "    99999999\n    ^\nIt is written in unary."),
    ],
)  # fmt: skip
def test_syntax_errors_say_where_and_what(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "t")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Term.of([]), "fewer codes"),
        (lambda: Term.of([0, -1], ["x"]), "fewer codes"),
        (lambda: Term.of([-1, -1], ["x"]), "more codes"),
        (lambda: Term.of([1, 3]), "the index 1 under 1 binders"),
        (lambda: Term.of([-2], ["x"]), "the free variable 1 of 1"),
        (lambda: Term.of([-1], ["true"]), "the free variable 'true'"),
        (lambda: Term.of([1, 2], binders=["x", "y"]), "2 names of 1 binders"),
        (lambda: from_de_bruijn("\\ 1"), "the index 1 under 1 binders"),
        (lambda: from_tokens(["@", "x"]), "the end after 2 tokens"),
        (lambda: from_tokens(["x", "x"]), "'x' as token 2"),
        (lambda: from_tokens(["l", "1"]), "'1' as token 2"),
        (lambda: from_tokens(["l"], named=True), "'' as token 2"),
        (lambda: tokens(variable("l")), "the free variable 'l'"),
        (lambda: from_tokens(["?"]), "expected '@', 'l' or a variable"),
    ],
)
def test_what_is_no_term_is_refused(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", "\\?")):
        make()
