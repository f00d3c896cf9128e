"""An ONNX file as plain Python: its operations in order, its constants, its one input and output.

Floating constants become float64 with exactly the values of the file, integers int64; nothing of
the protobuf is left after this module. Operations that the output does not need are dropped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from google.protobuf.message import DecodeError

from abduce.errors import DataError, InputError, UnsupportedError
from abduce.files import unpacked
from abduce.verify.onnx.messages import (
    AttributeProto,
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
)

MOST_BYTES = 2**30
OPSETS = range(7, 24)
"""Broadcasting as in numpy begins with opset 7; later ones than the last may change a meaning."""

Attribute = float | int | str | np.ndarray | tuple[float, ...] | tuple[int, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """An operation of the file. An optional operand that is left out has the name ''."""

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]

    def __str__(self) -> str:
        return f"node {self.name or next(filter(None, self.outputs), '?')}: {self.kind}"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What a file says.

    Attributes:
        calls: in topological order, only those that the output needs.
        constants: the tensors stored in the file, by name.
        input: name of the one input, of this shape.
        output: name of the one output.
    """

    opset: int
    calls: tuple[Call, ...]
    constants: Mapping[str, np.ndarray]
    input: str
    shape: tuple[int, ...]
    output: str


def read_model(path: Path | str, *, deadline: float | None = None) -> Model:
    """The model in a file, packed or not.

    Raises:
        DataError: there is no such file.
        InputError: it is no ONNX file, or it contradicts itself.
        UnsupportedError: several inputs or outputs, another opset, shapes that are not known.
    """
    path = Path(path)
    proto = ModelProto()
    try:
        proto.ParseFromString(read_bytes(path, deadline))
    except DecodeError as error:
        raise InputError("something that is not protobuf", ("an ONNX network",), path) from error
    try:
        return _model(proto, path)
    except InputError as error:
        error.path = error.path or path
        raise


def read_bytes(path: Path, deadline: float | None = None) -> bytes:
    """The bytes of a file, unpacked where it is packed; at most MOST_BYTES.

    Raises:
        DataError: there is no such file.
        InputError: it cannot be read, or is too large.
        OutOfTime: the deadline has passed.
    """
    if not path.exists():
        raise DataError(str(path))
    try:
        return unpacked(path, limit=MOST_BYTES, deadline=deadline)
    except InputError as error:
        error.expected = ("an ONNX network",)
        raise


def _model(proto: ModelProto, path: Path) -> Model:
    graph = proto.graph
    if not graph.node and not graph.output:
        raise InputError("no network", ("an ONNX network",))
    opset = max((o.version for o in proto.opset_import if o.domain in ("", "ai.onnx")), default=1)
    constants = {t.name: array_of(t, path) for t in graph.initializer}
    inputs = [value for value in graph.input if value.name not in constants]
    wrong = []
    if opset not in OPSETS:
        wrong.append(f"opset {opset} (supported are {OPSETS[0]} to {OPSETS[-1]})")
    if graph.sparse_initializer:
        wrong.append("sparse tensors")
    if len(inputs) > 1:
        wrong.append(f"{len(inputs)} inputs: {', '.join(value.name for value in inputs)}")
    if len(graph.output) > 1:
        wrong.append(f"{len(graph.output)} outputs: {', '.join(o.name for o in graph.output)}")
    if wrong:
        raise UnsupportedError(str(path), tuple(wrong))
    if not inputs or not graph.output:
        raise InputError(f"no {'output' if inputs else 'input'}", ("a network with one",))
    source, output = inputs[0], graph.output[0].name
    calls = _needed(graph.node, output, {*constants, source.name}, path)
    return Model(
        opset, calls, MappingProxyType(constants), source.name, _shape(source, path), output
    )


def array_of(tensor: TensorProto, path: Path) -> np.ndarray:
    """A stored tensor: float64, int64 or bool."""
    name = f"tensor {tensor.name!r}"
    if any(size < 0 for size in tensor.dims):
        raise InputError(f"{name} of shape {tuple(tensor.dims)}", ("a shape",))
    try:
        array = _decoded(tensor, path)
    except Exception as error:  # onnx raises what it likes: of a bad tensor, all mean the same
        raise InputError(f"{name} that cannot be read ({error})", ("its data",), path) from error
    if array.shape != tuple(tensor.dims):
        raise InputError(f"{name} with data for {array.shape}", (str(tuple(tensor.dims)),))
    return plain(array, name)


