"""Unification of first-order terms without recursion, by merging classes of equal variables.

A class may have a structure, ``(constructor, *variables)``. Two classes with structures of one
constructor are equal when their parts are; those of two constructors cannot be.

Source: Huet 1976, Résolution d'équations dans les langages d'ordre 1, 2, ..., omega.
"""

from typing import Any

Structure = tuple[Any, ...]


class Classes:
    """Classes of variables, which are the numbers from 0, with the structures that they have.

    >>> classes = Classes(3)
    >>> classes.equate(0, ("list",)), classes.merge(1, 0), classes.equate(1, ("integer",))
    (True, True, False)
    """

    __slots__ = ("parent", "structures")

    def __init__(self, count: int) -> None:
        self.parent = list(range(count))
        self.structures: dict[int, Structure] = {}

    def root(self, variable: int) -> int:
        """The variable that stands for the class."""
        parent = self.parent
        while parent[variable] != variable:
            parent[variable] = variable = parent[parent[variable]]
        return variable

    def fresh(self) -> int:
        """A new variable, about which nothing is known."""
        self.parent.append(len(self.parent))
        return len(self.parent) - 1

    def structure(self, variable: int) -> Structure | None:
        """The structure of the variable's class, or None where it is open."""
        return self.structures.get(self.root(variable))

    def merge(self, first: int, second: int) -> bool:
        """Make two variables equal, and what follows from it; False where they cannot be."""
        pending = [(first, second)]
        while pending:
            first, second = pending.pop()
            first, second = self.root(first), self.root(second)
            if first == second:
                continue
            known, other = self.structures.get(first), self.structures.get(second)
            if known is not None and other is not None:
                if known[0] != other[0]:
                    return False
                pending += zip(known[1:], other[1:], strict=True)
            elif other is not None:
                self.structures[first] = other
            self.structures.pop(second, None)
            self.parent[second] = first
        return True

    def equate(self, variable: int, structure: Structure) -> bool:
        """Give a variable's class a structure; False where it has another constructor."""
        variable = self.root(variable)
        known = self.structures.get(variable)
        if known is None:
            self.structures[variable] = structure
            return True
        if known[0] != structure[0]:
            return False
        return all(self.merge(a, b) for a, b in zip(known[1:], structure[1:], strict=True))
