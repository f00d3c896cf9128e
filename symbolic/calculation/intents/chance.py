"""Intents of counting, probability and statistics."""
# ruff: noqa: E501

import re
from collections.abc import Callable
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.intents.reading import (
    INFINITY,
    MINUS_INFINITY,
    built,
    call,
    integer,
    matrices,
    several,
)
from abduce.symbolic.calculation.trees import is_number, names
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood

Reader = Callable[[Asked], Understood]
HALF: Final[Tree] = ("divide", ("1",), ("2",))


def _numbers(asked: Asked) -> list[Tree]:
    return [t for t in asked.trees if not names(t)]


def _letters(asked: Asked) -> Understood:
    word = asked.texts.get("w_word", "")
    word = re.sub(r"[^a-z]", "", word)
    if len(word) < 2 or asked.says(
        "vowel|consonant|together|adjacent|first|last|must|begin|end|next"
    ):
        return None
    return built(call("letters", word))


def _paths(asked: Asked) -> Understood:
    found = matrices(asked)
    if len(found) != 2 or len(found[0]) != len(found[1]):
        return None
    steps: list[Tree] = []
    for a, b in zip(found[0][1:], found[1][1:], strict=True):
        steps.append(b if a == ("0",) else ("subtract", b, a))
    return built(call("paths", several(steps)))


def _choose(asked: Asked) -> Understood:
    n, k = asked.match.get("n"), asked.match.get("k")
    if not (integer(n) and integer(k)) or n is None or k is None:
        return None
    if len(_numbers(asked)) != 2:
        return None
    return built(
        call(
            "orders" if asked.says("order(?:ed)? matters|president|offices?|arrange") else "choose",
            n,
            k,
        )
    )


def _around(asked: Asked) -> Understood:
    n = asked.match.get("n")
    if n is None or not integer(n) or len(_numbers(asked)) != 1:
        return None
    return built(call("around", n))


def _spread(asked: Asked) -> Understood:
    """`x_1 + x_2 + ... + x_n = k` in natural numbers."""
    equations = list(asked.every.equations)
    if len(equations) != 1 or not is_number(equations[0][2]):
        return None
    left, total = equations[0][1], equations[0][2]
    terms: list[Tree] = []
    while left[0] == "add":
        terms.append(left[2])
        left = left[1]
    terms.append(left)
    terms.reverse()
    indexed = []
    for term in terms:
        name, parts = term[0], term[1:]
        if term == ("dots",):
            continue
        if not parts and (match := re.fullmatch(r"([a-z])_(\d+)", name)):
            indexed.append(int(match[2]))
        elif name == "power" and is_number(parts[1]) and asked.says("x_i"):
            indexed.append(int(parts[1][0]))
        elif not parts and not is_number(term) and ("dots",) not in terms:
            indexed.append(len(indexed) + 1)
        else:
            return None
    if not indexed or indexed[0] != 1 or (("dots",) not in terms and len(indexed) != len(terms)):
        return None
    least: Tree = ("1",) if asked.says("positive") else ("0",)
    return built(call("spread", total, (str(indexed[-1]),), least))


def _flips(asked: Asked) -> Understood:
    n, k = asked.match.get("n"), asked.match.get("k", ("1",))
    if n is None or not integer(n) or not integer(k):
        return None
    how = asked.texts.get("w_how", "exactly")
    extra = [t for t in _numbers(asked) if t not in (n, k)]
    if extra or asked.says("biased|unfair|weighted"):
        return None
    return built(call("heads", n, k, HALF, how))


def _dice(asked: Asked) -> Understood:
    sides: Tree = asked.match.get("s", ("6",))
    n = asked.match.get("n", ("1",))
    if not integer(n) or not integer(sides):
        return None
    if len(asked.trees) != len([key for key in ("n", "s", "k") if key in asked.match]):
        return None
    value: Tree = asked.match.get("k", ("0",))
    if not integer(value):
        return None
    if "k" in asked.match and asked.says("greater than|more than|exceeds"):
        value = (str(int(value[0]) + 1),)
    elif "k" in asked.match and asked.says("less than|fewer than"):
        value = (str(int(value[0]) - 1),)
    for pattern, event in (
        (r"different|distinct", "different"), (r"\bthe same\b", "same"),
        (r"product[^.?]* even", "product even"), (r"product[^.?]* odd", "product odd"),
        (r"(?:sum|total)[^.?]* even", "sum even"), (r"(?:sum|total)[^.?]* odd", "sum odd"),
        (r"(?:sum|total)[^.?]* (?:at least|greater than|more than|exceeds|or more|or greater|or higher)",
         "sum at least"),
        (r"(?:sum|total)[^.?]* (?:at most|less than|fewer than|or less|or fewer|or lower)", "sum at most"),
        (r"(?:sum|total)", "sum"), (r"at least one", "some"),
    ):  # fmt: skip
        if asked.says(pattern):
            if event in ("sum", "some", "sum at least", "sum at most") and "k" not in asked.match:
                return None
            return built(call("dice", n, sides, event, value))
    return None


