"""Operations on expressions and equations: values, solutions, inequalities, domains, ranges."""

from collections.abc import Callable
from typing import Any, Final

from abduce.symbolic.calculation.operations import checks
from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EQUATION,
    EXPRESSION,
    NAME,
    RELATIONS,
    WORD,
    Doubtful,
    Operation,
    Remark,
    Unanswered,
)
from abduce.symbolic.calculation.operations.sampling import close, number
from abduce.symbolic.calculation.operations.timing import TimeUp, timed
from abduce.symbolic.calculation.untyped import sp


def simplify(expression: Any) -> Any:
    """The shortest of several equal forms; numbers as fractions and roots."""
    if isinstance(expression, sp.MatrixBase):
        return expression.applyfunc(sp.simplify)
    if isinstance(expression, sp.Tuple):
        return sp.Tuple(*[simplify(part) for part in expression])
    if isinstance(expression, bool) or expression in (sp.true, sp.false):
        raise Unanswered("This is a statement and no value.")
    if expression.has(sp.Pow) and any(_huge(p) for p in expression.atoms(sp.Pow)):
        raise Unanswered("The number is too large to be written out.")
    if expression.has(sp.Integral, sp.Sum, sp.Limit, sp.Product, sp.Derivative):
        expression = expression.doit()
        if expression.has(sp.Integral, sp.Sum, sp.Limit, sp.Product):
            raise Unanswered("No closed form was found.")
    if expression in (sp.zoo, sp.nan):
        raise Unanswered("The expression has no value.")
    if not expression.free_symbols and not expression.has(sp.I):
        exact = _recognised(expression) if not expression.is_Rational else None
        if exact is not None and _length(exact) <= _length(expression):
            return exact
    forms = [expression, *_forms(expression)]
    best = min(forms, key=_length)
    return best.evalf(12) if best.has(sp.Float) else best


def _forms(expression: Any) -> list[Any]:
    """Equal forms, by those methods that end in time."""
    methods: list[Any] = [sp.simplify]
    if not expression.free_symbols:
        methods += [sp.radsimp, lambda e: sp.radsimp(sp.simplify(e))]
        if expression.has(sp.I):
            methods.append(lambda e: sp.expand(e, complex=True))
        elif expression.has(sp.Pow):
            methods += [sp.sqrtdenest, lambda e: sp.sqrtdenest(sp.expand(e))]
    else:
        methods += [sp.expand, sp.trigsimp]
        if expression.is_rational_function():
            methods.append(sp.cancel)
    found = []
    for method in methods:
        try:
            found.append(timed(2.0, lambda method=method: method(expression)))
        except TimeUp:
            continue
    return found


def _length(expression: Any) -> tuple[int, int]:
    return (sp.count_ops(expression), len(str(expression)))


def _huge(power: Any) -> bool:
    base, exponent = power.as_base_exp()
    return base.is_Integer and exponent.is_Integer and abs(exponent) > 5000


def _recognised(expression: Any) -> Any:
    """An algebraic number of small size with this value to 60 digits, or None."""
    value = sp.N(expression, 80)
    if not value.is_number or not value.is_real:
        return None
    rational = sp.nsimplify(value, rational=True, tolerance=sp.Float(10) ** -60)
    if rational.q < 10**6 and abs(rational.p) < 10**9:
        return rational
    square = sp.nsimplify(value**2, rational=True, tolerance=sp.Float(10) ** -60)
    if square.q < 10**6 and abs(square.p) < 10**9:
        return sp.sign(value) * sp.sqrt(square)
    return None


def expand(expression: Any) -> Any:
    """All products multiplied out."""
    return sp.expand(expression)


def factor(expression: Any) -> Any:
    """The product of irreducible factors, or of primes."""
    if expression.is_Integer:
        parts = sp.factorint(expression)
        return sp.Mul(*[sp.Pow(p, e, evaluate=False) for p, e in parts.items()], evaluate=False)
    return sp.factor(expression)


def fraction(expression: Any) -> Any:
    """One fraction."""
    return sp.together(sp.simplify(expression))


def partial_fractions(expression: Any, variable: Any) -> Any:
    """The sum of partial fractions."""
    return sp.apart(expression, variable)


