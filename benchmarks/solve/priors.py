"""Which split fails without which prior: the learner's priors are changed, a few at a time.

The splits are those of SCAN that their training rows leave open, and three that are close to them.
A prior of 0 bits prefers nothing. Everything else is as in the default configuration.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from abduce.benchmarks.drawing.tables import Column, markdown, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.solve.gathered import gather
from abduce.benchmarks.solve.job import SolveJob

SPLITS: Final = (
    "length",
    "template_opposite_right",
    "template_right",
    "template_around_right",
    "filler_num0",
)
CHANGES: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("new_level=0",),
    ("class_level=0",),
    ("class_level=3",),
    ("shared_level=0",),
    ("shared_level=6", "class_level=6"),
    ("new_level=0", "shared_level=0", "class_level=0"),
    ("reused_token=0",),
    ("token=0",),
    ("token=0", "reused_token=0"),
    ("variable=0",),
    ("variable=6",),
    ("append=0",),
    ("nil=0",),
    ("self=0",),
    ("head=0", "tail=0", "reverse=0"),
    ("zero=0", "increment=0", "iterate=0"),
    ("nullary=0", "postfix=0", "infix=0", "prefix=0", "mixfix=0", "circumfix=0"),
    ("reach_right=0", "reach_loose=0", "reach_tight=0"),
    ("open_class=0",),
    ("unknown_word=0",),
    ("surprise=0",),
)
"""Priors and what they are changed to, in bits; nothing is changed in the first row."""


def settings(change: Sequence[str]) -> tuple[str, ...]:
    """A change as settings of the learner.

    >>> settings(("token=0", "reused_token=0"))
    ('priors.token=0.0', 'priors.reused_token=0.0')
    """
    return tuple([f"priors.{prior}.0" for prior in change])


def prior_jobs() -> tuple[SolveJob, ...]:
    """A job for each change and split."""
    return tuple(
        SolveJob(task="scan", split=split, settings=settings(change))
        for change in CHANGES
        for split in SPLITS
    )


def prior_table(records: Iterable[Record]) -> str:
    """The accuracy of every change and split, in Markdown; empty where there is no record."""
    found = {(row.setting.changed, row.setting.split): row for row in gather(records)}
    lines: list[tuple[str, ...]] = []
    for change in CHANGES:
        line = [", ".join(change).replace("=", " ") or "none"]
        for split in SPLITS:
            row = found.get((settings(change), split))
            accuracy = row and row.spread("accuracy")
            line.append(f"{100 * accuracy.mean:.1f} %" if accuracy else "")
        lines.append(tuple(line))
    names = ("changed prior", *SPLITS)
    columns = [Column(name, partial(_cell, at), right=at > 0) for at, name in enumerate(names)]
    return markdown(table_of(columns, lines))


def _cell(at: int, line: tuple[str, ...]) -> str:
    return line[at]
