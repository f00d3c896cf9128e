"""The LALR(1) automaton of a grammar, with a table made by lark.

The grammar is written out as Lark text, lark computes the table and refuses a conflict, and the
table is turned into plain dictionaries keyed by token. `parsing` drives it with trees on its stack
and `masking` without.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lark import Lark, Token
from lark.exceptions import GrammarError
from lark.lexer import Lexer, LexerState
from lark.parsers.lalr_analysis import Shift

from abduce.errors import InputError, UnsupportedError
from abduce.grammars.grammar import Grammar, Rule, Sort, least_depths, sorts

END = None
"""The end of the sentence, used as a token."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """Put a node of this rule in the place of its parts: `size` states, `arity` of them trees.

    Args:
        order: the place of each child among the trees in text order; None where they are the same.
    """

    rule: Rule
    size: int
    arity: int
    order: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Word:
    """Shift to a state with a leaf: a word of a class, whose sort lark sees as one terminal."""

    state: int
    tree: tuple[str]


Action = int | Word | Reduction
"""An integer is a shift to the state of that number."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """Actions and gotos by state; a class is the set of tokens that are one terminal to lark."""

    actions: tuple[dict[str | None, Action], ...]
    gotos: tuple[dict[object, int], ...]
    start: int
    accept: int
    classes: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class LarkText:
    """A grammar as Lark text: rule i has alias `r{i}`, sort i is rule `s{i}` or terminal `W{i}`.

    Args:
        terminals: the name of the terminal of each token.
        leaves: the rule of each word of a class.
    """

    text: str
    rules: tuple[Rule, ...]
    terminals: dict[str, str]
    leaves: dict[str, Rule]


class Tokens(Lexer):
    """A lexer for lark that is given its tokens ready made."""

    __future_interface__ = 1  # lark then passes both states

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:
        yield from lexer_state.text  # type: ignore[misc]


def lark_text(grammar: Grammar) -> LarkText:
    """Write a grammar with finitely many sorts as Lark text.

    A sort of single words that occur nowhere else becomes one terminal, so that the table does not
    grow with the vocabulary.
    """
    order = sorts(grammar)
    depths = least_depths(grammar, order)
    if barren := [repr(sort) for sort in order if sort not in depths]:
        raise InputError(f"no finite tree of sort {', '.join(barren)}")
    classes = _word_classes(grammar, order)
    names = {sort: f"{'W' if sort in classes else 's'}{n}" for n, sort in enumerate(order)}
    leaves = {str(rule.text[0]): rule for sort in classes for rule in grammar.rules(sort)}
    terminals = {word: names[rule.head] for word, rule in leaves.items()}
    rules = tuple(rule for sort in order if sort not in classes for rule in grammar.rules(sort))
    bodies: dict[str, list[str]] = {}
    for number, rule in enumerate(rules):
        for part in rule.text:
            if isinstance(part, str):
                terminals.setdefault(part, f"_T{len(terminals)}")
        parts = (terminals[p] if isinstance(p, str) else names[rule.args[p]] for p in rule.text)
        bodies.setdefault(names[rule.head], []).append(f"{' '.join(parts)} -> r{number}")
    lines = [f"{head}: {' | '.join(body)}" for head, body in bodies.items()]
    if terminals:
        lines.append(f"%declare {' '.join(dict.fromkeys(terminals.values()))}")
    return LarkText("\n".join(lines) + "\n", rules, terminals, leaves)


def automaton(grammar: Grammar) -> Automaton | None:
    """The LALR(1) automaton, or None where the grammar has a conflict."""
    written = grammar.derived(lark_text)
    try:
        parser = Lark(written.text, start="s0", parser="lalr", lexer=Tokens, strict=True)
    except GrammarError as error:
        if "defined twice" in str(error):
            # Two rules with one text: no parser can tell their trees apart.
            raise UnsupportedError("parsing", tuple(_same_text(written.rules))) from error
        return None
    table = parser.parse_interactive().parser_state.parse_conf.parse_table
    rules = {f"r{number}": _reduction(rule) for number, rule in enumerate(written.rules)}
    heads = {f"s{number}": sort for number, sort in enumerate(sorts(grammar))}
    tokens: dict[str, list[str]] = {}
    for token, terminal in written.terminals.items():
        tokens.setdefault(terminal, []).append(token)
    numbers = {state: number for number, state in enumerate(table.states)}
    actions: list[dict[str | None, Action]] = [{} for _ in numbers]
    gotos: list[dict[object, int]] = [{} for _ in numbers]
    for state, row in table.states.items():
        here = actions[numbers[state]]
        for symbol, (action, argument) in row.items():
            if symbol in heads:
                gotos[numbers[state]][heads[symbol]] = numbers[argument]
            elif action is not Shift:
                for token in tokens.get(symbol, (END,)):
                    here[token] = rules[argument.alias]
            else:
                for token in tokens[symbol]:
                    leaf = written.leaves.get(token)
                    to = numbers[argument]
                    here[token] = Word(to, (leaf.name,)) if leaf else to
    start, accept = table.start_states["s0"], table.end_states["s0"]
    classes = tuple(map(frozenset, tokens.values()))
    return Automaton(tuple(actions), tuple(gotos), numbers[start], numbers[accept], classes)


def _word_classes(grammar: Grammar, order: tuple[Sort, ...]) -> tuple[Sort, ...]:
    uses = Counter(
        p for sort in order for r in grammar.rules(sort) for p in r.text if isinstance(p, str)
    )
    return tuple(
        sort
        for sort in order[1:]
        if all(
            not r.args and len(r.text) == 1 and uses[str(r.text[0])] == 1
            for r in grammar.rules(sort)
        )
    )


def _reduction(rule: Rule) -> Reduction:
    holes = tuple(part for part in rule.text if isinstance(part, int))
    order = tuple(holes.index(child) for child in range(len(holes)))
    in_order = order == tuple(range(len(order)))
    return Reduction(rule, len(rule.text), len(holes), None if in_order else order)


def _same_text(rules: tuple[Rule, ...]) -> Iterator[str]:
    seen: dict[object, Rule] = {}
    for rule in rules:
        key = (rule.head, tuple(p if isinstance(p, str) else (rule.args[p],) for p in rule.text))
        if key in seen:
            yield f"rules {seen[key].name!r} and {rule.name!r} of sort {rule.head!r}: the same text"
        seen.setdefault(key, rule)
