"""Which words are learned next depends on what they are, and not on the order of a set."""

from itertools import permutations
from types import SimpleNamespace
from typing import Any

from abduce.symbolic.nsr.learning.proposing import Proposer


def test_the_difficulty_of_a_group_is_the_same_for_all_names_of_its_words() -> None:
    names = [f"w{n}" for n in range(7)]
    found = set[float]()
    for associated in permutations(names, 3):
        run: Any = SimpleNamespace(associated=dict.fromkeys(associated, ()))
        found.add(Proposer(run).difficulty(frozenset(names)))
    assert len(found) == 1
