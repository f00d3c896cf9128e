"""Intents of small stories whose mathematics is always the same: rates, springs, balls that grow.

Their patterns pass over the words of the story, between words that leave no other reading.
"""
# ruff: noqa: E501

from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.intents.reading import ZERO, body_of, built, call, integer, several
from abduce.symbolic.calculation.trees import is_name, is_number, names
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood


def _accumulated(asked: Asked) -> Understood:
    """A rate integrated over the first so many units of time, on top of a start."""
    rate, end = asked.match.get("f"), asked.match.get("b")
    if rate is None:
        return None
    found = body_of(rate, asked.every)
    if found is None or found[1] is None or len(names(found[0])) != 1:
        return None
    high: Tree = end if end is not None else ("1",)
    if not is_number(high):
        return None
    change = call("integral", found[0], (found[1],), ZERO, high)
    start = asked.match.get("s")
    return built(change if start is None else call("add_two", start, change))


def _modelled(asked: Asked) -> Understood:
    """Where, or how large, the extremum of a modelled function is."""
    tree, low, high = (asked.match.get(k) for k in ("f", "a", "b"))
    if tree is None or low is None or high is None:
        return None
    found = body_of(tree, asked.every)
    if found is None or found[1] is None or names(low) or names(high):
        return None
    kind = "maximum" if asked.says("maximum|highest|largest|greatest") else "minimum"
    return built(call("extremum", found[0], (found[1],), low, high, kind, "place"))


def _varied(asked: Asked) -> Understood:
    """The extremum over one letter while the others are fixed."""
    tree, letter = asked.match.get("f"), asked.match.get("x")
    if tree is None or letter is None or not is_name(letter):
        return None
    found = body_of(tree, asked.every)
    if found is None or letter[0] not in names(found[0]):
        return None
    return built(
        call("varied", found[0], letter, "maximum" if asked.says("maximum") else "minimum")
    )


def _spring(asked: Asked) -> Understood:
    """Hooke: the force over the stretch, times half the square of the new stretch, in feet of 12 inches."""
    force, first, last = (asked.match.get(k) for k in ("f", "a", "b"))
    if force is None or first is None or last is None:
        return None
    unit: Tree = ("12",) if asked.says(r"\bin(?:ches)?\b") and asked.says("lb|pound") else ("1",)
    stiff: Tree = ("divide", force, ("divide", first, unit))
    end: Tree = ("divide", last, unit)
    return built(call("simplify", ("divide", ("multiply", stiff, ("power", end, ("2",))), ("2",))))


def _growing(asked: Asked) -> Understood:
    """The rate of a volume or an area while a length grows."""
    rate, size = asked.match.get("r"), asked.match.get("a")
    if rate is None or size is None:
        return None
    kind = next(
        (k for k in ("sphere", "circle", "cube", "square") if asked.says(rf"\b{k}\b")), None
    )
    what = "surface" if asked.says("surface area") else "volume" if asked.says("volume") else "area"
    if kind is None or asked.says("how fast is the (?:radius|diameter|side|edge)"):
        return None
    length: Tree = ("divide", size, ("2",)) if asked.says("diameter is") else size
    sign = "decreasing" if asked.says("decreasing|shrinking|melting") else "increasing"
    return built(
        call("growing", kind, what, length, rate if sign == "increasing" else ("negate", rate))
    )


def _waiting(asked: Asked) -> Understood:
    """The mean number of trials to the first success."""
    sides = asked.match.get("s")
    if sides is None or not integer(sides):
        return None
    chance: Tree = ("divide", ("1",), sides)
    mean: Tree = ("divide", ("1",), chance)
    return built(call("simplify", mean))


def _alike(asked: Asked) -> Understood:
    """How many of dealt letters or cards: refused unless two chances of independent events stand."""
    ps = [t for t in asked.trees if t[0] in ("divide", "percent") or (is_number(t) and "." in t[0])]
    if len(ps) != 2 or len(asked.trees) > 3:
        return None
    return built(call("shared_chance", several(ps), "one" if asked.says("at least one") else "all"))


