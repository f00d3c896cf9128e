"""The table of primitives: the sorts, the cost and the value of each.

A *sort* is ``LIST``, ``INTEGER`` or the name of a sort variable, such as ``"a"``: ``if_zero`` takes
two branches of any one sort. A table is an argument wherever programs are typed, priced or run, so
another set of primitives, or a library of learned programs, is another table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

Value = str | int
"""A list is a ``str`` over the private alphabet of ``Alphabet`` (one character a token)."""
Sort = str
LIST: Final[Sort] = "list"
INTEGER: Final[Sort] = "integer"
SORTS: Final[Mapping[Sort, str]] = {
    LIST: "a list",
    INTEGER: "a number",
    "expression": "an expression",
    "name": "a variable",
    "relations": "equations and conditions",
    "matrix": "a matrix or a vector",
    "answer": "an answer",
}
"""The sorts that are no variables, with the words for them; the last five are of calculations."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """A function that programs are made of.

    Attributes:
        arguments: their sorts.
        result: the sort of its value.
        weight: the name of its price in bits.
        value: a Python expression in which ``{0}``, ``{1}``, ... stand for the arguments, or a
            function; empty for what ``running`` writes itself.
        binder: the argument, if any, that is a function of a state of its own sort.
    """

    arguments: tuple[Sort, ...]
    result: Sort
    weight: str
    value: str | Callable[..., Value] = ""
    binder: int | None = None


Table = Mapping[str, Primitive]

PRIMITIVES: Final[Table] = {
    "nil": Primitive((), LIST, "nil", "''"),
    "self": Primitive((), LIST, "self"),
    "zero": Primitive((), INTEGER, "zero", "0"),
    "head": Primitive((LIST,), LIST, "head", "{0}[:1]"),
    "tail": Primitive((LIST,), LIST, "tail", "{0}[1:]"),
    "reverse": Primitive((LIST,), LIST, "reverse", "{0}[::-1]"),
    "increment": Primitive((INTEGER,), INTEGER, "increment", "({0}+1)"),
    "decrement": Primitive((INTEGER,), INTEGER, "decrement", "max(0,{0}-1)"),
    "append": Primitive((LIST, LIST), LIST, "append"),
    "if_zero": Primitive((INTEGER, "a", "a"), "a", "if_zero", "({1} if {0}<1 else {2})"),
    "iterate": Primitive((INTEGER, "a", "a"), "a", "iterate", binder=1),
}
"""Lists of tokens and natural numbers: the primitives of NSR, the same for every task."""