def decimal(expression: Any) -> Any:
    """A decimal number: all its digits if they end, otherwise 10."""
    exact = sp.nsimplify(expression) if expression.is_Rational else expression
    if exact.is_Rational:
        rest = exact.q
        twos = sp.multiplicity(2, rest)
        fives = sp.multiplicity(5, rest)
        if 2**twos * 5**fives == rest:
            places = max(twos, fives)
            whole = abs(exact.p) * 10**places // exact.q
            digits = str(whole).rjust(places + 1, "0")
            sign = "-" if exact < 0 else ""
            return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
    return sp.N(expression, 10)


def substituted(expression: Any, relations: Any) -> Any:
    """An expression at the values that equations name."""
    by = {relation.lhs: relation.rhs for relation in relations}
    for _ in range(len(by)):
        expression = expression.subs(by)
    return simplify(expression)


def _kept(solutions: list[Any], unknown: Any, conditions: list[Any]) -> list[Any]:
    kept = []
    for solution in solutions:
        good = True
        for condition in conditions:
            here = condition.subs(unknown, solution)
            if here in (sp.false, False):
                good = False
            elif here not in (sp.true, True):
                value = sp.simplify(here)
                good = good and value not in (sp.false, False)
        if good:
            kept.append(solution)
    return kept


WIDE: Final = ("complex", "all")
"""The kinds of solutions that are complex too."""
ASSUMED: Final = ("assumed real", "all")
"""The kinds that nobody named: an answer says so where it leaves solutions out."""


def solve_one(relations: Any, unknown: Any, kind: str) -> Any:
    """All solutions of one equation with conditions: of a kind.

    'all' is complex where the equation is rational; 'assumed real' is real, though nobody says so.
    """
    equations = [r for r in relations if isinstance(r, sp.Equality)]
    conditions = [r for r in relations if not isinstance(r, sp.Equality)]
    if len(equations) != 1:
        raise Unanswered("One equation was expected.")
    equation = equations[0]
    others = equation.free_symbols - {unknown}
    if unknown not in equation.free_symbols:
        raise Unanswered(f"The equation does not contain {unknown}.")
    found: list[Any]
    difference = equation.lhs - equation.rhs
    if kind == "all":
        kind = "complex" if difference.is_rational_function(unknown) else "assumed real"
    if others:
        found = sp.solve(equation, unknown)
    else:
        found = _all_roots(difference, unknown, kind, _ends(conditions, unknown))
    found = _kept(found, unknown, conditions)
    if kind == "positive":
        found = [s for s in found if s.is_positive is not False]
    if kind == "integer":
        found = [s for s in found if s.is_integer is not False and s == sp.floor(s)]
    if not found:
        raise Unanswered(f"There is no {'' if kind == 'complex' else 'real '}solution.")
    checks.roots([equation], [{unknown: s} for s in found])
    return found[0] if len(found) == 1 else found


def _left_out(relations: Any, unknown: Any, kind: str, answer: Any) -> str | None:
    """That an answer is about real numbers, where complex ones solve the equation too."""
    if kind not in ASSUMED or len(relations) != 1:
        return None
    (equation,) = relations
    difference = sp.together(equation.lhs - equation.rhs)
    if difference.free_symbols != {unknown}:
        return None
    if not difference.is_rational_function(unknown):
        return "Only real solutions were looked for."
    above = sp.Poly(sp.cancel(difference).as_numer_denom()[0], unknown)
    count = len(answer) if isinstance(answer, list) else 1
    return _real_only(sp.Poly(above.sqf_part(), unknown).degree() - count, "solution")


def _real_only(more: int, what: str) -> str | None:
    if more <= 0:
        return None
    return (
        f"This is about real numbers: there are also {more} complex {what}s."
        if more > 1
        else (f"This is about real numbers: there is also a complex {what}.")
    )


def _fewer(run: Callable[..., Any], what: str) -> Remark:
    """The remark of an operation whose last argument is a kind: complex numbers give more."""

    def remark(*given: Any) -> str | None:
        *arguments, kind, answer = given
        if kind not in ASSUMED:
            return None
        try:
            wide = run(*arguments, "complex")
        except (Unanswered, Doubtful):
            return None
        sizes = [len(a) if isinstance(a, list) else 1 for a in (wide, answer)]
        return _real_only(sizes[0] - sizes[1], what)

    return remark


