"""Abduce learns programs and proves what it has learned.

The public names below are found on first use (PEP 562), so that opening one room does not load the
house.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from abduce.benchmarks.record import Record as Record
    from abduce.errors import AbduceError as AbduceError
    from abduce.symbolic.nsr import Lexicon as Lexicon
    from abduce.symbolic.nsr import learn as learn

HOMES = {
    "AbduceError": "abduce.errors",
    "Lexicon": "abduce.symbolic.nsr",
    "Record": "abduce.benchmarks.record",
    "learn": "abduce.symbolic.nsr",
}

__all__ = ["AbduceError", "Lexicon", "Record", "__version__", "learn"]


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'abduce' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
