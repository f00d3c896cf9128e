"""VNN-LIB 2.0: what is read is what 1.0 says in its words; and what is refused, where."""

import gzip
from math import prod
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from lark.exceptions import LarkError

from abduce.errors import InputError, UnsupportedError
from abduce.verify.specifications.specification import Specification
from abduce.verify.specifications.vnnlib.reading import parse_property, read_property
from abduce.verify.specifications.vnnlib.writing import write_property
from tests.vnnlib_texts import ENTRIES, GRID, VARIABLES, formulas, found, lark, meaning, same

VERSION = "(vnnlib-version <2.0>)\n"
HEAD = VERSION + "(declare-network N (declare-input X real [1,2]) (declare-output Y float32 [2]))\n"
BOX = " ".join(f"(<= -2 {x}) (<= {x} 2)" for x in ENTRIES[:2])
PRELUDE = f"{HEAD}(assert (and {BOX}))\n"
FORMULAS = formulas(ENTRIES, ["<=", ">=", "<", ">", "=", "==", "!="], with_not=False)


@st.composite
def texts(draw: st.DrawFn) -> str:
    asserted = [f"(assert {formula})" for formula in draw(st.lists(FORMULAS, max_size=3))]
    place = draw(st.integers(0, len(asserted)))
    return HEAD + "\n".join([*asserted[:place], f"(assert (and {BOX}))", *asserted[place:]])


@given(texts(), st.randoms(use_true_random=False))
def test_the_cases_mean_what_the_text_says(text: str, random: Any) -> None:
    specification, satisfied = parse_property(text), meaning(text, "vnnlib2")
    for _ in range(20):
        at = {name: random.choice(GRID) for name in ENTRIES}
        x, y = ([at[name] for name in names] for names in (ENTRIES[:2], ENTRIES[2:]))
        assert found(specification, x, y) == satisfied(at)


def as_version_1(text: str) -> str:
    """A text of `texts` in the words of 1.0."""
    text = text.replace(HEAD, "".join(f"(declare-const {name} Real)\n" for name in VARIABLES))
    for new, old in zip(ENTRIES, VARIABLES, strict=True):
        text = text.replace(new, old)
    return text.replace("==", "=")


@given(texts().filter(lambda text: "!=" not in text))
def test_both_versions_say_the_same(text: str) -> None:
    same(parse_property(text), parse_property(as_version_1(text)))


@given(texts(), st.sampled_from(["1.0", "2.0"]))
def test_what_is_written_is_read_back(text: str, version: str) -> None:
    specification = parse_property(text)
    written = write_property(specification, version, (1, 2), (2,))
    same(parse_property(written, inputs=(1, 2), outputs=(2,)), specification)
    lark("vnnlib2" if version == "2.0" else "vnnlib").parse(written)
    assert version == "1.0" or "e" not in written.split("Y real")[1].replace("assert", "")


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(finite, min_size=4, max_size=4), st.sampled_from(["1.0", "2.0"]))
def test_every_float_is_written_so_that_it_is_read_back(values: list[float], version: str) -> None:
    low, high, factor, bound = values
    low, high = sorted([low, high])
    text = f"(declare-const X_0 Real) (declare-const Y_0 Real) (assert (<= {low!r} X_0))" + (
        f"(assert (<= X_0 {high!r})) (assert (< (+ X_0 (* {factor!r} Y_0)) {bound!r}))"
    )
    specification = parse_property(text)
    same(parse_property(write_property(specification, version)), specification)


@pytest.mark.parametrize(("version", "shape"), [("3.0", (2,)), ("1.0", (3,))])
def test_what_cannot_be_written_is_refused(version: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"VNN-LIB 3\.0|shapes \(3,\)"):
        write_property(parse_property(PRELUDE), version, shape)


@given(st.lists(st.integers(1, 4), max_size=4), st.data())
def test_entries_are_counted_in_the_order_of_c(shape: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, prod(shape) - 1))
    entry = ",".join(str(i) for i in np.unravel_index(place, shape)) if shape else ""
    name = f"Y[{entry}]" if shape else "Y"
    text = f"{VERSION}(declare-network N (declare-input X real []) (declare-output Y real {shape}))"
    (case,) = parse_property(f"{text}(assert (and (>= X 0) (<= X 1) (<= {name} 3)))").cases
    assert np.flatnonzero(case.outputs).tolist() == [place]
    assert case.outputs.shape == (1, prod(shape))


