"""Two SQL queries: proved equal, refuted by a database, equal up to a bound, or unknown.

What SQLite does is what counts. Nothing is proved of a query with a part that is not understood.
`from abduce.verify.queries import Budget, compare` is the entry point; the names are found on first
use (PEP 562).

Reading order: `query`, the trees; `walking` over them; `text`, from text to trees and back;
`verdict` and `verdict_json`, what may be said; `refuting`, the search for a difference; `proving`,
proofs by laws; `bounded`, databases of a few rows; `comparing`, which puts them together;
`scoring`, the scores that published tables have.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abduce.verify.queries.comparing import Budget as Budget
    from abduce.verify.queries.comparing import compare as compare
    from abduce.verify.queries.verdict import Comparison as Comparison
    from abduce.verify.queries.verdict import EqualUpTo as EqualUpTo

HOMES = {
    "Budget": "abduce.verify.queries.comparing",
    "Comparison": "abduce.verify.queries.verdict",
    "EqualUpTo": "abduce.verify.queries.verdict",
    "compare": "abduce.verify.queries.comparing",
}

__all__ = ["Budget", "Comparison", "EqualUpTo", "compare"]


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'abduce.verify.queries' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
