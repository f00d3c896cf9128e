"""The declarations of VNN-LIB 2.0: networks with inputs and outputs that have shapes.

One network with one input and one output is read, of real numbers or of any floating-point type;
everything else is collected, to be reported at once. Entries of a tensor are numbered in the order
of C, the last axis fastest, as VNN-LIB 1.0 numbers the variables of a tensor.
"""

import re
from dataclasses import dataclass
from math import prod

from abduce.errors import UnsupportedError
from abduce.verify.networks.network import Shape, squeezed
from abduce.verify.specifications.vnnlib.reader import MISMATCH, Commands, Size
from abduce.verify.specifications.vnnlib.text import Text, shown

VERSION = re.compile(r"<([0-9]{1,9})\.([0-9]{1,9})>")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
TENSOR = re.compile(r"([A-Za-z][A-Za-z0-9_]*)[ \t\r\n\f]*\[([0-9, \t\r\n\f]*)\]")
LENGTH = re.compile(r"[ \t\r\n\f]*(0|[1-9][0-9]{0,8})[ \t\r\n\f]*")
NODE = re.compile(r'"[^"\r\n]*"')

READ_TYPES = frozenset(("real", "Real", "float16", "bfloat16", "float32", "float64"))
"""The types that are read. The standard writes real, most files Real."""
OTHER_TYPES = frozenset(
    (
        *("float4e2m1", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz"),
        *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("complex64", "complex128", "bool", "string"),
    )
)
TYPES = READ_TYPES | OTHER_TYPES

MOST_ENTRIES = 2**24

START = ("equal-to", "isomorphic-to", "declare-input")
NEXT = {
    "declare-network": START,
    "equal-to": START,
    "isomorphic-to": START,
    "declare-input": ("declare-input", "declare-hidden", "declare-output"),
    "declare-hidden": ("declare-hidden", "declare-output"),
    "declare-output": ("declare-output", ")"),
}
"""The words that may follow in the declaration of a network."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input, an output or a hidden node; its entries are numbered from ``first`` on.

    Attributes:
        place: where its name stands.
        sort: the type of its entries, as it is written.
        kind: input, hidden or output.
        first: counted over all inputs, or over all the others.
    """

    name: str
    place: int
    sort: str
    shape: Shape
    kind: str
    first: int

    @property
    def is_input(self) -> bool:
        return self.kind == "input"

    def number(self, entry: tuple[int, ...]) -> int | None:
        """The variable, as in atoms; None where the indices do not fit the shape."""
        if len(entry) != len(self.shape):
            return None
        number = 0
        for index, length in zip(entry, self.shape, strict=True):
            if index >= length:
                return None
            number = number * length + index
        return self.first + number if self.is_input else ~(self.first + number)

    def entry(self, variable: int) -> str:
        """The name of a variable."""
        number = (variable if variable >= 0 else ~variable) - self.first
        indices: list[str] = []
        for length in reversed(self.shape):
            number, index = divmod(number, length)
            indices.append(str(index))
        return f"{self.name}[{','.join(reversed(indices))}]" if self.shape else self.name


class Tensors:
    """The declared tensors of a text, in their order; reads all declarations."""

    operators: frozenset[str] = frozenset(
        ("<=", ">=", "<", ">", "==", "=", "!=", "and", "or", "+", "-", "*")
    )

    def __init__(self, text: Text) -> None:
        self.text = text
        self.commands: Commands = {}
        self.unsupported: list[tuple[int, str]] = []
        self.tensors: dict[str, Tensor] = {}
        self.networks: list[str] = []
        self._numbers: dict[str, int | None] = {}
        place = self._network(self._version())
        while self._is_list(place, "declare-network"):
            place = self._network(place)
        self.start = place

    def number(self, word: str, /) -> int | None:
        if word not in self._numbers:
            name, entry = _entry(word)
            tensor = self.tensors.get(name)
            self._numbers[word] = tensor.number(entry) if tensor and entry is not None else None
        return self._numbers[word]

    def fault(self, word: str) -> str:
        name, entry = _entry(word)
        if entry is None or not NAME.fullmatch(name):
            return ""
        tensor = self.tensors.get(name)
        return f"where {name} has {_shown(tensor.shape)}" if tensor else "not declared"

    def name(self, variable: int) -> str:
        return self._owner(variable).entry(variable)

    def place(self, variable: int) -> int:
        return self._owner(variable).place

    def counts(self, inputs: Size | None, outputs: Size | None) -> tuple[int, int]:
        return self._count("input", inputs), self._count("output", outputs)

    def _count(self, kind: str, wanted: Size | None) -> int:
        """How many entries the one tensor of a kind has; axes of one entry are not compared."""
        (tensor,) = (t for t in self.tensors.values() if t.kind == kind)
        found = prod(tensor.shape)
        if wanted is None:
            return found
        if isinstance(wanted, int):
            fits, expected = wanted == found, f"{wanted} entries"
        else:
            fits, expected = squeezed(wanted) == squeezed(tensor.shape), _shown(wanted)
        if not fits:
            raise self.text.error(
                tensor.place,
                (f"{expected}, as the network's {kind} has",),
                f"{tensor.name} of {_shown(tensor.shape)}",
                MISMATCH,
            )
        return found

    def _owner(self, variable: int) -> Tensor:
        tensors = [t for t in self.tensors.values() if t.is_input == (variable >= 0)]
        number = variable if variable >= 0 else ~variable
        return next(t for t in reversed(tensors) if t.first <= number)

    def _version(self) -> int:
        """Read the version; returns the place after it."""
        tokens = self.text.tokens
        found = VERSION.fullmatch(tokens[2]) if len(tokens) > 2 else None
        if found is None:
            raise self.text.error(2, ("a version, as in <2.0>",))
        if found[1] != "2":
            raise UnsupportedError(
                self.text.name,
                (f"VNN-LIB {found[1]}.{found[2]}",),
                "VNN-LIB 1.0, which has no vnnlib-version, and 2.0 are read.",
            )
        return self._close(3)

    def _network(self, place: int) -> int:
        """Read the declaration of a network; returns the place after it."""
        if not self._is_list(place, "declare-network"):
            at = place + (self._token(place) == "(")
            raise self.text.error(at, ("'declare-network'",) if at > place else ("'('",))
        name = self._name(place + 2, "the name of a network")
        if self.networks:
            what = f"{name}, another network than {self.networks[0]}"
            self.unsupported.append((place, what))
        self.networks.append(name)
        place, last = place + 3, "declare-network"
        while True:
            if self._token(place) == ")" and ")" in NEXT[last]:
                return place + 1
            at = place + (self._token(place) == "(")
            if at == place or self._token(at) not in NEXT[last]:
                raise self.text.error(at, tuple(map(repr, NEXT[last])))
            last = self._token(at)
            if last in ("equal-to", "isomorphic-to"):
                self.unsupported.append((at, f"{last} {self._token(at + 1)}"))
                self._name(at + 1, "the name of a network")
                place = self._close(at + 2)
            else:
                place = self._tensor(at + 1, last)

    def _tensor(self, place: int, command: str) -> int:
        """Read the declaration of a tensor from its name on; returns the place after it."""
        name = self._name(place, "a name")
        if name in self.tensors:
            raise self.text.error(place, ("a new name",), f"{name} declared again")
        sort, shape = self._sort(place, name)
        kind = command.removeprefix("declare-")
        before = [t for t in self.tensors.values() if t.is_input == (kind == "input")]
        first = before[-1].first + prod(before[-1].shape) if before else 0
        same = [t.name for t in before if t.kind == kind]
        if kind == "hidden":
            self.unsupported.append((place, f"{name}, a hidden node"))
        elif same and len(self.networks) == 1:
            self.unsupported.append((place, f"{name}, another {kind} than {same[0]}"))
        if prod(shape) > MOST_ENTRIES:
            self.unsupported.append((place, f"{name}, of more than {MOST_ENTRIES:,} entries"))
        self.tensors[name] = Tensor(name, place, sort, shape, kind, first)
        place += 2
        if kind == "hidden":
            if not NODE.fullmatch(self._token(place)):
                raise self.text.error(place, ('the name of a node, as in "relu_1"',))
            place += 1
        elif kind == "input" and self._token(place) == "initialized":
            self.unsupported.append((place, f"{name}, an initialized input"))
            place += 1
        return self._close(place)

    def _sort(self, place: int, name: str) -> tuple[str, Shape]:
        """The type and the shape of a tensor whose name stands at a place."""
        sort, shape = _entry(self._token(place + 1))
        if shape is None or "[" not in self._token(place + 1):
            raise self.text.error(place + 1, ("a type and a shape, as in float32 [1,5]",))
        if sort not in TYPES:
            found = f"the type {shown(sort)}"
            raise self.text.error(place + 1, tuple(map(repr, TYPES)), found)
        if 0 in shape:
            raise self.text.error(place + 1, ("a shape without 0",))
        if sort in OTHER_TYPES:
            self.unsupported.append((place, f"{name} of {sort}"))
        return sort, shape

    def _name(self, place: int, what: str) -> str:
        if not NAME.fullmatch(self._token(place)):
            raise self.text.error(place, (what,))
        return self._token(place)

    def _close(self, place: int) -> int:
        if self._token(place) != ")":
            raise self.text.error(place, ("')'",))
        return place + 1

    def _is_list(self, place: int, operator: str) -> bool:
        return self._token(place) == "(" and self._token(place + 1) == operator

    def _token(self, place: int) -> str:
        tokens = self.text.tokens
        return tokens[place] if place < len(tokens) else ""


def _entry(word: str) -> tuple[str, tuple[int, ...] | None]:
    """The name and the indices, or the type and the shape, that a word is made of.

    >>> _entry("X[0, 12]"), _entry("Y"), _entry("float32 []"), _entry("X[0,]")
    (('X', (0, 12)), ('Y', ()), ('float32', ()), ('X[0,]', None))
    """
    found = TENSOR.fullmatch(word)
    if found is None:
        return (word, ()) if NAME.fullmatch(word) else (word, None)
    if not found[2].strip():
        return found[1], ()
    lengths = [LENGTH.fullmatch(part) for part in found[2].split(",")]
    if not all(lengths):
        return word, None
    return found[1], tuple(int(length[1]) for length in lengths if length)


def _shown(shape: Shape) -> str:
    return f"shape [{','.join(map(str, shape))}]" if shape else "no axes"
