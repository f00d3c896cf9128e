"""What is claimed is what the files say: as the verifier reads them, or refused by name."""

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")

import onnx

from abduce.verify.certificates.translate import NotTranslated, Regions, layers_of, regions_of
from abduce.verify.networks.exact import exact
from abduce.verify.networks.onnx.reading import read_network
from tests.onnx_models import Step, proto
from tests.vnnlib_texts import meaning

F32 = np.float32
MATRIX, ROW = np.arange(9, dtype=F32).reshape(3, 3) - 4, np.array([0.1, -2, 3], F32)
CHAINS: dict[str, tuple[Sequence[Step], Sequence[int | str]]] = {
    "sub first": ([("Sub", ["x", "b"], ["a"], {}), ("MatMul", ["a", "w"], ["y"], {})], (1, 3)),
    "constant minus": ([("Sub", ["b", "x"], ["a"], {}), ("Relu", ["a"], ["y"], {})], (1, 3)),
    "free batch": ([("MatMul", ["x", "w"], ["a"], {}), ("Add", ["b", "a"], ["y"], {})], ("n", 3)),
    "gemm": ([("Gemm", ["x", "w", "b"], ["y"], {"transB": 1})], (1, 3)),
    "two affine": (
        [("Gemm", ["x", "w", "b"], ["a"], {}), ("Gemm", ["a", "w", "b"], ["y"], {})],
        (1, 3),
    ),
    "shapes": (
        [
            ("Flatten", ["x"], ["a"], {"axis": 1}),
            ("Relu", ["a"], ["c"], {}),
            ("Reshape", ["c", "s"], ["d"], {}),
            ("Identity", ["d"], ["e"], {}),
            ("MatMul", ["e", "w"], ["y"], {}),
        ],
        (1, 3, 1),
    ),
}
CONSTANTS = {"w": MATRIX, "b": ROW, "s": np.array([-1, 3])}


def content(steps: Sequence[Step], shape: Sequence[int | str], **given: object) -> bytes:
    used = {name for _, operands, _, _ in steps for name in operands}
    constants = {name: array for name, array in CONSTANTS.items() if name in used}
    return proto(steps, shape, constants, **given).SerializeToString()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CHAINS)
def test_networks_are_those_that_the_verifier_reads(name: str, tmp_path: Path) -> None:
    steps, shape = CHAINS[name]
    (tmp_path / "net.onnx").write_bytes(content(steps, shape))
    layers = layers_of(content(steps, shape))
    x = [Fraction(1, 3), Fraction(-5, 7), Fraction(2)]
    v = np.array(x, object)
    for place, (weight, bias, shift) in enumerate(layers):
        v = (weight @ v + bias) / Fraction(2) ** shift
        if place < len(layers) - 1:
            v = np.maximum(v, Fraction(0))
    assert [*v] == exact(read_network(tmp_path / "net.onnx"), x)


@pytest.mark.parametrize(
    ("steps", "shape", "message"),
    [
        ([("Sigmoid", ["x"], ["y"], {})], (1, 3), "node 0 (Sigmoid): this operator"),
        ([("Add", ["x", "x"], ["y"], {})], (1, 3), "not exactly one operand"),
        ([("Gemm", ["x", "w"], ["y"], {"alpha": 2.0})], (1, 3), "alpha or beta"),
        ([("Gemm", ["x", "w"], ["y"], {"transA": 1})], (1, 3), "not of a row with a matrix"),
        ([("MatMul", ["w", "x"], ["y"], {})], (3, 1), "not of a row with a matrix"),
        ([("MatMul", ["x", "w"], ["y"], {})], (2, 3), "several rows"),
        ([("Add", ["x", "w"], ["y"], {})], (1, 3), "a sum of [1, 3] and [3, 3]"),
        ([("Flatten", ["x"], ["y"], {"axis": -1})], (1, 3), "the axis -1"),
        ([("Relu", ["x"], ["y"], {})], (1, "n"), "has the shape"),
        ([("Relu", ["z"], ["y"], {})], (1, 3), "'z'"),
        ([("Relu", ["x"], ["x"], {}), ("Relu", ["x"], ["y"], {})], (1, 3), "given twice"),
    ],
)
def test_other_networks_are_refused_by_name(
    steps: Sequence[Step], shape: Sequence[int | str], message: str
) -> None:
    with pytest.raises(NotTranslated, match=re.escape(message)):
        layers_of(content(steps, shape))