def _dice_mean(asked: Asked) -> Understood:
    sides: Tree = asked.match.get("s", ("6",))
    n = asked.match.get("n", ("1",))
    what = next((w for w in ("product", "largest", "smallest", "sum") if asked.says(w)), "sum")
    return built(call("dice_mean", n, sides, what))


def _bayes(asked: Asked) -> Understood:
    """A prior, the chance of a sign with the cause, and without it."""
    chances = [asked.match.get(k) for k in "pqr"]
    if any(c is None or names(c) for c in chances) or len(asked.trees) != 3:
        return None
    return built(call("bayes", *[c for c in chances if c is not None], "cause"))


def _moments(name: str, count: int) -> Reader:
    def read(asked: Asked) -> Understood:
        given = [
            asked.every.closed(t)
            for t in (asked.match.get("a"), asked.match.get("b"))
            if t is not None
        ]
        given = [t[2] if t[0] == "equal" else t for t in given]
        if len(given) != count:
            return None
        what = (
            "variance"
            if asked.says(r"variance|\bvar\b")
            else "deviation"
            if asked.says("deviation")
            else "mean"
        )
        return built(call("moments", name, several(given), what))

    return read


def _whole(asked: Asked) -> Understood:
    """A number drawn at random from `{50, 51, ..., 98}`: its mean, its variance, those of an average."""
    dotted = [t for t in asked.trees if t[0] == "set" and ("dots",) in t]
    if not dotted or not asked.says(r"random"):
        return None
    low, high = dotted[0][1], dotted[0][-1]
    if not (integer(low) and integer(high)):
        return None
    wants_variance = asked.says(r"\bvar\b|variance")
    plain = call("moments", "whole", several([low, high]), "variance" if wants_variance else "mean")
    if not asked.says("average of their|mean of their|be the average"):
        return built(plain)
    counts = [t for t in asked.trees if integer(t)]
    if len(set(counts)) != 1:
        return None
    return built(call("variance_of_mean", plain, counts[0]) if wants_variance else plain)


def _poisson(asked: Asked) -> Understood:
    rate, k = asked.match.get("a"), asked.match.get("k")
    if rate is None or k is None or not integer(k) or len(_numbers(asked)) != 2:
        return None
    rate = rate[2] if rate[0] == "equal" else rate
    return built(call("poisson", rate, k))


def _normal(asked: Asked) -> Understood:
    mean, deviation = asked.match.get("a"), asked.match.get("b")
    if mean is None or deviation is None:
        return None
    mean, deviation = (t[2] if t[0] == "equal" else t for t in (mean, deviation))
    if asked.says("variance"):
        deviation = ("sqrt", deviation)
    low: Tree = asked.match.get("l", MINUS_INFINITY)
    high: Tree = asked.match.get("h", INFINITY)
    ends = [key for key in ("l", "h") if key in asked.match]
    if not ends or len(_numbers(asked)) != 2 + len(ends):
        return None
    return built(call("normal", mean, deviation, low, high))


def _statistics(asked: Asked) -> Understood:
    numbers = _numbers(asked)
    flat = [
        part
        for t in numbers
        for part in (t[1:] if t[0] in ("set", "list", "bracket", "tuple") else (t,))
    ]
    if len(flat) < 2 or len(numbers) != len(asked.trees):
        return None
    for pattern, what in (("median", "median"), (r"\bmode\b", "mode"), ("range", "range"),
                          ("standard deviation", "deviation"), ("variance", "variance")):  # fmt: skip
        if asked.says(pattern):
            return built(call("statistics", several(flat), what))
    return built(call("statistics", several(flat), "mean"))


def _missing(asked: Asked) -> Understood:
    """The unknown among numbers with a given mean."""
    x, mean = asked.match.get("x"), asked.match.get("m")
    items = [t for t in asked.trees if t not in (mean,)]
    if x is None or mean is None or names(mean):
        return None
    values = [t for t in items if t != x]
    if any(names(t) for t in values):
        return None
    total: Tree = x
    for value in values:
        total = ("add", total, value)
    count = str(len(values) + 1)
    return built(
        call("solve_one", several([("equal", ("divide", total, (count,)), mean)]), x, "real")
    )


