"""Head and weak head normal forms: the machine of `machine`, which now remembers what it shared.

A head normal form has arguments that nobody reduced. A thunk that was evaluated on the way may be
one of them, so its value does not replace what it was: a thunk [node, environment] becomes [value,
its environment, node, environment], and the result is read from the last two.
"""

from typing import Any

from abduce.symbolic.lambda_calculus.reduction.limits import BURST, LIST, Meter
from abduce.symbolic.lambda_calculus.reduction.machine import (
    BY,
    DONE,
    FREE,
    LAMBDA,
    NEUTRAL,
    PASSED,
    Node,
    Readback,
    Thunk,
)
from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND


def head_normal(node: Node, meter: Meter, *, weak: bool) -> Readback | None:
    """The head normal form of a closed node; None where the meter stopped it.

    Args:
        weak: abstractions are not entered.
    """
    codes: list[int] = []
    numbers: list[int] = []
    stack: list[Any] = [False]
    environment: Any = None
    x: Any
    depth = left = 0
    while True:
        kind, x, y, z = node
        if kind <= BY:
            stack.append(find(environment, z - 1) if z else [y, environment])
            node = x
            continue
        if kind == LAMBDA:
            argument = stack.pop()
            while argument is None:
                write_over(stack.pop(), node, environment)
                argument = stack.pop()
            if argument:
                if not left:
                    left = meter.fuel(len(stack) // LIST, len(codes))
                    if not left:
                        return None
                left -= 1
                environment = (argument, environment)
                node = x
                continue
            if weak:
                pending = [(node, environment, depth)]
                break
            stack.append(False)
            codes.append(ABSTRACTION)
            numbers.append(y)
            environment = ([DONE, depth], environment)
            depth += 1
            node = x
            continue
        if kind != FREE:
            if kind != NEUTRAL:
                thunk = find(environment, x)
                node, environment = thunk[0], thunk[1]
                if node[0] <= BY:
                    stack.append(thunk)
                    stack.append(None)
                continue
            x = environment
        # x is neutral, and takes what is on the stack
        while (argument := stack.pop()) is not False:
            if argument is None:
                write_over(stack.pop(), DONE, x)
            else:
                x = (x, argument)
        pending = []
        while type(x) is tuple:
            x, argument = x
            codes.append(APPLICATION)
            pending.append((argument[-2], argument[-1], depth))
        codes.append(depth - x - 1 + BOUND if x >= 0 else x)
        break
    if not unreduced(pending, codes, numbers, meter, left):
        return None
    return codes, numbers, meter.beta(left)


def find(environment: Any, index: int) -> Thunk:
    """The entry of an environment for a variable."""
    for _ in range(index):
        environment = environment[1]
    return environment[0]


def write_over(thunk: Thunk, value: Node, environment: Any) -> None:
    """Give a thunk its value; what it was moves behind it."""
    thunk += thunk
    thunk[0] = value
    thunk[1] = environment


def unreduced(
    pending: list[tuple[Node, Any, int]],
    codes: list[int],
    numbers: list[int],
    meter: Meter,
    left: int,
) -> bool:
    """Write nodes in their environments as they are, the last one first; False where the meter
    stopped it.

    Args:
        pending: nodes, their environments, and how many binders are around them.
    """
    passed = 0
    while pending:
        node, inner, depth = pending.pop()
        environment: Any = inner
        while True:
            kind, x, y, _ = node
            if kind <= BY:
                codes.append(APPLICATION)
                pending.append((y, environment, depth))
                node = x
            elif kind == LAMBDA:
                codes.append(ABSTRACTION)
                numbers.append(y)
                environment = ([DONE, depth], environment)
                depth += 1
                node = x
            elif kind == FREE:
                codes.append(x)
                break
            elif kind == NEUTRAL:
                codes.append(depth - environment - 1 + BOUND)
                break
            else:
                passed += x
                thunk = find(environment, x)
                node, environment = thunk[-2], thunk[-1]
            if passed > PASSED:
                passed = 0
                if not meter.goes_on(len(pending), len(codes), left):
                    return False
            if len(codes) % BURST == 0 and not meter.goes_on(len(pending), len(codes), left):
                return False
    return meter.goes_on(0, len(codes), left)
