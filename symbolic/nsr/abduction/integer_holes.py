"""Holes over integers: which value of an unknown word gives a sentence its target?

Functions of integers have no inverse in general, and need none here: all values up to a limit are
tried at once, as a column of numbers that the ancestors of the hole are applied to.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from abduce.symbolic.nsr.config import IntegerConfig
from abduce.symbolic.nsr.deduction.syntax import Step
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.synthesis.enumeration.calling import ArrayFunction
from abduce.symbolic.synthesis.examples import LARGEST


def solve_integer_hole(
    code: Sequence[Step],
    at: int,
    target: int,
    config: IntegerConfig,
    columns: Mapping[Callable[..., Value], ArrayFunction],
) -> tuple[tuple[int, ...], int | None]:
    """Arguments of the hole at step ``at``, and its value, if exactly one value gives the target.

    Args:
        columns: functions on columns for those functions of the code that have one.

    Raises:
        TooLargeError: an argument is too large.
    """
    stack: list[Any] = []
    for arity, meaning, _ in code[:at]:
        _apply(stack, arity, meaning, columns)
    arity = code[at][0]
    first = len(stack) - arity
    arguments = tuple(stack[first:])
    rest = code[at + 1 :]
    if not rest:
        return arguments, target
    if not config.ancestors:
        return arguments, None
    stack[first:] = [np.arange(config.largest + 1)]
    for step_arity, meaning, _ in rest:
        _apply(stack, step_arity, meaning, columns)
    found = stack[0]
    if not isinstance(found, np.ndarray) or target >= LARGEST:
        return arguments, None
    solutions = np.flatnonzero(found == target)
    return arguments, int(solutions[0]) if len(solutions) == 1 else None


def _apply(
    stack: list[Any],
    arity: int,
    meaning: Any,
    columns: Mapping[Callable[..., Value], ArrayFunction],
) -> None:
    if arity == 0:
        stack.append(meaning)
        return
    operands = stack[len(stack) - arity :]
    if any(isinstance(operand, np.ndarray) for operand in operands):
        value = columns[meaning](*operands)
        value = np.where((value < 0) | (value > LARGEST), -1, value)
    else:
        value = meaning(*operands)
        if not isinstance(value, int) or value >= LARGEST:
            raise TooLargeError
    stack[len(stack) - arity :] = [value]
