"""Whether two answers are the same: as texts, numbers, expressions, sets, tuples, matrices.

Expressions are compared by their values at fixed points, decimals to the places that are written,
equations up to a factor, and solutions with constants by the space that they span.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from abduce.errors import AbduceError
from abduce.grammars.calculation.reader import read_all
from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.algebra import Reading, value
from abduce.symbolic.calculation.operations.sampling import close, compared, number, points
from abduce.symbolic.calculation.trees import is_name, names, plain, replaced
from abduce.symbolic.calculation.untyped import sp

UNITS: Final = re.compile(
    r"(?<![A-Za-z\\])(?:mg|kg|cm|mm|km|ft|lb|lbs|feet|foot|inch(?:es)?|miles?|hours?|minutes?|"
    r"seconds?|days?|years?|degrees?|dollars?|cents?|units?|percent|meters?|radians?|per|square|cubic|"
    r"ohms?|watts?|joules?|ft-lbs?)(?![A-Za-z(])"
)
MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WORDS: Final = ("does not exist", "converges absolutely", "converges conditionally", "converges",
                "diverges", "no solution")  # fmt: skip
CONSTANT: Final = re.compile(r"^[CcKk](?:_?\d)?$")


def equivalent(found: str, wanted: str) -> bool:
    """Whether an answer is what was wanted.

    >>> equivalent("x*(x + 2)", "x^2 + 2x"), equivalent("0.33", r"\\\\frac{1}{3}")
    (True, False)
    """
    one, two = _cleaned(found), _cleaned(wanted)
    if one.lower().replace(" ", "") == two.lower().replace(" ", ""):
        return True
    if ":" in two and ":" not in one:
        two = re.sub(r"^[A-Za-z ]+:\s*", "", two)
    if re.fullmatch(r"\d\.\d+E\+\d+", two):
        return re.fullmatch(r"\d+", one) is not None and close(float(one), float(two), 1e-5)
    worded = _worded(one), _worded(two)
    if any(worded):
        return worded[0] == worded[1]
    try:
        first, second = _parts(one), _parts(two)
    except (AbduceError, ValueError):
        return False
    return _same_parts(first, second, two)


def _worded(text: str) -> str | None:
    small = text.lower().strip(" .")
    return next((w for w in WORDS if small.startswith(w)), None)


def _cleaned(text: str) -> str:
    text = text.strip().strip("$").strip()
    date = re.fullmatch(r"(\d{1,2})-([A-Z][a-z]{2})", text)
    if date and date[2] in MONTHS:  # a fraction that a spreadsheet took for a day of the year
        return f"{MONTHS.index(date[2]) + 1}/{date[1]}"
    text = re.sub(r"\\(?:text|mbox|mathrm|textbf)\{\s*([^{}]*)\}", r" \1 ", text)
    text = text.replace("\\!", "").replace("\\$", "").replace("\\%", "").replace("%", "")
    text = re.sub(r"\^\\circ|\^\{\\circ\}|°", "", text)
    text = re.sub(r"_\{?(\d+)\}?$", "", text) if re.fullmatch(r"[\dA-F]+_\{?\d+\}?", text) else text
    text = re.sub(r"^(?:[A-Za-z]|\\theta)\s*\\in\s*", "", text)
    text = re.sub(r"\*?\s*Heaviside\(t\)", "", text)
    text = re.sub(r"d([a-z])/d([a-z])\s*=", r"\1_\2 =", text)
    if re.match(r"\[\s*\[[-\d. e]+\]", text):  # as numpy prints a matrix
        rows = re.findall(r"\[([-\d. e]+)\]", text)
        text = f"[{'; '.join(', '.join(r.rstrip('. ').replace('. ', ' ').split()) for r in rows)}]"
    text = re.sub(r"(?<![A-Za-z])d([xyzwuvrt])(?![A-Za-z])", r"(d_\1)", text)
    text = re.sub(r"(?i)\b(?:center|radius|period|vertex|focus|slope|area)\b:?", "", text)
    text = UNITS.sub(" ", text)
    text = re.sub(r"\band\b|\bor\b", ",", text)
    text = re.sub(r",\s*(?:[a-z]\s*[<>]=?\s*0)\s*$", "", text)
    return text.strip().rstrip(".").strip()


def _parts(text: str) -> list[Tree]:
    found: list[Tree] = []
    functions = re.findall(r"([A-Za-z])'*\s*\(\s*[a-z]\s*\)\s*=", text)
    for tree in read_all(text, functions):
        tree = plain(tree)
        if tree[0] == "plus_minus":
            found += [("add", *tree[1:]), ("subtract", *tree[1:])]
        elif tree[0] == "equal" and tree[2][0] == "equal":
            found.append(tree[2])
        elif tree[0] == "set" or (tree[0] == "list"):
            found += tree[1:]
        else:
            found.append(tree)
    return found


def _same_parts(first: Sequence[Tree], second: Sequence[Tree], wanted: str) -> bool:
    if len(first) != len(second):
        return False
    left = list(second)
    for tree in first:
        match = next((o for o in left if same(tree, o, wanted, len(first) == 1)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def same(one: Tree, two: Tree, wanted: str = "", alone: bool = True) -> bool:
    """Whether two formulas are the same answer; alone, `y = x` is the same as `f = x`."""
    if one == two:
        return True
    if one[0] == "equal" and two[0] == "equal":
        named = _named(one), _named(two)
        if all(named):
            free = alone and names(one[2]) and _function_names(named[0], named[1])
            if named[0] != named[1] and not free:
                return _equations(one, two)
            return same(one[2], _renamed(two, names(one[2])), wanted)
        return _equations(one, two)
    if one[0] == "equal" and _named(one):
        return same(one[2], two, wanted)
    if two[0] == "equal" and _named(two):
        return same(one, two[2], wanted)
    kinds = {one[0], two[0]}
    ordered = {"tuple", "left_open", "right_open", "bracket", "vector", "matrix", "union"}
    if kinds & ordered:
        return _collections(one, two, wanted)
    return _values(one, two, wanted)


def _renamed(tree: Tree, other: tuple[str, ...]) -> Tree:
    """The right side of `x(t) = ...`, with t exchanged for the only variable of the other side."""
    own = [n for n in names(tree[2]) if not CONSTANT.match(n)]
    theirs = [n for n in other if not CONSTANT.match(n)]
    if tree[1][0] == "call" and len(own) == len(theirs) == 1 and tree[1][2] == (own[0],):
        return replaced(tree[2], {own[0]: (theirs[0],)})
    return tree[2]


def _function_names(first: str | None, second: str | None) -> bool:
    return {first, second} <= {"y", "f", "x", "g", "y_p"}


def _named(tree: Tree) -> str | None:
    left = tree[1]
    if is_name(left) and left[0] not in names(tree[2]):
        return left[0]
    if left[0] == "call":
        return left[1][0]
    return None


def _collections(one: Tree, two: Tree, wanted: str) -> bool:
    if one[0] == "union" or two[0] == "union":
        return _flat_union(one, two, wanted)
    matrix = {"vector", "matrix", "bracket", "tuple"}
    if one[0] in matrix and two[0] in matrix:
        if {one[0], two[0]} == {"tuple", "bracket"} and len(one) == len(two) == 3:
            return False  # an open and a closed interval
        rows, others = _cells(one), _cells(two)
        flat = [c for r in rows for c in r], [c for r in others for c in r]
        if len(flat[0]) != len(flat[1]):
            return False
        shaped = len(rows) == len(others) or 1 in (len(rows), len(others), len(rows[0]))
        return shaped and all(same(a, b, wanted) for a, b in zip(*flat, strict=True))
    if one[0] != two[0] or len(one) != len(two):
        return False
    return all(same(a, b, wanted) for a, b in zip(one[1:], two[1:], strict=True))


def _cells(tree: Tree) -> list[tuple[Tree, ...]]:
    if tree[0] == "matrix":
        return [row[1:] for row in tree[1:]]
    return [tree[1:]]


def _flat_union(one: Tree, two: Tree, wanted: str) -> bool:
    def flat(tree: Tree) -> list[Tree]:
        return [*flat(tree[1]), *flat(tree[2])] if tree[0] == "union" else [tree]

    return _same_parts(flat(one), flat(two), wanted)


def _sympy(tree: Tree) -> Any:
    letters: dict[str, Any] = {}
    for name in names(tree):
        letters[name] = sp.Symbol(name)
    found = value(tree, Reading())
    if isinstance(found, sp.Basic):
        if found.has(sp.Integral, sp.Sum, sp.Limit):
            found = found.doit()
        step = sp.Function("u")
        if found.has(step):
            found = found.replace(step, sp.Heaviside)
    return found


def _tried(function: Callable[[], bool]) -> bool:
    try:
        return function()
    except (
        AbduceError,
        TypeError,
        ValueError,
        AttributeError,
        NotImplementedError,
        ArithmeticError,
    ):
        return False


def _values(one: Tree, two: Tree, wanted: str) -> bool:
    def look() -> bool:
        a, b = _sympy(_with_steps(one)), _sympy(_with_steps(two))
        if isinstance(a, sp.MatrixBase) or isinstance(b, sp.MatrixBase):
            return bool(a == b)
        if {a, b} & {sp.oo, -sp.oo}:
            return bool(a == b)
        constants = [sorted((s for s in e.free_symbols if CONSTANT.match(str(s))), key=str)
                     for e in (a, b)]  # fmt: skip
        if constants[0] or constants[1]:
            return _families(a, b, *constants)
        if not a.free_symbols and not b.free_symbols:
            return _numbers(a, b, two, wanted)
        agree, tried = compared(a, b, 5)
        return tried >= 3 and agree == tried

    return _tried(look)


def _with_steps(tree: Tree) -> Tree:
    """`u(t - 3)` is read as a product: here it is the step of Heaviside."""
    if tree[0] == "multiply" and tree[1] == ("u",) and tree[2][0] in ("subtract", "t"):
        sign: Tree = ("add", ("1",), ("sign", tree[2]))
        return ("divide", sign, ("2",))
    if (
        tree[0] == "multiply"
        and tree[2][0] in ("subtract",)
        and tree[1][0] == "multiply"
        and (tree[1][2] == ("u",))
    ):
        return ("multiply", _with_steps(tree[1][1]), _with_steps(("multiply", ("u",), tree[2])))
    return (tree[0], *(_with_steps(part) for part in tree[1:]))


def _numbers(a: Any, b: Any, tree: Tree, wanted: str) -> bool:
    first, second = number(a), number(b)
    if close(first, second, 1e-9):
        return True
    decimal = re.fullmatch(r"-?\d*\.(\d+)", wanted.replace(" ", "")) or (
        re.fullmatch(r"-?\d*\.(\d+)", tree[0]) if len(tree) == 1 else None
    )
    if decimal and first is not None and second is not None:
        return abs(first - second) <= 0.51 * 10.0 ** -len(decimal[1])
    return False


def _equations(one: Tree, two: Tree) -> bool:
    def look() -> bool:
        a, b = (_sympy(t[1]) - _sympy(t[2]) for t in (one, two))
        if a.free_symbols != b.free_symbols:
            return False
        ratio = sp.simplify(a / b)
        return bool(ratio.is_number) and ratio != 0

    return _tried(look)


def _families(a: Any, b: Any, first: list[Any], second: list[Any]) -> bool:
    """Solutions with constants: the same space of functions, moved by the same one."""
    if not first or not second:
        return False
    free = sorted((a.free_symbols | b.free_symbols) - {*first, *second}, key=str)
    base_a = [sp.diff(a, c) for c in first]
    base_b = [sp.diff(b, c) for c in second]
    if any(e.free_symbols & {*first, *second} for e in (*base_a, *base_b)):
        return False
    zero = [e.subs(dict.fromkeys((*first, *second), 0)) for e in (a, b)]
    rows = []
    for at in points(free):
        values = [number(e, at) for e in (*base_a, *base_b, zero[0] - zero[1])]
        if any(v is None for v in values):
            continue
        rows.append(
            [
                sp.nsimplify(sp.Float(v.real, 12) + sp.I * sp.Float(v.imag, 12))
                for v in values
                if v is not None
            ]
        )
    import numpy as np

    table = np.array([[complex(v) for v in row] for row in rows])
    if len(table) < 4:
        return False
    size = len(base_a)

    def rank(part: Any) -> int:
        return int(np.linalg.matrix_rank(part, tol=1e-6))

    own = rank(table[:, :size])
    return own == rank(table[:, size : size + len(base_b)]) == rank(table) == size == len(base_b)
