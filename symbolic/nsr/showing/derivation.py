"""Derivations as trees: each node has the words of a phrase, its symbol, program and value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category, Step
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY, Entry
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import show

MOST_WORDS: Final = 400
"""The upper limit on the words of a sentence whose derivation is drawn."""


@dataclass(frozen=True, slots=True)
class Node:
    """A phrase, and the phrases that it is made of.

    Attributes:
        phrase: its words.
        value: the tokens that it denotes; none where it denotes nothing.
        symbol: the word whose program makes the value, or '(side by side)'.
        program: the program, as text.
    """

    phrase: tuple[str, ...]
    value: tuple[str, ...]
    symbol: str
    program: str
    children: tuple["Node", ...] = ()

    @property
    def shown_value(self) -> str:
        """The value as text."""
        return " ".join(self.value) or "(nothing)"

    def show(self) -> str:
        """The tree as text, one line for each node."""
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        head = f"{' '.join(self.phrase)}  ->  {self.shown_value}    [{self.symbol}: {self.program}]"
        lines = [head]
        for child in self.children:
            final = child is self.children[-1]
            first, *rest = child._lines()
            lines.append(("└─ " if final else "├─ ") + first)
            lines += [("   " if final else "│  ") + line for line in rest]
        return lines


def tree_of(
    words: Sequence[str],
    code: Sequence[Step],
    entries: Mapping[str, Entry],
    decode: Callable[[Value], tuple[str, ...]],
) -> Node | str:
    """The tree of a derivation, or why it is not drawn.

    Args:
        decode: the tokens of a value.
    """
    if len(words) > MOST_WORDS:
        return f"a derivation of {len(words)} words is not drawn"
    stack: list[tuple[int, int, Any, Node]] = []  # first word, last word, value, node
    for arity, meaning, index in code:
        children = stack[len(stack) - arity :]
        del stack[len(stack) - arity :]
        try:
            value: Any = meaning
            if arity:
                value = value(*[c[2] for c in children])
        except TooLargeError:
            return "no value: it grows too large"
        spots = [i for c in children for i in c[:2]] + ([index] if index >= 0 else [])
        first, last = min(spots), max(spots)
        entry = entries.get(words[index] if index >= 0 else JUXTAPOSITION, SELF_ENTRY)
        if entry.sign.category is Category.CIRCUMFIX:
            last += 1  # the closing word
        node = Node(
            tuple(words[first : last + 1]),
            decode(value),
            words[index] if index >= 0 else "(side by side)",
            show(entry.term),
            tuple([c[3] for c in children]),
        )
        stack.append((first, last, value, node))
    return stack[0][3]
