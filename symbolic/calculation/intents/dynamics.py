"""Intents of differential equations, Laplace transforms, functions of several variables, graphs."""
# ruff: noqa: E501

import re
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.facts import main_name
from abduce.symbolic.calculation.intents.reading import (
    body_of,
    bounds,
    built,
    call,
    function,
    has_matrix,
    matrices,
    several,
)
from abduce.symbolic.calculation.trees import is_name, is_number, names, nodes
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood


class Misread(Exception):
    """A differential equation of another form (internal)."""


def _marked(tree: Tree, unknown: str, variable: str) -> Tree:
    """Derivatives as names: `y''` is `y_prime_2`, `y'(0)` is `y_at_1_0`."""
    if tree[0] == "prime" and tree[1][0] == unknown:
        return (f"{unknown}_prime_{tree[2][0]}",)
    if tree[0] == "derivative" and tree[1] == (unknown,):
        if any(part != (variable,) for part in tree[2:]):
            raise Misread
        return (f"{unknown}_prime_{len(tree) - 2}",)
    if tree[0] == "derivative" and tree[1][0] == "call" and tree[1][1] == (unknown,):
        return (f"{unknown}_prime_{len(tree) - 2}",)
    if tree[0] == "applied" and tree[1][0] == "prime" and tree[1][1][0] == unknown:
        order = tree[1][2][0]
        if len(tree) == 3 and tree[2] == (variable,):
            return (f"{unknown}_prime_{order}",)
        return _place(unknown, order, tree[2])
    if tree[0] == "call" and tree[1][0] == unknown:
        return (unknown,) if tree[2] == (variable,) else _place(unknown, "0", tree[2])
    return (tree[0], *(_marked(part, unknown, variable) for part in tree[1:]))


def _place(unknown: str, order: str, tree: Tree) -> Tree:
    text = ""
    if tree[0] == "negate":
        text, tree = "m", tree[1]
    if tree[0] == "divide" and is_number(tree[1]) and is_number(tree[2]):
        return (f"{unknown}_at_{order}_{text}{tree[1][0]}o{tree[2][0]}",)
    if not is_number(tree):
        raise Misread
    return (f"{unknown}_at_{order}_{text}{tree[0]}",)


def _differential_equation(asked: Asked) -> Understood:
    every = [*asked.every.equations, *(("equal", (n,), t) for n, t in asked.every.named.items())]
    derived = [e for e in every if any(n[0] in ("prime", "derivative") for n in nodes(e))]
    unknowns = {
        n[1][0] if is_name(n[1]) else n[1][1][0]
        for e in derived for n in nodes(e) if n[0] in ("prime", "derivative")
    }  # fmt: skip
    if len(unknowns) != 1:
        return None
    unknown = next(iter(unknowns))
    if unknown in asked.every.named:
        derived = [e for e in derived if e[1] != (unknown,)]
    variable = _variable(asked, derived, unknown)
    ordinary = [e for e in every if e not in derived]
    conditions = [e for e in ordinary if e[1][0] in ("call", "applied") and e[1][-1] != (variable,)
                  and not names(e[2])]  # fmt: skip
    main = [e for e in derived if not (e[1][0] == "applied" and e[1][-1] != (variable,))]
    starts = [e for e in derived if e not in main]
    if len(main) != 1:
        return None
    if asked.says("verify") and not asked.says("find"):
        return None
    try:
        marked = [_marked(e, unknown, variable) for e in (*main, *conditions, *starts)]
    except Misread:
        return None
    free = set(names(marked[0])) - {variable, unknown}
    if any(not name.startswith(f"{unknown}_prime_") for name in free):
        return None
    return built(call("solve_ode", several(marked), (unknown,), (variable,)))


def _variable(asked: Asked, derived: list[Tree], unknown: str) -> str:
    """The variable that primes differentiate with respect to."""
    for tree in derived:
        for node in nodes(tree):
            if node[0] == "derivative":
                return node[2][0]
            if node[0] == "applied" and is_name(node[2]):
                return node[2][0]
            if node[0] == "call" and node[1][0] == unknown and is_name(node[2]):
                return node[2][0]
    told = re.search(r"with respect to ⟨", asked.words)
    free = {n for t in derived for n in names(t)} - {unknown}
    if (told is None and "t" in free) or unknown == "x":
        return "t"
    return "x"


