"""What machines can be asked for, by name: kernels, methods, and text in, answer out.

Levels say how much of a machine was learned. L0: nothing, the kernels' tables are compiled from
their specifications. L1: the kernels are learned, the program is written. L2: the program's own
decisions are learned from traces as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abduce.errors import InputError

LEVELS = ("L0", "L1", "L2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing asked of a machine.

    Attributes:
        text: the input, as it was written; `path` is what to call it in an error.
        kernels: by name, exact.
        method: one of the job's; its first where none was asked for.
        learned: whether the program's decisions are kernels too (L2).
        rank: of the number that is selected, 1 for the least.
        find: the number that is searched for.
        source: the node to start from; None for the first that is named.
        directed: whether an edge leads one way only.
        fuel: the most steps.
        notation: how a term is written: names, de-bruijn or tokens.
        timeout_s: the most seconds; of a search without an end, how long it takes.
        seed: of what is drawn.
        note: told each step and the kernel that took it.
        progress: told how far a search is.
    """

    text: str
    path: Path | str
    kernels: Mapping[str, Any]
    method: str = ""
    learned: bool = False
    rank: int | None = None
    find: str | None = None
    source: str | None = None
    directed: bool = False
    fuel: int | None = None
    notation: str | None = None
    seed: int | None = None
    timeout_s: float | None = None
    note: Callable[[str], None] | None = None
    progress: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came out.

    Attributes:
        lines: for a person.
        value: the same as JSON.
        steps: what it took, as 'pairs compared' to how many.
        gave_up: why there is no answer, where there is none.
    """

    lines: Sequence[str]
    value: Any
    steps: Mapping[str, int]
    gave_up: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A task with a door.

    Attributes:
        kernels: the names of those that L1 runs on; L0 has them compiled.
        methods: the algorithms, the default first; none where there is but one way.
        own: the kernels of a written method that the others do not need.
        controllers: at L2, the learned controller of each method that has one; '' is the method of
            a job that has none.
        options: those of `Request` that mean something here.
        level: where none is asked for.
    """

    name: str
    about: str
    kernels: tuple[str, ...]
    run: Callable[[Request], Answer]
    methods: tuple[str, ...] = ()
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    controllers: Mapping[str, str]
    options: tuple[str, ...] = ()
    level: str = "L1"

    def method(self, asked: str | None, level: str, others: Sequence[str] = ()) -> str:
        """The method to use.

        Args:
            others: methods of trained modules, to be named where there is none of this name.

        Raises:
            InputError: there is no such method, or it has not got this level.
        """
        having = tuple(self.controllers) if level == "L2" else self.methods
        if level == "L2" and not having:
            raise InputError(f"level L2 of {self.name}", ("L0", "L1"))
        if asked is None:
            return having[0] if having else ""
        if asked not in having:
            known = (
                (*having, *others) if asked not in (*self.methods, *self.controllers) else having
            )
            raise InputError(f"the method {asked!r} at {level}", known or ("no method",))
        return asked

    def needs(self, method: str, level: str) -> tuple[str, ...]:
        """The kernels of a method at a level."""
        own = (self.controllers[method],) if level == "L2" else self.own.get(method, ())
        return self.kernels + own

    @property
    def all_kernels(self) -> tuple[str, ...]:
        """Those of every method and level."""
        own = (name for names in self.own.values() for name in names)
        return tuple(dict.fromkeys((*self.kernels, *own, *self.controllers.values())))
