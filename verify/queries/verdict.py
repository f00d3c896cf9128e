"""What may be said of two queries: proved equal, refuted, equal up to a bound, or unknown.

`EqualUpTo` is no proof: a difference may need more rows. So it is no `Verdict` of the house, and
the code that reads a verdict of queries has to name it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from abduce.symbolic.databases.executing import Row
from abduce.verify.verdict import NeitherTrueNorFalse

Tables = Mapping[str, tuple[Row, ...]]
"""The rows of each table, in the order in which they are stored."""


@dataclass(frozen=True, slots=True)
class Step:
    """One use of a law in a proof.

    Attributes:
        query: which of the two queries was rewritten, 1 or 2.
        law: the name of the law.
        why: what made it apply, as a sentence.
    """

    query: int
    law: str
    why: str


@dataclass(frozen=True, slots=True)
class Proved(NeitherTrueNorFalse):
    """Both queries have the same rows on every database with the stated keys.

    Attributes:
        steps: the laws that rewrite both into `form`.
        form: the normal form that both have.
        keys: the keys that the laws used, as sentences.
        assumed: whether one of these keys is a guess.
    """

    steps: tuple[Step, ...]
    form: str
    keys: tuple[str, ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Refuted(NeitherTrueNorFalse):
    """A database on which the rows differ, as SQLite showed when it ran both queries again.

    Attributes:
        tables: the rows of each table.
        first, second: the rows of the two queries on it.
        script: SQL that makes the database.
        ordered: whether the order of rows counts, because a query has ORDER BY.
        tried: the number of databases on which both queries ran.
    """

    tables: Tables
    first: tuple[Row, ...]
    second: tuple[Row, ...]
    script: str
    ordered: bool
    tried: int = 0


@dataclass(frozen=True, slots=True)
class EqualUpTo(NeitherTrueNorFalse):
    """No database with at most `rows` rows a table tells the queries apart. This is no proof.

    Attributes:
        rows: the bound k.
        assumptions: what is assumed of the databases, as sentences.
    """

    rows: int
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown(NeitherTrueNorFalse):
    """Neither shown nor refuted.

    Attributes:
        reason: why, a sentence.
        outside: the parts of the queries that no proof here understands.
    """

    reason: str
    outside: tuple[str, ...] = field(default=())
    tried: int = 0


Comparison = Proved | Refuted | EqualUpTo | Unknown
