"""Operations of geometry, of complex numbers, of sequences, and the best of several variables."""

import math
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from abduce.symbolic.calculation.operations.floating import floating
from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    MATRIX,
    NAME,
    RELATIONS,
    WORD,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.untyped import sp


def distance(p: Any, q: Any) -> Any:
    """The distance of two points."""
    if len(p) != len(q):
        raise Unanswered("The points differ in their number of coordinates.")
    return sp.simplify(sp.sqrt(sum((a - b) ** 2 for a, b in zip(p, q, strict=True))))


def polar_distance(p: Any, q: Any) -> Any:
    """The distance of two points in polar coordinates."""
    r, s, turn = p[0], q[0], p[1] - q[1]
    return sp.sqrt(sp.simplify(r**2 + s**2 - 2 * r * s * sp.cos(turn)))


def midpoint(p: Any, q: Any) -> Any:
    """The midpoint."""
    return sp.Tuple(*[(a + b) / 2 for a, b in zip(p, q, strict=True)])


def slope(p: Any, q: Any) -> Any:
    """The slope of the line through two points."""
    if p[0] == q[0]:
        return "no slope"
    return sp.simplify((q[1] - p[1]) / (q[0] - p[0]))


def line(p: Any, q: Any) -> Any:
    """The line through two points: y = m x + b in the plane, with a parameter t in space."""
    t = sp.Symbol("t")
    if len(p) == 2:
        if p[0] == q[0]:
            return sp.Eq(sp.Symbol("x"), p[0], evaluate=False)
        m = slope(p, q)
        return sp.Eq(sp.Symbol("y"), sp.expand(m * (sp.Symbol("x") - p[0]) + p[1]), evaluate=False)
    return parametric(p, q, t)


def parametric(p: Any, q: Any, t: Any) -> Any:
    """Parametric equations of the line through two points."""
    letters = sp.symbols("x y z")[: len(p)]
    return {n: a + (b - a) * t for n, a, b in zip(letters, p, q, strict=True)}


def circle(relations: Any, what: str) -> Any:
    """The centre, radius, area or circumference of a circle that an equation gives."""
    (equation,) = relations
    x, y = sp.symbols("x y")
    left = sp.expand(equation.lhs - equation.rhs)
    poly = sp.Poly(left, x, y)
    a = poly.coeff_monomial(x**2)
    if (
        a == 0
        or a != poly.coeff_monomial(y**2)
        or poly.coeff_monomial(x * y) != 0
        or (poly.total_degree() != 2)
    ):
        raise Unanswered("The equation is not that of a circle.")
    h = -poly.coeff_monomial(x) / (2 * a)
    k = -poly.coeff_monomial(y) / (2 * a)
    square = h**2 + k**2 - poly.coeff_monomial(1) / a
    if square.is_number and square <= 0:
        raise Unanswered("The equation has no circle of real points.")
    radius = sp.sqrt(square)
    center = sp.Tuple(h, k)
    match what:
        case "center":
            return center
        case "radius":
            return radius
        case "area":
            return sp.pi * square
        case "circumference":
            return 2 * sp.pi * radius
        case _:
            return [center, radius]


def triangle(p: Any, q: Any, r: Any) -> Any:
    """The area of the triangle with given vertices."""
    if len(p) == 2:
        return sp.Abs((q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])) / 2
    one, two = (sp.Matrix([b - a for a, b in zip(p, other, strict=True)]) for other in (q, r))
    return sp.simplify(one.cross(two).norm() / 2)


def heron(a: Any, b: Any, c: Any) -> Any:
    """The area of a triangle with given sides.

    Source: Heron, Metrica.
    """
    s = (a + b + c) / 2
    square = s * (s - a) * (s - b) * (s - c)
    if square.is_number and square <= 0:
        raise Unanswered("There is no triangle with these sides.")
    return sp.simplify(sp.sqrt(square))


