"""VNN-LIB: what is read means what the grammar's own reading means; and what is refused, where."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from ctypes import c_float
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import example, given
from lark.exceptions import LarkError

from abduce import clock
from abduce.clock import OutOfTime
from abduce.errors import InputError, UnsupportedError
from abduce.verify.refutation.counterexample import write_counterexample
from abduce.verify.specifications.specification import Case, Specification
from abduce.verify.specifications.vnnlib.reading import parse_property, read_property
from abduce.verify.specifications.vnnlib.text import TENSOR_TOKEN, TOKEN, Text
from tests.vnnlib_texts import (
    GRID,
    VARIABLES,
    Point,
    formulas,
    found,
    lark,
    meaning,
    read_counterexample,
)

HEAD = "".join(f"(declare-const {name} Real)\n" for name in VARIABLES)
BOX = "(assert (>= X_0 -2)) (assert (<= X_0 2)) (assert (>= X_1 -2)) (assert (<= X_1 2))\n"
PRELUDE = HEAD + BOX


def violated(specification: Specification, at: Point) -> bool:
    return found(specification, *([at[f"{letter}_{i}"] for i in range(2)] for letter in "XY"))


def same_meaning(text: str) -> None:
    specification, satisfied = parse_property(text), meaning(text)
    for values in product(GRID[::2], GRID[1::2], GRID[1:], GRID[1:]):
        at: Point = dict(zip(VARIABLES, values, strict=True))
        assert violated(specification, at) == satisfied(at), at


FORMULAS = formulas(VARIABLES, ["<=", ">=", "<", ">", "="], with_not=True)


@st.composite
def texts(draw: st.DrawFn) -> str:
    asserted = [f"(assert {formula})" for formula in draw(st.lists(FORMULAS, max_size=3))]
    place = draw(st.integers(0, len(asserted)))
    return HEAD + "\n".join([*asserted[:place], BOX, *asserted[place:]])


@given(texts(), st.randoms(use_true_random=False))
def test_the_cases_mean_what_the_text_says(text: str, random: Any) -> None:
    specification, satisfied = parse_property(text), meaning(text)
    for _ in range(20):
        at = {name: random.choice(GRID) for name in VARIABLES}
        assert violated(specification, at) == satisfied(at)


@pytest.mark.parametrize(
    "asserted",
    [
        "(assert (or (<= Y_0 0) (>= Y_1 1))) (assert (<= Y_0 -1))",  # after the or
        "(assert (<= Y_0 -1)) (assert (or (<= Y_0 0) (>= Y_1 1)))",  # before the or
        "(assert (and (<= Y_0 1) (or (> Y_0 0) (and (<= X_0 0) (>= Y_1 1))) (> Y_1 0)))",
        "(assert (or (and (<= X_0 0) (<= Y_0 0)) (and (>= X_0 1) (>= Y_0 0))))",  # no leaking
        "(assert (> Y_0 0))",  # a strict > is a lower bound
        "(assert (> X_0 0)) (assert (< X_1 1))",
        "(assert (>= 0.5 Y_0)) (assert (< -1 X_0))",  # the constant first
        "(assert (<= X_0 1)) (assert (<= X_0 0.5)) (assert (<= X_0 1.5))",
        "(assert (<= X_0 X_1))",
        "(assert (= Y_0 (+ X_0 X_1)))",
        "(assert (not (= X_0 (* 2 Y_0))))",
        "(assert (<= (- Y_0 (+ (* 0.5 X_0) (* -1.5 X_1) 1)) 0.5))",  # inputs and outputs
        "(assert (<= (- (* 3 X_0) 1) (- 2)))",
        "(assert (<= (* (+ 1 1) (- 1 3) X_0) (* 2 (* 3 0.5))))",
        "(assert (or (<= 1 2) (<= Y_0 0)))",  # true
        "(assert (or (< 2 2) (<= Y_0 0)))",
        "(assert (and (<= 2 1) (<= Y_0 0)))",  # false
        "(assert (<= X_0 X_0)) (assert (< (- Y_0 Y_0) 0.5))",
        "(assert (<= Y_0 Y_0))",
        "(assert (not (or (and (<= Y_0 0) (<= Y_1 0)) (<= X_0 0))))",
        "(assert (or (<= X_0 0) (<= X_1 0))) (assert (or (> X_0 0) (>= X_1 1) (<= Y_0 0)))",
        "(assert (or (or (<= X_0 0) (<= X_1 0)) (and (or (> X_0 0) (= Y_0 0)) (<= Y_1 0))))",
    ],
)
def test_forms_and_traps(asserted: str) -> None:
    same_meaning(PRELUDE + asserted)
    same_meaning(HEAD + asserted + BOX)


def only(specification: Specification) -> Case:
    (case,) = specification.cases
    return case


def test_numbers_are_rounded_once_to_the_nearest_float() -> None:
    case = only(
        parse_property(
            HEAD + "(assert (<= (+ X_0 0.1) 0.3)) (assert (>= (* 3 X_0) 4.89e-05))"
            "(assert (<= X_1 0.1)) (assert (>= X_1 -0.7004349250000000000000001))"
            "(assert (<= (* 0.1 3 Y_0) (+ 0.1 0.2)))"
        )
    )
    assert case.upper.tolist() == [0.2, 0.1]  # 0.3 - 0.1 of floats is 0.19999999999999998
    assert case.lower.tolist() == [float(Fraction("4.89e-05") / 3), -0.700434925]
    assert case.outputs.tolist() == [[0.3, 0.0]]  # 0.1 * 3 of floats is 0.30000000000000004
    assert case.bounds.tolist() == [0.3]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_bound_is_the_float_that_was_written(value: float) -> None:
    rest = "(assert (and (>= X_1 0) (<= X_1 0)))"
    short = f"(assert (<= X_0 {value!r})) (assert (>= X_0 {value!r}))"
    long = f"(assert (= (+ X_0 (- 0 {value!r})) 0))"
    for text in (short, long):
        case = only(parse_property(HEAD + text + rest))
        if c_float(value).value != value or Fraction(repr(value)) == Fraction(value):
            assert case.lower[0] == case.upper[0] == value
        else:  # a float32 number that is not quite what was written is not in the box
            assert case.lower[0] == case.upper[0]
            assert abs(case.lower[0] - value) == np.spacing(min(abs(case.lower[0]), abs(value)))


def test_cases_come_in_order_and_share_their_box() -> None:
    specification = parse_property(PRELUDE + "(assert (or (<= Y_0 0) (<= Y_1 1) (< X_0 Y_0)))")
    first, second, third = specification.cases
    assert (first.outputs.tolist(), second.bounds.tolist()) == ([[1.0, 0.0]], [1.0])
    assert third.inputs.tolist() == [[1.0, 0.0]]
    assert third.outputs.tolist() == [[-1.0, 0.0]]
    assert (third.strict.tolist(), second.strict.tolist()) == ([True], [False])
    assert first.lower is second.lower
    assert not first.lower.flags.writeable


def test_a_strict_bound_stays_strict() -> None:
    case = only(parse_property(PRELUDE + "(assert (< X_0 1))"))
    assert case.upper[0] == 1
    assert (case.inputs.tolist(), case.bounds.tolist()) == ([[1.0, 0.0]], [1.0])
    assert case.strict.tolist() == [True]


def test_cases_with_an_empty_box_are_dropped() -> None:
    assert parse_property(PRELUDE + "(assert (>= X_0 3))").cases == ()
    text = PRELUDE + "(assert (or (and (>= X_0 3) (<= Y_0 0)) (<= Y_1 0)))"
    assert only(parse_property(text)).outputs.tolist() == [[0.0, 1.0]]


WORDS = ["(", ")", "and", "or", "not", "<=", "=", "+", "-", "*", "assert", "declare-const", "Real"]
WORDS += ["X_0", "Y_1", "Z_0", "X_01", "X_9", "1", "-5", "1e5", "nan", "1_0", "0x1", "e5", ";", "é"]
BEYOND_GRAMMAR = ("not declared", "declared again", "bound of", "declaration of")


@given(texts(), st.data())
def test_the_grammar_and_the_reader_accept_the_same_texts(text: str, data: st.DataObject) -> None:
    tokens = text.replace("(", " ( ").replace(")", " ) ").split()
    place = data.draw(st.integers(0, len(tokens)))
    width = data.draw(st.integers(0, 2))
    tokens[place : place + width] = data.draw(st.lists(st.sampled_from(WORDS), max_size=2))
    agree(" ".join(tokens))


@given(st.text(alphabet=st.sampled_from("()<=+-*;.e5\n\r\t \xa0\x0bassertX_0"), max_size=20))
@example("assert (<= X_0 1)")
def test_the_grammar_and_the_reader_accept_the_same_characters(text: str) -> None:
    agree(PRELUDE + text)
    agree(f"{PRELUDE}(assert (<= {text} 1))")


def agree(text: str) -> None:
    """Of several errors the reader tells the first, which may be none of the grammar's."""
    wrong = refused(text)
    try:
        lark().parse(text)
    except LarkError:
        assert wrong
    else:
        assert not wrong or any(part in wrong for part in BEYOND_GRAMMAR)


