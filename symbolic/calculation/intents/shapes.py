"""Intents of geometry, complex numbers, sequences, and the best of several variables."""
# ruff: noqa: E501

from collections.abc import Callable
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.intents.reading import built, call, integer, matrices, several
from abduce.symbolic.calculation.trees import is_name, is_number, names
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood

Reader = Callable[[Asked], Understood]
ORDINALS: Final = {
    word: n
    for n, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"], 1)
}  # fmt: skip
ORDINAL: Final = r"(?:{}|\d+(?:st|nd|rd|th))".replace("{}", "|".join(ORDINALS))


def _ordinal(text: str) -> int:
    return ORDINALS.get(text) or int(text.rstrip("stndrh"))


def _points(operation: str, count: int = 2) -> Reader:
    def read(asked: Asked) -> Understood:
        found = [t for t in matrices(asked) if t[0] in ("tuple", "vector", "matrix", "bracket")]
        if len(found) != count or any(len(t) != len(found[0]) for t in found):
            return None
        return built(call(operation, *found))

    return read


def _distance(asked: Asked) -> Understood:
    return _points("polar_distance" if asked.says("polar") else "distance")(asked)


def _line(asked: Asked) -> Understood:
    found = matrices(asked)
    if len(found) != 2:
        return None
    if asked.says("parametric"):
        return built(call("parametric", *found, ("t",)))
    return built(call("line", *found))


def _circle(asked: Asked) -> Understood:
    equations = [t for t in asked.every.equations if {"x", "y"} == set(names(t))]
    if len(equations) != 1 or len(asked.trees) > 1:
        return None
    both = asked.says("center") and asked.says("radius")
    what = (
        "both"
        if both
        else next((w for w in ("center", "radius", "area", "circumference") if asked.says(w)), None)
    )
    return built(call("circle", several(equations), what)) if what else None


def _solid(asked: Asked) -> Understood:
    kind = next(
        (
            k
            for k in (
                "sphere",
                "cylinder",
                "cone",
                "cube",
                "circle",
                "square",
                "rectangle",
                "triangle",
            )
            if asked.says(rf"\b{k}\b")
        ),
        None,
    )
    what = (
        "surface"
        if asked.says("surface")
        else next((w for w in ("volume", "area", "perimeter") if asked.says(w)), None)
    )
    if asked.says("circumference"):
        what = "perimeter"
    sizes = [asked.match[k] for k in ("r", "h") if k in asked.match]
    if kind is None or what is None or not sizes or len(asked.trees) != len(sizes):
        return None
    if asked.says("diameter"):
        sizes[0] = ("divide", sizes[0], ("2",))
    needs = 2 if kind in ("cylinder", "cone", "rectangle", "triangle") else 1
    if len(sizes) != needs:
        return None
    return built(call("solid", kind, several(sizes), what))


def _heron(asked: Asked) -> Understood:
    sides = [t for t in asked.trees if is_number(t)]
    return built(call("heron", *sides)) if len(sides) == 3 == len(asked.trees) else None


def _polar(asked: Asked) -> Understood:
    found = matrices(asked)
    if len(found) != 1 or len(found[0]) != 3:
        return None
    return built(
        call(
            "rectangular"
            if asked.says("to rectangular|rectangular coordinates$|into rectangular|in rectangular")
            and not asked.says("from rectangular|in rectangular coordinates to")
            and not asked.says("to polar")
            else "polar",
            found[0],
        )
    )


def _rotated(asked: Asked) -> Understood:
    z, angle = asked.match.get("z"), asked.match.get("a")
    center: Tree = asked.match.get("c", ("0",))
    if z is None or angle is None or angle[0] not in ("degrees", "divide", "multiply", "pi"):
        return None
    if asked.says(r"\bclockwise") and not asked.says("counter"):
        angle = ("negate", angle)
    elif not asked.says("counter"):
        return None
    return built(call("rotated", z, center, angle))


def _complex(what: str) -> Reader:
    def read(asked: Asked) -> Understood:
        z = asked.match.get("z")
        return built(call("modulus", asked.every.closed(z), what)) if z is not None else None

    return read


