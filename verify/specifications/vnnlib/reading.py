"""VNN-LIB files as specifications, of version 1.0 and 2.0.

A file declares inputs and outputs and asserts formulas about them; it asks for a point that
satisfies all of the assertions. They nest `and`, `or` and (in 1.0) `not` at will, with comparisons
of linear terms of inputs and outputs; `vnnlib.lark` and `vnnlib2.lark` in `grammars/languages` are
the grammars. What is read is the disjunctive normal form: a case is a box and linear inequalities.

- Atoms over one input are bounds of the box; bounds that are given again are intersected. A strict
  one also stays as a strict inequality. A case with an empty box is dropped.
- Every other atom is an inequality of the case. An equation is two inequalities, and its negation
  one of two.
- Numbers are decimal numbers. What the file computes with them is computed exactly; each
  coefficient and each bound is rounded once, to the nearest float64. Where that is a float32 number
  that the bound of an input excludes, the next float64 is taken.
- In 2.0 a type of floating-point numbers means real numbers, as `real` does, and types are not
  compared with each other. Numbers may be integers or have an exponent, `=` means `==`.

The reader is a stack machine over tokens and not the parser that lark makes of the grammar: lark
takes longer to import than most properties take to be read, and five times as long for the rest.
The tests hold the reader to the grammars.

Source: the VNN-LIB 1.0 standard; the draft of VNN-LIB 2.0 with the grammar of `vnnlib` 1.0.2.
"""

from itertools import islice
from pathlib import Path

from abduce.errors import InputError, UnsupportedError
from abduce.files import unpacked
from abduce.verify.specifications.cases import TOO_MANY_CASES, UnboundedError, cases
from abduce.verify.specifications.formulas import TooManyCasesError
from abduce.verify.specifications.specification import Specification
from abduce.verify.specifications.vnnlib.exact import Assertions
from abduce.verify.specifications.vnnlib.reader import Reader, Size
from abduce.verify.specifications.vnnlib.scalars import Scalars
from abduce.verify.specifications.vnnlib.tensors import Tensor, Tensors
from abduce.verify.specifications.vnnlib.text import TENSOR_TOKEN, TOKEN, Text, error_at

MOST_BYTES = 2**28
"""The upper limit on the bytes of a text, after decompression."""


def read_property(
    path: Path,
    inputs: Size | None = None,
    outputs: Size | None = None,
    *,
    deadline: float | None = None,
) -> Specification:
    """The specification in a VNN-LIB file, packed by gzip, bzip2 or xz or not.

    Args:
        inputs, outputs: those of the network, where it is known: how many entries they have, or
            their shapes. A shape is compared with that of a VNN-LIB 2.0 declaration, apart from
            axes of one entry.
        deadline: ``clock.wall_s()`` at which reading ends.

    Raises:
        InputError: not such a file, with line, column and caret; or more than `MOST_BYTES`.
        OutOfTime: the deadline has passed.
        UnsupportedError: products of variables and, in VNN-LIB 2.0, several networks, several
            inputs or outputs, hidden nodes and types that are not of floating-point numbers (all of
            them at once); another version; a normal form that is too large.
    """
    return parse_property(_read(path, deadline), path, inputs, outputs, deadline=deadline)


def parse_property(
    text: str,
    path: Path | str | None = None,
    inputs: Size | None = None,
    outputs: Size | None = None,
    *,
    deadline: float | None = None,
) -> Specification:
    """The specification that a VNN-LIB text describes.

    Args:
        path: what to call the text in an error.
        inputs, outputs, deadline: see `read_property`.

    Raises:
        InputError, UnsupportedError, OutOfTime: as `read_property`.

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
    if _has_version(text):
        variables = Tensors(Text.of(text, path, TENSOR_TOKEN, deadline))
    else:
        variables = Scalars(Text.of(text, path, deadline=deadline))
    formula = Reader(variables).formula()
    counts = variables.counts(inputs, outputs)
    try:
        return Specification(*counts, cases(formula, *counts, deadline), Assertions(variables))
    except UnboundedError as error:
        name = variables.name(error.variable)
        raise variables.text.error(
            variables.place(error.variable),
            (f"(assert ({error.sign} {name} …))",),
            error.found(name),
            "Every input needs a lower and an upper bound of its own.",
        ) from error
    except TooManyCasesError as error:
        raise UnsupportedError(
            variables.text.name, (TOO_MANY_CASES,), "Split the property into several files."
        ) from error


def declared_tensors(path: Path) -> tuple[Tensor, ...]:
    """The declarations of a VNN-LIB 2.0 file, in its order; none for a 1.0 file.

    Raises:
        InputError, UnsupportedError: as `read_property`, of the declarations.
    """
    text = _read(path)
    if not _has_version(text):
        return ()
    return tuple(Tensors(Text.of(text, path, TENSOR_TOKEN)).tensors.values())


def _read(path: Path, deadline: float | None = None) -> str:
    """The text of a file, unpacked."""
    try:
        data = unpacked(path, limit=MOST_BYTES, deadline=deadline)
    except InputError as error:
        error.expected = ("a VNN-LIB file",)
        raise
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        readable = data.decode("utf-8", errors="replace")
        start = len(data[: error.start].decode("utf-8"))
        raise error_at(
            readable, start, path, ("text in UTF-8",), f"the byte 0x{data[error.start]:02x}"
        ) from error
    return text


def _has_version(text: str) -> bool:
    """Whether a text begins with its version, which 2.0 has and 1.0 has not."""
    tokens = (token[0] for token in TOKEN.finditer(text) if token[0][0] != ";")
    return list(islice(tokens, 2)) == ["(", "vnnlib-version"]
