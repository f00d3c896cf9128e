"""Proof of what was learned: a network and a specification in, a verdict out.

`from abduce.verify import verify, read_network, read_property` is the entry point; `read_module`
reads a module of torch, `verify_files` goes from two paths to a verdict, `robust` asks about all
inputs near one, and `variables` gives the x and y that properties are written with in Python. The
names are found on first use (PEP 562): a reader of properties loads no bounds. The function
`verify` has its home here and not in `abduce`, where that name is this package.

Reading order: `verdict`; `networks` and `specifications`, what is given; `bounds`, `refutation` and
`branch`, what proves and refutes; `ledger`, what a search may tell of its steps; `strategy` and
`verification`, which put them together; `verdict_json`, the JSON form of verdicts; `instances`,
files in and verdicts out. `certificates` writes proofs to files, and checks them without the
search. `rounding` has the error terms of floating point. `discrete` proves exact objects instead of
networks, and `queries` compares SQL queries.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abduce.verify.instances.instance import verify_files as verify_files
    from abduce.verify.instances.near import largest_robust as largest_robust
    from abduce.verify.instances.near import robust as robust
    from abduce.verify.ledger import Ledger as Ledger
    from abduce.verify.ledger import SearchLedger as SearchLedger
    from abduce.verify.networks.onnx.reading import read_network as read_network
    from abduce.verify.networks.torch.checking import run_module as run_module
    from abduce.verify.networks.torch.reading import read_module as read_module
    from abduce.verify.specifications.expressions import variables as variables
    from abduce.verify.specifications.hidden import Hidden as Hidden
    from abduce.verify.specifications.properties import Property as Property
    from abduce.verify.specifications.specification import Case as Case
    from abduce.verify.specifications.specification import Specification as Specification
    from abduce.verify.specifications.vnnlib.reading import read_property as read_property
    from abduce.verify.specifications.vnnlib.writing import write_property as write_property
    from abduce.verify.strategy import Strategy as Strategy
    from abduce.verify.verdict import Proved as Proved
    from abduce.verify.verdict import Refuted as Refuted
    from abduce.verify.verdict import Unknown as Unknown
    from abduce.verify.verdict import Verdict as Verdict
    from abduce.verify.verdict import Work as Work
    from abduce.verify.verification import Budget as Budget
    from abduce.verify.verification import verify as verify

HOMES = {
    "Budget": "abduce.verify.verification",
    "Case": "abduce.verify.specifications.specification",
    "Hidden": "abduce.verify.specifications.hidden",
    "Ledger": "abduce.verify.ledger",
    "Property": "abduce.verify.specifications.properties",
    "Proved": "abduce.verify.verdict",
    "Refuted": "abduce.verify.verdict",
    "SearchLedger": "abduce.verify.ledger",
    "Specification": "abduce.verify.specifications.specification",
    "Strategy": "abduce.verify.strategy",
    "Unknown": "abduce.verify.verdict",
    "Verdict": "abduce.verify.verdict",
    "Work": "abduce.verify.verdict",
    "largest_robust": "abduce.verify.instances.near",
    "read_module": "abduce.verify.networks.torch.reading",
    "read_network": "abduce.verify.networks.onnx.reading",
    "read_property": "abduce.verify.specifications.vnnlib.reading",
    "robust": "abduce.verify.instances.near",
    "run_module": "abduce.verify.networks.torch.checking",
    "variables": "abduce.verify.specifications.expressions",
    "verify": "abduce.verify.verification",
    "verify_files": "abduce.verify.instances.instance",
    "write_property": "abduce.verify.specifications.vnnlib.writing",
}

__all__ = [
    "Budget",
    "Case",
    "Hidden",
    "Ledger",
    "Property",
    "Proved",
    "Refuted",
    "SearchLedger",
    "Specification",
    "Strategy",
    "Unknown",
    "Verdict",
    "Work",
    "largest_robust",
    "read_module",
    "read_network",
    "read_property",
    "robust",
    "run_module",
    "variables",
    "verify",
    "verify_files",
    "write_property",
]


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'abduce.verify' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