SPELLINGS = [
    PRELUDE.replace("real [1,2]", "float32[ 1 ,\n2 ]").replace("X[0,1]", "X [0 ,1 ]"),
    PRELUDE.replace("real", "Real").replace("float32", "bfloat16"),
    PRELUDE.replace("<2.0>", "<2.1>").replace(") ", ")"),
    "; (\n" + PRELUDE.replace(" N ", " ; )\n and\f"),
    PRELUDE.replace("\n", "\r\n"),
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings(text: str) -> None:
    lark("vnnlib2").parse(text)
    same(parse_property(text), parse_property(PRELUDE))


WORDS = ["(", ")", "and", "or", "not", "<=", "==", "!=", "+", "*", "assert", "N", "real", "float32"]
WORDS += ["X[0,1]", "Y[1]", "Y [2]", "X[0]", "X", "Z[0]", "X[0,", "[", "]", "real[2]", "real []"]
WORDS += ["declare-input", "declare-output", "declare-hidden", "equal-to", "initialized", '"node"']
WORDS += ["(declare-output Z int8 [3])", '(declare-hidden H real [1] "h")', "(equal-to N)", "<2.0>"]
WORDS += [
    "1",
    "-5",
    "1e5",
    "nan",
    "0x1",
    ";",
    "é",
    '"',
    "[0,1]",
    "real [0]",
    "real [01]",
    "int64 [2]",
]
BEYOND_GRAMMAR = (
    *("not declared", "declared again", "bound of", "the type", "'real [0]'", "where "),
    *("'real", "'float32", "'int64"),  # an entry by its form, and a declared name it is not
)


@given(texts(), st.data())
def test_the_grammar_and_the_reader_accept_the_same_texts(text: str, data: st.DataObject) -> None:
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()
    place = data.draw(st.integers(0, len(tokens)))
    width = data.draw(st.integers(0, 2))
    tokens[place : place + width] = data.draw(st.lists(st.sampled_from(WORDS), max_size=2))
    agree(VERSION + " ".join(tokens).removeprefix("( vnnlib-version <2.0> )"))


@given(st.text(alphabet=st.sampled_from('()<=+-*;.[],"e5\n\r\t \xa0\x0bassertX0'), max_size=20))
def test_the_grammar_and_the_reader_accept_the_same_characters(text: str) -> None:
    agree(PRELUDE + text)
    agree(f"{PRELUDE}(assert (<= {text} 1.0))")
    agree(HEAD.replace("real [1,2]", f"real {text}") + "(assert (<= 1 2))")


def agree(text: str) -> None:
    """Of several errors the reader tells the first, which may be none of the grammar's."""
    wrong = refused(text)
    assert wrong != "somewhere"
    try:
        lark("vnnlib2").parse(text)
    except LarkError:
        assert wrong
    else:
        assert not wrong or any(part in wrong for part in BEYOND_GRAMMAR)


def refused(text: str) -> str:
    try:
        parse_property(text)
    except InputError as error:
        return error.found if error.line and error.column else "somewhere"
    except UnsupportedError:
        pass
    return ""


@given(st.integers(0, len(PRELUDE.rstrip()) - 1))
def test_no_part_of_a_text_is_a_specification(length: int) -> None:
    with pytest.raises(InputError):
        parse_property(PRELUDE[:length])


def network(*declared: str) -> str:
    return f"{VERSION}(declare-network N {' '.join(declared)})\n(assert (<= X[0] 1.0))"


X, Y = "(declare-input X real [5])", "(declare-output Y real [5])"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(vnnlib-version)", r"^p:1:16: found '\)', expected a version, as in <2.0>"),
        ("(vnnlib-version 2.0)", r"^p:1:17: found '2.0', expected a version"),
        ("(vnnlib-version <2.0", r"^p:1:17: found '<2.0'"),
        ("(vnnlib-version <2.0> 1)", r"^p:1:23: found '1', expected '\)'"),
        (VERSION, r"^p:2:1: found the end, expected '\('"),
        (VERSION + "(assert (<= 1 2))", r"^p:2:2: found 'assert', expected 'declare-network'"),
        (VERSION * 2, r"^p:2:2: found 'vnnlib-version', expected 'declare-network'"),
        (HEAD, r"^p:3:1: found the end, expected 'assert'"),
        (HEAD + "(check-sat)", r"^p:3:2: found 'check-sat', expected 'assert'"),
        (PRELUDE + HEAD, r"^p:4:2: found 'vnnlib-version', expected 'assert'"),
        (PRELUDE + "(declare-network", r"^p:4:2: found 'declare-network', expected 'assert'"),
        (network(Y, X), r"^p:2:21: found 'declare-output', expected one of 'declare-input', 'equ"),
        (network(X), r"^p:2:46: found '\)', expected one of 'declare-hidden', 'declare-input' or"),
        (network(X, Y, X), r"^p:2:76: found 'declare-input', expected one of '\)' or 'declare-out"),
        (network(X.replace("X", "1X"), Y), r"^p:2:35: found '1X', expected a name"),
        (network(X, Y.replace("Y", "X")), r"^p:2:63: found X declared again, expected a new name"),
        (network(X.replace(" [5]", ""), Y), r"^p:2:37: found 'real', expected a type and a shape"),
        (network(X.replace("real", ""), Y), r"^p:2:35: found 'X  \[5\]', expected a name"),
        (network(X.replace("5", "5,"), Y), r"^p:2:37: found 'real \[5,\]', expected a type and a"),
        (network(X.replace("5", "0"), Y), r"^p:2:37: found 'real \[0\]', expected a shape without"),
        (network(X.replace("5", "05"), Y), r"^p:2:37: found 'real \[05\]'"),
        (network(X.replace("5", "-5"), Y), r"^p:2:37: found 'real \[-5\]'"),
        (network(X.replace("real", "float"), Y), r"^p:2:37: found the type 'float', expected one"),
        (network(X.replace("]", '] "in"'), Y), r"^p:2:46: found '\"in\"', expected '\)'"),
        (network(X, "(declare-hidden H real [5])", Y), r"^p:2:73: found '\)', expected the name o"),
        (network("(equal-to)", X, Y), r"^p:2:29: found '\)', expected the name of a network"),
        (PRELUDE + "(assert (<= Z[0] 1))", r"^p:4:13: found 'Z\[0\]', not declared, expected one"),
        (PRELUDE + "(assert (<= X_0 1))", r"^p:4:13: found 'X_0', not declared"),
        (PRELUDE + "(assert (<= X 1))", r"^p:4:13: found 'X', where X has shape \[1,2\]"),
        (PRELUDE + "(assert (<= X[1] 1))", r"^p:4:13: found 'X\[1\]', where X has shape \[1,2\]"),
        (PRELUDE + "(assert (<= (+ 1 X[0,2]) 1))", r"^p:4:18: found 'X\[0,2\]', where X has shape"),
        (PRELUDE + "(assert (<= X[0,-1] 1))", r"^p:4:13: found 'X\[0,-1\]', expected one of a de"),
        (PRELUDE + "(assert (<= X[0][0] 1))", r"^p:4:18: found 5 arguments of '<='"),
        (PRELUDE + "(assert (<= X[0,0 1))", r"^p:4:15: found 4 arguments of '<='"),
        (PRELUDE + "(assert (not (<= X[0,0] 1)))", r"^p:4:10: found 'not', expected one of '!='"),
        (PRELUDE + "(assert (<= Y[0] nan))", r"^p:4:18: found 'nan'"),
        (PRELUDE + "(assert (<= Y[0] 1e999))", r"^p:4:18: found '1e999'.*range of float64"),
        (PRELUDE + "(assert (<= Y[0] 1))) x", r"^p:4:21: found '\)'"),
        (PRELUDE + "(assert (<= Y[0] 1)", r"^p:4:20: found the end, expected '\)'(.|\n)*line 4"),
        (
            HEAD + "(assert (and (<= X[0,0] 1) (>= X[0,0] 0) (<= X[0,1] 1)))",
            r"^p:2:35: found no lower bound of X\[0,1\], expected \(assert \(>= X\[0,1\] …\)\)",
        ),
        (
            HEAD + f"(assert (or (and {BOX}) (<= Y[0] 1)))",
            r"^p:2:35: found no lower bound of X\[0,0\] in case 2 of 2",
        ),
        (VERSION + "(" * 100_000, r"^p:2:2: found '\('"),
        (HEAD + "(assert " + "(and " * 100_000, r"found the end, expected '\)'"),
        (VERSION + "[" * 100_000, r"^p:2:1: found '\['"),
        (VERSION + "X[ " * 100_000, r"^p:2:1: found 'X'"),
        (VERSION + '"' * 99_999, r"^p:2:1: found '\"\"'"),
    ],
    ids=lambda value: value[-25:],
)
def test_bad_input_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_property(text, "p")


