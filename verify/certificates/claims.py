"""The claim of two files, in the kernel's form, with the hashes of their contents."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from abduce.errors import UnsupportedError
from abduce.files import unpacked
from abduce.verify.certificates.certificate import sha256
from abduce.verify.certificates.kernel import Claim, Unfit, claim_of
from abduce.verify.certificates.translate import NotTranslated, translated

MOST_BYTES: Final = 2**31
"""The upper limit on the size of a network or a property, unpacked."""


@dataclass(frozen=True, slots=True, eq=False)
class FileClaim:
    """That a network in a file has the property in another one.

    Attributes:
        network, property_: sha256 of the contents of the files, hexadecimal.
    """

    claim: Claim
    network: str
    property_: str


def read_claim(network: Path, property_: Path) -> FileClaim:
    """The claim that a network has a property; where there is no such file, PATH.gz is taken.

    Raises:
        InputError: a file that cannot be read.
        UnsupportedError: what has no certificates.
    """
    contents = [unpacked(_there(path), limit=MOST_BYTES) for path in (network, property_)]
    try:
        claim = claim_of(*translated(*contents))
    except (NotTranslated, Unfit) as error:
        advice = "docs/certificates.md says which networks and properties have certificates."
        what = f"a certificate for {network.name} and {property_.name}"
        raise UnsupportedError(what, (str(error),), advice) from error
    return FileClaim(claim, *map(sha256, contents))


def _there(path: Path) -> Path:
    packed = path.with_name(path.name + ".gz")
    return packed if packed.exists() and not path.exists() else path
