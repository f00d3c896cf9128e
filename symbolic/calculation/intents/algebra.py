"""Intents of algebra: values, forms of expressions, equations, inequalities, domains."""
# ruff: noqa: E501

from collections.abc import Callable
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.facts import main_name
from abduce.symbolic.calculation.intents.reading import (
    INFINITY,
    MINUS_INFINITY,
    Call,
    bounds,
    built,
    call,
    equations,
    function,
    has_matrix,
    several,
    value_of,
)
from abduce.symbolic.calculation.trees import (
    called,
    is_name,
    is_number,
    names,
    nodes,
    replaced,
)
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood

Reader = Callable[[Asked], Understood]
VERB: Final = (
    r"(?:find|compute|calculate|determine|evaluate|what is|give|simplify|what does|solve for)"
)
STATEMENTS: Final = frozenset(
    {"equal", "less", "less_equal", "greater", "greater_equal", "unequal", "and", "tends",
     "congruent", "member", "differential"}
)  # fmt: skip


ALL: Final = r"\b(?:all|every)(?: the| of| its| possible| distinct| different)* (?:solutions?|roots?|zeros?|zeroes)\b"


def _kind(asked: Asked) -> str:
    """The kind of solutions that is asked for; see `operations.equations`."""
    if asked.says("complex|imaginary"):
        return "complex"
    for kind in ("positive", "integer", "real"):
        if kind in asked.kinds:
            return kind
    if any(condition[0] != "unequal" for condition in asked.every.conditions):
        return "real"
    if asked.says(ALL) or {n for tree in asked.trees for n in names(tree)} == {"z"}:
        return "all"
    return "assumed real"


def _conditions(asked: Asked) -> tuple[Tree, ...]:
    return tuple(asked.every.closed(c) for c in asked.every.conditions if c[0] != "member")


def target(asked: Asked, key: str = "f") -> Tree | None:
    """The expression whose value is asked for."""
    tree = asked.match.get(key)
    if tree is None or tree[0] in STATEMENTS:
        return None
    return asked.every.unfold(tree)


def _known(asked: Asked) -> dict[str, Tree]:
    """Names with values that have no names, after all are put into each other."""
    known = {n: asked.every.unfold(t) for n, t in asked.every.named.items()}
    for _ in range(len(known)):
        known = {n: replaced(t, {m: u for m, u in known.items() if not names(u)})
                 for n, t in known.items()}  # fmt: skip
    return {n: t for n, t in known.items() if not names(t)}


def _value(asked: Asked) -> Understood:
    """The value of an expression: closed, or closed by the values that are given."""
    tree = target(asked)
    if tree is None:
        return None
    left = set(called(tree))
    if left:
        return None
    known = _known(asked)
    closed = replaced(tree, known)
    if _conditions(asked) or asked.every.equations:
        return None
    extra = [t for t in asked.facts.loose if t != tree and not is_name(t)]
    if extra:
        return None
    if names(closed):
        simplifying = asked.says("simplif|expression|expand|rewrite") or (
            "f" in asked.match and (not asked.every.named and not asked.every.functions)
        )
        if is_name(closed) or not simplifying:
            return None
        if asked.every.functions and not asked.says("simplif"):
            pass
    return built(call("simplify", closed))


def _wanted(asked: Asked) -> Understood:
    """The value of an expression that equations determine."""
    tree = target(asked)
    given = equations(asked)
    if tree is None or not given or called(tree):
        return None
    if any(called(e) for e in given) or any(has_matrix(e) for e in given) or has_matrix(tree):
        return None
    if [t for t in asked.facts.loose if t != tree and not is_name(t)]:
        return None
    if not names(tree):
        return None
    conditions = _conditions(asked)
    kind = _kind(asked)
    relations = several([*given, *conditions])
    if is_name(tree) and len(given) == 1 and tree[0] in names(given[0]):
        return built(call("solve_one", relations, tree, kind))
    return built(call("wanted", relations, tree, kind))


