"""The plain engine: an iterative lazy machine with sharing (call by need), and its readback.

The machine evaluates a node in an environment to weak head normal form. Its state is a node, an
environment and a stack; nothing of it is on Python's call stack.

    node         a tuple (kind, x, y, z), made from the prefix code once (`nodes`)
    environment  None, or (thunk, environment): the innermost variable first
    thunk        a list [node, environment], written over by its value when that is known. A value
                 is an abstraction in its environment, or [DONE, neutral]
    neutral      a variable, or (neutral, thunk): a variable with arguments. A bound variable is the
                 number of binders around its binder, a free one its code
    stack        thunks are arguments; `thunk, None` says that the thunk is to be written over with
                 the value that is found

An argument that is a variable is passed on as the thunk that it stands for. An application whose
function is a variable looks that variable up at once. What is found with an empty stack is the
value of `target`, which is being read back: an abstraction is entered with a fresh variable; of a
neutral the first argument is the next target, and the others are kept in `later`. The result is
written from left to right, as a prefix code.

Source: Krivine 2007, A call-by-name lambda-calculus machine; Launchbury 1993, A natural semantics
for lazy evaluation (update frames); Grégoire and Leroy 2002, A compiled implementation of strong
reduction (readback).
"""

from typing import Any

from abduce.symbolic.lambda_calculus.reduction.limits import BURST, LIST, Meter
from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND, view
from abduce.symbolic.lambda_calculus.terms.terms import Term

Node = tuple[Any, ...]
Thunk = list[Any]
BY_0, BY_1, BY_N, BY, LAMBDA, VARIABLE_0, VARIABLE_1, VARIABLE_N, FREE, NEUTRAL = range(10)
"""The kinds of nodes. Those up to BY are applications, whose function is the innermost variable,
the next one, another bound variable, or any other term."""

PASSED = 1 << 22
"""The upper limit on environment entries passed over, in variable look-ups, between two checks of
the heap and the clock."""

DONE: Node = (NEUTRAL, None, None, None)

Readback = tuple[list[int], list[int], int]
"""A prefix code, the number of the original abstraction for each of its abstractions, and the
number of beta steps."""


def nodes(term: Term, meter: Meter) -> Node:
    """The node of a term.

    (BY..., function, argument, i + 1 where the argument is the i-th variable, else 0)
    (LAMBDA, body, number of the abstraction, None)
    (VARIABLE..., i, None, i + 1)    (FREE, code, None, 0)

    Raises:
        Stopped: the meter stopped it.
    """
    made: list[Node] = []
    pop, push = made.pop, made.append
    number = len(term.binders)
    leaves: dict[int, Node] = {}
    for code in meter.watched(view(term.code), backwards=True):
        if code == APPLICATION:
            function, argument = pop(), pop()
            kind = function[0]
            push(
                (
                    kind - VARIABLE_0 if VARIABLE_0 <= kind <= VARIABLE_N else BY,
                    function,
                    argument,
                    argument[3] if argument[0] > LAMBDA else 0,
                )
            )
        elif code == ABSTRACTION:
            number -= 1
            push((LAMBDA, pop(), number, None))
        else:
            leaf = leaves.get(code)
            if leaf is None:
                index = code - BOUND
                kind = VARIABLE_0 + min(index, 2)
                leaf = (kind, index, None, index + 1) if code > 0 else (FREE, code, None, 0)
                leaves[code] = leaf
            push(leaf)
    return pop()


def normalise(node: Node, meter: Meter) -> Readback | None:
    """The normal form of a closed node, by call by need; None where the meter stopped it."""
    codes: list[int] = []
    numbers: list[int] = []
    later: list[Any] = []
    stack: list[Any] = []
    push, pop, emit, keep = stack.append, stack.pop, codes.append, later.append
    environment: Any = None
    target: Any = [node, None]
    x: Any
    top = BOUND - 1  # what the variable of the outermost binder is called from here
    room = left = passed = 0  # passed: entries of environments, on the way to others
    while True:
        kind, x, y, z = node
        if kind <= BY:
            if z == 0:
                argument = [y, environment]
            elif z == 1:
                argument = environment[0]
            elif z == 2:
                argument = environment[1][0]
            else:
                argument = environment
                for _ in range(1, z):
                    argument = argument[1]
                argument = argument[0]
                passed += z
            if kind == BY_1:
                thunk = environment[1][0]
            elif kind == BY:
                push(argument)
                node = x
                continue
            elif kind == BY_0:
                thunk = environment[0]
            else:
                for _ in range(x[1]):
                    environment = environment[1]
                thunk = environment[0]
                passed += x[1]
            if passed > PASSED:
                if not meter.goes_on(len(stack) // LIST, len(codes), left):
                    return None
                passed = 0
            node, environment = thunk
            kind = node[0]
            if kind == LAMBDA:
                if not left:
                    left = meter.fuel(len(stack) // LIST, len(codes))
                    if not left:
                        return None
                left -= 1
                environment = (argument, environment)
                node = node[1]
                continue
            if kind != NEUTRAL:
                push(argument)
                push(thunk)
                push(None)
                continue
            x = (environment, argument)
        elif kind == LAMBDA:
            while stack:
                argument = pop()
                if argument:
                    break
                thunk = pop()
                thunk[0] = node
                thunk[1] = environment
            else:
                target[0] = node
                target[1] = environment
                emit(ABSTRACTION)
                numbers.append(y)
                keep(top)
                environment = ([DONE, top - BOUND + 1], environment)
                target = [None, None]
                top += 1
                node = x
                continue
            if not left:
                left = meter.fuel(len(stack) // LIST, len(codes))
                if not left:
                    return None
            left -= 1
            environment = (argument, environment)
            node = x
            continue
        elif kind == NEUTRAL:
            x = environment
        elif kind != FREE:
            if kind == VARIABLE_0:
                thunk = environment[0]
            elif kind == VARIABLE_1:
                thunk = environment[1][0]
            else:
                for _ in range(x):
                    environment = environment[1]
                thunk = environment[0]
                passed += x
            node, environment = thunk
            kind = node[0]
            if kind != NEUTRAL:
                if kind <= BY:
                    push(thunk)
                    push(None)
                continue
            x = environment
        # x is neutral, and takes what is on the stack
        while stack:
            argument = pop()
            if argument:
                x = (x, argument)
            else:
                thunk = pop()
                thunk[0] = DONE
                thunk[1] = x
        target[0] = DONE
        target[1] = x
        if type(x) is tuple:
            x, target = x
            emit(APPLICATION)
            while type(x) is tuple:
                keep(target)
                x, target = x
                emit(APPLICATION)
            emit(top - x if x >= 0 else x)
        else:
            emit(top - x if x >= 0 else x)
            while True:
                if not later:
                    within = meter.goes_on(0, len(codes), left)
                    return (codes, numbers, meter.beta(left)) if within else None
                target = later.pop()
                if type(target) is not int:
                    break
                top = target
        if len(codes) >= room:
            if not meter.goes_on(len(later) // LIST, len(codes), left):
                return None
            room = min(len(codes) + BURST, meter.limits.nodes + 1)
        node, environment = target
