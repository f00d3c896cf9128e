"""What a stack machine does with brackets: push, pop, or say that the word is broken.

The machine reads a symbol, sees what is on top of its stack, and a table says what it does; pushing
writes the symbol itself. With the right table, one of two things holds after every word. The stack
has the open brackets, the last on top; or the machine has stopped at the first symbol after which
no word is balanced. The proof is by induction over the length: each entry that can be met keeps
this true. No closing bracket is ever pushed, so entries with one on top cannot be met. A word is
balanced if the machine did not stop and the stack is empty.

Source: Chomsky and Schützenberger 1963, The algebraic theory of context-free languages.
"""

from abduce.symbolic.programs.table import TableSpecification

PUSH, POP, BREAK = range(3)
OPENING, CLOSING = "([{<", ")]}>"
KINDS = len(OPENING)
SYMBOLS = OPENING + CLOSING
EMPTY = 0


def _action(top: int, symbol: int) -> int | None:
    """
    Args:
        top: EMPTY, or 1 and the symbol that is on top.
    """
    if top > KINDS:
        return None
    if symbol < KINDS:
        return PUSH
    return POP if top == symbol - KINDS + 1 else BREAK


BRACKETS = TableSpecification(
    f"words of {KINDS} kinds of brackets are classified right as balanced, open or broken, for "
    "every length and depth",
    (2 * KINDS + 1, 2 * KINDS),
    _action,
)
"""The arguments: the top of the stack, and the symbol that is read."""
