"""Eta reduction of a prefix code: `\\x. f x` is f where x is not free in f."""

from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND, ends
from abduce.symbolic.lambda_calculus.terms.deadline import STRETCH, check, within


def eta_normal(
    codes: list[int], numbers: list[int], deadline: float | None = None
) -> tuple[list[int], list[int], int]:
    """The eta normal form, which has no beta redex if the code has none.

    Args:
        numbers: the numbers of the abstractions.

    Returns:
        The code, the numbers of the abstractions left, and how many steps it took.

    Raises:
        OutOfTime: the deadline has passed.

    >>> eta_normal([1, 1, 0, 0, -1, 3, 2], [0, 1])
    ([-1], [], 2)
    """
    binder, uses = _bindings(codes, deadline)
    after = ends(codes, deadline)
    target = list(range(len(codes)))  # what an abstraction that went away became
    steps = 0
    for position in within(range(len(codes) - 1, -1, -1), deadline):
        if codes[position] != ABSTRACTION or uses[position] != 1:
            continue
        body = target[position + 1]
        if codes[body] == APPLICATION:
            argument = target[after[body + 1]]
            if binder[argument] == position:
                target[position] = target[body + 1]
                steps += 1
    if not steps:
        return codes, numbers, 0
    check(deadline)
    return (*_written(codes, numbers, binder, after, target, deadline), steps)


def _bindings(codes: list[int], deadline: float | None) -> tuple[list[int], list[int]]:
    """For each variable the position of its binder (-1: none), for each binder its variables."""
    binder, uses = [-1] * len(codes), [0] * len(codes)
    around: list[int] = []
    pending: list[int] = []
    for position, code in enumerate(within(codes, deadline)):
        if code == APPLICATION:
            pending.append(len(around))
            # the binders around an argument are a prefix of those around what comes before it
        elif code == ABSTRACTION:
            around.append(position)
        else:
            if code > 0:
                found = around[len(around) - 1 - (code - BOUND)]
                binder[position] = found
                uses[found] += 1
            if pending:
                del around[pending.pop() :]
    return binder, uses


def _written(
    codes: list[int],
    numbers: list[int],
    binder: list[int],
    after: list[int],
    target: list[int],
    deadline: float | None,
) -> tuple[list[int], list[int]]:
    """The code from what each position became."""
    number_of = dict(
        zip((p for p, c in enumerate(codes) if c == ABSTRACTION), numbers, strict=True)
    )
    written: list[int] = []
    kept: list[int] = []
    levels: dict[int, int] = {}
    pending = [(target[0], 0)]
    while pending:
        position, depth = pending.pop()
        code = codes[position]
        if code == APPLICATION:
            pending.append((target[after[position + 1]], depth))
            pending.append((target[position + 1], depth))
        elif code == ABSTRACTION:
            levels[position] = depth
            kept.append(number_of[position])
            pending.append((target[position + 1], depth + 1))
        elif code > 0:
            code = BOUND + depth - 1 - levels[binder[position]]
        written.append(code)
        if len(written) % STRETCH == 0:
            check(deadline)
    return written, kept
