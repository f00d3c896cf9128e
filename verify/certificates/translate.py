"""Translates an ONNX file and a VNN-LIB 1.0 file into the kernel's form, exactly.

It imports numpy and onnx, and nothing of Abduce. It is the other half of the trusted base: what it
returns is what is claimed. So it accepts little, and refuses all else by name. A network is a chain
of affine operations and relus with float32 or float64 weights, in real arithmetic. A property is a
formula over linear inequalities, each a bound on one input or over outputs alone.

The form is plain data. Layers are ``(weight, bias, shift)``, Python integers in object arrays, for
``(weight @ v + bias) / 2^shift`` with a relu after each but the last. Regions are ``(low, high,
cases)``, in fractions. A case is a list of rows ``(outputs, bound, strict)``, each the inequality
``outputs @ y <= bound``, or < where strict.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

MOST_CASES = 20_000  # of a property in disjunctive normal form
OPSETS = range(7, 22)  # versions in which the operators below mean the same
FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE)

Layers = list[tuple[np.ndarray, np.ndarray, int]]
Cases = list[list[tuple[list[Fraction], Fraction, bool]]]
Regions = list[tuple[list[Fraction], list[Fraction], Cases]]


class NotTranslated(Exception):
    """Something that has no translation. The text says what and where."""


def translated(network: bytes, specification: bytes) -> tuple[Layers, Regions]:
    """The layers and the regions of the contents of two files.

    Raises:
        NotTranslated: for anything that is not understood.
    """
    layers = layers_of(network)
    inputs, outputs = layers[0][0].shape[1], layers[-1][0].shape[0]
    try:
        return layers, regions_of(specification, inputs, outputs)
    except RecursionError:
        raise NotTranslated("a property whose formula is nested too deeply") from None


@dataclass(frozen=True, slots=True, eq=False)
class _Value:
    """``(weight @ v + bias) / 2^shift`` for the values v of the last of ``layers``, in a shape; a
    weight of None is ``2^shift`` times the identity."""

    layers: tuple[tuple[np.ndarray, np.ndarray, int], ...]
    weight: np.ndarray | None
    bias: np.ndarray
    shift: int
    shape: tuple[int, ...]


def layers_of(content: bytes) -> Layers:
    """The layers of an ONNX network; raises `NotTranslated` for anything not understood."""
    try:
        model = onnx.load_model_from_string(content)
    except Exception as error:
        raise NotTranslated(f"no ONNX network ({error})") from None
    _check_model(model)
    graph = model.graph
    constants: dict[str, np.ndarray] = {}
    for tensor in graph.initializer:
        _check_new(tensor.name, constants)
        constants[tensor.name] = _array(tensor)
    inputs = [value for value in graph.input if value.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        raise NotTranslated(f"{len(inputs)} inputs and {len(graph.output)} outputs, not one each")
    shape = _input_shape(inputs[0])
    values = {inputs[0].name: _Value((), None, np.array([0] * prod(shape), object), 0, shape)}
    for number, node in enumerate(graph.node):
        try:
            _apply(node, values, constants)
        except NotTranslated as error:
            raise NotTranslated(f"node {number} ({node.op_type}): {error}") from None
    _check_type(graph.output[0])
    last = values.get(graph.output[0].name)
    if last is None:
        raise NotTranslated("an output that does not depend on the input")
    return [*last.layers, (_matrix(last), last.bias, last.shift)]


def _check_model(model: onnx.ModelProto) -> None:
    domains = {opset.domain or "ai.onnx": opset.version for opset in model.opset_import}
    if set(domains) - {"ai.onnx", "ai.onnx.ml"} or model.functions:
        raise NotTranslated(f"operators of {', '.join(sorted(domains))}, not of ai.onnx alone")
    if domains.get("ai.onnx") not in OPSETS:
        known = f"{OPSETS[0]} to {OPSETS[-1]}"
        raise NotTranslated(f"version {domains.get('ai.onnx')} of the operators, not {known}")
    if model.graph.sparse_initializer or model.graph.quantization_annotation:
        raise NotTranslated("sparse or quantised weights")


def _check_type(value: onnx.ValueInfoProto) -> None:
    if value.type.tensor_type.elem_type not in FLOATS:
        raise NotTranslated(f"{value.name!r} is not of float32 or float64")


def _check_new(name: str, *known: Any) -> None:
    if not name or any(name in names for names in known):
        raise NotTranslated(f"the name {name!r} is empty, or given twice")


def _input_shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    """The shape of the input; a first axis of free size is for one input."""
    _check_type(value)
    dims = value.type.tensor_type.shape.dim
    sizes = [dim.dim_value if dim.HasField("dim_value") else 0 for dim in dims]
    shape = (sizes[0] or 1, *sizes[1:]) if sizes else (0,)
    if min(shape) < 1:
        raise NotTranslated(f"the input {value.name!r} has the shape {sizes}")
    return shape


def _array(tensor: onnx.TensorProto) -> np.ndarray:
    outside = tensor.external_data or tensor.data_location == onnx.TensorProto.EXTERNAL
    if tensor.data_type not in (*FLOATS, onnx.TensorProto.INT64) or outside:
        raise NotTranslated(f"the tensor {tensor.name!r} is not float32, float64 or int64 here")
    try:
        array = numpy_helper.to_array(tensor)
    except Exception as error:
        raise NotTranslated(f"the tensor {tensor.name!r} cannot be read ({error})") from None
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise NotTranslated(f"the tensor {tensor.name!r} is not finite")
    return array


def _apply(
    node: onnx.NodeProto, values: dict[str, _Value], constants: dict[str, np.ndarray]
) -> None:
    """Adds the value of a node."""
    if node.domain not in ("", "ai.onnx") or len(node.output) != 1:
        raise NotTranslated("an operator of another domain, or with several outputs")
    _check_new(node.output[0], values, constants)
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if node.op_type == "Constant" and list(attributes) == ["value"] and not node.input:
        constants[node.output[0]] = _array(attributes["value"])
        return
    if node.op_type not in OPERATORS:
        raise NotTranslated("this operator has no translation")
    function, counts, known = OPERATORS[node.op_type]
    if len(node.input) not in counts:
        raise NotTranslated(f"{len(node.input)} operands")
    if unknown := sorted(set(attributes) - set(known)):
        raise NotTranslated(f"the attributes {', '.join(unknown)} have no translation")
    if missing := [name for name in node.input if name not in values and name not in constants]:
        raise NotTranslated(f"the operands {', '.join(map(repr, missing))} are not known")
    operands = [values[name] if name in values else constants[name] for name in node.input]
    if sum(isinstance(operand, _Value) for operand in operands) != 1:
        raise NotTranslated("not exactly one operand depends on the input")
    values[node.output[0]] = function(operands, attributes)


def _matrix(x: _Value) -> np.ndarray:
    if x.weight is not None:
        return x.weight
    size = len(x.bias)
    one = 2**x.shift
    return np.array([[one * (i == j) for j in range(size)] for i in range(size)], object)


def _integers(array: np.ndarray) -> tuple[np.ndarray, int]:
    """Floating-point numbers as Python integers over one power of two."""
    if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or not array.size:
        raise NotTranslated("an operand that is not of floating-point numbers")
    pairs = [number.as_integer_ratio() for number in array.ravel().tolist()]
    under = max(denominator for _, denominator in pairs)
    flat = np.array([number * (under // denominator) for number, denominator in pairs], object)
    return flat.reshape(array.shape), under.bit_length() - 1


def _multiplied(x: _Value, weight: np.ndarray, shape: Sequence[int]) -> _Value:
    """``weight @ x``."""
    factor, shift = _integers(weight)
    matrix = factor * 2**x.shift if x.weight is None else factor @ x.weight
    return _Value(x.layers, matrix, factor @ x.bias, x.shift + shift, tuple(shape))


def _shifted(x: _Value, by: np.ndarray) -> _Value:
    """``x + by``, where the shape stays that of x."""
    try:
        add, shift = _integers(np.broadcast_to(by, x.shape).ravel())
    except ValueError:
        raise NotTranslated(f"a sum of {list(x.shape)} and {list(by.shape)}") from None
    common = max(shift, x.shift)
    up = 2 ** (common - x.shift)
    bias = x.bias * up + add * 2 ** (common - shift)
    weight = None if x.weight is None else x.weight * up
    return replace(x, weight=weight, bias=bias, shift=common)


def _relu(operands: list, _: dict) -> _Value:
    (x,) = operands
    layers = (*x.layers, (_matrix(x), x.bias, x.shift))
    return _Value(layers, None, x.bias * 0, 0, x.shape)


def _flatten(operands: list, attributes: dict) -> _Value:
    (x,) = operands
    axis = attributes.get("axis", 1)
    if not 0 <= axis <= len(x.shape):
        raise NotTranslated(f"the axis {axis}")
    return replace(x, shape=(prod(x.shape[:axis]), prod(x.shape[axis:])))


def _reshape(operands: list, attributes: dict) -> _Value:
    x, wanted = operands
    if not isinstance(x, _Value) or wanted.dtype != np.int64 or attributes.get("allowzero", 0):
        raise NotTranslated("a shape that is not constant, or the attribute allowzero")
    sizes = wanted.ravel().tolist()
    shape = [x.shape[i] if n == 0 and i < len(x.shape) else n for i, n in enumerate(sizes)]
    if shape.count(-1) == 1:
        shape[shape.index(-1)] = len(x.bias) // max(1, -prod(shape))
    if min(shape, default=0) < 1 or prod(shape) != len(x.bias):
        raise NotTranslated(f"the shape {sizes} for {len(x.bias)} values")
    return replace(x, shape=tuple(shape))


def _add(operands: list, _: dict) -> _Value:
    first, second = operands
    return _shifted(first, second) if isinstance(first, _Value) else _shifted(second, first)


def _subtract(operands: list, _: dict) -> _Value:
    first, second = operands
    if isinstance(first, _Value):
        return _shifted(first, np.negative(second))
    return _shifted(replace(second, weight=-_matrix(second), bias=-second.bias), first)


def _matmul(operands: list, _: dict) -> _Value:
    x, weight = operands
    if not isinstance(x, _Value) or weight.ndim != 2 or x.shape[-1:] != weight.shape[:1]:
        raise NotTranslated("a product that is not of a row with a matrix")
    if prod(x.shape) != len(weight):
        raise NotTranslated(f"a product with several rows, in the shape {list(x.shape)}")
    return _multiplied(x, weight.T, (*x.shape[:-1], weight.shape[1]))


def _gemm(operands: list, attributes: dict) -> _Value:
    x, weight, *rest = operands
    if not isinstance(x, _Value) or weight.ndim != 2 or attributes.get("transA", 0):
        raise NotTranslated("a product that is not of a row with a matrix")
    if attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0:
        raise NotTranslated("alpha or beta other than 1")
    matrix = weight if attributes.get("transB", 0) else weight.T
    if x.shape != (1, matrix.shape[1]):
        raise NotTranslated(f"a product of {list(x.shape)} and {list(weight.shape)}")
    product_ = _multiplied(x, matrix, (1, len(matrix)))
    return _shifted(product_, rest[0]) if rest else product_


OPERATORS: dict[str, tuple[Callable[[list, dict], _Value], tuple[int, ...], tuple[str, ...]]] = {
    "Add": (_add, (2,), ()),
    "Flatten": (_flatten, (1,), ("axis",)),
    "Gemm": (_gemm, (2, 3), ("alpha", "beta", "transA", "transB")),
    "Identity": (lambda operands, _: operands[0], (1,), ()),
    "MatMul": (_matmul, (2,), ()),
    "Relu": (_relu, (1,), ()),
    "Reshape": (_reshape, (2,), ("allowzero",)),
    "Sub": (_subtract, (2,), ()),
}
"""The operators, with their numbers of operands and their attributes."""


TOKEN = re.compile(r";[^\n]*|[()]|[^\s();]+", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
VARIABLE = re.compile(r"[XY]_(0|[1-9]\d*)", re.ASCII)

Linear = dict[str, Fraction]
"""A sum of variables times factors; the constant has the empty name."""
Atom = tuple[Linear, bool]
"""A sum that is at most 0, or less than 0 where True."""


def regions_of(content: bytes, inputs: int, outputs: int) -> Regions:
    """The boxes and cases of a VNN-LIB property, for a network of this many inputs and outputs;
    raises `NotTranslated` for anything not understood."""
    declared: set[str] = set()
    cases: list[list[Atom]] = [[]]
    for command in _parsed(content):
        match command:
            case ["declare-const", str(name), "Real"] if VARIABLE.fullmatch(name):
                _check_new(name, declared)
                declared.add(name)
            case ["assert", formula]:
                cases = _conjoined([cases, _formula(formula, declared)])
            case _:
                raise NotTranslated(f"the command {_shown(command)}")
    if declared != {f"X_{i}" for i in range(inputs)} | {f"Y_{i}" for i in range(outputs)}:
        wanted = f"X_0 to X_{inputs - 1} and Y_0 to Y_{outputs - 1}"
        raise NotTranslated(f"{len(declared)} variables, where the network has {wanted}")
    regions: dict[tuple, Cases] = {}
    for case in cases:
        low, high, rows = _split(case, inputs, outputs)
        regions.setdefault((tuple(low), tuple(high)), []).append(rows)
    return [(list(low), list(high), found) for (low, high), found in regions.items()]


def _parsed(content: bytes) -> list:
    """The lists of a text; a word is a string."""
    stack: list[list] = [[]]
    for token in TOKEN.findall(content.decode("latin-1")):
        if token == "(":
            stack.append([])
        elif token == ")" and len(stack) > 1:
            stack[-2].append(stack.pop())
        elif not token.startswith(";"):
            stack[-1].append(token)
    if len(stack) != 1 or ")" in stack[0]:
        raise NotTranslated("parentheses that do not match")
    return stack[0]


def _formula(formula: Any, declared: set[str]) -> list[list[Atom]]:
    """The disjunctive normal form: cases of atoms."""
    match formula:
        case ["or", first, *rest]:
            return [case for part in (first, *rest) for case in _formula(part, declared)]
        case ["and", first, *rest]:
            return _conjoined([_formula(part, declared) for part in (first, *rest)])
        case ["<=" | "<" | ">=" | ">" as sign, left, right]:
            a, b = _linear(left, declared), _linear(right, declared)
            return [[(_sum(a, b, -1) if sign[0] == "<" else _sum(b, a, -1), "=" not in sign)]]
    raise NotTranslated(f"the formula {_shown(formula)}")


def _conjoined(parts: list[list[list[Atom]]]) -> list[list[Atom]]:
    if prod(len(part) for part in parts) > MOST_CASES:
        raise NotTranslated(f"more than {MOST_CASES:,} cases")
    return [[atom for case in chosen for atom in case] for chosen in product(*parts)]


def _linear(term: Any, declared: set[str]) -> Linear:
    match term:
        case str() if NUMBER.fullmatch(term):
            return {"": Fraction(term)}
        case str() if term in declared:
            return {term: Fraction(1)}
        case ["+" | "-" as sign, first, *rest]:
            total = _linear(first, declared)
            if sign == "-" and not rest:
                return _sum({}, total, -1)
            for part in rest:
                total = _sum(total, _linear(part, declared), 1 if sign == "+" else -1)
            return total
        case ["*", left, right]:
            a, b = _linear(left, declared), _linear(right, declared)
            for constant, other in ((a, b), (b, a)):
                if set(constant) == {""}:
                    return _sum({}, other, constant[""])
    raise NotTranslated(f"the term {_shown(term)}")


def _sum(a: Linear, b: Linear, factor: Fraction | int) -> Linear:
    """``a + factor b``."""
    return {name: a.get(name, Fraction(0)) + factor * b.get(name, 0) for name in {**a, **b}}


def _split(
    case: list[Atom], inputs: int, outputs: int
) -> tuple[list[Fraction], list[Fraction], list[tuple[list[Fraction], Fraction, bool]]]:
    """The box of a case, and its rows."""
    low: dict[int, Fraction] = {}
    high: dict[int, Fraction] = {}
    rows = []
    for terms, strict in case:
        used = {name: factor for name, factor in terms.items() if name and factor}
        constant = terms.get("", Fraction(0))
        if {name[0] for name in used} == {"Y"}:
            factors = [used.get(f"Y_{i}", Fraction(0)) for i in range(outputs)]
            rows.append((factors, -constant, strict))
        elif len(used) == 1:
            ((name, factor),) = used.items()
            place, bound = int(name[2:]), -constant / factor
            if factor > 0:
                high[place] = min(high.get(place, bound), bound)
            else:
                low[place] = max(low.get(place, bound), bound)
        else:
            names = ", ".join(sorted(used)) or "no variable"
            raise NotTranslated(f"an inequality over {names}, not one input or outputs alone")
    if free := [f"X_{i}" for i in range(inputs) if i not in low or i not in high]:
        raise NotTranslated(f"no bounds on {', '.join(free)}")
    return [low[i] for i in range(inputs)], [high[i] for i in range(inputs)], rows


def _shown(part: Any) -> str:
    return str(part).replace("'", "").replace(",", "")[:60]