def _ellipse(asked: Asked) -> Understood:
    found = matrices(asked)
    eccentricity = asked.match.get("e")
    if len(found) != 2 or eccentricity is None:
        return None
    return built(call("ellipse", *found, eccentricity))


def _regular(asked: Asked) -> Understood:
    n = asked.match.get("n")
    sides = {"triangle": 3, "quadrilateral": 4, "pentagon": 5, "hexagon": 6, "heptagon": 7, "octagon": 8,
             "nonagon": 9, "decagon": 10, "dodecagon": 12}  # fmt: skip
    if n is None:
        n = next(((str(k),) for word, k in sides.items() if asked.says(word)), None)
    if n is None or not integer(n) or len(asked.trees) > 1:
        return None
    what = next((w for w in ("diagonals", "exterior", "sum", "interior") if asked.says(w)), None)
    return built(call("regular", n, what)) if what else None


def _clock(asked: Asked) -> Understood:
    h, m = asked.match.get("h"), asked.match.get("m")
    return built(call("clock", h, m)) if integer(h) and integer(m) and h and m else None


def _term(asked: Asked) -> Understood:
    one, two = asked.match.get("a"), asked.match.get("b")
    if one is None or two is None:
        return None
    kind = "geometric" if asked.says("geometric") else "arithmetic"
    i, j, n = (_ordinal(asked.texts[k]) for k in ("w_i", "w_j", "w_n"))
    return built(call("term", kind, one, two, (str(i),), (str(j),), (str(n),)))


def _listed_term(asked: Asked) -> Understood:
    items = [t for t in asked.trees if t != ("dots",)]
    n = asked.texts.get("w_n")
    if n is None or len(items) < 3 or any(names(t) for t in items):
        return None
    if len(items) == 3 and not asked.says("arithmetic|geometric"):
        return None
    return built(call("listed_term", several(items), (str(_ordinal(n)),), "term"))


def _listed_sum(asked: Asked) -> Understood:
    n = asked.match.get("n")
    items = [t for t in asked.trees if t != ("dots",) and t != n]
    if n is None or not integer(n) or len(items) < 3 or any(names(t) for t in items):
        return None
    return built(call("listed_term", several(items), n, "sum"))


def _decay(asked: Asked) -> Understood:
    half, amount, time = (asked.match.get(k) for k in "hmt")
    if half is None or amount is None or time is None or len(asked.trees) != 3:
        return None
    return built(call("decay", amount, half, time))


def _best(asked: Asked) -> Understood:
    tree = asked.match.get("f")
    if tree is None or tree[0] in ("equal", "less", "greater"):
        if tree is None or tree[0] != "equal":
            return None
        tree = tree[2]
    every = asked.every
    body = every.unfold(tree)
    if len(names(body)) < 2 or (every.conditions and not all(_sign(c) for c in every.conditions)):
        return None
    equations = (
        every.equations
        if asked.match["f"][0] != "equal"
        else tuple(e for e in every.equations if e != asked.match["f"])
    )
    positive = "positive" in asked.kinds or bool(every.conditions)
    if not positive and not asked.says("real"):
        return None
    kind = "maximum" if asked.says("maxim|largest|greatest") else "minimum"
    return built(
        call(
            "best",
            body,
            several([*equations, ("equal", ("0",), ("0",))][: max(1, len(equations))]),
            kind,
            "positive" if positive else "real",
        )
    )


def _sign(condition: Tree) -> bool:
    """`x > 0`."""
    return condition[0] == "greater" and is_name(condition[1]) and condition[2] == ("0",)


