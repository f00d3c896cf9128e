"""Lists of edges: one edge a line, as spreadsheets, networkx and people write them.

    NODE NODE WEIGHT        apart by blanks, or by commas or semicolons
    NODE -> NODE WEIGHT     an edge that leads one way
    "NODE"                  any name, in double quotes
    source,target,weight    a first line of column names

Nothing that could be an edge in another notation is taken for the name of a node: names without
quotes have no brackets, quotes, arrows or bars in them, and a name alone on a line no hyphen.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from abduce.errors import InputError
from abduce.symbolic.machines.fields import fields
from abduce.symbolic.machines.graphs.edges import COLUMNS, ROLES, Edges
from abduce.symbolic.machines.lists.numbers import NUMBER, exact
from abduce.text import Line, lines, quoted

NAME = re.compile(r"(?:[+-](?=\d))?\w(?:[\w.@'%$!?:/&~+-]*[\w.'%$!?+])?", re.ASCII)
"""A name without quotes; `x` stands for any letter outside ASCII."""
JOINED = re.compile(r"\w[-:/&~+]+\w", re.ASCII)
"""A name that could be two names, such as a-b."""
BETWEEN = ("to", "and")
"""The words that join the two nodes of an edge in a sentence, such as "1 to 2"."""
ARROWS = ("->", "\u2192")
PARTS = re.compile(
    r'"(?P<quoted>(?:[^"]|"")*)"|(?P<arrow>->|\u2192)|(?P<separator>[,;])|(?P<blank>[ \t]+)'
    r'|(?P<bare>(?:(?!->)[^ \t,;"\u2192])+)|(?P<open>")'
)
FORMS = ("NODE", "NODE NODE"), ("NODE", "NODE NODE WEIGHT")
QUOTE = "In double quotes any name is one."


class Word(NamedTuple):
    """A name or a weight in a line; its column counts from 1."""

    text: str
    column: int
    quoted: bool


class Row(NamedTuple):
    """A line that is not empty."""

    line: Line
    words: Sequence[Word]
    arrow: bool


def read_edge_list(text: str, path: Path | str | None, edges: Edges) -> Edges:
    """Add the edges of a list, one on each line.

    A line with one name is a node. What follows a # is passed over.

    Raises:
        InputError: a line is no edge, a weight is no number, negative or missing; with line and
            column.
    """
    rows = [row for line in lines(text, path, comment="#") if (row := _row(line)).words]
    _check_matrix(rows)
    roles = _header(rows, edges.weighted)
    arrows = any(row.arrow for row in rows)
    for number, row in enumerate(rows):
        if roles and not number:
            continue
        if arrows and not row.arrow and len(row.words) > 1:
            expected = ("an arrow in every line, or in none",)
            raise row.line.wrong("an edge without an arrow", expected, row.words[1].column)
        try:
            _add(row.line, _in_order(row, roles), edges)
        except InputError as error:
            known = ", ".join(names[0] for names in COLUMNS.values())
            advice = f"The first line may name the columns, such as: {known}."
            raise error if number or error.advice else replace(error, advice=advice) from None
    edges.directed |= arrows
    return edges


def _row(line: Line) -> Row:
    """The words of a line, and whether there is an arrow between the first two."""
    code = line.code
    if '"' not in code and not any(arrow in code for arrow in ARROWS):
        return Row(line, [Word(*field, quoted=False) for field in fields(line, row=True)], False)
    words: list[Word] = []
    apart, open_, arrow = True, not words, False
    for part in PARTS.finditer(code):
        kind, column = part.lastgroup, part.start() + 1
        if kind in ("quoted", "bare"):
            if not apart:
                raise line.wrong("a quotation mark within a name", ("a blank before it",), column)
            name = part["quoted"].replace('""', '"') if kind == "quoted" else part["bare"]
            words.append(Word(name, column, kind == "quoted"))
        elif kind == "open":
            advice = "A # begins a comment, in quotes too."
            raise line.wrong("a quotation without an end", ('another "',), column, advice)
        elif kind == "arrow" and (arrow or len(words) != 1):
            expected = ("one arrow, between the first node and the second",)
            raise line.wrong(f"an arrow after {len(words)} words", expected, column)
        elif kind != "blank" and open_:
            raise line.wrong("an empty field", ("a value between two separators",), column)
        apart = kind not in ("quoted", "bare")
        open_ = open_ if kind == "blank" else apart
        arrow = arrow or kind == "arrow"
    if open_ and code.strip():
        expected = ("a value after the last separator",)
        raise line.wrong("an empty field", expected, len(code.rstrip()) + 1)
    return Row(line, words, arrow)


def _header(rows: Sequence[Row], weighted: bool) -> tuple[str, ...]:
    """The columns, if the first line has their names; () if it is an edge."""
    if not rows or rows[0].arrow:
        return ()
    first = [word.text for word in rows[0].words]
    roles = tuple(ROLES.get(name.casefold(), "") for name in first)
    if sorted(roles) not in (["source", "target"], ["source", "target", "weight"]):
        return ()
    if len(roles) == 3 or weighted:
        return roles
    others = {word.text for row in rows[1:] for word in row.words[:2]}
    # an edge between nodes of these names is met again, or stands among other names
    named = others.isdisjoint(first) and (max(map(len, first)) > 1 or _whole(others))
    return roles if named else ()


def _whole(names: set[str]) -> bool:
    return bool(names) and all(name.isdecimal() for name in names)


def _in_order(row: Row, roles: Sequence[str]) -> Sequence[Word]:
    """The words of a line in the order source, target, weight."""
    if not roles or not 1 < len(row.words) <= 3:
        return row.words
    columns = [*roles, *(["weight"] if len(roles) == 2 else [])][: len(row.words)]
    if "source" not in columns or "target" not in columns:
        raise row.line.wrong(f"{len(row.words)} words", (" ".join(roles),))
    order = sorted(range(len(columns)), key=lambda place: tuple(COLUMNS).index(columns[place]))
    return [row.words[place] for place in order]


def _add(line: Line, words: Sequence[Word], edges: Edges) -> None:
    count = len(words)
    if count > 3 or (count == 2 and edges.weighted):
        column = words[3].column if count > 3 else len(line.code.rstrip()) + 1
        raise line.wrong(f"{count} words", FORMS[edges.weighted or count > 3], column)
    weight = exact(line, words[2].text, words[2].column) if count == 3 else None
    for word in words[:2]:
        _check_name(line, word)
    _check_alone(line, words)
    if count == 1:
        edges.names.setdefault(words[0].text)
        return
    source, target, *rest = words
    edges.add(
        source.text,
        target.text,
        weight,
        rest[0].text if rest else "",
        lambda found, expected, advice: line.wrong(found, expected, rest[0].column, advice),
    )


def _check_matrix(rows: Sequence[Row]) -> None:
    """Raises: InputError, where three lines are a matrix: 0 on its diagonal, and symmetric or with
    what would be edges from a node to itself."""
    words = [[word.text for word in row.words] for row in rows if not row.arrow]
    if len(words) != 3 or any(len(row) != 3 for row in words):
        return
    zero = all(NUMBER.fullmatch(words[i][i]) and float(words[i][i]) == 0 for i in range(3))
    plain = all(NUMBER.fullmatch(text) for row in words for text in row)
    symmetric = all(words[i][j] == words[j][i] for i in range(3) for j in range(i))
    if zero and plain and (symmetric or any(row[0] == row[1] for row in words)):
        advice = (
            'Write its edges, NODE NODE WEIGHT; or name the columns first: "source target weight".'
        )
        raise rows[0].line.wrong("a matrix", ("a list of edges",), 1, advice)


def _check_name(line: Line, word: Word) -> None:
    """Raises: InputError, where this is not the name of a node."""
    if word.quoted:
        if not word.text or word.text.strip() != word.text:
            expected = ("a name without a blank at either end",)
            raise line.wrong(quoted(word.text), expected, word.column)
    elif not NAME.fullmatch(_ascii(word.text)):
        expected = ("a node: letters, digits and _, with any of .@'%$!?:/&~+- between them",)
        raise line.wrong(quoted(word.text), expected, word.column, QUOTE)


def _check_alone(line: Line, words: Sequence[Word]) -> None:
    """Raises: InputError, where words could be an edge that is written in another way."""
    first = words[0]
    alone = len(words) == 1 or (len(words) == 2 and NUMBER.fullmatch(words[1].text))
    if alone and not first.quoted and JOINED.search(_ascii(first.text)):
        found = f"{quoted(first.text)}, which may be a node or an edge"
        advice = 'Write an edge as NODE NODE, and a node of this name in double quotes: "NODE".'
        raise line.wrong(found, ("NODE", "NODE NODE"), first.column, advice)
    if len(words) == 3 and words[1].text in BETWEEN and not words[1].quoted:
        expected = ("NODE NODE WEIGHT", "NODE -> NODE")
        raise line.wrong(quoted(words[1].text), expected, words[1].column, QUOTE)


def _ascii(name: str) -> str:
    """The same with an x for each letter, accent or digit of other scripts."""
    if name.isascii():
        return name
    return "".join(
        "x" if not c.isascii() and unicodedata.category(c)[0] in "LMN" else c for c in name
    )
