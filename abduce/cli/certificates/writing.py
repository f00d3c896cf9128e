"""The option `--certificate` of `verify`: a proof is found in a form that can be checked.

Without the option, nothing of this is imported.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce.errors import InputError
from abduce.files import write_whole

if TYPE_CHECKING:
    from abduce.verify.certificates.tracing import Tracing
    from abduce.verify.verdict import Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A certificate that is asked for.

    Attributes:
        tracing: makes the search, and the certificate from it.
    """

    path: Path
    tracing: "Tracing"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of it.

    Attributes:
        line: for the person.
        fields: for the JSON of the verdict.
        missing: whether a proof has no certificate.
    """

    line: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    missing: bool = False


def requested(given: argparse.Namespace) -> Request | None:
    """The certificate that the options ask for; what has none is refused before the search.

    Raises:
        InputError: options that do not go together.
        OutputError: a place that cannot be written to.
        UnsupportedError: a network or a property that has no certificates.
    """
    if given.certificate is None:
        return None
    if given.semantics != "real":
        raise InputError(f"--certificate with --semantics {given.semantics}", ("--semantics real",))
    if given.output is not None:
        raise InputError("--certificate with --output", ("only one of the two",))
    from abduce.benchmarks.records.record_file import check_writable
    from abduce.verify.certificates.claims import read_claim
    from abduce.verify.certificates.tracing import Tracing

    check_writable(given.certificate)
    return Request(given.certificate, Tracing(read_claim(given.network, given.property)))


def written(request: Request, verdict: "Verdict", deadline: float) -> Written:
    """Writes the certificate of a proof; of another verdict there is none.

    Args:
        deadline: ``clock.wall_s()`` at which the search for it ends.
    """
    from abduce.verify.certificates.certificate import encoded
    from abduce.verify.certificates.writing import NotWritten
    from abduce.verify.verdict import Proved

    if not isinstance(verdict, Proved):
        return Written("no certificate: nothing was proved")
    found = request.tracing.certificate(deadline)
    if isinstance(found, NotWritten):
        return Written(f"no certificate: {found.reason}", {"reason": found.reason}, missing=True)
    content = encoded(found)
    write_whole(request.path, content)
    size = {"path": str(request.path), "leaves": found.leaves, "bytes": len(content)}
    line = f"certificate: {request.path} (leaves: {found.leaves:,}, bytes: {len(content):,})"
    return Written(line, size)
