"""Terms: how they are put together, and what can be read off them.

A term is a plain tuple ``(primitive, *children)``; leaves are ``("variable", i)``, ``("token",
t)``, ``("number", n)`` and the nullary primitives. Lists are lists of tokens; integers are natural
numbers. All primitives are total, so every program halts on every input:

    variable i   the i-th argument             self       the word itself, as an output token
    token t      a constant token              nil        the empty list
    append a b   concatenation                 head a     the first element, as a list (nil of nil)
    reverse a                                  tail a     all but the first element (nil of nil)
    zero         0                             increment a, decrement a   (0 of 0)
    number n     n, in binary
    if_zero c a b                              iterate n f a   n-fold f from a; f sees its state as
                                               ``("state", k)``, k binders up

Source: primitive set after Li et al. 2024, NSR, section 4 (its ``fix`` replaced by total
iteration).
"""

from typing import Any, Final, Protocol

from abduce.symbolic.programs.typed.primitives import PRIMITIVES, Table

Term = tuple[Any, ...]


class Prices(Protocol):
    """Bits, as attributes: of ``variable``, ``state``, ``token`` and each weight of the table."""

    @property
    def zero(self) -> float: ...


MAX_CHAIN: Final = 32
"""The upper limit on the parts of a linear chain of appends. Longer ones become a balanced tree, so
that no long term is deep and recursive functions can walk it."""


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


def bits(term: Term, prices: Prices, table: Table = PRIMITIVES) -> float:
    """Description length of a term, but for the choice among the tokens, which a lexicon pays.

    It is a fixed prefix code. A number costs what ``zero`` does, and 2 bits a binary digit.

    >>> from abduce.symbolic.nsr.priors import PRIORS
    >>> bits(("append", ("variable", 0), ("variable", 1)), PRIORS)
    5.0
    """
    total = 0.0
    pending = [term]
    while pending:
        node = pending.pop()
        name = node[0]
        if name == "number":
            total += prices.zero + 2.0 * node[1].bit_length()
            continue
        primitive = table.get(name)
        symbol = getattr(prices, name if primitive is None else primitive.weight)
        total += symbol
        if name == "increment":
            n = numeral_value(node)
            if n is not None and n > 2:  # large numerals in binary, not in unary
                total += prices.zero + 2.0 * n.bit_length() - symbol
                continue
        pending += [child for child in node[1:] if isinstance(child, tuple)]
    return total


def show(term: Term, names: str = "xyzuvw") -> str:
    """A term as readable text.

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
