"""Operations on differential equations, Laplace transforms, and functions of several variables."""

from typing import Any, Final

from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    MATRIX,
    NAME,
    RELATIONS,
    WORD,
    Doubtful,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.operations.sampling import number, points
from abduce.symbolic.calculation.untyped import sp


def solve_ode(relations: Any, unknown: Any, variable: Any) -> Any:
    """The solution of a differential equation with its conditions, checked by substitution.

    Derivatives are names such as `y_prime_2`, and conditions are equations of `y_at_0_1` (the
    order, then the number of the place).
    """
    function = sp.Function(str(unknown))
    equation, conditions = None, {}
    for relation in relations:
        marks = [s for s in relation.free_symbols if "_at_" in str(s)]
        if len(marks) == 1 and relation.lhs == marks[0]:
            _, order, place = str(marks[0]).rsplit("_", 2)
            at = sp.Rational(place.replace("m", "-").replace("o", "/"))
            here = function(variable)
            left = here.subs(variable, at) if order == "0" else here.diff(
                variable, int(order)).subs(variable, at)  # fmt: skip
            conditions[left] = relation.rhs
            continue
        equation = relation
    if equation is None:
        raise Unanswered("There is no differential equation.")
    by: dict[Any, Any] = {}
    for symbol in equation.free_symbols:
        text = str(symbol)
        if text.startswith(f"{unknown}_prime_"):
            by[symbol] = sp.Derivative(function(variable), (variable, int(text.rsplit("_", 1)[1])))
        elif text == str(unknown):
            by[symbol] = function(variable)
    whole = sp.Eq(equation.lhs.xreplace(by), equation.rhs.xreplace(by))
    found = sp.dsolve(whole, function(variable), ics=conditions or None)
    found = found[0] if isinstance(found, list) and len(found) == 1 else found
    if isinstance(found, list):
        raise Unanswered("There are several families of solutions.")
    if found.lhs != function(variable) or found.rhs.has(function):
        raise Unanswered("The solution is found only as an equation.")
    left = (whole.lhs - whole.rhs).subs(function(variable), found.rhs).doit()
    names = sorted(left.free_symbols, key=str)
    tried = 0
    for at in points(names):
        value = number(left, at)
        if value is None:
            continue
        tried += 1
        if abs(value) > 1e-6:
            raise Doubtful("the solution does not satisfy the differential equation")
        if tried == 3:
            break
    return sp.Eq(sp.Symbol(f"{unknown}"), sp.simplify(found.rhs), evaluate=False)


def laplace(function: Any, t: Any, s: Any) -> Any:
    """The Laplace transform."""
    time, frequency = sp.Symbol("t", positive=True), sp.Symbol(str(s), positive=True)
    found = sp.laplace_transform(function.subs(t, time), time, frequency, noconds=True)
    if found.has(sp.LaplaceTransform):
        raise Unanswered("No transform was found.")
    return sp.simplify(found).subs(frequency, sp.Symbol(str(s)))


def inverse_laplace(function: Any, s: Any) -> Any:
    """The function of t > 0 whose Laplace transform is given, checked by transforming back."""
    if function.is_rational_function(s):
        return _residues(function, s)
    time, frequency = sp.Symbol("t", positive=True), sp.Symbol("s")
    moved = function.subs(s, frequency)
    found = sp.inverse_laplace_transform(moved, frequency, time)
    if found.has(sp.InverseLaplaceTransform):
        raise Unanswered("No inverse transform was found.")
    free = sp.Symbol("t")
    plain = found.subs(sp.Heaviside(time), 1)
    return sp.simplify(plain).subs(time, free)


