"""Intents of calculus of one variable."""
# ruff: noqa: E501

from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.facts import main_name
from abduce.symbolic.calculation.intents.reading import (
    INFINITY,
    MINUS_INFINITY,
    ZERO,
    Call,
    body_of,
    bounds,
    built,
    call,
    function,
    several,
    value_of,
)
from abduce.symbolic.calculation.trees import is_name, is_number, names, nodes
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood

ORDERS: Final = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4}
ORDER: Final = r"(?P<w_order>second|third|fourth|fifth|2nd|3rd|4th|first)"


def _order(asked: Asked) -> int:
    return ORDERS.get(asked.texts.get("w_order", "first"), 1)


def _derivative(asked: Asked) -> Understood:
    found = function(asked)
    if found is None or (len(asked.every.functions) > 1 and "f" not in asked.match):
        return None
    body, variable = found
    if "x" in asked.match:
        if not is_name(asked.match["x"]):
            return None
        variable = asked.match["x"][0]
    elif (
        len(names(body)) > 1
        and not asked.every.functions
        and (not set(names(body)) & {"x", "t"} or {"x", "y"} <= set(names(body)))
    ):
        return None
    what: Call = call("derivative", body, (variable,), _order(asked))
    point = value_of(asked, "a")
    if point is not None:
        value = point[2] if point[0] == "equal" else point
        what = call("at", what, (variable,), value)
    return built(what)


def _prime_at(asked: Asked) -> Understood:
    """`f'(2)`, `f''(x)`, `dy/dx`."""
    tree = asked.match["g"]
    if tree[0] == "applied" and tree[1][0] == "prime" and len(tree) == 3:
        name, order, argument = tree[1][1][0], int(tree[1][2][0]), tree[2]
        if name not in asked.every.functions:
            return None
        places, body = asked.every.functions[name]
        what = call("derivative", asked.every.unfold(body), (places[0],), order)
        return built(what if argument == (places[0],) else call("at", what, (places[0],), argument))
    if tree[0] == "derivative" and is_name(tree[1]) and tree[1][0] in asked.every.named:
        body = asked.every.unfold(asked.every.named[tree[1][0]])
        return built(call("derivative", body, tree[2], len(tree) - 2))
    if tree[0] == "prime" and tree[1][0] in asked.every.named:
        body = asked.every.unfold(asked.every.named[tree[1][0]])
        variable = main_name([body])
        return built(call("derivative", body, (variable,), int(tree[2][0]))) if variable else None
    return None


def _limit(asked: Asked) -> Understood:
    if "x" in asked.match and "p" in asked.match:
        found = function(asked)
        x, p = asked.match["x"], asked.match["p"]
        if found is None or not is_name(x) or names(p):
            return None
        side = (
            "above"
            if asked.says("from the right")
            else "below"
            if asked.says("from the left")
            else "both"
        )
        return built(call("limit", found[0], x, p, side))
    for tree in asked.trees:
        if tree[0] == "limit":
            if len(asked.trees) > 1 and not asked.every.functions:
                return None
            return built(call("limit", asked.every.unfold(tree[1]), tree[2], tree[3], tree[4][0]))
    found = function(asked)
    tends = [t for t in asked.trees if t[0] == "tends"]
    if found is None or len(tends) != 1:
        return None
    point, side = tends[0][2], "both"
    if point[0] in ("from_above", "from_below"):
        point, side = point[1], "above" if point[0] == "from_above" else "below"
    if asked.says("from the (?:right|left)"):
        side = "above" if asked.says("from the right") else "below"
    return built(call("limit", found[0], tends[0][1], point, side))


def _sequence_limit(asked: Asked) -> Understood:
    named = [(n, t) for n, t in asked.every.named.items() if names(t)]
    bodies = [t for n, t in named] + [t for t in asked.facts.loose if len(t) > 1 and names(t)]
    if len(bodies) != 1:
        return None
    variable = main_name(bodies, ("n", "k"))
    if variable is None or len(names(bodies[0])) != 1:
        return None
    return built(call("sequence_limit", bodies[0], (variable,)))