def _ends(conditions: list[Any], unknown: Any) -> tuple[Any, Any]:
    """The ends of the interval that conditions `a < x` and `x < b` leave."""
    low, high = -sp.oo, sp.oo
    for condition in conditions:
        for part in condition.args if isinstance(condition, sp.And) else (condition,):
            if isinstance(part, (sp.Gt, sp.Ge)):
                part = part.reversed
            if part.lhs == unknown and part.rhs.is_number:
                high = part.rhs
            elif part.rhs == unknown and part.lhs.is_number:
                low = part.lhs
    return low, high


def _all_roots(
    difference: Any, unknown: Any, kind: str, ends: tuple[Any, Any] = (-sp.oo, sp.oo)
) -> list[Any]:
    domain = sp.S.Complexes if kind == "complex" else sp.S.Reals
    real = sp.Symbol(str(unknown), real=True) if kind != "complex" else unknown
    if difference.is_polynomial(unknown):
        poly = sp.Poly(difference, unknown)
        listed = sp.roots(poly)
        if sum(listed.values()) == poly.degree():
            roots = [r for r in listed if kind == "complex" or _real(r)]
            return sorted(roots, key=_order)
        if kind == "complex":
            raise Unanswered("No closed form of all complex roots was found.")
        if poly.domain.is_QQ or poly.domain.is_ZZ:
            return list(sp.real_roots(poly))
    found: Any = None
    try:
        found = timed(3.0, lambda: sp.solveset(difference.subs(unknown, real), real, domain))
    except (NotImplementedError, ValueError, TypeError, TimeUp):
        found = None
    if isinstance(found, sp.FiniteSet):
        return sorted((sp.simplify(s) for s in found), key=_order)
    if found is sp.S.EmptySet:
        return []
    bounded = ends[0].is_finite and ends[1].is_finite
    if isinstance(found, (sp.ImageSet, sp.Union)) and kind != "complex" and not bounded:
        raise Unanswered("There are infinitely many solutions.")
    try:
        if bounded:
            raise TimeUp
        listed_ = timed(3.0, lambda: sp.solve(difference.subs(unknown, real), real))
    except (NotImplementedError, TimeUp):
        listed_ = []
    found_ = [s for s in listed_ if kind == "complex" or _real(s)]
    good = [s for s in found_ if _is_root(difference, unknown, s)]
    if good:
        return sorted(good, key=_order)
    from abduce.symbolic.calculation.operations.calculus import numeric_roots

    exact = []
    for root in numeric_roots(difference, unknown, *ends):
        guess = sp.nsimplify(root, rational=True, tolerance=sp.Float(10) ** -9)
        if guess.q > 1000 or not _is_root(difference, unknown, guess):
            raise Unanswered("The roots are known only as decimals.")
        exact.append(guess)
    return exact


def _is_root(difference: Any, unknown: Any, root: Any) -> bool:
    value = number(difference.subs(unknown, root))
    return value is not None and abs(value) < 1e-9


def _real(root: Any) -> bool:
    if root.is_real is not None:
        return bool(root.is_real)
    value = number(root)
    return value is not None and abs(value.imag) < 1e-12


def _order(root: Any) -> tuple[float, float, str]:
    value = number(root)
    return (value.real, value.imag, str(root)) if value is not None else (0.0, 0.0, str(root))


def solve_system(relations: Any, unknowns: Any, kind: str) -> Any:
    """The solutions of several equations, as values of the unknowns."""
    equations = [r for r in relations if isinstance(r, sp.Equality)]
    conditions = [r for r in relations if not isinstance(r, sp.Equality)]
    names = list(unknowns)
    found = sp.solve(equations, names, dict=True)
    kept = []
    for solution in found:
        if kind not in WIDE and not all(_real(v) for v in solution.values() if v.is_number):
            continue
        if kind == "positive" and any(v.is_number and not sp.Gt(v, 0) for v in solution.values()):
            continue
        if kind == "integer" and any(v.is_number and v != sp.floor(v) for v in solution.values()):
            continue
        if any(c.subs(solution) in (sp.false, False) for c in conditions):
            continue
        kept.append(solution)
    if not kept:
        raise Unanswered("The equations have no solution of that kind.")
    checks.roots(equations, kept)
    answers = [{name: sp.simplify(s.get(name, name)) for name in names} for s in kept]
    return answers[0] if len(answers) == 1 else answers


