"""The commands `nap`: activation patterns of a network's classes, mined, measured and made smaller.

`verify NET.onnx NAP.json` proves or refutes what such a file claims.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce.cli.terminal import Json, Quiet, print_json, say, show
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    import numpy as np

    from abduce.verify.specifications.activation_pattern.measuring import Measured

Network = Annotated[Path, typer.Argument(metavar="NET.onnx", help="The network.")]
File = Annotated[Path, typer.Argument(metavar="NAP.json", help="The activation patterns.")]
Rows = Annotated[
    Path,
    typer.Argument(
        metavar="DATA.npz",
        help="A file of numpy.savez with the keys inputs (one row for each input) and labels "
        "(whole numbers, the places of outputs).",
    ),
]
Limit = Annotated[
    float,
    typer.Option(
        "--timeout-s",
        metavar="SECONDS",
        min=0.001,
        help="The upper limit on each question to the verifier, in seconds.",
    ),
]
WAYS = ("coarsen", "stochastic", "prune")

nap_app = typer.Typer(
    help="Mine activation patterns, measure them and make them smaller. To prove what they claim: "
    "abduce verify NET.onnx NAP.json.",
    no_args_is_help=True,
)


@nap_app.command("mine")
def nap_mine(
    network: Network,
    data: Rows,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")
    ] = Path("nap.json"),
    delta: Annotated[
        float,
        typer.Option(
            min=0.5,
            max=1,
            help="The share, above 0.5, of a class's inputs that must agree on a neuron's sign.",
        ),
    ] = 0.99,
    layers: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,...",
            help="The tensors whose neurons count. Default: the arguments of all ReLUs.",
        ),
    ] = None,
    held_out: Annotated[
        float,
        typer.Option(
            min=0,
            max=0.9,
            help="The share of each class that is not mined: its last rows. The patterns are "
            "measured on these.",
        ),
    ] = 0.2,
    each_input: Annotated[
        bool,
        typer.Option(
            "--each-input",
            help="Bound each input by its own least and greatest mined value, instead of by those "
            "of all inputs together.",
        ),
    ] = False,
    json_: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the neurons whose sign nearly all inputs of a class agree on.

    Only inputs that the network classifies rightly are mined. A value above 0 is active; 0 is not.
    """
    import numpy as np

    from abduce.verify.instances.instance import instance_path
    from abduce.verify.instances.patterns import checksum_of
    from abduce.verify.networks.onnx.reading import read_network
    from abduce.verify.specifications.activation_pattern.data import read_data
    from abduce.verify.specifications.activation_pattern.files import write_patterns
    from abduce.verify.specifications.activation_pattern.measuring import measured
    from abduce.verify.specifications.activation_pattern.mining import mine, split
    from abduce.verify.specifications.activation_pattern.observing import (
        layer_sizes,
        observed,
        relu_layers,
    )
    from abduce.verify.specifications.activation_pattern.pattern import Patterns

    path = instance_path(network)
    read = read_network(path)
    inputs, labels = read_data(data, read)
    names = tuple(layers.split(",")) if layers else relu_layers(read)
    sizes, mined = layer_sizes(read, names), split(labels, held_out)
    seen = observed(read, inputs[mined], names)
    patterns = mine(seen, labels[mined], delta, names)
    low, high = inputs[mined].min(0), inputs[mined].max(0)
    if not each_input:
        low, high = np.full_like(low, low.min()), np.full_like(high, high.max())
    found = Patterns(delta, names, sizes, low, high, patterns, checksum_of(path))
    write_patterns(out, found)
    rest = ~mined if not mined.all() else mined
    told = measured(found, observed(read, inputs[rest], names), labels[rest])
    _show(told, "held-out" if not mined.all() else "mined", json_)
    if not quiet:
        say(f"patterns of {_counted(len(patterns), 'class', 'classes')} in {out}")


@nap_app.command("measure")
def nap_measure(network: Network, file: File, data: Rows, json_: Json = False) -> None:
    """Say how many inputs of a data file follow the pattern of their class, or of another."""
    from abduce.verify.instances.patterns import read_subject
    from abduce.verify.specifications.activation_pattern.data import read_data
    from abduce.verify.specifications.activation_pattern.measuring import measured
    from abduce.verify.specifications.activation_pattern.observing import observed

    subject = read_subject(network, file)
    inputs, labels = read_data(data, subject.network)
    seen = observed(subject.network, inputs, subject.patterns.layers)
    _show(measured(subject.patterns, seen, labels), "given", json_)