def test_other_files_and_weights_are_refused_by_name() -> None:
    relu = ([("Relu", ["x"], ["y"], {})], (1, 3))
    with pytest.raises(NotTranslated, match="no ONNX network"):
        layers_of(b"not a network")
    with pytest.raises(NotTranslated, match="version 6 of the operators"):
        layers_of(content(*relu, opset=6))
    for array, message in [
        (np.array([np.nan, 0, 0], F32), "not finite"),
        (np.zeros(3, np.float16), "is not float32, float64 or int64"),
        (np.zeros(3, np.int64), "not of floating-point numbers"),
    ]:
        model = proto([("Add", ["x", "c"], ["y"], {})], (1, 3), {"c": array})
        with pytest.raises(NotTranslated, match=message):
            layers_of(model.SerializeToString())
    model = onnx.load_model_from_string(content(*relu))
    model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.INT64
    with pytest.raises(NotTranslated, match="float32 or float64"):
        layers_of(model.SerializeToString())


DECLARED = "".join(f"(declare-const {n} Real)" for n in ("X_0", "X_1", "Y_0", "Y_1"))
BOX = "(assert (>= X_0 -1))(assert (<= X_0 1))(assert (and (>= X_1 0.1) (<= X_1 .5)))"


def violated(regions: Regions, x: Sequence[Fraction], y: Sequence[Fraction]) -> bool:
    def holds(row: tuple[list[Fraction], Fraction, bool]) -> bool:
        value = sum(a * b for a, b in zip(row[0], y, strict=True))
        return value < row[1] if row[2] else value <= row[1]

    return any(
        all(a <= b <= c for a, b, c in zip(low, x, high, strict=True))
        and any(all(map(holds, rows)) for rows in cases)
        for low, high, cases in regions
    )


numbers = st.sampled_from(["-1", "0.25", "1e-1", "+.5", "2.", "Y_0", "Y_1"])
terms = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, st.sampled_from("+-"), inner, inner),
        st.builds("(- {})".format, inner),
        st.builds("(* {} {})".format, st.sampled_from(["3", "-.5"]), inner),
    ),
    max_leaves=4,
)
atoms = st.builds(
    "({} {} (+ Y_0 {}))".format, st.sampled_from(["<=", "<", ">", ">="]), terms, terms
)
boxed = st.sampled_from(["(>= X_0 0.5)", "(<= X_1 (- 1 0.75))", "(<= (* -2 X_0) 1)"])
formulas = st.recursive(
    st.one_of(atoms, boxed),
    lambda inner: st.builds("({} {} {})".format, st.sampled_from(["and", "or"]), inner, inner),
    max_leaves=5,
)


@settings(max_examples=40)
@given(formulas, st.lists(st.integers(-8, 8), min_size=16, max_size=16))
def test_properties_mean_what_the_grammar_says(formula: str, numbers: list[int]) -> None:
    """A text is read twice, by code that shares nothing, and judged at some points."""
    text = f"{DECLARED}{BOX}; a comment ( \n(assert {formula})"
    try:
        regions = regions_of(text.encode(), 2, 2)
    except NotTranslated:
        assume(False)  # the terms of an inequality cancel
        return
    judge = meaning(text)
    for place in range(0, 16, 4):
        x = [Fraction(numbers[place], 8), Fraction(numbers[place + 1], 16)]
        y = [Fraction(n, 4) for n in numbers[place + 2 : place + 4]]
        at = {"X_0": x[0], "X_1": x[1], "Y_0": y[0], "Y_1": y[1]}
        assert violated(regions, x, y) == judge(at)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(vnnlib-version <2.0>)", "the command"),
        (f"{DECLARED}{BOX}(assert (= Y_0 1))", "the formula"),
        (f"{DECLARED}{BOX}(assert (<= Y_0 X_0))", "an inequality over X_0, Y_0"),
        (f"{DECLARED}{BOX}(assert (<= 1 2))", "an inequality over no variable"),
        (f"{DECLARED}{BOX}(assert (<= (* Y_0 Y_1) 2))", "the term"),
        (f"{DECLARED}{BOX}(assert (<= Y_2 2))", "the term Y_2"),
        (f"{DECLARED}{BOX}(assert (<= Y_0 0x10))", "the term 0x10"),
        (f"{DECLARED}{BOX}(assert (or))", "the formula"),
        (f"{DECLARED}(assert (<= Y_0 2))", "no bounds on X_0, X_1"),
        (f"{DECLARED}{BOX}(assert (<= Y_0 2)", "parentheses"),
        (f"{DECLARED}{BOX}(assert (<= Y_0 2)))", "parentheses"),
        (f"{DECLARED}(declare-const X_0 Real)", "given twice"),
        (f"{DECLARED}(declare-const X_7 Real)", "5 variables"),
        ("(declare-const X_0 Real)", "1 variables"),
        (f"{DECLARED}(declare-const X_01 Real)", "the command"),
        (f"{DECLARED}(declare-const X_2 Int)", "the command"),
    ],
)
def test_other_properties_are_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(NotTranslated, match=re.escape(message)):
        regions_of(text.encode(), 2, 2)
