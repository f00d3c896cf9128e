"""An ONNX file as plain Python: its operations in order, its constants, its one input and output.

Floating constants become float64 with exactly the values of the file, integers keep their types; no
protobuf object leaves this module. Only what the output needs is read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
from google.protobuf.message import DecodeError

from abduce.errors import DataError, InputError, UnsupportedError
from abduce.files import unpacked
from abduce.verify.networks.onnx.messages import (
    AttributeProto,
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
)

MOST_BYTES = 2**30
DEFAULT = ("", "ai.onnx")
"""The domain of ONNX's own operators."""
CHOICE = "Choose one of the outputs: --output NAME, or in Python read_network(path, output=NAME)."
CONVERT = "Convert the file: onnx.save(onnx.version_converter.convert_version(model, 13), NEW)."
OPSETS = range(6, 29)
"""The supported opsets. Broadcasting follows numpy from opset 7 on; opsets after the last may
change a meaning."""


@dataclass(frozen=True, slots=True)
class Other:
    """An attribute of a kind that no operator here has: a subgraph, a type, one that is not set."""

    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Subgraph:
    """A branch: its operations, constants included, and the names of its outputs."""

    calls: "tuple[Call, ...]"
    outputs: tuple[str, ...]


READ = frozenset([*range(1, 8), *range(9, 14), 16])
"""ONNX's numbers of the tensor types that are read: real numbers, integers and truth values."""

