"""Python values as lambda terms and back, in the encodings of Church and of Scott.

    value          Church                        Scott
    number 2       \\f x. f (f x)                 \\s z. s (\\s z. s (\\s z. z))
    true, false    \\t f. t, \\t f. f              the same
    (a, b)         \\s. s a b                     the same
    [a, b]         \\c n. c a (c b n)             \\c n. c a (\\c n. c b (\\c n. n))

Source: Church 1941; Barendregt 1984, chapter 6; Mogensen 1992, Efficient self-interpretation in
lambda calculus (Scott's encoding of data).
"""

from typing import Any

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, packed
from abduce.symbolic.lambda_calculus.terms.deadline import check
from abduce.symbolic.lambda_calculus.terms.sugar import (
    INNER,
    LARGEST_NUMERAL,
    OUTER,
    Encoding,
    boolean,
    numeral,
)
from abduce.symbolic.lambda_calculus.terms.terms import Term

Value = Any
"""A bool, a natural number, a pair (tuple of two) or a list of values."""

DEEPEST = 100
"""The upper limit on the nesting depth of lists and pairs that are read back."""

NIL = [ABSTRACTION, ABSTRACTION, INNER]
CONS = [ABSTRACTION, ABSTRACTION, APPLICATION, APPLICATION, OUTER]
PAIR = [ABSTRACTION, APPLICATION, APPLICATION, INNER]


def encode(value: Value, encoding: Encoding = "church") -> Term:
    """The term of a value.

    Raises:
        InputError: no value that has one, or a number that is too large to be written in unary.

    >>> print(encode([2, True]), encode(1, "scott"))
    \\c n. c (\\f x. f (f x)) (c (\\t f. t) n) \\s z. s (\\s1 z1. z1)
    """
    codes: list[int] = []
    binders: list[str] = []
    todo: list[Value | list[int]] = [(value,)]
    while todo:
        # a tuple of one holds a value; a list is code to be written as it is
        part = todo.pop()
        if isinstance(part, list):
            codes += part
            if part in (NIL, CONS):
                binders += ("c", "n")
            continue
        (item,) = part
        if isinstance(item, bool):
            added, names = boolean(item)
        elif isinstance(item, int) and 0 <= item <= LARGEST_NUMERAL:
            added, names = numeral(item, encoding)
        elif isinstance(item, tuple) and len(item) == 2:
            added, names = PAIR, ["s"]
            todo += ((item[1],), (item[0],))
        elif isinstance(item, list) and encoding == "church":
            added, names = [ABSTRACTION, ABSTRACTION], ["c", "n"]
            todo.append([INNER])
            for element in reversed(item):
                todo += ((element,), [APPLICATION, APPLICATION, OUTER])
        elif isinstance(item, list):
            added, names = [], []
            todo.append(NIL)
            for element in reversed(item):
                todo += ((element,), CONS)
        else:
            raise InputError(
                f"{item!r:.60}",
                ("a bool", f"a number from 0 to {LARGEST_NUMERAL:,}", "a pair", "a list"),
            )
        codes += added
        binders += names
    return Term(packed(codes), (), tuple(binders))


def decode(term: Term, encoding: Encoding = "church", kind: type | None = None) -> Value:
    """The value of a term in normal form.

    One term can be several values: `\\a b. b` is 0, false and the empty list.

    Args:
        kind: int, bool, list or tuple; None takes the first of these that fits.

    Raises:
        InputError: the term is not the code of such a value.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> decode(parse("\\\\f x. f (f x)")), decode(parse("\\\\a b. b"), kind=bool)
    (2, False)
    """
    found = readings(term, encoding)
    if kind is not None:
        found = {k: value for k, value in found.items() if k == kind.__name__}
    if not found:
        expected = kind.__name__ if kind is not None else "value"
        shown = str(term) if term.size <= 50 else repr(term)
        raise InputError(shown, (f"a {expected} in the encoding of {encoding.capitalize()}",))
    return next(iter(found.values()))