def _laplace(asked: Asked) -> Understood:
    inverse = asked.says("inverse")
    found = function(asked)
    if found is None:
        loose = [t for t in asked.facts.loose if names(t) and t[0] != "call" and not is_name(t)]
        loose += [t for n, t in asked.every.named.items() if names(t)]
        if len(loose) != 1:
            return None
        found = (loose[0], main_name(loose, ("s", "t")) or "t")
    body, variable = found
    if inverse:
        return (
            built(call("inverse_laplace", body, (variable,)))
            if set(names(body)) <= {variable}
            else None
        )
    return built(call("laplace", body, (variable,), ("s",)))


def _several(asked: Asked) -> tuple[Tree, tuple[str, ...]] | None:
    facts = asked.every
    if len(facts.functions) == 1:
        places, body = next(iter(facts.functions.values()))
        return body, places
    if "f" in asked.match and not is_name(asked.match["f"]):
        found = body_of(asked.match["f"], facts)
        return (found[0], names(found[0])) if found else None
    bodies = [t for t in facts.named.values() if len(names(t)) > 1 and not has_matrix(t)]
    if len(bodies) == 1:
        return bodies[0], tuple(sorted(names(bodies[0])))
    return None


def _place_of(asked: Asked) -> Tree | None:
    """The only point of a question."""
    found = [t for t in matrices(asked) if t[0] == "tuple"]
    return found[0] if len(found) == 1 else None


def _gradient(asked: Asked) -> Understood:
    found = _several(asked)
    if found is None:
        return None
    place = _place_of(asked)
    if place is None and asked.says("at the"):
        return None
    letters = several([(n,) for n in found[1]])
    if place is None:
        return built(call("gradient", found[0], letters))
    return built(call("gradient_at", found[0], letters, place))


def _partials(asked: Asked) -> Understood:
    found = _several(asked)
    if found is None:
        return None
    if "x" in asked.match and is_name(asked.match["x"]):
        return built(call("derivative", found[0], asked.match["x"], 1))
    return built(call("partials", found[0], several([(n,) for n in found[1]])))


def _directional(asked: Asked) -> Understood:
    found, places = _several(asked), matrices(asked)
    if found is None or len(places) != 2:
        return None
    return built(
        call("directional", found[0], several([(n,) for n in found[1]]), places[0], places[1])
    )


def _field(asked: Asked) -> Understood:
    fields = [t for t in matrices(asked) if len(names(t)) >= 1]
    fields += [b for _, b in asked.every.functions.values() if has_matrix(b)]
    if len(fields) != 1:
        return None
    letters = [("x",), ("y",), ("z",)][: len(fields[0]) - 1]
    operation = "divergence" if asked.says("divergence") else "curl"
    return built(call(operation, fields[0], several(letters)))


def _system(asked: Asked) -> Understood:
    functions, letters = [], []
    for equation in asked.every.equations:
        left = equation[1]
        if (left[0] == "derivative" and is_name(left[1])) or left[0] == "prime":
            letters.append(left[1])
        elif left[0] == "applied" and left[1][0] == "prime":
            letters.append(left[1][1])
        else:
            return None
        functions.append(equation[2])
    if len(functions) != 2 or asked.every.functions:
        return None
    operation = "stability" if asked.says("classify|type|stability") else "still_points"
    return built(call(operation, several(functions), several(letters)))


def _tangent_plane(asked: Asked) -> Understood:
    found, place = _several(asked), _place_of(asked)
    if found is None or place is None or len(found[1]) != 2:
        return None
    return built(call("tangent_plane", found[0], several([(n,) for n in found[1]]), place))


