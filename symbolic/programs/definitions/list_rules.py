"""List algorithms: a row each, with its program. How it runs by hand is beside its traces.

Source: Cormen et al. 2022, Introduction to algorithms, chapters 2, 6, 7, 9; Hoare 1961, Algorithms
63 to 65, and Bentley and McIlroy 1993, Engineering a sort function, for parts of less, equal and
greater numbers.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from abduce.symbolic.programs.machine_programs import MachineProgramSpecification
from abduce.symbolic.programs.program_text import read_program

ORDER, PLACE, RANK, WANTED = "order", "place", "rank", "wanted"
"""The questions of a list algorithm: all numbers in order, the place of one of them, that of the
number of a rank, or where a wanted number is among sorted ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAlgorithm:
    """A list algorithm: its program, what it is asked, and what it answers.

    Attributes:
        name: the name of the job; of the method of `sort`, where it is asked for the order.
        program: what its tables have to be.
        asked: ORDER, PLACE, RANK or WANTED. For a rank, counted from 0, register t holds it; a
            wanted number stands behind the sorted ones, and register t holds its place.
        about: what the job computes, in a few words; '' for a method of `sort`.
        register: that holds the answer at the end; where it is empty, the answer is what has come
            to place t.
        expected: the answer as mathematics has it, from the numbers and t; None for an order.
    """

    name: str
    program: MachineProgramSpecification
    asked: str = ORDER
    about: str = ""
    register: str = ""
    expected: Callable[[Sequence[int], int], int] | None = None

    @property
    def kernel(self) -> str:
        """The name of the kernel that has learned the program."""
        return f"{self.name}-program"


def specification(name: str, text: str) -> MachineProgramSpecification:
    """A program from its text.

    Args:
        name: the name of the algorithm, as the claim of a proof says it.

    Raises:
        ValueError: something in the text is none of the machine's.
    """
    return read_program(f"every step on every list is one of {name}", text)


_PARTITION = """
pivot: always    | = scan, swap m l, i = l, j = l + 1, k = r
look: [j] ? [i]  | < scan, swap i j, i = i + 1, j = j + 1 | = scan, j = j + 1 | > gather, k = k - 1
gather: always   | = scan, swap j k
"""
"""Partitioning around the middle number, which goes to the front. Then l to i are smaller, i to j
equal and k to r larger than it; at the end j equals k."""

_ROWS = (
    ListAlgorithm(
        name="quick",
        program=specification(
            "quicksort",
            f"""
            part: l ? r      | < pivot, m = middle | = again
            {_PARTITION.strip()}
            scan: j ? k      | < look | = part, push j r, r = i
            again: stack     | > part, pop, l = first, r = second | = halt
            """,
        ),
    ),
    ListAlgorithm(
        name="heap",
        program=specification(
            "heapsort",
            """
            start: always    | = build, i = r
            build: zero ? i  | < lower, i = i - 1 | = shrink
            lower: always    | = sift, j = i, k = 2 i + 1, m = 2 i + 2
            sift: k ? r      | < right | => build
            right: m ? r     | < larger | = parent
            larger: [m] ? [k] | <= parent | > parent, k = k + 1
            parent: [j] ? [k] | < sift, swap j k, j = k, k = 2 k + 1, m = 2 k + 2 | => build
            shrink: zero ? r | < top, r = r - 1 | = halt
            top: always      | = sift, swap zero r, j = zero, k = zero + 1, m = 2 zero + 2
            """,
        ),
    ),
    ListAlgorithm(
        name="selection",
        program=specification(
            "selection sort",
            """
            place: i ? r     | < scan, k = i, j = i + 1 | = halt
            scan: j ? r      | < look | = place, swap i k, i = i + 1
            look: [j] ? [k]  | < scan, k = j, j = j + 1 | => scan, j = j + 1
            """,
        ),
    ),
    ListAlgorithm(
        name="insertion",
        program=specification(
            "insertion sort",
            """
            next: i ? r      | < front, j = i, k = i - 1 | = halt
            front: zero ? j  | < look | = next, i = i + 1
            look: [j] ? [k]  | < front, swap j k, j = j - 1, k = k - 1 | => next, i = i + 1
            """,
        ),
    ),
    ListAlgorithm(
        name="bubble",
        program=specification(
            "bubble sort",
            """
            pass: zero ? r  | < scan, j = zero, k = zero + 1 | = halt
            scan: k ? r     | < look | = pass, r = r - 1
            look: [k] ? [j] | < scan, swap j k, j = j + 1, k = k + 1 | => scan, j = j + 1, k = k + 1
            """,
        ),
    ),
    ListAlgorithm(
        name="minimum",
        about="the smallest number and its first position",
        asked=PLACE,
        register="i",
        expected=lambda numbers, _: numbers.index(min(numbers)),
        program=specification(
            "the search for the least number",
            """
            scan: j ? r      | < look | = halt
            look: [j] ? [i]  | < scan, i = j, j = j + 1 | => scan, j = j + 1
            """,
        ),
    ),
    ListAlgorithm(
        name="select",
        about="the number of a given rank (--rank); by default the median",
        asked=RANK,
        expected=lambda numbers, t: sorted(range(len(numbers)), key=numbers.__getitem__)[t],
        program=specification(
            "quickselect",
            f"""
            part: always     | = pivot, m = middle
            {_PARTITION.strip()}
            scan: j ? k      | < look | = side
            side: i ? t      | <= upper | > part, r = i
            upper: j ? t     | <= part, l = j | > halt
            """,
        ),
    ),
    ListAlgorithm(
        name="search",
        about="the position of a number (--find) among sorted numbers",
        asked=WANTED,
        register="l",
        expected=lambda numbers, t: bisect_left(numbers, numbers[t], hi=t),
        program=specification(
            "binary search",
            """
            halve: l ? r     | < look, m = middle | = halt
            look: [m] ? [t]  | < halve, l = m + 1 | => halve, r = m
            """,
        ),
    ),
)
LIST_ALGORITHMS: Mapping[str, ListAlgorithm] = MappingProxyType({row.name: row for row in _ROWS})
"""The list algorithms, by name; the first that sorts is the default of `sort` at level L2."""