UNITS: Final = r"(?:years?|hours?|days?|minutes?|seconds?|months?|weeks?|s|h|hr|min)"
INTENTS: Final = (
    Intent(name="accumulated change", asked=(
        rf"(?:^|\. )[a-z ,]* rate (?:of|given by) {{f}}[^?]*? total [a-z ]* (?:in|over|during) the first {{b}} {UNITS}",
        rf"(?:^|\. )[a-z ,]* is {{s}} at time {{}} and its rate of growth is {{f}} [a-z]+ per [a-z]+ after {{}} {UNITS} \. what is the [a-z ]* after (?:one|{{b2}}) {UNITS}"),
        words="", read=_accumulated, weight=3, story=True,
        examples=(("Water flows into a tank at a rate of r(t) = 2t, where t is measured in hours. Find the total amount of water in the first 3 hours.", "9"),)),
    Intent(name="extremum of a model", asked=(r"^[^?]*?model(?:l)?ed by the function {f} \. find the time {} between {a} and {b} when [a-z ]* (?:maximum|minimum|highest|lowest)",),
        words="", read=_modelled, weight=3, story=True,
        examples=(("The height of a ball can be modeled by the function h(t) = 4t - t^2. Find the time t between 0 and 4 when the height was maximum.", "2"),)),
    Intent(name="extremum over one letter", asked=(r"^.*?is {f} \. if (?:(?:{}|,|and) )+are (?:fixed|constant) but {x} varies ,? what is the (?:maximum|minimum) value of the [a-z]+",),
        words="", read=_varied, weight=3, story=True,
        examples=(("If a wire has length L, then its power is P = kR/(R+r)^2. If k and r are fixed but R varies, what is the maximum value of the power?", "k/(4*r)"),)),
    Intent(name="work on a spring", asked=(
        r"force of {f} [a-z]+ is required to hold a spring stretched {a} [a-z]+(?: \.)? beyond its natural length \. how much work is done in stretching it from its natural length to {b} [a-z]+(?: \.)? beyond its natural length",),
        words="", read=_spring, weight=3, story=True,
        examples=(("A force of 10 lb is required to hold a spring stretched 4 in. beyond its natural length. How much work is done in stretching it from its natural length to 6 in. beyond its natural length?", "15/4"),)),
    Intent(name="related rates", asked=(
        r"(?:radius|side|edge)(?: length)? of an? (?:sphere|circle|cube|square) (?:is )?(?:increasing|decreasing|growing|shrinking)s? at a(?: constant)? rate of {r} [a-z/]+(?: per [a-z]+)? \. how fast is the (?:volume|area|surface area)(?: of the [a-z]+)? (?:increasing|decreasing|changing|growing|shrinking) when (?:the|its) (?:radius|diameter|side|edge)(?: length)? is {a}(?: [a-z]+)?",),
        words="", read=_growing, weight=3, story=True,
        examples=(("The radius of a sphere is increasing at a rate of 4 mm/s. How fast is the volume increasing when the diameter is 80 mm?", "25600*pi"),)),
    Intent(name="waiting for a die", asked=(
        r"expected number of (?:rolls|tosses) of a (?:fair )?{s} sided die (?:until|to (?:get|see)) (?:a|the first) {}",),
        words="", read=_waiting, weight=3, story=True,
        examples=(("What is the expected number of rolls of a fair 6-sided die until the first 1?", "6"),)),
    Intent(name="independent events", asked=(r"probability that (?:both|all|at least one)[a-z ]*",),
        words="independent events event occurs occur happen happens probability a b", read=_alike, weight=1,
        examples=(("Two independent events have probability 1/2 and 1/3. What is the probability that both events occur?", "1/6"),)),
)  # fmt: skip
"""The rows."""