def _given(asked: Asked) -> tuple[Tree, ...]:
    """The equations; the roots of an expression are those of the expression = 0."""
    given = equations(asked)
    loose = [t for t in asked.facts.loose if names(t) and not is_name(t) and t[0] not in STATEMENTS]
    if not given and len(loose) == 1 and asked.says(r"\b(?:roots?|zeros?|zeroes)\b"):
        return (("equal", loose[0], ("0",)),)
    return given


def _solve(asked: Asked) -> Understood:
    """The solutions of equations, or what is said of them."""
    given = _given(asked)
    if "x" in asked.match and not is_name(asked.match["x"]):
        return None
    extra = [t for t in asked.facts.loose if not is_name(t) and not is_number(t)]
    extra = [t for t in extra if ("equal", t, ("0",)) not in given]
    if not given or extra or any(called(e) for e in given) or any(has_matrix(e) for e in given):
        return None
    if any(n[0] in ("prime", "derivative", "applied") for e in given for n in nodes(e)):
        return None
    unknowns = list(dict.fromkeys(n for e in given for n in names(e)))
    conditions = _conditions(asked)
    kind = _kind(asked)
    what: Call
    if "x" in asked.match and is_name(asked.match["x"]) and len(given) == 1:
        if asked.match["x"][0] not in unknowns:
            return None
        what = call("solve_one", several([*given, *conditions]), asked.match["x"], kind)
    elif len(given) == 1 and len(unknowns) == 1:
        what = call("solve_one", several([*given, *conditions]), (unknowns[0],), kind)
    elif len(given) > 1 and len(unknowns) <= len(given):
        if asked.says("how many|number of|sum of|product of|largest|smallest|greatest"):
            return None
        letters = several([(n,) for n in unknowns])
        what = call("solve_system", several([*given, *conditions]), letters, kind)
    else:
        return None
    return built(_summary(asked, what))


def _summary(asked: Asked, what: Call) -> Call:
    """How many, their sum, the largest: what is asked about several answers."""
    if asked.says(r"how many|number of"):
        return call("length_of", what)
    if asked.says(r"sum of"):
        return call("total_of", what)
    if asked.says(r"product of"):
        return call("product_of", what)
    if asked.says(r"largest|greatest|maximum"):
        return call("chosen", what, "largest")
    if asked.says(r"smallest|least|minimum"):
        return call("chosen", what, "smallest")
    if asked.says(r"\bnegative (?:value|solution|root)"):
        return call("chosen", what, "negative")
    return what


def _inequality(asked: Asked) -> Understood:
    given = [asked.every.closed(c) for c in asked.every.conditions if c[0] != "member"]
    if len(given) != 1 or asked.every.equations or asked.every.named:
        return None
    unknowns = names(given[0])
    if len(unknowns) != 1 or called(given[0]):
        return None
    if asked.says("integer|whole number"):
        if "positive" in asked.kinds:
            given.append(("greater", (unknowns[0],), ("0",)))
        what: Call = call("integers_in", call("inequality", several(given), (unknowns[0],)))
        return built(_summary(asked, what))
    if asked.says("how many|number of|sum of|largest|smallest|greatest|least"):
        return None
    return built(call("inequality", several(given), (unknowns[0],)))


def _form(name: str, needs_variable: bool = False) -> Reader:
    def read(asked: Asked) -> Understood:
        found = function(asked)
        if found is None:
            return None
        body, variable = found
        if called(body) or asked.every.equations or _conditions(asked):
            return None
        if needs_variable:
            return built(call(name, body, (variable,)))
        return built(call(name, body))

    return read


def _decimal(asked: Asked) -> Understood:
    tree = target(asked)
    if (
        tree is None
        or names(tree)
        or (is_number(tree) and not asked.says("a (?:terminating )?decimal"))
    ):
        return None  # a number without a base may be written in any
    return built(call("decimal", tree))


