"""The variables of VNN-LIB 1.0: X_0, X_1, … and Y_0, Y_1, …, declared one by one."""

from math import prod

from abduce.errors import InputError
from abduce.verify.specifications.vnnlib.reader import MISMATCH, Commands, Size, Value
from abduce.verify.specifications.vnnlib.text import VARIABLE, Text


class Scalars:
    """The variables declared so far."""

    operators: frozenset[str] = frozenset(
        ("<=", ">=", "<", ">", "=", "and", "or", "not", "+", "-", "*")
    )

    def __init__(self, text: Text) -> None:
        self.text = text
        self.start = 0
        self.commands: Commands = {"declare-const": self._declare}
        self.unsupported: list[tuple[int, str]] = []
        self._numbers: dict[str, int] = {}
        self._places: dict[int, int] = {}
        self.number = self._numbers.get

    def fault(self, word: str) -> str:
        return "not declared" if VARIABLE.fullmatch(word) else ""

    def name(self, variable: int) -> str:
        return f"X_{variable}" if variable >= 0 else f"Y_{~variable}"

    def place(self, variable: int) -> int:
        return self._places[variable]

    def counts(self, inputs: Size | None, outputs: Size | None) -> tuple[int, int]:
        return self._count("X", inputs, "inputs"), self._count("Y", outputs, "outputs")

    def _count(self, letter: str, wanted: Size | None, what: str) -> int:
        """How many variables of a letter are declared: all from 0 on."""
        numbers = {v if v >= 0 else ~v for v in self._places if (v >= 0) == (letter == "X")}
        found = len(numbers)
        missing = next(number for number in range(found + 1) if number not in numbers)
        if missing < found or not found:
            raise InputError(
                f"no declaration of {letter}_{missing}",
                (f"(declare-const {letter}_{missing} Real)",),
                self.text.path,
            )
        size = prod(wanted) if isinstance(wanted, tuple) else wanted
        if size is not None and found != size:
            raise InputError(
                f"{found} {what}, {letter}_0 to {letter}_{found - 1}",
                (f"{size} {what}",),
                self.text.path,
                advice=MISMATCH,
            )
        return found

    def _declare(self, place: int, arguments: list[Value], end: int) -> None:
        if len(arguments) != 2:
            raise self.text.arity(place, len(arguments), end, 2, "a variable and 'Real'")
        name, sort = arguments
        found = VARIABLE.fullmatch(name) if isinstance(name, str) else None
        if found is None:
            raise self.text.wrong(place, 0, ("X_<number>", "Y_<number>"))
        if sort != "Real":
            raise self.text.wrong(place, 1, ("'Real'",))
        if found[0] in self._numbers:
            raise self.text.wrong(place, 0, ("a new variable",), f"{found[0]} declared again")
        variable = int(found[2]) if found[1] == "X" else ~int(found[2])
        self._numbers[found[0]] = variable
        self._places[variable] = place + 2