def wanted(relations: Any, target: Any, kind: str) -> Any:
    """The value of an expression that equations determine: the same for all solutions.

    Unknowns are eliminated by a Groebner basis, or by solving.
    """
    equations = [r for r in relations if isinstance(r, sp.Equality)]
    conditions = [r for r in relations if not isinstance(r, sp.Equality)]
    value = sp.Symbol("value_")
    names = sorted(set().union(*[e.free_symbols for e in equations]) | target.free_symbols, key=str)
    values = _by_solving(equations, conditions, names, target, kind)
    if values is None:
        values = _by_elimination(equations, names, target, value, kind)
    if values is None:
        raise Unanswered("The equations do not determine the value.")
    return values[0] if len(values) == 1 else values


def _by_solving(
    equations: list[Any], conditions: list[Any], names: list[Any], target: Any, kind: str
) -> list[Any] | None:
    try:
        solutions = timed(4.0, lambda: sp.solve(equations, names, dict=True))
    except (NotImplementedError, TimeUp):
        return None
    if not solutions:
        return None
    values: list[Any] = []
    for solution in solutions:
        numbers = [v for v in solution.values() if v.is_number]
        if kind not in WIDE and not all(_real(v) for v in numbers):
            continue
        if kind == "positive" and not all(v > 0 for v in numbers):
            continue
        if kind == "integer" and not all(v == sp.floor(v) for v in numbers):
            continue
        if any(c.subs(solution) in (sp.false, False) for c in conditions):
            continue
        found = sp.simplify(target.subs(solution))
        if found.free_symbols & set(names):
            return None
        found = sp.radsimp(found)
        if not any(close(number(found), number(v)) for v in values):
            values.append(found)
    checks.roots(equations, solutions)
    return values or None


def _by_elimination(
    equations: list[Any], names: list[Any], target: Any, value: Any, kind: str
) -> list[Any] | None:
    parts = [sp.together(e.lhs - e.rhs).as_numer_denom()[0] for e in equations]
    goal = sp.together(value - target).as_numer_denom()[0]
    try:
        basis = timed(5.0, lambda: sp.groebner([*parts, goal], *names, value, order="lex"))
    except (sp.PolynomialError, NotImplementedError, TimeUp):
        return None
    for polynomial in basis.exprs:
        if polynomial.free_symbols == {value}:
            found = sp.roots(sp.Poly(polynomial, value))
            roots = [r for r in found if kind in WIDE or _real(r)]
            return sorted(roots, key=_order) or None
    return None


def inequality(relations: Any, unknown: Any) -> Any:
    """The real numbers that satisfy all inequalities."""
    real = sp.Symbol(str(unknown), real=True)
    result: Any = sp.S.Reals
    for relation in relations:
        for part in relation.args if isinstance(relation, sp.And) else (relation,):
            result = result.intersect(_solved(part.subs(unknown, real), real))
    for at in (-7.3, -3.1, -1.7, -0.45, 0.35, 0.9, 1.6, 2.7, 4.2, 8.8, 12.5, 30.1):
        point = sp.Rational(str(at))
        told = result.contains(point)
        holds: Any = sp.true
        for relation in relations:
            holds = sp.And(holds, _truth(relation.subs(unknown, point)))
        if told in (sp.true, sp.false) and holds in (sp.true, sp.false) and told != holds:
            raise Doubtful("a number that was tried belongs elsewhere")
    return result


def _truth(relation: Any) -> Any:
    try:
        return sp.simplify(relation)
    except TypeError:  # a comparison of numbers that are not real does not hold
        return sp.false


def _solved(relation: Any, real: Any) -> Any:
    if relation in (sp.true, sp.false):
        return sp.S.Reals if relation == sp.true else sp.S.EmptySet
    found = sp.solveset(relation, real, sp.S.Reals)
    if isinstance(found, sp.ConditionSet) or found.has(sp.ConditionSet):
        found = sp.solve_univariate_inequality(relation, real, relational=False)
    return found