def _line_integral(asked: Asked) -> Understood:
    """The integral of a field along a path that is given by its coordinates."""
    named = asked.every.named
    field = asked.match.get("f")
    if field is not None and field[0] == "equal":
        field = field[2]
    span = bounds(asked)
    path = [named[n] for n in ("x", "y", "z") if n in named]
    if (
        field is None
        or field[0] not in ("vector", "tuple")
        or span is None
        or len(path) != len(field) - 1
    ):
        return None
    letters = [("x",), ("y",), ("z",)][: len(path)]
    if any(set(names(p)) - {span[0]} for p in path):
        return None
    return built(
        call(
            "line_integral",
            several(field[1:]),
            several(letters),
            several(path),
            (span[0],),
            span[1],
            span[2],
        )
    )


def _implicit(asked: Asked) -> Understood:
    """`dy/dx` of an equation in x and y."""
    asks = [t for t in asked.trees if t[0] == "derivative"]
    given = [e for e in asked.every.equations if set(names(e)) == {"x", "y"}]
    if len(given) != 1 or asks not in ([], [("derivative", ("y",), ("x",))]):
        return None
    return built(call("implicit", several(given)))


def _stepped(asked: Asked) -> Understood:
    slopes = [e for e in asked.every.equations if e[1][0] in ("prime", "derivative")]
    starts = [e for e in asked.every.equations if e[1][0] == "call" and not names(e[1][2])
              and not names(e[2])]  # fmt: skip
    steps = [t for n, t in asked.every.named.items() if n == "h"]
    intervals = [t for t in asked.facts.loose if t[0] == "bracket" and len(t) == 3]
    ends = [t for n, t in asked.every.named.items() if n == "x" and not names(t)]
    if len(slopes) != 1 or len(starts) != 1 or len(steps) != 1:
        return None
    end = intervals[0][2] if len(intervals) == 1 else ends[0] if len(ends) == 1 else None
    if end is None:
        return None
    unknown = starts[0][1][1][0]
    body = slopes[0][2]
    variable = "t" if "t" in names(body) else "x"
    if set(names(body)) - {variable, unknown}:
        return None
    method = (
        "runge" if asked.says("runge") else "improved" if asked.says("improved|heun") else "euler"
    )
    return built(
        call(
            "stepped",
            body,
            (variable,),
            (unknown,),
            starts[0][1][2],
            starts[0][2],
            end,
            steps[0],
            method,
        )
    )


def _graph(asked: Asked) -> Understood:
    named = asked.every.named
    if "r" in named and set(names(named["r"])) <= {"theta", "t"} and names(named["r"]):
        return built(call("graph", named["r"], (names(named["r"])[0],), "polar"))
    if (
        "x" in named
        and "y" in named
        and names(named["x"])
        and names(named["x"]) == names(named["y"])
    ):
        return built(call("eliminated", named["x"], named["y"], (names(named["x"])[0],)))
    if "x" in named and names(named["x"]) == ("y",):
        return built(call("graph", named["x"], ("y",), "x"))
    found = function(asked)
    if found is None or len(names(found[0])) != 1:
        return None
    return built(call("graph", found[0], (found[1],), "y"))


def _period(asked: Asked) -> Understood:
    found = function(asked)
    return built(call("period", found[0], (found[1],))) if found else None