def _integral(asked: Asked) -> Understood:
    if not asked.says("integra|antideriv") and not any(
        n[0] in ("integral", "antiderivative", "differential")
        for t in asked.trees
        for n in nodes(t)
    ):
        return None
    trees = [t for t in asked.trees if t[0] in ("integral", "antiderivative")]
    if len(trees) == 1:
        tree = asked.every.closed(trees[0])
        if tree[0] == "antiderivative":
            return built(call("antiderivative", tree[1], tree[2]))
        if any(n[0] == "integral" for n in nodes(tree[1])):
            return built(call("done", tree))
        return built(call("integral", *tree[1:]))
    if trees:
        return None
    found = _integrand(asked)
    if found is None:
        return None
    body, variable = found
    low, high = value_of(asked, "a"), value_of(asked, "b")
    if low is None and (span := bounds(asked)):
        _, low, high = span
    if low is not None and high is not None:
        low, high = (t[2] if t[0] == "equal" else t for t in (low, high))
        if names(low) or names(high):
            return None
        return built(call("integral", body, (variable,), low, high))
    numbers = [t for t in asked.facts.loose if is_number(t)]
    return None if numbers else built(call("antiderivative", body, (variable,)))


def _integrand(asked: Asked) -> tuple[Tree, str] | None:
    tree = asked.match.get("f")
    if tree is None:
        differentials = [t for t in asked.trees if t[0] == "differential"]
        tree = differentials[0] if len(differentials) == 1 else None
    if tree is not None and tree[0] == "differential":
        if len(tree) != 3:
            return None
        return asked.every.closed(tree[1]), tree[2][0]
    found = function(asked)
    if found is None or (len(names(found[0])) > 1 and not asked.every.functions):
        return None
    return found


def _series_sum(asked: Asked) -> Understood:
    dotted = [t for t in asked.trees if any(n == ("dots",) for n in nodes(t))]
    if len(dotted) == 1 == len(asked.trees) and asked.says("series"):
        terms = dotted_terms(dotted[0])
        ends = dotted[0][0] == "add" and dotted[0][2] == ("dots",)
        return built(call("dotted_series", several(terms))) if terms and ends else None
    trees = [t for t in asked.trees if any(n[0] in ("sum", "product") for n in nodes(t))]
    if len(trees) != 1:
        return None
    return built(call("series_sum", asked.every.closed(trees[0])))


def _converges(asked: Asked) -> Understood:
    trees = [t for t in asked.trees if t[0] == "sum"]
    if len(trees) == 1:
        if asked.says("find its sum"):
            return built(call("sum_if_any", trees[0]))
        kind = "absolute" if asked.says("absolute|conditional") else "plain"
        return built(call("converges", trees[0], kind))
    dotted = [t for t in asked.trees if any(n == ("dots",) for n in nodes(t))]
    if len(dotted) == 1:
        terms = dotted_terms(dotted[0])
        if terms is not None:
            return built(call("dotted_series", several(terms)))
    return None


def dotted_terms(tree: Tree) -> list[Tree] | None:
    """The terms of `a + b + c + ...` before the dots."""
    terms: list[Tree] = []
    node = tree
    while node[0] in ("add", "subtract"):
        last = node[2] if node[0] == "add" else ("negate", node[2])
        terms.append(last)
        node = node[1]
    terms.append(node)
    terms.reverse()
    at = [k for k, term in enumerate(terms) if term == ("dots",)]
    if not at or at[0] < 2:
        return None
    return terms[: at[0]]


def _interval_of_convergence(asked: Asked) -> Understood:
    trees = [t for t in asked.trees if t[0] == "sum"]
    if len(trees) != 1 or len(names(trees[0])) != 1:
        return None
    what = "radius" if asked.says("radius") else "interval"
    return built(call("convergence_set", trees[0], (names(trees[0])[0],), what))


def _taylor(asked: Asked) -> Understood:
    found = function(asked)
    named = asked.every.named
    if found is None:
        candidates = [t for t in asked.facts.loose if len(t) > 1 and names(t)]
        if len(candidates) != 1:
            return None
        found = (candidates[0], names(candidates[0])[0])
    body, variable = found
    point: Tree = ZERO
    if "a" in asked.match:
        point = asked.match["a"][2] if asked.match["a"][0] == "equal" else asked.match["a"]
    elif "a" in named:
        point = named["a"]
    elif "c" in named:
        point = named["c"]
    degree: Tree = ("5",)
    if "n" in asked.match:
        degree = asked.match["n"]
    elif "w_order" in asked.texts:
        degree = (str(_order(asked)),)
    elif "n" in named:
        degree = named["n"]
    if not is_number(degree) or names(point):
        return None
    what = "series" if asked.says("series") and not asked.says("polynomial") else "taylor"
    return built(call(what, body, (variable,), point, degree))


