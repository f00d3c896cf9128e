"""The text of a prefix code: capture-free names, as few parentheses as there can be.

One pass over the code, without recursion. A binder keeps the name it was given unless a binder
around it or a free variable has that name; then it gets a number, so that on the way down to a
variable no name is bound twice and none is captured.
"""

import re
from collections.abc import Sequence

from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND
from abduce.symbolic.lambda_calculus.terms.deadline import within

GREEK = "\u0391-\u03a9\u03b1-\u03ba\u03bc-\u03c9"
"""The Greek letters of names: all but the small lambda, which begins an abstraction."""
NAME = re.compile(f"[A-Za-z_{GREEK}][A-Za-z0-9_'{GREEK}]*")
SUGAR = frozenset(("true", "false"))
"""The names that stand for a term where no binder binds them."""

WHOLE, FUNCTION, ARGUMENT = range(3)
"""The position of a subterm: alone or under a binder, or the left or right part of an
application."""
NEXT, NEXT_CLOSE, CLOSE, LEAVE, LEAVE_CLOSE, UNMARK = range(6)
"""The actions that follow once a subterm has been written."""


class Names:
    """The names of the binders around a place, none of them twice.

    Attributes:
        active: outermost first.
    """

    def __init__(self, free: Sequence[str]) -> None:
        self.active: list[str] = []
        self.taken = set(free)
        self.numbers: dict[str, int] = {}
        self.known: dict[str, tuple[str, str]] = {}
        self.before: list[tuple[str, int]] = []

    def enter(self, wanted: str) -> str:
        """The name of a binder that wants one."""
        if wanted not in self.known:
            name = wanted if NAME.fullmatch(wanted) and wanted not in SUGAR else "x"
            self.known[wanted] = name, name.rstrip("0123456789")
        name, stem = self.known[wanted]
        number = self.numbers.get(stem, 0)
        self.before.append((stem, number))
        while name in self.taken:
            number += 1
            name = f"{stem}{number}"
        self.numbers[stem] = number
        self.taken.add(name)
        self.active.append(name)
        return name

    def leave(self) -> None:
        self.taken.remove(self.active.pop())
        stem, number = self.before.pop()
        self.numbers[stem] = number


def text_of(
    codes: Sequence[int],
    free: Sequence[str],
    binders: Sequence[str],
    *,
    indices: bool = False,
    mark: int | None = None,
    deadline: float | None = None,
) -> str:
    """The text of a prefix code.

    Args:
        indices: variables as de Bruijn indices, counted from 0, and binders without names.
        mark: the position of a subterm to be put in square brackets.

    Raises:
        OutOfTime: the deadline has passed.
    """
    pieces: list[str] = []
    emit = pieces.append
    names = Names(free)
    active = names.active
    todo: list[int] = []
    between = " " if indices else ". "
    place, depth, seen, binding = WHOLE, 0, 0, False
    for position, code in enumerate(within(codes, deadline)):
        if binding and (code != ABSTRACTION or position == mark):
            emit(between)
            binding = False
        if position == mark:
            emit("[")
            todo.append(UNMARK)
            place = WHOLE
        if code == APPLICATION:
            if place == ARGUMENT:
                emit("(")
            todo.append(NEXT_CLOSE if place == ARGUMENT else NEXT)
            place = FUNCTION
            continue
        if code == ABSTRACTION:
            if place != WHOLE:
                emit("(")
            todo.append(LEAVE if place == WHOLE else LEAVE_CLOSE)
            if binding:
                emit(" ")
            if indices or not binding:
                emit("\\")
            if not indices:
                emit(names.enter(binders[seen]))
            seen, depth, place, binding = seen + 1, depth + 1, WHOLE, True
            continue
        if code < 0:
            emit(free[~code])
        else:
            emit(str(code - BOUND) if indices else active[depth - 1 - (code - BOUND)])
        while todo:
            step = todo.pop()
            if step <= NEXT_CLOSE:
                emit(" ")
                if step == NEXT_CLOSE:
                    todo.append(CLOSE)
                place = ARGUMENT
                break
            if step in (LEAVE, LEAVE_CLOSE):
                depth -= 1
                if not indices:
                    names.leave()
            if step != LEAVE:
                emit("]" if step == UNMARK else ")")
    return "".join(pieces)
