"""The programs of eight list algorithms.

Source: Cormen et al. 2022, Introduction to algorithms, chapters 2, 6, 7, 9; Hoare 1961, Algorithms
63 to 65, and Bentley and McIlroy 1993, Engineering a sort function, for parts of less, equal and
greater numbers.
"""

from collections.abc import Mapping
from types import MappingProxyType

from abduce.symbolic.programs.machine_programs import ProgramSpecification
from abduce.symbolic.programs.program_text import read_program

_PARTITION = """
pivot: always    | = scan, swap m l, i = l, j = l + 1, k = r
look: [j] ? [i]  | < scan, swap i j, i = i + 1, j = j + 1 | = scan, j = j + 1 | > gather, k = k - 1
gather: always   | = scan, swap j k
"""
"""Partitioning around the middle number, which goes to the front. Then l to i are smaller, i to j
equal and k to r larger than it; at the end j equals k."""

_TEXTS = {
    "minimum": """
scan: j ? r      | < look | = halt
look: [j] ? [i]  | < scan, i = j, j = j + 1 | => scan, j = j + 1
""",
    "search": """
halve: l ? r     | < look, m = middle | = halt
look: [m] ? [t]  | < halve, l = m + 1 | => halve, r = m
""",
    "selection": """
place: i ? r     | < scan, k = i, j = i + 1 | = halt
scan: j ? r      | < look | = place, swap i k, i = i + 1
look: [j] ? [k]  | < scan, k = j, j = j + 1 | => scan, j = j + 1
""",
    "insertion": """
next: i ? r      | < front, j = i, k = i - 1 | = halt
front: zero ? j  | < look | = next, i = i + 1
look: [j] ? [k]  | < front, swap j k, j = j - 1, k = k - 1 | => next, i = i + 1
""",
    "bubble": """
pass: zero ? r   | < scan, j = zero, k = zero + 1 | = halt
scan: k ? r      | < look | = pass, r = r - 1
look: [k] ? [j]  | < scan, swap j k, j = j + 1, k = k + 1 | => scan, j = j + 1, k = k + 1
""",
    "heap": """
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
    "quick": f"""
part: l ? r      | < pivot, m = middle | = again
{_PARTITION.strip()}
scan: j ? k      | < look | = part, push j r, r = i
again: stack     | > part, pop, l = first, r = second | = halt
""",
    "select": f"""
part: always     | = pivot, m = middle
{_PARTITION.strip()}
scan: j ? k      | < look | = side
side: i ? t      | <= upper | > part, r = i
upper: j ? t     | <= part, l = j | > halt
""",
}
LIST_RULES: Mapping[str, ProgramSpecification] = MappingProxyType(
    {
        name: read_program(f"every step on every list is one of {said}", _TEXTS[name])
        for name, said in (
            ("minimum", "the search for the least number"),
            ("search", "binary search"),
            ("selection", "selection sort"),
            ("insertion", "insertion sort"),
            ("bubble", "bubble sort"),
            ("heap", "heapsort"),
            ("quick", "quicksort"),
            ("select", "quickselect"),
        )
    }
)
"""The specifications, by the sorting method or the name of the job."""
