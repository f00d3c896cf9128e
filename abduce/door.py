"""How a process of `abduce` begins and ends: its streams, its signals and its exit code.

Every command goes through `enter`, those of verification too; so nothing slow is imported here.
"""

import errno
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, TextIO

from abduce.errors import AbduceError, Exit, OutputError
from abduce.printing import write_line

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def enter(run: Callable[[], int]) -> NoReturn:
    """Run a command line and end the process.

    - What cannot be written to stdout is one line on stderr and `Exit.BAD_INPUT`; where the reader
      of a pipe has gone (`| head -1`), the process ends without a word and with
      `Exit.READER_GONE`.
    - SIGTERM does what Ctrl-C does, to the last checkpoint and record; the exit code is
      `Exit.TERMINATED`.

    Args:
        run: returns the exit code; what it raises is a bug in Abduce.
    """
    _open_streams()
    terminated = _terminate_as_interrupt()
    code = _ended(run)
    sys.exit(Exit.TERMINATED if code == Exit.INTERRUPTED and terminated() else code)


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C wait for the current step, so that a checkpoint is complete; what is
    yielded says whether it came. The second interrupts as usual. SIGTERM does the same, by `enter`.
    """
    asked: list[bool] = []
    before = signal.getsignal(signal.SIGINT)

    def ask(*_: object) -> None:
        asked.append(True)
        signal.signal(signal.SIGINT, before)

    try:
        signal.signal(signal.SIGINT, ask)
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def _ended(run: Callable[[], int]) -> int:
    try:
        code = run()
        sys.stdout.flush()
        return code
    except AbduceError as error:
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted")
        return Exit.INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.ANSWERED


def _say(text: str) -> None:
    write_line(sys.stderr, f"abduce: {text}")


def _terminate_as_interrupt() -> Callable[[], bool]:
    """Have SIGTERM do what SIGINT does at the time, unless a command does something else with it.
    Whether it came, however it was handled, is told by what is returned."""

    def terminate(_: int, frame: FrameType | None) -> None:
        interrupt = signal.getsignal(signal.SIGINT)
        if callable(interrupt):
            interrupt(signal.SIGINT, frame)
        else:  # ignored, as in a background job of a script
            raise KeyboardInterrupt

    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, terminate)
    if sys.platform == "win32":
        return lambda: False
    seen, came = os.pipe()
    os.set_blocking(seen, False)
    os.set_blocking(came, False)
    signal.set_wakeup_fd(came, warn_on_full_buffer=False)

    def terminated() -> bool:
        try:
            return signal.SIGTERM in os.read(seen, 2**16)
        except BlockingIOError:  # no signal came
            return False

    return terminated


def _open_streams() -> None:
    """Put streams in place whose failures are told once. One that is closed is empty where it is
    read, and fails where it is written; its number is not given to the next file."""
    closed = [stream is None for stream in (sys.stdin, sys.stdout, sys.stderr)]
    if any(closed):
        while (spare := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(spare)
    if closed[0]:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    sys.stdout = _text(_Output(None if closed[1] else 1, told=True), sys.stdout)
    sys.stderr = _text(_Output(None if closed[2] else 2, told=False), sys.stderr, by_line=True)


def _text(raw: "_Output", like: TextIO | None, *, by_line: bool = False) -> TextIO:
    """A text stream as another one was. What its encoding has no letter for is spelt out."""
    errors = like.errors if like is not None else None
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=like.encoding if like is not None else "utf-8",
        errors="backslashreplace" if errors in (None, "strict") else errors,
        line_buffering=by_line or raw.isatty(),
    )


class _Output(io.RawIOBase):
    """Standard output or standard error. Once a write has failed, nothing more is written.

    Args:
        descriptor: None where it is closed.
        told: whether a failed write is an error; of standard error there is nobody to tell.
    """

    def __init__(self, descriptor: int | None, *, told: bool) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._told = told
        self._failed = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return super().fileno() if self._descriptor is None else self._descriptor

    def isatty(self) -> bool:
        return self._descriptor is not None and os.isatty(self._descriptor)

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write what the system takes of some bytes.

        Raises:
            OutputError: it takes none.
            SystemExit: the reader of a pipe has gone.
        """
        content = memoryview(data)
        if self._failed:
            return content.nbytes
        try:
            if self._descriptor is None:
                raise OSError(errno.EBADF, "it is closed")
            return os.write(self._descriptor, content)
        except BrokenPipeError:
            self._failed = True
            raise SystemExit(Exit.READER_GONE) from None
        except OSError as error:
            self._failed = True
            if not self._told:
                return content.nbytes
            reason = (error.strerror or str(error)).lower()
            raise OutputError("standard output", reason, "") from None
