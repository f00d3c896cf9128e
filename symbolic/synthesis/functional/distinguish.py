"""Distinguish: the smallest input on which two functions differ, or that there is none.

The size of an integer is 1 and its binary digits, that of a list or string is 1 and the sizes of
its items (2 for a character), and that of an input is the sum of those of its arguments. All inputs
are run in the order of their sizes, so that no difference up to a size is a proof for these inputs,
and for no others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from abduce.errors import InputError
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram, running
from abduce.symbolic.synthesis.functional.primitives import Undefined
from abduce.symbolic.synthesis.functional.types import STRING, ListOf, Type

WITHIN: Final = 9
"""The default size up to which inputs are run."""
CHARACTERS: Final = "aB1 -"
CHARACTER: Final = 2


@dataclass(frozen=True, slots=True)
class Different:
    """The smallest input on which two functions differ.

    Attributes:
        values: what the two give; None where one has no value.
    """

    arguments: tuple[Any, ...]
    values: tuple[Any, Any]
    size: int


@dataclass(frozen=True, slots=True)
class AlikeWithin:
    """The functions are equal on all inputs up to a size; their number is `inputs`."""

    size: int
    inputs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """Which inputs there are.

    Attributes:
        negative: whether integers may be negative.
        characters: those that strings are made of.
        defined: whether only inputs count on which both functions have a value.
    """

    negative: bool = True
    characters: str = CHARACTERS
    defined: bool = False


def distinguish(
    first: FunctionalProgram,
    second: FunctionalProgram,
    within: int = WITHIN,
    inputs: Inputs | None = None,
) -> Different | AlikeWithin:
    """The smallest input on which two programs of a type differ, up to a size.

    Raises:
        InputError: the programs are of different types of arguments.

    >>> from abduce.symbolic.synthesis.functional.lists import LISTS
    >>> from abduce.symbolic.synthesis.functional.types import read_signature
    >>> type = read_signature("[int] -> [int]")
    >>> terms = ("sort", ("argument", 0)), ("reverse", ("argument", 0))
    >>> distinguish(*[FunctionalProgram(term, type, LISTS) for term in terms])
    Different(arguments=((-1, 0),), values=((-1, 0), (0, -1)), size=4)
    """
    if first.type.arguments != second.type.arguments:
        raise InputError(f"programs of the types {first.type} and {second.type}", ("one type",))
    runs = (running(first), running(second))
    return distinguish_functions(*runs, first.type.arguments, within, inputs)


def distinguish_functions(
    first: Callable[..., Any],
    second: Callable[..., Any],
    types: Sequence[Type],
    within: int = WITHIN,
    inputs: Inputs | None = None,
) -> Different | AlikeWithin:
    """The same for functions in Python, such as programs of another language."""
    inputs = Inputs() if inputs is None else inputs
    source = _Values(inputs)
    count = 0
    for size in range(within + 1):
        for arguments in source.tuples(tuple(types), size):
            count += 1
            values = (_value(first, arguments), _value(second, arguments))
            if values[0] != values[1] and not (inputs.defined and None in values):
                return Different(arguments, values, size)
    return AlikeWithin(within, count)


def _value(run: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return run(*arguments)
    except Undefined:
        return None


class _Values:
    """The values of each type and size, kept once they were made."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.known: dict[tuple[Type, int], list[Any]] = {}

    def of(self, type: Type, size: int) -> list[Any]:
        key = (type, size)
        if key not in self.known:
            self.known[key] = list(self._made(type, size))
        return self.known[key]

    def _made(self, type: Type, size: int) -> Iterator[Any]:
        match type:
            case "int" if size == 1:
                yield 0
            case "int" if size > 1:
                for n in range(1 << (size - 2), 1 << (size - 1)):
                    yield n
                    if self.inputs.negative:
                        yield -n
            case "bool" if size == 1:
                yield from (False, True)
            case "string" if size % CHARACTER == 1:
                if size == 1:
                    yield ""
                else:
                    for text in self.of(STRING, size - CHARACTER):
                        yield from [text + c for c in self.inputs.characters]
            case ListOf():
                if size == 1:
                    yield ()
                for first in range(1, size):
                    for rest in self.of(type, size - first):
                        yield from [(*rest, item) for item in self.of(type.item, first)]
            case _:
                return

    def tuples(self, types: tuple[Type, ...], size: int) -> Iterator[tuple[Any, ...]]:
        """The inputs of a size."""
        if not types:
            if size == 0:
                yield ()
            return
        for first in range(size + 1):
            heads = self.of(types[0], first)
            if heads:
                for rest in self.tuples(types[1:], size - first):
                    yield from [(head, *rest) for head in heads]