def _tangent(asked: Asked) -> Understood:
    found = function(asked)
    point = asked.match.get("a")
    if point is None or found is None:
        return None
    body, variable = found
    if point[0] == "equal":
        point = point[2]
    if point[0] == "tuple":
        point = point[1]
    elif point[0] in ("call", "multiply") and point[-1][0] == "tuple":
        point = point[-1][1]
    if names(point) or len(names(body)) != 1:
        return None
    name = "slope_at" if asked.says("slope|steepness") and not asked.says("equation") else "tangent"
    return built(call(name, body, (variable,), point))


def _critical(asked: Asked) -> Understood:
    found = function(asked)
    if found is None or len(names(found[0])) != 1:
        return None
    return built(call("critical_points", found[0], (found[1],)))


def _extremum(asked: Asked) -> Understood:
    kind = "maximum" if asked.says(r"maxim|greatest|largest|highest") else "minimum"
    if asked.says("maxim|greatest|largest") and asked.says("minim|least|smallest"):
        return None
    found = function(asked)
    if found is None:
        return None
    body, variable = found
    if "x" in asked.match:
        variable = asked.match["x"][0]
    free = names(body)
    low, high = MINUS_INFINITY, INFINITY
    span = bounds(asked)
    if "a" in asked.match and "b" in asked.match:
        low, high = value_of(asked, "a") or low, value_of(asked, "b") or high
    elif span is not None and span[0] == variable:
        low, high = span[1], span[2]
    else:
        intervals = [
            t for t in asked.facts.loose if t[0] in ("bracket", "left_open", "right_open", "tuple")
        ]
        if len(intervals) == 1 and len(intervals[0]) == 3:
            low, high = intervals[0][1], intervals[0][2]
    what = (
        "place"
        if asked.says(
            r"values? of ⟨\d+⟩ (?:that|which|for|at)|time|where|at what|at which|for what value|for which"
        )
        else "value"
    )
    conditions = [c for c in asked.every.conditions if c[0] != "and"]
    fixed = asked.says("fixed|constant")
    inside = _is_open(asked)
    if (len(free) > 1 and not fixed) or asked.every.equations or len(conditions) > 1:
        return None
    if conditions:
        condition = conditions[0]
        inside = condition[0] in ("greater", "less")
        if condition[1] != (variable,) or names(condition[2]) or span is not None:
            return None
        if condition[0] in ("greater", "greater_equal"):
            low = condition[2]
        else:
            high = condition[2]
    name = "extremum_inside" if inside else "extremum"
    return built(call(name, body, (variable,), low, high, kind, what))


def _is_open(asked: Asked) -> bool:
    """Whether an end of the interval does not belong to it."""
    if any(t[0] in ("tuple", "left_open", "right_open") for t in asked.every.loose):
        return True
    chains = [c for c in asked.every.conditions if c[0] == "and"]
    return any(part[0] in ("less", "greater") for chain in chains for part in chain[1:])


def _area(asked: Asked) -> Understood:
    low, high = MINUS_INFINITY, INFINITY
    if "a" in asked.match and "b" in asked.match:
        low, high = (t[2] if t[0] == "equal" else t for t in (asked.match["a"], asked.match["b"]))
    elif span := bounds(asked):
        low, high = span[1], span[2]
    polar = [t for n, t in asked.every.named.items() if n == "r" and "theta" in names(t)]
    if polar:
        if low == MINUS_INFINITY:
            return built(call("polar_area", polar[0], ("theta",)))
        halved: Tree = ("divide", ("power", polar[0], ("2",)), ("2",))
        return built(call("integral", halved, ("theta",), low, high))
    graphs, walls = [], []
    for tree in asked.trees:
        body = body_of(tree, asked.every) if tree[0] == "equal" else None
        if body is None:
            continue
        if tree[0] == "equal" and tree[1] == ("x",) and not names(tree[2]):
            walls.append(tree[2])
        elif (tree[1] == ("y",) or tree[1][0] == "call") and (
            set(names(body[0])) <= {body[1] or "x"}
        ):
            graphs.append((body[0], body[1]))
    if "f" in asked.match and not graphs:
        only = function(asked)
        graphs = [only] if only else []
    variable = next((v for _, v in graphs if v), "x")
    if len(walls) == 2 and low == MINUS_INFINITY:
        low, high = walls
    if len(graphs) == 1 and (low != MINUS_INFINITY or asked.says("axis")):
        return built(call("area_between", graphs[0][0], ZERO, (variable,), low, high))
    if len(graphs) == 2:
        return built(call("area_between", graphs[0][0], graphs[1][0], (variable,), low, high))
    return None


