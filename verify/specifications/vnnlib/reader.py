"""The assertions of a VNN-LIB text as one formula: a stack machine over tokens.

It needs no start-up time, is linear in the size of the file, and allows assertions to be nested to
any depth. The versions of the language differ in their declarations, which are given by
`Variables`.
"""

from collections.abc import Callable, Mapping, Sequence
from ctypes import c_float
from fractions import Fraction
from typing import Protocol

from abduce.clock import check
from abduce.errors import UnsupportedError
from abduce.verify.networks.network import Shape
from abduce.verify.specifications.formulas import (
    Atom,
    Formula,
    Junction,
    Negation,
    conjunction,
    disjunction,
    negation,
)
from abduce.verify.specifications.terms import (
    Term,
    at_most,
    at_most_single,
    difference,
    equal,
    product,
    total,
)
from abduce.verify.specifications.vnnlib.text import NUMBER, Text, shown

EQUALITIES = ("=", "==", "!=")
COMPARISONS = frozenset(("<=", ">=", "<", ">", *EQUALITIES))
CONNECTIVES = frozenset(("and", "or", "not"))

Value = Formula | Term | str
"""The meaning of a part of an assertion; words are looked up where they are used."""

Size = int | Shape
"""A number of entries, or a shape."""

MISMATCH = "The property and the network do not belong together."

LOOKS = 2**14
"""The number of tokens read between two checks of the clock."""

Commands = Mapping[str, Callable[[int, list[Value], int], None]]


class Variables(Protocol):
    """The commands and operators that a text may have, and the variables that it declares.

    Attributes:
        start: the place where the assertions begin.
        commands: what may stand there beside `assert`; takes the place, the arguments and the end.
        operators: what may stand in an assertion.
        unsupported: places and the unsupported parts that were found there.
    """

    text: Text
    start: int
    commands: Commands
    operators: frozenset[str]
    unsupported: list[tuple[int, str]]

    def number(self, word: str, /) -> int | None:
        """The variable that a word stands for, as in atoms."""
        ...

    def name(self, variable: int) -> str:
        """The word that stands for a variable."""
        ...

    def place(self, variable: int) -> int:
        """The place at which a variable is declared."""
        ...

    def fault(self, word: str) -> str:
        """The error for a word that looks like a variable but is none."""
        ...

    def counts(self, inputs: Size | None, outputs: Size | None) -> tuple[int, int]:
        """How many inputs and how many outputs there are.

        Raises:
            InputError: not those that there must be.
        """
        ...


