"""What a search is made of: rules with fixed types, and the constants of a task."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, Final

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.enumerating.bank import Rule
from abduce.symbolic.synthesis.functional.examples import FunctionalExample
from abduce.symbolic.synthesis.functional.primitives import Table
from abduce.symbolic.synthesis.functional.terms import Term, constant
from abduce.symbolic.synthesis.functional.types import (
    BOOL,
    INT,
    STRING,
    FunctionOf,
    ListOf,
    Signature,
    Type,
    grounded,
    parts,
    variables,
)

MOST_TEXTS: Final = 24
"""The upper limit on the constants that are strings."""
LONGEST_TEXT: Final = 16
MOST_NUMBERS: Final = 16
"""The upper limit on the constants that outputs hold."""


def rules_of(table: Table, type: Signature) -> list[Rule]:
    """The primitives with all types that a task can need in the place of their variables.

    Raises:
        InputError: no program can have the type of the result; says so.
    """
    types = _types(type)
    found: list[Rule] = []
    for primitive in table.values():
        stated = (*primitive.type.arguments, primitive.type.result)
        names = list(dict.fromkeys(v for t in stated for v in variables(t)))
        for choice in product(types, repeat=len(names)):
            by = dict(zip(names, choice, strict=True))
            ground = [grounded(t, by) for t in stated]
            inner = [t for g in ground for t in _flat(g)]
            known = [t for t in inner if t in types or not names]
            if len(known) == len(inner):
                found.append(Rule(primitive, tuple(ground[:-1]), ground[-1]))
    reached = _reached(found, type)
    if type.result not in reached:
        names = ", ".join(sorted(map(str, reached)))
        raise InputError(
            f"the type {type.result}, which no primitive and no argument gives",
            (f"one of the types that programs can give: {names}",),
        )
    return [rule for rule in found if all(_available(t, reached) for t in rule.arguments)]


def _types(type: Signature) -> list[Type]:
    own = [part for t in (*type.arguments, type.result) for part in parts(t)]
    more: list[Type] = [INT, BOOL, ListOf(INT)]
    if STRING in own:
        more.append(ListOf(STRING))
    return list(dict.fromkeys([*own, *more]))


def _flat(type: Type) -> Iterable[Type]:
    return (*type.arguments, type.result) if isinstance(type, FunctionOf) else (type,)


def _reached(rules: Sequence[Rule], type: Signature) -> set[Type]:
    """The types that programs can have."""
    reached: set[Type] = {*type.arguments, INT}
    if type.result == STRING:
        reached.add(STRING)
    before = -1
    while before != len(reached):
        before = len(reached)
        for rule in rules:
            if all(_available(t, reached) for t in rule.arguments):
                reached.add(rule.result)
    return reached


def _available(type: Type, reached: set[Type]) -> bool:
    if isinstance(type, FunctionOf):
        return type.result in {*reached, *type.arguments}
    return type in reached


def constants_of(
    examples: Sequence[FunctionalExample], type: Signature, largest: int
) -> list[tuple[Type, Term]]:
    """Small integers, integers that all outputs hold, and strings of inputs and outputs."""
    outputs = [_numbers(example.value) for example in examples]
    often = set.intersection(*map(set, outputs)) if outputs else set()
    first = [n for n in dict.fromkeys(outputs[0]) if n in often][:MOST_NUMBERS]
    numbers = list(dict.fromkeys([*range(largest + 1), -1, *first]))
    found: list[tuple[Type, Term]] = [(INT, constant(INT, n)) for n in numbers]
    if STRING in _types(type):
        found += [(STRING, constant(STRING, text)) for text in _texts(examples)]
    return found


def _numbers(value: Any) -> list[int]:
    if isinstance(value, tuple):
        return [n for each in value for n in _numbers(each)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []


def _strings(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


def _texts(examples: Sequence[FunctionalExample]) -> list[str]:
    """The empty string, marks of the inputs, and parts that all outputs have in common."""
    inputs = [text for e in examples for text in _strings(e.arguments)]
    marks = {c for text in inputs for c in text if not c.isalnum()}
    shared = [c for c in sorted(marks) if sum([c in text for text in inputs]) > len(examples) // 2]
    outputs = [text for e in examples for text in _strings(e.value)]
    parts_: list[str] = []
    if outputs:
        shortest = min(outputs, key=len)
        for length in range(min(len(shortest), LONGEST_TEXT), 0, -1):
            for at in range(len(shortest) - length + 1):
                part = shortest[at : at + length]
                if all(part in text for text in outputs):
                    parts_.append(part)
    own = list(dict.fromkeys(parts_))
    return list(dict.fromkeys(["", *shared, *own]))[:MOST_TEXTS]