Attribute = (
    float | int | str | np.ndarray | tuple[float, ...] | tuple[int, ...] | tuple[str, ...]
    | Subgraph | Other | None
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """An operation of the file. An optional operand that is left out has the name ''.

    Attributes:
        types: ONNX's numbers of the types of attributes that are tensors.
        node: the operation as it stands in the file.
    """

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    types: Mapping[str, int] = field(default_factory=dict)
    node: NodeProto | None = None

    def __str__(self) -> str:
        return f"node {self.name or next(filter(None, self.outputs), '?')}: {self.kind}"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The contents of a file.

    Attributes:
        calls: the calls that the output needs, in topological order.
        constants: the stored tensors that the output needs, by name, if they are of types that
            are read.
        types: ONNX's numbers of the types of the input and of all stored tensors that are needed.
        input: name of the one input, of this shape.
        output: name of the output that was chosen.
    """

    opset: int
    calls: tuple[Call, ...]
    constants: Mapping[str, np.ndarray]
    types: Mapping[str, int]
    input: str
    shape: tuple[int, ...]
    output: str


def read_model(
    path: Path | str, output: str | None = None, *, deadline: float | None = None
) -> Model:
    """The model in a file, packed or not.

    Args:
        output: which of several outputs is read, with what it needs and no more.

    Raises:
        DataError: there is no such file.
        InputError: it is no ONNX file, it contradicts itself, or it has no such output.
        UnsupportedError: several inputs, several outputs of which none was chosen, an output that
            is no tensor, another opset, shapes that are not known.
    """
    path = Path(path)
    proto = ModelProto()
    try:
        proto.ParseFromString(read_bytes(path, deadline))
    except DecodeError as error:
        raise InputError("something that is not protobuf", ("an ONNX network",), path) from error
    try:
        return _model(proto, path, output)
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
        raise DataError(str(path), (), "Expected an ONNX network: check the path of the file.")
    try:
        return unpacked(path, limit=MOST_BYTES, deadline=deadline)
    except InputError as error:
        error.expected = ("an ONNX network",)
        raise


def _model(proto: ModelProto, path: Path, asked: str | None) -> Model:
    graph = proto.graph
    if not graph.node and not graph.output:
        raise InputError("no network", ("an ONNX network",))
    for name in _names(proto):
        if not isinstance(name, str):  # protobuf gives bytes where they are no text
            raise InputError(f"the name {name!r}", ("names in UTF-8",))
    opset = max((o.version for o in proto.opset_import if o.domain in DEFAULT), default=1)
    stored = _by_name(graph.initializer)
    inputs = [value for value in graph.input if value.name not in stored]
    output, wrong, advice = _chosen(graph.output, asked)
    if opset not in OPSETS:
        wrong.append(f"opset {opset} (supported are {OPSETS[0]} to {OPSETS[-1]})")
        advice = CONVERT if opset < OPSETS[0] else advice
    if graph.sparse_initializer:
        wrong.append("sparse tensors")
    wrong += [f"function {f.name}, which is an operator" for f in proto.functions
              if f.domain in DEFAULT]  # fmt: skip
    if len(inputs) > 1:
        wrong.append(f"{len(inputs)} inputs: {', '.join(value.name for value in inputs)}")
    if wrong:
        raise UnsupportedError(str(path), tuple(wrong), advice)
    if not inputs or not graph.output:
        raise InputError(f"no {'output' if inputs else 'input'}", ("a network with one",))
    source = inputs[0]
    nodes = _needed(graph.node, output, {*stored, source.name})
    calls = tuple(call_of(node, path) for node in nodes)
    needed = {output, *(name for call in calls for name in reads(call))}
    used = {name: tensor for name, tensor in stored.items() if name in needed}
    constants = {
        n: array_of(tensor, path) for n, tensor in used.items() if tensor.data_type in READ
    }
    types = {name: int(tensor.data_type) for name, tensor in used.items()}
    types[source.name] = int(source.type.tensor_type.elem_type)
    shape = _shape(source, path)
    return Model(
        opset,
        calls,
        MappingProxyType(constants),
        MappingProxyType(types),
        source.name,
        shape,
        output,
    )


def _names(proto: ModelProto) -> Iterator[object]:
    """All that a model is read by."""
    graph = proto.graph
    for part in (graph.input, graph.output, graph.initializer):
        yield from (each.name for each in part)
    for node in graph.node:
        yield from (node.name, node.op_type, node.domain, *node.input, *node.output)
        yield from (attribute.name for attribute in node.attribute)
    yield from (opset.domain for opset in proto.opset_import)
    for function in proto.functions:
        yield from (function.name, function.domain)


def _by_name(tensors: Iterable[TensorProto]) -> dict[str, TensorProto]:
    named: dict[str, TensorProto] = {}
    for tensor in tensors:
        if tensor.name in named:
            raise InputError(f"two tensors {tensor.name!r}", ("names that differ",))
        named[tensor.name] = tensor
    return named


def _chosen(outputs: Sequence[ValueInfoProto], asked: str | None) -> tuple[str, list[str], str]:
    """The output that is read, what is not supported of it, and what to do about that."""
    names = [value.name for value in outputs]
    listed = ", ".join(names)
    if asked is not None and asked not in names:
        raise InputError(
            f"no output {asked!r}", tuple(names), advice=CHOICE if len(names) > 1 else None
        )
    if asked is None and len(names) > 1:
        return "", [f"{len(names)} outputs: {listed}"], CHOICE
    wrong: list[str] = []
    for value in outputs:
        kind = value.type.WhichOneof("value")
        if value.name == (asked or names[0]) and kind not in ("tensor_type", None):
            what = kind.removesuffix("_type").replace("_", " ")
            wrong.append(f"output {value.name}: a {what}, not a tensor")
    advice = CHOICE if wrong and len(names) > 1 else ""
    return asked or (names[0] if names else ""), wrong, advice


def array_of(tensor: TensorProto, path: Path) -> np.ndarray:
    """A stored tensor: float64, an integer type or bool."""
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
    """The array as float64, bool or its type of integers, of the same values."""
    match array.dtype.kind:
        case "b":
            return array
        case "i" | "u":
            return array.astype(array.dtype.newbyteorder("="), copy=False)
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


def _needed(nodes: Iterable[NodeProto], output: str, known: set[str]) -> list[NodeProto]:
    """The operations that the output needs, each after those that it reads."""
    maker: dict[str, NodeProto] = {}
    for node in nodes:
        for name in filter(None, node.output):
            if name in maker or name in known:
                raise InputError(f"two tensors {name!r}", ("names that differ",))
            maker[name] = node
    needed: list[NodeProto] = []
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
        missing = [i for i in _captured(node) if i not in done]
        if not missing:
            stack.pop()
            done.update(filter(None, node.output))
            needed.append(node)
        elif name in opened:
            raise InputError(f"a cycle through tensor {name!r}", ("a network without cycles",))
        else:
            opened.add(name)
            stack.extend(missing)
    return needed


def _captured(node: NodeProto) -> Iterator[str]:
    """What an operation reads: its operands, and what its branches read from outside of them."""
    yield from filter(None, node.input)
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            made = {name for each in attribute.g.node for name in each.output}
            made.update(each.name for each in (*attribute.g.initializer, *attribute.g.input))
            for each in attribute.g.node:
                yield from (name for name in _captured(each) if name not in made)
            yield from (v.name for v in attribute.g.output if v.name not in made)


def reads(call: Call) -> tuple[str, ...]:
    """The names of all that an operation reads, also from within its branches."""
    return tuple(filter(None, call.inputs)) if call.node is None else tuple(_captured(call.node))


def call_of(node: NodeProto, path: Path) -> Call:
    """The operation of a node of the file."""
    kind = node.op_type if node.domain in DEFAULT else f"{node.domain}.{node.op_type}"
    attributes: dict[str, Attribute] = {}
    types: dict[str, int] = {}
    for attribute in node.attribute:
        if attribute.name in attributes:
            raise InputError(f"node {node.name!r} with two attributes {attribute.name}", ("one",))
        attributes[attribute.name] = _attribute(attribute, path)
        if attribute.type == AttributeProto.TENSOR:
            types[attribute.name] = int(attribute.t.data_type)
    return Call(kind, node.name, tuple(node.input), tuple(node.output), attributes, types, node)


def _attribute(attribute: AttributeProto, path: Path) -> Attribute:
    """The value of an attribute; `Other` for subgraphs and the like."""
    kinds = AttributeProto
    if attribute.ref_attr_name:
        return Other("a reference")
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
        case kinds.STRINGS:
            return tuple([text.decode(errors="replace") for text in attribute.strings])
        case kinds.TENSOR if attribute.t.data_type in READ:
            return array_of(attribute.t, path)
        case kinds.GRAPH:
            return _subgraph(attribute, path)
        case _:
            return Other("another kind")


def _subgraph(attribute: AttributeProto, path: Path) -> Attribute:
    """A branch without inputs of its own; `Other` for others."""
    graph = attribute.g
    if graph.input or graph.sparse_initializer:
        return Other("a subgraph with inputs")
    constants = [
        Call("Constant", tensor.name, (), (tensor.name,), {"value": array_of(tensor, path)},
             {"value": int(tensor.data_type)})
        for tensor in graph.initializer
        if tensor.data_type in READ
    ]  # fmt: skip
    if len(constants) < len(graph.initializer):
        return Other("a subgraph with constants of another type")
    calls = (*constants, *(call_of(node, path) for node in graph.node))
    return Subgraph(calls, tuple(value.name for value in graph.output))