def _volume(asked: Asked) -> Understood:
    area = _area(asked)
    if area is None or area[0][0] != "area_between":
        return None
    axis = "y" if asked.says(r"⟨\d+⟩ axis|y-axis") and asked.says("y-axis") else "x"
    if not asked.says("(?:x|y)-axis"):
        return None
    term, arguments = area
    return ("volume_of_revolution", *term[1:], ("token", axis)), arguments


def _arc_length(asked: Asked) -> Understood:
    span = bounds(asked)
    low, high = (span[1], span[2]) if span else (None, None)
    if "a" in asked.match and "b" in asked.match:
        low, high = (t[2] if t[0] == "equal" else t for t in (asked.match["a"], asked.match["b"]))
    if low is None or high is None:
        return None
    named = asked.every.named
    coordinates = [named[n] for n in ("x", "y", "z") if n in named]
    if "x" in named and "y" in named:
        parameter = main_name(coordinates, ("t",))
        return (
            built(call("arc_length", several(coordinates), (parameter,), low, high))
            if parameter
            else None
        )
    found = function(asked)
    if found is None or len(names(found[0])) != 1:
        return None
    return built(call("arc_length", several([(found[1],), found[0]]), (found[1],), low, high))


def _average(asked: Asked) -> Understood:
    found = function(asked)
    span = bounds(asked)
    low, high = (span[1], span[2]) if span else (value_of(asked, "a"), value_of(asked, "b"))
    if low is None:
        intervals = [t for t in asked.every.loose if t[0] == "bracket" and len(t) == 3]
        if len(intervals) == 1:
            low, high = intervals[0][1:]
    if found is None or low is None or high is None:
        return None
    return built(call("average_value", found[0], (found[1],), low, high))


def _numeric_roots(asked: Asked) -> Understood:
    equations = [
        *asked.every.equations,
        *(("equal", (n,), t) for n, t in asked.every.named.items()),
    ]
    if len(equations) != 1 or len(names(equations[0])) != 1:
        return None
    left, right = equations[0][1:]
    difference = left if right == ZERO else ("subtract", left, right)
    return built(call("newton", difference, (names(equations[0])[0],), (str(asked.places or 6),)))


def _differential(asked: Asked) -> Understood:
    bodies = [asked.every.unfold(t) for t in asked.every.named.values() if names(t)]
    if len(bodies) != 1:
        return None
    return built(call("total_differential", bodies[0], several([(n,) for n in names(bodies[0])])))


def _composition(asked: Asked) -> Understood:
    trees = [asked.every.unfold(t) for t in asked.trees if any(n[0] == "compose" for n in nodes(t))]
    if len(trees) != 1 or any(n[0] == "compose" for n in nodes(trees[0])):
        return None
    return built(call("simplify", trees[0]))