def _domain(asked: Asked) -> Understood:
    found = function(asked)
    if found is None or len(names(found[0])) != 1 or called(found[0]):
        return None
    if asked.says("not in the domain|not defined|undefined"):
        return built(_count(asked, call("undefined_at", found[0], (found[1],))))
    if asked.says("integer"):
        what = call("integers_in", call("domain", found[0], (found[1],)))
        return (
            built(_summary(asked, what))
            if asked.says("smallest|largest|least|greatest|many")
            else None
        )
    return built(call("domain", found[0], (found[1],)))


def _count(asked: Asked, what: Call) -> Call:
    return call("length_of", what) if asked.says("how many") else what


def _range(asked: Asked) -> Understood:
    found = function(asked)
    if found is None or len(names(found[0])) != 1 or called(found[0]):
        return None
    low, high = MINUS_INFINITY, INFINITY
    span = bounds(asked)
    if span is not None and span[0] == found[1]:
        low, high = span[1], span[2]
    elif asked.every.conditions:
        return None
    body = found[0]
    return built(call("values_taken", body, (found[1],), low, high))


def _remainder(asked: Asked) -> Understood:
    one, two = target(asked), target(asked, "g")
    if one is None or two is None or not names(two):
        return None
    variable = main_name([one, two])
    if variable is None or len(set(names(one)) | set(names(two))) != 1:
        return None
    name = "quotient" if asked.says("quotient") else "remainder"
    return built(call(name, one, two, (variable,)))


def _coefficient(asked: Asked) -> Understood:
    power, tree = asked.match.get("g"), target(asked)
    if power is None or tree is None or not names(power):
        return None
    return built(call("coefficient", tree, power))


def _asymptote(asked: Asked) -> Understood:
    found = function(asked)
    if found is None:
        return None
    name = "horizontal_asymptote" if asked.says("horizontal") else "vertical_asymptotes"
    what = call(name, found[0], (found[1],))
    return built(_summary(asked, what))


def _inverse_value(asked: Asked) -> Understood:
    tree = asked.match.get("f")
    if tree is None:
        return None
    functions = asked.every.functions
    parts = [n for n in nodes(tree) if n[0] == "applied" and n[1][0] == "inverse"]
    if not parts or any(part[1][1][0] not in functions for part in parts):
        return None
    if len(parts) == 1 and tree == parts[0]:
        places, body = functions[tree[1][1][0]]
        argument = asked.every.closed(tree[2])
        if is_name(argument):
            return built(call("inverse_function", asked.every.unfold(body), (places[0],)))
        return built(call("inverse_at", asked.every.unfold(body), (places[0],), argument))
    if tree[0] in ("add", "multiply", "subtract") and set(parts) == {tree[1], tree[2]}:
        calls = []
        for part in (tree[1], tree[2]):
            places, body = functions[part[1][1][0]]
            calls.append(call("inverse_at", asked.every.unfold(body), (places[0],), part[2]))
        return built(call(f"{tree[0]}_two", *calls))
    return None


def _inverse_function(asked: Asked) -> Understood:
    found = function(asked)
    return built(call("inverse_function", found[0], (found[1],))) if found else None


def _table_function(asked: Asked) -> Understood:
    """Values of a function that is given at single points, `f(1) = 2`, and of its inverse."""
    tree = asked.match.get("f")
    if tree is None or asked.every.functions:
        return None
    table: dict[tuple[str, Tree], Tree] = {}
    for equation in asked.every.equations:
        left, right = equation[1], equation[2]
        if left[0] != "call" or len(left) != 3 or names(left[2]) or names(right):
            return None
        table[left[1][0], left[2]] = right
    if not table:
        return None

    def look(node: Tree) -> Tree | None:
        if len(node) == 1:
            return node
        if node[0] == "call" and len(node) == 3:
            inside = look(node[2])
            return table.get((node[1][0], inside)) if inside else None
        if node[0] == "applied" and node[1][0] == "inverse":
            inside = look(node[2])
            found = [a for (f, a), v in table.items() if f == node[1][1][0] and v == inside]
            return found[0] if len(found) == 1 else None
        parts = [look(part) for part in node[1:]]
        return None if any(p is None for p in parts) else (node[0], *[p for p in parts if p])

    found = look(tree)
    return built(call("simplify", found)) if found is not None else None


