"""Specifications made into exact kernels without any learning."""

from abduce.verify.discrete.mealy import Mealy, compiled_stream
from abduce.verify.discrete.product import StreamSpecification
from abduce.verify.discrete.table import Table, TableSpecification, compiled_table


def compiled(specification: StreamSpecification | TableSpecification) -> Mealy | Table:
    """The automaton or the table that a specification describes."""
    match specification:
        case StreamSpecification():
            return compiled_stream(specification)
        case TableSpecification():
            return compiled_table(specification)