class Reader:
    """A text on its way to one formula.

    A frame of the stack is the place of a parenthesis, its operator, and its arguments.
    """

    def __init__(self, variables: Variables) -> None:
        self.text = variables.text
        self.variables = variables
        self.asserted: list[Formula] = []
        self.unsupported = list(variables.unsupported)

    def formula(self) -> Formula:
        """The conjunction of all assertions.

        Raises:
            InputError: no such text; with line, column and caret.
            UnsupportedError: what was declared that cannot be handled, and products of variables.
            OutOfTime: the deadline of the text has passed.
        """
        tokens = self.text.tokens
        stack: list[tuple[int, str, list[Value]]] = []
        place, end = self.variables.start, len(tokens)
        if place == end:
            raise self.text.error(end, self._commands(), "" if end else "an empty file")
        look = 0
        while place < end:
            if place >= look:
                check(self.text.deadline)
                look = place + LOOKS
            token = tokens[place]
            if token == "(":
                operator = tokens[place + 1] if place + 1 < end else ""
                self._check_operator(place + 1, operator, not stack)
                stack.append((place, operator, []))
                place += 2
                continue
            if not stack:
                raise self.text.error(place, ("'('",))
            if token == ")":
                frame = stack.pop()
                if stack:
                    stack[-1][2].append(self._value(*frame, place))
                elif frame[1] == "assert":
                    self._assert(frame[0], frame[2], place)
                else:
                    self.variables.commands[frame[1]](frame[0], frame[2], place)
            else:
                stack[-1][2].append(token)
            place += 1
        if stack:
            raise self.text.error(
                end,
                ("')'",),
                advice=f"The '(' of line {self.text.line(stack[-1][0])} is still open.",
            )
        if self.unsupported:
            lines = self.text.lines(place for place, _ in self.unsupported)
            parts = tuple(f"line {lines[place]}: {what}" for place, what in self.unsupported)
            raise UnsupportedError(self.text.name, parts)
        return conjunction(self.asserted)

    def _commands(self) -> tuple[str, ...]:
        return tuple(map(repr, ("assert", *self.variables.commands)))

    def _check_operator(self, place: int, operator: str, outside: bool) -> None:
        if outside and operator != "assert" and operator not in self.variables.commands:
            raise self.text.error(place, self._commands())
        if not outside and operator not in self.variables.operators:
            raise self.text.error(place, tuple(map(repr, self.variables.operators)))

    def _assert(self, place: int, arguments: list[Value], end: int) -> None:
        if len(arguments) != 1:
            raise self.text.arity(place, len(arguments), end, 1, "one formula")
        self.asserted.append(self._formulas(place, arguments)[0])

    def _value(self, place: int, operator: str, arguments: list[Value], end: int) -> Value:
        try:
            if operator in COMPARISONS:
                if len(arguments) != 2:
                    raise self.text.arity(place, len(arguments), end, 2, "two terms")
                return self._comparison(place, operator, arguments)
            if not arguments or (operator == "not" and len(arguments) > 1):
                what = "a formula" if operator in CONNECTIVES else "a term"
                raise self.text.arity(place, len(arguments), end, 1, what)
            if operator == "and":
                return conjunction(self._formulas(place, arguments))
            if operator == "or":
                return disjunction(self._formulas(place, arguments))
            if operator == "not":
                return negation(self._formulas(place, arguments)[0])
            return self._arithmetic(place, operator, arguments, end)
        except OverflowError as error:
            raise self.text.error(
                place,
                ("numbers within the range of float64",),
                f"a number out of range in {self.text.excerpt(place, end)}",
            ) from error

    def _comparison(self, place: int, operator: str, arguments: list[Value]) -> Formula:
        left, right = arguments
        if isinstance(left, str) and isinstance(right, str) and operator not in EQUALITIES:
            atom = self._short(place, operator, left, right)
            if atom is not None:
                return atom
        a, b = (self._term(place, number, value) for number, value in enumerate(arguments))
        if operator in EQUALITIES:
            return negation(equal(a, b)) if operator == "!=" else equal(a, b)
        if operator in (">=", ">"):
            a, b = b, a
        return at_most(a, b, operator in ("<", ">"))

    def _short(self, place: int, operator: str, left: str, right: str) -> Atom | None:
        """The atom of two words, which almost all atoms are, without rational numbers."""
        a, b = self.variables.number(left), self.variables.number(right)
        strict = operator in ("<", ">")
        sign = 1.0 if operator in ("<=", "<") else -1.0
        if a is not None and b is None:
            return self._bound(a, sign, self._float(place, 1, right), right, strict)
        if b is not None and a is None:
            return self._bound(b, -sign, self._float(place, 0, left), left, strict)
        return None

    @staticmethod
    def _bound(variable: int, sign: float, value: float, word: str, strict: bool) -> Atom:
        """``sign * variable <= sign * value``."""
        bound = 0.0 + sign * value
        if variable >= 0 and c_float(value).value == value:
            bound = at_most_single(bound, int(sign) * Fraction(word))
        return Atom(((variable, sign),), bound, strict)

    def _arithmetic(self, place: int, operator: str, arguments: list[Value], end: int) -> Term:
        terms = [self._term(place, number, value) for number, value in enumerate(arguments)]
        if operator == "+":
            return total(terms)
        if operator == "-":
            return difference(terms[0], terms[1:])
        if (result := product(terms)) is None:
            self.unsupported.append((place, f"the product {self.text.excerpt(place, end)}"))
            return Term({}, Fraction(0))
        return result

    def _formulas(self, place: int, values: Sequence[Value]) -> list[Formula]:
        for number, value in enumerate(values):
            if isinstance(value, str | Term):
                raise self.text.wrong(place, number, ("a formula",))
        return [value for value in values if not isinstance(value, str | Term)]

    def _term(self, place: int, number: int, value: Value) -> Term:
        if isinstance(value, Atom | Junction | Negation):
            raise self.text.wrong(place, number, ("a term",))
        if isinstance(value, Term):
            return value
        variable = self.variables.number(value)
        if variable is not None:
            return Term({variable: Fraction(1)}, Fraction(0))
        self._float(place, number, value)
        return Term({}, Fraction(value))

    def _float(self, place: int, number: int, word: str) -> float:
        if NUMBER.fullmatch(word) is None:
            fault = self.variables.fault(word)
            expected = ("a number", "a declared variable")
            raise self.text.wrong(
                place, number, expected, f"{shown(word)}, {fault}" if fault else ""
            )
        value = float(word)
        if abs(value) == float("inf"):
            raise self.text.wrong(place, number, ("a number within the range of float64",))
        return value
