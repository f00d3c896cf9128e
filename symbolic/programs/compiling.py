"""Specifications made into exact kernels without any learning."""

from abduce.symbolic.programs.bellman import Layer, LayerSpecification, compiled_layer
from abduce.symbolic.programs.groups import GroupSpecification, Multiplication, compiled_group
from abduce.symbolic.programs.machine_programs import (
    MachineProgram,
    MachineProgramSpecification,
    compiled_program,
)
from abduce.symbolic.programs.mealy import Mealy, compiled_stream
from abduce.symbolic.programs.pointers import Pointers, PointerSpecification, compiled_pointers
from abduce.symbolic.programs.polynomials import (
    Polynomial,
    PolynomialSpecification,
    compiled_polynomial,
)
from abduce.symbolic.programs.rules import Rules, RulesSpecification, compiled_rules
from abduce.symbolic.programs.step_tables import StepSpecification, StepTables, compiled_step
from abduce.symbolic.programs.streams import StreamSpecification
from abduce.symbolic.programs.table import Table, TableSpecification, compiled_table

Specification = (
    StreamSpecification
    | TableSpecification
    | RulesSpecification
    | PolynomialSpecification
    | GroupSpecification
    | LayerSpecification
    | StepSpecification
    | MachineProgramSpecification
    | PointerSpecification
)
"""The definition that an exact object must equal."""
Exact = (
    Mealy
    | Table
    | Rules
    | Polynomial
    | Multiplication
    | Layer
    | StepTables
    | MachineProgram
    | Pointers
)
"""The exact object made from a kernel: it runs, and it is saved as arrays."""


def compiled(specification: Specification) -> Exact:
    """The automaton, the tables or the polynomial that a specification describes."""
    match specification:
        case StreamSpecification():
            return compiled_stream(specification)
        case TableSpecification():
            return compiled_table(specification)
        case RulesSpecification():
            return compiled_rules(specification)
        case PolynomialSpecification():
            return compiled_polynomial(specification)
        case GroupSpecification():
            return compiled_group(specification)
        case LayerSpecification():
            return compiled_layer(specification)
        case StepSpecification():
            return compiled_step(specification)
        case MachineProgramSpecification():
            return compiled_program(specification)
        case PointerSpecification():
            return compiled_pointers(specification)