def solid(kind: str, sizes: Any, what: str) -> Any:
    """The volume or surface of a solid, the area or perimeter of a figure."""
    given = list(sizes)
    r = given[0]
    h = given[1] if len(given) > 1 else r
    formulas: dict[tuple[str, str], Any] = {
        ("sphere", "volume"): sp.Rational(4, 3) * sp.pi * r**3,
        ("sphere", "surface"): 4 * sp.pi * r**2,
        ("cylinder", "volume"): sp.pi * r**2 * h,
        ("cone", "volume"): sp.pi * r**2 * h / 3,
        ("cube", "volume"): r**3,
        ("cube", "surface"): 6 * r**2,
        ("circle", "area"): sp.pi * r**2,
        ("circle", "perimeter"): 2 * sp.pi * r,
        ("square", "area"): r**2,
        ("square", "perimeter"): 4 * r,
        ("rectangle", "area"): r * h,
        ("rectangle", "perimeter"): 2 * (r + h),
        ("triangle", "area"): r * h / 2,
    }
    if (kind, what) not in formulas:
        raise Unanswered("No formula is known for this.")
    return sp.simplify(formulas[kind, what])


def polar(p: Any) -> Any:
    """Polar coordinates (r, theta) of a point, with 0 <= theta < 2 pi."""
    r = sp.simplify(sp.sqrt(p[0] ** 2 + p[1] ** 2))
    angle = sp.simplify(sp.arg(p[0] + sp.I * p[1]))
    if angle.is_negative:
        angle = angle + 2 * sp.pi
    return sp.Tuple(r, angle)


def rectangular(p: Any) -> Any:
    """Rectangular coordinates of a point in polar coordinates."""
    return sp.Tuple(sp.simplify(p[0] * sp.cos(p[1])), sp.simplify(p[0] * sp.sin(p[1])))


def rotated(z: Any, center: Any, angle: Any) -> Any:
    """A complex number turned about another."""
    turned = center + (z - center) * sp.exp(sp.I * angle)
    return sp.expand(sp.simplify(sp.expand(turned, complex=True)))


def modulus(z: Any, what: str) -> Any:
    """The modulus, argument, conjugate, real or imaginary part."""
    functions: dict[str, Callable[[Any], Any]] = {
        "modulus": sp.Abs, "argument": sp.arg, "conjugate": sp.conjugate, "real": sp.re,
        "imaginary": sp.im,
    }  # fmt: skip
    return sp.simplify(functions[what](sp.expand(z)))


def ellipse(first: Any, second: Any, eccentricity: Any) -> Any:
    """The ellipse with two foci and an eccentricity, with its axes parallel to the coordinates."""
    x, y = sp.symbols("x y")
    h, k = ((a + b) / 2 for a, b in zip(first, second, strict=True))
    c = distance(first, second) / 2
    a = c / eccentricity
    if not 0 < eccentricity < 1 or c == 0:
        raise Unanswered("The eccentricity of an ellipse lies between 0 and 1.")
    b_square = sp.simplify(a**2 - c**2)
    along = (a**2, b_square) if first[1] == second[1] else (b_square, a**2)
    if first[1] != second[1] and first[0] != second[0]:
        raise Unanswered("The axes are not parallel to the coordinates.")
    return sp.Eq((x - h) ** 2 / along[0] + (y - k) ** 2 / along[1], 1, evaluate=False)


def regular(n: Any, what: str) -> Any:
    """Angles of a regular polygon, in degrees, and its diagonals."""
    formulas = {"interior": (n - 2) * 180 / n, "exterior": 360 / n, "sum": (n - 2) * 180,
                "diagonals": n * (n - 3) / 2}  # fmt: skip
    return sp.simplify(formulas[what])


def clock(hour: Any, minute: Any) -> Any:
    """The smaller angle between the hands of a clock, in degrees."""
    found = sp.Abs(sp.Rational(30) * (hour % 12) + minute / 2 - 6 * minute) % 360
    return min(found, 360 - found)


def term(kind: str, first: Any, second: Any, at: Any, other: Any, n: Any) -> Any:
    """Term n of an arithmetic or geometric sequence with terms `first` at `at`, `second` at
    `other`."""
    if at == other:
        raise Unanswered("Two terms are needed.")
    if kind == "arithmetic":
        step = (second - first) / (other - at)
        return sp.simplify(first + (n - at) * step)
    gap = other - at
    ratio = second / first
    if gap != 1 and ratio.is_number and (gap % 2 == 0 and (n - at) % 2 != 0):
        raise Unanswered("The ratio may have either sign.")
    return sp.simplify(first * ratio ** ((n - at) / gap))


