"""The languages under test, in one table, and trees of them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from abduce.grammars import Grammar, Rule, Sort
from abduce.grammars.languages import arithmetic, pcfg_set, scan

PAIRS = Grammar.of(
    [
        Rule("list", "nil", weight=2.0),
        Rule("list", "cons", ("item", "list"), ("[", 1, "|", 0, "]")),
        Rule("item", "word", ("word",), (0, "!")),
        Rule("item", "sub", ("list",), ("(", 0, ")"), weight=0.25),
        Rule("word", "a", (), ("aa",)),
        Rule("word", "b", (), ("ab",), weight=3.0),
    ],
    "list",
    separator="",
)
"""An empty rule, holes out of order, tokens that begin alike, no separator."""


@dataclass(frozen=True, slots=True)
class Case:
    """A grammar and how far it can be enumerated by brute force."""

    name: str
    make: Callable[[], Grammar]
    nodes: int

    def small(self) -> Grammar:
        """The grammar with two words of each large class, which brute force can manage."""
        whole = self.make()

        def expand(sort: Sort) -> tuple[Rule, ...]:
            rules = whole.rules(sort)
            return rules[:2] if len(rules) > 99 else rules

        return Grammar(expand, whole.start, whole.separator)

    def __str__(self) -> str:
        return self.name


CASES = (
    Case("scan", lambda: scan.language().grammar, 20),
    Case("pcfg_set", lambda: pcfg_set.language().grammar, 7),
    Case("arithmetic", lambda: arithmetic.language().grammar, 8),
    Case("pairs", lambda: PAIRS, 13),
)


@pytest.fixture(scope="session", params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture(scope="session")
def grammar(case: Case) -> Grammar:
    return case.make()
