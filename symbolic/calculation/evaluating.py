"""A program run over the table of operations: the answer, the steps, and their cross-checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from abduce.errors import UnsupportedError
from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.algebra import Reading, value
from abduce.symbolic.calculation.operations import table
from abduce.symbolic.calculation.operations.operation import (
    EQUATION,
    Doubtful,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.operations.timing import TimeUp, timed
from abduce.symbolic.calculation.printing import shown
from abduce.symbolic.calculation.trees import BINDERS, nodes, plain
from abduce.symbolic.calculation.untyped import sp
from abduce.symbolic.calculation.writing import written
from abduce.symbolic.programs.typed.primitives import Primitive
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.terms import Term

CHECK_S: Final = 4.0
"""The upper limit on the CPU time of a cross-check, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The answer of a program.

    Attributes:
        answer: a sympy object, words, a list of answers, or named values.
        steps: a sentence for each operation.
        checks: what agreed, as phrases.
        remarks: what the answer leaves out, as sentences.
    """

    answer: Any
    steps: tuple[str, ...]
    checks: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def primitives(operations: Mapping[str, Operation]) -> dict[str, Primitive]:
    """The operations as primitives of programs, so that terms are typed before they run."""
    return {
        name: Primitive(row.arguments, row.result, "operation", row.run)
        for name, row in operations.items()
    }


def computed(
    term: Term, arguments: Sequence[Tree], *, common_log: bool = False, kinds: Sequence[str] = ()
) -> Computed:
    """The answer of a program at its arguments.

    Raises:
        InputError: the term is no program, or does not type.
        UnsupportedError: an argument that has no meaning.
        Unanswered: an operation has no answer.
        Doubtful: a cross-check disagrees.
    """
    program = Program(term, len(arguments), primitives(table.OPERATIONS))
    sorts = program.signature.arguments
    values = [
        _argument(plain(tree), sort, common_log, kinds)
        for tree, sort in zip(arguments, sorts, strict=True)
    ]
    told = _Told()
    answer = _run(term, values, arguments, told)
    return Computed(
        answer=answer,
        steps=tuple(told.steps),
        checks=tuple(told.checks),
        remarks=tuple(told.remarks),
    )


@dataclass(slots=True)
class _Told:
    """What the operations of a program say, in the order in which they run."""

    steps: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def _argument(tree: Tree, sort: str, common_log: bool, kinds: Sequence[str]) -> Any:
    bound = {node[2] for node in nodes(tree) if node[0] in BINDERS}
    reading = Reading(
        common_log=common_log,
        imaginary=("i",) not in bound,
        positive="positive" in kinds,
    )
    found = value(tree, reading)
    if sort == "name" and not isinstance(found, sp.Symbol):
        raise UnsupportedError("the question", (f"a variable, where {shown(found)} stands",))
    if sort == "relations":
        return found if isinstance(found, sp.Tuple) else sp.Tuple(found)
    if (
        sort == "expression"
        and isinstance(found, (sp.logic.boolalg.Boolean,))
        and not isinstance(found, sp.Symbol)
    ):
        raise UnsupportedError("the question", ("an expression, where an equation stands",))
    return found


def _run(term: Term, values: Sequence[Any], arguments: Sequence[Tree], told: _Told) -> Any:
    match term[0]:
        case "variable":
            return values[term[1]]
        case "number":
            return sp.Integer(term[1])
        case "zero":
            return sp.Integer(0)
        case "token":
            return term[1]
        case name:
            row = table.OPERATIONS[name]
            inputs = [_run(part, values, arguments, told) for part in term[1:]]
            answer = row.run(*inputs)
            _refuse_nothing(answer)
            for second, found in ((row.check, told.checks), (row.remark, told.remarks)):
                if second is None:
                    continue
                try:
                    said = timed(CHECK_S, lambda second=second: second(*inputs, answer))
                except TimeUp:
                    said = None
                if said:
                    found.append(said)
            told.steps.append(_step(row, term, inputs, arguments, shown(answer)))
            return answer


def _step(
    row: Operation, term: Term, inputs: Sequence[Any], arguments: Sequence[Tree], answer: str
) -> str:
    """The sentence of a step; an argument that is already the answer is told as it was asked."""
    parts = [shown(given) for given in inputs]
    for place, part in enumerate(term[1:]):
        if parts[place] == answer and part[0] == "variable":
            parts[place] = written(arguments[int(part[1])])
    if parts and parts[0] == answer and row.about == EQUATION:
        return f"No simpler form of {answer} was found."
    return row.about.format(*parts, answer=answer)


def _refuse_nothing(answer: Any) -> None:
    parts = answer if isinstance(answer, (list, tuple)) else (answer,)
    for part in parts:
        if isinstance(part, sp.Basic) and part.has(sp.nan, sp.zoo):
            raise Unanswered("The expression has no value.")


__all__ = ["Computed", "Doubtful", "Unanswered", "computed", "primitives"]