def listed_term(items: Any, n: Any, what: str) -> Any:
    """Term n, or the sum of the first n, of an arithmetic or geometric sequence."""
    known = list(items)
    if len(known) < 3:
        raise Unanswered("Three terms are needed to see how a sequence goes on.")
    steps = {sp.simplify(b - a) for a, b in pairwise(known)}
    ratios = {sp.simplify(b / a) for a, b in pairwise(known)} if all(known) else set()
    if len(steps) == 1:
        step = steps.pop()
        last = known[0] + (n - 1) * step
        return sp.simplify(last if what == "term" else (known[0] + last) * n / 2)
    if len(ratios) == 1:
        ratio = ratios.pop()
        if what == "term":
            return sp.simplify(known[0] * ratio ** (n - 1))
        return sp.simplify(known[0] * (1 - ratio**n) / (1 - ratio))
    raise Unanswered("The sequence is neither arithmetic nor geometric.")


def decay(amount: Any, half: Any, time: Any) -> Any:
    """What is left of an amount with a half-life."""
    return sp.N(amount * sp.Rational(1, 2) ** (time / half), 8)


def best(function: Any, relations: Any, kind: str, sign: str) -> Any:
    """The least or greatest value over several real or positive variables with equations.

    The value is searched from many starts that are fixed by a seed, and accepted only where several
    of them agree, the place lies inside, and the value is a simple number to 9 digits.

    Source: Hooke and Jeeves 1961 (pattern search).
    """
    equations = [r for r in relations if isinstance(r, sp.Equality) and r.free_symbols]
    names = sorted(function.free_symbols.union(*[e.free_symbols for e in equations]), key=str)
    body = function
    for equation in equations:
        solved = None
        for name in [n for n in names if n in equation.free_symbols]:
            found = [s for s in sp.solve(equation, name) if not s.has(sp.Piecewise)]
            if sign == "positive":
                found = [s for s in found if s.is_positive is not False]
            if len(found) == 1:
                solved = (name, found[0])
                break
        if solved is None:
            raise Unanswered("An equation cannot be solved in one way.")
        equations_left = [e.subs(*solved) for e in equations if e != equation]
        body, names = body.subs(*solved), [n for n in names if n != solved[0]]
        kept = solved[1]
        if equations_left:
            raise Unanswered("There are several equations.")
        return _searched(body, names, kind, sign, kept)
    return _searched(body, names, kind, sign, None)


def _searched(body: Any, names: list[Any], kind: str, sign: str, kept: Any) -> Any:
    if not 1 <= len(names) <= 4:
        raise Unanswered("One to four variables were expected.")
    goal, guard = floating(body), floating(kept) if kept is not None else None
    factor = 1.0 if kind == "minimum" else -1.0
    letters = [str(n) for n in names]

    def at(place: list[float]) -> float:
        point = {
            n: (math.exp(v) if sign == "positive" else v)
            for n, v in zip(letters, place, strict=True)
        }
        try:
            if guard is not None and sign == "positive" and guard(point) <= 0:
                return math.inf
            value = goal(point)
            return factor * value if math.isfinite(value) else math.inf
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return math.inf

    rng = random.Random(0)
    ends = []
    for _ in range(24):
        place: list[float] = []
        for reach in (2.0, 2.0, 4.0, *(6.0,) * 40):
            low, high = (-reach, reach if reach < 4 else 0.0) if sign == "positive" else (-2, 2)
            place = [rng.uniform(low, high) for _ in names]
            if math.isfinite(at(place)):
                break
        value, step = at(place), 0.5
        for _ in range(6000):
            better = False
            for way in _ways(len(names), rng):
                moved = [p + step * w for p, w in zip(place, way, strict=True)]
                here = at(moved)
                if here < value:
                    place, value, better = moved, here, True
                    break
            if not better:
                step /= 2
                if step < 1e-12:
                    break
            elif max(map(abs, place)) > 15:
                break
        if math.isfinite(value):
            ends.append((value, max(map(abs, place))))
    if not ends:
        raise Unanswered("No value was found.")
    top = min(value for value, _ in ends)
    agreeing = [size for value, size in ends if abs(value - top) < 1e-8 * max(1, abs(top))]
    if len(agreeing) < 6 or min(agreeing) > 6:
        raise Unanswered("The value is not taken inside, or the search does not agree with itself.")
    simple = _simple(factor * top)
    if simple is None:
        raise Unanswered("The value is known only as a decimal.")
    return simple


