"""Running: a program as a Python function, within limits on its steps and its values."""

from collections.abc import Callable
from typing import Any, Final

from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.terms import Term, numeral_value, parts_of, repeated

MAX_TOKENS: Final = 2_000_000
"""The upper limit on the tokens of a value; integers are limited to its square."""
MAX_STEPS: Final = 200_000
"""The upper limit on the steps of all iterations of a program together."""
TOKENS_A_STEP: Final = 64
"""The number of tokens in a new list that cost one extra step."""
MOST_ADDED: Final = 16
"""The upper limit on the parts of a list that are added without a look at their lengths."""


class TooLargeError(Exception):
    """A value outgrew ``MAX_TOKENS`` or a program ``MAX_STEPS`` (internal; search skips it)."""


def is_too_large(value: Value) -> bool:
    """Whether a value is beyond the limits."""
    if isinstance(value, str):
        return len(value) > MAX_TOKENS
    return value > MAX_TOKENS**2


def compiled(program: Program, alphabet: Alphabet, own_word: str = "") -> Callable[..., Value]:
    """The program as a Python function; it raises ``TooLargeError`` on runaway values.

    Args:
        own_word: the word of which it is the meaning, for ``self``.

    >>> alphabet = Alphabet()
    >>> twice = compiled(Program(("append", ("variable", 0), ("variable", 0)), 1), alphabet)
    >>> alphabet.decode(twice(alphabet.encode(["RED"])))
    ('RED', 'RED')
    """
    steps = _Steps()
    constants: dict[str, Any] = {"_iterate": steps.iterate, "_repeat": _repeat, "_join": _join}
    body = _Source(program, alphabet, own_word, constants).of(program.term)
    arguments = ", ".join([f"a{i}" for i in range(program.arity)])
    function = eval(f"lambda {arguments}: {body}", constants)
    return steps.counted(function) if "_iterate(" in body else function


def _join(parts: tuple[str, ...]) -> str:
    if sum(map(len, parts)) > MAX_TOKENS:
        raise TooLargeError
    return "".join(parts)


def _repeat(block: str, times: int) -> str:
    if len(block) * times > MAX_TOKENS:
        raise TooLargeError
    return block * times


class _Steps:
    """The steps that are left to the iterations of one program."""

    __slots__ = ("left",)

    def counted(self, function: Callable[..., Value]) -> Callable[..., Value]:
        """The function with ``MAX_STEPS`` a call."""

        def run(*arguments: Value) -> Value:
            self.left = MAX_STEPS
            return function(*arguments)

        return run

    def iterate(self, n: int, step: Callable[[Value], Value], state: Value) -> Value:
        for _ in range(n):
            new = step(state)
            self.left -= 1 + (len(new) // TOKENS_A_STEP if isinstance(new, str) else 0)
            if self.left < 0:
                raise TooLargeError
            if new == state:
                return state
            state = new
            if isinstance(state, str):
                if len(state) > MAX_TOKENS:
                    raise TooLargeError
            elif state > MAX_TOKENS**2:
                raise TooLargeError
        return state


def _appends(term: Term) -> bool:
    """Whether a part of a list is itself put together, and may be many times as long."""
    pending = [term]
    while pending:
        node = pending.pop()
        if node[0] in ("append", "iterate", "if_zero"):
            return repeated(node) is None
        pending += [child for child in node[1:] if isinstance(child, tuple)]
    return False


class _Source:
    """Terms as Python expressions; functions of the table become constants."""

    def __init__(
        self, program: Program, alphabet: Alphabet, own: str, constants: dict[str, Any]
    ) -> None:
        self.table = program.table
        self.alphabet, self.own, self.constants = alphabet, own, constants

    def of(self, term: Term, depth: int = 0) -> str:
        """The expression of a term that stands within `depth` iterations."""
        match term[0]:
            case "variable":
                return f"a{term[1]}"
            case "state":
                return f"s{depth - 1 - term[1]}"
            case "self":
                return repr(self.alphabet.char(self.own))
            case "token":
                return repr(self.alphabet.char(term[1]))
            case "number":
                return str(term[1])
            case "append":
                parts = parts_of(term)
                sources = [self.of(part, depth) for part in parts]
                if len(parts) <= MOST_ADDED and not any(map(_appends, parts)):
                    return f"({'+'.join(sources)})"
                return f"_join(({','.join(sources)},))"
            case "increment" if (n := numeral_value(term)) is not None:
                return str(n)
            case "iterate":
                block = repeated(term)
                if block is not None:
                    return f"_repeat({self.of(block[0], depth)},{block[1]})"
                n, step, start = self.of(term[1], depth), term[2], self.of(term[3], depth)
                return f"_iterate({n}, lambda s{depth}: {self.of(step, depth + 1)}, {start})"
            case name:
                sources = [self.of(part, depth) for part in term[1:]]
                value = self.table[name].value
                if isinstance(value, str):
                    return value.format(*sources)
                known = f"_call{len(self.constants)}"
                self.constants[known] = value
                return f"{known}({', '.join(sources)})"
