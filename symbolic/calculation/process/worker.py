"""The process that runs one program: a request on its input, an answer on its output, both JSON.

It is started by `running`. Everything is imported before the limits are set.
"""

import json
import sys
from typing import Any

from abduce.errors import AbduceError
from abduce.symbolic.calculation.evaluating import Doubtful, Unanswered, computed
from abduce.symbolic.calculation.operations.sampling import number
from abduce.symbolic.calculation.printing import shown
from abduce.symbolic.calculation.process.confinement import Limits, confine


def tree_of(data: Any) -> Any:
    """Lists as tuples, all the way down."""
    return tuple(tree_of(part) for part in data) if isinstance(data, list) else data


def answered(request: dict[str, Any], told: tuple[str, ...]) -> dict[str, Any]:
    """The answer to a request, as plain data."""
    try:
        found = computed(
            tree_of(request["term"]),
            tree_of(request["arguments"]),
            common_log=request["common_log"],
            kinds=request["kinds"],
        )
        return {
            "outcome": "answered",
            "answer": shown(found.answer),
            "value": _value(found.answer),
            "steps": found.steps,
            "checks": found.checks,
            "remarks": found.remarks,
            "curve": getattr(found.answer, "curve", ()),
            "not_isolated": told,
        }
    except Unanswered as error:
        return {"outcome": "unanswered", "reason": str(error), "not_isolated": told}
    except Doubtful as error:
        return {"outcome": "withheld", "reason": f"The cross-check disagrees: {error}.",
                "not_isolated": told}  # fmt: skip
    except AbduceError as error:
        return {"outcome": "unanswered", "reason": str(error), "not_isolated": told}
    except MemoryError:
        return {"outcome": "stopped", "reason": "The program needed too much memory.",
                "not_isolated": told}  # fmt: skip
    except RecursionError:
        return {"outcome": "stopped", "reason": "The program went too deep.", "not_isolated": told}
    except Exception as error:  # sympy raises many kinds where it has no method
        kind = type(error).__name__
        return {"outcome": "unanswered", "reason": f"sympy has no answer ({kind}).",
                "not_isolated": told}  # fmt: skip


def _value(answer: Any) -> str | None:
    """A number as a decimal, where it is one."""
    if isinstance(answer, str) or not hasattr(answer, "is_number") or not answer.is_number:
        return None
    found = number(answer)
    if found is None:
        return None
    return f"{found.real:.12g}" if abs(found.imag) < 1e-12 else f"{found:.12g}"


def main() -> None:
    """Reads a request, confines the process, answers."""
    request = json.load(sys.stdin)
    sys.stdin.close()
    told = confine(Limits(cpu_s=request["cpu_s"], memory_mb=request["memory_mb"]))
    out = answered(request, told)
    print(json.dumps(out), flush=True)  # noqa: T201  # an answer to another process, as ASCII


if __name__ == "__main__":
    main()
