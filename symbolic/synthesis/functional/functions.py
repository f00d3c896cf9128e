"""Functional programs: terms that type over a table, and how they run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.primitives import UNDEFINED, Table, Undefined
from abduce.symbolic.synthesis.functional.terms import Term, bits, show
from abduce.symbolic.synthesis.functional.types import (
    FunctionOf,
    ListOf,
    Signature,
    Type,
    belongs,
    grounded,
    is_variable,
)

LAZY = "if"
"""The primitive that evaluates one of its branches only."""


@dataclass(frozen=True, slots=True)
class FunctionalProgram:
    """A term of a type over a table of primitives.

    Raises:
        InputError: the term does not type over the table; says which part does not.

    >>> from abduce.symbolic.synthesis.functional.lists import LISTS
    >>> from abduce.symbolic.synthesis.functional.types import read_signature
    >>> body = ("multiply", ("bound", 0), ("bound", 0))
    >>> term = ("map", ("lambda", 1, body), ("argument", 0))
    >>> squares = FunctionalProgram(term, read_signature("[int] -> [int]"), LISTS)
    >>> print(squares, squares.bits, squares.run((1, 2, 3)))
    map(a -> multiply(a, a), x) 13 (1, 4, 9)
    """

    term: Term
    type: Signature
    table: Table = field(compare=False, repr=False)

    def __post_init__(self) -> None:
        _typed(self.term, self.type.result, self.type.arguments, (), self.table)

    def __str__(self) -> str:
        return show(self.term)

    @property
    def bits(self) -> int:
        """Its description length."""
        return bits(self.term, self.table)

    def run(self, *arguments: Any) -> Any:
        """Its value.

        Raises:
            Undefined: it has none for these arguments.
        """
        return running(self)(*arguments)


def running(program: FunctionalProgram) -> Callable[..., Any]:
    """A program as a Python function, which raises ``Undefined`` where it has no value."""
    function = compiled(program.term, len(program.type.arguments), program.table)
    result = program.type.result

    def run(*arguments: Any) -> Any:
        try:
            value = function(*arguments)
        except UNDEFINED as error:
            raise Undefined(str(error)) from error
        if not belongs(value, result):
            raise Undefined
        return value

    return run


def compiled(term: Term, arity: int, table: Table) -> Callable[..., Any]:
    """A term as a Python function; a ``lambda`` at the top is a function of its parameters after
    the arguments."""
    known: dict[str, Any] = {}
    heads = [f"x{i}" for i in range(arity)]
    depth = 0
    if term[0] == "lambda":
        heads += [f"p{i}" for i in range(term[1])]
        depth, term = term[1], term[2]
    source = _source(term, depth, table, known)
    return eval(f"lambda {', '.join(heads)}: {source}", known)


def _source(term: Term, depth: int, table: Table, known: dict[str, Any]) -> str:
    match term[0]:
        case "argument":
            return f"x{term[1]}"
        case "bound":
            return f"p{depth - 1 - term[1]}"
        case "constant":
            return repr(term[2])
        case "lambda":
            heads = ", ".join([f"p{depth + i}" for i in range(term[1])])
            return f"(lambda {heads}: {_source(term[2], depth + term[1], table, known)})"
        case name:
            parts = [_source(child, depth, table, known) for child in term[1:]]
            if name == LAZY:
                return f"({parts[1]} if {parts[0]} else {parts[2]})"
            known[f"_{name}"] = table[name].value
            return f"_{name}({', '.join(parts)})" if parts else f"_{name}"


def _typed(
    term: Term, wanted: Type, arguments: Sequence[Type], bound: Sequence[Type], table: Table
) -> None:
    """Whether a term is of a type; `bound` has the types of the parameters, innermost last."""

    def refuse(found: Type | str) -> InputError:
        return InputError(f"{found} as {show(term, len(bound)):.80}", (f"the type {wanted}",))

    match term:
        case ("argument", int(i)) if 0 <= i < len(arguments):
            if arguments[i] != wanted:
                raise refuse(arguments[i])
        case ("bound", int(k)) if 0 <= k < len(bound):
            if bound[-1 - k] != wanted:
                raise refuse(bound[-1 - k])
        case ("constant", type_, value):
            if type_ != wanted or not belongs(value, wanted):
                raise refuse(type_)
        case ("lambda", int(n), body):
            if not isinstance(wanted, FunctionOf) or len(wanted.arguments) != n:
                raise refuse("a function")
            _typed(body, wanted.result, arguments, (*bound, *wanted.arguments), table)
        case (str(name), *children) if name in table and len(children) == len(
            table[name].type.arguments
        ):
            _called(term, wanted, arguments, bound, table)
        case _:
            raise InputError(f"{term!r:.80} in a program", ("a term over the primitives",))


def _called(
    term: Term, wanted: Type, arguments: Sequence[Type], bound: Sequence[Type], table: Table
) -> None:
    """Whether a call is of a type: type variables are fixed by the result, then by the children
    that are no lambdas."""
    type_ = table[term[0]].type
    by: dict[str, Type] = {}
    children = list(zip(term[1:], type_.arguments, strict=True))
    if not matched(type_.result, wanted, by):
        raise InputError(f"{type_.result} as {show(term, len(bound)):.80}", (f"the type {wanted}",))
    for child, stated in sorted(children, key=lambda pair: pair[0][0] == "lambda"):
        if child[0] != "lambda":
            found = inferred(child, arguments, bound, table)
            if found is not None:
                matched(stated, found, by)
    for child, stated in children:
        _typed(child, grounded(stated, by), arguments, bound, table)


def inferred(
    term: Term, arguments: Sequence[Type], bound: Sequence[Type], table: Table
) -> Type | None:
    """The type of a term that is no lambda, or None where it needs that of its surroundings."""
    match term[0]:
        case "argument" if term[1] < len(arguments):
            return arguments[term[1]]
        case "bound" if term[1] < len(bound):
            return bound[-1 - term[1]]
        case "constant":
            return term[1]
        case "lambda":
            return None
        case name if name in table:
            type_ = table[name].type
            by: dict[str, Type] = {}
            pairs = list(zip(term[1:], type_.arguments, strict=False))
            for child, stated in sorted(pairs, key=lambda pair: pair[0][0] == "lambda"):
                if child[0] == "lambda" and isinstance(stated, FunctionOf):
                    inner = [grounded(t, by) for t in stated.arguments]
                    found = inferred(child[2], arguments, (*bound, *inner), table)
                    if found is not None:
                        matched(stated.result, found, by)
                elif child[0] != "lambda":
                    found = inferred(child, arguments, bound, table)
                    if found is not None:
                        matched(stated, found, by)
            return grounded(type_.result, by)
    return None


def matched(stated: Type, found: Type, by: dict[str, Type]) -> bool:
    """Whether a stated type with variables is `found`, with what the variables then are."""
    match stated, found:
        case ListOf(), ListOf():
            return matched(stated.item, found.item, by)
        case FunctionOf(), FunctionOf():
            parts = (*stated.arguments, stated.result), (*found.arguments, found.result)
            pairs = zip(*parts, strict=False)
            return len(stated.arguments) == len(found.arguments) and all(
                matched(a, b, by) for a, b in pairs
            )
        case str(name), _ if is_variable(name):
            return by.setdefault(name, found) == found
        case _:
            return stated == found


def ground_instances(type_: Signature, choices: Sequence[Type]) -> list[Mapping[str, Type]]:
    """The ways to fix the type variables of a signature."""
    from itertools import product

    from abduce.symbolic.synthesis.functional.types import variables

    names = list(dict.fromkeys(v for t in (*type_.arguments, type_.result) for v in variables(t)))
    return [dict(zip(names, types, strict=True)) for types in product(choices, repeat=len(names))]
