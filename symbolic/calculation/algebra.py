"""The algebra of formulas: from trees of `grammars.calculation` to sympy objects, node by node.

Nothing here reads text: every name of a node has its function, and a node without one is refused.
Whole powers of a size that no machine can write out stay unevaluated.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from abduce.errors import UnsupportedError
from abduce.grammars.folding import run
from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.untyped import sp

LARGEST: Final = 20_000
"""The upper limit on the bits of a power of whole numbers that is written out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How names become sympy objects.

    Attributes:
        common_log: `log` without a base has base 10, and not e.
        imaginary: `i` is the imaginary unit.
        real: names are real numbers.
        integer, positive: names are whole numbers, or numbers above 0.
        symbols: names with symbols of their own.
    """

    common_log: bool = False
    imaginary: bool = True
    euler: bool = True
    real: bool = False
    integer: bool = False
    positive: bool = False
    symbols: Mapping[str, Any] = field(default_factory=dict)

    def symbol(self, name: str) -> Any:
        """The symbol of a name."""
        if name in self.symbols:
            return self.symbols[name]
        kinds = {"real": self.real, "integer": self.integer, "positive": self.positive}
        return sp.Symbol(name, **{kind: True for kind, holds in kinds.items() if holds})


def value(tree: Tree, reading: Reading | None = None) -> Any:
    r"""The sympy object of a tree.

    Raises:
        UnsupportedError: a part that has no meaning here.

    >>> from abduce.grammars.calculation.reader import read
    >>> value(read(r"\frac{x^2}{2} + \sin 0"))
    x**2/2
    """
    return run(tree, _Algebra(reading or Reading()))


class _Algebra(Mapping[str, Callable[..., Any]]):
    """The functions of all names of nodes; leaves are numbers and names."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def __getitem__(self, name: str) -> Callable[..., Any]:
        def meaning(*children: Any) -> Any:
            if not children:
                return self._leaf(name)
            if name in _NODES:
                return _NODES[name](*children)
            if name in _FUNCTIONS:
                return _applied(_FUNCTIONS[name], children)
            if name == "log":
                return sp.log(children[0], 10) if self.reading.common_log else sp.log(children[0])
            raise UnsupportedError("the formula", (f"the part '{name}'",))

        return meaning

    def __len__(self) -> int:
        return len(_NODES)

    def __iter__(self) -> Iterator[str]:
        return iter(_NODES)

    def _leaf(self, name: str) -> Any:
        if name[0].isdigit() or name[0] == ".":
            return sp.Rational(name.rstrip("."))
        match name:
            case "pi" if name not in self.reading.symbols:
                return sp.pi
            case "e" if self.reading.euler and name not in self.reading.symbols:
                return sp.E
            case "i" if self.reading.imaginary and name not in self.reading.symbols:
                return sp.I
            case "infinity":
                return sp.oo
            case "dots":
                raise UnsupportedError("the formula", ("dots that stand for further terms",))
            case "above" | "below" | "both":
                return name
            case _:
                return self.reading.symbol(name)


def _power(base: Any, exponent: Any) -> Any:
    if getattr(base, "is_Matrix", False):
        if exponent == sp.Symbol("T"):
            return base.T
        return base**exponent
    plain = base.is_Rational and exponent.is_Integer and abs(base) not in (0, 1)
    if plain and abs(int(exponent)) * _bits(base) > LARGEST:
        return sp.Pow(base, exponent, evaluate=False)
    if base == 1:
        return sp.Integer(1)
    return base**exponent


def _bits(number: Any) -> int:
    return int(abs(number.p) + number.q).bit_length()


def _factorial(n: Any) -> Any:
    if n.is_Integer and n > 5000:
        return sp.factorial(n, evaluate=False)
    return sp.factorial(n)


def _multiply(first: Any, second: Any) -> Any:
    if getattr(first, "is_Matrix", False) and getattr(second, "is_Matrix", False):
        if first.cols != second.rows and first.shape == second.shape and 1 in first.shape:
            return (first.T * second)[0] if first.cols == 1 else (first * second.T)[0]
        return first * second
    return first * second


def _dot(first: Any, second: Any) -> Any:
    one, two = vector(first), vector(second)
    return one.dot(two)


def _cross(first: Any, second: Any) -> Any:
    if isinstance(first, sp.MatrixBase) or isinstance(second, sp.MatrixBase):
        return vector(first).cross(vector(second))
    return first * second


def vector(given: Any) -> Any:
    """A tuple, a row or a column as a column."""
    if isinstance(given, sp.MatrixBase):
        return given if given.cols == 1 else given.T
    if isinstance(given, sp.Tuple):
        return sp.Matrix(list(given))
    raise UnsupportedError("the formula", ("a vector, where something else stands",))


def _matrix(*rows: Any) -> Any:
    if len({len(row) for row in rows}) != 1:
        raise UnsupportedError("the formula", ("a matrix whose rows differ in length",))
    return sp.Matrix([list(row) for row in rows])


def _repeating(start: Any, digits: Any) -> Any:
    raise AssertionError("leaves are read by their text")


def _logarithm(base: Any, argument: Any) -> Any:
    return sp.log(argument, base)


def _applied(function: Callable[..., Any], children: tuple[Any, ...]) -> Any:
    return function(*children)


