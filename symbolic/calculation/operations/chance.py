"""Operations of counting and probability: by enumeration where that is small, else by formula."""

import math
from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Any, Final

from abduce.symbolic.calculation.operations.numbers import natural, whole
from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    MATRIX,
    WORD,
    Doubtful,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.untyped import sp

LARGEST: Final = 2_000_000
"""The upper limit on the outcomes that are counted one by one."""


def small(n: Any) -> int:
    """A whole number from 0 to 10,000."""
    found = whole(n)
    if not 0 <= found <= 10_000:
        raise Unanswered("The number is too large, or below 0.")
    return found


def choose(n: Any, k: Any) -> Any:
    """n over k."""
    return sp.binomial(small(n), small(k))


def orders(n: Any, k: Any) -> Any:
    """Ordered choices of k of n."""
    return sp.ff(small(n), small(k))


def around(n: Any) -> Any:
    """Seatings around a table, up to rotation."""
    return sp.factorial(natural(n) - 1)


def letters(word: str) -> Any:
    """The arrangements of the letters of a word; checked by multiplying out."""
    counts = Counter(word.lower())
    found = math.factorial(len(word))
    for count in counts.values():
        found //= math.factorial(count)
    check, left = 1, len(word)
    for count in counts.values():
        check *= math.comb(left, count)
        left -= count
    if check != found:
        raise Doubtful("placing letter by letter gives another number")
    return sp.Integer(found)


def paths(steps: Any) -> Any:
    """Shortest lattice paths with so many steps in each direction."""
    numbers = [small(s) for s in steps]
    found, left = 1, sum(numbers)
    for number in numbers:
        found *= math.comb(left, number)
        left -= number
    return sp.Integer(found)


def spread(total: Any, parts: Any, least: Any) -> Any:
    """Solutions of x_1 + ... + x_n = total in whole numbers of at least `least`.

    Source: Feller 1968, section II.5 (stars and bars).
    """
    count, n = natural(parts), whole(total) - natural(parts) * whole(least)
    return sp.Integer(0 if n < 0 else math.comb(n + count - 1, count - 1))


def heads(n: Any, k: Any, p: Any, how: str) -> Any:
    """The probability of k successes in n trials: exactly, at least, at most."""
    trials, wanted = small(n), small(k)
    ranges = {"exactly": range(wanted, wanted + 1), "at least": range(wanted, trials + 1),
              "at most": range(wanted + 1), "more than": range(wanted + 1, trials + 1),
              "fewer than": range(wanted)}  # fmt: skip
    total = sum(sp.binomial(trials, j) * p**j * (1 - p) ** (trials - j) for j in ranges[how])
    found = sp.simplify(total)
    if trials <= 12 and p == sp.Rational(1, 2):
        direct = sum(1 for flips in product((0, 1), repeat=trials) if sum(flips) in ranges[how])
        if sp.Rational(direct, 2**trials) != found:
            raise Doubtful("counting all outcomes gives another probability")
    return found


def dice(n: Any, sides: Any, event: str, value: Any) -> Any:
    """The probability of an event with n fair dice, by counting all outcomes."""
    count, faces = natural(n), natural(sides)
    if faces**count > LARGEST:
        raise Unanswered("There are too many outcomes to count.")
    target = whole(value)
    tests: dict[str, Any] = {
        "sum": lambda r: sum(r) == target,
        "sum at least": lambda r: sum(r) >= target,
        "sum at most": lambda r: sum(r) <= target,
        "different": lambda r: len(set(r)) == len(r),
        "same": lambda r: len(set(r)) == 1,
        "some": lambda r: target in r,
        "all": lambda r: set(r) == {target},
        "none": lambda r: target not in r,
        "product even": lambda r: math.prod(r) % 2 == 0,
        "product odd": lambda r: math.prod(r) % 2 == 1,
        "sum even": lambda r: sum(r) % 2 == 0,
        "sum odd": lambda r: sum(r) % 2 == 1,
    }
    test = tests[event]
    good = sum(1 for roll in product(range(1, faces + 1), repeat=count) if test(roll))
    return sp.Rational(good, faces**count)