def refused(text: str) -> str:
    try:
        parse_property(text)
    except InputError as error:
        return error.found
    except UnsupportedError:
        pass
    return ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"^p:1:1: found an empty file, expected one of 'assert' or 'declare-const'"),
        ("; nothing\n", r"^p:2:1: found an empty file"),
        ("x", r"^p:1:1: found 'x', expected '\('"),
        (")", r"^p:1:1: found '\)', expected '\('"),
        ("(", r"^p:1:2: found the end"),
        ("(check-sat)", r"^p:1:2: found 'check-sat'"),
        ("(declare-const Z_0 Real)", r"^p:1:16: found 'Z_0', expected one of X_<number> or"),
        ("(declare-const X_00 Real)", r"^p:1:16: found 'X_00'"),
        ("(declare-const X_0 Int)", r"^p:1:20: found 'Int', expected 'Real'"),
        ("(declare-const X_0)", r"^p:1:19: found the end of 'declare-const' after 1 of 2"),
        ("(declare-const X_0 Real Real)", r"^p:1:25: found 3 arguments of 'declare-const'"),
        ("(declare-const (+ 1 2) Real)", r"^p:1:16: found '\('"),
        (
            "(declare-const X_0 Real)\n(declare-const X_0 Real)",
            r"^p:2:16: found X_0 declared again",
        ),
        ("(declare-const X_0 Real)", r"^p: found no declaration of Y_0"),
        (
            "(declare-const X_1 Real)(declare-const Y_0 Real)",
            r"^p: found no declaration of X_0, expected \(declare-const X_0 Real\)",
        ),
        (
            "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n(assert (<= X_0 1))",
            r"^p:1:16: found no lower bound of X_0, expected \(assert \(>= X_0 …\)\)",
        ),
        (
            HEAD + "(assert (and (>= X_0 0) (<= X_0 1) (<= X_1 1)\n(or (>= X_1 0) (<= Y_0 0))))",
            r"^p:2:16: found no lower bound of X_1 in case 2 of 2",
        ),
        (PRELUDE + "(assert (<= X_7 1))", r"^p:6:13: found 'X_7', not declared"),
        (
            PRELUDE + "(assert (<= (+ 1 Y_0 y) 1))",
            r"^p:6:22: found 'y', expected one of a declared",
        ),
        (PRELUDE + "(assert (<= X_0 nan))", r"^p:6:17: found 'nan'"),
        (PRELUDE + "(assert (<= X_0 inf))", r"^p:6:17: found 'inf'"),
        (PRELUDE + "(assert (<= X_0 1_0))", r"^p:6:17: found '1_0'"),
        (PRELUDE + "(assert (<= X_0 1e999))", r"^p:6:17: found '1e999'.*range of float64"),
        (PRELUDE + "(assert (<= (+ X_0 1) 1e999999999))", r"^p:6:23: found '1e999999999'"),
        (PRELUDE + f"(assert (<= X_0 {'9' * 5000}))", r"^p:6:17: found '9{60}…'"),
        (PRELUDE + "(assert (<= (* 1e300 1e300) X_0))", r"^p:6:9: found a number out of range"),
        (PRELUDE + "(assert (<= (* 1e-300 1e-300 Y_0) 1))", r"^p:6:9: found a number out of range"),
        (PRELUDE + "(assert (<= X_0))", r"^p:6:16: found the end of '<=' after 1 of 2 arguments"),
        (PRELUDE + "(assert (<= 0 X_0 1))", r"^p:6:19: found 3 arguments of '<='"),
        (PRELUDE + "(assert (<= (+) X_0))", r"^p:6:15: found the end of '\+' after 0 of 1"),
        (PRELUDE + "(assert (or))", r"^p:6:12: found the end of 'or' after 0 of 1 arguments"),
        (PRELUDE + "(assert (not (<= Y_0 1) (<= Y_0 1)))", r"^p:6:25: found 2 arguments of 'not'"),
        (PRELUDE + "(assert)", r"^p:6:8: found the end of 'assert'"),
        (PRELUDE + "(assert (<= Y_0 1) (<= Y_0 1))", r"^p:6:20: found 2 arguments of 'assert'"),
        (PRELUDE + "(assert X_0)", r"^p:6:9: found 'X_0', expected a formula"),
        (PRELUDE + "(assert (+ X_0 1))", r"^p:6:9: found '\(', expected a formula"),
        (PRELUDE + "(assert (<= X_0 (<= X_0 1)))", r"^p:6:17: found '\(', expected a term"),
        (PRELUDE + "(assert (=> X_0 1))", r"^p:6:10: found '=>', expected one of"),
        (PRELUDE + "(assert (assert (<= X_0 1)))", r"^p:6:10: found 'assert'"),
        (PRELUDE + "(assert (<= X_0 1)", r"^p:6:19: found the end, expected '\)'(.|\n)*line 6"),
        (PRELUDE + "(assert (<= X_0 1)))", r"^p:6:20: found '\)', expected '\('"),
        (PRELUDE + "(" * 100_000, r"^p:6:2: found '\('"),
        (PRELUDE + "(assert " + "(and " * 100_000, r"found the end, expected '\)'"),
        (PRELUDE + ")" * 100_000, r"^p:6:1: found '\)'"),
    ],
    ids=lambda value: value[-25:],
)
def test_bad_input_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_property(text, "p")