def _partial(what: Any, *variables: Any) -> Any:
    return sp.diff(what, *variables)


def _integral(body: Any, variable: Any, below: Any, above: Any) -> Any:
    return sp.Integral(body, (variable, below, above))


def _limit(body: Any, variable: Any, point: Any, side: str) -> Any:
    sign = {"above": "+", "below": "-", "both": "+-"}[side]
    if point in (sp.oo, -sp.oo):
        sign = "+" if point == -sp.oo else "-"
    return sp.Limit(body, variable, point, sign)


def _norm(given: Any) -> Any:
    return vector(given).norm()


def _abs(given: Any) -> Any:
    if isinstance(given, sp.MatrixBase):
        return given.det() if given.rows == given.cols else given.norm()
    return sp.Abs(given)


def _add(first: Any, second: Any) -> Any:
    return _same_form(first, second, 1)


def _subtract(first: Any, second: Any) -> Any:
    return _same_form(first, second, -1)


def _same_form(first: Any, second: Any, sign: int) -> Any:
    if isinstance(first, sp.Tuple) and isinstance(second, sp.Tuple):
        return sp.Tuple(*[a + sign * b for a, b in zip(first, second, strict=True)])
    if isinstance(first, sp.MatrixBase) != isinstance(second, sp.MatrixBase):
        raise UnsupportedError("the formula", ("a sum of a matrix and a number",))
    return first + sign * second


def _chain(*links: Any) -> Any:
    return sp.And(*links)


def _divide(first: Any, second: Any) -> Any:
    if second == 0:
        raise UnsupportedError("the formula", ("a quotient by 0",))
    return first / second


def _cases(*rows: Any) -> Any:
    return sp.Piecewise(*[(row[0], row[1] if len(row) > 1 else True) for row in rows])


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "cot": sp.cot, "sec": sp.sec, "csc": sp.csc,
    "arcsin": sp.asin, "arccos": sp.acos, "arctan": sp.atan, "arccot": sp.acot,
    "arcsec": sp.asec, "arccsc": sp.acsc, "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh,
    "coth": sp.coth, "sech": sp.sech, "csch": sp.csch, "arcsinh": sp.asinh,
    "arccosh": sp.acosh, "arctanh": sp.atanh, "ln": sp.log, "exp": sp.exp, "sqrt": sp.sqrt,
    "erf": sp.erf, "sign": sp.sign, "gcd": sp.gcd, "lcm": sp.lcm, "max": sp.Max, "min": sp.Min,
    "floor": sp.floor, "ceiling": sp.ceiling, "binomial": sp.binomial, "arg": sp.arg, "Re": sp.re,
    "Im": sp.im, "log10": lambda x: sp.log(x, 10), "det": lambda m: m.det(),
    "tr": lambda m: m.trace(),
}  # fmt: skip
_NODES: Final[Mapping[str, Callable[..., Any]]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "negate": lambda a: -a,
    "modulo": lambda a, b: sp.Mod(a, b),
    "factorial": _factorial,
    "abs": _abs,
    "norm": _norm,
    "dot": _dot,
    "cross": _cross,
    "transpose": lambda m: m.T,
    "conjugate": sp.conjugate,
    "root": lambda degree, a: sp.real_root(a, degree) if a.is_real else sp.root(a, degree),
    "logarithm": _logarithm,
    "degrees": lambda a: a * sp.pi / 180,
    "percent": lambda a: a / 100,
    "mixed": lambda whole, part: whole + part,
    "equal": lambda a, b: sp.Eq(a, b, evaluate=False),
    "unequal": lambda a, b: sp.Ne(a, b, evaluate=False),
    "less": lambda a, b: sp.Lt(a, b, evaluate=False),
    "less_equal": lambda a, b: sp.Le(a, b, evaluate=False),
    "greater": lambda a, b: sp.Gt(a, b, evaluate=False),
    "greater_equal": lambda a, b: sp.Ge(a, b, evaluate=False),
    "and": _chain,
    "tuple": lambda *items: sp.Tuple(*items),
    "list": lambda *items: sp.Tuple(*items),
    "set": lambda *items: sp.FiniteSet(*items),
    "vector": lambda *items: sp.Matrix(list(items)),
    "bracket": lambda *items: sp.Matrix([list(items)]),
    "left_open": lambda a, b: sp.Interval.Lopen(a, b),
    "right_open": lambda a, b: sp.Interval.Ropen(a, b),
    "union": lambda a, b: sp.Union(_interval(a), _interval(b)),
    "matrix": _matrix,
    "row": lambda *cells: tuple(cells),
    "cases": _cases,
    "sum": lambda body, k, first, last: sp.Sum(body, (k, first, last)),
    "product": lambda body, k, first, last: sp.Product(body, (k, first, last)),
    "integral": _integral,
    "antiderivative": lambda body, x: sp.Integral(body, x),
    "limit": _limit,
    "derivative": _partial,
    "partial": _partial,
}


def _interval(given: Any) -> Any:
    if isinstance(given, sp.Tuple) and len(given) == 2:
        return sp.Interval.open(*given)
    if isinstance(given, sp.MatrixBase) and given.shape == (1, 2):
        return sp.Interval(given[0], given[1])
    if isinstance(given, sp.Set):
        return given
    raise UnsupportedError("the formula", ("a union of things that are no sets",))