def test_all_that_is_not_supported_is_reported_at_once() -> None:
    text = (
        "(vnnlib-version <2.0>)\n"
        "(declare-network f (declare-input X real [2])\n"
        "    (declare-input U int64 [1])\n"
        '    (declare-hidden H real [4] "relu_1")\n'
        "    (declare-output Y real [2]) (declare-output Z real [9999,9999]))\n"
        "(declare-network g (isomorphic-to f)\n"
        "    (declare-input V real [2] initialized) (declare-output W real [2]))\n"
        "(assert (<= (* X[0] Y[0]) 1.0))\n"
        "(assert (or (<= V[0] X[0]) (== H[3] U[0]) (>= (* 2.0 (+ W[1] Z[0,5]) Y[1]) 1.0)))\n"
    )
    lark("vnnlib2").parse(text)
    with pytest.raises(UnsupportedError) as caught:
        parse_property(text, "p")
    assert caught.value.what == "p"
    assert sorted(caught.value.parts) == [
        "line 3: U of int64",
        "line 3: U, another input than X",
        "line 4: H, a hidden node",
        "line 5: Z, another output than Y",
        "line 5: Z, of more than 16,777,216 entries",
        "line 6: g, another network than f",
        "line 6: isomorphic-to f",
        "line 7: V, an initialized input",
        "line 8: the product (* X[0] Y[0])",
        "line 9: the product (* 2.0 (+ W[1] Z[0,5]) Y[1])",
    ]
    with pytest.raises(InputError, match=r"^p:9:75: found '1.0x'"):
        parse_property(text.replace("Y[1]) 1.0", "Y[1])1.0x"), "p")


