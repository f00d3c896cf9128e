"""VNN-LIB 1.0 text as one formula: a stack machine over tokens.

It starts at once, is linear in files with ten thousands of assertions, and does not mind how deeply
they are nested.
"""

from collections.abc import Sequence
from fractions import Fraction

from abduce.errors import InputError, UnsupportedError
from abduce.verify.vnnlib_formulas import (
    MOST_ATOMS,
    MOST_CASES,
    Atom,
    Formula,
    Junction,
    Negation,
    conjunction,
    disjunction,
    negation,
)
from abduce.verify.vnnlib_terms import Term, at_most, difference, equal, product, total
from abduce.verify.vnnlib_text import NUMBER, VARIABLE, Text, shown

COMMANDS = ("'assert'", "'declare-const'")
COMPARISONS = ("<=", ">=", "<", ">", "=")
CONNECTIVES = ("and", "or", "not")
ARITHMETIC = ("+", "-", "*")
INNER = frozenset((*COMPARISONS, *CONNECTIVES, *ARITHMETIC))

Value = Formula | Term | str
"""What a part of an assertion stands for; words are looked up where they are used."""


class Reader:
    """A text on its way to one formula; holds what has been declared so far.

    A frame of the stack is the place of a parenthesis, its operator, and its arguments.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.variables: dict[str, int] = {}
        self.declared: dict[int, int] = {}
        self.asserted: list[Formula] = []
        self.nonlinear: list[str] = []

    def formula(self) -> Formula:
        """The conjunction of all assertions."""
        tokens = self.text.tokens
        if tokens[1:2] == ["vnnlib-version"]:
            version = tokens[2].strip("<>") if len(tokens) > 2 else ""
            raise UnsupportedError(
                str(self.text.path or "this property"),
                (f"VNN-LIB {version}",),
                "VNN-LIB 1.0 is read: (declare-const X_0 Real), (assert …).",
            )
        if not tokens:
            raise self.text.error(0, COMMANDS, "an empty file")
        stack: list[tuple[int, str, list[Value]]] = []
        place, end = 0, len(tokens)
        while place < end:
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
                    self._declare(frame[0], frame[2], place)
            else:
                stack[-1][2].append(token)
            place += 1
        if stack:
            raise self.text.error(
                end,
                ("')'",),
                advice=f"The '(' of line {self.text.line(stack[-1][0])} is still open.",
            )
        if self.nonlinear:
            raise UnsupportedError(str(self.text.path or "this property"), tuple(self.nonlinear))
        return conjunction(self.asserted)

    def count(self, letter: str, wanted: int | None, name: str) -> int:
        """How many variables of a letter are declared: all from 0 on."""
        numbers = {v if v >= 0 else ~v for v in self.declared if (v >= 0) == (letter == "X")}
        found = len(numbers)
        missing = next(number for number in range(found + 1) if number not in numbers)
        if missing < found or not found:
            raise InputError(
                f"no declaration of {letter}_{missing}",
                (f"(declare-const {letter}_{missing} Real)",),
                self.text.path,
            )
        if wanted is not None and found != wanted:
            raise InputError(
                f"{found} {name}, {letter}_0 to {letter}_{found - 1}",
                (f"{wanted} {name}",),
                self.text.path,
                advice="The property and the network do not belong together.",
            )
        return found

    def unbounded(self, variable: int, side: str, number: int, count: int) -> InputError:
        """The error of an input that a case leaves free."""
        where = f" in case {number + 1} of {count}" if count > 1 else ""
        sign = ">=" if side == "lower" else "<="
        return self.text.error(
            self.declared[variable],
            (f"(assert ({sign} X_{variable} …))",),
            f"no {side} bound of X_{variable}{where}",
            "Every input needs a lower and an upper bound of its own.",
        )

    def too_large(self) -> UnsupportedError:
        return UnsupportedError(
            str(self.text.path or "this property"),
            (
                f"a disjunctive normal form of more than {MOST_CASES:,} cases or {MOST_ATOMS:,}"
                " inequalities",
            ),
            "Split the property into several files.",
        )

    def _check_operator(self, place: int, operator: str, outside: bool) -> None:
        if outside and operator not in ("assert", "declare-const"):
            raise self.text.error(place, COMMANDS)
        if not outside and operator not in INNER:
            raise self.text.error(place, tuple(map(repr, INNER)))

    def _declare(self, place: int, arguments: list[Value], end: int) -> None:
        if len(arguments) != 2:
            raise self._arity(place, arguments, end, 2, "a variable and 'Real'")
        name, sort = arguments
        found = VARIABLE.fullmatch(name) if isinstance(name, str) else None
        if found is None:
            raise self._wrong(place, 0, ("X_<number>", "Y_<number>"))
        if sort != "Real":
            raise self._wrong(place, 1, ("'Real'",))
        if found[0] in self.variables:
            raise self._wrong(place, 0, ("a new variable",), f"{found[0]} declared again")
        variable = int(found[2]) if found[1] == "X" else ~int(found[2])
        self.variables[found[0]] = variable
        self.declared[variable] = place + 2

    def _assert(self, place: int, arguments: list[Value], end: int) -> None:
        if len(arguments) != 1:
            raise self._arity(place, arguments, end, 1, "one formula")
        self.asserted.append(self._formulas(place, arguments)[0])

    def _value(self, place: int, operator: str, arguments: list[Value], end: int) -> Value:
        try:
            if operator in COMPARISONS:
                if len(arguments) != 2:
                    raise self._arity(place, arguments, end, 2, "two terms")
                return self._comparison(place, operator, arguments)
            if not arguments or (operator == "not" and len(arguments) > 1):
                what = "a formula" if operator in CONNECTIVES else "a term"
                raise self._arity(place, arguments, end, 1, what)
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
        if isinstance(left, str) and isinstance(right, str) and operator != "=":
            atom = self._short(place, operator, left, right)
            if atom is not None:
                return atom
        a, b = (self._term(place, number, value) for number, value in enumerate(arguments))
        if operator == "=":
            return equal(a, b)
        if operator in (">=", ">"):
            a, b = b, a
        return at_most(a, b, operator in ("<", ">"))

    def _short(self, place: int, operator: str, left: str, right: str) -> Atom | None:
        """The atom of two words, which almost all atoms are, without rational numbers."""
        a, b = self.variables.get(left), self.variables.get(right)
        strict = operator in ("<", ">")
        sign = 1.0 if operator in ("<=", "<") else -1.0
        if a is not None and b is None:
            return Atom(((a, sign),), 0.0 + sign * self._float(place, 1, right), strict)
        if b is not None and a is None:
            return Atom(((b, -sign),), 0.0 - sign * self._float(place, 0, left), strict)
        return None

    def _arithmetic(self, place: int, operator: str, arguments: list[Value], end: int) -> Term:
        terms = [self._term(place, number, value) for number, value in enumerate(arguments)]
        if operator == "+":
            return total(terms)
        if operator == "-":
            return difference(terms[0], terms[1:])
        if (result := product(terms)) is None:
            excerpt = self.text.excerpt(place, end)
            self.nonlinear.append(f"line {self.text.line(place)}: the product {excerpt}")
            return Term({}, Fraction(0))
        return result

    def _formulas(self, place: int, values: Sequence[Value]) -> list[Formula]:
        for number, value in enumerate(values):
            if isinstance(value, str | Term):
                raise self._wrong(place, number, ("a formula",))
        return [value for value in values if not isinstance(value, str | Term)]

    def _term(self, place: int, number: int, value: Value) -> Term:
        if isinstance(value, Atom | Junction | Negation):
            raise self._wrong(place, number, ("a term",))
        if isinstance(value, Term):
            return value
        variable = self.variables.get(value)
        if variable is not None:
            return Term({variable: Fraction(1)}, Fraction(0))
        self._float(place, number, value)
        return Term({}, Fraction(value))

    def _float(self, place: int, number: int, word: str) -> float:
        if NUMBER.fullmatch(word) is None:
            expected = ("a number", "a declared variable")
            undeclared = VARIABLE.fullmatch(word) is not None
            raise self._wrong(
                place, number, expected, f"{shown(word)}, not declared" if undeclared else ""
            )
        value = float(word)
        if abs(value) == float("inf"):
            raise self._wrong(place, number, ("a number within the range of float64",))
        return value

    def _wrong(
        self, place: int, number: int, expected: tuple[str, ...], found: str = ""
    ) -> InputError:
        return self.text.error(self.text.argument(place, number), expected, found)

    def _arity(
        self, place: int, arguments: list[Value], end: int, wanted: int, what: str
    ) -> InputError:
        operator = shown(self.text.tokens[place + 1])
        if len(arguments) < wanted:
            found = f"the end of {operator} after {len(arguments)} of {wanted} arguments"
            return self.text.error(end, (what,), found)
        found = f"{len(arguments)} arguments of {operator}"
        return self.text.error(self.text.argument(place, wanted), (what,), found)
