"""Programs: typed terms over one primitive set, the same for every task.

A term is a plain tuple ``(primitive, *children)``; leaves are ``("variable", i)``, ``("token",
t)`` and the nullary primitives. Lists are lists of tokens; integers are natural numbers. All
primitives are total, so every program halts on every input:

    variable i   the i-th argument             self       the word itself, as an output token
    token t      a constant token              nil        the empty list
    append a b   concatenation                 head a     the first element, as a list (nil of nil)
    reverse a                                  tail a     all but the first element (nil of nil)
    zero         0                             increment a, decrement a   (0 of 0)
    number n     n, in binary
    if_zero c a b                              iterate n f a   n-fold f from a; f sees its state as
    call w a...  the program of word w                         ``("state", k)``, k binders up

``bits`` is the description length of a term: a fixed prefix code, stated once in ``priors``.

Source: primitive set after Li et al. 2024, NSR, section 4 (its ``fix`` replaced by total
iteration).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from abduce.errors import UnsupportedError
from abduce.symbolic.nsr.priors import PRIORS, Priors

Term = tuple[Any, ...]
Value = str | int
"""A list is a ``str`` over the private alphabet of ``Alphabet`` (one character a token)."""

MAX_TOKENS: Final = 2_000_000
"""The upper limit on the tokens of a value; integers are limited to its square."""
MAX_STEPS: Final = 200_000
"""The upper limit on the steps of all iterations of a program together."""
TOKENS_A_STEP: Final = 64
"""The number of tokens in a new list that cost one extra step."""
MAX_CHAIN: Final = 32
"""The upper limit on the parts of a linear chain of appends. Longer ones become a balanced tree, so
that no long term is deep and recursive functions can walk it."""

ARITY: Final[Mapping[str, int]] = {
    "nil": 0,
    "self": 0,
    "zero": 0,
    "head": 1,
    "tail": 1,
    "reverse": 1,
    "increment": 1,
    "decrement": 1,
    "append": 2,
    "if_zero": 3,
    "iterate": 3,
}


class TooLargeError(Exception):
    """A value outgrew ``MAX_TOKENS`` or a program ``MAX_STEPS`` (internal; search skips it)."""


def variable(index: int) -> Term:
    return ("variable", index)


def numeral(n: int) -> Term:
    """n: ``increment`` applied to ``zero``, or from three times on a number in binary."""
    if n > 2:
        return ("number", n)
    term: Term = ("zero",)
    for _ in range(n):
        term = ("increment", term)
    return term


def numeral_value(term: Term) -> int | None:
    """The number that a numeral term denotes, or None if the term is no numeral."""
    n = 0
    while term[0] == "increment":
        term, n = term[1], n + 1
    if term[0] == "number":
        return n + term[1]
    return n if term[0] == "zero" else None


def concat(parts: list[Term]) -> Term:
    """``append`` of the parts, right-nested up to ``MAX_CHAIN`` of them; ``nil`` of none.

    >>> concat([variable(0), variable(0)])
    ('append', ('variable', 0), ('variable', 0))
    """
    if not parts:
        return ("nil",)
    if len(parts) > MAX_CHAIN:
        half = len(parts) // 2
        return ("append", concat(parts[:half]), concat(parts[half:]))
    term = parts[-1]
    for part in reversed(parts[:-1]):
        term = ("append", part, term)
    return term


def repeat(block: Term, times: int) -> Term:
    """The block appended to itself, as a total iteration from ``nil``."""
    return ("iterate", numeral(times), ("append", ("state", 0), block), ("nil",))


def repeated(term: Term) -> tuple[Term, int] | None:
    """``(block, times)`` when the term is of the form that ``repeat`` makes, else None."""
    if term[0] == "iterate" and term[3] == ("nil",) and term[2][:2] == ("append", ("state", 0)):
        times = numeral_value(term[1])
        if times is not None and not _has_state(term[2][2]):
            return term[2][2], times
    return None


def _has_state(term: Term) -> bool:
    """Whether the term has a state that no iteration within it binds."""
    pending = [(term, 0)]
    while pending:
        node, binders = pending.pop()
        if node[0] == "state" and node[1] >= binders:
            return True
        inner = node[0] == "iterate"
        for i, child in enumerate(node[1:]):
            if isinstance(child, tuple):
                pending.append((child, binders + (inner and i == 1)))
    return False


def reversal(term: Term) -> Term:
    """A term for the reverse of a list term's value, with ``reverse`` pushed to the leaves.

    >>> x, y = variable(0), variable(1)
    >>> show(reversal(("append", ("reverse", x), repeat(y, 3))))
    '(reverse(y))^3 x'
    """
    block = repeated(term)
    if block is not None:
        return repeat(reversal(block[0]), block[1])
    match term[0]:
        case "append":
            return concat([reversal(part) for part in reversed(parts_of(term))])
        case "reverse":
            return term[1]
        case "nil" | "self" | "token" | "head":
            return term
        case _:
            return ("reverse", term)


def of_reversed(term: Term) -> Term:
    """The term with each of its arguments, all of them lists, reversed.

    >>> show(of_reversed(("append", ("reverse", variable(0)), variable(1))))
    'x reverse(y)'
    """
    if term[0] == "variable":
        return ("reverse", term)
    if numeral_value(term) is not None:
        return term
    children = [of_reversed(c) if isinstance(c, tuple) else c for c in term[1:]]
    if term[0] == "reverse" and children[0][0] == "reverse":
        return children[0][1]
    return (term[0], *children)


def bits(term: Term, priors: Priors = PRIORS) -> float:
    """Description length of a term, but for the choice among the tokens, which the lexicon pays.

    >>> bits(("append", ("variable", 0), ("variable", 1)))
    5.0
    """
    total = 0.0
    pending = [term]
    while pending:
        node = pending.pop()
        name = node[0]
        if name == "number":
            total += priors.zero + 2.0 * node[1].bit_length()
            continue
        symbol = getattr(priors, name)
        total += symbol
        if name == "increment":
            n = numeral_value(node)
            if n is not None and n > 2:  # large numerals in binary, not in unary
                total += priors.zero + 2.0 * n.bit_length() - symbol
                continue
        pending += [child for child in node[1:] if isinstance(child, tuple)]
    return total


def constants(term: Term) -> tuple[str, ...]:
    """The constant tokens of a term from left to right, one for each occurrence."""
    found: list[str] = []
    pending = [term]
    while pending:
        node = pending.pop()
        if node[0] == "token":
            found.append(node[1])
        else:
            pending += [c for c in reversed(node[1:]) if isinstance(c, tuple)]
    return tuple(found)


def parts_of(term: Term) -> list[Term]:
    """The parts of a chain of appends, from left to right: what ``concat`` joins."""
    parts: list[Term] = []
    pending = [term]
    while pending:
        node = pending.pop()
        if node[0] == "append":
            pending += [node[2], node[1]]
        else:
            parts.append(node)
    return parts


def show(term: Term, names: str = "xyzuvw") -> str:
    """A term as a person reads it.

    >>> show(("append", ("reverse", ("variable", 0)), ("variable", 1)))
    'reverse(x) y'
    >>> show(repeat(variable(0), 3))
    '(x)^3'
    """
    match term[0]:
        case "variable":
            return names[term[1]] if term[1] < len(names) else f"x{term[1]}"
        case "state":
            return "s" if term[1] == 0 else f"s{term[1]}"
        case "token":
            return f"'{term[1]}'"
        case "nil":
            return "nil"
        case "append":
            return " ".join([show(part, names) for part in parts_of(term)])
        case "call":
            return f"[{term[1]}]({', '.join(show(c, names) for c in term[2:])})"
        case name:
            block = repeated(term)
            if block is not None:
                return f"({show(block[0], names)})^{block[1]}"
            number = numeral_value(term)
            if number is not None:
                return str(number)
            if name == "increment":
                return f"{show(term[1], names)} + 1"
            if not term[1:]:
                return name
            return f"{name}({', '.join(show(c, names) for c in term[1:])})"


class Alphabet:
    """One private character a token, so that list values are strings and cost little."""

    __slots__ = ("chars", "tokens")
    FIRST: Final = 0x10000
    BEYOND: Final = 0xF0000
    """Characters from this code point on stand for no token; abduction uses them as
    placeholders."""

    def __init__(self) -> None:
        self.chars: dict[str, str] = {}
        self.tokens: list[str] = []

    def char(self, token: str) -> str:
        """The character of a token, a new one where it has none.

        Raises:
            UnsupportedError: there are no more characters.
        """
        found = self.chars.get(token)
        if found is None:
            if self.FIRST + len(self.tokens) == self.BEYOND:
                most = f"more than {self.BEYOND - self.FIRST:,} different tokens"
                raise UnsupportedError("learning", (most,), "Learn from fewer rows.")
            found = self.chars[token] = chr(self.FIRST + len(self.tokens))
            self.tokens.append(token)
        return found

    def encode(self, tokens: list[str] | tuple[str, ...]) -> str:
        return "".join([self.char(t) for t in tokens])

    def decode(self, value: str) -> tuple[str, ...]:
        first, tokens = self.FIRST, self.tokens
        return tuple([tokens[ord(c) - first] for c in value])


Library = Mapping[str, Callable[..., Value]]


def compile_term(
    term: Term, arity: int, alphabet: Alphabet, own_word: str = "", library: Library | None = None
) -> Callable[..., Value]:
    """The term as a Python function; it raises ``TooLargeError`` on runaway values."""
    arguments = ", ".join(f"a{i}" for i in range(arity))
    steps = _Steps()
    constants: dict[str, Any] = {"_iterate": steps.iterate, "_repeat": _repeat, "_join": _join}
    body = _source(term, 0, alphabet, own_word, constants, library or {})
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


def _source(
    term: Term, depth: int, alphabet: Alphabet, own: str, constants: dict[str, Any], lib: Library
) -> str:
    def sub(child: Term, extra: int = 0) -> str:
        return _source(child, depth + extra, alphabet, own, constants, lib)

    match term[0]:
        case "variable":
            return f"a{term[1]}"
        case "state":
            return f"s{depth - 1 - term[1]}"
        case "self":
            return repr(alphabet.char(own))
        case "token":
            return repr(alphabet.char(term[1]))
        case "nil":
            return "''"
        case "append":
            # the empty string makes appending numbers a TypeError
            parts = parts_of(term)
            if any(part[0] == "state" and part[1] >= depth for part in parts):
                raise ValueError("a state outside its iteration")
            if len(parts) <= 16 and not any(map(_appends, parts)):
                return f"(''+{'+'.join([sub(part) for part in parts])})"
            return f"_join(({','.join([sub(part) for part in parts])},))"
        case "head":
            return f"{sub(term[1])}[:1]"
        case "tail":
            return f"{sub(term[1])}[1:]"
        case "reverse":
            return f"{sub(term[1])}[::-1]"
        case "zero":
            return "0"
        case "number":
            return str(term[1])
        case "increment":
            n = numeral_value(term)
            return str(n) if n is not None else f"({sub(term[1])}+1)"
        case "decrement":
            return f"max(0,{sub(term[1])}-1)"
        case "if_zero":
            return f"({sub(term[2])} if {sub(term[1])}<1 else {sub(term[3])})"
        case "iterate":
            block = repeated(term)
            if block is not None:
                return f"_repeat({sub(block[0])},{block[1]})"
            n, start = sub(term[1]), sub(term[3])
            return f"_iterate({n}, lambda s{depth}: {sub(term[2], 1)}, {start})"
        case "call":
            name = f"_call{len(constants)}"
            constants[name] = lib[term[1]]
            return f"{name}({', '.join(sub(c) for c in term[2:])})"
        case other:
            raise ValueError(f"unknown primitive {other!r}")
