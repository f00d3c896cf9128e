"""VNN-LIB 1.0 files as specifications.

A file declares inputs X_0, X_1, … and outputs Y_0, Y_1, … and asserts formulas about them; it asks
for a point that satisfies all of the assertions. They may nest `and`, `or` and `not` at will, with
`<=`, `>=`, `<`, `>` and `=` between linear terms of inputs and outputs; `grammars/vnnlib.lark` is
the grammar. What is read is the disjunctive normal form: a case is a box and linear inequalities.

- Atoms over one input are bounds of the box; bounds that are given again are intersected. A strict
  one also stays as a strict inequality. A case with an empty box is dropped.
- Every other atom is an inequality of the case. An equation is two inequalities.
- Numbers are decimal numbers. What the file computes with them is computed exactly; each
  coefficient and each bound is rounded once, to the nearest float64.

The reader is a stack machine over tokens and not the parser that lark makes of the grammar: lark
takes longer to import than most properties take to be read, and five times as long for the rest.
The tests hold the reader to the grammar.

Source: the VNN-LIB 1.0 standard.
"""

import gzip
import zlib
from pathlib import Path

from abduce.errors import InputError
from abduce.verify.specification import Specification
from abduce.verify.vnnlib_cases import cases
from abduce.verify.vnnlib_reader import Reader
from abduce.verify.vnnlib_text import Text, error_at


def read_property(
    path: Path, inputs: int | None = None, outputs: int | None = None
) -> Specification:
    """The specification in a VNN-LIB file, or in one compressed by gzip.

    Args:
        inputs, outputs: how many there must be, where that is known.

    Raises:
        InputError: not such a file; with line, column and caret.
        UnsupportedError: VNN-LIB 2.0, products of variables (all of them at once), or a normal form
            that is too large.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            "a damaged gzip file", ("a VNN-LIB file",), path, advice="Get the file again."
        ) from error
    except OSError as error:
        raise InputError(
            f"no file that can be read ({error.strerror})", ("a VNN-LIB file",), path
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data.decode("utf-8", errors="replace")
        start = len(data[: error.start].decode("utf-8"))
        raise error_at(
            readable, start, path, ("text in UTF-8",), f"the byte 0x{data[error.start]:02x}"
        ) from error
    return parse_property(text, path, inputs, outputs)


def parse_property(
    text: str,
    path: Path | str | None = None,
    inputs: int | None = None,
    outputs: int | None = None,
) -> Specification:
    """The specification that a VNN-LIB text describes.

    Args:
        path: what to call the text in an error.
        inputs, outputs: how many there must be, where that is known.

    Raises:
        InputError, UnsupportedError: as `read_property`.

    >>> specification = parse_property('''
    ...     (declare-const X_0 Real)
    ...     (declare-const Y_0 Real)
    ...     (assert (and (>= X_0 -1) (<= X_0 0.5)))
    ...     (assert (or (>= Y_0 3) (<= Y_0 (* 2 X_0))))
    ... ''')
    >>> for case in specification.cases:
    ...     print(case.lower, case.upper, case.inputs, case.outputs, case.bounds)
    [-1.] [0.5] [[0.]] [[-1.]] [-3.]
    [-1.] [0.5] [[-2.]] [[1.]] [0.]
    """
    reader = Reader(Text.of(text, path))
    formula = reader.formula()
    counts = reader.count("X", inputs, "inputs"), reader.count("Y", outputs, "outputs")
    return Specification(*counts, cases(reader, formula, *counts))
