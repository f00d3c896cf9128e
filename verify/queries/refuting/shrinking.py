"""From a database on which two queries differ to one that has no row too many."""

from collections.abc import Callable

from abduce.symbolic.databases.executing import Row
from abduce.verify.queries.verdict import Tables

Differs = Callable[[Tables], bool]


def shrunk(rows: Tables, differs: Differs) -> dict[str, tuple[Row, ...]]:
    """A database from which no single row can be taken, and no half of a table.

    Args:
        differs: whether the queries differ on a database, which must keep all keys.
    """
    kept = dict(rows)
    smaller = True
    while smaller:
        smaller = False
        for name in list(kept):
            size = max(1, len(kept[name]) // 2)
            while size and kept[name]:
                start = 0
                while start < len(kept[name]):
                    fewer = kept[name][:start] + kept[name][start + size :]
                    tried = {**kept, name: fewer}
                    if differs(tried):
                        kept, smaller = tried, True
                    else:
                        start += size
                size //= 2
    return kept
