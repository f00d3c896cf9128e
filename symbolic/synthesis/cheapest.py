"""The cheapest programs over numbers, no two of which are equal on a grid of arguments.

They are tried one by one where examples do not say what a program gives, as where a function is
applied to its own value.
"""

from itertools import product

import numpy as np

from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.terms import Prices, Term, numeral
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.enumeration.language import language
from abduce.symbolic.synthesis.library import Library

SIDES = {1: 24, 2: 8, 3: 5}
"""The number of values of each argument in the grid, by the number of arguments."""


def cheapest(arity: int, library: Library, prices: Prices, count: int, bits: float) -> list[Term]:
    """Programs of one to three numbers, cheapest first, up to a number of programs and of bits.

    They have iterations only within calls of programs of the library.

    >>> from abduce.symbolic.programs.typed.terms import show
    >>> from abduce.symbolic.synthesis.budget import ProgramPrices
    >>> [show(term) for term in cheapest(2, Library(), ProgramPrices(), 5, 20.0)]
    ['x', 'y', '0', 'x + 1', 'y + 1']
    """
    type = Signature((INTEGER,) * arity, INTEGER)
    constants = [(INTEGER, numeral(n)) for n in range(3, 11)]
    grid = np.array(list(product(range(SIDES[arity]), repeat=arity)), np.int64)
    columns = Columns(library)
    leaves = {f"variable {i}": grid[:, i] for i in range(arity)}
    bank = Bank(
        language(type, library.table, prices, constants),
        columns,
        len(grid),
        leaves,
        elsewhere={},
    )
    rows = bank.rows[INTEGER]
    while rows.size < count and bank.level < bits:
        bank.grow(lambda: rows.size >= count)
    return [bank.term(INTEGER, index) for index in range(min(rows.size, count))]
