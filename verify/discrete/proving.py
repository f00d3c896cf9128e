"""The proof of any exact object: from an object and its specification to a verdict."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from abduce.symbolic.programs.bellman import Layer, LayerSpecification
from abduce.symbolic.programs.compiling import Exact, Specification
from abduce.symbolic.programs.groups import GroupSpecification, Multiplication
from abduce.symbolic.programs.machine_programs import MachineProgram, MachineProgramSpecification
from abduce.symbolic.programs.mealy import Mealy
from abduce.symbolic.programs.pointers import Pointers, PointerSpecification
from abduce.symbolic.programs.polynomials import Polynomial, PolynomialSpecification
from abduce.symbolic.programs.rules import Rules, RulesSpecification
from abduce.symbolic.programs.step_tables import StepSpecification, StepTables
from abduce.symbolic.programs.streams import StreamSpecification
from abduce.symbolic.programs.table import Table, TableSpecification
from abduce.verify.discrete.groups import prove_group
from abduce.verify.discrete.layers import prove_layer
from abduce.verify.discrete.pointers import prove_pointers
from abduce.verify.discrete.polynomials import prove_polynomial
from abduce.verify.discrete.product import prove_stream
from abduce.verify.discrete.programs import prove_program
from abduce.verify.discrete.rules import prove_rules
from abduce.verify.discrete.step_tables import prove_step
from abduce.verify.discrete.tables import prove_table
from abduce.verify.verdict import Verdict

PROOFS: Mapping[type[Exact], tuple[type[Specification], Callable[..., Verdict]]] = MappingProxyType(
    {
        Mealy: (StreamSpecification, prove_stream),
        Table: (TableSpecification, prove_table),
        Rules: (RulesSpecification, prove_rules),
        MachineProgram: (MachineProgramSpecification, prove_program),
        StepTables: (StepSpecification, prove_step),
        Multiplication: (GroupSpecification, prove_group),
        Layer: (LayerSpecification, prove_layer),
        Polynomial: (PolynomialSpecification, prove_polynomial),
        Pointers: (PointerSpecification, prove_pointers),
    }
)
"""The class of specification and the proof, by the class of the exact object."""


def prove(exact: Exact, specification: Specification, *, deadline: float | None = None) -> Verdict:
    """Whether an exact object is what a specification asks for, for every input.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.

    Raises:
        TypeError: the specification is that of another class of objects.

    >>> from abduce.symbolic.programs.compiling import compiled
    >>> from abduce.symbolic.programs.definitions.arithmetic import ADD, SUBTRACT
    >>> type(prove(compiled(ADD), ADD)).__name__, type(prove(compiled(SUBTRACT), ADD)).__name__
    ('Proved', 'Refuted')
    """
    asked, proof = PROOFS[type(exact)]
    if not isinstance(specification, asked):
        found = type(specification).__name__
        raise TypeError(f"{type(exact).__name__} is proved against {asked.__name__}, not {found}")
    return proof(exact, specification, deadline=deadline)