@pytest.mark.parametrize("version", ["<1.0>", "<3.0>"])
def test_other_versions_are_refused_as_such(version: str) -> None:
    with pytest.raises(UnsupportedError, match=f"VNN-LIB {version[1:-1]}"):
        parse_property(PRELUDE.replace("<2.0>", version))


@pytest.mark.parametrize("size", [2, (2,), (1, 2), (2, 1), (1, 1, 2), None])
def test_shapes_agree_apart_from_axes_of_one_entry(size: int | tuple[int, ...] | None) -> None:
    assert parse_property(PRELUDE, inputs=size, outputs=size).inputs == 2


def test_other_shapes_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        parse_property(PRELUDE, "p", inputs=(1, 5))
    assert str(caught.value).startswith(
        "p:2:35: found X of shape [1,2], expected shape [1,5], as the network's input has"
    )
    with pytest.raises(InputError, match=r"found Y of shape \[2\], expected no axes, as the netw"):
        parse_property(PRELUDE, outputs=())
    with pytest.raises(InputError, match=r"found Y of shape \[2\], expected 3 entries, as the net"):
        parse_property(PRELUDE, outputs=3)
    text = PRELUDE.replace("Y float32 [2]", "Y float32 [3,2]")
    assert parse_property(text, outputs=(3, 2)).outputs == 6
    with pytest.raises(InputError, match=r"found Y of shape \[3,2\], expected shape \[2,3\]"):
        parse_property(text, outputs=(2, 3))


def test_files_plain_and_compressed(tmp_path: Path) -> None:
    plain, packed = tmp_path / "p.vnnlib", tmp_path / "p.vnnlib.gz"
    plain.write_bytes(b"\xef\xbb\xbf" + PRELUDE.encode())
    packed.write_bytes(gzip.compress(PRELUDE.encode()))
    same(read_property(plain, (1, 2), (2,)), read_property(packed))


def test_benchmark_properties_in_version_2_are_the_same(data: Path) -> None:
    folder = data / "verify" / "acasxu" / "vnnlib"
    paths = sorted(folder.glob("*.gz"))
    if not paths:
        pytest.skip("no verification benchmarks in the data folder")
    for path in paths:
        specification = read_property(path)
        assert isinstance(specification, Specification)
        text = write_property(specification, "2.0", (1, 1, 1, 5), (1, 5))
        same(parse_property(text, inputs=(5,), outputs=(5,)), specification)
