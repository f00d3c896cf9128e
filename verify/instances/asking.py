"""One question about a network to the verifier, and what runs the network elsewhere."""

from abduce.verify.instances.instance import OUT_OF_MEMORY, OnDemand
from abduce.verify.networks.network import Network
from abduce.verify.refutation.regions import Regions
from abduce.verify.refutation.witness import Replay
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import Proved, Unknown, Verdict
from abduce.verify.verification import Budget, Semantics, verify


def asked(
    network: Network,
    specification: Specification,
    budget: Budget,
    strategy: Strategy = AUTOMATIC,
    *,
    semantics: Semantics = "real",
    replay: Replay | None = None,
    regions: Regions | None = None,
) -> Verdict:
    """The verdict on one specification of a network that is asked about several.

    Where the network is in onnxruntime, what is proved is compared with it first.

    Raises:
        ImportMismatchError: the network was read wrongly.
    """
    if not specification.cases:
        return Proved()
    if isinstance(replay, OnDemand):
        replay.forget()
    try:
        verdict = verify(
            network,
            specification,
            budget,
            strategy,
            semantics=semantics,
            replay=replay,
            regions=regions,
        )
    except MemoryError:
        return Unknown(OUT_OF_MEMORY)
    if isinstance(verdict, Proved) and isinstance(replay, OnDemand) and replay.x:
        replay.check(None if verdict.rounding is None else verdict.rounding.x)
    return verdict