@pytest.mark.parametrize(
    ("opening", "depth"), [("(and ", 100_000), ("(or ", 5_000), ("(not ", 5_000)]
)
def test_deep_formulas_are_read(opening: str, depth: int) -> None:
    closing = ")" * (depth * opening.count("("))
    case = only(parse_property(f"{PRELUDE}(assert {opening * depth}(<= Y_0 1){closing})"))
    assert case.bounds.tolist() == [1.0]


@pytest.mark.parametrize(
    ("opening", "count"),
    [("(and (<= X_0 1) ", 1), ("(or (<= Y_0 2) ", 5_001), ("(not (or (<= Y_0 2) ", None)],
)
def test_deep_mixtures_are_read(opening: str, count: int | None) -> None:
    depth = 5_000 if count else 20_000
    closing = ")" * (depth * (opening.count("(") - opening.count(")")))
    text = f"{PRELUDE}(assert {opening * depth}(<= Y_0 1){closing})"
    if count is None:
        with pytest.raises(UnsupportedError, match="5,000,000 inequalities"):
            parse_property(text)
    else:
        assert len(parse_property(text).cases) == count


@pytest.mark.parametrize("opening", ["(+ 1 ", "(- ", "(* 1 ", "(+ X_0 "])
def test_deep_terms_are_read(opening: str) -> None:
    depth = 5_000
    text = f"{PRELUDE}(assert (<= {opening * depth}Y_0{')' * depth} 1))"
    assert only(parse_property(text)).outputs[0, 0] == 1.0


