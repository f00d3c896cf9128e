"""Questions of active learning, which a person answers at the terminal."""

from collections.abc import Callable, Sequence
from typing import TextIO

from abduce.cli.terminal import say
from abduce.errors import InputError

HOW = (
    "Type the output of each sentence, with blanks between its tokens. An empty line passes a "
    "sentence over; Ctrl-D ends the questions."
)


def asked_person(stream: TextIO, limit: int) -> Callable[[tuple[str, ...]], Sequence[str] | None]:
    """An oracle that asks on stderr and reads a line of the stream for each question.

    What holds an invisible character is asked again at a terminal. From elsewhere it is an error,
    since what follows answers the next question.
    """
    from abduce.benchmarks.data.pair_formats import Line

    answers = lines = 0

    def ask(sentence: tuple[str, ...]) -> Sequence[str] | None:
        nonlocal answers, lines
        if not lines:
            say(HOW)
        while True:
            say(f"question {answers + 1} of at most {limit}: {' '.join(sentence)}")
            try:
                typed = stream.readline()
            except UnicodeDecodeError as error:
                found = f"the byte 0x{error.object[error.start]:02x}"
                raise InputError(found, ("UTF-8 text",), "<stdin>", lines + 1) from error
            if not typed:
                raise EOFError
            lines += 1
            try:
                tokens = Line(typed.rstrip("\r\n"), lines, "<stdin>").seen().text.split()
            except InputError as error:
                if not stream.isatty():
                    raise
                say(str(error))
                continue
            answers += bool(tokens)
            return tokens or None

    return ask
