"""The one JSON form of a comparison of queries.

| field | value |
| --- | --- |
| `verdict` | `proved`, `refuted`, `equal up to` or `unknown` |
| `up_to_rows` | the bound k of `equal up to`; else null |
| `assumptions` | what `equal up to` assumes of the databases, as sentences |
| `reason`, `outside` | why the verdict is unknown, and what is not understood; else null and [] |
| `proof` | null, or an object with `steps`, `form`, `keys` and `assumed` |
| `counterexample` | null, or an object with `tables`, `script`, `first`, `second` and `ordered` |

A step has `query` (1 or 2), `law` and `why`. Bytes in rows are texts such as `x'00ff'`.
"""

from typing import Any

from abduce.symbolic.databases.executing import Row
from abduce.verify.queries.text.writing import write_value
from abduce.verify.queries.verdict import Comparison, EqualUpTo, Proved, Refuted, Unknown

WORDS = {Proved: "proved", Refuted: "refuted", EqualUpTo: "equal up to", Unknown: "unknown"}


def comparison_json(found: Comparison) -> dict[str, Any]:
    """A comparison as plain JSON values.

    >>> form = comparison_json(EqualUpTo(3))
    >>> form["verdict"], form["up_to_rows"], form["proof"]
    ('equal up to', 3, None)
    """
    return {
        "verdict": WORDS[type(found)],
        "up_to_rows": found.rows if isinstance(found, EqualUpTo) else None,
        "assumptions": list(found.assumptions) if isinstance(found, EqualUpTo) else [],
        "reason": found.reason if isinstance(found, Unknown) else None,
        "outside": list(found.outside) if isinstance(found, Unknown) else [],
        "proof": _proof(found) if isinstance(found, Proved) else None,
        "counterexample": _counterexample(found) if isinstance(found, Refuted) else None,
    }


def _proof(found: Proved) -> dict[str, Any]:
    steps = [{"query": s.query, "law": s.law, "why": s.why} for s in found.steps]
    keys = list(found.keys)
    return {"steps": steps, "form": found.form, "keys": keys, "assumed": found.assumed}


def _counterexample(found: Refuted) -> dict[str, Any]:
    return {
        "tables": {name: _rows(rows) for name, rows in found.tables.items()},
        "script": found.script,
        "first": _rows(found.first),
        "second": _rows(found.second),
        "ordered": found.ordered,
    }


def _rows(rows: tuple[Row, ...]) -> list[list[object]]:
    return [[write_value(v) if isinstance(v, bytes) else v for v in row] for row in rows]
