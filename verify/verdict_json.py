"""The one JSON form of a verdict: of `verify --json`, `prove --json`, records and results.

Every verdict has all of these fields.

| field | value |
| --- | --- |
| `verdict` | `proved`, `refuted` or `unknown` |
| `result` | the word of VNN-COMP: `unsat`, `sat`, `unknown` or `timeout` |
| `reason` | why the verdict is unknown; else null |
| `certificate` | null, or an object with `claim`, `method`, `cases` and `evidence` |
| `counterexample` | null, or the point that violates the specification |
| `float32` | whether the proof holds for every rounding that float32 allows |
| `rounding` | null, or the point at which the runtime's own rounding violates it |
| `checked` | null, or an object with `points`, `boxes` and `of`: where the runtime was run |
| `domains`, `points`, `open`, `bound` | the work, as in `verdict.Work` |

A point has `input` and `output` as flat lists, `shape` (of the input), `case`, `expected` (a flat
list or null) and `vnnlib`, the point in VNN-COMP's form. A number that is not finite is null;
`vnnlib` is null then, and for exact objects.

`evidence` is null, or an object whose `kind` names its other field. With `product pairs` it is
`pairs`, a list of pairs of states. With `search ledger` it is `entries`, a list of objects; each
has the fields of a `Subdomain` or of a `Tightened` of `verify.ledger`, and its `kind` says of
which. A mapping in it is a list of pairs of key and value; an infinite end of an interval is null.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from math import isfinite
from typing import Any, assert_never

import numpy as np

from abduce.verify.ledger import SearchLedger
from abduce.verify.refutation.counterexample import write_counterexample
from abduce.verify.verdict import (
    OUT_OF_TIME,
    Certificate,
    Evidence,
    ProductPairs,
    Proved,
    Refuted,
    Unknown,
    Verdict,
)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain JSON values; the fields are those of this module's table.

    >>> form = verdict_json(Unknown("out of time after 1 s"))
    >>> form["verdict"], form["result"], form["reason"], form["counterexample"]
    ('unknown', 'timeout', 'out of time after 1 s', None)
    """
    proved = verdict if isinstance(verdict, Proved) else Proved()
    return {
        "verdict": type(verdict).__name__.lower(),
        "result": result(verdict),
        "reason": verdict.reason if isinstance(verdict, Unknown) else None,
        "certificate": None if (why := proved.certificate) is None else _certificate(why),
        "counterexample": point_json(verdict) if isinstance(verdict, Refuted) else None,
        "float32": proved.float32,
        "rounding": None if (point := proved.rounding) is None else point_json(point),
        "checked": None if proved.checked is None else asdict(proved.checked),
        **asdict(verdict.work),
    }


def result(verdict: Verdict) -> str:
    """The word of VNN-COMP: unsat where a property is proved, sat where it is refuted.

    A result is judged by what onnxruntime computes. So a property that is proved in real arithmetic
    and violated by onnxruntime's own rounding is sat.

    >>> result(Unknown("out of time after 1 s")), result(Unknown("out of memory"))
    ('timeout', 'unknown')
    """
    match verdict:
        case Proved(rounding=None):
            return "unsat"
        case Proved():
            return "sat" if violation(verdict) is not None else "unknown"
        case Refuted():
            return "sat"
        case Unknown(reason):
            return "timeout" if reason.startswith(OUT_OF_TIME) else "unknown"
        case _:
            assert_never(verdict)


def violation(verdict: Verdict) -> Refuted | None:
    """The input at which the runtime violates the property; None if its output is not finite, which
    the result file of VNN-COMP cannot say."""
    found = verdict.rounding if isinstance(verdict, Proved) else verdict
    return found if isinstance(found, Refuted) and np.isfinite(found.y).all() else None


def point_json(point: Refuted) -> dict[str, Any]:
    """A counterexample as plain JSON values."""
    outputs = _numbers(point.y)
    of_network = point.x.dtype == np.float64 and None not in outputs
    return {
        "input": _numbers(point.x),
        "output": outputs,
        "shape": list(point.x.shape),
        "case": point.case,
        "expected": None if point.expected is None else _numbers(point.expected),
        "vnnlib": write_counterexample(point.x, point.y) if of_network else None,
    }


def _numbers(values: np.ndarray) -> list[Any]:
    """The entries, flattened; null where one is not finite."""
    entries = np.asarray(values).ravel().tolist()
    return [None if isinstance(e, float) and not isfinite(e) else e for e in entries]


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "claim": certificate.claim,
        "method": certificate.method,
        "cases": certificate.cases,
        "evidence": None if (found := certificate.evidence) is None else _evidence(found),
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    match evidence:
        case ProductPairs(pairs):
            return {"kind": "product pairs", "pairs": _plain(pairs)}
        case SearchLedger(entries):
            named = [{"kind": type(entry).__name__.lower()} | _fields(entry) for entry in entries]
            return {"kind": "search ledger", "entries": named}
        case _:
            assert_never(evidence)


def _fields(value: Any) -> dict[str, Any]:
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def _plain(value: object) -> object:
    """Values of JSON: sequences, arrays and the pairs of mappings as lists, dataclasses as objects,
    and null for a number that is not finite. Other states are values of JSON already."""
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(each)] for key, each in value.items()]
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value