@nap_app.command("radius")
def nap_radius(
    network: Network,
    file: File,
    data: Rows,
    timeout_s: Limit = 60.0,
    json_: Json = False,
) -> None:
    """Find the largest radius around an input for which pattern and ball together are proved.

    The input is the first one of each class that the network classifies rightly. The same is found
    for the ball alone. The exit code is 4 if no radius was proved for one of the classes.
    """
    from abduce.verify.instances.patterns import Settings, class_radii, read_subject
    from abduce.verify.specifications.activation_pattern.data import read_data

    subject, settings = read_subject(network, file), Settings(timeout_s=timeout_s)
    inputs, labels = read_data(data, subject.network)
    rows = []
    for pattern in subject.patterns.patterns:
        centre = _first_right(subject, inputs, labels, pattern.label)
        if centre is None:
            say(f"no input of class {pattern.label} is classified rightly; it is left out")
            continue
        alone, both = class_radii(subject, pattern, centre, settings)
        rows.append(
            {
                "label": pattern.label,
                "ball": alone.proved,
                "with_pattern": both.proved,
                "whole_box": both.whole,
                "calls": alone.calls + both.calls,
            }
        )
        if not json_:
            whole = ", the whole box" if both.whole else ""
            ratio = f" ({both.proved / alone.proved:.1f} times)" if alone.proved else ""
            show(
                f"{pattern.label}: {alone.proved:.4g} for the ball alone, {both.proved:.4g}"
                f" with the pattern{whole}{ratio}"
            )
    if json_:
        print_json(rows)
    if not all(row["with_pattern"] for row in rows):
        raise typer.Exit(Exit.GAVE_UP)


@nap_app.command("minimise")
def nap_minimise(
    network: Network,
    file: File,
    data: Rows,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write.")
    ] = Path("minimal.json"),
    way: Annotated[
        str, typer.Option(metavar="WAY", help=f"How neurons are left out: {', '.join(WAYS)}.")
    ] = "prune",
    radius: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="Prove the patterns only within this distance of an input: the first one of each "
            "class that is classified rightly. Default: in the whole box.",
        ),
    ] = None,
    calls: Annotated[
        int, typer.Option(min=1, help="The upper limit on questions to the verifier, for a class.")
    ] = 20,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="The random seed.")] = 0,
    timeout_s: Limit = 60.0,
    json_: Json = False,
    quiet: Quiet = False,
) -> None:
    """Leave neurons out of the patterns as long as these are still proved.

    The exit code is 4 if the pattern of one of the classes was not proved at all.
    """
    from dataclasses import replace

    from abduce.verify.instances.patterns import Settings, minimised, read_subject
    from abduce.verify.specifications.activation_pattern.data import read_data
    from abduce.verify.specifications.activation_pattern.files import write_patterns
    from abduce.verify.specifications.activation_pattern.observing import observed
    from abduce.verify.specifications.activation_pattern.pattern import Ball

    if way not in WAYS:
        raise InputError(f"--way {way}", WAYS)
    subject, settings = read_subject(network, file), Settings(timeout_s=timeout_s)
    inputs, labels = read_data(data, subject.network)
    seen = observed(subject.network, inputs, subject.patterns.layers)
    kept, rows = [], []
    for pattern in subject.patterns.patterns:
        ball = None
        if radius is not None:
            centre = _first_right(subject, inputs, labels, pattern.label)
            if centre is None:
                raise InputError(f"no input of class {pattern.label} that is classified rightly",
                                 (), data)  # fmt: skip
            ball = Ball(centre, radius)
        small = minimised(
            subject, replace(pattern, ball=ball), way, seen, labels, settings, calls, seed
        )
        kept.append(small.pattern)
        rows.append(
            {
                "label": pattern.label,
                "proved": small.proved,
                "neurons": len(small.pattern),
                "mined": len(pattern),
                "calls": small.calls,
            }
        )
        if not json_:
            verdict = "proved" if small.proved else "not proved"
            show(
                f"{pattern.label}: {verdict}, {len(small.pattern)} of"
                f" {_counted(len(pattern), 'neuron')}, {_counted(small.calls, 'question')}"
            )
    write_patterns(out, replace(subject.patterns, patterns=tuple(kept)))
    if json_:
        print_json(rows)
    elif not quiet:
        say(f"patterns in {out}")
    if not all(row["proved"] for row in rows):
        raise typer.Exit(Exit.GAVE_UP)


def _first_right(
    subject: Any, inputs: "np.ndarray", labels: "np.ndarray", label: int
) -> "np.ndarray | None":
    """The first input of a class that the network classifies rightly."""
    from abduce.verify.specifications.activation_pattern.observing import observed

    mine = inputs[labels == label]
    right = observed(subject.network, mine, ()).answers == label
    return mine[right.argmax()] if right.any() else None


def _counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def _show(told: "Measured", which: str, json_: bool) -> None:
    """Prints how well patterns describe classes."""
    from dataclasses import asdict

    if json_:
        print_json(asdict(told))
        return
    show(
        f"{told.recall:.1%} of {told.inputs:,} {which} inputs follow the pattern of their class,"
        f" {told.wrong:.1%} that of another class"
    )
    for label, neurons in told.neurons.items():
        share = told.by_class[label]
        recall = "no inputs" if share is None else f"followed by {share:.1%} of its inputs"
        show(f"  class {label}: {_counted(neurons, 'neuron')}, {recall}")
    pairs = ", ".join(f"{a} and {b}" for a, b in told.overlapping) or "none"
    show(f"pairs of classes that no neuron tells apart: {pairs}")
