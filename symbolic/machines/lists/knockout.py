"""A knockout tournament that is kept up to date: the least of some places, when few change."""

from collections.abc import Callable, Iterable

ABSENT = -1


class Knockout:
    """The first of the least of the places that take part.

    Args:
        places: the number of places; none takes part at the beginning.
        less: whether a place comes before another.

    >>> names = ["b", "c", "a", "a"]
    >>> game = Knockout(4, lambda i, j: names[i] < names[j])
    >>> game.change([(place, True) for place in range(4)])
    >>> game.winner
    2
    >>> game.change([(2, False), (3, False)])
    >>> game.winner
    0

    Source: Knuth 1998, The art of computer programming 3, section 5.2.3.
    """

    def __init__(self, places: int, less: Callable[[int, int], bool]) -> None:
        self._leaves = 1 << max(0, (places - 1).bit_length())
        self._tree = [ABSENT] * (2 * self._leaves)
        self._less = less

    @property
    def winner(self) -> int:
        """The first of the least; ABSENT where no place takes part."""
        return self._tree[1]

    def change(self, places: Iterable[tuple[int, bool]]) -> None:
        """Places that come, go, or have another value than before; whether each takes part."""
        nodes: set[int] = set()
        for place, takes_part in places:
            leaf = self._leaves + place
            self._tree[leaf] = place if takes_part else ABSENT
            nodes.add(leaf // 2)
        nodes.discard(0)
        while nodes:
            for node in nodes:
                self._tree[node] = self._match(self._tree[2 * node], self._tree[2 * node + 1])
            nodes = {node // 2 for node in nodes if node > 1}

    def _match(self, a: int, b: int) -> int:
        if a == ABSENT or b == ABSENT:
            return max(a, b)
        return b if self._less(b, a) else a
