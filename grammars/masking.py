"""The view `mask`: which tokens can come next.

A prefix of a sentence is kept as the stack of the LALR automaton, as linked pairs: `advance` makes
a new prefix and leaves the old one as it was, so a beam of decoders shares what it has in common.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from abduce.errors import InputError, UnsupportedError
from abduce.grammars.automaton import END, Automaton, Reduction, Word, automaton
from abduce.grammars.grammar import Grammar

MOST_SHOWN = 12
"""The upper limit on the expected tokens that an error lists."""

Stack = tuple[int, Any]
"""(state on top, the stack below it); the stack below the start state is None."""


@dataclass(frozen=True, slots=True)
class _Split:
    """An automaton, with the tokens that a state shifts apart from those it first reduces for.

    Tokens of one class share their fate, so one of each stands for all: reduces maps it to its
    class. Unions are kept in `known`, by state and the ones that were found live.
    """

    automaton: Automaton
    shifts: tuple[frozenset[str], ...]
    reduces: tuple[dict[str, frozenset[str]], ...]
    known: dict[tuple[int, tuple[str, ...]], frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Prefix:
    """The beginning of a sentence: some token sequence that at least one sentence starts with."""

    _table: _Split
    _stack: Stack

    def allowed(self) -> frozenset[str]:
        """Exactly the tokens t for which prefix + t begins some sentence.

        LALR look-aheads are merged over contexts, so a reduction that the state suggests is
        followed on the real stack until the token is shifted or refused.
        """
        table, stack = self._table, self._stack
        reduces = table.reduces[stack[0]]
        key = (stack[0], tuple([token for token in reduces if _after(table, stack, token)]))
        if key not in table.known:
            table.known[key] = table.shifts[stack[0]].union(*(reduces[token] for token in key[1]))
        return table.known[key]

    @property
    def may_end(self) -> bool:
        """Whether the prefix is a sentence as it is."""
        return _after(self._table, self._stack, END) is not None

    def advance(self, token: str) -> "Prefix":
        """The prefix one token longer.

        Raises:
            InputError: no sentence goes on like that.
        """
        stack = _after(self._table, self._stack, token)
        if stack is None:
            could = [*sorted(map(repr, self.allowed())), *(["the end"] if self.may_end else [])]
            more = (f"… ({len(could) - MOST_SHOWN} more)",) if len(could) > MOST_SHOWN else ()
            raise InputError(repr(token), (*could[:MOST_SHOWN], *more))
        return Prefix(self._table, stack)


def mask(grammar: Grammar, prefix: Iterable[str] = ()) -> Prefix:
    """The state of a decoder that has emitted `prefix`.

    Raises:
        InputError: no sentence starts like that.
        UnsupportedError: the grammar is not LALR(1), or two rules have the same text.

    >>> from abduce.grammars.grammar import Rule
    >>> plus = Rule("e", "plus", ("e", "t"), (0, "+", 1))
    >>> t = Rule("e", "t", ("t",), (0,))
    >>> sums = Grammar.of([plus, t, Rule("t", "one", (), ("1",))], "e")
    >>> mask(sums).allowed(), mask(sums).may_end
    (frozenset({'1'}), False)
    >>> mask(sums, ["1"]).allowed(), mask(sums, ["1"]).may_end
    (frozenset({'+'}), True)

    Source: Poesia et al. 2022, Synchromesh, section 3 (completion engines).
    """
    table = grammar.derived(_split)
    state = Prefix(table, (table.automaton.start, None))
    for token in prefix:
        state = state.advance(token)
    return state


def _split(grammar: Grammar) -> _Split:
    made = grammar.derived(automaton)
    if made is None:
        raise UnsupportedError(
            "a mask",
            ("a grammar with LALR(1) conflicts",),
            "Write the rules without the ambiguity.",
        )
    shifts: list[frozenset[str]] = []
    reduces: list[dict[str, frozenset[str]]] = []
    classes = {min(words): words for words in made.classes}
    for row in made.actions:
        actions = {token: row[token] for token in classes if token in row}
        reduces.append({t: classes[t] for t, a in actions.items() if isinstance(a, Reduction)})
        shifts.append(
            frozenset[str]().union(*(classes[t] for t in actions if t not in reduces[-1]))
        )
    return _Split(made, tuple(shifts), tuple(reduces), {})


def _after(table: _Split, stack: Stack, token: str | None) -> Stack | None:
    """The stack after a token, or None where it is refused; for END, the stack that accepts."""
    actions, gotos = table.automaton.actions, table.automaton.gotos
    while True:
        action = actions[stack[0]].get(token)
        if action is None:
            return None
        if isinstance(action, int):
            return (action, stack)
        if isinstance(action, Word):
            return (action.state, stack)
        for _ in range(action.size):
            stack = stack[1]
        goto = gotos[stack[0]][action.rule.head]
        stack = (goto, stack)
        if token is END and goto == table.automaton.accept:
            return stack
