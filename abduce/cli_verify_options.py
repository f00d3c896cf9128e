"""The options of `verify` and `vnncomp`."""

import argparse
from pathlib import Path
from typing import NoReturn

from abduce.printing import printable

EXIT_CODES = "Exit codes: 0 proved or refuted, 2 bad usage or input, 3 unsupported, 4 gave up."


SEMANTICS = ("real", "float32")


class _Parser(argparse.ArgumentParser):
    """A parser whose messages do not steer the terminal, whatever was typed or expanded."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def verify_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "abduce verify",
        description="Prove a property of a network, or find a counterexample.",
        epilog=EXIT_CODES + " With --benchmark: 1 if a result contradicts expected.csv.",
    )
    add = parser.add_argument
    add("network", nargs="?", type=Path, metavar="NET", help="An ONNX file, packed (.gz) or not.")
    add("property", nargs="?", type=Path, metavar="PROPERTY", help="A VNN-LIB file, likewise.")
    add(
        "--timeout-s",
        type=_positive,
        metavar="SECONDS",
        help="Stop then; 300 if left out. With --benchmark: at most so long for each instance.",
    )
    add(
        "--semantics",
        choices=SEMANTICS,
        default="real",
        help="What the network computes: real arithmetic, or all that rounding in float32 allows.",
    )
    add("--seed", type=int, default=0, help="Of all that is drawn.")
    add("--memory-gb", type=_positive, metavar="GB", help="Give up where more would be needed.")
    add(
        "--counterexample",
        type=Path,
        metavar="FILE",
        help="Keep the input that refutes: as numpy's array if FILE ends in .npy, else as text.",
    )
    add("--json", action="store_true", help="Print one JSON value on stdout and nothing else.")
    add("--quiet", "-q", action="store_true", help="Show no progress.")
    many = parser.add_argument_group("many instances, each in a process of its own")
    add = many.add_argument
    add("--benchmark", type=Path, metavar="FILE", help="An instances.csv, instead of NET PROPERTY.")
    add("--jobs", type=_count, default=1, metavar="N", help="So many side by side.")
    add(
        "--out",
        type=Path,
        metavar="FILE",
        help="Where the rows of results go; results.csv if left out.",
    )
    add("--records", type=Path, metavar="FILE", help="Records; records/verify.jsonl if left out.")
    add("--resume", action="store_true", help="Pass over what has a row in the results.")
    return parser


def vnncomp_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "abduce vnncomp",
        description="Write the verdict as VNN-COMP wants it: unsat, or sat and a counterexample, "
        "or unknown, timeout or error. A result is always written.",
    )
    parser.add_argument("version", choices=["v1"], metavar="v1")
    parser.add_argument("category", metavar="CATEGORY")
    for name in ("network", "property", "result"):
        metavar = {"network": "ONNX", "property": "VNNLIB"}.get(name, name.upper())
        parser.add_argument(name, type=Path, metavar=metavar)
    parser.add_argument("timeout_s", type=_positive, metavar="TIMEOUT")
    return parser


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)