def domain(function: Any, variable: Any) -> Any:
    """The real numbers at which an expression has a real value."""
    from sympy.calculus.util import continuous_domain

    real = sp.Symbol(str(variable), real=True)
    found: Any = sp.S.Reals
    expression = function.subs(variable, real)
    for part in sp.preorder_traversal(expression):
        if isinstance(part, sp.log):
            found = found.intersect(_solved(part.args[0] > 0, real))
        elif isinstance(part, sp.Pow):
            base, exponent = part.as_base_exp()
            if exponent.is_Rational and exponent.q % 2 == 0 and base.has(real):
                found = found.intersect(_solved(base >= 0, real))
            if exponent.is_negative and base.has(real):
                found = found - sp.solveset(base, real, sp.S.Reals)
            if exponent.is_Rational and exponent.q % 2 == 1 and exponent.q > 1:
                continue
        elif isinstance(part, (sp.asin, sp.acos)):
            found = found.intersect(_solved(part.args[0] >= -1, real))
            found = found.intersect(_solved(part.args[0] <= 1, real))
        elif isinstance(part, (sp.tan, sp.sec, sp.cot, sp.csc)):
            found = found.intersect(continuous_domain(part, real, sp.S.Reals))
    for at in (-7.3, -3.1, -1.7, -0.45, 0.35, 0.9, 1.6, 2.7, 4.2, 8.8, 12.5, 30.1):
        point = sp.Rational(str(at))
        value = number(expression, {real: point})
        told = found.contains(point)
        is_real = value is not None and abs(value.imag) < 1e-12
        if told == sp.true and not is_real:
            raise Doubtful("the expression has no real value at a number that was tried")
        if told == sp.false and is_real and not expression.has(sp.root):
            raise Doubtful("the expression has a real value at a number that was left out")
    return found


def values_taken(function: Any, variable: Any, low: Any, high: Any) -> Any:
    """The range of a function of a real number."""
    from sympy.calculus.util import function_range

    real = sp.Symbol(str(variable), real=True)
    over = domain(function, variable)
    if low != -sp.oo or high != sp.oo:
        over = over.intersect(sp.Interval.open(low, high))
    try:
        found = function_range(function.subs(variable, real), real, over)
    except (NotImplementedError, ValueError, TypeError):
        raise Unanswered("The range could not be found.") from None
    for at in (-3.1, -0.45, 0.35, 0.9, 1.6, 4.2):
        point = sp.Rational(str(at))
        if over.contains(point) == sp.true:
            value = number(function, {variable: point})
            if value is not None and found.contains(sp.Rational(str(round(value.real, 9)))) == (
                sp.false
            ):
                raise Doubtful("a value that is taken does not lie in the range")
    return found


def length_of(answer: Any) -> Any:
    """How many there are."""
    if isinstance(answer, list):
        return sp.Integer(len(answer))
    if isinstance(answer, sp.FiniteSet):
        return sp.Integer(len(answer))
    if isinstance(answer, sp.Basic) and answer.is_number:
        return sp.Integer(1)
    raise Unanswered("They cannot be counted.")


def total_of(answer: Any) -> Any:
    """The sum of several answers."""
    return sp.simplify(sum(answer)) if isinstance(answer, (list, sp.FiniteSet)) else answer


def product_of(answer: Any) -> Any:
    """The product of several answers."""
    return sp.simplify(sp.Mul(*answer)) if isinstance(answer, (list, sp.FiniteSet)) else answer


def chosen(answer: Any, which: str) -> Any:
    """The largest or smallest of several answers, of those that may be chosen."""
    items = list(answer) if isinstance(answer, (list, sp.FiniteSet)) else [answer]
    if not all(_real(item) for item in items):
        raise Unanswered("The answers are not all real.")
    ordered = sorted(items, key=_order)
    if which == "positive":
        ordered = [item for item in ordered if item > 0]
        if len(ordered) != 1:
            raise Unanswered("There is not one positive answer.")
    if which == "negative":
        ordered = [item for item in ordered if item < 0]
        if len(ordered) != 1:
            raise Unanswered("There is not one negative answer.")
    return ordered[-1] if which in ("largest", "positive", "negative") else ordered[0]


def remainder(expression: Any, divisor: Any, variable: Any) -> Any:
    """The remainder of a division of polynomials."""
    if sp.Poly(divisor, variable).degree() == 1:
        root = sp.solve(divisor, variable)[0]
        return sp.simplify(expression.subs(variable, root))
    return sp.expand(sp.rem(sp.expand(expression), divisor, variable))


def quotient(expression: Any, divisor: Any, variable: Any) -> Any:
    """The quotient of a division of polynomials."""
    return sp.expand(sp.quo(sp.expand(expression), divisor, variable))