def _expression_value_at(asked: Asked) -> Understood:
    """The value of an expression where a name has a value."""
    tree = target(asked)
    at = asked.match.get("a")
    if tree is None or at is None or at[0] != "equal" or not is_name(at[1]):
        return None
    known = {**_known(asked), at[1][0]: asked.every.closed(at[2])}
    closed = replaced(tree, known)
    if names(closed) or called(closed) or asked.every.equations:
        return None
    return built(call("simplify", closed))


def _new_operation(asked: Asked) -> Understood:
    """`a ⋆ b = ...`, then `3 ⋆ 4`: an operation that the question defines."""
    return None


def _number_of_solutions(asked: Asked) -> Understood:
    return _solve(asked)


def _complete_square(asked: Asked) -> Understood:
    found = function(asked)
    return built(call("complete_square", found[0], (found[1],))) if found else None


def _discriminant(asked: Asked) -> Understood:
    found = function(asked)
    return built(call("discriminant", found[0], (found[1],))) if found else None


def _two_numbers(asked: Asked) -> Understood:
    """The sum, difference, product or quotient of two closed expressions."""
    one, two = value_of(asked, "a"), value_of(asked, "b")
    if one is None or two is None or names(one) or names(two) or len(asked.trees) != 2:
        return None
    if one[0] in STATEMENTS or two[0] in STATEMENTS or has_matrix(one) or has_matrix(two):
        return None
    for word, node in (
        ("sum", "add"),
        ("difference", "subtract"),
        ("product", "multiply"),
        ("quotient", "divide"),
    ):
        if asked.says(rf"{word} (?:of|between)"):
            return built(call("simplify", (node, one, two)))
    return None


def _reciprocal(asked: Asked) -> Understood:
    tree = target(asked)
    if tree is None or called(tree) or has_matrix(tree) or len(asked.trees) > 1:
        return None
    return built(call("simplify", ("divide", ("1",), tree)))


def _line_form(what: str) -> Reader:
    """The slope or an intercept of the line or curve of one equation in x and y."""

    def read(asked: Asked) -> Understood:
        given = equations(asked)
        if len(given) != 1 or set(names(given[0])) != {"x", "y"}:
            return None
        if what == "slope":
            return built(call("slope_of_line", several(given)))
        letter = "x" if asked.says("x-intercept") else "y"
        if asked.says("x-intercept") and asked.says("y-intercept"):
            return None
        other = "y" if letter == "x" else "x"
        at = tuple(replaced(e, {other: ("0",)}) for e in given)
        return built(_summary(asked, call("solve_one", several(at), (letter,), "real")))

    return read


def _vertex(asked: Asked) -> Understood:
    found = function(asked)
    if found is None or len(names(found[0])) != 1:
        return None
    return built(call("vertex", found[0], (found[1],)))


def _preimage(asked: Asked) -> Understood:
    """`f(x) = 7` where f is defined: x is asked for."""
    own = [e for e in asked.every.equations if len(called(e)) == 1]
    x = asked.match.get("x")
    if len(own) != 1 or x is None or not is_name(x) or len(asked.every.functions) != 1:
        return None
    unfolded = asked.every.unfold(own[0])
    if called(unfolded) or names(unfolded) != x or len(asked.trees) != 3:
        return None
    return built(_summary(asked, call("solve_one", several([unfolded]), x, _kind(asked))))


def _vieta(asked: Asked) -> Understood:
    """Expressions in the roots of a polynomial: their sum, their product, `a + b + c`."""
    given = _given(asked)
    if len(given) != 1 or len(names(given[0])) != 1:
        return None
    variable = names(given[0])[0]
    what = "product" if asked.says("product of (?:all )?(?:the |its )?(?:real |complex )?(?:solutions|roots|values)") else (
        "squares" if asked.says("sum of the squares") else "sum"
    )  # fmt: skip
    if asked.says(r"real|distinct|positive|negative|integer"):
        return None
    return built(call("roots_together", several(given), (variable,), what))


