"""The jobs of the image benchmarks, and a line for each of their targets from the records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import mean
from types import MappingProxyType
from typing import Final

from abduce.benchmarks.perception.adding import ADDITION_ROWS
from abduce.benchmarks.perception.job import ALL, GIVEN, MODULES, ImageJob
from abduce.benchmarks.perception.peers import PUBLISHED
from abduce.benchmarks.perception.table import gather_images
from abduce.benchmarks.records.record import Record
from abduce.errors import InputError

SEEDS: Final = 3
HWF_GIVEN, HWF_UNKNOWN, HWF_CPU_S = 0.98, 0.95, 900.0
BELOW: Final[Mapping[int, float]] = MappingProxyType({0: 0.02, 1: 0.01})
"""How much lower than the reference's the share of right answers may be, by labels for each
symbol."""
FLOORS: Final[Mapping[int, float]] = MappingProxyType({0: 0.80, 1: 0.90})

_HINT: Final = ImageJob(task="hint", oracle=GIVEN)
HARD: Final = ("training.soft=false",)
"""Images are taught the likeliest symbol given the value, and not its posterior."""
PARTS: Final[Mapping[str, tuple[ImageJob, ...]]] = MappingProxyType(
    {
        "hwf": (
            ImageJob(task="hwf"),
            ImageJob(task="hwf", operators="unknown"),
            ImageJob(task="hwf", labels=ALL),
            ImageJob(task="addition"),
        ),
        "images": (
            *(replace(_HINT, labels=labels) for labels in (0, ALL, 1)),
            ImageJob(task="hint"),
            replace(_HINT, labels=5),
            *(ImageJob(task="hint", oracle=module) for module in MODULES),
            replace(_HINT, source="bhmsds"),
            replace(_HINT, source="mdas"),
        ),
        "ablation": (
            _HINT,
            replace(_HINT, settings=HARD),
            replace(_HINT, labels=ALL),
        ),
    }
)
"""The jobs of each part; each is run with the seeds 0 to `SEEDS` - 1."""


def image_jobs(part: str, seeds: int = SEEDS) -> list[ImageJob]:
    """The jobs of a part, seed by seed, so that every job has a record early.

    Raises:
        InputError: there is no such part.

    >>> [job.command for job in image_jobs("hwf", 1)][1]
    'abduce solve hwf --operators unknown'
    """
    if part not in PARTS:
        raise InputError(f"the part {part!r}", tuple(PARTS))
    return [replace(job, seed=seed) for seed in range(seeds) for job in PARTS[part]]


def image_targets(records: Iterable[Record]) -> Iterator[str]:
    """One line a target of the image benchmarks, of the records of the default configuration; then
    one a module that an oracle gives, and one a switch."""
    every = gather_images(list(records))
    ours = [r for r in every if not r.metrics.get("peer") and r.task["source"] is None]
    own = [r for r in ours if not r.metrics.get("settings")]
    yield from _hwf_targets([r for r in own if r.task["task"] == "hwf"])
    yield from _addition([r for r in own if r.task["task"] == "addition"])
    yield from _peers([r for r in every if r.metrics.get("peer")])
    yield from _hint_targets([r for r in own if r.task["task"] == "hint"])
    yield from _switched([r for r in ours if r.task["oracle"] == GIVEN and not r.task["labels"]])


def _hwf_targets(records: Sequence[Record]) -> Iterator[str]:
    for operators, least in (("given", HWF_GIVEN), ("unknown", HWF_UNKNOWN)):
        runs = [r for r in records if r.task["operators"] == operators and r.task["labels"] == 0]
        if not runs:
            continue
        accuracies = [r.metrics["accuracy"] for r in runs]
        spent = max(r.metrics["train_s"] + r.metrics["test_s"] for r in runs)
        met = mean(accuracies) >= least and spent <= HWF_CPU_S
        yield (
            f"HWF, operators {operators}: {_spread(accuracies)} in at most {spent:.0f} CPU s, "
            f"{_met(met)} (at least {least:.0%} in {HWF_CPU_S:.0f} s)"
        )


def _addition(records: Sequence[Record]) -> Iterator[str]:
    if records:
        accuracies = [record.metrics["accuracy"] for record in records]
        yield f"MNIST addition, {ADDITION_ROWS:,} pairs of 4,000 images: {_spread(accuracies)}"


def _peers(records: Sequence[Record]) -> Iterator[str]:
    published = ", ".join(f"{name} {a:g} % in {s:g} s" for name, (a, s) in PUBLISHED.items())
    for record in records:
        hwf = record.task["task"] == "hwf"
        language = "HWF" if hwf else "our images, HINT's expressions"
        yield (
            f"{language}, {record.metrics['peer']} on the same images: "
            f"{record.metrics['accuracy']:.1%} in {record.metrics['train_s']:.0f} CPU s"
            + (f"; its own table, on other images and an A100: {published}" if hwf else "")
        )


def _hint_targets(records: Sequence[Record]) -> Iterator[str]:
    given = [r for r in records if r.task["oracle"] == GIVEN]

    def of(labels: int | str) -> list[float]:
        return [r.metrics["accuracy"] for r in given if r.task["labels"] == labels]

    reference = of(ALL)
    if reference:
        yield f"our images, HINT's expressions, every label: {_spread(reference)}"
    for labels in (0, 1, 5):
        runs = of(labels)
        if not runs:
            continue
        told = f"our images, HINT's expressions, {labels} labels a symbol, syntax and meaning given"
        told += f": {_spread(runs)}"
        if labels in FLOORS:
            told += f", {_met(mean(runs) >= FLOORS[labels])} (at least {FLOORS[labels]:.0%})"
            if reference:
                near = mean(runs) >= mean(reference) - BELOW[labels]
                told += f", {_met(near)} (at most {100 * BELOW[labels]:.0f} points below)"
        yield told
    yield from _open_targets(records, reference)
    for module in MODULES:
        runs = [r.metrics["accuracy"] for r in records if r.task["oracle"] == module]
        if runs:
            yield f"our images, HINT's expressions, {module} given alone: {_spread(runs)}"


def _switched(records: Sequence[Record]) -> Iterator[str]:
    """Soft targets against the single best."""
    for settings, name in ((HARD, "the likeliest symbol as the target"),):
        runs = [r.metrics["accuracy"] for r in records if r.metrics.get("settings") == [*settings]]
        if runs:
            yield f"our images, HINT's expressions, no label, {name}: {_spread(runs)}"


def _open_targets(records: Sequence[Record], reference: Sequence[float]) -> Iterator[str]:
    """Without labels, syntax or meanings: these come from a table."""
    runs = [r.metrics["accuracy"] for r in records if not r.task["oracle"]]
    if runs:
        near = bool(reference) and mean(runs) >= mean(reference) - BELOW[0]
        yield (
            f"our images, HINT's expressions, no label and nothing given but a table of functions: "
            f"{_spread(runs)}, {_met(mean(runs) >= FLOORS[0])} (at least {FLOORS[0]:.0%}), "
            f"{_met(near)} (at most {100 * BELOW[0]:.0f} points below every label)"
        )


def _spread(accuracies: Sequence[float]) -> str:
    ends = f"{min(accuracies):.1%} to {max(accuracies):.1%}"
    return f"{mean(accuracies):.1%} ({ends}, {len(accuracies)} seeds)"


def _met(reached: bool) -> str:
    return "target met" if reached else "target missed"