def coefficient(expression: Any, power: Any) -> Any:
    """The coefficient of a product of powers."""
    names = sorted(expression.free_symbols, key=str)
    if len(names) == 1 and not expression.is_polynomial(names[0]):
        x = names[0]
        degree = sp.degree(power, x) if power != 1 else 0
        shifted = sp.together(expression).as_numer_denom()
        if not shifted[1].is_polynomial(x):
            raise Unanswered("The expression is no quotient of polynomials.")
        low = sp.Poly(shifted[1], x)
        if len(low.terms()) != 1:
            raise Unanswered("The expression has no finite expansion.")
        (exponent,), scale = low.terms()[0]
        return sp.Poly(shifted[0], x).coeff_monomial(x ** (degree + exponent)) / scale
    return sp.Poly(sp.expand(expression), *names).coeff_monomial(power)


def horizontal_asymptote(function: Any, variable: Any) -> Any:
    """The value that a function tends to on both sides."""
    right, left = (sp.limit(function, variable, end) for end in (sp.oo, -sp.oo))
    if not (right.is_finite and left.is_finite):
        raise Unanswered("There is no horizontal asymptote.")
    return right if right == left else [left, right]


def vertical_asymptotes(function: Any, variable: Any) -> Any:
    """The zeros of the denominator at which the function has no limit."""
    found = []
    for zero in sp.real_roots(sp.Poly(sp.together(function).as_numer_denom()[1], variable)):
        if sp.limit(sp.Abs(function), variable, zero, "+") == sp.oo and zero not in found:
            found.append(zero)
    if not found:
        raise Unanswered("There is no vertical asymptote.")
    return found[0] if len(found) == 1 else found


def undefined_at(function: Any, variable: Any) -> Any:
    """The real numbers at which an expression is not defined, where they are finitely many."""
    left = sp.S.Reals - domain(function, variable)
    if isinstance(left, sp.FiniteSet):
        items = sorted(left, key=_order)
        return items[0] if len(items) == 1 else items
    raise Unanswered("They are infinitely many.")


def inverse_at(function: Any, variable: Any, value: Any) -> Any:
    """The number at which a function has a value."""
    real = sp.Symbol(str(variable), real=True)
    body = function.subs(variable, real)
    if isinstance(body, sp.Piecewise):
        found = []
        for piece, condition in body.args:
            for root in sp.solveset(piece - value, real, sp.S.Reals):
                if condition in (True, sp.true) or condition.subs(real, root) == sp.true:
                    found.append(root)
    else:
        found = _all_roots(body - value, real, "real") if not value.free_symbols else sp.solve(
            body - value, real)  # fmt: skip
    if len(found) != 1:
        raise Unanswered("The function does not take the value exactly once.")
    return sp.simplify(found[0])


def inverse_function(function: Any, variable: Any) -> Any:
    """The inverse function, of the same variable."""
    y = sp.Symbol("y_")
    found = sp.solve(sp.Eq(function, y), variable)
    if len(found) != 1:
        raise Unanswered("The function has no single inverse.")
    return sp.simplify(found[0].subs(y, variable))


def complete_square(expression: Any, variable: Any) -> Any:
    """a (x - h)^2 + k."""
    poly = sp.Poly(expression, variable)
    if poly.degree() != 2:
        raise Unanswered("The expression is not quadratic.")
    a, b, c = poly.all_coeffs()
    return a * (variable + b / (2 * a)) ** 2 + sp.simplify(c - b**2 / (4 * a))


def slope_of_line(relations: Any) -> Any:
    """The slope of the line of an equation in x and y."""
    (equation,) = relations
    x, y = sp.symbols("x y")
    poly = sp.Poly(sp.expand(equation.lhs - equation.rhs), x, y)
    if poly.total_degree() != 1:
        raise Unanswered("The equation is not that of a line.")
    if poly.coeff_monomial(y) == 0:
        return "no slope"
    return -poly.coeff_monomial(x) / poly.coeff_monomial(y)


def vertex(function: Any, variable: Any) -> Any:
    """The vertex of the parabola of a quadratic function."""
    poly = sp.Poly(function, variable)
    if poly.degree() != 2:
        raise Unanswered("The function is not quadratic.")
    a, b, _ = poly.all_coeffs()
    place = -b / (2 * a)
    return sp.Tuple(place, sp.simplify(poly.eval(place)))


def discriminant(expression: Any, variable: Any) -> Any:
    """The discriminant of a polynomial."""
    return sp.discriminant(expression, variable)


