"""The command `check`: whether a certificate shows what it claims."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce.cli.terminal import Json, print_json, show
from abduce.errors import Exit

if TYPE_CHECKING:
    from abduce.verify.certificates.checking import Accepted, Rejected


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

    All bounds are computed again in integers, without the code that found the proof. Exit codes: 0
    accepted, 1 refused, 2 bad input, 3 a network or a property that has no certificates.
    """
    from abduce.verify.certificates.checking import Rejected, check_files

    found = check_files(network, property_, proof)
    refused = isinstance(found, Rejected)
    if json_:
        print_json(_as_json(found))
    else:
        show(_told(found))
    if refused:
        raise typer.Exit(Exit.INTERNAL)


def _as_json(found: "Accepted | Rejected") -> dict[str, Any]:
    from dataclasses import asdict

    kind = type(found).__name__.lower()
    return {"verdict": kind, "evidence": "recomputed", **asdict(found)}


def _told(found: "Accepted | Rejected") -> str:
    from abduce.verify.certificates.checking import Accepted

    if not isinstance(found, Accepted):
        return f"refused: {found.reason}"
    return (
        f"accepted: the network has the property, in real arithmetic (recomputed in integers;"
        f" regions: {found.regions:,}, cases: {found.cases:,}, leaves: {found.leaves:,})"
    )
