"""Depth is no limit: no view recurses."""

from random import Random

import pytest

from abduce.grammars import (
    Grammar,
    Rule,
    Tree,
    fit,
    logp,
    mask,
    mutate,
    parse,
    run,
    sample,
    text,
    tokens,
)
from abduce.grammars.derivation import derivation

DEPTH = 100_000
LEFT = Grammar.of([Rule("n", "z", (), ("z",)), Rule("n", "s", ("n",), (0, "s"))], "n")
RIGHT = Grammar.of([Rule("n", "z", (), ("z",)), Rule("n", "s", ("n",), ("s", 0))], "n")


def chain(depth: int) -> Tree:
    tree: Tree = ("z",)
    for _ in range(depth):
        tree = ("s", tree)
    return tree


@pytest.mark.slow
@pytest.mark.parametrize("grammar", [LEFT, RIGHT], ids=["left", "right"])
def test_a_tree_of_any_depth_is_printed_parsed_run_and_weighed(grammar: Grammar) -> None:
    count = {"z": lambda: 0, "s": lambda n: n + 1}
    tree = chain(DEPTH)
    assert run(tree, count) == DEPTH
    assert len(tokens(grammar, tree)) == DEPTH + 1
    again = parse(grammar, text(grammar, tree))  # == on such tuples would recurse in C
    assert run(again, count) == DEPTH
    assert logp(grammar, again) == pytest.approx((DEPTH + 1) * logp(grammar, ("z",)))
    assert fit(grammar, [tree]).rules("n")[1].weight == DEPTH
    assert mask(grammar, tokens(grammar, tree)).may_end
    assert derivation(grammar, mutate(grammar, tree, Random(1), max_depth=3))


def test_a_sample_may_be_deep() -> None:
    grammar = Grammar.of([Rule("n", "z", weight=1e-4), Rule("n", "s", ("n",), (0,))], "n")
    assert len(derivation(grammar, sample(grammar, Random(5)))) > 5_000
    assert len(derivation(grammar, sample(grammar, Random(5), max_depth=2_000))) <= 2_000
