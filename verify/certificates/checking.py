"""Checks a certificate against the files of a network and a property.

All that counts is done by `translate` and `kernel`. The hashes only say early that a file is not
the one that was meant; what is accepted is shown for the files that are given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from abduce.verify.certificates.certificate import is_whole, read_certificate
from abduce.verify.certificates.claims import read_claim
from abduce.verify.certificates.kernel import Refused, check


@dataclass(frozen=True, slots=True)
class Accepted:
    """The claim is shown.

    Attributes:
        regions, cases, leaves: the numbers of boxes, of cases in all boxes, and of leaves.
    """

    regions: int
    cases: int
    leaves: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """The claim is not shown.

    Attributes:
        reason: where the proof fails, and how.
        box: the ends of the inputs of the leaf that does not close; empty for other reasons.
    """

    reason: str
    box: Sequence[tuple[Fraction, Fraction]] = ()


def check_files(network: Path, property_: Path, proof: Path) -> Accepted | Rejected:
    """Whether a certificate shows that a network has a property.

    Raises:
        InputError: a file that cannot be read, or is no certificate.
        UnsupportedError: a network or a property that has no certificates.
    """
    certificate = read_certificate(proof)
    found = read_claim(network, property_)
    if not is_whole(certificate):
        return Rejected("the certificate was changed: its digest is not that of its content")
    if certificate.network != found.network:
        return Rejected("the certificate is about another network: the sha256 differs")
    if certificate.property_ != found.property_:
        return Rejected("the certificate is about another property: the sha256 differs")
    try:
        leaves = check(found.claim, certificate.scale, certificate.trees)
    except Refused as refused:
        return Rejected(str(refused), refused.box)
    regions = found.claim.regions
    return Accepted(len(regions), sum(len(region.cases) for region in regions), leaves)
