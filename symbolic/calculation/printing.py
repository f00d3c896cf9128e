"""Answers as text, in the notation that `grammars.calculation` reads."""

from collections.abc import Iterable
from typing import Any

from sympy.printing.str import StrPrinter

from abduce.symbolic.calculation.untyped import sp

_Base: Any = StrPrinter


class _Printer(_Base):
    """sympy's printer with `^` for powers, `e`, `i`, `infinity`, `ln` and `[a, b; c, d]`."""

    def _print_Exp1(self, expr: Any) -> Any:
        return "e"

    def _print_ImaginaryUnit(self, expr: Any) -> Any:
        return "i"

    def _print_Infinity(self, expr: Any) -> Any:
        return "infinity"

    def _print_NegativeInfinity(self, expr: Any) -> Any:
        return "-infinity"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        return super()._print_Pow(expr, rational=rational).replace("**", "^")

    def _print_exp(self, expr: Any) -> str:
        return f"e^({self._print(expr.args[0])})"

    def _print_log(self, expr: Any) -> str:
        return f"ln({self._print(expr.args[0])})"

    def _print_Abs(self, expr: Any) -> str:
        return f"abs({self._print(expr.args[0])})"

    def _named(self, name: str, expr: Any) -> str:
        return f"{name}({', '.join(self._print(a) for a in expr.args)})"

    def _print_asin(self, expr: Any) -> str:
        return self._named("arcsin", expr)

    def _print_acos(self, expr: Any) -> str:
        return self._named("arccos", expr)

    def _print_atan(self, expr: Any) -> str:
        return self._named("arctan", expr)

    def _print_ceiling(self, expr: Any) -> str:
        return self._named("ceil", expr)

    def _print_Heaviside(self, expr: Any) -> str:
        return f"u({self._print(expr.args[0])})"

    def _print_Equality(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} = {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        return " and ".join(self._print(part) for part in expr.args)

    def _print_Interval(self, expr: Any) -> str:
        left = "(" if expr.left_open else "["
        right = ")" if expr.right_open else "]"
        return f"{left}{self._print(expr.start)}, {self._print(expr.end)}{right}"

    def _print_Union(self, expr: Any) -> str:
        return " ∪ ".join(self._print(part) for part in expr.args)

    def _print_EmptySet(self, expr: Any) -> Any:
        return "no numbers"

    def _print_Reals(self, expr: Any) -> Any:
        return "(-infinity, infinity)"

    def _print_Complement(self, expr: Any) -> str:
        return f"{self._print(expr.args[0])} without {self._print(expr.args[1])}"

    def _print_MatrixBase(self, expr: Any) -> str:
        rows = [", ".join(self._print(expr[r, c]) for c in range(expr.cols))
                for r in range(expr.rows)]  # fmt: skip
        return f"[{'; '.join(rows)}]"

    _print_MutableDenseMatrix = _print_ImmutableDenseMatrix = _print_MatrixBase

    def _print_Float(self, expr: Any) -> str:
        text = f"{float(expr):.10g}"
        return text if "e" not in text else super()._print_Float(expr)

    def _print_Tuple(self, expr: Any) -> str:
        return f"({', '.join(self._print(part) for part in expr)})"


def joined(terms: Iterable[Any]) -> str:
    """Terms of a sum in their order; the sign of a negative one takes the place of the plus.

    >>> x = sp.Symbol("x")
    >>> joined([x, -(x**2) / 2, x**3])
    'x - x^2/2 + x^3'
    """
    text = ""
    for term in terms:
        negative = bool(text) and shown(term).startswith("-")
        sign = " - " if negative else " + " if text else ""
        part = shown(-term if negative else term)
        text += sign + (f"({part})" if negative and term.is_Add else part)
    return text


def shown(answer: Any) -> str:
    """An answer as text: expressions, sets, matrices, several answers, named values, words.

    >>> shown(sp.Symbol("x") ** 2 + sp.E), shown([1, sp.sqrt(2)])
    ('x^2 + e', '1, sqrt(2)')
    """
    match answer:
        case str():
            return answer
        case dict():
            return ", ".join(f"{shown(name)} = {shown(value)}" for name, value in answer.items())
        case list() | tuple():
            return ("; " if any(isinstance(a, dict) for a in answer) else ", ").join(
                shown(part) for part in answer
            )
        case bool():
            return "yes" if answer else "no"
        case int():
            return str(answer)
        case sp.MatrixBase():
            return _Printer()._print_MatrixBase(answer)
        case _:
            return str(_Printer().doprint(answer))