def test_a_factor_of_too_many_digits_is_refused() -> None:
    text = f"{PRELUDE}(assert (<= {'(* 1e-300 ' * 10_000}Y_0{')' * 10_000} 1))"
    with pytest.raises(InputError, match="out of range"):
        parse_property(text)


def test_all_products_of_variables_are_reported() -> None:
    text = PRELUDE + "(assert (<= (* X_0 Y_0) 1))\n(assert (<= (+ 1 (* 2 X_0 X_0)) 1))"
    with pytest.raises(UnsupportedError) as caught:
        parse_property(text, "p")
    assert caught.value.parts == (
        "line 6: the product (* X_0 Y_0)",
        "line 7: the product (* 2 X_0 X_0)",
    )


@pytest.mark.parametrize("repeated", ["(assert (or (<= Y_0 0) (<= Y_1 0)))"])
def test_too_many_cases_are_refused(repeated: str) -> None:
    assert len(parse_property(PRELUDE + repeated * 10).cases) == 1024
    with pytest.raises(UnsupportedError, match="more than 100,000 cases"):
        parse_property(PRELUDE + repeated * 200)
    nested = repeated.removeprefix("(assert").removesuffix(")") * 200
    with pytest.raises(UnsupportedError, match="more than 100,000 cases"):
        parse_property(f"{PRELUDE}(assert (and {nested}))")


