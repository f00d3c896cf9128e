"""The view `parse`: a sentence as a tree, by LALR(1) where the grammar allows it, else by
Earley."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from lark import Lark, Token
from lark import Tree as LarkTree
from lark.exceptions import UnexpectedInput

from abduce.errors import InputError
from abduce.grammars.automaton import END, Automaton, Reduction, Tokens, Word, automaton, lark_text
from abduce.grammars.derivation import tree_of
from abduce.grammars.grammar import Grammar, Rule, Tree, sorts
from abduce.grammars.masking import mask


@dataclass(eq=False)
class ParseError(InputError):
    """A text that is not a sentence: where it stops being one, and what could have stood there."""


def parse(
    grammar: Grammar, text: str, *, path: Path | str | None = None, line: int | None = 1
) -> Tree:
    """The tree of a one-line text.

    With a blank as separator, tokens are what stands between blanks; without one, the longest token
    that fits is taken. If a sentence has several trees (Earley), one is returned.

    Args:
        path, line: where the text comes from, for the error.

    Raises:
        ParseError: the text is not a sentence.

    >>> from abduce.grammars.grammar import Rule
    >>> plus = Rule("e", "plus", ("e", "t"), (0, "+", 1))
    >>> t = Rule("e", "t", ("t",), (0,))
    >>> sums = Grammar.of([plus, t, Rule("t", "one", (), ("1",))], "e")
    >>> parse(sums, "1 + 1")
    ('plus', ('t', ('one',)), ('one',))
    >>> parse(sums, "1 1")
    Traceback (most recent call last):
    ...
    abduce.grammars.parsing.ParseError: 1:3: found '1', expected one of '+' or the end
        1 1
          ^

    Source: DeRemer and Pennello 1982 (LALR), Earley 1970; both through lark.
    """
    words = text.split() if grammar.separator == " " else longest_tokens(grammar, text)
    table = grammar.derived(automaton)
    tree = by_earley(grammar, words) if table is None else by_lalr(table, words)
    if isinstance(tree, int):
        raise _error(grammar, text, words, tree, path, line)
    return tree


def by_lalr(table: Automaton, words: list[str]) -> Tree | int:
    """The tree, or the place of the first token that cannot stand there."""
    actions, gotos = table.actions, table.gotos
    states = [table.start]
    trees: list[Tree] = []
    for place, word in enumerate((*words, END)):
        while True:
            action = actions[states[-1]].get(word)
            if action is None:
                return place
            if isinstance(action, int):
                states.append(action)
                break
            if isinstance(action, Word):
                states.append(action.state)
                trees.append(action.tree)
                break
            if action.size:
                del states[-action.size :]
            _reduce(trees, action)
            states.append(gotos[states[-1]][action.rule.head])
            if word is END and states[-1] == table.accept:
                return trees[0]
    raise AssertionError("the end is always accepted or refused")


def _reduce(trees: list[Tree], action: Reduction) -> None:
    name, arity = action.rule.name, action.arity
    if not arity:
        trees.append((name,))
    elif arity == 1:
        trees[-1] = (name, trees[-1])
    else:
        children = trees[-arity:]
        if action.order is not None:
            children = [children[place] for place in action.order]
        trees[-arity:] = [(name, *children)]


def by_earley(grammar: Grammar, words: list[str]) -> Tree | int:
    parser = grammar.derived(_earley_parser)
    written = grammar.derived(lark_text)
    known = [Token(written.terminals.get(word, "?"), word) for word in words]
    for place, token in enumerate(known):
        if token.type == "?":
            return place
    try:
        found = parser.parse(known)  # type: ignore[arg-type]  # the lexer is ours
    except UnexpectedInput as error:
        refused = getattr(error, "token", None)
        return next((place for place, token in enumerate(known) if token is refused), len(words))
    preorder: list[Rule] = []
    todo: list[LarkTree | Token] = [found]
    while todo:
        node = todo.pop()
        if isinstance(node, Token):
            preorder.append(written.leaves[str(node)])
            continue
        rule = written.rules[int(node.data.removeprefix("r"))]
        holes = [part for part in rule.text if isinstance(part, int)]
        children = dict(zip(holes, node.children, strict=True))
        preorder.append(rule)
        todo.extend(children[child] for child in reversed(range(len(holes))))
    return tree_of(preorder)


def _earley_parser(grammar: Grammar) -> Lark:
    return Lark(grammar.derived(lark_text).text, start="s0", parser="earley", lexer=Tokens)


def longest_tokens(grammar: Grammar, text: str) -> list[str]:
    """Cut a text without separators: known tokens, the longest first; what is unknown stays one
    character."""
    pattern = grammar.derived(_pattern)
    return pattern.findall(text)


def _pattern(grammar: Grammar) -> re.Pattern[str]:
    by_length = sorted(grammar.derived(lark_text).terminals, key=lambda token: (-len(token), token))
    return re.compile("|".join([*map(re.escape, by_length), r"\S"]), re.DOTALL)


def _error(
    grammar: Grammar,
    text: str,
    words: list[str],
    place: int,
    path: Path | str | None,
    line: int | None,
) -> ParseError:
    column = 1
    for word in words[:place]:
        column = text.index(word, column - 1) + 1 + len(word)
    if place < len(words):
        found = repr(words[place])
        column = text.index(words[place], column - 1) + 1
    else:
        found = "the end" if words else "an empty text"
    known = grammar.derived(lark_text).terminals
    advice = None
    if place < len(words) and words[place] not in known:
        close = get_close_matches(words[place], known, 1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        advice = f"{found} is not a word of this language.{hint}"
    expected = ()
    if grammar.derived(automaton) is not None:
        state = mask(grammar, islice(words, place))
        expected = (*_readable(grammar, state.allowed()), *(("the end",) if state.may_end else ()))
    return ParseError(found, expected, path, line, column, text, advice)


def _readable(grammar: Grammar, allowed: frozenset[str], many: int = 8) -> list[str]:
    """The tokens quoted and sorted; where all of a large class of words could stand, the name of
    the class."""
    left = set(allowed)
    names: list[str] = []
    for sort in sorts(grammar):
        words = [
            rule.text[0] for rule in grammar.rules(sort) if len(rule.text) == 1 and not rule.args
        ]
        if len(words) == len(grammar.rules(sort)) > many and left.issuperset(map(str, words)):
            left -= set(map(str, words))
            names.append(f"{sort} ({words[0]!r} … {words[-1]!r})")
    return names + sorted(map(repr, left))