def dice_mean(n: Any, sides: Any, what: str) -> Any:
    """The expected sum, product or largest of n fair dice, by counting all outcomes."""
    count, faces = natural(n), natural(sides)
    if faces**count > LARGEST:
        raise Unanswered("There are too many outcomes to count.")
    function = {"sum": sum, "product": math.prod, "largest": max, "smallest": min}[what]
    total = sum(function(roll) for roll in product(range(1, faces + 1), repeat=count))
    return sp.Rational(total, faces**count)


def bayes(prior: Any, hit: Any, false: Any, what: str) -> Any:
    """The probability of a cause after its sign was seen, or of the sign.

    Source: Bayes 1763.
    """
    seen = prior * hit + (1 - prior) * false
    return sp.simplify(prior * hit / seen if what == "cause" else seen)


def moments(name: str, values: Any, what: str) -> Any:
    """The mean, variance or standard deviation of a distribution with its parameters."""
    given = list(values)
    match name:
        case "binomial":
            mean, variance = given[0] * given[1], given[0] * given[1] * (1 - given[1])
        case "poisson":
            mean = variance = given[0]
        case "geometric":
            mean, variance = 1 / given[0], (1 - given[0]) / given[0] ** 2
        case "exponential":
            mean, variance = 1 / given[0], 1 / given[0] ** 2
        case "uniform":
            mean, variance = (given[0] + given[1]) / 2, (given[1] - given[0]) ** 2 / 12
        case "whole":
            count = given[1] - given[0] + 1
            mean, variance = (given[0] + given[1]) / 2, (count**2 - 1) / 12
        case _:
            raise Unanswered("The distribution is not known.")
    found = {"mean": mean, "variance": variance, "deviation": sp.sqrt(variance)}[what]
    return sp.simplify(found)


def poisson(rate: Any, k: Any) -> Any:
    """The probability of exactly k events."""
    return sp.exp(-rate) * rate ** small(k) / sp.factorial(small(k))


def normal(mean: Any, deviation: Any, low: Any, high: Any) -> Any:
    """The probability that a normal variable lies between two numbers, as a decimal."""

    def below(x: Any) -> Any:
        if x in (sp.oo, -sp.oo):
            return sp.Integer(1 if x == sp.oo else 0)
        return (1 + sp.erf((x - mean) / (deviation * sp.sqrt(2)))) / 2

    return sp.N(below(high) - below(low), 10)


def shared_chance(numbers: Any, what: str) -> Any:
    """The probability that all, or at least one, of independent events happen."""
    ps = list(numbers)
    if any(not 0 <= p <= 1 for p in ps):
        raise Unanswered("A probability lies from 0 to 1.")
    if what == "all":
        return sp.Mul(*ps)
    return sp.simplify(1 - sp.Mul(*[1 - p for p in ps]))


def variance_of_mean(variance: Any, n: Any) -> Any:
    """The variance of the mean of n independent variables."""
    return sp.simplify(variance / n)


def statistics(numbers: Any, what: str) -> Any:
    """The mean, median, mode, range, variance of numbers."""
    items = sorted(numbers, key=lambda x: Fraction(int(x.p), int(x.q)))
    count = len(items)
    mean = sp.Add(*items) / count
    match what:
        case "mean":
            return sp.simplify(mean)
        case "median":
            half = count // 2
            return items[half] if count % 2 else (items[half - 1] + items[half]) / 2
        case "mode":
            counts = Counter(items).most_common()
            best = [x for x, c in counts if c == counts[0][1]]
            return best[0] if len(best) == 1 else best
        case "range":
            return items[-1] - items[0]
        case "variance":
            return sp.Add(*[(x - mean) ** 2 for x in items]) / count
        case _:
            return sp.sqrt(sp.Add(*[(x - mean) ** 2 for x in items]) / count)


def committee(first: Any, second: Any, size: Any) -> Any:
    """Choices of so many from two groups with at least one of each; checked by adding up."""
    a, b, k = small(first), small(second), small(size)
    found = math.comb(a + b, k) - math.comb(a, k) - math.comb(b, k)
    if found != sum(math.comb(a, j) * math.comb(b, k - j) for j in range(1, k)):
        raise Doubtful("adding up by the size of one group gives another number")
    return sp.Integer(found)


