"""Machines that track a state over a long word: products of a group, and a stack of brackets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np

from abduce.symbolic.programs.definitions.brackets import BREAK, EMPTY, PUSH, SYMBOLS
from abduce.symbolic.programs.groups import Multiplication
from abduce.symbolic.programs.table import Table


def running_products(table: Multiplication, word: np.ndarray) -> np.ndarray:
    """(length,), the product of each beginning of a word (length,).

    The word is cut into about sqrt(length) parts; all parts go through the table at once, then each
    is multiplied by the product of those before it, which is right since products are associative.
    """
    width = isqrt(max(len(word) - 1, 0)) + 1
    parts = np.zeros((-(-len(word) // width), width), dtype=np.int64)  # element 0 changes nothing
    parts.ravel()[: len(word)] = word
    products = table.products
    for place in range(1, width):
        parts[:, place] = products[parts[:, place - 1], parts[:, place]]
    before = [0]
    for last in parts[:-1, -1].tolist():
        before.append(int(products[before[-1], last]))
    return products[np.array(before)[: len(parts), None], parts].ravel()[: len(word)]


@dataclass(frozen=True, slots=True)
class Brackets:
    """The result for a word of brackets.

    Attributes:
        broken: the place of the symbol after which nothing is balanced; None where there is none.
        open: places of the brackets that are open then, the first the lowest.
    """

    broken: int | None
    open: tuple[int, ...]


def match(table: Table, word: Sequence[int], note: Callable[[str], None] | None = None) -> Brackets:
    """Run a stack machine over symbols; it stops where the table says so.

    Args:
        note: called with each step.
    """
    actions = table.values.tolist()
    stack, places, top = [], [], EMPTY
    for place, symbol in enumerate(word):
        action = actions[top][symbol]
        if note is not None:
            said = ("push", "pop", "break")[action]
            note(f"brackets {SYMBOLS[symbol]} at depth {len(stack)}: {said}")
        if action == PUSH:
            stack.append(top)
            places.append(place)
            top = 1 + symbol
        elif action == BREAK or not stack:
            return Brackets(place, tuple(places))
        else:
            top = stack.pop()
            places.pop()
    return Brackets(None, tuple(places))
