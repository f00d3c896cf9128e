"""Free names are never captured, whatever binders would be called; names of several letters."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus import (
    NormalForm,
    Term,
    abstraction,
    application,
    de_bruijn,
    encode,
    from_de_bruijn,
    from_tokens,
    normal_form,
    parse,
    steps,
    tokens,
    variable,
)
from abduce.symbolic.lambda_calculus.reduction.graphs import reduction_graph, term_graph
from abduce.symbolic.lambda_calculus.terms.reading import INITIALS
from tests.lambda_terms import terms, tree_of

CLASHING = ("x", "x1", "f", "x2", "y", "t", "s", "z", "c", "n", "true1")
"""Names that binders have by default, or get where those are taken."""


@st.composite
def clashing(draw: st.DrawFn) -> Term:
    """A term whose two free names, and all its binders, are from a few names."""
    term = draw(terms())
    free = draw(st.permutations(CLASHING))
    binders = [draw(st.sampled_from((*CLASHING, "true", "l"))) for _ in term.binders]
    return Term.of(term.codes, free[: len(term.free)], binders)


@given(clashing())
def test_free_names_stay_free_in_every_notation(term: Term) -> None:
    assert parse(str(term)) == term
    assert from_de_bruijn(de_bruijn(term)) == term
    for named in (False, True):
        assert from_tokens(tokens(term, named=named), named=named) == term


@given(clashing())
def test_de_bruijn_text_is_written_as_it_was_read(term: Term) -> None:
    text = de_bruijn(term)
    assert de_bruijn(from_de_bruijn(text)) == text
    nameless = Term(term.code, term.free, ("x",) * len(term.binders))
    assert parse(str(nameless)) == term


@given(clashing())
def test_reduction_keeps_free_names_free(term: Term) -> None:
    nameless = from_de_bruijn(de_bruijn(term))
    for eta in (False, True):
        one, other = (normal_form(t, fuel=100, eta=eta) for t in (term, nameless))
        assert one == other
        if isinstance(one, NormalForm):
            assert parse(str(one.term)) == one.term
            assert set(one.term.free) <= set(term.free)
    for step, _ in zip(steps(nameless, eta=True), range(5), strict=False):
        assert parse(str(step.after)) == step.after


@given(clashing())
def test_pictures_name_no_binder_as_a_free_variable(term: Term) -> None:
    nodes = term_graph(term, most=term.size)
    bound = {label[1:] for label in nodes.labels if label.startswith("λ")}
    assert not bound & set(term.free)
    labels = reduction_graph(term, most=5).labels
    assert parse(labels[0]) == term
    assert all(set(parse(label).free) <= set(term.free) for label in labels)


@given(clashing(), st.sampled_from(CLASHING))
def test_definitions_are_put_in_without_capture(term: Term, bound: str) -> None:
    """As if the definition stood outside of all binders."""
    read = parse(f"d = {term}\n\\{bound}. d {bound}")
    assert read == application(parse("\\d v. d v"), term) or tree_of(read) == (
        "l",
        ("a", tree_of(term), ("v", 0)),
    )


@pytest.mark.parametrize("encoding", ["church", "scott"])
def test_values_beside_free_names_that_their_binders_have(encoding: str) -> None:
    for name in CLASHING:
        for value in (2, True, [1], (1, False)):
            both = application(variable(name), encode(value, encoding))  # pyright: ignore
            assert parse(str(both)) == both
            bound = abstraction(name, both)
            assert bound.is_closed
            assert parse(str(bound)) == bound


@pytest.mark.parametrize(
    "text", ["\\ x", "\\ \\ x 0 1", "\\ x1 0", "x \\ x", "(\\ x) x", "d = \\ 0; \\ d"]
)
def test_a_de_bruijn_binder_has_no_name(text: str) -> None:
    read = from_de_bruijn(text)
    assert read.free == (() if "d" in text else tuple(dict.fromkeys(re.findall("x1?", text))))


def test_names_that_stand_for_a_term_are_no_free_variables() -> None:
    for name in ("true", "false"):
        for words in ([name], ["l", name]):
            with pytest.raises(InputError, match=f"'{name}' as token"):
                from_tokens(words)
        with pytest.raises(InputError):
            from_tokens([name], named=True)
    assert str(from_tokens(["l", "true", "true"], named=True)) == "\\x. x"


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("\\xy.x", ["1:1: 'xy' is read as one name; for 2 variables write \\x y."]),
        ("λxy.xy", ["1:1: 'xy' is read as one name; for 2 variables write \\x y."]),
        ("\\xy z. z", ["1:2: 'xy' is read as one name; for 2 variables write \\x y."]),
        ("\\wxyz.wx(yz)", ["1:1: 'wxyz' is read as one name; for 4 variables write \\w x y z."]),
        ("k = \\xy.x\nk a b", ["1:5: 'xy' is read as one name; for 2 variables write \\x y."]),
        ("\\f x. fx", ["1:7: 'fx' is read as one name, which nothing binds; for 2 variables write "
                      "f x."]),
        ("f = \\x. x\n\\x. fx", ["2:5: 'fx' is read as one name, which nothing binds; for 2 "
                                 "variables write f x."]),
        ("\\pred. pred", []),
        ("\\acc foo. acc foo", []),
        ("\\x y. x y", []),
        ("\\x1 x'. x1 x'", []),
        ("fx", []),
        ("true 2", []),
    ],
)  # fmt: skip
def test_names_that_may_have_been_meant_as_several_are_said(text: str, notes: list[str]) -> None:
    said: list[str] = []
    assert parse(text, note=said.append) == parse(text)
    assert said == notes


@given(st.sampled_from("0123456789"), st.sampled_from("abcxyzAZ_'"), st.booleans())
def test_a_number_and_a_name_without_a_blank_are_refused(
    digit: str, letter: str, indices: bool
) -> None:
    for text in (f"{digit}{letter}", f"\\ x {digit}{letter} y"[2 * (not indices) :]):
        with pytest.raises(InputError) as caught:
            parse(text, indices=indices)
        assert caught.value.found == repr(f"{digit}{letter}")
        assert caught.value.column == text.index(digit) + 1


@pytest.mark.parametrize("blank", " \t\r\f\v")
def test_blanks_are_those_of_ascii(blank: str) -> None:
    assert parse(f"x{blank}y") == parse("x y")


@given(st.characters(min_codepoint=0x80) | st.sampled_from("\0\x1b\x1c\x7f"))
def test_any_other_character_is_refused_and_invisible_ones_are_named(character: str) -> None:
    if character == "λ" or character in INITIALS:
        return
    for text in (f"x{character}y", f"\\x{character}x", f"x {character}"):
        with pytest.raises(InputError) as caught:
            parse(text)
        assert caught.value.column == text.index(character) + 1
        assert f"U+{ord(character):04X}" in caught.value.found or character.isascii()
        assert character.isprintable() or character not in caught.value.found
        assert character.isprintable() or "invisible" in caught.value.found


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse("\ufeffx y") == parse("x y")
    with pytest.raises(InputError, match="U\\+FEFF"):
        parse("x \ufeffy")


def test_names_may_be_greek() -> None:
    """All letters but the small lambda, which begins an abstraction."""
    assert parse("λα β. α Ω") == parse("\\x y. x Ω")
    assert str(parse("\\α. α γ")) == "\\α. α γ"
    with pytest.raises(InputError, match="λ"):
        parse("λαλ. α")