RAW: Mapping[int, np.dtype] = MappingProxyType(
    {
        TensorProto.FLOAT: np.dtype("<f4"),
        TensorProto.DOUBLE: np.dtype("<f8"),
        TensorProto.INT32: np.dtype("<i4"),
        TensorProto.INT64: np.dtype("<i8"),
    }
)
"""The types of almost all tensors, as they are stored."""


def _decoded(tensor: TensorProto, path: Path) -> np.ndarray:
    if tensor.data_type in RAW and tensor.HasField("raw_data") and not tensor.data_location:
        return np.frombuffer(tensor.raw_data, RAW[tensor.data_type]).reshape(tuple(tensor.dims))
    from onnx import numpy_helper
    from onnx.external_data_helper import load_external_data_for_tensor

    if tensor.data_location == TensorProto.EXTERNAL:
        load_external_data_for_tensor(tensor, str(path.parent))
    return numpy_helper.to_array(tensor)


def plain(array: np.ndarray, name: str) -> np.ndarray:
    """The array as float64, int64 or bool, of the same values."""
    match array.dtype.kind:
        case "b":
            return array
        case "i" | "u" if array.size == 0 or int(array.max()) < 2**63:
            return array.astype(np.int64)
        case "f" | "V" if array.dtype.names is None:
            values = array.astype(np.float64)
            if np.isnan(values).any():
                raise InputError(f"{name} with NaN in it", ("numbers",))
            return values
    raise InputError(f"{name} of type {array.dtype}", ("numbers",))


def _shape(value: ValueInfoProto, path: Path) -> tuple[int, ...]:
    """The input's shape; a first axis of unknown size, the batch, is 1."""
    tensor = value.type.tensor_type
    if tensor.elem_type not in (TensorProto.FLOAT, TensorProto.DOUBLE):
        raise UnsupportedError(str(path), (f"input {value.name}: not a tensor of float or double",))
    if not tensor.HasField("shape"):
        raise UnsupportedError(str(path), (f"input {value.name}: no shape",))
    sizes = [dim.dim_value for dim in tensor.shape.dim]
    if sizes and sizes[0] == 0:
        sizes[0] = 1
    if any(size < 0 for size in sizes):
        raise InputError(f"input {value.name!r} of shape {tuple(sizes)}", ("a shape",))
    if not all(sizes):
        raise UnsupportedError(str(path), (f"input {value.name}: a size that is not fixed",))
    return tuple(sizes)


def _needed(
    nodes: Iterable[NodeProto], output: str, known: set[str], path: Path
) -> tuple[Call, ...]:
    """The operations that the output needs, each after those that it reads."""
    maker: dict[str, NodeProto] = {}
    for node in nodes:
        for name in filter(None, node.output):
            if name in maker or name in known:
                raise InputError(f"two tensors {name!r}", ("names that differ",))
            maker[name] = node
    calls: list[Call] = []
    done: set[str] = set(known)
    opened: set[str] = set()
    stack = [output]
    while stack:
        name = stack[-1]
        if name in done:
            stack.pop()
            continue
        if name not in maker:
            raise InputError(f"no tensor {name!r}", ("one that is stored or computed",))
        node = maker[name]
        missing = [i for i in node.input if i and i not in done]
        if not missing:
            stack.pop()
            done.update(filter(None, node.output))
            calls.append(_call(node, path))
        elif name in opened:
            raise InputError(f"a cycle through tensor {name!r}", ("a network without cycles",))
        else:
            opened.add(name)
            stack.extend(missing)
    return tuple(calls)


def _call(node: NodeProto, path: Path) -> Call:
    kind = node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
    attributes = {a.name: _attribute(a, path) for a in node.attribute}
    return Call(kind, node.name, tuple(node.input), tuple(node.output), attributes)


def _attribute(attribute: AttributeProto, path: Path) -> Attribute:
    """The value of an attribute; None for subgraphs and the like, which no operation here has."""
    kinds = AttributeProto
    match attribute.type:
        case kinds.FLOAT:
            return attribute.f
        case kinds.INT:
            return attribute.i
        case kinds.STRING:
            return attribute.s.decode(errors="replace")
        case kinds.FLOATS:
            return tuple(attribute.floats)
        case kinds.INTS:
            return tuple(attribute.ints)
        case kinds.TENSOR:
            return array_of(attribute.t, path)
        case _:
            return None
