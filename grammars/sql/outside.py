"""What a query has that the grammar does not cover."""

from dataclasses import dataclass
from typing import ClassVar

from abduce.errors import AbduceError, Exit


@dataclass(eq=False)
class NotCovered(AbduceError):
    """A query that no tree of the grammar stands for.

    >>> print(NotCovered("a left join"))
    The grammar of SQL queries does not cover a left join.
    """

    exit_code: ClassVar[Exit] = Exit.UNSUPPORTED

    part: str

    def __str__(self) -> str:
        return f"The grammar of SQL queries does not cover {self.part}."
