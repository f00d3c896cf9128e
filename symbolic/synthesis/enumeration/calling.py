"""Calls of learned programs on arrays of numbers, where nothing native is proved to equal them.

The program itself is run, on all new arguments at once; what small arguments give is kept.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from abduce.symbolic.programs.typed.terms import Term, numeral_value
from abduce.symbolic.synthesis.examples import LARGEST

SIDE: Final = 1_024
"""Values at arguments below this are kept."""
MOST_CALLED: Final = SIDE - 1
"""The upper limit on an argument; beyond it there is no value (-1)."""
MOST_STEPS: Final = 10_000
"""The upper limit on the steps of an iteration; where there are more, there is no value."""
ArrayFunction = Callable[..., np.ndarray]


class Kept:
    """A function of arrays whose values at small arguments are kept.

    >>> double = Kept(lambda a: a + a, 1)
    >>> double(np.array([3, 4])).tolist()
    [6, 8]
    """

    def __init__(self, function: ArrayFunction, arity: int) -> None:
        self.function = function
        side = SIDE if arity < 3 else 32
        self.values = np.full((side,) * min(arity, 4), -2, np.int32)
        self.side = side if arity < 5 else 0

    def __call__(self, *columns: np.ndarray) -> np.ndarray:
        arguments = np.broadcast_arrays(*columns)
        shape = arguments[0].shape
        flat = [argument.reshape(-1) for argument in arguments]
        inside = np.ones(len(flat[0]), bool)
        for argument in flat:
            inside &= (argument >= 0) & (argument < self.side)
        result = np.full(len(flat[0]), -2, np.int64)
        if inside.all():
            result = self.values[tuple(flat)].astype(np.int64)
        elif inside.any():
            result[inside] = self.values[tuple([a[inside] for a in flat])]
        unknown = np.flatnonzero(result == -2)
        if len(unknown):
            result[unknown] = self._run([a[unknown] for a in flat])
        return result.reshape(shape)

    def _run(self, arguments: list[np.ndarray]) -> np.ndarray:
        """Run the function once for each of the different arguments."""
        good = np.ones(len(arguments[0]), bool)
        for argument in arguments:
            good &= (argument >= 0) & (argument <= MOST_CALLED)
        values = np.full(len(good), -1, np.int64)
        if not good.any():
            return values
        key = np.zeros(int(good.sum()), np.int64)
        for argument in arguments:
            key = key * (MOST_CALLED + 1) + argument[good]
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        chosen = [argument[good][first] for argument in arguments]
        found = self.function(*chosen)
        small = np.ones(len(first), bool)
        for argument in chosen:
            small &= argument < self.side
        self.values[tuple([argument[small] for argument in chosen])] = found[small]
        values[good] = found[inverse.reshape(-1)]
        return values


def vectorised(term: Term, functions: Mapping[str, ArrayFunction] | Callable) -> ArrayFunction:
    """A term over numbers as a function of arrays; -1 where a value is beyond the limits.

    Args:
        functions: the function of arrays of each primitive or learned program, by name.

    >>> step = ("increment", ("state", 0))
    >>> plus = vectorised(("iterate", ("variable", 1), step, ("variable", 0)), {
    ...     "increment": lambda a: a + 1}.__getitem__)
    >>> plus(np.array([1, 2]), np.array([3, 4])).tolist()
    [4, 6]
    """
    lookup = functions if callable(functions) else functions.__getitem__

    def value(node: Term, given: tuple[np.ndarray, ...], states: tuple[np.ndarray, ...]):
        match node[0]:
            case "variable":
                return given[node[1]]
            case "state":
                return states[node[1]]
            case "iterate":
                count, start = value(node[1], given, states), value(node[3], given, states)
                return _iterated(count, lambda s: value(node[2], given, (s, *states)), start)
            case name:
                number = numeral_value(node)
                if number is not None:
                    return np.full(given[0].shape if given else (), number, np.int64)
                parts = [value(part, given, states) for part in node[1:]]
                return _within(lookup(name)(*parts), parts)

    def function(*columns: np.ndarray) -> np.ndarray:
        return value(term, tuple(np.broadcast_arrays(*columns)), ())

    return function


def _iterated(count: np.ndarray, step: ArrayFunction, start: np.ndarray) -> np.ndarray:
    state = np.where((count < 0) | (count > MOST_STEPS), -1, start)
    count = np.minimum(count, MOST_STEPS)
    for done in range(int(count.max(initial=0))):
        new = np.where((count > done) & (state >= 0), step(state), state)
        if (new == state).all():
            break
        state = new
    return state


def _within(values: np.ndarray, parts: list[np.ndarray]) -> np.ndarray:
    bad = (values < 0) | (values > LARGEST)
    for part in parts:
        bad = bad | (part < 0)
    return np.where(bad, -1, values)
