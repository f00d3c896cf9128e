"""The steps of a list machine, over flat sequences of whole numbers.

The function is plain Python over lists, and the same function is compiled by numba over arrays
where a program takes long; nothing in it is more than either knows.
"""

from collections.abc import MutableSequence, Sequence
from typing import Any

from abduce.symbolic.programs.machine_programs import (
    ALWAYS,
    FIRST,
    LINEAR,
    MIDDLE,
    NUMBERS,
    PLACES,
    POP,
    PUSH,
    SWAP,
)

LINE, DEPTH, PAIRS, STEPS, ANSWER = range(5)
LEFT, RIGHT = 5, 6
"""The registers l and r, whose midpoint MIDDLE computes."""
GREATER = 2


def run(
    ask_kind: Sequence[int],
    ask_a: Sequence[int],
    ask_b: Sequence[int],
    after: Sequence[int],
    effect_kind: Sequence[int],
    effect_a: Sequence[int],
    effect_b: Sequence[int],
    first_move: Sequence[int],
    moves: Sequence[int],
    of_bytes: Sequence[int],
    composed: Sequence[int],
    constant: Sequence[int],
    answers: Sequence[int],
    numbers: Any,
    size: int,
    registers: MutableSequence[int],
    places: MutableSequence[int],
    stack: MutableSequence[int],
    values: MutableSequence[int],
    state: MutableSequence[int],
    fuel: int,
) -> None:
    """Go on from a state until the program ends or the fuel is spent.

    Args:
        ask_kind, ask_a, ask_b: (lines,).
        after, effect_kind, effect_a, effect_b: (3 * lines,), at 3 * line + answer.
        first_move: (3 * lines + 1,), where the moves of a row begin.
        moves: five for each move: register, kind, source, factor, constant.
        of_bytes, composed, constant, answers: the fields of the comparator; composed is flat.
        numbers: (size * numbers,) bytes, those of a number side by side, the lowest first.
        registers, places, stack: what changes; values is room for what registers become.
        state: the line, the depth of the stack, pairs compared and steps taken so far, and the
            last answer.
        fuel: the upper limit on steps.
    """
    line, depth, pairs = state[0], state[1], state[2]
    lines, functions, step, answer = len(ask_kind), len(constant), 0, 1
    while line < lines and step < fuel:
        step += 1
        kind = ask_kind[line]
        answer = 1
        if kind == PLACES:
            a, b = registers[ask_a[line]], registers[ask_b[line]]
            answer = 0 if a < b else 2 if a > b else 1
        elif kind == NUMBERS:
            x = size * places[registers[ask_a[line]]]
            y = size * places[registers[ask_b[line]]]
            byte = size - 1
            does = of_bytes[int(numbers[x + byte]) | int(numbers[y + byte]) << 8]
            while byte > 0 and not constant[does]:
                byte -= 1
                here = of_bytes[int(numbers[x + byte]) | int(numbers[y + byte]) << 8]
                does = composed[functions * does + here]
            answer = answers[does]
            pairs += 1
        elif kind != ALWAYS and depth > 0:
            answer = GREATER
        row = 3 * line + answer
        for move in range(first_move[row], first_move[row + 1]):
            what, source = moves[5 * move + 1], moves[5 * move + 2]
            if what == LINEAR:
                value = moves[5 * move + 3] * registers[source] + moves[5 * move + 4]
            elif what == MIDDLE:
                value = (registers[LEFT] + registers[RIGHT]) // 2
            elif what == FIRST:
                value = stack[2 * depth - 2]
            else:
                value = stack[2 * depth - 1]
            values[move - first_move[row]] = value
        done = effect_kind[row]
        if done == SWAP:
            a, b = registers[effect_a[row]], registers[effect_b[row]]
            places[a], places[b] = places[b], places[a]
        elif done == PUSH:
            stack[2 * depth] = registers[effect_a[row]]
            stack[2 * depth + 1] = registers[effect_b[row]]
            depth += 1
        elif done == POP:
            depth -= 1
        for move in range(first_move[row], first_move[row + 1]):
            registers[moves[5 * move]] = values[move - first_move[row]]
        line = after[row]
    state[0], state[1], state[2], state[3], state[4] = line, depth, pairs, state[3] + step, answer
