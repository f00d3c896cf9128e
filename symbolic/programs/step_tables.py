"""A machine that rewrites a lambda term by local decisions; its tables say what it decides.

The machine, which is given, walks over the prefix code of a term.

1. It looks at the nodes in one of four orders, and at the kinds of each node and of the next node
   in the code. It marks the first node that the table `look` says to mark. If it marks none, the
   reduction ends.
2. It reads the code from left to right, and knows the place of each node: outside the mark, the
   mark itself, the head (the root of the mark's first part), the body below that, or the argument
   (the mark's second part). It sees an application, an abstraction, a free variable, or an index
   that is less than its counter, equal to it or greater. The table `act` says what it
   does: keep the node, drop it, or write a variable as its index less one, as its index and the
   counter, or as the argument, pasted. Where the mark has no second part, nothing can be pasted.
3. The counter is 0 at the head and outside the mark; below an abstraction it is one more where the
   table `count` says so.
4. An argument that is pasted is written node by node, with a counter of its own that begins at 0.
   An index is less than that counter, equal to it or greater. The table `pasted` says whether
   it is kept, lowered, or raised by the counter of the place it is pasted to.

Any filling of the tables is such a machine; one of them contracts the leftmost outermost redex.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce.symbolic.lambda_calculus.terms import codes as prefix
from abduce.symbolic.programs.arrays import only, whole

APPLICATION, ABSTRACTION, BOUND, FREE, END = range(5)
KINDS = ("application", "abstraction", "bound variable", "free variable", "end")
OUTSIDE, MARK, HEAD, BODY, ARGUMENT = range(5)
PLACES = ("outside", "mark", "head", "body", "argument")
LESS, EQUAL, GREATER = range(3)
SEES_FREE, SEES_INDEX = 2, 3
SIGHTS = ("application", "abstraction", "free variable", "less", "equal", "greater")
KEEP, DROP, LOWER, RAISE, PASTE = range(5)
ACTIONS = ("keep", "drop", "lower", "raise", "paste")
NODE_FIRST, CHILDREN_FIRST = range(2)
FUNCTION_FIRST, ARGUMENT_FIRST = range(2)
IN_HEAD, IN_BODY, IN_PASTED = range(3)

SHAPES: Mapping[str, tuple[int, ...]] = {
    "order": (2,),
    "look": (len(KINDS) - 1, len(KINDS)),
    "act": (len(PLACES), len(SIGHTS)),
    "pasted": (3,),
    "count": (3,),
}
ENTRIES: Mapping[str, int] = {
    "order": 2,
    "look": 2,
    "act": len(ACTIONS),
    "pasted": len(ACTIONS),
    "count": 2,
}
"""The number of values that an entry of each table may have."""

Case = tuple[str, tuple[int, ...]]
"""An entry: the table and the index in it."""


def kind(code: int) -> int:
    """The kind of a node, by its code.

    >>> [KINDS[kind(code)] for code in (0, 1, 2, -1)]
    ['application', 'abstraction', 'bound variable', 'free variable']
    """
    return FREE if code < 0 else min(code, BOUND)


@dataclass(frozen=True, slots=True, eq=False)
class StepTables:
    """The decisions of such a machine, all of them whole numbers.

    Attributes:
        order: (2,), whether a node is visited before its children (0) or after them (1); and
            whether functions come before arguments (0) or after them (1).
        look: (kind, kind of the next node or END), 1 to mark.
        act: (place, sight), what is done.
        pasted: (LESS, EQUAL, GREATER), what is done with an index in a pasted argument.
        count: (IN_HEAD, IN_BODY, IN_PASTED), 1 where an abstraction is counted.
    """

    kind: ClassVar[str] = "step-tables"

    order: np.ndarray
    look: np.ndarray
    act: np.ndarray
    pasted: np.ndarray
    count: np.ndarray

    def __post_init__(self) -> None:
        for name, shape in SHAPES.items():
            most = ENTRIES[name] - 1
            table = whole(f"the table {name}", getattr(self, name), shape, most=most)
            object.__setattr__(self, name, table)

    def __call__(self, codes: Sequence[int]) -> list[int] | None:
        """One step of the machine on a prefix code; None where nothing is marked.

        This is the definition, node by node, in Python's own arithmetic; what runs on long terms is
        in `abduce.symbolic.machines.terms`.

        Raises:
            ValueError: what is decided cannot be done, such as to lower the index 0.
        """
        mark = self.marked(codes)
        return None if mark is None else list(self._written(codes, mark))

    def marked(self, codes: Sequence[int]) -> int | None:
        """The position that is marked."""
        order = visits(codes, int(self.order[0]), int(self.order[1]))
        kinds = [*map(kind, codes), END]
        return next((p for p in order if self.look[kinds[p], kinds[p + 1]]), None)

    def _written(self, codes: Sequence[int], mark: int) -> Iterator[int]:
        places = places_of(codes, mark)
        argument = [code for code, place in zip(codes, places, strict=True) if place == ARGUMENT]
        for code, place, counter in zip(codes, places, self._counters(codes, places), strict=True):
            match int(self.act[place, sight(code, counter)]):
                case 0:  # KEEP
                    yield code
                case 1:  # DROP
                    pass
                case 4:  # PASTE
                    if place != BODY or kind(code) < BOUND or not argument:
                        raise ValueError("nothing can be pasted there")
                    yield from self._pasted(argument, counter)
                case action:
                    if action == RAISE and place != BODY:
                        raise ValueError("there is no counter to raise by")
                    yield moved(code, -1 if action == LOWER else counter)

    def _counters(self, codes: Sequence[int], places: Sequence[int]) -> Iterator[int]:
        counters = [0]
        for code, place in zip(codes, places, strict=True):
            counter = counters.pop()
            yield counter
            if code == prefix.APPLICATION:
                counters += (counter, counter)
            elif code == prefix.ABSTRACTION:
                counted = place in (HEAD, BODY) and self.count[place - HEAD]
                counters.append(counter + int(counted))

    def _pasted(self, argument: Sequence[int], by: int) -> Iterator[int]:
        counters = [0]
        for code in argument:
            counter = counters.pop()
            if code == prefix.APPLICATION:
                counters += (counter, counter)
            elif code == prefix.ABSTRACTION:
                counters.append(counter + int(self.count[IN_PASTED]))
            if kind(code) != BOUND:
                yield code
                continue
            match int(self.pasted[sight(code, counter) - SEES_INDEX]):
                case 0:  # KEEP
                    yield code
                case 2:  # LOWER
                    yield moved(code, -1)
                case 3:  # RAISE
                    yield moved(code, by)
                case _:
                    raise ValueError("a pasted index can be kept, lowered or raised")

    def changed(self, case: Case, value: int) -> "StepTables":
        """The tables with one entry changed."""
        tables = {name: table.copy() for name, table in self.arrays().items()}
        tables[case[0]][case[1]] = value
        return StepTables(**tables)

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {name: getattr(self, name) for name in SHAPES}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "StepTables":
        return cls(*only(arrays, *SHAPES))


@dataclass(frozen=True, slots=True)
class StepSpecification:
    """The specification of the tables.

    Attributes:
        claim: what a machine does that agrees with it, as a sentence.
        rule: an entry to its value; None where no term leads to the entry.
    """

    claim: str
    rule: Callable[[Case], int | None]


def cases() -> Iterator[Case]:
    """All entries of all tables."""
    for name, shape in SHAPES.items():
        for place in np.ndindex(shape):
            yield name, place


def compiled_step(specification: StepSpecification) -> StepTables:
    """The tables of a specification; entries that cannot be met are 0."""
    tables = {name: np.zeros(shape, dtype=np.int64) for name, shape in SHAPES.items()}
    for name, place in cases():
        tables[name][place] = specification.rule((name, place)) or 0
    return StepTables(**tables)


def sight(code: int, counter: int) -> int:
    """The features of a node: its kind, and for an index, how it compares with the counter."""
    if code < BOUND:
        return SEES_FREE if code < 0 else code
    index = code - prefix.BOUND
    return SEES_INDEX + (LESS if index < counter else EQUAL if index == counter else GREATER)


def moved(code: int, by: int) -> int:
    """A bound variable with another index.

    Raises:
        ValueError: it is none, or the index would be negative.
    """
    if kind(code) != BOUND or code + by < prefix.BOUND:
        raise ValueError("no index that could be changed so")
    return code + by


def places_of(codes: Sequence[int], mark: int) -> list[int]:
    """The place of each node when one is marked; parts that it has not are empty."""
    ends = prefix.ends(codes)
    places = [OUTSIDE] * len(codes)
    places[mark] = MARK
    if kind(codes[mark]) <= ABSTRACTION:
        middle = ends[mark + 1]
        places[mark + 1] = HEAD
        places[mark + 2 : middle] = [BODY] * (middle - mark - 2)
        places[middle : ends[mark]] = [ARGUMENT] * (ends[mark] - middle)
    return places


def visits(codes: Sequence[int], when: int, side: int) -> list[int]:
    """The positions in the order in which nodes are visited.

    Args:
        when: NODE_FIRST or CHILDREN_FIRST.
        side: FUNCTION_FIRST or ARGUMENT_FIRST.

    >>> [visits([0, 1, 2, -1], when, side) for when in (0, 1) for side in (0, 1)]
    [[0, 1, 2, 3], [0, 3, 1, 2], [2, 1, 3, 0], [3, 2, 1, 0]]
    """
    # children first is the reverse of node first with the sides exchanged
    mirrored = side != when
    found = list(range(len(codes))) if not mirrored else _argument_first(codes)
    return found if when == NODE_FIRST else found[::-1]


def _argument_first(codes: Sequence[int]) -> list[int]:
    ends, found, todo = prefix.ends(codes), [], [0]
    while todo:
        position = todo.pop()
        found.append(position)
        if codes[position] == prefix.APPLICATION:
            todo += (position + 1, ends[position + 1])
        elif codes[position] == prefix.ABSTRACTION:
            todo.append(position + 1)
    return found
