"""The options of `verify` and `vnncomp`."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NoReturn

from abduce.errors import AbduceError, Exit

EXIT_CODES = (
    "Exit codes: 0 proved or refuted, 2 bad usage or input, 3 unsupported, 4 gave up, "
    "130 interrupted or asked to end."
)


SEMANTICS = ("real", "float32")


@dataclass(eq=False)
class UsageError(AbduceError):
    """Options that are not as the command takes them."""

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT

    message: str
    usage: str

    def __str__(self) -> str:
        return f"{self.message}\n{self.usage}"


class _Parser(argparse.ArgumentParser):
    """A parser that raises its errors, as everything else here does."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, self.format_usage().rstrip())


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
    add(
        "--output",
        metavar="NAME",
        help="The output that the property is about, of a network that has several outputs.",
    )
    add("--seed", type=int, default=0, help="The random seed; 0 if left out.")
    add(
        "--memory-gb",
        type=_positive,
        metavar="GB",
        help="The upper limit on memory, in GiB: what needs more ends as unknown.",
    )
    add(
        "--counterexample",
        type=Path,
        metavar="FILE",
        help="Keep the input that violates: as numpy's array if FILE ends in .npy, else as text.",
    )
    add(
        "--json",
        action="store_true",
        help="Print one JSON value on stdout and nothing else, for an error too.",
    )
    add("--quiet", "-q", action="store_true", help="Show no progress.")
    many = parser.add_argument_group("many instances, each in a process of its own")
    add = many.add_argument
    add("--benchmark", type=Path, metavar="FILE", help="An instances.csv, instead of NET PROPERTY.")
    add("--jobs", type=_count, default=1, metavar="N", help="The number of parallel processes.")
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