ODE_WORDS: Final = (
    "general solution solutions particular differential equation equations initial value problem "
    "problems condition conditions satisfying prescribed method variation parameters undetermined "
    "coefficients complex separable separate variables integrating factor linear homogeneous "
    "nonhomogeneous first-order second-order order first second power series corresponding "
    "laplace transform transforms pertains pair verify then form explicit implicit partial fractions "
    "either exact computer-generated slope field sketch graphs several highlight exact system"
)
INTENTS: Final = (
    Intent(name="differential equation",
        asked=(r"(?:differential equations?|general solutions?|initial value problems?|particular solution|solve)",),
        words=ODE_WORDS, read=_differential_equation, weight=1,
        examples=(("Find the general solution of y' + 2y = 0.", "y = C1*e^(-2*x)"),
                  ("Solve the initial value problem y'' + y = 0, y(0) = 1, y'(0) = 0.", "y = cos(x)"))),
    Intent(name="Laplace transform", asked=(r"(?:inverse )?laplace transforms?(?: of (?:the |each )?(?:given )?(?:functions? )?{f})?",),
        words="inverse laplace transform transforms partial fractions each sketch graph then", read=_laplace, weight=2,
        examples=(("Find the Laplace transform of t^2.", "2/s^3"), ("Find the inverse Laplace transform of 3/(s-4).", "3*e^(4*t)"))),
    Intent(name="gradient", asked=(r"gradient(?: vector| field)?(?: {})?(?: of(?: the)?(?: function)? {f})?",), words="vector field point indicated first", read=_gradient, weight=1,
        examples=(("Find the gradient of f(x,y) = x^2*y.", "[2*x*y; x^2]"),)),
    Intent(name="partial derivatives", asked=(r"(?:first[- ](?:order )?)?partial derivatives?(?: of (?:the )?(?:each )?(?:function )?(?:{f})?)?(?: with respect to {x})?",), words="first-order first each", read=_partials, weight=2,
        examples=(("Find the partial derivatives of f(x,y) = x^2*y.", "f_x = 2*x*y, f_y = x^2"),)),
    Intent(name="directional derivative", asked=(r"directional derivative",), words="point direction vector toward", read=_directional, weight=2,
        examples=(("Find the directional derivative of f(x,y) = x^2 + y at the point (1, 2) in the direction of <3, 4>.", "2"),)),
    Intent(name="divergence or curl", asked=(r"(?:divergence|curl)(?: of (?:the )?(?:vector )?(?:field )?(?:{f})?)?",), words="vector field", read=_field, weight=1,
        examples=(("Find the divergence of the vector field F = <x^2, y, z>.", "2*x + 2"),)),
    Intent(name="critical points of a system", asked=(r"critical points?(?: or points)?",), words="autonomous system single classify type stability verify conclusion computer graphing calculator construct phase portrait problem critical point points", read=_system, weight=3,
        examples=(("Find the critical point of the autonomous system dx/dt = x - y, dy/dt = x + y - 2.", "(1, 1)"),)),
    Intent(name="line integral", asked=(r"line integral(?: of(?: the)?(?: vector)?(?: field)? {f})?",), words="vector field along over curve path parametrized", read=_line_integral, weight=2,
        examples=(("Evaluate the line integral of F = <x, y> along the curve x = t, y = t^2, 0 <= t <= 1.", "1"),)),
    Intent(name="implicit derivative", asked=(r"implicit(?:ly)?(?: differentiat(?:ion|e))?(?: to)?",), words="differentiation differentiate use derivative", read=_implicit, weight=2,
        examples=(("Use implicit differentiation to find dy/dx. x^2 + y^2 = 25", "-x/y"),)),
    Intent(name="tangent plane", asked=(r"tangent plane",), words="surface equation point plane", read=_tangent_plane, weight=1,
        examples=(("Find the tangent plane to the surface z = x^2 + y^2 at the point (1, 1, 2).", "z = 2*x + 2*y - 2"),)),
    Intent(name="numerical solution of a differential equation", asked=(r"(?:improved )?euler(?:'s)?(?: method)?|runge[-–]kutta(?: method)?",),
        words="apply method improved approximate approximation solution interval step size initial condition conditions calculator hand-held suffice construct table showing five-decimal-place values actual points exact value problem approximations",
        read=_stepped, weight=3,
        examples=(("Apply Euler's method with step size h = 0.5 to approximate the solution of y' = y, y(0) = 1 on the interval [0, 1].", "2.25"),)),
    Intent(name="graph", asked=(r"(?:sketch|graph|plot|draw|describe)(?: the)?(?: graph| curve)?(?: of)?(?: the)?(?: polar| given)?(?: function| curve| equation)?",),
        words="sketch graph graphs curve polar equation indicate symmetries around either coordinate axis origin spiral archimedes eliminate parameter then rough describe parametric given",
        read=_graph,
        examples=(("Sketch the graph of y = x^2.", "graph of y = x^2"),)),
    Intent(name="period", asked=(r"(?:smallest )?period|periodic",), words="sketch graph defined whether periodic smallest period fundamental formula", read=_period, weight=1,
        examples=(("Find the smallest period of f(t) = sin(2t).", "pi"),)),
)  # fmt: skip
"""The rows."""