def readings(
    term: Term, encoding: Encoding = "church", *, deadline: float | None = None
) -> dict[str, Value]:
    """All values that a term in normal form encodes: 'int', 'bool', 'list' and 'tuple' to a value;
    empty if it encodes none.

    The parts of a list are all read as one kind where one fits them all.

    Raises:
        OutOfTime: the deadline has passed.
    """
    if term.free:
        return {}
    found, end = _Reader(term.codes, encoding, deadline).read(0, DEEPEST)
    return found if end == term.size else {}


class _Reader:
    """Reads values at positions of a code; each reading comes with the position after it."""

    def __init__(self, codes: list[int], encoding: Encoding, deadline: float | None) -> None:
        self.codes, self.encoding, self.deadline = codes, encoding, deadline

    def read(self, at: int, deepest: int) -> tuple[dict[str, Value], int]:
        """The readings of the closed subterm at a position, all of them with one end."""
        check(self.deadline)
        if deepest == 0:
            return {}, at
        number = self._number if self.encoding == "church" else self._scott_number
        items = self._list if self.encoding == "church" else self._scott_list
        found: dict[str, Value] = {}
        end = at
        for kind, reading in (
            ("int", number(at)),
            ("bool", self._boolean(at)),
            ("list", items(at, deepest - 1)),
            ("tuple", self._pair(at, deepest - 1)),
        ):
            if reading is not None:
                found[kind], end = reading
        return found, end

    def _begins(self, at: int, codes: list[int]) -> bool:
        return self.codes[at : at + len(codes)] == codes

    def _repeated(self, at: int, codes: list[int]) -> int:
        """How often a code is repeated from a position on.

        Looks at 1, 2, 4, ... repetitions at once; then at ever fewer, of what is left.
        """
        count, times = 0, 1
        while self._begins(at + count * len(codes), codes * times):
            check(self.deadline)
            count += times
            times *= 2
        while times := times // 2:
            if self._begins(at + count * len(codes), codes * times):
                count += times
        return count

    def _number(self, at: int) -> tuple[int, int] | None:
        if not self._begins(at, [ABSTRACTION, ABSTRACTION]):
            return None
        number = self._repeated(at + 2, [APPLICATION, OUTER])
        at += 2 + 2 * number
        return (number, at + 1) if self._begins(at, [INNER]) else None

    def _scott_number(self, at: int) -> tuple[int, int] | None:
        successor = [ABSTRACTION, ABSTRACTION, APPLICATION, OUTER]
        number = self._repeated(at, successor)
        at += 4 * number
        return (number, at + 3) if self._begins(at, NIL) else None

    def _boolean(self, at: int) -> tuple[bool, int] | None:
        for value in (True, False):
            if self._begins(at, boolean(value)[0].tolist()):
                return value, at + 3
        return None

    def _pair(self, at: int, deepest: int) -> tuple[Value, int] | None:
        if not self._begins(at, PAIR):
            return None
        first, middle = self.read(at + len(PAIR), deepest)
        second, end = self.read(middle, deepest) if first else ({}, at)
        return ((_first(first), _first(second)), end) if second else None

    def _list(self, at: int, deepest: int) -> tuple[list[Value], int] | None:
        if not self._begins(at, [ABSTRACTION, ABSTRACTION]):
            return None
        at += 2
        elements: list[dict[str, Value]] = []
        while self._begins(at, [APPLICATION, APPLICATION, OUTER]):
            element, at = self.read(at + 3, deepest)
            if not element:
                return None
            elements.append(element)
        return (_alike(elements), at + 1) if self._begins(at, [INNER]) else None

    def _scott_list(self, at: int, deepest: int) -> tuple[list[Value], int] | None:
        elements: list[dict[str, Value]] = []
        while self._begins(at, CONS):
            element, at = self.read(at + len(CONS), deepest)
            if not element:
                return None
            elements.append(element)
        return (_alike(elements), at + 3) if self._begins(at, NIL) else None


def _first(found: dict[str, Value]) -> Value:
    return next(iter(found.values()))


def _alike(elements: list[dict[str, Value]]) -> list[Value]:
    for kind in ("int", "bool", "list", "tuple"):
        if all(kind in element for element in elements):
            return [element[kind] for element in elements]
    return [_first(element) for element in elements]
