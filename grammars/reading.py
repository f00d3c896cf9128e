"""A `.lark` file as a grammar.

What can be written: rules of alternatives of literals, rules and terminals; terminals that stand
for finitely many words; `%ignore " "`, which says that tokens are separated by blanks; and, after
an alternative on a line of its own, its weight as a comment `//@ 2.5` (1 where nothing is said).

    sum: sum "+" digit -> add      //@ 0.5
       | digit         -> digit
    digit: DIGIT                   // one alternative: named like its rule
    DIGIT: "0".."9"                // ten rules of sort DIGIT, each named by its word

Every alternative is a rule of the grammar and needs a name (`-> name`) unless it is the only one. A
terminal is a sort; its words are its rules, in the order written. The first rule is the start.

Not supported, each refused with its place: `?` `*` `+` `~` and groups in rules, `?rule` and
`_rule`, templates, regular expressions, priorities, `%import`, `%override`, `%declare`. The file
stays legal Lark; only the weights are beyond it.
"""

import re
from ast import literal_eval
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark import Tree as LarkTree
from lark.exceptions import UnexpectedInput

from abduce.errors import InputError
from abduce.grammars.grammar import Grammar, Rule

WEIGHT = re.compile(r"//@\s*(?P<weight>.*?)\s*$")
MOST_WORDS = 100_000

Node = Any
"""A tree or token of lark, whose children are not typed."""


def read(text: str, path: Path | str | None = None) -> Grammar:
    """The grammar that a Lark text describes.

    Args:
        path: what to call the text in an error.

    Raises:
        InputError: not Lark, or beyond the supported part of it; with line, column and caret.

    >>> counting = read('number: "s" number -> succ //@ 0.5\\n | "z" -> zero\\n%ignore " "')
    >>> [(rule.name, rule.text, rule.weight) for rule in counting.rules("number")]
    [('succ', ('s', 0), 0.5), ('zero', ('z',), 1.0)]
    """
    return _Reader(text, path).grammar()


def read_file(path: Path) -> Grammar:
    """The grammar in a `.lark` file."""
    return read(path.read_text(encoding="utf-8"), path)


