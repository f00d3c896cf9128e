"""The command `check`: whether a certificate shows what it claims."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce.cli.terminal import Json, print_json, show
from abduce.errors import Exit

if TYPE_CHECKING:
    from abduce.verify.certificates.checking import Accepted, Rejected
    from abduce.verify.verdict import Refuted

SHOWN = 64
"""The upper limit on the values of a counterexample that are printed as text."""


def check(
    network: Annotated[Path, typer.Argument(metavar="NET", help="The network: an ONNX file.")],
    property_: Annotated[
        Path, typer.Argument(metavar="PROPERTY", help="The property: a VNN-LIB file.")
    ],
    proof: Annotated[
        Path,
        typer.Argument(
            metavar="PROOF", help="The certificate that `abduce verify --certificate` wrote."
        ),
    ],
    json_: Json = False,
) -> None:
    """Check a certificate: whether it proves that a network has a property.

    All bounds are computed again in integers, without the code that found the proof. If a leaf of
    the proof does not close, a counterexample is looked for there, for ten seconds. Exit codes: 0
    accepted, 1 refused, 2 bad input, 3 a network or a property that has no certificates.
    """
    from abduce.verify.certificates.checking import Rejected, check_files
    from abduce.verify.instances.memory import keep_freed_memory

    keep_freed_memory()
    found = check_files(network, property_, proof)
    point = None
    if isinstance(found, Rejected) and found.box:
        from abduce.verify.instances.refuting import counterexample_in

        point = counterexample_in(network, property_, found.box)
    if json_:
        print_json(_as_json(found, point))
    else:
        show(_told(found))
        if point is not None:
            show(_shown(point))
    if isinstance(found, Rejected):
        raise typer.Exit(Exit.INTERNAL)


def _as_json(found: "Accepted | Rejected", point: "Refuted | None") -> dict[str, Any]:
    from abduce.verify.certificates.checking import Accepted
    from abduce.verify.verdict_json import point_json

    told = {"verdict": type(found).__name__.lower(), "evidence": "recomputed"}
    if isinstance(found, Accepted):
        sizes = {"regions": found.regions, "cases": found.cases, "leaves": found.leaves}
        return {**told, **sizes}
    return {
        **told,
        "reason": found.reason,
        "box": [[float(low), float(high)] for low, high in found.box],
        "counterexample": None if point is None else point_json(point),
    }


def _shown(point: "Refuted") -> str:
    """A counterexample, the first of its values where there are many."""
    from abduce.verify.verdict_json import point_json

    lines = (point_json(point)["vnnlib"] or "").split("\n")
    more = [f"... and {len(lines) - SHOWN:,} more values"] if len(lines) > SHOWN else []
    head = "The claim is false. This input violates the property, in onnxruntime too:"
    return "\n".join([head, *lines[:SHOWN], *more])


def _told(found: "Accepted | Rejected") -> str:
    from abduce.verify.certificates.checking import Accepted

    if not isinstance(found, Accepted):
        return f"refused: {found.reason}"
    return (
        f"accepted: the network has the property, in real arithmetic (recomputed in integers;"
        f" regions: {found.regions:,}, cases: {found.cases:,}, leaves: {found.leaves:,})"
    )