E_, N_, R_, A_, W_ = EXPRESSION, NAME, RELATIONS, ANSWER, WORD
TABLE: Final = {
    "simplify": Operation(arguments=(E_,), result=E_, run=simplify, check=lambda e, a: (
        None if isinstance(a, (sp.Tuple, sp.MatrixBase)) else checks.same_values(e, a)),
        about=EQUATION),
    "expand": Operation(arguments=(E_,), result=E_, run=expand, check=checks.same_values,
        about="Multiply {0} out: {answer}."),
    "factor": Operation(arguments=(E_,), result=E_, run=factor, check=checks.same_values,
        about="The factors of {0} are {answer}."),
    "fraction": Operation(arguments=(E_,), result=E_, run=fraction, check=checks.same_values,
        about="{0} as one fraction is {answer}."),
    "partial_fractions": Operation(arguments=(E_, N_), result=E_, run=partial_fractions,
        check=lambda e, x, a: checks.same_values(e, a), about=EQUATION),
    "decimal": Operation(arguments=(E_,), result=A_, run=decimal, about="{0} is {answer}."),
    "substituted": Operation(arguments=(E_, R_), result=E_, run=substituted,
        about="Put {1} into {0}: {answer}."),
    "solve_one": Operation(arguments=(R_, N_, W_), result=A_, run=solve_one, remark=_left_out,
        about="Solve {0} for {1}: {answer}."),
    "solve_system": Operation(arguments=(R_, "matrix", W_), result=A_, run=solve_system,
        remark=_fewer(solve_system, "solution"),
        about="Solve {0} for {1}: {answer}."),
    "wanted": Operation(arguments=(R_, E_, W_), result=A_, run=wanted,
        remark=_fewer(wanted, "value"),
        about="The equations {0} make {1} = {answer}."),
    "inequality": Operation(arguments=(R_, N_), result=A_, run=inequality,
        about="{0} holds for {answer}."),
    "domain": Operation(arguments=(E_, N_), result=A_, run=domain,
        about="{0} is real for {answer}."),
    "values_taken": Operation(arguments=(E_, N_, E_, E_), result=A_, run=values_taken,
        about="{0} takes the values {answer}."),
    "length_of": Operation(arguments=(A_,), result=E_, run=length_of, about="They are {answer}."),
    "total_of": Operation(arguments=(A_,), result=E_, run=total_of, about="Their sum is {answer}."),
    "product_of": Operation(arguments=(A_,), result=E_, run=product_of,
        about="Their product is {answer}."),
    "chosen": Operation(arguments=(A_, W_), result=E_, run=chosen, about="The {1} is {answer}."),
    "remainder": Operation(arguments=(E_, E_, N_), result=E_, run=remainder,
        about="The remainder of {0} by {1} is {answer}."),
    "quotient": Operation(arguments=(E_, E_, N_), result=E_, run=quotient,
        about="The quotient of {0} by {1} is {answer}."),
    "coefficient": Operation(arguments=(E_, E_), result=E_, run=coefficient,
        about="The coefficient of {1} in {0} is {answer}."),
    "horizontal_asymptote": Operation(arguments=(E_, N_), result=A_, run=horizontal_asymptote,
        about="{0} tends to {answer}."),
    "vertical_asymptotes": Operation(arguments=(E_, N_), result=A_, run=vertical_asymptotes,
        about="{0} has no limit at {answer}."),
    "undefined_at": Operation(arguments=(E_, N_), result=A_, run=undefined_at,
        about="{0} is not defined at {answer}."),
    "inverse_at": Operation(arguments=(E_, N_, E_), result=E_, run=inverse_at,
        check=lambda f, x, v, a: checks.same_values(f.subs(x, a), v),
        about="{0} has the value {2} at {answer}."),
    "inverse_function": Operation(arguments=(E_, N_), result=E_, run=inverse_function,
        about="The inverse of {0} is {answer}."),
    "complete_square": Operation(arguments=(E_, N_), result=E_, run=complete_square,
        check=lambda e, x, a: checks.same_values(e, a), about=EQUATION),
    "slope_of_line": Operation(arguments=(R_,), result=A_, run=slope_of_line,
        about="The slope of the line {0} is {answer}."),
    "vertex": Operation(arguments=(E_, N_), result=A_, run=vertex,
        about="The vertex of the graph of {0} is {answer}."),
    "discriminant": Operation(arguments=(E_, N_), result=E_, run=discriminant,
        about="The discriminant of {0} is {answer}."),
}  # fmt: skip
"""Operations by name."""
