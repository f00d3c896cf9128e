"""Execution traces of list algorithms, made by the book's own code on short random lists.

A trace shows, at each step, what a person stepping through the program would see: the line, the
answer to its question, what the registers hold, which numbers changed places, and what came to the
stack or went. Neither the question is shown, nor why a register holds what it does.

Source: Velickovic et al. 2022, The CLRS algorithmic reasoning benchmark, for learning from hints.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from abduce.neural.kernels.config import ProgramConfig
from abduce.symbolic.programs.definitions.arithmetic import EQUAL, GREATER, LESS
from abduce.symbolic.programs.definitions.list_rules import RANK, WANTED, ListAlgorithm
from abduce.symbolic.programs.machine_programs import REGISTERS

NONE = -1


@dataclass(slots=True)
class Page:
    """The numbers of a list, registers and a stack, while a program runs."""

    numbers: list[int]
    r: int
    t: int = 0
    zero: int = 0
    i: int = 0
    j: int = 0
    k: int = 0
    m: int = 0
    l: int = 0  # noqa: E741
    stack: list[tuple[int, int]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.places = list(range(len(self.numbers)))

    @property
    def registers(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in REGISTERS)

    def order(self, a: int, b: int) -> int:
        """The order of the numbers at two places."""
        return sign(self.numbers[self.places[a]], self.numbers[self.places[b]])

    def swap(self, a: int, b: int) -> None:
        self.places[a], self.places[b] = self.places[b], self.places[a]


def sign(a: int, b: int) -> int:
    """LESS, EQUAL or GREATER."""
    return LESS if a < b else GREATER if a > b else EQUAL


Algorithm = Callable[[Page], Iterator[tuple[str, int]]]
"""Changes a page, and yields before each step its line and the answer to its question."""


def minimum(p: Page) -> Iterator[tuple[str, int]]:
    """The first of the least is at i."""
    while p.j < p.r:
        yield "scan", LESS
        yield "look", p.order(p.j, p.i)
        if p.order(p.j, p.i) == LESS:
            p.i = p.j
        p.j += 1
    yield "scan", EQUAL


def search(p: Page) -> Iterator[tuple[str, int]]:
    """l numbers are less than that at t."""
    while p.l < p.r:
        yield "halve", LESS
        p.m = (p.l + p.r) // 2
        yield "look", p.order(p.m, p.t)
        if p.order(p.m, p.t) == LESS:
            p.l = p.m + 1
        else:
            p.r = p.m
    yield "halve", EQUAL


def selection(p: Page) -> Iterator[tuple[str, int]]:
    """The least of the remaining numbers goes to place i."""
    while p.i < p.r:
        yield "place", LESS
        p.k, p.j = p.i, p.i + 1
        while p.j < p.r:
            yield "scan", LESS
            yield "look", p.order(p.j, p.k)
            if p.order(p.j, p.k) == LESS:
                p.k = p.j
            p.j += 1
        yield "scan", EQUAL
        p.swap(p.i, p.k)
        p.i += 1
    yield "place", EQUAL


def insertion(p: Page) -> Iterator[tuple[str, int]]:
    """The number at i moves down to where it belongs."""
    while p.i < p.r:
        yield "next", LESS
        p.j, p.k = p.i, p.i - 1
        while p.j > 0:
            yield "front", LESS
            yield "look", p.order(p.j, p.k)
            if p.order(p.j, p.k) != LESS:
                break
            p.swap(p.j, p.k)
            p.j, p.k = p.j - 1, p.k - 1
        else:
            yield "front", EQUAL
        p.i += 1
    yield "next", EQUAL


def bubble(p: Page) -> Iterator[tuple[str, int]]:
    """The greatest before r moves up."""
    while p.r > 0:
        yield "pass", LESS
        p.j, p.k = 0, 1
        while p.k < p.r:
            yield "scan", LESS
            yield "look", p.order(p.k, p.j)
            if p.order(p.k, p.j) == LESS:
                p.swap(p.j, p.k)
            p.j, p.k = p.j + 1, p.k + 1
        yield "scan", EQUAL
        p.r -= 1
    yield "pass", EQUAL


def heap(p: Page) -> Iterator[tuple[str, int]]:
    """Children of j are k and m; first every root is sifted, then the top goes to the end."""
    yield "start", EQUAL
    p.i = p.r
    while p.i > 0:
        yield "build", LESS
        p.i -= 1
        yield "lower", EQUAL
        p.j, p.k, p.m = p.i, 2 * p.i + 1, 2 * p.i + 2
        yield from _sift(p)
    yield "build", EQUAL
    while p.r > 0:
        yield "shrink", LESS
        p.r -= 1
        yield "top", EQUAL
        p.swap(0, p.r)
        p.j, p.k, p.m = 0, 1, 2
        yield from _sift(p)
        yield "build", EQUAL
    yield "shrink", EQUAL


def _sift(p: Page) -> Iterator[tuple[str, int]]:
    while p.k < p.r:
        yield "sift", LESS
        yield "right", sign(p.m, p.r)
        if p.m < p.r:
            yield "larger", p.order(p.m, p.k)
            if p.order(p.m, p.k) == GREATER:
                p.k = p.m
        yield "parent", p.order(p.j, p.k)
        if p.order(p.j, p.k) != LESS:
            return
        p.swap(p.j, p.k)
        p.j, p.k, p.m = p.k, 2 * p.k + 1, 2 * p.k + 2
    yield "sift", sign(p.k, p.r)


def _partition(p: Page) -> Iterator[tuple[str, int]]:
    """Cut l to r in three by the number at m."""
    yield "pivot", EQUAL
    p.swap(p.m, p.l)
    p.i, p.j, p.k = p.l, p.l + 1, p.r
    while p.j < p.k:
        yield "scan", LESS
        side = p.order(p.j, p.i)
        yield "look", side
        if side == LESS:
            p.swap(p.i, p.j)
            p.i += 1
        if side == GREATER:
            p.k -= 1
            yield "gather", EQUAL
            p.swap(p.j, p.k)
        else:
            p.j += 1
    yield "scan", EQUAL


def quick(p: Page) -> Iterator[tuple[str, int]]:
    """The greater part is for later, on the stack."""
    while True:
        while p.l < p.r:
            yield "part", LESS
            p.m = (p.l + p.r) // 2
            yield from _partition(p)
            p.stack.append((p.k, p.r))
            p.r = p.i
        yield "part", EQUAL
        yield "again", GREATER if p.stack else EQUAL
        if not p.stack:
            return
        p.l, p.r = p.stack.pop()


def select(p: Page) -> Iterator[tuple[str, int]]:
    """The number of rank t comes to place t."""
    while True:
        yield "part", EQUAL
        p.m = (p.l + p.r) // 2
        yield from _partition(p)
        yield "side", sign(p.i, p.t)
        if p.i > p.t:
            p.r = p.i
            continue
        yield "upper", sign(p.k, p.t)
        if p.k > p.t:
            return
        p.l = p.k


ALGORITHMS: Mapping[str, Algorithm] = MappingProxyType(
    {
        "quick": quick,
        "heap": heap,
        "selection": selection,
        "insertion": insertion,
        "bubble": bubble,
        "minimum": minimum,
        "select": select,
        "search": search,
    }
)
"""The algorithms, by the name of the program."""


@dataclass(frozen=True, slots=True, eq=False)
class ListTraces:
    """Steps of a program, one for each row.

    Attributes:
        lines: how many the program has.
        line, answer, next: (steps,); `next` is the number of lines where the program ends.
        before, after: (steps, registers), what they hold.
        numbers: (steps, registers), the number at each; NaN where there is no such place.
        swapped: (steps, 2), the two places whose numbers changed, the lower first; or NONE.
        depth: (steps,), of the stack before.
        deeper: (steps,), 1 after a push, -1 after a pop.
        top: (steps, 2), the pair on top, after a push and before anything else; or NONE.
    """

    lines: int
    line: np.ndarray
    answer: np.ndarray
    next: np.ndarray
    before: np.ndarray
    after: np.ndarray
    numbers: np.ndarray
    swapped: np.ndarray
    depth: np.ndarray
    deeper: np.ndarray
    top: np.ndarray

    def __len__(self) -> int:
        return len(self.line)


def list_traces(
    row: ListAlgorithm,
    algorithm: Algorithm,
    config: ProgramConfig,
    generator: np.random.Generator,
) -> ListTraces:
    """Traces on random short lists, some of whose numbers are equal.

    Args:
        algorithm: how the algorithm of the row runs by hand.
    """
    below = [config.numbers.few, config.numbers.some, config.numbers.many]
    names = row.program.lines
    rows: list[tuple[object, ...]] = []
    for _ in range(config.lists):
        n = int(generator.integers(1 if row.asked == RANK else 0, config.longest + 1))
        largest = int(generator.choice(below))
        numbers = generator.integers(0, largest, n).tolist()
        page = Page(numbers, n)
        if row.asked == WANTED:
            page = Page([*sorted(numbers), int(generator.integers(0, largest))], n, t=n)
        elif row.asked == RANK:
            page.t = int(generator.integers(0, n))
        rows += _steps(algorithm, page, names)
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return ListTraces(len(names), *columns)


def _steps(
    algorithm: Algorithm, page: Page, names: tuple[str, ...]
) -> Iterator[tuple[object, ...]]:
    """The columns of `ListTraces` for each step."""
    seen: tuple | None = None
    for line, answer in algorithm(page):
        here = names.index(line)
        if seen is not None:
            yield _step(page, seen, here)
        at = [
            float(page.numbers[page.places[place]]) if 0 <= place < len(page.places) else np.nan
            for place in page.registers
        ]
        seen = here, answer, page.registers, at, list(page.places), list(page.stack)
    if seen is not None:
        yield _step(page, seen, len(names))


def _step(page: Page, seen: tuple, after: int) -> tuple[object, ...]:
    line, answer, registers, numbers, places, stack = seen
    changed = [k for k, place in enumerate(page.places) if place != places[k]]
    deeper = len(page.stack) - len(stack)
    tops = page.stack if deeper > 0 else stack
    return (
        line,
        answer,
        after,
        registers,
        page.registers,
        numbers,
        changed or (NONE, NONE),
        len(stack),
        deeper,
        tops[-1] if tops else (NONE, NONE),
    )
