"""A job that learns from images: the task, what it is told, and the command that repeats it."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from abduce.benchmarks.perception.adding import ADDITION_ROWS, addition
from abduce.benchmarks.perception.composing import ImageMaterial, hint, hwf
from abduce.benchmarks.perception.method import METHOD
from abduce.benchmarks.records.record import record_id
from abduce.configuration import configured
from abduce.errors import InputError
from abduce.neural.perception.config import PerceptionConfig

Task = Literal["hwf", "hint", "addition"]
TASKS: Final = ("hwf", "hint", "addition")
ALL: Final = "all"
MODULES: Final = ("perception", "syntax", "meaning")
"""What an oracle may give the truth of."""
GIVEN: Final = "syntax,meaning"
ROWS: Final = MappingProxyType({"hwf": 10_000, "hint": 10_000, "addition": ADDITION_ROWS})
"""The number of training sentences of each task, unless another is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageJob:
    """One run: learn to see from sentences of images and their values, and answer the test.

    Args:
        operators: whether the meanings of HWF's operators are given, or learned as well.
        oracle: for HINT, the `MODULES` that are the truth and not learned, with commas between.
            Perception given, the label of every image is told, in training and test. Syntax given,
            so is the sign of every symbol: what it does in a sentence and how it binds, and so the
            tree of the sentence. Meaning given, the numbers and functions that occur are known.
        labels: the number of images of each symbol whose label is told; 'all' for those of every
            row, from which the same network then learns instead of from values (the reference).
        rows: training sentences; 0 for the number of the task in `ROWS`.
        source: where + - * have images of two sources, the one that training has; the test then
            has the other.
        tested: the number of test rows of each subset of HINT; None for all.
        settings: what is changed in the configuration, as 'training.images=100000'.

    >>> ImageJob(task="hwf", operators="unknown", seed=2).command
    'abduce solve hwf --operators unknown --seed 2'
    """

    task: Task
    operators: Literal["given", "unknown"] = "given"
    oracle: str = ""
    labels: int | Literal["all"] = 0
    rows: int = 0
    source: str | None = None
    tested: int | None = None
    seed: int = 0
    timeout_s: float | None = None
    settings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.rows:
            object.__setattr__(self, "rows", ROWS[self.task])
        if self.task != "hint" and self.oracle:
            raise InputError(f"--oracle {self.oracle}", advice="HINT has it; HWF has --operators.")
        if self.task != "hwf" and self.operators != "given":
            raise InputError(
                f"--operators {self.operators}", advice="HWF has it; HINT has --oracle."
            )
        for name, value in (("--source", self.source), ("--tested", self.tested)):
            if self.task == "addition" and value is not None:
                raise InputError(f"{name} {value}", advice="MNIST addition has neither.")
        if self.oracle:
            named = self.oracle.split(",")
            if len({*named}) < len(named) or not {*named} <= {*MODULES}:
                raise InputError(f"--oracle {self.oracle}", (f"some of {','.join(MODULES)}",))
            # the order says nothing, so one job has one id
            object.__setattr__(self, "oracle", ",".join(n for n in MODULES if n in named))
        if len(self.given) == len(MODULES):
            raise InputError(f"--oracle {self.oracle}", advice="Nothing is left to be learned.")
        if self.labels and "perception" in self.given:
            raise InputError(f"--labels {self.labels}", advice="--oracle perception tells all.")
        if self.open and self.labels:
            raise InputError(
                f"--labels {self.labels} where the meanings are learned",
                ("--operators given, or --oracle syntax,meaning",),
                advice="Labels name symbols whose meanings are known.",
            )

    @property
    def given(self) -> frozenset[str]:
        """The modules that the oracle gives."""
        return frozenset(self.oracle.split(",")) - {""}

    @property
    def open(self) -> bool:
        """Whether meanings or signs are learned, from a table of what they may be."""
        learned = {"syntax", "meaning"} - self.given
        return self.operators == "unknown" or (self.task == "hint" and bool(learned))

    @property
    def config(self) -> PerceptionConfig:
        """The configuration with its settings.

        Raises:
            InputError: there is no such setting.
        """
        return configured(PerceptionConfig(), None, self.settings)

    @property
    def id(self) -> str:
        """The id of its record."""
        recorded = {"method": METHOD, **asdict(self.config)}
        return record_id("images", self.asked, recorded, self.seed)

    @property
    def asked(self) -> dict[str, Any]:
        """The task of the record."""
        return {
            "task": self.task,
            "operators": self.operators,
            "oracle": self.oracle,
            "labels": self.labels,
            "rows": self.rows,
            "source": self.source,
            "tested": self.tested,
            "timeout_s": self.timeout_s,
        }

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments of `abduce` that run the job again."""
        pairs = (
            ("--operators", self.operators if self.operators != "given" else None),
            ("--oracle", self.oracle or None),
            ("--labels", self.labels or None),
            ("--rows", self.rows if self.rows != ROWS[self.task] else None),
            ("--source", self.source),
            ("--tested", self.tested),
            ("--seed", self.seed or None),
            ("--timeout-s", self.timeout_s and f"{self.timeout_s:g}"),
        )
        options = [
            part for name, value in pairs if value is not None for part in (name, str(value))
        ]
        changed = [part for setting in self.settings for part in ("--set", setting)]
        images = ("--images",) if self.task == "hint" else ()
        return ("solve", self.task, *images, *options, *changed)

    @property
    def command(self) -> str:
        return f"abduce {shlex.join(self.arguments)}"

    def material(self, places: Sequence[Path] | None = None) -> ImageMaterial:
        """What the job learns from and is tested on.

        Raises:
            DataError: it is not there.
            InputError: there are fewer rows.
        """
        if self.task == "addition":
            return addition(self.seed, self.rows)
        if self.task == "hwf":
            return hwf(self.seed, self.rows, places, self.source)
        return hint(self.seed, self.rows, places, self.source, self.tested)
