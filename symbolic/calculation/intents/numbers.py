"""Intents of number theory, and of written numbers."""
# ruff: noqa: E501

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from abduce.grammars.grammar import Tree
from abduce.symbolic.calculation.intents.reading import Call, built, call, several
from abduce.symbolic.calculation.trees import is_name, is_number, names, nodes
from abduce.symbolic.calculation.understanding import Asked, Intent, Understood

Reader = Callable[[Asked], Understood]


def _closed(asked: Asked, key: str = "n") -> Tree | None:
    tree = asked.match.get(key)
    if tree is None or any(not is_name(t) for t in asked.facts.loose):
        return None  # another number is named too
    closed = asked.every.closed(tree)
    return closed if not names(closed) and closed[0] not in ("equal", "list", "tuple") else None


def _unary(operation: str, *words: str) -> Reader:
    def read(asked: Asked) -> Understood:
        n = _closed(asked)
        return built(call(operation, n, *words)) if n is not None else None

    return read


def _listed(operation: str) -> Reader:
    """Of all numbers of a question."""

    def read(asked: Asked) -> Understood:
        numbers = [t for t in asked.trees if not names(t)]
        if len(numbers) < 2 or len(numbers) != len(asked.trees):
            return None
        return built(call(operation, several(numbers)))

    return read


def _then(asked: Asked, what: Call) -> Understood:
    """`... increased by 11`."""
    extra = asked.match.get("k")
    if extra is None:
        return built(what)
    operation = "subtract_two" if asked.says("decreased|subtracted") else "add_two"
    return built(call(operation, what, extra))


def _gcd_changed(asked: Asked) -> Understood:
    one, two = _closed(asked, "a"), _closed(asked, "b")
    if one is None or two is None:
        return None
    return _then(asked, call("gcd_of", several([one, two])))


def _residue(asked: Asked) -> Understood:
    n, m = _closed(asked), _closed(asked, "m")
    if n is None and "n" in asked.match and asked.match["n"][0] == "modulo":
        tree = asked.match["n"]
        n, m = tree[1], tree[2]
    if n is None or m is None or names(n) or names(m):
        return None
    if any(node == ("dots",) for node in nodes(n)):
        total = arithmetic_sum(n)
        return built(call("residue", total, m)) if total else None
    return built(call("residue", n, m))


