"""The trees of a search over inputs, from its ledger: which input each box was split at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from abduce.verify.certificates.kernel import Region
from abduce.verify.ledger import Entry, Subdomain


@dataclass(frozen=True, slots=True)
class BoxLedger:
    """Keeps the subdomains of a search without the parameters of their bounds, by number."""

    subdomains: dict[int, Subdomain] = field(default_factory=dict)

    def write(self, entry: Entry, /) -> None:
        if isinstance(entry, Subdomain):
            self.subdomains[entry.id] = replace(entry, parameters={})


@dataclass(frozen=True, slots=True)
class Guide:
    """The tree of one box.

    Attributes:
        root: the number of the box.
        low, high: its bounds.
        splits: for each box that was split, the input and the numbers of its lower and upper half.
    """

    root: int
    low: tuple[float, ...]
    high: tuple[float, ...]
    splits: Mapping[int, tuple[int, int, int]]


def guides_of(known: Mapping[int, Subdomain]) -> list[Guide]:
    """The trees of a search, as far as they split inputs.

    Args:
        known: its subdomains, by their numbers.
    """
    halves: dict[int, list[Subdomain]] = {}
    for subdomain in known.values():
        if subdomain.parent is not None:
            halves.setdefault(subdomain.parent, []).append(subdomain)
    splits = {
        number: split
        for number, pair in halves.items()
        if len(pair) == 2 and (split := _split(*pair)) is not None
    }
    roots = [subdomain for subdomain in known.values() if subdomain.parent is None]
    return [Guide(each.id, *_box(each), splits) for each in roots]


def guide_of(guides: Sequence[Guide], region: Region) -> Guide | None:
    """The tree of a region's box, whose bounds the search may have rounded."""

    def distances(guide: Guide) -> Iterator[float]:
        ends = (*guide.low, *guide.high), (*region.low, *region.high)
        for theirs, ours in zip(*ends, strict=True):
            yield abs(theirs - float(ours)) / max(1.0, abs(theirs))

    fitting = (guide for guide in guides if len(guide.low) == len(region.low))
    return next((guide for guide in fitting if max(distances(guide)) < 1e-9), None)


def _box(subdomain: Subdomain) -> tuple[tuple[float, ...], tuple[float, ...]]:
    bounds = sorted((a.entry, a.low, a.high) for a in subdomain.assumed if a.layer == 0)
    return tuple([low for _, low, _ in bounds]), tuple([high for _, _, high in bounds])


def _split(one: Subdomain, other: Subdomain) -> tuple[int, int, int] | None:
    """The input at which two halves meet, and their numbers, the lower one first."""
    entries = [a.entry for a in one.assumed if a.layer == 0]
    (low, high), (low_, high_) = _box(one), _box(other)
    for place, entry in enumerate(sorted(entries)):
        if high[place] == low_[place] and low[place] < high_[place]:
            return entry, one.id, other.id
        if high_[place] == low[place] and low_[place] < high[place]:
            return entry, other.id, one.id
    return None
