"""State tracking: tables learned from a part of the products, right on words of any length."""

import itertools
from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.kernel import train
from abduce.neural.kernels.words.bracket_words import BALANCED, BROKEN, OPEN, bracket_words
from abduce.symbolic.machines.words.state_tracking import match, running_products
from abduce.symbolic.machines.words.words import parsed_permutation, permutation_text
from abduce.symbolic.programs.definitions.brackets import BRACKETS, KINDS, SYMBOLS
from abduce.symbolic.programs.groups import (
    WORD_TASKS,
    Multiplication,
    after,
    closure,
    compiled_group,
)
from abduce.symbolic.programs.table import Table, compiled_table
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown

SIZES = {"parity": 2, "mod-3": 3, "mod-5": 5, "mod-7": 7, "mod-10": 10}
SIZES |= {"s3": 6, "s4": 24, "a5": 60, "s5": 120}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def test_groups_have_their_sizes_and_residues_add() -> None:
    assert {name: len(task.group.elements) for name, task in WORD_TASKS.items()} == SIZES
    for k in (3, 5, 7, 10):
        residues = np.arange(k)
        expected = (residues[:, None] + residues) % k
        np.testing.assert_array_equal(WORD_TASKS[f"mod-{k}"].group.products(), expected)
    assert closure([(1, 0, 2), (1, 2, 0)]) == tuple(itertools.permutations(range(3)))


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_permutations_multiply_as_matrices(first: list[int], then: list[int]) -> None:
    product = after(tuple(first), tuple(then))
    unit = np.eye(5, dtype=int)
    np.testing.assert_array_equal(unit[first] @ unit[then], unit[list(product)])


@pytest.mark.parametrize(
    "name",
    ["parity", "mod-5", "s3", "s4", "brackets"]
    + [pytest.param(name, marks=pytest.mark.slow) for name in ("mod-3", "mod-7", "mod-10", "s5")],
)
def test_tables_are_learned_from_a_part_and_proved(name: str) -> None:
    learned = train(TASKS[name], seed=2)
    assert learned.proved
    if name != "brackets":
        assert learned.examples <= SIZES[name] ** 2 / 2


@pytest.mark.parametrize("name", ["mod-3", "s3", "a5"])
def test_one_wrong_product_is_refuted(name: str) -> None:
    group = WORD_TASKS[name].group
    right = compiled_group(group).products
    assert isinstance(prove(Multiplication(right), group), Proved)
    for a, b in ((0, 0), (1, 2), (len(right) - 1, 1)):
        wrong = right.copy()
        wrong[a, b] = (wrong[a, b] + 1) % len(right)
        verdict = prove(Multiplication(wrong), group)
        assert isinstance(verdict, Refuted)
        assert verdict.x.tolist() == [a, b]
        assert verdict.expected is not None
        assert verdict.expected.tolist() == [right[a, b]]
    assert isinstance(prove(compiled_group(WORD_TASKS["parity"].group), group), Unknown)
    assert isinstance(prove(Multiplication(right), group, deadline=0.0), Unknown)


@given(st.sampled_from(["parity", "mod-7", "s3", "a5"]), st.data())
def test_products_in_parallel_are_products_in_turn(name: str, data: st.DataObject) -> None:
    group = WORD_TASKS[name].group
    table = compiled_group(group)
    elements = st.integers(0, len(group.elements) - 1)
    word = np.array(data.draw(st.lists(elements, max_size=70)), dtype=np.int64)
    running = running_products(table, word)
    np.testing.assert_array_equal(running, table(word))
    permutations = [group.elements[place] for place in word]
    for length in range(1, len(word) + 1):
        assert group.elements[running[length - 1]] == reduce(after, permutations[:length])


def test_a_million_permutations() -> None:
    group = WORD_TASKS["s5"].group
    word = np.random.default_rng(0).integers(0, 120, 1_000_000)
    running = running_products(compiled_group(group), word)
    images = np.arange(5)
    elements = np.array(group.elements)
    for element in elements[word]:
        images = element[images]
    np.testing.assert_array_equal(elements[running[-1]], images)


def test_what_is_no_table_of_products_is_an_error() -> None:
    for wrong in (np.zeros((2, 3), int), np.full((2, 2), 2), np.zeros((0, 0), int)):
        with pytest.raises(ValueError, match="product"):
            Multiplication(wrong)


@given(st.permutations(range(5)))
def test_permutations_are_read_as_they_are_written(images: list[int]) -> None:
    permutation = tuple(images)
    assert parsed_permutation(permutation_text(permutation), 5) == permutation


@pytest.mark.parametrize("token", ["1123", "12", "0123", "(12", "(1 2)", "(15)", "x", "", "-1"])
def test_what_is_no_permutation_is_none(token: str) -> None:
    assert parsed_permutation(token, 4) is None


def rewritten(text: str) -> str:
    """A word of brackets without the pairs in it."""
    pairs = [SYMBOLS[kind] + SYMBOLS[KINDS + kind] for kind in range(KINDS)]
    while any(pair in text for pair in pairs):
        for pair in pairs:
            text = text.replace(pair, "")
    return text


@given(st.lists(st.integers(0, 2 * KINDS - 1), max_size=12))
def test_brackets_are_balanced_where_pairs_cancel(word: list[int]) -> None:
    found = match(compiled_table(BRACKETS), word)
    left = rewritten("".join(SYMBOLS[symbol] for symbol in word))
    opening = SYMBOLS[:KINDS]
    assert (found.broken is None) == all(symbol in opening for symbol in left)
    if found.broken is None:
        assert "".join(SYMBOLS[word[place]] for place in found.open) == left
    else:
        before = "".join(SYMBOLS[symbol] for symbol in word[: found.broken])
        assert all(symbol in opening for symbol in rewritten(before))


def test_examples_of_brackets_say_what_cancels() -> None:
    examples = bracket_words(replace(CONFIG.brackets, words=50), np.random.default_rng(0))
    for word, labels in zip(examples.words, examples.labels, strict=True):
        for length in range(1, 9):
            left = rewritten("".join(SYMBOLS[symbol] for symbol in word[:length]))
            fits = all(symbol in SYMBOLS[:KINDS] for symbol in left)
            expected = BROKEN if not fits else OPEN if left else BALANCED
            assert labels[length - 1] == expected


def test_what_a_stack_cannot_show_is_not_asked_for() -> None:
    right = compiled_table(BRACKETS)
    verdict = prove(right, BRACKETS)
    assert isinstance(verdict, Proved)
    assert verdict.work.points == (KINDS + 1) * 2 * KINDS
    values = right.values.copy()
    values[KINDS + 1 :] = 2
    assert isinstance(prove(Table(values), BRACKETS), Proved)
    values[1, KINDS] = 0
    assert isinstance(prove(Table(values), BRACKETS), Refuted)
