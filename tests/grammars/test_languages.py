"""SCAN, PCFG SET and arithmetic against the official data, and what they say to bad input."""

import lzma
from itertools import pairwise
from pathlib import Path

import pytest

from abduce.grammars import (
    Grammar,
    ParseError,
    Rule,
    Sort,
    enumerate_trees,
    mask,
    parse,
    run,
    text,
    tokens,
)
from abduce.grammars.languages import arithmetic, pcfg_set, scan


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in lzma.open(path, "rt").read().splitlines()]


@pytest.mark.parametrize(
    "name",
    [
        "iid_dev",
        "iid_test",
        "systematicity_test",
        "productivity_test",
        "systematicity_train_recovered_uniform",
        "productivity_train_recovered_uniform",
    ],
)
def test_every_official_pcfg_set_row_has_its_value(data: Path, name: str) -> None:
    language = pcfg_set.language()
    for source, target in rows(data / "systematic" / "pcfg" / f"{name}.tsv.xz"):
        assert " ".join(language.value(source)) == target


def test_hint_expressions_have_their_values_and_minimal_brackets(data: Path) -> None:
    language = arithmetic.language()
    for name, step in (("val", 4), ("test", 40)):
        found = rows(data / "systematic" / "hint" / f"hint_{name}.tsv.xz")[1::step]
        for expression, value, *_ in found:
            tree = parse(language.grammar, expression)
            assert run(tree, language.algebra) == int(value)
            assert text(language.grammar, tree) == expression


def test_the_mask_of_every_scan_prefix_is_what_the_sentences_say() -> None:
    grammar = scan.language().grammar
    follows: dict[tuple[str, ...], set[str | None]] = {}
    for _, tree in enumerate_trees(grammar):
        words = tuple(tokens(grammar, tree))
        for end, word in enumerate((*words, None)):
            follows.setdefault(words[:end], set()).add(word)
    for prefix, words in follows.items():
        if len(prefix) < 6 or hash_of(prefix) % 7 == 0:
            state = mask(grammar, prefix)
            assert state.allowed() == words - {None}
            assert state.may_end == (None in words)


def hash_of(words: tuple[str, ...]) -> int:
    return sum(map(ord, "".join(words)))


def test_arithmetic_has_one_text_for_every_tree_of_operations_and_python_agrees() -> None:
    whole = arithmetic.language()

    def expand(sort: Sort) -> list[Rule]:
        return [r for r in whole.grammar.rules(sort) if r.name in SHAPE]

    twos = Grammar(expand, whole.grammar.start, "")
    shapes: dict[int, list[object]] = {}
    for _, tree in enumerate_trees(twos, max_cost=18):
        expression = text(twos, tree)
        assert whole.value(expression) == eval(expression)
        shapes.setdefault(expression.count("2") - 1, []).append(run(tree, SHAPE))
    for operations, catalan in enumerate((1, 1, 2, 5)):
        assert len(shapes[operations]) == len(set(shapes[operations])) == catalan * 2**operations


SHAPE = {
    name: (lambda x: x) for name in ("digit", "sum", "product", "bracketed", "bracketed_product")
}
SHAPE |= {
    "2": lambda: 2,
    "add": lambda x, y: ("add", x, y),
    "multiply": lambda x, y: ("multiply", x, y),
}


def test_nothing_divided_by_0_has_no_value() -> None:
    assert arithmetic.language().value("1+2/(3-4)") is None


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        (
            "jump twice and",
            "cmd.txt:4:15: found the end, expected one of 'jump', 'look', 'run', 'turn' or 'walk'\n"
            "    jump twice and\n"
            "                  ^",
        ),
        (
            "jump left thrise",
            "cmd.txt:4:11: found 'thrise', "
            "expected one of 'after', 'and', 'thrice', 'twice' or the end\n"
            "    jump left thrise\n"
            "              ^\n"
            "'thrise' is not a word of this language. Did you mean 'thrice'?",
        ),
        (
            "turn  and  turn left",
            "cmd.txt:4:7: found 'and', expected one of 'around', 'left', 'opposite' or 'right'\n"
            "    turn  and  turn left\n"
            "          ^",
        ),
        (
            " ",
            "cmd.txt:4:1: found an empty text, "
            "expected one of 'jump', 'look', 'run', 'turn' or 'walk'\n"
            "     \n"
            "    ^",
        ),
    ],
)
def test_a_wrong_command_is_shown_with_a_caret_and_what_could_stand_there(
    sentence: str, message: str
) -> None:
    with pytest.raises(ParseError) as caught:
        parse(scan.language().grammar, sentence, path="cmd.txt", line=4)
    assert str(caught.value) == message


def test_a_large_class_of_expected_words_is_shown_by_its_name() -> None:
    with pytest.raises(ParseError, match=r"expected one of ',' or LETTER \('A1' … 'Z20'\)"):
        parse(pcfg_set.language().grammar, "append A1")


def test_a_wrong_character_is_found_in_a_text_without_blanks() -> None:
    with pytest.raises(ParseError, match="1:4: found '%'"):
        parse(arithmetic.language().grammar, "12%"[0] + "+2%3")


def test_phrases_are_told_apart_by_length_of_actions() -> None:
    lengths = [
        len(scan.language().value(f"jump {modifier}left"))
        for modifier in ("", "opposite ", "around ")
    ]
    assert all(shorter < longer for shorter, longer in pairwise(lengths))
