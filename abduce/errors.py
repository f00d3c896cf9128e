"""What can go wrong, one exception a stage, each with fields and not just text.

Outcomes of a search (solved, refuted, gave up) are values and never raised. All errors here are for
the user to mend: their text says where, what was found, what was expected and what to do, and
`abduce.cli.app` shows them without a traceback.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import ClassVar

from abduce.printing import printable


class Exit(IntEnum):
    """The exit codes of every abduce command."""

    ANSWERED = 0
    INTERNAL = 1
    BAD_INPUT = 2
    UNSUPPORTED = 3
    GAVE_UP = 4
    REFUTED = 5
    BOUNDED = 6
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


@dataclass(eq=False)
class AbduceError(Exception):
    """The root class of all errors that Abduce raises on purpose."""

    exit_code: ClassVar[Exit] = Exit.INTERNAL

    def __reduce__(self) -> tuple[Callable[[], "AbduceError"], tuple[()]]:
        """Survive a process pool: rebuild from the fields, keyword arguments and all."""
        return partial(type(self), **{f.name: getattr(self, f.name) for f in fields(self)}), ()

    def as_json(self) -> dict[str, object]:
        """The JSON form of an error: its kind, its text and, if it has one, its place."""
        path = getattr(self, "path", None)
        return {
            "kind": type(self).__name__,
            "message": str(self),
            "path": None if path is None else str(path),
            "line": getattr(self, "line", None),
            "column": getattr(self, "column", None),
        }


@dataclass(eq=False)
class InputError(AbduceError):
    """An input that is not of the expected form.

    Args:
        found: what was found there.
        expected: what could have been there; shown in sorted order.
        path: the file, or a name such as '<stdin>'.
        line: counted from 1.
        column: counted from 1, in characters of `text`.
        text: the whole line, shown with a caret under `column`.
        advice: what to do, a full sentence.

    >>> print(InputError("'OUTT:'", ("'OUT:'",), "train.txt", 3, 10, "IN: jump OUTT: I_JUMP"))
    train.txt:3:10: found 'OUTT:', expected 'OUT:'
        IN: jump OUTT: I_JUMP
                 ^
    """

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT

    found: str
    expected: tuple[str, ...] = ()
    path: Path | str | None = None
    line: int | None = None
    column: int | None = None
    text: str | None = None
    advice: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(p) for p in (self.path, self.line, self.column) if p is not None)
        first = f"{place}: found {self.found}" if place else f"found {self.found}"
        if self.expected:
            first += f", expected {_one_of(self.expected)}"
        return "\n".join((first, *self._excerpt(), *((self.advice,) if self.advice else ())))

    def _excerpt(self, width: int = 76) -> tuple[str, ...]:
        """The line with a caret, cut to a window around the caret where the line is long."""
        if self.text is None:
            return ()
        at = (self.column or 1) - 1
        start = (
            0 if len(self.text) <= width else max(0, min(at - width // 2, len(self.text) - width))
        )
        window = self.text[start : start + width].replace("\t", " ")
        before, after = "…" * (start > 0), "…" * (start + width < len(self.text))
        shown = (f"    {before}{printable(window)}{after}",)
        ahead = printable(window[: at - start]).ljust(at - start)
        caret = (" " * (4 + len(before) + len(ahead)) + "^",) if self.column else ()
        return shown + caret


@dataclass(eq=False)
class DataError(AbduceError):
    """A data set or a member of one that is not where it was looked for.

    >>> print(DataError("scan: tasks.txt", ("/data",), "Get it: abduce data fetch scan"))
    scan: tasks.txt was not found. Looked in:
        /data
    Get it: abduce data fetch scan
    """

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT

    what: str
    looked_in: tuple[str, ...] = ()
    advice: str | None = None
    reason: str = "was not found"

    def __str__(self) -> str:
        looked = (" Looked in:", *(f"\n    {place}" for place in self.looked_in))
        advice = f"\n{self.advice}" if self.advice else ""
        return f"{self.what} {self.reason}.{''.join(looked) if self.looked_in else ''}{advice}"


@dataclass(eq=False)
class ChecksumError(AbduceError):
    """Bytes that are not the ones their checksum promises; nothing of them was kept."""

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT

    what: str
    found: str
    expected: str
    advice: str = "Nothing was kept. Get the file again, or from another place."

    def __str__(self) -> str:
        return (
            f"{self.what} has the wrong sha256.\n"
            f"    found     {self.found}\n    expected  {self.expected}\n{self.advice}"
        )


@dataclass(eq=False)
class OutputError(AbduceError):
    """A place that cannot be written to; found before the work starts wherever that is possible."""

    exit_code: ClassVar[Exit] = Exit.BAD_INPUT

    path: Path | str
    reason: str
    advice: str = "Name another file or folder."

    def __str__(self) -> str:
        advice = f"\n{self.advice}" if self.advice else ""
        return f"cannot write {self.path}: {self.reason}{advice}"


@dataclass(eq=False)
class UnsupportedError(AbduceError):
    """Something well-formed that Abduce cannot handle; all such parts at once.

    >>> print(UnsupportedError("net.onnx", ("node 7: Resize", "node 3: Einsum")))
    net.onnx needs 2 things that are not supported:
        node 3: Einsum
        node 7: Resize
    """

    exit_code: ClassVar[Exit] = Exit.UNSUPPORTED

    what: str
    parts: tuple[str, ...]
    advice: str | None = None

    def __str__(self) -> str:
        count = f"{len(self.parts)} things that are" if len(self.parts) > 1 else "something that is"
        listed = "".join(f"\n    {part}" for part in sorted(self.parts))
        return f"{self.what} needs {count} not supported:{listed}" + (
            f"\n{self.advice}" if self.advice else ""
        )


@dataclass(eq=False)
class MissingExtraError(AbduceError):
    """A package that only an extra brings, and that is not installed.

    Args:
        what: needs it.
        module: the name by which it is imported.
        extra: what brings it; see `abduce.extras`.
    """

    exit_code: ClassVar[Exit] = Exit.UNSUPPORTED

    what: str
    module: str
    extra: str

    def __str__(self) -> str:
        install = f"pip install 'abduce[{self.extra}]'"
        return f"{self.what} needs {self.module}, which is not installed: {install}"


def _one_of(names: tuple[str, ...]) -> str:
    *rest, last = sorted(names)
    return f"one of {', '.join(rest)} or {last}" if rest else last