def _committee(asked: Asked) -> Understood:
    a, b, k = (asked.match.get(n) for n in "abk")
    if not (integer(a) and integer(b) and integer(k)) or a is None or b is None or k is None:
        return None
    return built(call("committee", a, b, k))


def _percent(asked: Asked) -> Understood:
    p, n = asked.match.get("p"), asked.match.get("n")
    if p is None or n is None or p[0] != "percent" or names(n):
        return None
    return built(call("percentage", p[1], n))


def _percent_of(asked: Asked) -> Understood:
    a, b = asked.match.get("a"), asked.match.get("b")
    if a is None or b is None:
        return None
    return built(call("percent_of", a, b))


def _percent_base(asked: Asked) -> Understood:
    p, n = asked.match.get("p"), asked.match.get("n")
    if p is None or n is None or p[0] != "percent":
        return None
    return built(call("percent_base", p[1], n))


def _plates(asked: Asked) -> Understood:
    """Letters, then digits: with or without repetition."""
    a, b = asked.match.get("a"), asked.match.get("b")
    if not (integer(a) and integer(b)) or a is None or b is None:
        return None
    if asked.says("different|no repetition|without repetition|distinct|not repeat|repeated"):
        if not asked.says("different letters.*different (?:one )?|distinct letters.*distinct"):
            return None
        parts = [call("orders", ("26",), a), call("orders", ("10",), b)]
        return built(call("multiply_two", *parts))
    power: Tree = ("multiply", ("power", ("26",), a), ("power", ("10",), b))
    return built(call("simplify", power))


def _shakes(asked: Asked) -> Understood:
    n = asked.match.get("n")
    return (
        built(call("choose", n, ("2",)))
        if n is not None and integer(n) and len(_numbers(asked)) == 1
        else None
    )