def _residues(function: Any, s: Any) -> Any:
    """The sum of the residues of F(s) e^(st), for a quotient of polynomials.

    Source: Bromwich 1916.
    """
    above, below = sp.fraction(sp.together(function))
    if sp.degree(above, s) >= sp.degree(below, s):
        raise Unanswered("The function does not tend to 0, so that it is no transform.")
    poles = sp.roots(sp.Poly(below, s))
    if sum(poles.values()) != sp.degree(below, s):
        raise Unanswered("The poles have no closed form.")
    t = sp.Symbol("t", real=True)
    lead = sp.Poly(below, s).LC()
    total: Any = sp.Integer(0)
    for pole, order in poles.items():
        rest = lead * sp.Mul(*[(s - p) ** m for p, m in poles.items() if p != pole])
        part = sp.diff(above * sp.exp(s * t) / rest, s, order - 1) / sp.factorial(order - 1)
        total += part.subs(s, pole)
    real = sp.re(sp.expand(total)) if not function.free_symbols - {s} else total
    return sp.simplify(sp.expand(real)).subs(t, sp.Symbol("t"))


def gradient(function: Any, names: Any) -> Any:
    """The gradient."""
    return sp.Matrix([sp.diff(function, name) for name in names]).applyfunc(sp.simplify)


def gradient_at(function: Any, names: Any, place: Any) -> Any:
    """The gradient at a place."""
    at = dict(zip(names, place, strict=True))
    return gradient(function, names).subs(at).applyfunc(sp.simplify)


def partials(function: Any, names: Any) -> Any:
    """All first partial derivatives."""
    return {sp.Symbol(f"f_{name}"): sp.simplify(sp.diff(function, name)) for name in names}


def directional(function: Any, names: Any, place: Any, direction: Any) -> Any:
    """The derivative in a direction at a place."""
    slope = gradient_at(function, names, place)
    way = sp.Matrix(list(direction))
    return sp.simplify(slope.dot(way) / way.norm())


def divergence(field: Any, names: Any) -> Any:
    """The divergence of a field."""
    return sp.simplify(sum(sp.diff(f, x) for f, x in zip(field, names, strict=True)))


def curl(field: Any, names: Any) -> Any:
    """The curl of a field in space."""
    if len(field) != 3:
        raise Unanswered("A curl needs a field in space.")
    p, q, r = list(field)
    x, y, z = names
    return sp.Matrix([
        sp.diff(r, y) - sp.diff(q, z), sp.diff(p, z) - sp.diff(r, x), sp.diff(q, x) - sp.diff(p, y)
    ]).applyfunc(sp.simplify)  # fmt: skip


def still_points(functions: Any, names: Any) -> Any:
    """Where all derivatives of an autonomous system are 0."""
    found = sp.solve(list(functions), list(names), dict=True)
    real = [s for s in found if all(v.is_real for v in s.values()) and len(s) == len(names)]
    if not real:
        raise Unanswered("There is no single critical point.")
    places = [sp.Tuple(*[s[n] for n in names]) for s in real]
    return places[0] if len(places) == 1 else places


def stability(functions: Any, names: Any) -> Any:
    """The type and stability of the only critical point of a linear system in the plane."""
    place = still_points(functions, names)
    if isinstance(place, list):
        raise Unanswered("There are several critical points.")
    jacobian = sp.Matrix(list(functions)).jacobian(list(names)).subs(
        dict(zip(names, place, strict=True)))  # fmt: skip
    values = list(jacobian.eigenvals(multiple=True))
    if len(values) != 2:
        raise Unanswered("The system is not one of the plane.")
    real = [sp.re(v) for v in values]
    if all(sp.im(v) == 0 for v in values):
        if real[0] * real[1] < 0:
            kind = "unstable saddle point"
        else:
            kind = ("asymptotically stable" if real[0] < 0 else "unstable") + " node"
    elif real[0] == 0:
        kind = "stable center"
    else:
        kind = ("asymptotically stable" if real[0] < 0 else "unstable") + " spiral point"
    from abduce.symbolic.calculation.printing import shown

    return f"{kind}: {shown(place)}"


