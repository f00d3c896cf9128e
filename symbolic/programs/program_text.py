"""Programs of list machines as a person writes them, one line of the program a line of text.

    scan: j ? r    | < look                  | = halt
    look: [j] ? [i] | < scan, i = j, j = j + 1 | => scan, j = j + 1

A line has a question: the order of two registers, or of the numbers at them, or whether the `stack`
holds anything (`>`) or nothing (`=`). `always` is no question, and its answer is `=`. After each
`|` stand answers, the next line, and the actions: `swap`, `push`, `pop`, and new values of
registers. Answers that are left out cannot occur.
"""

import re
from collections.abc import Mapping

from abduce.symbolic.programs.machine_programs import (
    ALWAYS,
    ANSWERS,
    EFFECTS,
    FIRST,
    KEEP,
    KEPT,
    LINEAR,
    MIDDLE,
    MOVES,
    NOTHING,
    NUMBERS,
    OWN,
    PLACES,
    POP,
    PUSH,
    QUESTIONS,
    REGISTERS,
    SECOND,
    STACK,
    SWAP,
    MachineProgramSpecification,
    Row,
)

HALT = "halt"
_LINEAR = re.compile(r"(2 )?([a-z]+)(?: ([+-]) ([12]))?")
_SPECIAL = {"middle": (MIDDLE, 0, 0, 0), "first": (FIRST, 0, 0, 0), "second": (SECOND, 0, 0, 0)}


def read_program(claim: str, text: str) -> MachineProgramSpecification:
    """A program from its text.

    Raises:
        ValueError: something in it is none of the machine's.
    """
    parts = [line.partition(":") for line in text.strip().splitlines()]
    names = tuple(name.strip() for name, _, _ in parts)
    places = {name: place for place, name in enumerate((*names, HALT))}
    asks: list[int] = []
    rows: dict[tuple[int, int], Row] = {}
    for line, (_, _, rest) in enumerate(parts):
        question, *cases = (part.strip() for part in rest.split("|"))
        asks.append(QUESTIONS.index(_question(question)))
        for case in cases:
            head, *actions = (part.strip() for part in case.split(","))
            answers, after = head.split()
            row = _row(places[after], actions)
            rows |= {(line, ANSWERS.index(answer)): row for answer in answers}
    return MachineProgramSpecification(claim, names, tuple(asks), rows)


def _question(text: str) -> tuple[int, int, int]:
    if text in ("always", "stack"):
        return (ALWAYS if text == "always" else STACK, 0, 0)
    kind = NUMBERS if text.startswith("[") else PLACES
    a, b = (REGISTERS.index(name.strip("[] ")) for name in text.split("?"))
    return kind, a, b


def _row(after: int, actions: list[str]) -> Row:
    effect, moves = EFFECTS[0], [0] * (len(REGISTERS) - KEPT)
    for action in actions:
        register, _, value = action.partition(" = ")
        if value:
            own = REGISTERS.index(register)
            moves[own - KEPT] = MOVES.index(_move(value, own))
        else:
            name, *pair = action.split()
            kind = {"swap": SWAP, "push": PUSH, "pop": POP}[name]
            a, b = (REGISTERS.index(name) for name in pair) if pair else (0, 0)
            effect = (kind, a, b)
    return after, EFFECTS.index(effect), tuple(moves)


def _move(text: str, own: int) -> tuple[int, int, int, int]:
    if text in _SPECIAL:
        return _SPECIAL[text]
    match = _LINEAR.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is nothing that a register can become")
    double, name, sign, plus = match.groups()
    constant = int(f"{sign}{plus}") if sign else 0
    register = REGISTERS.index(name)
    if register == own and constant and not double:
        return LINEAR, OWN, 1, constant
    return LINEAR, register, 2 if double else 1, constant


def question_text(question: int) -> str:
    """
    >>> question_text(0), question_text(QUESTIONS.index((NUMBERS, 2, 1)))
    ('always', '[j] ? [i]')
    """
    kind, a, b = QUESTIONS[question]
    if kind in (ALWAYS, STACK):
        return "always" if kind == ALWAYS else "stack"
    form = "[{}] ? [{}]" if kind == NUMBERS else "{} ? {}"
    return form.format(REGISTERS[a], REGISTERS[b])


def actions_text(effect: int, moves: tuple[int, ...]) -> str:
    """The actions of a row as text, without the next line.

    >>> actions_text(0, (1, 0, 0, 0, 0, 0, 0))
    'i = i + 1'
    """
    kind, a, b = EFFECTS[effect]
    said: list[str] = []
    if kind == POP:
        said.append("pop")
    elif kind != NOTHING:
        said.append(f"{'swap' if kind == SWAP else 'push'} {REGISTERS[a]} {REGISTERS[b]}")
    for register, move in enumerate(moves, start=KEPT):
        what, source, factor, constant = MOVES[move]
        if what != KEEP:
            value = _special_name(what)
            if what == LINEAR:
                name = REGISTERS[register if source == OWN else source]
                value = f"{'2 ' if factor == 2 else ''}{name}"
                value += f" {'+' if constant > 0 else '-'} {abs(constant)}" if constant else ""
            said.append(f"{REGISTERS[register]} = {value}")
    return ", ".join(said)


def _special_name(kind: int) -> str:
    names: Mapping[int, str] = {move[0]: name for name, move in _SPECIAL.items()}
    return names.get(kind, "")
