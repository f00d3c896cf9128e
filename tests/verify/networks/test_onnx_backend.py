"""ONNX's own suite of operators: each case is read rightly, or refused by name.

Of each case with one float32 output, the first float32 input is left free and the others are
constants. What is read is compared with the output that the suite expects.
"""

import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.onnx.reading import read_network

LEAST = 467
"""The number of cases that were read rightly when this was written; more may be."""


def cases() -> Iterator[tuple[str, bytes, np.ndarray, np.ndarray]]:
    """Name, network, input and expected output."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the suite's own arithmetic
        from onnx.backend.test.case import utils
        from onnx.backend.test.case.node import collect_testcases

        utils.import_recursive(sys.modules["onnx.backend.test.case.node"])
        collected = collect_testcases(None)
    for case in collected:
        if (found := made(case.model, case.data_sets[0])) is not None:
            yield case.name, *found


def made(
    model: onnx.ModelProto, data: tuple[list, list]
) -> tuple[bytes, np.ndarray, np.ndarray] | None:
    """The network of one free input; None for other cases."""
    graph = model.graph
    stored = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in stored]
    kinds = [value.type.WhichOneof("value") for value in (*inputs, *graph.output)]
    if len(graph.output) != 1 or set(kinds) != {"tensor_type"}:
        return None
    types = [value.type.tensor_type.elem_type for value in (*inputs, *graph.output)]
    if types[-1] != TensorProto.FLOAT or TensorProto.FLOAT not in types[:-1]:
        return None
    free = types.index(TensorProto.FLOAT)
    arrays = [
        each if isinstance(each, TensorProto) else numpy_helper.from_array(np.asarray(each))
        for each in data[0]
    ]
    x = numpy_helper.to_array(arrays[free])
    for value, array in zip(inputs, arrays, strict=True):
        if value is not inputs[free]:
            array.name = value.name
            graph.initializer.append(array)
    name = inputs[free].name
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, x.shape))
    return model.SerializeToString(), x, np.asarray(data[1][0])


@pytest.mark.slow
def test_no_case_of_the_suite_is_read_wrongly(tmp_path: Path) -> None:
    path, wrong = tmp_path / "net.onnx", []
    count: Counter[str] = Counter()
    for name, network, x, expected in cases():
        path.write_bytes(network)
        try:
            found = evaluate(read_network(path), x[None].astype(np.float64))[0]
        except (UnsupportedError, InputError):
            count["refused"] += 1
            continue
        right = found.size == expected.size and np.allclose(
            found.reshape(expected.shape), expected, rtol=1e-3, atol=1e-5, equal_nan=True
        )
        count["right" if right else "wrong"] += 1
        wrong += [] if right else [name]
    assert not wrong
    assert count["right"] >= LEAST, count
