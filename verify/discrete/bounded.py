"""Proof for whole numbers of one size: an automaton, unrolled, against the arithmetic of z3.

`product` proves a machine against a specification that reads bit after bit, for every size. Here
the specification is the operation itself on bit-vectors, as z3 defines it, without a carry or other
state. This is a second, independent proof of the same claim, for one size at a time.

Source: de Moura and Bjorner 2008, Z3: an efficient SMT solver.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from abduce import clock
from abduce.errors import MissingExtraError
from abduce.symbolic.programs.definitions.arithmetic import EQUAL, GREATER, LESS
from abduce.verify.discrete.product import Machine
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


@dataclass(frozen=True, slots=True)
class BoundedSpecification:
    """A function on numbers of a known size.

    Attributes:
        claim: the claim, as a noun phrase.
        operands: how many; operand i is bit i of each symbol, the lowest place first.
        result: the function of the operands, as Python's integers or as unsigned bit-vectors of z3.
            The machine must write its bits at the places of the operands; with `last_only`, it must
            write the value after the last place.
    """

    claim: str
    operands: int
    result: Callable[..., Any]
    last_only: bool = False


def _compared(a: Any, b: Any) -> Any:
    import z3

    if isinstance(a, int):
        return LESS if a < b else EQUAL if a == b else GREATER
    return z3.If(z3.ULT(a, b), LESS, z3.If(a == b, EQUAL, GREATER))


BOUNDED: Mapping[str, BoundedSpecification] = MappingProxyType(
    {
        "compare": BoundedSpecification("the order of a and b", 2, _compared, last_only=True),
        "add": BoundedSpecification("the bits of a + b", 2, lambda a, b: a + b),
        "subtract": BoundedSpecification("the bits of a - b", 2, lambda a, b: a - b),
        "increment": BoundedSpecification("the bits of a + 1", 1, lambda a: a + 1),
        "decrement": BoundedSpecification("the bits of a - 1", 1, lambda a: a - 1),
        "multiply-step": BoundedSpecification(
            "the bits of r + m * a, m a bit at each place", 3, lambda r, a, m: r + (a & m)
        ),
    }
)
"""The specifications, by the name of the kernel."""


def prove_bounded(
    machine: Machine,
    specification: BoundedSpecification,
    bits: int,
    *,
    deadline: float | None = None,
) -> Verdict:
    """Whether a machine computes a function on all numbers of `bits` bits.

    Args:
        bits: the number of bits of each operand, at least 1.
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.

    Raises:
        MissingExtraError: z3 is not installed.
    """
    try:
        import z3
    except ModuleNotFoundError as error:
        raise MissingExtraError("a proof for one size", "z3", "neural") from error
    solver = z3.SolverFor("QF_BV")
    operands = [z3.BitVec(f"operand {i}", bits) for i in range(specification.operands)]
    run, right = _formulas(machine, specification, operands)
    solver.add(*run, z3.Not(z3.And(*right)))
    if deadline is not None:
        left_s = deadline - clock.wall_s()
        if left_s <= 0:
            return Unknown("the time was up")
        solver.set("timeout", max(1, int(1000 * left_s)))
    found = solver.check()
    if found == z3.unsat:
        claim = f"{specification.claim}, for all numbers of {bits:,} bits"
        method = f"z3 {z3.get_version_string()}: the negation, on bit-vectors, has no model"
        return Proved(Work(), Certificate(claim, method, 1))
    if found == z3.unknown:
        return Unknown("the time was up")
    model = solver.model()
    values = [int(str(model.eval(operand, model_completion=True))) for operand in operands]
    return _refuted(machine, specification, values, bits)


def _formulas(
    machine: Machine, specification: BoundedSpecification, operands: list[Any]
) -> tuple[list[Any], list[Any]]:
    """The formulas of the machine, with a Boolean for each state after each place, and the formula
    that it is right."""
    import z3

    states, symbols = machine.next.shape
    result, bits = specification.result(*operands), operands[0].size()
    within = [z3.BoolVal(state == machine.start) for state in range(states)]
    run: list[Any] = []
    right: list[Any] = []
    for place in range(bits):
        digits = [z3.Extract(place, place, operand) == 1 for operand in operands]
        reads = [
            z3.And(*(d if symbol >> i & 1 else z3.Not(d) for i, d in enumerate(digits)))
            for symbol in range(symbols)
        ]
        steps = {at: z3.And(within[at[0]], reads[at[1]]) for at in np.ndindex(states, symbols)}
        if specification.last_only:
            wanted = [result == int(machine.output[at]) for at in steps]
        else:
            one = z3.Extract(place, place, result) == 1
            digit = {0: z3.Not(one), 1: one}
            wanted = [digit.get(int(machine.output[at]), z3.BoolVal(False)) for at in steps]
        if place == bits - 1 or not specification.last_only:
            right += map(z3.Implies, steps.values(), wanted)
        within = [z3.Bool(f"state {state} after {place}") for state in range(states)]
        for state, name in enumerate(within):
            run.append(name == z3.Or(*(s for at, s in steps.items() if machine.next[at] == state)))
    return run, right


def _refuted(
    machine: Machine, specification: BoundedSpecification, values: list[int], bits: int
) -> Verdict:
    """The numbers of a model, replayed."""
    word = [
        sum((value >> place & 1) << i for i, value in enumerate(values)) for place in range(bits)
    ]
    written, result = machine(word), specification.result(*values)
    if specification.last_only:
        return Refuted(np.array(word), written[-1:], 0, Work(), np.array([result]))
    return Refuted(
        np.array(word), written, 0, Work(), np.array([result >> place & 1 for place in range(bits)])
    )