def arithmetic_sum(tree: Tree) -> Tree | None:
    """`1 + 3 + 5 + ... + 199`, if it is arithmetic, as (first + last) count / 2."""
    terms: list[Tree] = []
    node = tree
    while node[0] == "add":
        terms.append(node[2])
        node = node[1]
    terms.append(node)
    terms.reverse()
    at = [k for k, term in enumerate(terms) if term == ("dots",)]
    if len(at) != 1 or at[0] < 2 or at[0] == len(terms) - 1:
        return None
    known = [t for k, t in enumerate(terms) if k != at[0]]
    if not all(is_number(t) and t[0].isdigit() for t in known):
        return None
    values = [int(t[0]) for t in known]
    step = values[1] - values[0]
    before, after = values[: at[0]], values[at[0] :]
    runs = all(b - a == step for run in (before, after) for a, b in pairwise(run))
    if not runs or step == 0 or (values[-1] - values[0]) % step:
        return None
    count = (values[-1] - values[0]) // step + 1
    return (
        (str((values[0] + values[-1]) * count // 2),)
        if (values[0] + values[-1]) * count % 2 == 0
        else None
    )


def _dotted_sum(asked: Asked) -> Understood:
    tree = asked.match.get("f")
    total = arithmetic_sum(tree) if tree is not None else None
    return built(call("simplify", total)) if total is not None else None


def _congruence(asked: Asked) -> Understood:
    found = [t for t in asked.trees if t[0] == "congruent"]
    if len(found) != 1:
        return None
    left, right, modulus = found[0][1:]
    unknowns = names(left) + names(right)
    others = [t for t in asked.trees if t[0] == "member" or t[0] in ("and",)]
    if len(set(unknowns)) != 1 or len(others) > 1:
        return None
    if names(left) == () or left == (unknowns[0],):
        side = right if names(right) == () else left
        if not names(side) and (left == (unknowns[0],) or right == (unknowns[0],)):
            return built(call("residue", side, modulus))
    what: Call = call("congruence", left, right, modulus)
    if asked.says("smallest|least"):
        what = call("chosen", what, "smallest")
    elif asked.says("sum of|average|largest|how many"):
        return None
    return built(what)


def _congruent_to(asked: Asked) -> Understood:
    n, m = _closed(asked, "n"), _closed(asked, "m")
    return built(call("residue", n, m)) if n is not None and m is not None else None


def _inverse(asked: Asked) -> Understood:
    a, m = _closed(asked, "a"), _closed(asked, "m")
    return built(call("inverse_modulo", a, m)) if a is not None and m is not None else None


def _divisors(asked: Asked) -> Understood:
    n = _closed(asked)
    if n is None:
        return None
    what = "list"
    if asked.says("how many|number of"):
        what = (
            "odd count"
            if asked.says(r"\bodd\b")
            else "even count"
            if asked.says(r"\beven\b")
            else "count"
        )
    elif asked.says("sum of"):
        what = "proper sum" if asked.says("proper") else "sum"
        if asked.says(r"\bodd\b|\beven\b"):
            what = "odd sum" if asked.says(r"\bodd\b") else "even sum"
            if asked.says("proper"):
                return None
    elif asked.says("proper"):
        return None
    if asked.says("prime|perfect|two-digit|multiples"):
        return None
    return built(call("divisors", n, what))


def _primes(asked: Asked) -> Understood:
    n = _closed(asked)
    if n is None:
        return None
    for pattern, what in (("how many|number of", "count"), ("sum of", "sum"), ("product of", "product"),
                          ("largest|greatest", "largest"), ("smallest|least", "smallest")):  # fmt: skip
        if asked.says(pattern):
            return built(call("primes_of", n, what))
    return built(call("primes_of", n, "list"))


def _base(asked: Asked) -> Understood:
    n, b = asked.match.get("n"), asked.match.get("b")
    if n is None or b is None or names(n) or not is_number(b):
        return None
    told = {t[2] for t in nodes(n) if t[0] == "in_base"}
    if "c" in asked.match:
        if told or not is_number(n):
            return None
        n = ("in_base", n, asked.match["c"])
    if asked.says("base") and b == ("10",):
        return built(call("simplify", n))
    return built(call("in_base", n, b))


NAMED: Final = {"binary": "2", "ternary": "3", "quinary": "5", "octal": "8", "decimal": "10",
                "duodecimal": "12", "hexadecimal": "16", "hex": "16"}  # fmt: skip
"""Bases that have names."""
BASE: Final = rf"(?:{'|'.join(NAMED)})"


def _named_base(asked: Asked) -> Understood:
    """`255 to binary`, `1011 from binary to decimal`: to a base by its name."""
    n, b = asked.match.get("n"), NAMED.get(asked.texts.get("w_b", ""))
    if n is None or b is None or names(n):
        return None
    source = NAMED.get(asked.texts.get("w_c", asked.texts.get("w_d", "")), None)
    told = any(t[0] == "in_base" for t in nodes(n))
    if source is not None:
        if told or not is_number(n) or not set(n[0]) <= set("0123456789"[: int(source)]):
            return None
        n = ("in_base", n, (source,))
    elif b == "10" and not told:
        return None
    if b == "10":
        return built(call("simplify", n))
    return built(call("in_base", n, (b,)))


def _multiples(asked: Asked) -> Understood:
    numbers = [t for t in asked.trees if is_number(t)]
    limit = asked.match.get("n")
    if limit is None or len(numbers) < 2 or len(numbers) != len(asked.trees):
        return None
    low = asked.match.get("a", ("1",))
    of = [t for k, t in enumerate(numbers) if t not in (limit, asked.match.get("a"))]
    if not of or asked.says(r"\bor\b|not|neither|exactly"):
        return None
    return built(call("multiples_up_to", limit, several(of), low))


def _last_digit(asked: Asked) -> Understood:
    n = _closed(asked)
    if n is None:
        return None
    return built(call("last_digit", n, "tens" if asked.says("tens") else "ones"))


def _zeros(asked: Asked) -> Understood:
    n = _closed(asked)
    if n is None:
        return None
    if n[0] == "factorial":
        return built(call("zeros_of_factorial", n[1]))
    return built(call("zeros_at_end", n))


WHAT: Final = r"(?:find|compute|calculate|determine|what is|what are|evaluate)"
INTENTS: Final = (
    Intent(name="greatest common divisor", asked=(r"(?:greatest|largest|highest) common (?:divisor|factor)|gcd of",), words="integers positive numbers of", read=_listed("gcd_of"), weight=1,
        examples=(("Find the greatest common divisor of 12 and 18.", "6"), ("gcd of 12, 18 and 27", "3"))),
    Intent(name="greatest common divisor changed", asked=(r"greatest common (?:factor|divisor) of {a} and {b} is (?:increased|decreased) by {k}",), words="result when", read=_gcd_changed, weight=3,
        examples=(("What is the result when the greatest common factor of 12 and 18 is increased by 1?", "7"),)),
    Intent(name="least common multiple", asked=(r"(?:least|lowest|smallest) common multiple|lcm of",), words="integers positive numbers of", read=_listed("lcm_of"), weight=1,
        examples=(("Find the least common multiple of 4 and 6.", "12"),)),
    Intent(name="remainder", asked=(
        r"remainder (?:when|of|if) (?:the )?(?:sum |product |number )?{n} (?:is )?divided by {m}",
        r"remainder of {n}", r"modulo {m} remainder of (?:the )?(?:sum |product )?{n}",
        r"{n} modulo {m}", r"(?:compute|find|evaluate|what is) {n} (?:\( )?mod(?:ulo)? {m}"),
        words="result", read=_residue, weight=2,
        examples=(("What is the remainder when 7^100 is divided by 5?", "1"),)),
    Intent(name="congruence", asked=(r"(?:find|what|solve|determine|which|smallest|least)(?: is| all| the| a)*(?: smallest| least| positive| unique)*(?: integers?| numbers?| values?| solutions?)*(?: {} | of {})?",),
        words="integer satisfies number satisfying congruence solution solutions smallest least positive unique range", read=_congruence,
        examples=((r"Solve $3x \equiv 1 \pmod{7}$.", "5"),)),
    Intent(name="congruent number", asked=(r"{n} (?:is )?congruent to {} (?:modulo|mod) {m}",), words="integer value", read=_congruent_to, weight=1,
        examples=(("If 100 is congruent to n modulo 7, what is the value of n?", "2"),)),
    Intent(name="inverse modulo", asked=(r"(?:multiplicative |modular )?inverse of {a} (?:\( )?(?:modulo|mod) {m}(?: in the range {})?",), words="range integer residue", read=_inverse, weight=3,
        examples=(("Find the multiplicative inverse of 3 modulo 7.", "5"),)),
    Intent(name="divisors", asked=(
        r"(?:how many|number of|sum of)(?: the| all| distinct| different| positive| whole-number| whole number| integer| integral| proper| odd| even| natural-number)* (?:divisors|factors)(?: (?:of|does|are there of))?(?: the (?:number|integer))? {n}",
        r"(?:all|the) (?:positive )?divisors of {n}"),
        words="have has does number integer list", read=_divisors, weight=2,
        examples=(("How many positive divisors does 12 have?", "6"), ("What is the sum of the positive divisors of 12?", "28"))),
    Intent(name="prime factors", asked=(
        r"(?:how many|number of|sum of|product of|largest|greatest|smallest|least|the)(?: the| all)*(?: distinct| different| positive)* prime (?:factors?|divisors?)(?: (?:of|does))?(?: the number)? {n}",),
        words="have has does distinct", read=_primes, weight=2,
        examples=(("What is the largest prime factor of 84?", "7"),)),
    Intent(name="number in a base", asked=(
        r"(?:express|write|convert|what is)(?: the)?(?: base[- ]{})?(?: number| quotient| product| sum| difference)? {n}(?: \( base {c} \))?(?: from base {c2})? (?:in|to|as a number in) base[- ]{b}",
        r"(?:compute|find|evaluate|what is|add|subtract|multiply)(?: the)?(?: sum| product| difference| quotient)?(?: of)? {n} \. (?:express|write|give) (?:your answer|the answer|the result|it)(?: as)?(?: a number)? in base[- ]{b}",
        r"(?:express|write|convert)(?: the)? (?:base[- ]{c3} )?number {n} (?:in|to) (?:base[- ]{b}|decimal)"),
        words="express answer base write number", read=_base, weight=3,
        examples=(("Express 555 in base 5.", "4210_5"),)),
    Intent(name="number in a named base", asked=(
        rf"(?:express|write|convert|change|what is|give)(?: the)?(?: (?P<w_c>{BASE}))?(?: number| integer)? {{n}}(?: from (?P<w_d>{BASE}))? (?:in|to|into|as)(?: an?)? (?P<w_b>{BASE})(?: form| notation| number| system| representation)?",
        rf"(?P<w_b>{BASE}) (?:form|representation|notation|expansion) of(?: the)?(?: (?P<w_c>{BASE}))?(?: number| integer)? {{n}}"),
        words="number base", read=_named_base, weight=3,
        examples=(("Convert 255 to binary.", "11111111_2"), ("Write the binary number 1011 in decimal.", "11"))),
    Intent(name="multiples in a range", asked=(
        r"how many (?:of the )?(?:first {n} )?(?:positive )?(?:integers|numbers|multiples)(?: between {a} and {n2}(?: inclusive)?)?(?: from {a2} to {n3})?(?: less than or equal to {n4})? (?:that )?(?:are )?divisible by",),
        words="inclusive both positive", read=_multiples, weight=3,
        examples=(("How many of the first 100 positive integers are divisible by 3 and 5?", "6"),)),
    Intent(name="last digit", asked=(r"(?:units|ones|unit's|unit|last|tens) digit of (?:the )?(?:product |sum |number )*{n}",), words="decimal representation", read=_last_digit, weight=2,
        examples=(("What is the units digit of 7^100?", "1"),)),
    Intent(name="zeros at the end", asked=(r"how many (?:trailing )?zero(?:e)?s (?:are )?(?:at the end of|does|does the number) {n}(?: \( {} factorial \))?(?: end (?:with|in))?",), words="trailing have reminder number product integers factorial", read=_zeros, weight=2,
        examples=(("How many zeroes are at the end of 42!?", "9"),)),
    Intent(name="sum of digits", asked=(r"sum of the digits (?:of|in) (?:the )?(?:number |decimal representation of |base {b} representation of )?{n}",), words="", read=_unary("digits", "sum"), weight=2,
        examples=(("What is the sum of the digits of 2^10?", "7"),)),
    Intent(name="digits that repeat", asked=(r"how many digits (?:repeat|are in the repeating block|are in the repetend)[a-z ]*(?:of )?(?:{n})?",), words="repeat decimal representation expansion block", read=_unary("repeating_digits"), weight=2,
        examples=(("How many digits are in the repeating block of 1/7?", "6"),)),
    Intent(name="primality", asked=(r"is {n} (?:a )?prime(?: number)?",), words="or composite not", read=_unary("is_prime"), weight=2,
        examples=(("Is 97 a prime number?", "prime"),)),
    Intent(name="Euler's totient", asked=(r"(?:totient|euler's (?:totient|phi)(?: function)?) of {n}|how many positive integers (?:less than|up to) {n2} are relatively prime to {}",), words="", read=_unary("totient"), weight=2,
        examples=(("Find the totient of 12.", "4"),)),
    Intent(name="greatest integer below", asked=(r"greatest integer less than {n}",), words="", read=_unary("floor_below"), weight=2,
        examples=(("Find the greatest integer less than sqrt(50).", "7"),)),
    Intent(name="arithmetic sum with dots", asked=(r"(?:compute|find|evaluate|what is|calculate)(?: the)?(?: value| sum)?(?: of)?(?: the)?(?: sum| arithmetic series)? {f}",), words="sum arithmetic series value", read=_dotted_sum, weight=1,
        examples=(("Compute 1 + 3 + 5 + ... + 99.", "2500"),)),
)  # fmt: skip
"""The rows."""