INTENTS: Final = (
    Intent(
        name="value of an expression",
        asked=(
            rf"{VERB} (?:the )?(?:value |sum |result |product |difference |expression |number |following |magnitude )*(?:of )?(?:the )?(?:following |numerical |expression )*{{f}}",
            r"(?:express|write|rewrite) {f} (?:as|in) (?:an integer|a (?:single |common )?(?:fraction|integer|number)|(?:the )?simplest(?: radical)? form|simplified form)",
            r"(?:simplif(?:y|ied)|evaluate|compute)(?: the following)?(?: expression)? {f}",
            r"what (?:is|are)(?: the value of)? {f}",
        ),
        words="simplified fully completely when if denominator rationalize rationalized radical radicals "
        "numerator fraction simplest",
        read=_value,
        kinds=frozenset({"real", "positive", "integer"}),
        examples=(("Simplify (x^2 - 1)/(x - 1).", "x + 1"),
                  ("If f(x) = x^2 + 1, what is f(3)?", "10")),
    ),
    Intent(
        name="value at a number",
        asked=(rf"(?:{VERB}|what is the value of) (?:the )?(?:value of )?(?:the )?(?:expression )?{{f}} (?:when|if|for|where|at) {{a}}",),
        read=_expression_value_at,
        weight=1,
        examples=(("What is the value of 3x + 1 when x = 4?", "13"),),
    ),
    Intent(
        name="value that equations determine",
        asked=(
            rf"{VERB} (?:the )?(?:all )?(?:possible )?(?:values? )?(?:of )?(?:the )?(?:real |positive |integer )*(?:values? )?(?:of )?(?:the )?(?:expression |variable |constant |number |product |sum )*{{f}}",
            r"what (?:is|are|must be)(?: the| all)?(?: possible)? (?:values? of )?{f}",
            r"for what (?:real |positive |integer )*values? of (?:the constant )?{f}",
            r"(?:what|which) (?:real |positive |integer )*values? of {f}",
        ),
        words="satisfies system true holds pair nonzero distinct equal",
        read=_wanted,
        examples=(("If x + y = 5 and x - y = 1, what is x*y?", "6"), ("Find x: x^2 = 4", "-2, 2")),
    ),
    Intent(
        name="equations",
        asked=(
            r"solve(?: (?:the |each |this )?(?:following )?(?:equation|system)s?)?(?: of (?:linear )?(?:{} )?equations)?(?: for (?:all )?(?:real |positive |complex )*(?:values? of )?{x})?",
            r"(?:find|determine|what are|what is|give|list|compute)(?: a| all| the| of| real| complex| possible| every)* (?:solutions?|roots?|zeros?|zeroes)(?: (?:of|to|for|in) (?:the )?(?:following )?(?:equation|system|polynomial)?)?",
            r"(?:for )?(?:what|which)(?: is| are)?(?: the)?(?: real| positive| negative| possible| largest| smallest| greatest| least)*(?: integer)? ?values? (?:of|for) {x}",
            r"(?:find|determine|compute)(?: all| the| possible| real| positive| negative| largest| smallest| greatest| least| integer| complex)* (?:values?|numbers?|solutions?) (?:of |for )?{x}",
            r"(?:how many|number of|sum of|product of)(?: the| all| distinct| different| real| possible)* (?:solutions|roots|values of {x})",
        ),
        words="number-of true system linear values value solution solutions roots root zeros quadratic cubic "
        "polynomial positive negative real complex integer distinct number many sum product largest "
        "smallest greatest least possible simultaneous equal equals",
        read=_solve,
        examples=(("Solve x^2 - 5x + 6 = 0.", "2, 3"),
                  ("Find all solutions of z^2 = -4.", "-2i, 2i"),
                  ("Solve the system x + y = 3, x - y = 1.", "x = 2, y = 1")),
    ),
    Intent(
        name="sum or product of roots",
        asked=(r"(?:sum|product) of (?:all )?(?:the )?(?:squares of the )?(?:complex )?(?:roots|solutions|zeros)",),
        words="roots solutions polynomial quadratic equation values complex",
        read=_vieta,
        weight=2,
        examples=(("What is the sum of the roots of x^2 - 7x + 3 = 0?", "7"),),
    ),
    Intent(
        name="inequality",
        asked=(
            r"solve(?: the| this)?(?: following)?(?: inequality)?",
            r"(?:for )?(?:what|which)(?: real)? values of {}",
            r"(?:find|solve for) {x} (?:such that|where|when|if|:)",
            r"find all(?: real)? (?:values|numbers|solutions)(?: of| for)?(?: {})?",
            r"(?:how many|number of|sum of|largest|smallest|greatest|least)(?: all)?(?: the)?(?: positive)? (?:integers?|integer values?|whole numbers?)",
        ),
        words="number-of over inequality true is it satisfied real interval notation integer integers whole how many number largest smallest greatest least sum inequalities solution",
        read=_inequality,
        examples=(("Solve x^2 < 4.", "(-2, 2)"), ("Find x: x^2 < 4", "(-2, 2)")),
    ),
    Intent(
        name="factors",
        asked=(r"factor(?:ize|ise)?(?: the)?(?: following)?(?: expression| polynomial)?(?: {f})?(?: completely)?",
               r"prime factori[sz]ation of {f}"),
        words="completely over integers",
        read=_form("factor"),
        examples=(("Factor x^2 - 9.", "(x - 3)*(x + 3)"),),
        weight=1,
    ),
    Intent(
        name="expansion",
        asked=(r"(?:expand|multiply out)(?: the)?(?: product| expression| following)*(?: {f})?",),
        words="product",
        read=_form("expand"),
        examples=(("Expand (x + 2)^2.", "x^2 + 4*x + 4"),),
        weight=1,
    ),
    Intent(
        name="one fraction",
        asked=(r"(?:write|express)(?: the)?(?: expression)? {f} as a single fraction",),
        words="",
        read=_form("fraction"),
        weight=2,
        examples=(("Write 1/x + 1/(x+1) as a single fraction.", "(2*x + 1)/(x*(x + 1))"),),
    ),
    Intent(
        name="partial fractions",
        asked=(r"partial fractions?(?: decomposition)?(?: of {f})?",),
        words="decompose decomposition write express into expand",
        read=_form("partial_fractions", True),
        examples=(("Find the partial fraction decomposition of 1/(x^2 - 1).", "-1/(2*(x + 1)) + 1/(2*(x - 1))"),),
    ),
    Intent(
        name="decimal",
        asked=(r"(?:write|express|convert|give) {f} (?:as|to|in|into) (?:a )?(?:terminating )?decimal",),
        words="terminating",
        read=_decimal,
        weight=2,
        examples=(("Write 3/20 as a decimal.", "0.15"),),
    ),
    Intent(
        name="domain",
        asked=(
            r"domain(?: of (?:the )?(?:real-valued )?(?:function|expression)?(?: {f})?)?",
            r"(?:not defined|undefined)",
            r"has a real (?:number )?value",
        ),
        words="number-of how many values not in smallest largest integer possible has",
        read=_domain,
        examples=(("Find the domain of f(x) = sqrt(x - 2).", "[2, infinity)"),),
        weight=2,
    ),
    Intent(
        name="range",
        asked=(r"range of (?:the )?(?:function )?(?:{f})?",),
        words="",
        read=_range,
        weight=2,
        examples=(("What is the range of f(x) = x^2 + 1?", "[1, infinity)"),),
    ),
    Intent(
        name="division of polynomials",
        asked=(r"(?:remainder|quotient) (?:when|if|of) (?:the polynomial )?{f} is divided by {g}",),
        words="",
        read=_remainder,
        weight=3,
        examples=(("Find the remainder when x^3 + 2x + 1 is divided by x - 2.", "13"),),
    ),
    Intent(
        name="coefficient",
        asked=(r"coefficients? of (?:the )?{g}(?: term)? in (?:the )?(?:expansion of )?{f}(?: is expanded)?",),
        words="when expanded simplified",
        read=_coefficient,
        weight=2,
        examples=(("What is the coefficient of x^2 in (1 + x)^5?", "10"),),
    ),
    Intent(
        name="asymptotes",
        asked=(r"(?:horizontal|vertical) asymptotes?(?: (?:of|for)(?: the)?(?: graph)?(?: of)?(?: the)?(?: function| equation)?(?: {f})?)?",),
        words="graph horizontal vertical many number-of",
        read=_asymptote,
        weight=2,
        examples=(("Find the horizontal asymptote of y = (2x + 1)/(x - 3).", "2"),),
    ),
    Intent(
        name="value of an inverse function",
        asked=(rf"(?:{VERB}|what is|then what is) (?:the )?(?:value of )?{{f}}",),
        words="inverse",
        read=_inverse_value,
        weight=1,
        examples=(("If f(x) = 2x + 1, find f^{-1}(7).", "3"),),
    ),
    Intent(
        name="inverse function",
        asked=(r"inverse(?: function)?(?: of (?:the )?(?:function )?(?:{f})?)?",),
        words="one-to-one",
        read=_inverse_function,
        examples=(("Find the inverse function of f(x) = 3x - 2.", "x/3 + 2/3"),),
    ),
    Intent(
        name="function by its values",
        asked=(rf"(?:{VERB}|what is|then what is) (?:the )?(?:value of )?{{f}}",),
        words="inverse",
        read=_table_function,
        examples=(("If f(1) = 2 and f(2) = 6, what is f(f(1))?", "6"),),
    ),
    Intent(
        name="completed square",
        asked=(r"complet(?:e|ing) the square",),
        words="rewrite write form by in",
        read=_complete_square,
        examples=(("Complete the square: x^2 + 6x + 5", "(x + 3)^2 - 4"),),
    ),
    Intent(
        name="two numbers",
        asked=(r"(?:sum|difference|product|quotient) (?:of|between) {a} and {b}",),
        words="",
        read=_two_numbers,
        examples=(("What is the difference between 7^2 and 5^2?", "24"),),
    ),
    Intent(
        name="reciprocal",
        asked=(r"reciprocal of {f}",),
        words="",
        read=_reciprocal,
        examples=(("What is the reciprocal of 3/4?", "4/3"),),
    ),
    Intent(
        name="slope of the line of an equation",
        asked=(r"slope of the line(?: (?:with equation|given by|whose equation is))?",),
        words="line slope",
        read=_line_form("slope"),
        examples=(("Find the slope of the line 3x + 4y = 12.", "-3/4"),),
        weight=1,
    ),
    Intent(
        name="intercept",
        asked=(r"[xy]-intercepts?(?: of(?: the)?(?: line| graph| parabola| curve)?(?: of)?)?",),
        words="line graph parabola curve many how number-of",
        read=_line_form("intercept"),
        examples=(("Find the x-intercept of the line y = 2x - 6.", "3"),),
    ),
    Intent(
        name="vertex of a parabola",
        asked=(r"vertex of (?:the )?(?:parabola|graph)(?: of)?",),
        words="parabola graph quadratic coordinates",
        read=_vertex,
        examples=(("Find the vertex of the parabola y = x^2 - 4x + 7.", "(2, 3)"),),
    ),
    Intent(
        name="place of a value",
        asked=(r"(?:find|what is|determine|for what value of|solve for)(?: the| all)?(?: values? of)? {x}",),
        words="",
        read=_preimage,
        weight=1,
        examples=(("Let f(x) = 2x + 1. Find x such that f(x) = 7.", "3"),),
    ),
    Intent(
        name="discriminant",
        asked=(r"discriminant(?: of {f})?",),
        words="quadratic polynomial",
        read=_discriminant,
        examples=(("Find the discriminant of x^2 + 3x + 1.", "5"),),
    ),
)  # fmt: skip
"""The rows."""
_ = value_of
