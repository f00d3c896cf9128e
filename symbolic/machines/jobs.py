"""What machines can be asked for: text, kernels and options in, an answer out.

Levels say how much of a machine was learned. L0: nothing, the kernels' tables are compiled from
their specifications. L1: the kernels are learned, the program is written. L2: the program's own
decisions are learned from traces as well.

A job owns its options: a frozen dataclass whose fields are made by `option`. Whoever asks, by a
command line or in Python, needs to know no job's options but those.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from abduce.errors import InputError
from abduce.text import nearest

LEVELS = ("L0", "L1", "L2")
Kernels = Mapping[str, Any]
"""Exact kernels by name."""


def option(help_: str, *, default: Any = None, **shown: Any) -> Any:
    """A field of a dataclass of options, named as its flag is.

    Args:
        help_: the help text of the option.
        shown: what else a command line needs: `metavar`, what the value is called, and `min`, the
            least number.
    """
    return field(default=default, metadata={"help": help_, **shown})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOptions:
    """The options of a job that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """The context of one run of a job: its method, and the functions that are called with its
    steps.

    Attributes:
        path: what to call the text in an error.
        method: one of the job's; '' for a job that has none.
        note: called with each step and the kernel that took it.
        progress: called with the progress of a search.
    """

    path: Path | str
    method: str = ""
    note: Callable[[str], None] | None = None
    progress: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineAnswer:
    """The answer of a machine.

    Attributes:
        lines: the answer as lines of text.
        value: the same as JSON.
        steps: what it took, as 'pairs compared' to how many.
        gave_up: why there is no answer, where there is none.
    """

    lines: Sequence[str]
    value: Any
    steps: Mapping[str, int]
    gave_up: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineJob:
    """A task with a door.

    Attributes:
        kernels: the names of those that L1 runs on; L0 has them compiled.
        run: answers, given the text, the exact kernels by name (at L2 the controller too), the
            options and the context.
        options: the dataclass of the job's options.
        methods: the algorithms, the default first; none where there is but one way.
        own: the kernels of a written method that the others do not need.
        controllers: the controller that each method learns at L2, if it learns one; '' is the
            method of a job that has none.
        level: where none is asked for.
        argument: what the text is called where it may be an argument of the command, such as TERM;
            '' where it is always read from a file.
        many: whether several arguments of the command are one text, such as 3 1 2.
    """

    name: str
    about: str
    kernels: tuple[str, ...]
    run: Callable[[str, Kernels, Any, RunContext], MachineAnswer]
    options: type[Any] = NoOptions
    methods: tuple[str, ...] = ()
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    controllers: Mapping[str, str]
    level: str = "L1"
    argument: str = ""
    many: bool = False

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
            advice = nearest(asked, known)
            raise InputError(
                f"the method {asked!r} at {level}", known or ("no method",), advice=advice
            )
        return asked

    def needs(self, method: str, level: str) -> tuple[str, ...]:
        """The kernels of a method at a level."""
        own = (self.controllers[method],) if level == "L2" else self.own.get(method, ())
        return self.kernels + own

    @property
    def all_kernels(self) -> tuple[str, ...]:
        """The kernels of all methods and levels."""
        own = (name for names in self.own.values() for name in names)
        return tuple(dict.fromkeys((*self.kernels, *own, *self.controllers.values())))
