"""The options of `verify` and `vnncomp`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NoReturn

from abduce.cli.recording import RECORD_HELP
from abduce.errors import AbduceError, Exit

EXIT_CODES = (
    "Exit codes: 0 proved or refuted, 2 bad usage or input, 3 unsupported, 4 gave up at a limit, "
    "130 interrupted (Ctrl-C), 143 terminated (SIGTERM)."
)


SEMANTICS = ("real", "float32")


@dataclass(eq=False)
class UsageError(AbduceError):
    """Options that the command does not accept."""

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT

    message: str
    usage: str

    def __str__(self) -> str:
        return f"{self.message}\n{self.usage}"


class _Parser(argparse.ArgumentParser):
    """A parser that raises its errors as exceptions."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, self.format_usage().rstrip())


def verify_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "abduce verify",
        description="Prove a property of a network, or find a counterexample.",
        epilog=EXIT_CODES + " With --benchmark: 1 if a result contradicts expected.csv.",
    )
    add = parser.add_argument
    add(
        "network",
        nargs="?",
        type=Path,
        metavar="NET",
        help="The network: an ONNX file, which may be compressed (.gz).",
    )
    add(
        "property",
        nargs="?",
        type=Path,
        metavar="PROPERTY",
        help="The property: a VNN-LIB file, or activation patterns (a .json file of `abduce nap`).",
    )
    add(
        "--timeout-s",
        type=_positive,
        metavar="SECONDS",
        help="The upper limit on the running time, in seconds; default: 300. With activation "
        "patterns: for each question. With --benchmark: an upper limit on each instance, in "
        "addition to its own.",
    )
    add(
        "--semantics",
        choices=SEMANTICS,
        default="real",
        help="The arithmetic of the network: exact real numbers, or float32 with every rounding "
        "that it allows; default: real.",
    )
    add(
        "--output",
        metavar="NAME",
        help="The name of the output that the property is about, if the network has several.",
    )
    add("--seed", type=int, metavar="N", help="The random seed; default: 0.")
    add(
        "--config",
        type=Path,
        metavar="FILE",
        help="A JSON file with settings of the search to change; docs/verify.md explains them.",
    )
    add(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="A setting of the search to change, such as attack.restarts=64. The option may be "
        "repeated.",
    )
    add(
        "--memory-gb",
        type=_positive,
        metavar="GB",
        help="The upper limit on memory, in GiB. If more is needed, the verdict is unknown.",
    )
    add(
        "--counterexample",
        type=Path,
        metavar="FILE",
        help="The file to save a counterexample to: a numpy array if it ends in .npy, else text.",
    )
    add(
        "--certificate",
        type=Path,
        metavar="FILE",
        help="The file to save a certificate of a proof to, such as proof.json.xz; check it with "
        "abduce check. The exit code is 4 if a proof has none.",
    )
    add("--record", type=Path, metavar="FILE", help=RECORD_HELP)
    add(
        "--json",
        action="store_true",
        help="Print one JSON value on stdout and nothing else, even for an error.",
    )
    add("--quiet", "-q", action="store_true", help="Do not print progress or notes.")
    _add_near(
        parser.add_argument_group("robustness around inputs, instead of PROPERTY").add_argument
    )
    many = parser.add_argument_group("many instances, each in a separate process")
    add = many.add_argument
    add(
        "--benchmark",
        type=Path,
        metavar="FILE",
        help="A list of instances (instances.csv), instead of NET PROPERTY.",
    )
    add(
        "--jobs",
        type=_count,
        default=1,
        metavar="N",
        help="The number of instances that run at the same time; default: 1.",
    )
    add(
        "--backend",
        default="processes",
        metavar="NAME",
        help="What runs the instances: processes (on this machine; the default), or dask or ray "
        "(on a cluster that is running already).",
    )
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="The address of the cluster, such as tcp://10.0.0.1:8786 for dask or 10.0.0.1:6379 "
        "for ray.",
    )
    add(
        "--out",
        type=Path,
        metavar="FILE",
        help="The file to write the results to; default: results.csv.",
    )
    add(
        "--records",
        type=Path,
        metavar="FILE",
        help="The file to add the records to; default: records/verify.jsonl.",
    )
    add(
        "--resume",
        action="store_true",
        help="Skip instances that have a row in the results already.",
    )
    return parser


def _add_near(add: Callable[..., object]) -> None:
    add(
        "--near",
        type=Path,
        metavar="FILE",
        help="A file with inputs: an array of numpy (.npy), or text with one input in each line. "
        "Verify that all inputs near each of them are classified alike.",
    )
    add(
        "--radius",
        type=_radius,
        metavar="R",
        help="How far every entry of an input may be from that in the file.",
    )
    add(
        "--largest-radius",
        action="store_true",
        help="Search for the largest radius that is proved, to 5 %%, instead of --radius.",
    )
    add(
        "--label",
        type=int,
        metavar="CLASS",
        help="The class of all inputs in the file, counted from 0. Default: for each input the "
        "class that the network gives to it.",
    )
    add(
        "--within",
        type=_range,
        metavar="LOW,HIGH",
        help="The range of the entries of an input, such as 0,1 for images. Default: no limits.",
    )


def vnncomp_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "abduce vnncomp",
        description="Verify with the arguments of VNN-COMP, and write the verdict in its format: "
        "unsat, sat with a counterexample, unknown, timeout or error. A result is written whenever "
        "the arguments can be read.",
    )
    add = parser.add_argument
    add("version", choices=["v1"], metavar="v1", help="The version of the calling convention.")
    add("category", metavar="CATEGORY", help="The name of the benchmark; it is not used.")
    add("network", type=Path, metavar="ONNX", help="The network, an ONNX file.")
    add("property", type=Path, metavar="VNNLIB", help="The property, a VNN-LIB file.")
    add("result", type=Path, metavar="RESULT", help="The file to write the verdict to.")
    timeout = "The upper limit on the running time, in seconds."
    add("timeout_s", type=_positive, metavar="TIMEOUT", help=timeout)
    return parser


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return value


def _radius(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0")
    return value


def _range(text: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        low, high = 1.0, 0.0
    if not float("-inf") < low <= high < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not two numbers such as 0,1")
    return low, high


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)