def _ways(size: int, rng: random.Random) -> list[list[float]]:
    axes = [[s * float(k == j) for k in range(size)] for j in range(size) for s in (1.0, -1.0)]
    mixed = [[rng.uniform(-1, 1) for _ in range(size)] for _ in range(2 * size)]
    return axes + mixed


def _simple(value: float) -> Any:
    """A fraction or a square root of one that is near a decimal, of small size; else None."""
    for power in (1, 2):
        found = sp.nsimplify(sp.Float(value**power, 15), rational=True, tolerance=1e-8)
        if found.q <= 60 and abs(float(found) - value**power) < 2e-8 * max(1, value**power):
            return found if power == 1 else sp.sign(value) * sp.sqrt(found)
    return None


E_, M_, N_, W_ = EXPRESSION, MATRIX, NAME, WORD
TABLE: Final = {
    "distance": Operation(arguments=(M_, M_), result=E_, run=distance,
        about="The distance of {0} and {1} is {answer}."),
    "polar_distance": Operation(arguments=(M_, M_), result=E_, run=polar_distance,
        about="By the law of cosines, the distance is {answer}."),
    "midpoint": Operation(arguments=(M_, M_), result=ANSWER, run=midpoint,
        about="The midpoint of {0} and {1} is {answer}."),
    "slope": Operation(arguments=(M_, M_), result=ANSWER, run=slope,
        about="The slope from {0} to {1} is {answer}."),
    "line": Operation(arguments=(M_, M_), result=ANSWER, run=line,
        about="The line through {0} and {1} is {answer}."),
    "parametric": Operation(arguments=(M_, M_, N_), result=ANSWER, run=parametric,
        about="The line through {0} and {1} is {answer}."),
    "circle": Operation(arguments=(RELATIONS, W_), result=ANSWER, run=circle,
        about="Completing squares in {0} gives the {1}: {answer}."),
    "triangle": Operation(arguments=(M_, M_, M_), result=E_, run=triangle,
        about="The area of the triangle is {answer}."),
    "heron": Operation(arguments=(E_, E_, E_), result=E_, run=heron,
        about="By Heron's formula the area is {answer}."),
    "solid": Operation(arguments=(W_, M_, W_), result=E_, run=solid,
        about="The {2} of the {0} with {1} is {answer}."),
    "polar": Operation(arguments=(M_,), result=ANSWER, run=polar,
        about="{0} in polar coordinates is {answer}."),
    "rectangular": Operation(arguments=(M_,), result=ANSWER, run=rectangular,
        about="{0} in rectangular coordinates is {answer}."),
    "rotated": Operation(arguments=(E_, E_, E_), result=E_, run=rotated,
        about="{0} turned about {1} by {2} is {answer}."),
    "modulus": Operation(arguments=(E_, W_), result=E_, run=modulus,
        about="The {1} of {0} is {answer}."),
    "ellipse": Operation(arguments=(M_, M_, E_), result=ANSWER, run=ellipse,
        about="The ellipse is {answer}."),
    "regular": Operation(arguments=(E_, W_), result=E_, run=regular,
        about="For {0} sides, {1}: {answer}."),
    "clock": Operation(arguments=(E_, E_), result=E_, run=clock,
        about="At {0}:{1} the hands are {answer} degrees apart."),
    "term": Operation(arguments=(W_, E_, E_, E_, E_, E_), result=E_, run=term,
        about="Term {5} of the {0} sequence is {answer}."),
    "listed_term": Operation(arguments=(M_, E_, W_), result=E_, run=listed_term,
        about="The sequence {0} has {2} {1}: {answer}."),
    "decay": Operation(arguments=(E_, E_, E_), result=E_, run=decay,
        about="Of {0} with half-life {1}, after {2} there is {answer}."),
    "best": Operation(arguments=(E_, RELATIONS, W_, W_), result=E_, run=best,
        about="The {2} of {0} ({3} variables) is {answer}."),
}  # fmt: skip
"""Operations by name."""
