"""Programs as plain data: lists for tuples; read back only where they are well-formed and -typed.

What is read has at most ``MAX_DEPTH`` primitives within each other, not counting chains of appends
and increments, so that all that walks through a term may call itself. An argument may be a list or
a number; what can be neither is refused: ``["head", ["zero"]]``.
"""

from collections.abc import Callable
from typing import Any, Final, NoReturn

from abduce.symbolic.nsr.terms import ARITY, MAX_TOKENS, Term, concat, numeral, numeral_value

MAX_DEPTH: Final = 64
LIST: Final = "a list"
NUMBER: Final = "a number"
KINDS: Final = {
    "nil": ((), LIST),
    "self": ((), LIST),
    "zero": ((), NUMBER),
    "head": ((LIST,), LIST),
    "tail": ((LIST,), LIST),
    "reverse": ((LIST,), LIST),
    "increment": ((NUMBER,), NUMBER),
    "decrement": ((NUMBER,), NUMBER),
    "append": ((LIST, LIST), LIST),
    "if_zero": ((NUMBER, None, None), None),
    "iterate": ((NUMBER, None, None), None),
}
"""The kinds of the arguments and of the value; None where the kind is that of the branches or the
state."""
assert KINDS.keys() == ARITY.keys()
Wrong = Callable[[str, str, Any], NoReturn]
"""Raises the error for a part, from its path, what was expected and what was found."""


def term_data(term: Term) -> list[Any]:
    """A term as lists."""
    return [term_data(part) if isinstance(part, tuple) else part for part in term]


def term_from(data: Any, arity: int, wrong: Wrong) -> Term:
    """The term of plain data.

    Args:
        arity: how many arguments the program has.
        wrong: what to call where the data is no term.
    """
    return _Reader(arity, wrong).term(data, "", (), 0)[0]


class _Reader:
    def __init__(self, arity: int, wrong: Wrong) -> None:
        self.arity = arity
        self.wrong = wrong

    def term(
        self, data: Any, path: str, states: tuple[str | None, ...], depth: int
    ) -> tuple[Term, str | None]:
        """A term and its kind, None where that is open.

        Args:
            states: the kinds of the states that iterations around it have, innermost first.
        """
        if not isinstance(data, list | tuple) or not data or not isinstance(data[0], str):
            self.wrong(path, "a program: [primitive, ...]", data)
        if depth > MAX_DEPTH:
            self.wrong(path, f"at most {MAX_DEPTH} primitives within each other", data)
        name = data[0]
        if name in ("variable", "state", "token", "number"):
            return self.leaf(name, data, path, states)
        if name not in KINDS:
            self.wrong(f"{path}[0]", f"a primitive: {', '.join(KINDS)}", name)
        if len(data) != ARITY[name] + 1:
            self.wrong(path, f"{ARITY[name]} arguments of {name}", list(data[:2]) or name)
        if name == "append":
            return self.appended(data, path, states, depth)
        if name == "increment":
            return self.incremented(data, path, states, depth)
        if name == "iterate":
            return self.iterated(data, path, states, depth)
        wanted, kind = KINDS[name]
        found = [
            self.of_kind(each, data[i], f"{path}[{i}]", states, depth)
            for i, each in enumerate(wanted, start=1)
        ]
        if name == "if_zero":
            kinds = {k for _, k in found[1:] if k is not None}
            if len(kinds) == 2:
                self.wrong(path, "branches of one kind", data)
            kind = kinds.pop() if kinds else None
        return (name, *[term for term, _ in found]), kind

    def of_kind(
        self,
        wanted: str | None,
        data: Any,
        path: str,
        states: tuple[str | None, ...],
        depth: int,
    ) -> tuple[Term, str | None]:
        """A part with its kind, which must not be another than the wanted one."""
        term, kind = self.term(data, path, states, depth + 1)
        if wanted is not None and kind is not None and kind != wanted:
            self.wrong(path, wanted, data)
        return term, kind

    def leaf(
        self, name: str, data: Any, path: str, states: tuple[str | None, ...]
    ) -> tuple[Term, str | None]:
        if len(data) != 2:
            self.wrong(path, f"one argument of {name}", list(data))
        value, place = data[1], f"{path}[1]"
        if name == "token":
            if not isinstance(value, str):
                self.wrong(place, "a token, which is text", value)
            if any("\ud800" <= c <= "\udfff" for c in value):
                self.wrong(place, "a token without surrogates, which are no characters", value)
            return ("token", value), LIST
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(place, "an integer", value)
        if name == "number":
            if not 0 <= value <= MAX_TOKENS**2:
                self.wrong(place, f"a number from 0 to {MAX_TOKENS**2}", value)
            return numeral(value), NUMBER
        most = self.arity if name == "variable" else len(states)
        if not 0 <= value < most:
            allowed = f"a {name} from 0 to {most - 1}" if most else f"no {name}"
            self.wrong(place, f"{allowed} ({name} {value} is out of range)", value)
        return (name, value), states[value] if name == "state" else None

    def appended(
        self, data: Any, path: str, states: tuple[str | None, ...], depth: int
    ) -> tuple[Term, str | None]:
        """A chain of appends, however long, as ``concat`` makes it."""
        parts: list[Term] = []
        pending = [(data, path)]
        while pending:
            node, place = pending.pop()
            if isinstance(node, list | tuple) and len(node) == 3 and node[0] == "append":
                pending += [(node[2], f"{place}[2]"), (node[1], f"{place}[1]")]
            else:
                parts.append(self.of_kind(LIST, node, place, states, depth)[0])
        return concat(parts), LIST

    def incremented(
        self, data: Any, path: str, states: tuple[str | None, ...], depth: int
    ) -> tuple[Term, str | None]:
        """A chain of increments, however long; of zero or a number, a number."""
        times = 0
        while isinstance(data, list | tuple) and len(data) == 2 and data[0] == "increment":
            data, path, times = data[1], f"{path}[1]", times + 1
        inner, _ = self.of_kind(
            NUMBER, data, path, states, depth if _counts(data) else depth + times
        )
        number = numeral_value(inner)
        if number is not None:
            return numeral(times + number), NUMBER
        for _ in range(times):
            inner = ("increment", inner)
        return inner, NUMBER

    def iterated(
        self, data: Any, path: str, states: tuple[str | None, ...], depth: int
    ) -> tuple[Term, str | None]:
        """An iteration: its state stays of the kind that it starts with."""
        times, _ = self.of_kind(NUMBER, data[1], f"{path}[1]", states, depth)
        start, kind = self.of_kind(None, data[3], f"{path}[3]", states, depth)
        step, _ = self.of_kind(kind, data[2], f"{path}[2]", (kind, *states), depth)
        return ("iterate", times, step, start), kind


def _counts(data: Any) -> bool:
    """Whether increments of this are a number, and none of them within another."""
    return isinstance(data, list | tuple) and bool(data) and data[0] in ("zero", "number")
