"""Programs as plain data: lists for tuples; read back only where they are well-formed and -typed.

What is read has at most ``MAX_DEPTH`` primitives within each other, not counting chains of appends
and increments, so that all that walks through a term may call itself.
"""

from collections.abc import Callable
from typing import Any, Final, NoReturn

from abduce.symbolic.programs.typed.primitives import PRIMITIVES, Table
from abduce.symbolic.programs.typed.running import MAX_TOKENS
from abduce.symbolic.programs.typed.terms import Term, concat, numeral, numeral_value
from abduce.symbolic.programs.typed.typing import Misfit, infer

MAX_DEPTH: Final = 64
Wrong = Callable[[str, str, Any], NoReturn]
"""Raises the error for a part, from its path, what was expected and what was found."""


def term_data(term: Term) -> list[Any]:
    """A term as lists."""
    return [term_data(part) if isinstance(part, tuple) else part for part in term]


def term_from(data: Any, arity: int, wrong: Wrong, table: Table = PRIMITIVES) -> Term:
    """The term of plain data.

    Args:
        arity: how many arguments the program has.
        wrong: what to call where the data is no term.
    """
    _check(data, wrong)
    try:
        infer(data, arity, table)
    except Misfit as misfit:
        path = "".join([f"[{index}]" for index in misfit.path])
        wrong(path, misfit.expected, misfit.part)
    return _normal(data)


def _check(data: Any, wrong: Wrong) -> None:
    """Whether a term of this data, if it is one, is shallow, and its constants are in range."""
    todo: list[tuple[Any, str, int]] = [(data, "", 0)]
    while todo:
        node, path, depth = todo.pop()
        if not _is_node(node):
            continue
        if depth > MAX_DEPTH:
            wrong(path, f"at most {MAX_DEPTH} primitives within each other", node)
        parts, inner = [(part, f"{path}[{at}]") for at, part in enumerate(node) if at], depth + 1
        match node[0]:
            case "append":
                parts = _appended(node, path)
            case "increment" if len(node) == 2:
                last, times, path = _incremented(node, path)
                counts = _is_node(last) and last[0] in ("zero", "number")
                parts, inner = [(last, path)], depth + (1 if counts else times + 1)
            case "token" if any(_has_surrogate(part) for part in node[1:]):
                wrong(f"{path}[1]", "a token without surrogates, which are no characters", node[1])
            case "number" if any(isinstance(n, int) and n > MAX_TOKENS**2 for n in node[1:]):
                wrong(f"{path}[1]", f"a number from 0 to {MAX_TOKENS**2}", node[1])
        todo += [(part, place, inner) for part, place in reversed(parts)]


def _is_node(data: Any) -> bool:
    return isinstance(data, list | tuple) and bool(data) and isinstance(data[0], str)


def _has_surrogate(part: Any) -> bool:
    return isinstance(part, str) and any("\ud800" <= c <= "\udfff" for c in part)


def _appended(data: Any, path: str) -> list[tuple[Any, str]]:
    """The parts of a chain of appends, from left to right, each with its place."""
    parts: list[tuple[Any, str]] = []
    pending = [(data, path)]
    while pending:
        node, place = pending.pop()
        if _is_node(node) and node[0] == "append" and len(node) == 3:
            pending += [(node[2], f"{place}[2]"), (node[1], f"{place}[1]")]
        else:
            parts.append((node, place))
    return parts


def _incremented(data: Any, path: str = "") -> tuple[Any, int, str]:
    """The start of a chain of increments, the length of the chain, and the place of the start."""
    times = 0
    while _is_node(data) and data[0] == "increment" and len(data) == 2:
        data, path, times = data[1], f"{path}[1]", times + 1
    return data, times, path


def _normal(data: Any) -> Term:
    """Checked data as a term: chains of appends as ``concat``, numbers as ``numeral`` make them."""
    match data[0]:
        case "variable" | "state" | "token":
            return tuple(data)
        case "number":
            return numeral(data[1])
        case "append":
            return concat([_normal(part) for part, _ in _appended(data, "")])
        case "increment":
            last, times, _ = _incremented(data)
            inner = _normal(last)
            number = numeral_value(inner)
            if number is not None:
                return numeral(times + number)
            for _ in range(times):
                inner = ("increment", inner)
            return inner
        case name:
            return (name, *[_normal(part) for part in data[1:]])