E_, M_ = EXPRESSION, MATRIX


def percentage(percent: Any, whole: Any) -> Any:
    """So many hundredths of a number."""
    return sp.simplify(percent * whole / 100)


def percent_of(part: Any, whole: Any) -> Any:
    """How many hundredths of a number another is."""
    if whole == 0:
        raise Unanswered("No number is a percentage of 0.")
    return sp.simplify(100 * part / whole)


def percent_base(percent: Any, part: Any) -> Any:
    """The number of which so many hundredths are known."""
    if percent == 0:
        raise Unanswered("0% of every number is 0.")
    return sp.simplify(100 * part / percent)


TABLE: Final = {
    "percentage": Operation(arguments=(EXPRESSION, EXPRESSION), result=EXPRESSION, run=percentage,
        about="{0}% of {1} is {answer}."),
    "percent_of": Operation(arguments=(EXPRESSION, EXPRESSION), result=EXPRESSION, run=percent_of,
        about="{0} is {answer}% of {1}."),
    "percent_base": Operation(arguments=(EXPRESSION, EXPRESSION), result=EXPRESSION,
        run=percent_base, about="{1} is {0}% of {answer}."),
    "choose": Operation(arguments=(E_, E_), result=E_, run=choose,
        about="{1} of {0} can be chosen in {answer} ways."),
    "orders": Operation(arguments=(E_, E_), result=E_, run=orders,
        about="{1} of {0} can be ordered in {answer} ways."),
    "around": Operation(arguments=(E_,), result=E_, run=around,
        about="{0} can sit around a table in {answer} ways."),
    "letters": Operation(arguments=(WORD,), result=E_, run=letters,
        about="The letters of {0} have {answer} arrangements."),
    "paths": Operation(arguments=(M_,), result=E_, run=paths,
        about="Steps {0} can be ordered in {answer} ways."),
    "spread": Operation(arguments=(E_, E_, E_), result=E_, run=spread,
        about="{0} is a sum of {1} numbers of at least {2} in {answer} ways."),
    "heads": Operation(arguments=(E_, E_, E_, WORD), result=E_, run=heads,
        about="The probability of {3} {1} successes of {0} is {answer}."),
    "dice": Operation(arguments=(E_, E_, WORD, E_), result=E_, run=dice,
        about="Of all rolls of {0} dice with {1} sides the share with '{2}' is {answer}."),
    "dice_mean": Operation(arguments=(E_, E_, WORD), result=E_, run=dice_mean,
        about="The mean {2} of {0} dice with {1} sides is {answer}."),
    "bayes": Operation(arguments=(E_, E_, E_, WORD), result=E_, run=bayes,
        about="With prior {0} and signs {1} and {2}, Bayes gives {answer}."),
    "moments": Operation(arguments=(WORD, M_, WORD), result=E_, run=moments,
        about="The {2} of the {0} distribution {1} is {answer}."),
    "poisson": Operation(arguments=(E_, E_), result=E_, run=poisson,
        about="With rate {0}, exactly {1} have probability {answer}."),
    "normal": Operation(arguments=(E_, E_, E_, E_), result=E_, run=normal,
        about="With mean {0} and deviation {1}, between {2} and {3}: {answer}."),
    "shared_chance": Operation(arguments=(M_, WORD), result=E_, run=shared_chance,
        about="The probability of {1} of {0} is {answer}."),
    "variance_of_mean": Operation(arguments=(E_, E_), result=E_, run=variance_of_mean,
        about="The variance {0} divided by {1} is {answer}."),
    "statistics": Operation(arguments=(M_, WORD), result=ANSWER, run=statistics,
        about="The {1} of {0} is {answer}."),
    "committee": Operation(arguments=(E_, E_, E_), result=E_, run=committee,
        about="{2} of {0} and {1}, some of each, in {answer} ways."),
}  # fmt: skip
"""Operations by name."""