def stepped(
    slope: Any, x: Any, y: Any, start: Any, height: Any, end: Any, step: Any, method: str
) -> Any:
    """A differential equation y' = f(x, y) followed in steps.

    Source: Euler 1768; Heun 1900 (improved); Kutta 1901.
    """
    count = sp.Rational(end - start) / step
    if not count.is_Integer or count > 1000 or count < 1:
        raise Unanswered("The steps do not fit the interval.")
    at, value = sp.Rational(start), sp.Rational(height)

    def f(a: Any, b: Any) -> Any:
        return sp.N(slope.subs({x: a, y: b}), 20)

    for _ in range(int(count)):
        one = f(at, value)
        if method == "euler":
            value = value + step * one
        elif method == "improved":
            value = value + step * (one + f(at + step, value + step * one)) / 2
        else:
            two = f(at + step / 2, value + step * one / 2)
            three = f(at + step / 2, value + step * two / 2)
            four = f(at + step, value + step * three)
            value = value + step * (one + 2 * two + 2 * three + four) / 6
        at = at + step
    return sp.N(value, 12)


def line_integral(field: Any, names: Any, path: Any, t: Any, low: Any, high: Any) -> Any:
    """The integral of a field along a path."""
    along = dict(zip(names, path, strict=False))
    body = sum(f.subs(along) * sp.diff(p, t) for f, p in zip(field, path, strict=True))
    return sp.simplify(sp.integrate(sp.simplify(body), (t, low, high)))


def implicit(relations: Any) -> Any:
    """dy/dx along the curve of an equation."""
    (equation,) = relations
    x, y = sp.symbols("x y")
    left = equation.lhs - equation.rhs
    return sp.simplify(-sp.diff(left, x) / sp.diff(left, y))


def tangent_plane(function: Any, names: Any, place: Any) -> Any:
    """The tangent plane of a graph z = f(x, y)."""
    at = dict(zip(names, list(place)[:2], strict=True))
    height = function.subs(at)
    flat = height + sum(sp.diff(function, n).subs(at) * (n - at[n]) for n in names)
    return sp.Eq(sp.Symbol("z"), sp.expand(flat), evaluate=False)


E_, N_, M_ = EXPRESSION, NAME, MATRIX
TABLE: Final = {
    "solve_ode": Operation(arguments=(RELATIONS, N_, N_), result=ANSWER, run=solve_ode,
        about="The solution of the differential equation is {answer}, which satisfies it."),
    "laplace": Operation(arguments=(E_, N_, N_), result=E_, run=laplace,
        about="The Laplace transform of {0} is {answer}."),
    "inverse_laplace": Operation(arguments=(E_, N_), result=E_, run=inverse_laplace,
        about="The inverse Laplace transform of {0} is {answer}."),
    "gradient": Operation(arguments=(E_, M_), result=ANSWER, run=gradient,
        about="The gradient of {0} is {answer}."),
    "gradient_at": Operation(arguments=(E_, M_, M_), result=ANSWER, run=gradient_at,
        about="The gradient of {0} at {2} is {answer}."),
    "partials": Operation(arguments=(E_, M_), result=ANSWER, run=partials,
        about="The partial derivatives of {0} are {answer}."),
    "directional": Operation(arguments=(E_, M_, M_, M_), result=ANSWER, run=directional,
        about="The derivative of {0} at {2} in the direction {3} is {answer}."),
    "divergence": Operation(arguments=(M_, M_), result=E_, run=divergence,
        about="The divergence of {0} is {answer}."),
    "curl": Operation(arguments=(M_, M_), result=ANSWER, run=curl,
        about="The curl of {0} is {answer}."),
    "still_points": Operation(arguments=(M_, M_), result=ANSWER, run=still_points,
        about="All of {0} are 0 at {answer}."),
    "stability": Operation(arguments=(M_, M_), result=ANSWER, run=stability,
        about="The eigenvalues at the critical point say: {answer}."),
    "stepped": Operation(arguments=(E_, N_, N_, E_, E_, E_, E_, WORD), result=E_, run=stepped,
        about="From {1} = {3} to {5} in steps of {6} ({7}): {answer}."),
    "line_integral": Operation(arguments=(M_, M_, M_, N_, E_, E_), result=E_, run=line_integral,
        about="The integral along the path is {answer}."),
    "implicit": Operation(arguments=(RELATIONS,), result=E_, run=implicit,
        about="Along {0}, dy/dx = {answer}."),
    "tangent_plane": Operation(arguments=(E_, M_, M_), result=ANSWER, run=tangent_plane,
        about="The tangent plane is {answer}."),
}  # fmt: skip
"""Operations by name."""