class _Reader:
    """One text on its way to a grammar; holds what errors need."""

    def __init__(self, text: str, path: Path | str | None) -> None:
        self.lines = text.splitlines()
        self.path = path
        self.terminals: dict[str, Any] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self.text = text

    def grammar(self) -> Grammar:
        items = self._items()
        separator = ""
        for item in items:
            if item.data == "token":
                self.terminals[str(item.children[0])] = item
            elif item.data == "ignore":
                separator = self._separator(item)
            elif item.data != "rule":
                raise self._refuse(item, f"%{str(item.data).replace('_', ' ')}")
        rules = [rule for item in items if item.data == "rule" for rule in self._rules(item)]
        if not rules:
            raise InputError("no rule", ('a rule such as: start: "a"',), self.path)
        self._every_weight_is_used({item for item in items if item.data == "rule"})
        used = dict.fromkeys(a for r in rules for a in r.args if a in self.terminals)
        leaves = [
            Rule(name, word, (), (word,)) for name in used for word in self._words_of(str(name))
        ]
        return Grammar.of((*rules, *leaves), rules[0].head, separator)

    def _items(self) -> list[Any]:
        try:
            tree = _lark_of_lark().parse(self.text + "\n")
        except UnexpectedInput as error:
            line, column = max(getattr(error, "line", 1), 1), max(getattr(error, "column", 1), 1)
            shown = self.lines[line - 1] if line <= len(self.lines) else ""
            found = repr(str(getattr(error, "token", shown[column - 1 : column])))
            raise InputError(
                found, ("Lark grammar text",), self.path, line, min(column, len(shown) + 1), shown
            ) from error
        return [item for item in tree.children if isinstance(item, LarkTree)]

    def _rules(self, item: Node) -> Iterator[Rule]:
        name, parameters, *rest, body = item.children
        if parameters.children:
            raise self._refuse(parameters, "a template")
        if rest:
            raise self._refuse(rest[0], "a priority")
        if not re.match(r"[a-z]", name):
            raise self._refuse(name, f"the mark {name[0]!r} on a rule")
        alternatives = body.children if body.data == "expansions" else [body]
        for alternative in alternatives:
            content, alias = alternative, None
            if alternative.data == "alias":
                content, alias = alternative.children
            if alias is None and len(alternatives) > 1:
                raise self._error(
                    alternative if alternative.children else name,
                    "an alternative without a name",
                    ("-> name",),
                )
            yield self._rule(str(name), str(alias or name), content, alternative)

    def _rule(self, head: str, name: str, content: Node, whole: Node) -> Rule:
        parts = content.children if content.data == "expansion" else [content]
        args: list[str] = []
        text: list[str | int] = []
        for part in parts:
            match part:
                case LarkTree(data="literal", children=[Token() as token]) if token.endswith('"'):
                    text.append(self._string(token))
                case LarkTree(data="name"):
                    text.append(len(args))
                    args.append(str(part.children[0]))
                case _:
                    raise self._refuse(part, _called(part))
        return Rule(head, name, tuple(args), tuple(text), self._weight(whole))

    def _weight(self, whole: Node) -> float:
        line = getattr(whole.meta, "end_line", None)
        found = WEIGHT.search(self.lines[line - 1]) if line else None
        if not found:
            return 1.0
        try:
            weight = float(found["weight"])
        except ValueError:
            weight = -1.0
        if not 0 <= weight < float("inf"):
            raise self._at(
                line, found.start("weight") + 1, repr(found["weight"]), ("a weight, at least 0",)
            )
        return weight

    def _every_weight_is_used(self, rules: set[Any]) -> None:
        ends: list[int] = []
        for rule in rules:
            body = rule.children[-1]
            alternatives = body.children if body.data == "expansions" else [body]
            ends += [a.meta.end_line for a in alternatives if getattr(a.meta, "end_line", None)]
        for number, line in enumerate(self.lines, 1):
            if (found := WEIGHT.search(line)) and ends.count(number) != 1:
                raise self._at(
                    number,
                    found.start() + 1,
                    "a weight that belongs to no alternative, or to several",
                    ("one alternative on the line",),
                )

    def _words_of(self, name: str) -> tuple[str, ...]:
        if name not in self.words:
            item = self.terminals[name]
            if item.children[1].children:
                raise self._refuse(item, "a template")
            if len(item.children) > 3:
                raise self._refuse(item, "a priority")
            self.words[
                name
            ] = ()  # a terminal that uses itself has no words yet, and is refused below
            self.words[name] = tuple(dict.fromkeys(self._words(item.children[-1])))
            if not all(self.words[name]) or not self.words[name]:
                raise self._error(item, f"the terminal {name} without words, or with an empty one")
        return self.words[name]

    def _words(self, part: Node) -> list[str]:
        match part.data:
            case "literal" if str(part.children[0]).endswith('"'):
                return [self._string(part.children[0])]
            case "literal_range":
                first, last = (self._string(child) for child in part.children)
                if len(first) != 1 or len(last) != 1 or first > last:
                    raise self._error(part, f"the range {first!r}..{last!r}", ('"a".."z"',))
                return [chr(code) for code in range(ord(first), ord(last) + 1)]
            case "name" if str(part.children[0]) in self.terminals:
                return list(self._words_of(str(part.children[0])))
            case "expansions":
                return [word for child in part.children for word in self._words(child)]
            case "expansion":
                words = [""]
                for child in part.children:
                    words = ["".join(pair) for pair in product(words, self._words(child))]
                    if len(words) > MOST_WORDS:
                        raise self._error(part, f"more than {MOST_WORDS} words")
                return words
        raise self._refuse(part, _called(part))

    def _separator(self, item: Node) -> str:
        body = item.children[0]
        if body.data == "literal" and str(body.children[0]) == '" "':
            return " "
        raise self._error(item, "%ignore of something else", ('%ignore " "',))

    def _string(self, token: Token) -> str:
        value = literal_eval(str(token))
        if not value or any(character.isspace() for character in value):
            raise self._error(token, f"the literal {token}", ("a word without blanks",))
        return value

    def _refuse(self, node: Any, what: str) -> InputError:
        return self._error(
            node, what, ("what the module docstring of abduce.grammars.reading lists",)
        )

    def _error(self, node: Any, found: str, expected: tuple[str, ...] = ()) -> InputError:
        meta = node if isinstance(node, Token) else getattr(node, "meta", None)
        return self._at(getattr(meta, "line", None), getattr(meta, "column", None), found, expected)

    def _at(
        self, line: int | None, column: int | None, found: str, expected: tuple[str, ...]
    ) -> InputError:
        shown = self.lines[line - 1] if line else None
        return InputError(found, expected, self.path, line, column, shown)


def _called(part: Node) -> str:
    names = {
        "expr": "repetition",
        "maybe": "an optional part",
        "expansions": "a group",
        "alias": "a name inside a group",
        "template_usage": "a template",
        "literal_range": "a range in a rule",
        "literal": "a regular expression or a case-blind literal",
        "name": "an unknown name",
    }
    return names.get(str(part.data), str(part.data))


@cache
def _lark_of_lark() -> Lark:
    return Lark.open_from_package(
        "lark",
        "lark.lark",
        ("grammars",),
        parser="lalr",
        propagate_positions=True,
        maybe_placeholders=False,
    )