WAYS: Final = (
    r"(?:in )?how many (?:different |distinct )?ways (?:are there to|can(?: you| we| i| one)?)"
)
INTENTS: Final = (
    Intent(name="arrangements of letters", asked=(
        r"(?:number of|how many)(?: different| distinct)* (?:ways|arrangements|permutations|orders)[a-z ]*letters (?:of|in)(?: the word| the name of[^.?]*?)? (?P<w_word>[a-z]+)(?: be (?:arranged|rearranged|ordered))?",
        r"arrange the letters (?:of|in) the word (?P<w_word>[a-z]+)"),
        words="number ways different distinct word arrange popular band", story=True, read=_letters, weight=3,
        examples=(("In how many ways can the letters of the word ELLIPSE be arranged?", "1260"),)),
    Intent(name="lattice paths", asked=(r"how many (?:different |distinct |shortest )?paths[a-z ]* from (?:the )?(?:point )?{} to (?:the )?(?:point )?{}",), words="every step increments coordinate leaves other unchanged moving right up only unit each steps lattice units", read=_paths, weight=2,
        examples=(("How many different paths are there from point (0, 0) to point (2, 3) if every step increments one coordinate and leaves the other unchanged?", "10"),)),
    Intent(name="solutions in whole numbers", asked=(r"(?:how many|number of)(?: different| distinct)*(?: nonnegative| non-negative| positive| natural| integer| whole| number| ordered)*? solutions",), words="number-of over natural numbers nonnegative integers integer solution solutions over specification each variable different specified",
        read=_spread, kinds=frozenset({"positive", "integer"}), weight=2,
        examples=((r"How many nonnegative integer solutions are there to the equation $x_1 + x_2 + x_3 = 10$?", "66"),)),
    Intent(name="choices", asked=(
        rf"{WAYS} (?:choose|select|pick|form)[a-z -]*? {{k}}[a-z -]*? (?:from|of|out of)(?: a group of| a set of| among)? {{n}}",
        r"how many (?:different )?(?:ways|committees|teams|groups|subsets|combinations)[a-z -]*? {k}[a-z -]*? (?:from|of|out of)(?: a group of| a set of| a club of| among)? {n}",
        r"(?:in )?how many (?:different )?ways can (?:a )?(?:committee|team|group|subcommittee)?[a-z -]*? {k}[a-z -]*? be (?:chosen|selected|formed|picked)[a-z ]*? (?:from|of|out of)(?: a group of| a set of| a club of| among)? {n}"),
        words="people students members books objects elements person player players persons", read=_choose, weight=1,
        examples=(("In how many ways can a committee of 3 people be chosen from a group of 10 people?", "120"),)),
    Intent(name="seats around a table", asked=(r"(?:in )?how many (?:different )?ways can {n} (?:people|persons|students|friends|guests) (?:sit|be seated) (?:around|at) a (?:round|circular) table",),
        words="two seatings are considered same equivalent if rotation rotations other arrangements", read=_around, weight=2,
        examples=(("In how many ways can 6 people sit around a round table?", "120"),)),
    Intent(name="handshakes", asked=(r"{n} people[a-z ,.]*(?:handshakes|shakes? hands)[a-z ]*",), words="how many everyone each other exactly once party total handshakes", read=_shakes, weight=1,
        examples=(("There are 10 people at a party. How many handshakes are there if everyone shakes hands with each other exactly once?", "45"),)),
    Intent(name="coin flips", asked=(
        r"(?:flip|toss)(?:ed|s|ping|ing)? (?:of )?{n} (?:fair )?(?:coins|times)?[a-z ,.]*?(?P<w_how>exactly|at least|at most|more than|fewer than)? ?{k} (?:heads|tails|of them)",
        r"(?:fair )?coin is (?:flipped|tossed) {n} times[a-z ,.]*?(?P<w_how>exactly|at least|at most|more than|fewer than)? ?{k} (?:heads|tails)",
        r"(?P<w_how>exactly|at least|at most|more than|fewer than)? ?{k} heads (?:in|when|out of|from|if)[a-z ]*? {n} (?:flips|tosses|coins|times|coin flips|coin tosses|fair coins)[a-z ]*",),
        words="probability fair coin coins flips tosses probability getting heads tails flipped tossed come up simultaneously independent are", read=_flips, weight=2,
        examples=(("A fair coin is flipped 5 times. What is the probability of getting exactly 2 heads?", "5/16"),)),
    Intent(name="dice", asked=(
        r"roll(?:s|ed|ing)? (?:a |an )?(?:{n} )?(?:fair |standard )*(?:{s} sided )?(?:fair |standard )*(?:dice|die)[a-z ,.]*?(?:what is the )?probability[a-z ,]*(?:{k}[a-z ]*)?",
        r"probability[a-z ,]*(?:{k}[a-z ,]*?)? (?:when|if) (?:you roll )?{n} (?:fair |standard )*(?:{s} sided )?(?:dice|die)[a-z ]*",
        r"probability (?:that|of) (?:the )?(?:sum|total|product)(?: of the numbers)? (?:of|on|shown by|when rolling) {n} (?:fair |standard )*(?:{s} sided )?dice (?:rolls |is |are |equals |being )*(?:even|odd|(?:equal to |at least |at most |greater than |more than |less than )?{k})",
        r"{n} (?:fair |standard )*(?:{s} sided )?dice are (?:rolled|thrown|tossed)[a-z ,.]*?probability[a-z ,]*(?:{k}[a-z ]*)?"),
        words="fair mutually independent probability values suppose sum total product dice die rolled different distinct same higher lower show shows even odd least most greater more less fewer exceeds numbers number-of sides standard faces faces", read=_dice, weight=1,
        examples=(("Two fair dice are rolled. What is the probability that the sum is 7?", "1/6"),
                  ("What is the probability that the sum of two dice is 9?", "1/9"),
                  ("Suppose that you roll five 6-sided dice that are fair and mutually independent. What is the probability that all five dice show different values?", "5/54"))),
    Intent(name="mean of dice", asked=(r"expected (?:value of the )?(?:sum|product|value)[a-z ]* {n} (?:fair |standard )*(?:,? ?{s} sided )?(?:dice|die)[a-z ]*",), words="fair rolled numbers", read=_dice_mean, weight=2,
        examples=(("What is the expected value of the sum of two fair dice?", "7"),)),
    Intent(name="Bayes", asked=(
        r"^[^⟨?]*? {p} \. [a-z ,-]*?\bwith (?:the )?(?P<w_cause>[a-z]+) [a-z ,-]*? {q} \. [a-z ,-]*?\bwithout (?:the )?(?P=w_cause) [a-z ,-]*? {r} \. what is the prob[a-z]* that [a-z ,-]*?(?P=w_cause)[a-z ,]*? given that [^?]*",),
        words="", story=True, read=_bayes, weight=1,
        examples=(("A disease has probability 1/100. A person with the disease tests positive with probability 9/10. A person without the disease tests positive with probability 1/20. What is the probability that a person has the disease given that the person tests positive?", "2/13"),)),
    Intent(name="random whole number", asked=(r"(?:\bex?\b|\bvar\b|expected value|variance|what is {}|find {})[^.]*",),
        words="scores final exam picking integer integers uniformly random set students class assigned manner be their independently average variance expected var s si e ex i , ; . selected chosen score grade grades",
        read=_whole, examples=(("An integer is chosen uniformly at random from the set {1, 2, ..., 9}. What is its expected value?", "5"),)),
    Intent(name="binomial distribution", asked=(r"(?:mean|expected value|expectation|variance|standard deviation)[a-z ]*binomial[a-z ]* (?:with )?(?:parameters )?{a} (?:,|and) {b}",), words="random distribution variable parameters trials success probability", read=_moments("binomial", 2), weight=2,
        examples=(("Find the variance of a binomial random variable with parameters n = 10 and p = 1/2.", "5/2"),)),
    Intent(name="exponential distribution", asked=(r"(?:mean|expected value|expectation|variance|standard deviation)[a-z ]*exponential[a-z ]* {a}",), words="random distribution variable parameter rate", read=_moments("exponential", 1), weight=2,
        examples=(("Find the mean of an exponential random variable with rate 4.", "1/4"),)),
    Intent(name="Poisson probability", asked=(r"poisson[a-z ]*?(?:rate|mean|parameter)[a-z ]*? {a}[a-z ,.]*?probability[a-z ]*? {k}[a-z ]*",), words="random variable distribution events exactly", read=_poisson, weight=2,
        examples=(("X is a Poisson random variable with mean 2. What is the probability of exactly 3 events?", "4*e^(-2)/3"),)),
    Intent(name="normal probability", asked=(
        r"normal[a-z ]*?mean {a}[a-z ]*?(?:standard deviation|variance) {b}[a-z ,.]*?probability[a-z ]*?(?:less than|below|at most) {h}",
        r"normal[a-z ]*?mean {a}[a-z ]*?(?:standard deviation|variance) {b}[a-z ,.]*?probability[a-z ]*?(?:greater than|more than|above|at least|exceeds) {l}",
        r"normal[a-z ]*?mean {a}[a-z ]*?(?:standard deviation|variance) {b}[a-z ,.]*?probability[a-z ]*?between {l} and {h}"),
        words="random variable distributed distribution normally", read=_normal, weight=2,
        examples=(("X is a normal random variable with mean 0 and standard deviation 1. What is the probability that it is less than 1.96?", "0.9750"),)),
    Intent(name="mean or median", asked=(r"(?:arithmetic )?(?:mean|average|median|mode|range|standard deviation|variance) of (?:the )?(?:following |set |list |data |numbers |integers |set of numbers )*(?={})",), words="set list data numbers integers population", read=_statistics, weight=1,
        examples=(("What is the median of 3, 1, 4, 1, 5?", "3"),)),
    Intent(name="missing number of a mean", asked=(r"(?:arithmetic )?(?:mean|average) of (?:(?:the )?(?:numbers )?)(?:{}|,|and| )+ is {m} \. what is (?:the value of )?{x}",), words="", read=_missing, weight=2,
        examples=(("The average of 7, 2, x and 10 is 9. What is the value of x?", "17"),)),
    Intent(name="committee of two groups", asked=(r"{a} [a-z]+ and {b} [a-z]+ \. (?:in )?how many ways can[a-z ]* {k} [a-z ]*at least one (?:member )?(?:from|of) each [a-z]+",), words="senate committee club group class", story=True, read=_committee, weight=3,
        examples=(("A committee has 8 Republicans and 6 Democrats. In how many ways can we form a subcommittee of 5 members that has at least one member from each party?", "1940"),)),
    Intent(name="percentage", asked=(r"(?:what is |find |compute )?{p} of {n}",), words="number", read=_percent,
        examples=(("What is 15% of 80?", "12"),)),
    Intent(name="what percentage", asked=(r"what percent(?:age)? of {b} is {a}|{a2} is what percent(?:age)? of {b2}",), words="", read=_percent_of, weight=2,
        examples=(("What percent of 80 is 20?", "25"),)),
    Intent(name="base of a percentage", asked=(r"{p} of what number is {n}|{n2} is {p2} of what number",), words="", read=_percent_base, weight=2,
        examples=(("20% of what number is 16?", "80"),)),
    Intent(name="license plates", asked=(r"how many (?:different )?license plates can be formed[a-z ]*? {a} (?:different |distinct )?letters (?:\( [^)]*\) )?(?:followed by|and then|and) {b} (?:different |distinct )?(?:one digit \( {}(?: {})? \) numbers|digits?)",), words="every license plate has different through one digit numbers repetition allowed z if consists each", read=_plates, weight=3,
        examples=(("How many license plates can be formed if every license plate has 2 letters followed by 2 digits?", "67600"),)),
)  # fmt: skip
"""The rows."""