def test_the_counts_of_the_network_must_be_those_declared() -> None:
    assert parse_property(PRELUDE, inputs=2, outputs=2).inputs == 2
    with pytest.raises(InputError, match="found 2 inputs, X_0 to X_1, expected 5 inputs"):
        parse_property(PRELUDE, inputs=5, outputs=2)
    assert parse_property(PRELUDE, inputs=(1, 2), outputs=(2, 1)).inputs == 2
    with pytest.raises(InputError, match="found 2 inputs, X_0 to X_1, expected 6 inputs"):
        parse_property(PRELUDE, inputs=(2, 3))
    with pytest.raises(InputError, match="found 2 outputs, Y_0 to Y_1, expected 1 outputs"):
        parse_property(PRELUDE, inputs=2, outputs=1)


def test_files_plain_and_compressed(tmp_path: Path) -> None:
    plain, packed = tmp_path / "p.vnnlib", tmp_path / "p.vnnlib.gz"
    plain.write_bytes(b"\xef\xbb\xbf" + PRELUDE.replace("\n", "\r\n").encode())
    packed.write_bytes(gzip.compress(PRELUDE.encode()))
    assert len(read_property(plain).cases) == len(read_property(packed).cases) == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (gzip.compress(PRELUDE.encode(), mtime=0)[:-12], "found a damaged gzip file"),
        (gzip.compress(PRELUDE.encode(), mtime=0)[:40] + b"\xff" * 60, "found a damaged gzip file"),
        (b"; 3\n; \xe9t\xe9\n", r"p:2:3: found the byte 0xe9, expected text in UTF-8"),
        (b"", "p:1:1: found an empty file"),
        (b"\xff\xfe(\x00", "p:1:1: found the byte 0xff"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_property(path)


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file that can be read"):
        read_property(tmp_path / "p.vnnlib")


finite = st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=4).map(np.array)


