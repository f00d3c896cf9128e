"""From records of reductions to what a report shows: engines by term, and other packages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from abduce.benchmarks.lambda_calculus.job import ENGINES
from abduce.benchmarks.records.record import Record


@dataclass(frozen=True, slots=True)
class Reduced:
    """One term and its records, one for each engine."""

    term: str
    records: tuple[Record, ...]

    def on(self, engine: str) -> Mapping[str, Any]:
        """The figures of an engine; empty where it has none."""
        for record in self.records:
            if record.metrics["engine"] == engine:
                return record.metrics
        return {}

    @property
    def beta(self) -> int | None:
        told = (record.metrics.get("beta") for record in self.records)
        return next((beta for beta in told if beta is not None), None)

    @property
    def wrong(self) -> tuple[str, ...]:
        """Engines that were wrong, or had no result. Whether the result of a person's own term is
        right is not known."""
        wrong = (
            r.metrics
            for r in self.records
            if r.metrics.get("right") is False or r.metrics.get("error")
        )
        return tuple(figures["engine"] for figures in wrong)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another package and its records, one for each term.

    Attributes:
        ratios: how many times longer than the plain engine it took, ascending, for each term that
            it was right on and that the engine had in the same run.
    """

    name: str
    records: tuple[Record, ...]
    ratios: tuple[float, ...]

    @property
    def version(self) -> str:
        return next((r.metrics["version"] for r in self.records if "version" in r.metrics), "")

    @property
    def right(self) -> int:
        return sum(bool(r.metrics.get("right")) for r in self.records)

    @property
    def wrong(self) -> list[str]:
        """The terms for which it gave another normal form."""
        return [r.metrics["term"] for r in self.records if r.metrics.get("right") is False]

    @property
    def unanswered(self) -> dict[str, list[str]]:
        """Reasons, and the terms without an answer."""
        found: dict[str, list[str]] = {}
        for record in self.records:
            if "error" in record.metrics:
                found.setdefault(record.metrics["error"], []).append(record.metrics["term"])
        return found

    @property
    def ratio(self) -> tuple[float, float, float] | None:
        """The least, the median and the most of the ratios."""
        return (self.ratios[0], median(self.ratios), self.ratios[-1]) if self.ratios else None


@dataclass(frozen=True, slots=True)
class Reductions:
    """All reductions of the records; false if there are none."""

    terms: Sequence[Reduced]
    peers: Sequence[Peer]

    @property
    def records(self) -> list[Record]:
        return [record for row in (*self.terms, *self.peers) for record in row.records]

    def __bool__(self) -> bool:
        return bool(self.terms or self.peers)


def gather_reductions(records: Iterable[Record]) -> Reductions:
    """Terms and packages in the order of the records; if a term and engine have several records,
    the latest counts."""
    latest: dict[tuple[str, str], Record] = {}
    plain_s: dict[tuple[str, str], float] = {}
    for record in records:
        if record.kind != "reduce":
            continue
        key = (record.metrics["term"], record.metrics["engine"])
        if key not in latest or record.when >= latest[key].when:
            latest[key] = record
        if record.metrics["engine"] == "plain" and "s" in record.metrics:
            plain_s[record.metrics["run"], record.metrics["term"]] = record.metrics["s"]
    terms: dict[str, list[Record]] = {}
    peers: dict[str, list[Record]] = {}
    for record in latest.values():
        engine = record.metrics["engine"]
        if engine in ENGINES:
            terms.setdefault(record.metrics["term"], []).append(record)
        else:
            peers.setdefault(engine, []).append(record)
    return Reductions(
        [Reduced(term, tuple(group)) for term, group in terms.items()],
        [Peer(name, tuple(group), _ratios(group, plain_s)) for name, group in peers.items()],
    )


def _ratios(
    records: Sequence[Record], plain_s: Mapping[tuple[str, str], float]
) -> tuple[float, ...]:
    found = [
        r.metrics["s"] / plain
        for r in records
        if r.metrics.get("right") and "s" in r.metrics
        if (plain := plain_s.get((r.metrics["run"], r.metrics["term"]), 0.0)) > 0
    ]
    return tuple(sorted(found))
