"""What a kind of benchmark is asked to do: the options, and which kinds take which."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from abduce.cli.terminal import say

if TYPE_CHECKING:
    from abduce.benchmarks.processes.backends import Placement

ANSWERS: Final = "answers"
CERTIFICATES: Final = "certificates"
EXECUTION: Final = "execution"
HINT: Final = "hint"
LAMBDA: Final = "lambda"
LANGUAGES: Final = "languages"
MATHEMATICS: Final = "mathematics"
NONLINEAR: Final = "nonlinear"
SOUNDNESS: Final = "soundness"
SPECIFICATIONS: Final = "specifications"
SQL: Final = "sql"
SYNTHESIS: Final = "synthesis"
VERIFY: Final = "verify"
WORD_PROBLEM: Final = "word-problem"
OPTIONS: Final = {
    "": {"seeds", "sizes", "config", "set"},
    EXECUTION: {"only", "seeds", "config", "set"},
    LAMBDA: {"only", "peers", "config", "set"},
    LANGUAGES: {"draws", "first", "risk", "fit", "config", "set"},
    MATHEMATICS: {"only", "seed"},
    SPECIFICATIONS: {"only", "seed"},
    SQL: {"only", "seed", "config", "set"},
    SYNTHESIS: {"draws", "first", "only", "seed", "config", "set"},
    HINT: {"only", "seeds", "config", "set"},
    VERIFY: {"only", "memory-gb", "config", "set"},
    WORD_PROBLEM: {"only", "seed", "config", "set"},
}
"""The options that only some parts take, by the kind of part; '' has the parts that learn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options that all kinds take, and those that most of them take.

    Attributes:
        only: the regular expression, or for HINT the name, of the jobs to run; None for all.
        seeds: the number of random seeds; None for the number of each part.
        config, settings: the changed settings, from a file and from the command line.
    """

    only: str | None
    seeds: int | None
    config: Path | None
    settings: tuple[str, ...]
    out: Path | None
    resume: bool
    timeout_s: float | None
    list_: bool
    quiet: bool
    json_: bool
    data: Path | None
    placement: "Placement"

    @property
    def progress(self) -> Callable[[str], None] | None:
        """Where messages about the progress go; None if they are not wanted."""
        return None if self.quiet else say
