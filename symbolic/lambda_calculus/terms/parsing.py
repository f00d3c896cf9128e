"""Text to terms: a stack machine over tokens, in one pass, as deep as memory allows.

The language is that of grammars/languages/lambda.lark; the parser is written by hand because trees
of a parser generator are built, walked and freed by recursion. It writes the prefix code as it
reads, but for the applications: how many stand before `f x y` is known at the end of that sequence,
is kept by position, and they are put in at last.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.terms.codes import (
    ABSTRACTION,
    APPLICATION,
    BOUND,
    INTEGER,
    packed,
)
from abduce.symbolic.lambda_calculus.terms.deadline import STRETCH, check
from abduce.symbolic.lambda_calculus.terms.layout import SUGAR
from abduce.symbolic.lambda_calculus.terms.reading import DIGITS, INITIALS, MARK, Tokens, shown
from abduce.symbolic.lambda_calculus.terms.sugar import (
    LARGEST_NUMERAL,
    Coded,
    Encoding,
    boolean,
    numeral,
)
from abduce.symbolic.lambda_calculus.terms.terms import Term, canonical

LAMBDAS = ("\\", "λ")
ENDS = ("\n", ";")
MOST_NODES = 50_000_000
"""The upper limit on the nodes of a term after definitions have been substituted."""
MOST_IN_ALL = 100_000_000
"""The upper limit on the nodes of all definitions and the term together."""
SHORT = 3
"""The upper limit on the length of a bound name that may be several one-letter names by mistake."""

Note = Callable[[str], None]


def parse(
    text: str,
    path: Path | str | None = None,
    *,
    encoding: Encoding = "church",
    indices: bool = False,
    note: Note | None = None,
    deadline: float | None = None,
) -> Term:
    """The term that a text stands for, its definitions put in where they are used.

    Args:
        path: what to call the text in an error.
        encoding: the encoding of numerals.
        indices: read de Bruijn terms such as `\\ \\ 1 (1 0)`: binders have no names, and numbers
            are indices; there are no numerals then.
        note: called once for each name that may not have been meant as it was read: `\\xy. x` binds
            one variable, xy.
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.

    Raises:
        InputError: no such text, with line, column, caret and what was expected there.
        OutOfTime: the deadline has passed.

    >>> print(parse("two = \\\\f x. f (f x)  # a definition\\ntwo two"))
    (\\f x. f (f x)) (\\f x. f (f x))
    """
    parser = _Parser(text.removeprefix(MARK), path, encoding, indices, deadline)
    term = parser.program()
    if note is not None:
        for place, said in parser.doubts():
            line, column, _ = parser.read.position(place)
            note(f"{f'{path}:' if path else ''}{line}:{column}: {said}")
    return term


@dataclass(frozen=True, slots=True)
class _Definition:
    codes: "array[int]"
    binders: list[str]
    place: int


class _Parser:
    """One text on its way to a term; a *place* is an index of its tokens."""

    def __init__(
        self,
        text: str,
        path: Path | str | None,
        encoding: Encoding,
        indices: bool,
        deadline: float | None,
    ) -> None:
        self.path, self.indices, self.deadline = path, indices, deadline
        self.encoding: Encoding = encoding
        self.read = Tokens(text, deadline)
        self.tokens = self.read.found
        self.nodes = 0  # that definitions and numerals were written as
        self.bound: dict[str, int] = {}
        self.beside: dict[str, int] = {}
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
            if not self.definitions:  # free variables are in the order of their first occurrence
                return Term(packed(codes), tuple(self.free), tuple(binders))
            return canonical(codes, tuple(self.free), binders, self.deadline)

    def _definition(self, place: int) -> int:
        name = self.tokens[place]
        if name in self.definitions:
            line = self.read.line(self.definitions[name].place)
            raise self._error(place, found=f"a second definition of {shown(name)}",
                              advice=f"The first is in line {line}.")  # fmt: skip
        if name in self.free:
            line = self.read.line(self.free_places[~self.free[name]])
            raise self._error(
                place,
                found=f"the definition of {shown(name)} after its use in line {line}",
                advice="Definitions stand before what uses them.",
            )
        codes, binders, end = self._term(place + 2, name)
        if end == len(self.tokens):
            raise self._error(end, ("a term after the definitions",))
        self.definitions[name] = _Definition(codes, binders, place)
        return end + 1

    def _term(self, place: int, defined: str) -> tuple["array[int]", list[str], int]:
        """Codes, names of binders, and the place after it, of the term that begins at a place.

        Args:
            defined: the name that the term is the definition of, or nothing.
        """
        tokens, end, free = self.tokens, len(self.tokens), self.free
        codes = array(INTEGER)
        binders: list[str] = []
        applications: dict[int, int] = {}
        scope: dict[str, list[int]] = {}
        around: list[str] = []
        frames: list[tuple[int, int, int]] = []
        first, count = 0, 0  # where the open sequence begins, and how many terms it has
        look = place + STRETCH
        while place < end:
            if place >= look:
                check(self.deadline)
                look = place + STRETCH
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
                binders += ("x",) if self.indices else names
                frames.append((first, count + 1, len(names)))
                for level, name in enumerate(names, len(around)):
                    scope.setdefault(name, []).append(level)
                around += names
                codes.extend([ABSTRACTION] * len(names))
                first, count = len(codes), 0
                continue
            elif token in ENDS:
                break
            else:
                self._atom(place, defined, len(around), codes, binders)
                if len(token) > 1 and token in free and token.isalpha():
                    self._beside(place, scope)
                count += 1
            place += 1
        if not count:
            raise self._error(place, self.atoms)
        while frames:
            if count > 1:
                applications[first] = applications.get(first, 0) + count - 1
            first, count, binding = frames.pop()
            if binding < 0:
                advice = f"The '(' of line {self.read.line(~binding)} is still open."
                raise self._error(place, (*self.atoms, "')'"), advice=advice)
        if count > 1:
            applications[first] = applications.get(first, 0) + count - 1
        return _with_applications(codes, applications), binders, place

    def _binders(self, place: int) -> tuple[list[str], int]:
        """The names of the binders that begin at a place, and the place after their dot; where
        variables are indices, one that is no name, and so binds nothing by its name."""
        tokens, last = self.tokens, place + 1
        if self.indices:
            if len(tokens[place]) > 1:
                raise self._error(place, ("'\\\\' without a name",))
            return [""], last
        if len(tokens[place]) > 1:
            self._bind(tokens[place][1:-1], place)
            return [tokens[place][1:-1]], last
        while last < len(tokens) and tokens[last][0] in INITIALS:
            self._bind(tokens[last], last)
            last += 1
        if last == place + 1:
            raise self._error(last, ("a name",))
        if last == len(tokens) or tokens[last] != ".":
            raise self._error(last, ("a name", "'.'"))
        return tokens[place + 1 : last], last + 1

    def _bind(self, name: str, place: int) -> None:
        if len(name) > 1 and name.isalpha() and len(set(name)) == len(name):
            self.bound.setdefault(name, place)

    def _beside(self, place: int, scope: dict[str, list[int]]) -> None:
        """Keep in mind a free name whose letters are all names that something stands behind."""
        name = self.tokens[place]
        if all(scope.get(letter) or letter in self.definitions for letter in name):
            self.beside[name] = place

    def doubts(self) -> Iterator[tuple[int, str]]:
        """Places of names that may have been meant as several, and what to say of them."""
        used = set(self.tokens)
        for name, place in self.bound.items():
            if len(name) <= SHORT or name not in used:
                yield (
                    place,
                    f"{shown(name)} is read as one name; for {len(name)} variables write "
                    f"\\{' '.join(name)}.",
                )
        for name, place in self.beside.items():
            yield (
                place,
                f"{shown(name)} is read as one name, which nothing binds; for {len(name)} "
                f"variables write {' '.join(name)}.",
            )

    def _atom(
        self, place: int, defined: str, depth: int, codes: "array[int]", binders: list[str]
    ) -> None:
        """Add what one token stands for that no binder around it binds."""
        token = self.tokens[place]
        if token.isdecimal() and token.isascii():
            if not self.indices:
                added, names = self._numeral(place)
            elif len(token) > 9 or int(token) >= depth:
                found = f"the index {shown(token)[1:-1]} under {depth} binders"
                raise self._error(place, ("a smaller index",), found)
            else:
                added, names = array(INTEGER, (BOUND + int(token),)), []
        elif token[0] in DIGITS:
            raise self._error(
                place,
                self.atoms,
                advice="A name begins with a letter, and a blank stands between a number and a "
                "name.",
            )
        elif token[0] not in INITIALS:
            raise self._error(place, self.atoms)
        elif known := self.definitions.get(token):
            added, names = known.codes, known.binders
        elif token == defined:
            raise self._error(
                place,
                found=f"{shown(token)} in its own definition",
                advice="Definitions are not recursive; use a fixed point, as in "
                "Y = \\f. (\\x. f (x x)) (\\x. f (x x))",
            )
        elif token in SUGAR:
            added, names = boolean(token == "true")
        else:
            self.free[token] = ~len(self.free)
            self.free_places.append(place)
            added, names = array(INTEGER, (self.free[token],)), []
        self.nodes += len(added)
        if len(codes) + len(added) > MOST_NODES:
            raise self._error(place, found=f"a term of more than {MOST_NODES:,} nodes")
        if self.nodes > MOST_IN_ALL:
            raise self._error(place, found=f"definitions of more than {MOST_IN_ALL:,} nodes in all")
        if len(added) >= STRETCH:
            check(self.deadline)
        codes += added
        binders += names

    def _numeral(self, place: int) -> Coded:
        token = self.tokens[place]
        if token not in self.numerals:
            digits = token.lstrip("0") or "0"
            if len(digits) > 9 or int(digits) > LARGEST_NUMERAL:
                raise self._error(
                    place,
                    (f"a numeral up to {LARGEST_NUMERAL:,}",),
                    advice="It is written in unary.",
                )
            self.numerals[token] = numeral(int(digits), self.encoding)
        return self.numerals[token]

    @property
    def atoms(self) -> tuple[str, ...]:
        """The tokens with which a term may begin."""
        return ("a name", "an index" if self.indices else "a number", "'('", "'\\'")

    def _error(
        self,
        place: int,
        expected: tuple[str, ...] = (),
        found: str | None = None,
        advice: str | None = None,
    ) -> InputError:
        """The error at a place; found is the token there where nothing else is said."""
        if found is None:
            found = self.read.shown(place)
        line, column, text = self.read.position(place)
        return InputError(found, expected, self.path, line, column, text, advice)


def _with_applications(codes: "array[int]", applications: dict[int, int]) -> "array[int]":
    """The code with the given number of applications inserted before each position."""
    found = array(INTEGER)
    start = 0
    for position in sorted(applications):
        found += codes[start:position]
        found.extend([APPLICATION] * applications[position])
        start = position
    return found + codes[start:]