VERB: Final = r"(?:find|compute|calculate|determine|evaluate|what is|what are|give|state)"
INTENTS: Final = (
    Intent(
        name="derivative",
        asked=(
            rf"(?:{ORDER} )?derivatives? of (?:the )?(?:function )?{{f}}(?: with respect to {{x}})?(?: at {{a}})?",
            r"differentiate (?:the )?(?:function )?(?:{f})?(?: with respect to {x})?",
            rf"(?:{ORDER} )?derivatives?(?: of (?:the|each) (?:given )?functions?)?(?: at {{a}})?",
        ),
        words="first using definition derivative rule chain product quotient simplify differentiation implicit first",
        read=_derivative,
        examples=(("Find the derivative of x^2*sin(x).", "x*(x*cos(x) + 2*sin(x))"),),
    ),
    Intent(
        name="derivative at a point",
        asked=(r"(?:find|compute|what is|calculate|determine|evaluate) {g}",),
        read=_prime_at,
        examples=(("If f(x) = x^3, find f'(2).", "12"),),
        weight=2,
    ),
    Intent(
        name="limit",
        asked=(r"limit(?: of(?: the function)? {f})? as {x} (?:approaches|tends to|goes to) {p}(?: from the (?:right|left))?(?: of {f2})?", r"limits?(?: of)?(?: the function)?(?: {f})?(?: as {})?", r"{f} as {}", r"(?:find|evaluate|compute|determine) {f}"),
        words="above below infinite right left side one-sided approaches tends goes rule hospital's l'hospital's "
        "l'hopital's laws if",
        read=_limit,
        examples=(("Find the limit of sin(x)/x as x -> 0.", "1"),
                  ("Evaluate the limit of (1+1/n)^n as n goes to infinity", "e")),
    ),
    Intent(
        name="limit of a sequence",
        asked=(r"(?:limit of (?:the )?sequence|sequence(?: {})? converges?)",),
        words="whether convergent divergent converge converges diverges limit it does",
        read=_sequence_limit,
        weight=3,
        examples=(("Does the sequence a_n = (2n+1)/(3n) converge? If so, find its limit.", "2/3"),),
    ),
    Intent(
        name="integral",
        asked=(
            r"(?:indefinite |definite |iterated |double |triple |improper )?integrals?(?: from {a} to {b})?(?: of)?(?: the function)? {f}(?: from {a2} to {b2})?",
            r"integrals? \. {a} to {b} of {f}",
            r"(?:antiderivative|integral) of (?:the )?(?:function )?{f}",
            r"integrate (?:the function )?{f}(?: from {a} to {b})?",
            r"(?:integrals?|antiderivative|integrate)(?: of (?:the )?(?:following )?(?:function)?)?",
            r"(?:evaluate|compute|find|calculate) {f}",
        ),
        words="indefinite definite iterated double triple improper general most parts substitution "
        "integration power series approximate accurate by polar coordinates repeated order",
        read=_integral,
        examples=(("Evaluate the integral of x*e^x from 0 to 1.", "1"),),
    ),
    Intent(
        name="sum of a series",
        asked=(r"sum(?: of (?:the )?(?:infinite |following |geometric |given )*series)?(?: {f})?", r"(?:compute|evaluate|find) {f}"),
        words="infinite geometric telescoping series",
        read=_series_sum,
        examples=((r"Find the sum of the series $\sum_{n=1}^{\infty} \frac{1}{n^2}$.", "pi^2/6"),),
    ),
    Intent(
        name="convergence of a series",
        asked=(
            r"converges? or diverges?|convergent or divergent|(?:test|for) convergence|series converges?|converges? absolutely",
        ),
        words="whether test tests integral comparison ratio root alternating limit infinite series "
        "convergence divergence converge converges diverge diverges absolutely conditionally or its "
        "sum p-series geometric not",
        read=_converges,
        examples=((r"Determine whether $\sum_{n=1}^{\infty} 1/n$ converges or diverges.", "diverges"),),
        weight=2,
    ),
    Intent(
        name="interval of convergence",
        asked=(r"(?:interval|radius) of convergence",),
        words="power series",
        read=_interval_of_convergence,
        examples=((r"Find the interval of convergence of $\sum_{n=1}^{\infty} x^n/n$.", "[-1, 1)"),),
        weight=4,
    ),
    Intent(
        name="Taylor polynomial",
        asked=(
            rf"(?:{ORDER}[- ](?:degree|order) )?(?:taylor|maclaurin) (?:polynomial|series|expansion)(?: of (?:order|degree) {{n}})?(?: (?:of|for) (?:the )?(?:given )?(?:function )?{{f}})?(?: (?:about|around|at|centered at|near) {{a}})?(?: (?:of|to|up to) (?:order|degree) {{n2}})?",
        ),
        words="first terms nonzero using remainder substitution values expansion degree order centered about power "
        "known",
        read=_taylor,
        examples=(("Find the Taylor polynomial of e^x about x = 0 of degree 2.", "x^2/2 + x + 1"),),
        weight=3,
    ),
    Intent(
        name="tangent line",
        asked=(
            r"tangent(?: line)?(?: to| of)?(?: the)?(?: curve| graph| function| parabola)?(?: of)?(?: the function)?(?: {f})? at(?: the)?(?: point)?(?: where)? {a}",
            r"slope of(?: the)?(?: tangent line to)?(?: the)?(?: curve| graph)?(?: of)?(?: {f})? at(?: the)?(?: point)?(?: where)? {a}",
        ),
        words="tangent line slope equation curve point graph",
        read=_tangent,
        examples=(("Find an equation of the tangent line to the curve y = x^2 at x = 3.", "y = 6*x - 9"),),
        weight=2,
    ),
    Intent(
        name="critical points",
        asked=(r"(?:critical|stationary) (?:points?|numbers?|values?)(?: of (?:the )?(?:function )?{f})?",),
        words="",
        read=_critical,
        examples=(("Find the critical numbers of f(x) = x^3 - 3x.", "-1, 1"),),
    ),
    Intent(
        name="maximum or minimum",
        asked=(
            r"(?:absolute |global |local )?(?:maximum|minimum|greatest|largest|least|smallest)(?: possible)? value(?: of(?: the)?(?: function)? {f})?(?: on (?:the interval )?{})?",
            r"(?:maximum|minimum) of(?: the)?(?: function)? {f}(?: on (?:the interval )?{})?",
            r"(?:minimize|maximize)s? {f}",
            r"time {x} between {a} and {b} when [a-z ]*? was (?:maximum|minimum)",
        ),
        words="between first absolute global interval over on maximum minimum fixed varies closed ohms across "
        "connected battery volts resistor internal resistance power watts external modeled water "
        "level measured feet mean sea lake during time between was attains",
        read=_extremum,
        examples=(("Find the maximum value of f(x) = 4x - x^2.", "4"),),
        weight=1,
    ),
    Intent(
        name="area",
        asked=(
            r"area (?:of|under|bounded|enclosed|between)(?: (?:of )?(?:the )?region)?(?: that is| which is)?(?: (?:under|bounded|enclosed|between))?(?: by)?(?: the)?(?: given)?(?: curves?)?(?: from {a} to {b})?",
            r"(?:calculate|find|compute) (?:its|the) area",
        ),
        words="under over first region enclosed bounded between under curve curves sketch graph given calculate area "
        "lines line axis x-axis above below compute parabola parabolas inside loop one polar graphs "
        "and that lies",
        read=_area,
        examples=(("Find the area of the region enclosed by y = x^2 and y = x.", "1/6"),),
        weight=1,
    ),
    Intent(
        name="volume of revolution",
        asked=(r"volume of (?:the )?solid (?:obtained|generated|formed)?(?: by (?:rotating|revolving))?",),
        words="solid obtained generated formed rotating revolving rotated revolved region bounded "
        "curves curve about around x-axis y-axis lines line sketch enclosed when is",
        read=_volume,
        examples=(
            ("Find the volume of the solid obtained by rotating the region bounded by y = sqrt(x), "
             "y = 0, x = 0 and x = 4 about the x-axis.", "8*pi"),
        ),
        weight=3,
    ),
    Intent(
        name="arc length",
        asked=(r"(?:arc )?length of (?:the )?(?:given |following )?(?:curve|arc)(?: {f})?(?: (?:from|for) {a} to {b})?",),
        words="curve arc parametric length",
        read=_arc_length,
        examples=(("Find the arc length of the curve x = 3t, y = 4t, 0 <= t <= 2.", "10"),),
        weight=2,
    ),
    Intent(
        name="average value",
        asked=(r"average value of (?:the )?(?:function )?{f}(?: (?:on|over) (?:the interval )?(?:{}|from {a} to {b}))?",),
        words="interval",
        read=_average,
        examples=(("Find the average value of f(x) = x^2 on the interval [0, 3].", "3"),),
        weight=2,
    ),
    Intent(
        name="roots as decimals",
        asked=(r"newton's method|(?:approximate|decimal) (?:solutions?|roots?)",),
        words="newton's method solutions solution roots root equation correct decimal places start "
        "drawing graph initial approximations approximation approximate calculator",
        read=_numeric_roots,
        examples=(("Use Newton's method to find all solutions of x^3 - 2 = 0 correct to 4 decimal places.", "1.25992"),),
        weight=3,
    ),
    Intent(
        name="differential",
        asked=(r"(?:total )?differential(?: d[a-z])?",),
        words="differential dw dz df dy du",
        read=_differential,
        examples=(("Find the differential dz. z = x^2*y", "dx*2*x*y + dy*x^2"),),
    ),
    Intent(
        name="composition of functions",
        asked=(r"(?:find|compute|determine|what is) {f}",),
        words="composite composition formula",
        read=_composition,
        examples=(("Find f∘g. f(x) = x^2, g(x) = x + 1", "(x + 1)^2"),),
    ),
)  # fmt: skip
"""The rows."""
