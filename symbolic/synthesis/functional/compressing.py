"""Library learning: definitions that make programs shorter, found by compression.

A definition is a pattern that occurs in several programs, with at most two holes. Patterns are the
least general generalisations of pairs of parts. The pattern that saves most bits becomes a
definition, the programs are rewritten, and the search goes on with these. All is kept as it ran:
a rewritten program, expanded, is the program as it was.

Source: Bowers et al. 2023 (Stitch), whose utility this is; the search is a greedy one over pairs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.functions import (
    LAZY,
    FunctionalProgram,
    inferred,
    matched,
)
from abduce.symbolic.synthesis.functional.library import PRICE, FunctionLibrary
from abduce.symbolic.synthesis.functional.primitives import Table
from abduce.symbolic.synthesis.functional.terms import Term, bits
from abduce.symbolic.synthesis.functional.types import FunctionOf, Signature, Type, grounded

MOST_HOLES: Final = 2
MOST_PARTS: Final = 600
"""The upper limit on the different parts of programs that are compared in pairs."""
LEAST_PARTS: Final = 2
"""The number of calls of primitives in a definition, at least."""


@dataclass(frozen=True, slots=True)
class Compressed:
    """A library, and programs that call it.

    Attributes:
        before, after: the bits of all programs; those after include the definitions.
    """

    library: FunctionLibrary
    programs: tuple[FunctionalProgram, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a program, with the types of what it may mention."""

    term: Term
    arguments: tuple[Type, ...]
    bound: tuple[Type, ...]


def compress(
    programs: Sequence[FunctionalProgram], library: FunctionLibrary, most: int = 10
) -> Compressed:
    """At most so many definitions that make the programs shorter, each of which saves bits.

    Args:
        library: what the programs may call already.
    """
    terms = [program.term for program in programs]
    types = [program.type for program in programs]
    before = sum([bits(term, library.table) for term in terms])
    paid = 0
    for number in range(most):
        found = _best(terms, types, library)
        if found is None:
            break
        pattern, type = found
        name = _name(library, number)
        paid += bits(pattern, library.table)
        library = library.added(name, pattern, type)
        terms = [_rewritten(term, pattern, name, len(type.arguments)) for term in terms]
    table = library.table
    rewritten = [
        FunctionalProgram(term, type, table) for term, type in zip(terms, types, strict=True)
    ]
    after = paid + sum([program.bits for program in rewritten])
    return Compressed(library, tuple(rewritten), before, after)


def _name(library: FunctionLibrary, number: int) -> str:
    name = f"learned_{number}"
    while name in library.table:
        number += 1
        name = f"learned_{number}"
    return name


def _best(
    terms: Sequence[Term], types: Sequence[Signature], library: FunctionLibrary
) -> tuple[Term, Signature] | None:
    """The pattern that saves most bits, and its type."""
    table = library.table
    parts: dict[Term, _Part] = {}
    count: dict[Term, int] = {}
    for term, type in zip(terms, types, strict=True):
        for part in _parts(term, type.result, type.arguments, (), table):
            parts.setdefault(part.term, part)
            count[part.term] = count.get(part.term, 0) + 1
    often = sorted(count, key=lambda term: (-count[term] * bits(term, table), repr(term)))
    by_head: dict[str, list[Term]] = {}
    for term in often[:MOST_PARTS]:
        by_head.setdefault(term[0], []).append(term)
    patterns: dict[Term, Signature] = {}
    for group in by_head.values():
        for one, two in combinations_with_replacement(group, 2):
            found = _generalised(one, two, parts[one], table)
            if found is not None:
                patterns.setdefault(*found)
    best, saved = None, 0
    for pattern, type in sorted(patterns.items(), key=repr):
        gain = _gain(pattern, type, count, table)
        if gain > saved:
            best, saved = (pattern, type), gain
    return best


def _parts(
    term: Term, wanted: Type, arguments: tuple[Type, ...], bound: tuple[Type, ...], table: Table
) -> Iterator[_Part]:
    """The calls of primitives in a term."""
    if term[0] in ("argument", "bound", "constant"):
        return
    if term[0] == "lambda":
        if isinstance(wanted, FunctionOf):
            yield from _parts(term[2], wanted.result, arguments, (*bound, *wanted.arguments), table)
        return
    if len(term) > 1:
        yield _Part(term, arguments, bound)
    for child, stated in zip(term[1:], _stated(term, wanted, arguments, bound, table), strict=True):
        yield from _parts(child, stated, arguments, bound, table)