@given(finite, finite)
def test_a_counterexample_is_read_back_as_it_was(x: np.ndarray, y: np.ndarray) -> None:
    read = read_counterexample(write_counterexample(x, y))
    np.testing.assert_array_equal(read[0], x)
    np.testing.assert_array_equal(read[1], y)


def test_no_counterexample_is_written_of_what_is_not_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        write_counterexample(np.array([np.nan]), np.zeros(1))


def files(data: Path) -> list[Path]:
    paths = sorted(p for p in (data / "verify").rglob("*.vnnlib*") if p.is_file())
    if not paths:
        pytest.skip("no verification benchmarks in the data folder")
    return paths


def test_benchmark_properties_are_read_and_fit_the_grammar(data: Path) -> None:
    by_folder = {path.parent: path for path in files(data)}
    for path in by_folder.values():
        assert read_property(path).cases
    for path in [path for path in files(data) if path.stat().st_size < 1000][:20]:
        raw = path.read_bytes()
        lark().parse((gzip.decompress(raw) if path.suffix == ".gz" else raw).decode())


@pytest.mark.slow
def test_every_benchmark_property_is_read(data: Path) -> None:
    for path in files(data):
        assert read_property(path).cases


def test_published_counterexamples_violate_their_property(data: Path) -> None:
    folder = data / "verify" / "acasxu"
    witnesses = sorted((folder / "witness").glob("*.alpha_beta_crown.*.gz"))
    if not witnesses:
        pytest.skip("no counterexamples in the data folder")
    for path in witnesses:
        name = path.name.split("__")[1].split(".")[0]
        specification = read_property(folder / "vnnlib" / f"{name}.vnnlib.gz", 5, 5)
        x, y = read_counterexample(gzip.decompress(path.read_bytes()).decode())
        assert specification.violated_by(x, y, 1e-4) is not None


@given(st.text(alphabet="()ab \n;X_0", max_size=60), st.integers(1, 5))
def test_a_text_is_cut_into_the_same_tokens_in_parts_as_at_once(text: str, part: int) -> None:
    whole = [token for token in TOKEN.findall(text) if token[0] != ";"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("abduce.verify.specifications.vnnlib.text.PART", part)
        assert Text.of(text).tokens == whole


@given(st.text(alphabet='()a[1] \n;",', max_size=60), st.integers(1, 5))
def test_so_is_a_text_of_the_second_version(text: str, part: int) -> None:
    whole = [token for token in TENSOR_TOKEN.findall(text) if token[0] != ";"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("abduce.verify.specifications.vnnlib.text.PART", part)
        assert Text.of(text, token=TENSOR_TOKEN).tokens == whole


def test_reading_ends_at_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is a second: whichever look is the last one, reading ends there."""
    cases = " ".join(f"(and (<= X_0 {i}) (>= Y_0 {i}))" for i in range(1, 200))
    text = f"{PRELUDE}\n(assert (or {cases}))\n"
    for module in ("text.PART", "reader.LOOKS"):
        monkeypatch.setattr(f"abduce.verify.specifications.vnnlib.{module}", 50)
    looks = 0

    def tick() -> float:
        nonlocal looks
        looks += 1
        return float(looks)

    monkeypatch.setattr(clock, "wall_s", tick)
    assert len(parse_property(text, deadline=1e9).cases) > 100
    every = looks
    assert every > 150
    for deadline in range(0, every, 20):
        looks = 0
        with pytest.raises(OutOfTime):
            parse_property(text, deadline=float(deadline))
        assert looks == deadline + 1


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_text_that_unpacks_to_more_than_the_limit_is_refused(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.vnnlib"
    path.write_bytes(pack(PRELUDE.encode()))
    assert len(read_property(path).cases) == 1
    monkeypatch.setattr("abduce.verify.specifications.vnnlib.reading.MOST_BYTES", len(PRELUDE) - 1)
    with pytest.raises(InputError, match=r"found more than .* expected a VNN-LIB file"):
        read_property(path)
