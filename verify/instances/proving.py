"""From the files of a network and a property to a verdict and a certificate of it."""

from dataclasses import dataclass
from pathlib import Path

from abduce import clock
from abduce.verify.certificates.certificate import Certificate
from abduce.verify.certificates.claims import read_claim
from abduce.verify.certificates.config import DEFAULT, WritingConfig
from abduce.verify.certificates.tracing import Tracing
from abduce.verify.certificates.writing import NotWritten
from abduce.verify.instances.instance import verify_files
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import Proved, Verdict


@dataclass(frozen=True, slots=True)
class Proof:
    """A verdict, and its certificate."""

    verdict: Verdict
    certificate: Certificate | NotWritten


def prove_files(
    network: Path,
    property_: Path,
    *,
    timeout_s: float = 300.0,
    strategy: Strategy = AUTOMATIC,
    config: WritingConfig = DEFAULT,
) -> Proof:
    """Whether the network in a file has the property in another one, with a certificate.

    Args:
        timeout_s: the time limit of everything.

    Raises:
        UnsupportedError: a network or a property that has no certificates.
        InputError, DataError, ImportMismatchError: as `verify_files`.
    """
    since = clock.wall_s()
    tracing = Tracing(read_claim(network, property_), config)
    verdict = verify_files(
        network,
        property_,
        timeout_s=timeout_s,
        since=since,
        strategy=strategy,
        ledger=tracing.ledger,
        splitting=tracing,
    )
    if not isinstance(verdict, Proved):
        return Proof(verdict, NotWritten("nothing was proved"))
    return Proof(verdict, tracing.certificate(since + timeout_s))
