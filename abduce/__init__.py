"""Abduce learns programs and proves what it has learned.

The public names below are found on first use (PEP 562), so that opening one room does not load the
house. The function `verify` is in the room of that name: `from abduce.verify import verify`.

The rooms, each imported as `abduce.ROOM`: `benchmarks`, `neural`, `verify`, `symbolic`, `grammars`;
`cli` has the commands.

Reading order: `errors`, `printing`, `text`, `clock`, `files`, `console`, `extras`, `configuration`
serve every room; `door` is how a process begins and ends, `__main__` the command itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record as Record
    from abduce.errors import AbduceError as AbduceError
    from abduce.symbolic.lambda_calculus import NormalForm as NormalForm
    from abduce.symbolic.lambda_calculus import OutOfFuel as OutOfFuel
    from abduce.symbolic.lambda_calculus import Term as Term
    from abduce.symbolic.lambda_calculus import TooLarge as TooLarge
    from abduce.symbolic.lambda_calculus import normal_form as normal_form
    from abduce.symbolic.nsr import Lexicon as Lexicon
    from abduce.symbolic.nsr import learn as learn
    from abduce.symbolic.nsr import learn_actively as learn_actively
    from abduce.symbolic.nsr.estimator import LexiconEstimator as LexiconEstimator
    from abduce.verify.verdict import Proved as Proved
    from abduce.verify.verdict import Refuted as Refuted
    from abduce.verify.verdict import Unknown as Unknown
    from abduce.verify.verification import Budget as Budget

HOMES = {
    "AbduceError": "abduce.errors",
    "Budget": "abduce.verify.verification",
    "Lexicon": "abduce.symbolic.nsr",
    "LexiconEstimator": "abduce.symbolic.nsr.estimator",
    "NormalForm": "abduce.symbolic.lambda_calculus",
    "OutOfFuel": "abduce.symbolic.lambda_calculus",
    "Proved": "abduce.verify.verdict",
    "Record": "abduce.benchmarks.records.record",
    "Refuted": "abduce.verify.verdict",
    "Term": "abduce.symbolic.lambda_calculus",
    "TooLarge": "abduce.symbolic.lambda_calculus",
    "Unknown": "abduce.verify.verdict",
    "learn": "abduce.symbolic.nsr",
    "learn_actively": "abduce.symbolic.nsr",
    "normal_form": "abduce.symbolic.lambda_calculus",
}

__all__ = [
    "AbduceError",
    "Budget",
    "Lexicon",
    "LexiconEstimator",
    "NormalForm",
    "OutOfFuel",
    "Proved",
    "Record",
    "Refuted",
    "Term",
    "TooLarge",
    "Unknown",
    "__version__",
    "learn",
    "learn_actively",
    "normal_form",
]


ROOMS = ("benchmarks", "cli", "grammars", "neural", "symbolic", "verify")


def __getattr__(name: str) -> object:
    if name in ROOMS:
        return import_module(f"abduce.{name}")
    if name not in HOMES:
        raise AttributeError(f"module 'abduce' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names and the rooms, and nothing else."""
    return sorted({*__all__, *ROOMS})
