"""Specifications made into exact kernels without any learning."""

from abduce.verify.discrete.mealy import Mealy, compiled_stream
from abduce.verify.discrete.product import StreamSpecification
from abduce.verify.discrete.rules import Rules, RulesSpecification, compiled_rules
from abduce.verify.discrete.step_tables import StepSpecification, StepTables, compiled_step
from abduce.verify.discrete.table import Table, TableSpecification, compiled_table

Specification = StreamSpecification | TableSpecification | RulesSpecification | StepSpecification


def compiled(specification: Specification) -> Mealy | Table | Rules | StepTables:
    """The automaton or the tables that a specification describes."""
    match specification:
        case StreamSpecification():
            return compiled_stream(specification)
        case TableSpecification():
            return compiled_table(specification)
        case RulesSpecification():
            return compiled_rules(specification)
        case StepSpecification():
            return compiled_step(specification)
