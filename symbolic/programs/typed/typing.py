"""Type inference: the sorts of a term's arguments and of its value, or where it does not type.

Every primitive says which sorts it takes and gives; what the places of a term say about each other
is unified. Data of a file is typed as it stands, with lists for tuples, so that a mistake has its
place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from abduce.symbolic.programs.typed.primitives import (
    INTEGER,
    LIST,
    PRIMITIVES,
    SORTS,
    Primitive,
    Sort,
    Table,
)
from abduce.symbolic.unification import Classes

ANY: Sort = ""
"""The sort of a value about which nothing is known."""
Path = tuple[int, ...]
_Way = tuple[Any, int] | None
"""A path as its beginning and its last index, so that a long one costs no more than a short one."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The sorts of a program's arguments and of its value; equal variables are equal sorts."""

    arguments: tuple[Sort, ...]
    result: Sort

    @property
    def integers(self) -> bool:
        """Whether an argument or the value is an integer."""
        return INTEGER in (*self.arguments, self.result)

    def applied(self, operands: Sequence[Sort]) -> Sort | None:
        """The sort of the value at operands of these sorts, or None where they do not fit.

        >>> chosen = Signature((INTEGER, "a", "a"), "a")
        >>> chosen.applied([INTEGER, LIST, LIST]), chosen.applied([INTEGER, LIST, INTEGER])
        ('list', None)
        """
        bound: dict[Sort, Sort] = {}
        for wanted, given in zip(self.arguments, operands, strict=True):
            sort = wanted
            if wanted not in SORTS:
                bound[wanted] = sort = bound.get(wanted, ANY) or given
            if given != sort and ANY not in (given, sort):
                return None
        return bound.get(self.result, self.result)


def lists(arity: int) -> Signature:
    """The signature of a function of lists to a list."""
    return Signature((LIST,) * arity, LIST)


@dataclass
class Misfit(Exception):
    """A part of a term that does not fit (internal: ``Program`` and ``program_data`` say it).

    Attributes:
        path: the way to the part, as the indices of arguments.
        part: the part that was found there.
        expected: what could have been there.
        sort: the sort of the part, where that is what does not fit.
    """

    path: Path
    part: Any
    expected: str
    sort: str = ""


def infer(term: Any, arity: int, table: Table = PRIMITIVES) -> Signature:
    """The most general signature of a term with `arity` arguments.

    Raises:
        Misfit: the term is not over the table, or has no type.

    >>> infer(("if_zero", ("variable", 1), ("variable", 0), ("nil",)), 2)
    Signature(arguments=('list', 'integer'), result='list')
    """
    classes = Classes(arity + 3)
    listed, counted, result = arity, arity + 1, arity + 2
    classes.equate(listed, (LIST,))
    classes.equate(counted, (INTEGER,))
    known = {LIST: listed, INTEGER: counted}
    todo: list[tuple[Any, int, _Way, tuple[int, ...]]] = [(term, result, None, ())]
    while todo:
        node, wanted, way, states = todo.pop()
        if not isinstance(node, list | tuple) or not node or not isinstance(node[0], str):
            raise Misfit(_path(way), node, "a program: [primitive, ...]")
        name = node[0]
        primitive = table.get(name)
        if primitive is None:
            places = {"variable": range(arity), "state": states, "token": (), "number": ()}
            if name not in places:
                raise Misfit(_path((way, 0)), name, f"a primitive: {', '.join(table)}")
            index = _leaf(node, way, len(places[name]))
            sort = listed if name == "token" else counted if name == "number" else index
            sort = states[index] if name == "state" else sort
        else:
            if len(node) != len(primitive.arguments) + 1:
                found = list(node[:2]) if len(node) > 1 else name
                raise Misfit(_path(way), found, f"{len(primitive.arguments)} arguments of {name}")
            for other in _sorts(primitive):
                if other in SORTS and other not in known:
                    known[other] = classes.fresh()
                    classes.equate(known[other], (other,))
            own = {s: known[s] if s in known else classes.fresh() for s in _sorts(primitive)}
            sort = own[primitive.result]
            parts = [
                (node[at + 1], own[argument], (way, at + 1), states)
                for at, argument in enumerate(primitive.arguments)
            ]
            if primitive.binder is not None:  # the step after the state that it starts from
                step, state, where, _ = parts.pop(primitive.binder)
                parts.append((step, state, where, (state, *states)))
            todo += reversed(parts)
        if not classes.merge(wanted, sort):
            expected, found = (classes.structure(c) or ("",) for c in (wanted, sort))
            raise Misfit(_path(way), node, SORTS[expected[0]], SORTS[found[0]])
    names: dict[int, Sort] = {}

    def named(variable: int) -> Sort:
        structure = classes.structure(variable)
        if structure is not None:
            return structure[0]
        return names.setdefault(classes.root(variable), chr(ord("a") + len(names)))

    return Signature(tuple([named(i) for i in range(arity)]), named(result))


def _sorts(primitive: Primitive) -> tuple[Sort, ...]:
    return (*primitive.arguments, primitive.result)


def _path(way: _Way) -> Path:
    path: list[int] = []
    while way is not None:
        way, last = way
        path.append(last)
    return tuple(reversed(path))


def _leaf(node: Sequence[Any], way: _Way, most: int) -> int:
    """The index of a variable or a state; 0 for a token and a number."""
    name = node[0]
    if len(node) != 2:
        raise Misfit(_path(way), list(node), f"one argument of {name}")
    value, expected = node[1], ""
    if name == "token":
        expected = "" if isinstance(value, str) else "a token, which is text"
    elif isinstance(value, bool) or not isinstance(value, int):
        expected = "an integer"
    elif name == "number":
        expected = "" if value >= 0 else "a number from 0"
    elif not 0 <= value < most:
        allowed = f"a {name} from 0 to {most - 1}" if most else f"no {name}"
        expected = f"{allowed} ({name} {value} is out of range)"
    if expected:
        raise Misfit(_path((way, 1)), value, expected)
    return value if isinstance(value, int) and name in ("variable", "state") else 0
