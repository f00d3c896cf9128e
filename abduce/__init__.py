"""Abduce learns programs and proves what it has learned.

The public names below are found on first use (PEP 562), so that opening one room does not load the
house. The function `verify` is in the room of that name: `from abduce.verify import verify`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from abduce.benchmarks.record import Record as Record
    from abduce.errors import AbduceError as AbduceError
    from abduce.symbolic.nsr import Lexicon as Lexicon
    from abduce.symbolic.nsr import learn as learn
    from abduce.verify.verdict import Proved as Proved
    from abduce.verify.verdict import Refuted as Refuted
    from abduce.verify.verdict import Unknown as Unknown
    from abduce.verify.verification import Budget as Budget

HOMES = {
    "AbduceError": "abduce.errors",
    "Budget": "abduce.verify.verification",
    "Lexicon": "abduce.symbolic.nsr",
    "Proved": "abduce.verify.verdict",
    "Record": "abduce.benchmarks.record",
    "Refuted": "abduce.verify.verdict",
    "Unknown": "abduce.verify.verdict",
    "learn": "abduce.symbolic.nsr",
}

__all__ = [
    "AbduceError",
    "Budget",
    "Lexicon",
    "Proved",
    "Record",
    "Refuted",
    "Unknown",
    "__version__",
    "learn",
]


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'abduce' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
