"""RNN, GRU and LSTM, step after step.

Everything is what the operators of ONNX define, with the default order of gates. An operand may be
constant, such as a first state of zeros; what is computed of constants alone stays constant.

Source: the operator schemas of ONNX (RNN, GRU, LSTM).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Shape
from abduce.verify.networks.onnx.building import Builder, Site, Translator, Value
from abduce.verify.networks.onnx.operators.gates import product

FUNCTIONS: Final[Mapping[str, Nonlinearity]] = MappingProxyType(
    {"Relu": RELU, "Sigmoid": SIGMOID, "Tanh": TANH}
)
State = tuple[Value, ...]
"""The hidden state; of an LSTM the cell state, too. Each is (batch, hidden)."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """The weights of one direction, and how a step is computed with them.

    Attributes:
        inputs: (entries, gates * hidden), the weights of the input.
        states: (hidden, gates * hidden), those of the hidden state.
        input_bias, state_bias: (gates * hidden,).
        functions: the functions of the gates, in the operator's order.
        hidden: the size of the state.
        reset_last: whether a GRU resets what its weights make of the state, and not the state.
    """

    builder: Builder
    inputs: np.ndarray
    states: np.ndarray
    input_bias: np.ndarray
    state_bias: np.ndarray
    functions: Sequence[Nonlinearity]
    hidden: int
    reset_last: bool

    def sums(self, x: Value, h: Value) -> Value:
        """What all gates are functions of: (batch, gates * hidden)."""
        bias = self.input_bias + self.state_bias
        return self.plus(self.linear(x, self.inputs, bias), self.linear(h, self.states))

    def part(self, sums: Value, gate: int) -> Value:
        at = slice(gate * self.hidden, (gate + 1) * self.hidden)
        return self.builder.copied(sums, lambda array: array[:, at])

    def linear(self, x: Value, weight: np.ndarray, bias: np.ndarray | None = None) -> Value:
        if isinstance(x, np.ndarray):
            return x @ weight + (0.0 if bias is None else bias)
        return self.builder.dense(x, weight, bias)

    def plus(self, a: Value, b: Value) -> Value:
        if isinstance(a, np.ndarray):
            return a + b if isinstance(b, np.ndarray) else self.builder.affine(b, 1.0, a)
        if isinstance(b, np.ndarray):
            return self.builder.affine(a, 1.0, b)
        return self.builder.plus(a, b)

    def times(self, a: Value, b: Value) -> Value:
        if isinstance(a, np.ndarray):
            return a * b if isinstance(b, np.ndarray) else self.builder.affine(b, a, 0.0)
        if isinstance(b, np.ndarray):
            return self.builder.affine(a, b, 0.0)
        return product(self.builder, a, b)

    def apply(self, function: Nonlinearity, x: Value) -> Value:
        return function.at(x) if isinstance(x, np.ndarray) else self.builder.unary(x, function)


Step = Callable[[Cell, Value, State], State]


def _rnn(cell: Cell, x: Value, state: State) -> State:
    return (cell.apply(cell.functions[0], cell.sums(x, state[0])),)


def _gru(cell: Cell, x: Value, state: State) -> State:
    """Gates in the order z, r, h: update, reset, hidden."""
    (h,), size = state, cell.hidden
    gates, rest = slice(2 * size), slice(2 * size, 3 * size)
    bias = cell.input_bias + cell.state_bias
    both = cell.plus(
        cell.linear(x, cell.inputs[:, gates], bias[gates]),
        cell.linear(h, cell.states[:, gates]),
    )
    update, reset = (cell.apply(cell.functions[0], cell.part(both, gate)) for gate in (0, 1))
    if cell.reset_last:
        seen = cell.linear(x, cell.inputs[:, rest], cell.input_bias[rest])
        known = cell.linear(h, cell.states[:, rest], cell.state_bias[rest])
        inner = cell.plus(seen, cell.times(reset, known))
    else:
        seen = cell.linear(x, cell.inputs[:, rest], bias[rest])
        inner = cell.plus(seen, cell.linear(cell.times(reset, h), cell.states[:, rest]))
    new = cell.apply(cell.functions[1], inner)
    # (1 - z) n + z h = n + z (h - n)
    change = cell.plus(h, cell.times(np.array(-1.0), new))
    return (cell.plus(new, cell.times(update, change)),)


def _lstm(cell: Cell, x: Value, state: State) -> State:
    """Gates in the order i, o, f, c: input, output, forget, cell."""
    h, c = state
    sums = cell.sums(x, h)
    gate, inner, outer = cell.functions
    read, write, keep = (cell.apply(gate, cell.part(sums, k)) for k in range(3))
    new = cell.plus(cell.times(keep, c), cell.times(read, cell.apply(inner, cell.part(sums, 3))))
    return cell.times(write, cell.apply(outer, new)), new


@dataclass(frozen=True, slots=True)
class Kind:
    """An operator.

    Attributes:
        gates: the number of gates.
        functions: the names of the default functions of one direction.
        states: the operands that have the first states.
    """

    step: Step
    gates: int
    functions: tuple[str, ...]
    states: tuple[int, ...]


def _translator(kind: Kind) -> Translator:
    def translate(site: Site) -> tuple[Value, ...]:
        steps, batch, entries = _sizes(site)
        hidden = site.number("hidden_size", 0)
        if not isinstance(hidden, int) or hidden < 1:
            raise InputError(f"a hidden size of {hidden}", ("a positive one",))
        _check(site, steps)
        ways = _directions(site)
        cells = [_cell(site, kind, d, len(ways), (entries, hidden)) for d in range(len(ways))]
        x = site.value(0)
        seen = [site.builder.copied(x, lambda array, t=t: array[t]) for t in range(steps)]
        made: list[list[Value]] = []
        last: list[State] = []
        for d, (cell, backwards) in enumerate(zip(cells, ways, strict=True)):
            state = _first(site, kind, d, (len(ways), batch, hidden))
            outputs: list[Value] = []
            for t in reversed(range(steps)) if backwards else range(steps):
                state = kind.step(cell, seen[t], state)
                outputs.append(state[0])
            made.append(outputs[::-1] if backwards else outputs)
            last.append(state)
        each = [[made[d][t] for d in range(len(ways))] for t in range(steps)]
        shape = (steps, len(ways), batch, hidden)
        all_steps = _stacked(site, [v for row in each for v in row], shape)
        ends = [
            _stacked(site, [state[k] for state in last], shape[1:]) for k in range(len(last[0]))
        ]
        return (all_steps, *ends)

    return translate


def _sizes(site: Site) -> Shape:
    if len(site.shape(0)) != 3:
        raise InputError(f"an operand of shape {site.shape(0)}", ("steps, batch, entries",))
    return site.shape(0)


def _check(site: Site, steps: int) -> None:
    """Refuses what is not the common case."""
    if site.has(4) and (site.constant(4) != steps).any():
        raise site.unsupported("sequences of several lengths")
    if site.has(7):
        raise site.unsupported("peepholes")


def _directions(site: Site) -> tuple[bool, ...]:
    """Of each direction, whether it goes backwards."""
    found = {"forward": (False,), "reverse": (True,), "bidirectional": (False, True)}
    direction = site.text("direction", "forward")
    if direction not in found:
        raise InputError(f"the direction {direction!r}", tuple(found))
    return found[direction]


def _cell(site: Site, kind: Kind, d: int, ways: int, sizes: tuple[int, int]) -> Cell:
    (entries, hidden), gates = sizes, kind.gates
    inputs, states = site.constant(1), site.constant(2)
    for array, shape in (
        (inputs, (ways, gates * hidden, entries)),
        (states, (ways, gates * hidden, hidden)),
    ):
        if array.shape != shape:
            raise InputError(f"weights of shape {array.shape}", (str(shape),))
    bias = np.zeros((ways, 2 * gates * hidden))
    if site.has(3):
        bias = site.constant(3)
        if bias.shape != (ways, 2 * gates * hidden):
            raise InputError(f"a bias of shape {bias.shape}", (str((ways, 2 * gates * hidden)),))
    return Cell(
        builder=site.builder,
        inputs=inputs[d].T,
        states=states[d].T,
        input_bias=bias[d, : gates * hidden],
        state_bias=bias[d, gates * hidden :],
        functions=_functions(site, kind, d, ways),
        hidden=hidden,
        reset_last=bool(site.number("linear_before_reset", 0)),
    )


def _functions(site: Site, kind: Kind, d: int, ways: int) -> Sequence[Nonlinearity]:
    names = site.attributes.get("activations", kind.functions * ways)
    count = len(kind.functions)
    if not isinstance(names, tuple) or len(names) != count * ways:
        raise InputError(f"activations {names!r}", (f"{count * ways} names",))
    own = names[d * count : (d + 1) * count]
    for name in own:
        if name not in FUNCTIONS:
            raise site.unsupported(f"the activation {name}")
    return [FUNCTIONS[str(name)] for name in own]


def _first(site: Site, kind: Kind, d: int, shape: Shape) -> State:
    """The states before the first step."""
    found: list[Value] = []
    for operand in kind.states:
        if not site.has(operand):
            found.append(np.zeros(shape[1:]))
            continue
        if site.shape(operand) != shape:
            raise InputError(f"a state of shape {site.shape(operand)}", (str(shape),))
        found.append(site.builder.copied(site.value(operand), lambda array: array[d]))
    return tuple(found)


def _stacked(site: Site, values: Sequence[Value], shape: Shape) -> Value:
    """Values of one shape, one after the other."""
    builder = site.builder
    if all(isinstance(value, np.ndarray) for value in values):
        return np.stack([np.asarray(value) for value in values]).reshape(shape)
    return builder.reshape(builder.concat([builder.node(value) for value in values], 0), shape)


RECURRENT: Mapping[str, Translator] = MappingProxyType(
    {
        "GRU": _translator(Kind(_gru, 3, ("Sigmoid", "Tanh"), (5,))),
        "LSTM": _translator(Kind(_lstm, 4, ("Sigmoid", "Tanh", "Tanh"), (5, 6))),
        "RNN": _translator(Kind(_rnn, 1, ("Tanh",), (5,))),
    }
)
