"""Counterexamples in words: the input, the output, and the expected output."""

from collections.abc import Callable, Sequence
from typing import Any

from abduce.symbolic.machines.lists.numbers import digits
from abduce.symbolic.machines.words.words import permutation_text
from abduce.symbolic.programs import bellman, rules, step_tables
from abduce.symbolic.programs.compiling import Specification
from abduce.symbolic.programs.definitions.arithmetic import COMPARE
from abduce.symbolic.programs.groups import GroupSpecification
from abduce.symbolic.programs.machine_programs import ANSWERS, MachineProgramSpecification
from abduce.symbolic.programs.pointers import PointerSpecification
from abduce.symbolic.programs.polynomials import PolynomialSpecification
from abduce.symbolic.programs.program_text import actions_text, question_text
from abduce.symbolic.programs.streams import StreamSpecification
from abduce.symbolic.programs.table import TableSpecification
from abduce.text import clipped
from abduce.verify.discrete.bounded import BoundedSpecification
from abduce.verify.verdict import Refuted

ORDERS = ("less", "equal", "greater")
OPERANDS = "abcdefgh"
SHOWN = 64
"""The upper limit on the positions of a word that are printed."""


def counterexample(specification: Specification | BoundedSpecification, refuted: Refuted) -> str:
    """A sentence that says how a kernel differs from its specification.

    >>> from abduce.symbolic.programs.mealy import compiled_stream
    >>> from abduce.symbolic.programs.definitions.arithmetic import ADD, SUBTRACT
    >>> from abduce.verify.discrete.proving import prove
    >>> counterexample(ADD, prove(compiled_stream(SUBTRACT), ADD))
    'for a = 0, b = 1 (2 bits) it gives the bits 1 1; expected the bits 1 0, the lowest first'
    """
    x, y = refuted.x.tolist(), refuted.y.tolist()
    expected = [] if refuted.expected is None else refuted.expected.tolist()
    match specification:
        case StreamSpecification() | BoundedSpecification():
            return _stream(specification, x, y, expected)
        case TableSpecification():
            return _said(f"the arguments {_row(x)}", _row(y), _row(expected))
        case GroupSpecification():
            return _product(specification, x, y, expected)
        case PolynomialSpecification():
            point = ", ".join(
                f"{name} = {value}" for name, value in zip(specification.variables, x, strict=True)
            )
            return _said(
                point, *(f"{'the sign ' * specification.sign}{_row(v)}" for v in (y, expected))
            )
        case PointerSpecification():
            seen = f"what is seen as {_row(x)}"
            return _said(
                seen, f"the score {_row(y)}", f"{_row(expected)} or more, the score of worse"
            )
        case bellman.LayerSpecification():
            return _layer(x, y, expected)
        case rules.RulesSpecification():
            return _rules(x, y, expected)
        case MachineProgramSpecification():
            return _program(specification, x, y, expected)
        case step_tables.StepSpecification():
            table, *place = x
            entry = (
                f"the entry {_row(place)} of the table {_named(tuple(step_tables.SHAPES), table)}"
            )
            return _said(entry, _row(y), _row(expected))


def _said(given: str, found: str, expected: str) -> str:
    return f"for {given} it gives {found}; expected {expected}"


def _row(values: Sequence[object]) -> str:
    return " ".join(map(str, values[:SHOWN])) + (" …" if len(values) > SHOWN else "")


def _named(names: Sequence[str], place: int) -> str:
    """The name at a place; tables from a file may name places that do not exist."""
    return names[place] if 0 <= place < len(names) else f"number {place}"


def _stream(
    specification: StreamSpecification | BoundedSpecification,
    word: list[int],
    found: list[int],
    expected: list[int],
) -> str:
    """A word is as many numbers as its symbols have bits, the lowest place first."""
    if isinstance(specification, BoundedSpecification):
        operands, order = specification.operands, specification.last_only
    else:
        operands, order = (specification.symbols - 1).bit_length(), specification is COMPARE
    numbers = [
        sum((symbol >> operand & 1) << place for place, symbol in enumerate(word))
        for operand in range(operands)
    ]
    values = ", ".join(
        f"{name} = {clipped(digits(value))}" for name, value in zip(OPERANDS, numbers, strict=False)
    )
    given = f"{values} ({len(word):,} bit{'s' if len(word) > 1 else ''})"
    if order:
        return _said(given, *(_named(ORDERS, row[-1]) for row in (found, expected)))
    return (
        _said(given, *(f"the bits {_row(row)}" for row in (found, expected))) + ", the lowest first"
    )


def _product(
    specification: GroupSpecification, x: list[int], y: list[int], expected: list[int]
) -> str:
    names = [permutation_text(element) for element in specification.elements]
    one, other = (_named(names, row[0]) for row in (y, expected))
    factors = [_named(names, place) for place in x]
    if len(factors) == 3:
        a, b, c = factors
        return (
            f"({a} * {b}) * {c} gives {one}, and {a} * ({b} * {c}) gives {other}; expected the same"
        )
    return _said(" * ".join(factors), one, other)


def _layer(x: list[int], y: list[int], expected: list[int]) -> str:
    if x:
        given = f"the coefficient of {bellman.TERMS[x[0]]}"
        return _said(given, _row(y), _row(expected))
    return _said("the choice", *(_named(bellman.CHOICES, row[0]) for row in (y, expected)))


def _rules(x: list[int], y: list[int], expected: list[int]) -> str:
    if not x:
        return _said("the offer", *(_named(rules.OFFERS, row[0]) for row in (y, expected)))
    if len(x) == 1:
        answers = ("no", "yes")
        given = f"the state {x[0]}, whether it is open or sought,"
        return _said(given, *(_named(answers, row[0]) for row in (y, expected)))
    state, acts, has_offer, found, order = x
    seen = [
        f"a node in state {state}",
        "that acts" if acts else "that does not act",
        f"with an offer {_named((*ORDERS, ''), order)} to its key"
        if has_offer
        else "without an offer",
        "" if found else "where no node has one",
    ]
    told = [
        f"the state {after} and {'takes' if takes else 'leaves'} the offer"
        for after, takes in (y, expected)
    ]
    return _said(" ".join(filter(None, seen)), *told)


def _program(
    specification: MachineProgramSpecification, x: list[int], y: list[int], expected: list[int]
) -> str:
    line = specification.lines[x[0]]
    if len(x) == 1:
        asked = (_safely(question_text, row[0]) for row in (y, expected))
        return _said(f"the question of the line {line}", *asked)
    given = f"the line {line} and the answer {ANSWERS[x[1]]}"
    return _said(given, *(_done(specification, row) for row in (y, expected)))


def _done(specification: MachineProgramSpecification, row: list[int]) -> str:
    after, effect, *moves = row
    done = _safely(actions_text, effect, tuple(moves))
    following = _named((*specification.lines, "halt"), after)
    return f"{done + ', then ' if done else ''}{following}"


def _safely(text: Callable[..., str], *places: Any) -> str:
    """The contents of tables; those from a file may name things that the machine does not have."""
    try:
        return text(*places)
    except IndexError:
        return f"what the machine does not have ({' '.join(map(str, places))})"
