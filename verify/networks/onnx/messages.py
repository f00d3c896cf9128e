"""The protobuf messages of ONNX, without the package that they are a part of.

Importing the package `onnx` takes longer than the proof of most properties, because of its other
modules. The module of its messages is loaded under its own name, so that whoever imports the
package later gets the same one.
"""

import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

NAME = "onnx.onnx_ml_pb2"


def _loaded() -> ModuleType:
    if NAME in sys.modules:
        return sys.modules[NAME]
    package = find_spec("onnx")
    if package is None:
        raise ModuleNotFoundError("No module named 'onnx'", name="onnx")
    for folder in package.submodule_search_locations or ():
        spec = spec_from_file_location(NAME, Path(folder) / "onnx_ml_pb2.py")
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            sys.modules[NAME] = module
            return module
    raise ModuleNotFoundError("an `onnx` without onnx_ml_pb2.py", name="onnx")


if TYPE_CHECKING:
    from onnx import AttributeProto, ModelProto, NodeProto, TensorProto, ValueInfoProto
else:
    _messages = _loaded()
    AttributeProto, ModelProto = _messages.AttributeProto, _messages.ModelProto
    NodeProto, TensorProto = _messages.NodeProto, _messages.TensorProto
    ValueInfoProto = _messages.ValueInfoProto

__all__ = ["AttributeProto", "ModelProto", "NodeProto", "TensorProto", "ValueInfoProto"]