INTENTS: Final = (
    Intent(name="distance", asked=(r"distance (?:between|from)(?: the)?(?: two)?(?: points?)?(?: with polar coordinates)?(?: {} (?:and|to) {})?",), words="points polar coordinates units point between", read=_distance, weight=1,
        examples=(("Find the distance between the points (1, 2) and (4, 6).", "5"),
                  ("What is the distance from (1,2) to (4,6)?", "5"))),
    Intent(name="midpoint", asked=(r"midpoint",), words="segment line joining endpoints between coordinates connecting points point", read=_points("midpoint"),
        examples=(("Find the midpoint of the segment joining (1, 2) and (3, 4).", "(2, 3)"),)),
    Intent(name="slope of a line", asked=(r"slope of the line",), words="passing through passes line containing points point slope", read=_points("slope"),
        examples=(("Find the slope of the line through the points (1, 2) and (3, 8).", "3"),)),
    Intent(name="line through points", asked=(r"(?:equations?) (?:of|for) (?:the )?(?:straight )?line",), words="straight line passes passing through containing points point parametric equation equations write slope-intercept", read=_line, weight=1,
        examples=(("Write an equation of the line through the points (0, 1) and (2, 5).", "y = 2*x + 1"),)),
    Intent(name="circle", asked=(r"(?:center|radius|area|circumference)(?: and (?:the )?radius)? of (?:the )?(?:circle|graph)", r"(?:center|radius|area) of"), words="circle center radius area described enclosed whose graph", read=_circle, weight=1,
        examples=(("Find the center and radius of the circle x^2 + 2x + y^2 = 4.", "(-1, 0), sqrt(5)"),)),
    Intent(name="area of a triangle", asked=(r"area of (?:the )?triangle",), words="triangle vertices vertex corners points whose", read=_points("triangle", 3), weight=1,
        examples=(("Find the area of the triangle with vertices (0, 0), (4, 0) and (0, 3).", "6"),)),
    Intent(name="triangle by its sides", asked=(r"area of (?:a|the) triangle (?:with|whose|having) (?:sides?|side lengths)",), words="triangle sides side lengths length measure of units", read=_heron, weight=2,
        examples=(("What is the area of a triangle with side lengths 3, 4 and 5?", "6"),)),
    Intent(name="figure or solid", asked=(
        r"(?:volume|surface area|area|perimeter|circumference) of (?:a |the )?(?:right )?(?:circular )?(?:sphere|cylinder|cone|cube|circle|square|rectangle|triangle)(?: with| whose| of| having| that has)?(?: a| an| its)?(?: radius| diameter| base| side| edge| length| side length| edge length)?(?: of| is| length)? {r}(?: ?,? ?(?:and )?(?:a )?(?:height|width|altitude)(?: of| is)? {h})?",),
        words="units square cubic inches centimeters cm feet meters radius height side edge length width", read=_solid, weight=2,
        examples=(("What is the volume of a sphere with radius 3?", "36*pi"),)),
    Intent(name="polar or rectangular coordinates", asked=(r"(?:convert|express|change) (?:the )?(?:point )?{}[a-z ]*?(?:to|in|into) (?:polar|rectangular) coordinates|(?:polar|rectangular) coordinates of",), words="polar rectangular coordinates point form cartesian enter", read=_polar, weight=2,
        examples=(("Convert the point (0, 3) in rectangular coordinates to polar coordinates.", "(3, pi/2)"),)),
    Intent(name="rotation", asked=(
        r"{a} rotation (?:around|about) (?:the origin|{c}) in the (?:counter-clockwise|counterclockwise|clockwise) direction is applied to {z}",),
        words="resulting complex number", read=_rotated, weight=3,
        examples=((r"A $90^\circ$ rotation around the origin in the counter-clockwise direction is applied to $7 + 2i$. What is the resulting complex number?", "-2 + 7i"),)),
    Intent(name="modulus", asked=(r"(?:modulus|absolute value|magnitude) of (?:the )?(?:complex )?(?:number )?{z}",), words="complex", read=_complex("modulus"), weight=1,
        examples=(("Find the modulus of 3 + 4i.", "5"),)),
    Intent(name="argument", asked=(r"argument of (?:the )?(?:complex )?(?:number )?{z}",), words="complex principal", read=_complex("argument"), weight=1,
        examples=(("Find the argument of 1 + i.", "pi/4"),)),
    Intent(name="conjugate", asked=(r"(?:complex )?conjugate of (?:the )?(?:complex )?(?:number )?{z}",), words="complex", read=_complex("conjugate"), weight=1,
        examples=(("Find the conjugate of 3 + 4i.", "3 - 4i"),)),
    Intent(name="real part", asked=(r"real part of (?:the )?(?:complex )?(?:number )?{z}",), words="complex", read=_complex("real"), weight=1,
        examples=(("Find the real part of (1 + i)^2.", "0"),)),
    Intent(name="imaginary part", asked=(r"imaginary part of (?:the )?(?:complex )?(?:number )?{z}",), words="complex", read=_complex("imaginary"), weight=1,
        examples=(("Find the imaginary part of (1 + i)^2.", "2"),)),
    Intent(name="ellipse", asked=(r"ellipse[a-z .]*foci {} and {} ,? ?(?:and )?(?:with )?eccentricity {e}",), words="ellipse foci specified whose", story=True, read=_ellipse, weight=3,
        examples=(("Find an equation of the ellipse with foci (-1, 0) and (1, 0), eccentricity 1/2.", "x^2/4 + y^2/3 = 1"),)),
    Intent(name="polygon", asked=(r"(?:interior|exterior) angle(?:s)?|diagonals",), words="regular polygon sides measure degrees interior exterior sum triangle quadrilateral pentagon hexagon heptagon octagon nonagon decagon dodecagon many number convex angle angles diagonals degree", read=_regular,
        examples=(("What is the measure in degrees of an interior angle of a regular hexagon?", "120"),)),
    Intent(name="clock", asked=(r"angle[a-z ()]*(?:clock|hands)[a-z ()]*? at {h} : {m}",), words="noon minute hour hands coincide analog clock angle degrees subtended smaller degree formed between measure", read=_clock, weight=2,
        examples=(("What is the angle in degrees between the hands of a clock at 3:00?", "90"),)),
    Intent(name="term of a sequence by two terms", asked=(rf"(?P<w_i>{ORDINAL}) term of (?:an? )?(?:arithmetic|geometric) (?:sequence|progression|series) is {{a}} and the (?P<w_j>{ORDINAL}) term is {{b}} ,? ?(?:\. )?what is the (?P<w_n>{ORDINAL}) term",), words="", read=_term, weight=4,
        examples=(("If the fourth term of an arithmetic sequence is 200 and the eighth term is 500, what is the sixth term?", "350"),)),
    Intent(name="term of a sequence", asked=(rf"(?P<w_n>{ORDINAL}) term",), words="arithmetic geometric sequence odd even numbers consider progression integers multiples", read=_listed_term, weight=1,
        examples=((r"Consider the geometric sequence $\frac{1}{2}, 1, 2, 4, \ldots$. What is the eighth term of the sequence?", "64"),)),
    Intent(name="sum of a sequence", asked=(r"sum of the first {n} terms",), words="arithmetic geometric sequence series progression", read=_listed_sum, weight=2,
        examples=((r"What is the sum of the first 10 terms of the arithmetic sequence $3, 5, 7, \ldots$?", "120"),)),
    Intent(name="half-life", asked=(r"half-life of [a-z0-9-]+ is {h} [a-z]+ \. (?:suppose )?(?:we have )?(?:an? )?(?:initial )?(?:sample (?:of|has a mass of) )?{m} (?:mg|g|kg|grams?|milligrams?)[a-z ]*? ?\. how much (?:of (?:the|it) )?[a-z ]*?(?:remains|is left|will remain) after {t} [a-z]+",), words="sample mass", story=True, read=_decay, weight=3,
        examples=(("The half-life of radium-226 is 1590 years. Suppose we have a 100-mg sample. How much of the sample remains after 1000 years?", "64.67"),)),
    Intent(name="best of several variables", asked=(r"(?:minimum|maximum|smallest|largest|least|greatest)(?: possible)? value of {f}",), words="positive real numbers nonnegative over minimum maximum", read=_best, weight=1,
        examples=((r"Let $a$ and $b$ be positive real numbers such that $ab = 4$. Find the minimum value of $a + b$.", "4"),)),
)  # fmt: skip
"""The rows."""