def _stated(
    term: Term,
    wanted: Type,
    arguments: Sequence[Type],
    bound: Sequence[Type],
    table: Table,
) -> list[Type]:
    """The types of the children of a call."""
    type = table[term[0]].type
    by: dict[str, Type] = {}
    matched(type.result, wanted, by)
    for child, stated in zip(term[1:], type.arguments, strict=True):
        if child[0] != "lambda":
            found = inferred(child, arguments, bound, table)
            if found is not None:
                matched(stated, found, by)
    return [grounded(stated, by) for stated in type.arguments]


def _generalised(one: Term, two: Term, part: _Part, table: Table) -> tuple[Term, Signature] | None:
    """The least general pattern of two parts, with holes as arguments, and its type; None where it
    has too many holes, is too small, or a hole stands within a lambda of the pattern and needs its
    parameters."""
    holes: dict[tuple[Term, Term], int] = {}
    types: list[Type] = []

    def meet(a: Term, b: Term) -> Term | None:
        free = a[0] in ("argument", "bound")
        if a[0] == b[0] and len(a) == len(b) and not free:
            if a[0] == "lambda":  # lambdas of a pattern are the same in all its uses
                return a if a == b and not _mentions(a[2], a[1]) else None
            if a[0] != "constant":
                children = [meet(x, y) for x, y in zip(a[1:], b[1:], strict=True)]
                if None in children or (a[0] == LAZY and any(map(_open, children[1:]))):
                    return None  # a call evaluates its arguments, a conditional one branch only
                return (a[0], *children)
            if a == b:
                return a
        if a[0] == "lambda" or b[0] == "lambda":
            return None
        if (a, b) not in holes:
            type = inferred(a, part.arguments, part.bound, table)
            if type is None:
                return None
            holes[a, b] = len(holes)
            types.append(type)
        return ("argument", holes[a, b])

    pattern = meet(one, two)
    if pattern is None or len(holes) > MOST_HOLES or _calls(pattern) < LEAST_PARTS:
        return None
    result = inferred(pattern, types, (), table)
    if result is None:
        return None
    type = Signature(tuple(types), result)
    try:
        FunctionalProgram(pattern, type, table)
    except InputError:
        return None
    return pattern, type


def _open(pattern: Term | None) -> bool:
    """Whether a pattern has a hole."""
    return pattern is not None and _mentions(pattern, 0)


def _mentions(term: Term, depth: int) -> bool:
    """Whether a term mentions an argument, or a parameter beyond a depth."""
    match term[0]:
        case "argument":
            return True
        case "bound":
            return term[1] >= depth
        case "constant":
            return False
        case "lambda":
            return _mentions(term[2], depth + term[1])
        case _:
            return any(_mentions(child, depth) for child in term[1:])


def _calls(term: Term) -> int:
    """The number of calls in a pattern."""
    if term[0] in ("argument", "bound", "constant"):
        return 0
    if term[0] == "lambda":
        return _calls(term[2])
    return 1 + sum([_calls(child) for child in term[1:]])


def _gain(pattern: Term, type: Signature, count: dict[Term, int], table: Table) -> int:
    """The bits that a definition saves, less those that it costs."""
    holes = len(type.arguments)
    saved = 0
    for term, times in count.items():
        found = _filling(pattern, term, holes)
        if found is not None:
            call = PRICE + sum([bits(each, table) for each in found])
            saved += times * max(0, bits(term, table) - call)
    return saved - bits(pattern, table)


def _filling(pattern: Term, term: Term, holes: int) -> list[Term] | None:
    """What the holes of a pattern stand for in a term, or None where it does not fit."""
    found: dict[int, Term] = {}

    def fits(a: Term, b: Term) -> bool:
        if a[0] == "argument":
            return b[0] != "lambda" and found.setdefault(a[1], b) == b
        if a[0] != b[0] or len(a) != len(b):
            return False
        if a[0] in ("constant", "bound", "lambda"):
            return a == b
        return all(fits(x, y) for x, y in zip(a[1:], b[1:], strict=True))

    return [found[i] for i in range(holes)] if fits(pattern, term) else None


def _rewritten(term: Term, pattern: Term, name: str, holes: int) -> Term:
    """A term with calls of a definition where its pattern fits, outermost first."""
    if term[0] in ("argument", "bound", "constant"):
        return term
    if term[0] == "lambda":
        return ("lambda", term[1], _rewritten(term[2], pattern, name, holes))
    found = _filling(pattern, term, holes)
    if found is not None:
        return (name, *[_rewritten(each, pattern, name, holes) for each in found])
    return (term[0], *[_rewritten(child, pattern, name, holes) for child in term[1:]])
