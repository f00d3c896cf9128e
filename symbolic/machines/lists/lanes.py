"""Automata on many words at once, eight symbols of each operand at a time.

Numbers are columns of bytes, the lowest first: ``numbers[place, lane]``. A machine's own table is
composed with itself, so that one look-up takes what eight steps would; machines are values, and the
tables of the last few are remembered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from abduce.symbolic.programs.mealy import Mealy

BITS = 8
BYTES = 1 << BITS

MAX_MEANINGS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Comparator:
    """A machine that reads two numbers; the output after the last bit is the answer.

    Words are read from the end: what a block of symbols does is a function of the state before it,
    and where that function is constant, what comes before it does not matter. There are few such
    functions (the transition semigroup), so they are numbered and composed by table.

    Attributes:
        of_bytes: (65536,), the function of a byte of each operand, ``a | b << 8``.
        composed: (functions, functions), the first after the second.
        constant: (functions,), whether the state before does not matter.
        answer: (functions,), the last output, from the start.

    Source: Pin 2010, Mathematical foundations of automata theory, chapter IV, for the semigroup.
    """

    of_bytes: np.ndarray
    composed: np.ndarray
    constant: np.ndarray
    answer: np.ndarray

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, machine: Mealy) -> "Comparator":
        """The comparator of the minimal machine with the same outputs. States that no word reaches,
        about which a proof says nothing, are thus left out.

        Raises:
            ValueError: a machine has more functions or outputs than bytes can number.
        """
        machine = machine.minimal()
        outputs = int(machine.output.max()) + 1
        if outputs > BYTES // 2:
            raise ValueError(f"the machine has more than {BYTES // 2} outputs")
        single = [
            tuple((machine.next[:, symbol] * outputs + machine.output[:, symbol]).tolist())
            for symbol in range(4)
        ]
        found = dict.fromkeys(single)
        for first in (order := list(found)):
            for last in single:
                both = tuple(last[code // outputs] for code in first)
                if both not in found:
                    found[both] = None
                    order.append(both)
            if len(found) > MAX_MEANINGS:
                raise ValueError(f"the machine has more than {MAX_MEANINGS} functions")
        number = {function: place for place, function in enumerate(found)}
        composed = np.array(
            [
                [number[tuple(last[code // outputs] for code in first)] for first in found]
                for last in found
            ],
            dtype=np.uint8,
        )
        places = np.arange(BYTES)
        singles = np.array([number[function] for function in single], dtype=np.uint8)
        of_bytes = None
        for bit in range(BITS):
            symbols = (places >> bit & 1)[None, :] + 2 * (places >> bit & 1)[:, None]
            here = singles[symbols.ravel()]
            of_bytes = here if of_bytes is None else composed[here, of_bytes]
        assert of_bytes is not None
        codes = np.array(list(found))
        return cls(
            of_bytes,
            composed,
            (codes == codes[:, :1]).all(1),
            (codes[:, machine.start] % outputs).astype(np.int8),
        )

    def __call__(self, numbers: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The answer for each pair of lanes i, j of (places, lanes) bytes."""
        top = len(numbers) - 1
        does = self.of_bytes[_pairs(numbers[top], i, j)]
        open_ = np.flatnonzero(~self.constant[does]) if top else np.zeros(0, dtype=np.int64)
        for place in range(top - 1, -1, -1):
            if not len(open_):
                break
            before = self.of_bytes[_pairs(numbers[place], i[open_], j[open_])]
            does[open_] = self.composed[does[open_], before]
            open_ = open_[~self.constant[does[open_]]]
        return self.answer[does]

    def scalar(self) -> Callable[[bytes, bytes], int]:
        """The function of two numbers as bytes, for programs that take one step after the other."""
        of_bytes, composed = self.of_bytes.tolist(), self.composed.tolist()
        constant, answer = self.constant.tolist(), self.answer.tolist()

        def compare(a: bytes, b: bytes) -> int:
            place = len(a) - 1
            does = of_bytes[a[place] | b[place] << BITS]
            while place and not constant[does]:
                place -= 1
                does = composed[does][of_bytes[a[place] | b[place] << BITS]]
            return answer[does]

        return compare


def _pairs(row: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    pairs = row[j].astype(np.uint16)
    pairs <<= BITS
    pairs |= row[i]
    return pairs


@dataclass(frozen=True, slots=True, eq=False)
class Transducer:
    """A machine that writes a bit for each symbol of its operands, in blocks of a byte.

    Attributes:
        next: (states, 2**(8 * operands)), the state after a block.
        output: the same, the byte that is written.
    """

    next: np.ndarray
    output: np.ndarray
    start: int

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, machine: Mealy, *, held: int | None = None) -> "Transducer":
        """The lanes of the minimal machine with the same outputs.

        Args:
            held: the bit of a third operand, the same at every place; None where there is none.

        Raises:
            ValueError: a machine has more states than a byte can number, or writes no bits.
        """
        machine = machine.minimal()
        if len(machine.next) > BYTES or machine.output.max() > 1:
            raise ValueError(f"the machine has more than {BYTES} states, or writes no bits")
        operands = 1 if machine.next.shape[1] == 2 else 2
        codes = np.arange(BYTES**operands)
        states = len(machine.next)
        state = np.repeat(np.arange(states)[:, None], len(codes), 1)
        written = np.zeros_like(state)
        for bit in range(BITS):
            symbol = sum((codes >> BITS * k >> bit & 1) << k for k in range(operands))
            symbol = symbol + ((held or 0) << operands)
            written |= machine.output[state, symbol] << bit
            state = machine.next[state, symbol]
        return cls(state.astype(np.uint8), written.astype(np.uint8), machine.start)

    def __call__(self, *operands: np.ndarray) -> np.ndarray:
        """(places, lanes) bytes of each operand to those of the result, as long as they are."""
        return scan([self], np.zeros(operands[0].shape[1], dtype=np.intp), *operands)


def scan(machines: list[Transducer], which: np.ndarray, *operands: np.ndarray) -> np.ndarray:
    """Lane l runs through machine ``which[l]``; machines are of one kind, (places, lanes) bytes."""
    after = np.concatenate([machine.next.ravel() for machine in machines])
    output = np.concatenate([machine.output.ravel() for machine in machines])
    codes = machines[0].next.shape[1]
    base = which * machines[0].next.size
    state = np.array([machine.start for machine in machines], dtype=np.intp)[which]
    result = np.empty_like(operands[0])
    for place, row in enumerate(zip(*operands, strict=True)):
        index = base + state * codes
        for k, byte in enumerate(row):
            index += byte.astype(np.intp) << BITS * k
        result[place] = output[index]
        state = after[index].astype(np.intp)
    return result
