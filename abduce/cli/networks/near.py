"""What `verify NET.onnx --near FILE` prints: a line for each input, about all inputs near it."""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from abduce.clock import Stopwatch
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.verify.instances.near import Robustness
    from abduce.verify.strategy import Strategy

NOT_TAKEN = ("property", "counterexample", "record", "certificate", "benchmark")
"""Arguments of `verify` that are about a property in a file."""
ALONE = ("radius", "label", "within")
"""Options that only --near takes; `largest_radius`, too."""


def check_options(given: argparse.Namespace) -> None:
    """Raises InputError where options are missing or do not go together."""
    if given.near is None:
        named = [name for name in ALONE if getattr(given, name) is not None]
        named += ["largest-radius"] if given.largest_radius else []
        if named:
            raise InputError(f"--{named[0]} without --near", ("--near FILE, a file with inputs",))
        return
    for name in NOT_TAKEN:
        if getattr(given, name) is not None:
            option = "a property" if name == "property" else f"--{name}"
            raise InputError(f"--near with {option}", ("only one of the two",))
    if (given.radius is None) != given.largest_radius:
        found = "both" if given.largest_radius else "neither"
        raise InputError(
            f"{found} of --radius and --largest-radius",
            ("--near FILE --radius R", "--near FILE --largest-radius"),
        )


def verify_near(
    given: argparse.Namespace,
    strategy: "Strategy",
    timeout_s: float,
    watch: Stopwatch,
    show: Callable[[str], None],
) -> int:
    """Check the inputs near each input of a file; returns the exit code."""
    from abduce.verify.instances.instance import instance_path
    from abduce.verify.instances.near import Nearness, read_inputs, robustness
    from abduce.verify.networks.onnx.reading import read_network
    from abduce.verify.verdict import Unknown

    path = instance_path(given.network)
    network = read_network(path, output=given.output)
    inputs = read_inputs(given.near, network)
    within = given.within or (float("-inf"), float("inf"))
    nearness = Nearness(
        within=within, timeout_s=timeout_s, strategy=strategy, semantics=given.semantics
    )
    rows: list[dict[str, Any]] = []
    names: Counter[str] = Counter()
    unknown = False
    for found in robustness(
        path, network, inputs, given.radius, given.label, nearness, given.output
    ):
        rows.append(as_json(found))
        names[rows[-1]["verdict"]] += 1
        unknown |= isinstance(found.verdict, Unknown)
        if not given.json:
            show(line(found))
    if given.json:
        cost = {"cpu_s": watch.cpu_s, "wall_s": watch.wall_s}
        whole = {"within": None if given.within is None else list(within), "inputs": rows, **cost}
        show(json.dumps(whole, indent=2, allow_nan=False))
    elif len(rows) > 1 and given.radius is not None:
        told = ", ".join(f"{count} {name}" for name, count in sorted(names.items()))
        show(f"{len(rows)} inputs: {told} ({watch.cpu_s:.1f} CPU s)")
    return Exit.GAVE_UP if unknown and given.radius is not None else Exit.ANSWERED


def line(found: "Robustness") -> str:
    """What is known of one input, as a line of text."""
    from abduce.verify.verdict import Proved, Refuted

    cost = f"({found.cpu_s:.2f} CPU s)"
    start = f"input {found.number}, class {found.label}"
    if found.largest is not None:
        return f"{start}: {_radius(found)} {cost}"
    near = f"within {found.radius:g}"
    match found.verdict:
        case Proved(rounding=None):
            return f"{start}: proved: every input {near} is classified as {found.label} {cost}"
        case Proved():
            return (
                f"{start}: proved in real arithmetic; onnxruntime's own rounding classifies an "
                f"input {near} otherwise {cost}"
            )
        case Refuted() as refuted:
            other = int(refuted.y.ravel().argmax())
            tie = " (a tie)" if other == found.label else ""
            return (
                f"{start}: refuted: an input {near} is classified as {other}{tie} {cost}; "
                "--json prints it"
            )
        case _:
            return f"{start}: unknown: {found.verdict.reason} {cost}"


def _radius(found: "Robustness") -> str:
    from abduce.verify.verdict import Refuted

    largest = found.largest
    assert largest is not None
    if largest.open is None:
        return f"proved within {largest.proved:g}, which is the whole range looked at"
    if not largest.proved and isinstance(found.verdict, Refuted) and not largest.open:
        return "refuted: the input itself is classified otherwise"
    after = "a counterexample" if largest.refuted else "not decided"
    told = f"proved within {largest.proved:g}" if largest.proved else "no radius was proved"
    return f"{told}; {after} within {largest.open:g}"


def as_json(found: "Robustness") -> dict[str, Any]:
    """What is known of one input, as plain JSON values."""
    from abduce.verify.verdict_json import verdict_json

    largest = found.largest
    radii: dict[str, Any] = {"radius": found.radius}
    if largest is not None:
        radii = {"proved_radius": largest.proved, "open_radius": largest.open}
    return {
        "input": found.number,
        "label": found.label,
        **radii,
        **verdict_json(found.verdict),
        "cpu_s": found.cpu_s,
    }
