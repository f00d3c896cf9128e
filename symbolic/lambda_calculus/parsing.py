"""Text to terms: a stack machine over tokens, in one pass, as deep as memory allows.

The language is that of ../../grammars/lambda.lark; the parser is written by hand because trees of a
parser generator are built, walked and freed by recursion. It writes the prefix code as it reads,
but for the applications: how many stand before `f x y` is known at the end of that sequence, is
kept by position, and they are put in at last.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.codes import ABSTRACTION, APPLICATION, BOUND
from abduce.symbolic.lambda_calculus.layout import SUGAR
from abduce.symbolic.lambda_calculus.sugar import (
    LARGEST_NUMERAL,
    Coded,
    Encoding,
    boolean,
    numeral,
)
from abduce.symbolic.lambda_calculus.terms import Term, canonical

TOKEN = re.compile(
    r"[\\λ][A-Za-z_][A-Za-z0-9_']*\.|[A-Za-z_][A-Za-z0-9_']*|[0-9]+|#[^\n]*|\n(?=[^\s#)])|\S"
)
INITIALS = frozenset(ascii_letters + "_")
"""What names begin with."""
LAMBDAS = ("\\", "λ")
ENDS = ("\n", ";")
MOST_NODES = 50_000_000
"""Definitions are put in where they are used; no text makes a larger term."""


def parse(
    text: str,
    path: Path | str | None = None,
    *,
    encoding: Encoding = "church",
    indices: bool = False,
) -> Term:
    """The term that a text stands for, its definitions put in where they are used.

    Args:
        path: what to call the text in an error.
        encoding: of numerals.
        indices: read de Bruijn terms such as `\\ \\ 1 (1 0)`: binders have no names, and numbers
            are indices; there are no numerals then.

    Raises:
        InputError: no such text, with line, column, caret and what was expected there.

    >>> print(parse("two = \\\\f x. f (f x)  # a definition\\ntwo two"))
    (\\f x. f (f x)) (\\f x. f (f x))
    """
    return _Parser(text, path, encoding, indices).program()


@dataclass(frozen=True, slots=True)
class _Definition:
    codes: list[int]
    binders: list[str]
    place: int


class _Parser:
    """One text on its way to a term; a *place* is an index of its tokens."""

    def __init__(
        self, text: str, path: Path | str | None, encoding: Encoding, indices: bool
    ) -> None:
        self.text, self.path, self.indices = text, path, indices
        self.encoding: Encoding = encoding
        self.tokens = TOKEN.findall(text)
        if "#" in text:
            self.tokens = [token for token in self.tokens if token[0] != "#"]
        self.definitions: dict[str, _Definition] = {}
        self.free: dict[str, int] = {}
        self.free_places: list[int] = []
        self.numerals: dict[str, Coded] = {}

    def program(self) -> Term:
        """Definitions, then one term."""
        tokens, place = self.tokens, 0
        while True:
            while place < len(tokens) and tokens[place] in ENDS:
                place += 1
            if tokens[place + 1 : place + 2] == ["="] and tokens[place][0] in INITIALS:
                place = self._definition(place)
                continue
            codes, binders, end = self._term(place, "")
            while end < len(tokens) and tokens[end] in ENDS:
                end += 1
            if end < len(tokens):
                raise self._error(
                    end,
                    ("the end",),
                    advice="One term follows the definitions. A line that goes on with the one "
                    "before begins with a blank.",
                )
            return canonical(codes, tuple(self.free), binders)

    def _definition(self, place: int) -> int:
        name = self.tokens[place]
        if name in self.definitions:
            line = self._line(self.definitions[name].place)
            raise self._error(place, found=f"a second definition of {name!r}",
                              advice=f"The first is in line {line}.")  # fmt: skip
        if name in self.free:
            line = self._line(self.free_places[~self.free[name]])
            raise self._error(
                place,
                found=f"the definition of {name!r} after its use in line {line}",
                advice="Definitions stand before what uses them.",
            )
        codes, binders, end = self._term(place + 2, name)
        if end == len(self.tokens):
            raise self._error(end, ("a term after the definitions",))
        self.definitions[name] = _Definition(codes, binders, place)
        return end + 1

    def _term(self, place: int, defined: str) -> tuple[list[int], list[str], int]:
        """Codes, names of binders, and the place after it, of the term that begins at a place.

        Args:
            defined: the name that the term is the definition of, or nothing.
        """
        tokens, end, free = self.tokens, len(self.tokens), self.free
        codes: list[int] = []
        binders: list[str] = []
        applications: dict[int, int] = {}
        scope: dict[str, list[int]] = {}
        around: list[str] = []
        frames: list[tuple[int, int, int]] = []
        first, count = 0, 0  # where the open sequence begins, and how many terms it has
        while place < end:
            token = tokens[place]
            if token == "(":
                frames.append((first, count + 1, ~place))
                first, count = len(codes), 0
            elif token == ")":
                if not count:
                    raise self._error(place, self.atoms)
                while True:
                    if count > 1:
                        applications[first] = applications.get(first, 0) + count - 1
                    if not frames:
                        raise self._error(place, (*self.atoms, "the end"))
                    first, count, binding = frames.pop()
                    if binding < 0:
                        break
                    for _ in range(binding):
                        scope[around.pop()].pop()
            elif levels := scope.get(token):
                codes.append(BOUND - 1 + len(around) - levels[-1])
                count += 1
            elif code := free.get(token):
                codes.append(code)
                count += 1
            elif token[0] in LAMBDAS:
                names, place = self._binders(place)
                frames.append((first, count + 1, len(names)))
                for level, name in enumerate(names, len(around)):
                    scope.setdefault(name, []).append(level)
                around += names
                binders += names
                codes += [ABSTRACTION] * len(names)
                first, count = len(codes), 0
                continue
            elif token in ENDS:
                break
            else:
                self._atom(place, defined, len(around), codes, binders)
                count += 1
            place += 1
        if not count:
            raise self._error(place, self.atoms)
        while frames:
            if count > 1:
                applications[first] = applications.get(first, 0) + count - 1
            first, count, binding = frames.pop()
            if binding < 0:
                advice = f"The '(' of line {self._line(~binding)} is still open."
                raise self._error(place, (*self.atoms, "')'"), advice=advice)
        if count > 1:
            applications[first] = applications.get(first, 0) + count - 1
        return _with_applications(codes, applications), binders, place

    def _binders(self, place: int) -> tuple[list[str], int]:
        """The names of the binders that begin at a place, and the place after their dot."""
        tokens, last = self.tokens, place + 1
        if self.indices:
            if len(tokens[place]) > 1:
                raise self._error(place, ("'\\\\' without a name",))
            return ["x"], last
        if len(tokens[place]) > 1:
            return [tokens[place][1:-1]], last
        while last < len(tokens) and tokens[last][0] in INITIALS:
            last += 1
        if last == place + 1:
            raise self._error(last, ("a name",))
        if last == len(tokens) or tokens[last] != ".":
            raise self._error(last, ("a name", "'.'"))
        return tokens[place + 1 : last], last + 1

    def _atom(
        self, place: int, defined: str, depth: int, codes: list[int], binders: list[str]
    ) -> None:
        """Add what one token stands for that no binder around it binds."""
        token = self.tokens[place]
        if token.isdecimal() and token.isascii():
            if not self.indices:
                added, names = self._numeral(place)
            elif len(token) > 9 or int(token) >= depth:
                found = f"the index {token} under {depth} binders"
                raise self._error(place, ("a smaller index",), found)
            else:
                added, names = [BOUND + int(token)], []
        elif token[0] not in INITIALS:
            raise self._error(place, self.atoms)
        elif known := self.definitions.get(token):
            added, names = known.codes, known.binders
        elif token == defined:
            raise self._error(
                place,
                found=f"{token!r} in its own definition",
                advice="Definitions are not recursive; use a fixed point, as in "
                "Y = \\f. (\\x. f (x x)) (\\x. f (x x))",
            )
        elif token in SUGAR:
            added, names = boolean(token == "true")
        else:
            self.free[token] = ~len(self.free)
            self.free_places.append(place)
            added, names = [self.free[token]], []
        if len(codes) + len(added) > MOST_NODES:
            raise self._error(place, found=f"a term of more than {MOST_NODES:,} nodes")
        codes += added
        binders += names

    def _numeral(self, place: int) -> Coded:
        token = self.tokens[place]
        if token not in self.numerals:
            if len(token) > 9 or int(token) > LARGEST_NUMERAL:
                raise self._error(
                    place,
                    (f"a numeral up to {LARGEST_NUMERAL:,}",),
                    advice="It is written in unary.",
                )
            self.numerals[token] = numeral(int(token), self.encoding)
        return self.numerals[token]

    @property
    def atoms(self) -> tuple[str, ...]:
        """What a term may begin with."""
        return ("a name", "an index" if self.indices else "a number", "'('", "'\\'")

    def _error(
        self,
        place: int,
        expected: tuple[str, ...] = (),
        found: str | None = None,
        advice: str | None = None,
    ) -> InputError:
        """The error at a place; found is the token there where nothing else is said."""
        offset = next((o for n, o in enumerate(self._offsets()) if n == place), len(self.text))
        if found is None:
            found = self._shown(place)
        line = self.text.count("\n", 0, offset) + 1
        start = self.text.rfind("\n", 0, offset) + 1
        whole = self.text[start:].split("\n", 1)[0].rstrip("\r")
        return InputError(found, expected, self.path, line, offset - start + 1, whole, advice)

    def _shown(self, place: int) -> str:
        if place == len(self.tokens):
            return "the end" if self.tokens else "no term"
        token = self.tokens[place]
        return "the end of the line" if token == "\n" else repr(token)

    def _line(self, place: int) -> int:
        offset = next(o for n, o in enumerate(self._offsets()) if n == place)
        return self.text.count("\n", 0, offset) + 1

    def _offsets(self) -> Iterator[int]:
        return (match.start() for match in TOKEN.finditer(self.text) if match[0][0] != "#")


def _with_applications(codes: list[int], applications: dict[int, int]) -> list[int]:
    """The code with so many applications put in before each position."""
    found: list[int] = []
    start = 0
    for position in sorted(applications):
        found += codes[start:position]
        found += [APPLICATION] * applications[position]
        start = position
    return found + codes[start:]
