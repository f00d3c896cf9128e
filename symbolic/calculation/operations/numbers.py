"""Operations of number theory, and of written numbers."""

import math
from typing import Any, Final

from abduce.symbolic.calculation.operations.operation import (
    ANSWER,
    EXPRESSION,
    WORD,
    Doubtful,
    Operation,
    Unanswered,
)
from abduce.symbolic.calculation.untyped import sp

LARGE: Final = 10**60


def whole(n: Any) -> int:
    """A whole number as an int."""
    n = sp.simplify(n) if not n.is_Integer else n
    if not n.is_Integer:
        raise Unanswered("The number is not whole.")
    if abs(n) > LARGE:
        raise Unanswered("The number is too large to be taken apart.")
    return int(n)


def natural(n: Any) -> int:
    """A whole number above 0 as an int."""
    found = whole(n)
    if found <= 0:
        raise Unanswered("The number is not positive.")
    return found


def gcd(numbers: Any) -> Any:
    """The greatest common divisor."""
    found = math.gcd(*[whole(n) for n in numbers])
    if found and any(n % found for n in numbers):
        raise Doubtful("it does not divide a number")
    return sp.Integer(found)


def lcm(numbers: Any) -> Any:
    """The least common multiple."""
    return sp.Integer(math.lcm(*[natural(n) for n in numbers]))


def residue(expression: Any, modulus: Any) -> Any:
    """The remainder of a whole expression by a modulus: powers are taken by squaring."""
    m = natural(modulus)

    def of(part: Any) -> int:
        if part.is_Integer:
            return int(part) % m
        if isinstance(part, sp.Add):
            return sum(of(a) for a in part.args) % m
        if isinstance(part, sp.Mul):
            found = 1
            for a in part.args:
                found = found * of(a) % m
            return found
        if isinstance(part, sp.Pow) and part.exp.is_Integer and part.exp >= 0:
            return pow(of(part.base), int(part.exp), m)
        if isinstance(part, sp.factorial) and part.args[0].is_Integer:
            return 0 if part.args[0] >= m else math.factorial(int(part.args[0])) % m
        if isinstance(part, sp.Sum):
            return of(part.doit())
        simple = sp.simplify(part)
        if simple.is_Integer:
            return int(simple) % m
        raise Unanswered("The expression is not whole.")

    return sp.Integer(of(expression))


def inverse_modulo(a: Any, modulus: Any) -> Any:
    """The multiplicative inverse."""
    one, m = whole(a), natural(modulus)
    if math.gcd(one, m) != 1:
        return "no inverse"
    found = pow(one, -1, m)
    if one * found % m != 1:
        raise Doubtful("the product does not leave 1")
    return sp.Integer(found)


def congruence(left: Any, right: Any, modulus: Any) -> Any:
    """All residues that satisfy a congruence with one unknown."""
    m = natural(modulus)
    names = sorted((left - right).free_symbols, key=str)
    if len(names) != 1 or m > 100_000:
        raise Unanswered("One unknown and a modulus up to 100,000 were expected.")
    poly = sp.Poly(left - right, names[0])
    coefficients = [int(c) for c in poly.all_coeffs()]
    if any(not c.is_Integer for c in poly.all_coeffs()):
        raise Unanswered("The coefficients are not whole.")

    def at(x: int) -> int:
        value = 0
        for c in coefficients:
            value = (value * x + c) % m
        return value

    return [sp.Integer(x) for x in range(m) if at(x) == 0] or "no solution"


def congruences(rests: Any, moduli: Any) -> Any:
    """The least number from 0 with given rests.

    Source: Gauss 1801, Disquisitiones Arithmeticae, article 36 (the Chinese remainder theorem).
    """
    from sympy.ntheory.modular import solve_congruence

    found = solve_congruence(*[(whole(r), natural(m)) for r, m in zip(rests, moduli, strict=True)])
    return "no solution" if found is None else sp.Integer(found[0])


def divisors(n: Any, what: str) -> Any:
    """The divisors of a number, how many, or their sum."""
    found = sp.divisors(natural(n))
    match what:
        case "count":
            return sp.Integer(len(found))
        case "sum":
            return sp.Integer(sum(found))
        case "proper sum":
            return sp.Integer(sum(found[:-1]))
        case "odd sum":
            return sp.Integer(sum(d for d in found if d % 2))
        case "even sum":
            return sp.Integer(sum(d for d in found if d % 2 == 0))
        case "odd count":
            return sp.Integer(sum(d % 2 for d in found))
        case "even count":
            return sp.Integer(sum(1 - d % 2 for d in found))
        case _:
            return [sp.Integer(d) for d in found]


def primes_of(n: Any, what: str) -> Any:
    """The distinct primes of a number, how many, their sum, the largest or smallest."""
    found = sorted(sp.factorint(natural(n)))
    if not found:
        raise Unanswered("The number has no prime factor.")
    match what:
        case "count":
            return sp.Integer(len(found))
        case "sum":
            return sp.Integer(sum(found))
        case "largest":
            return sp.Integer(found[-1])
        case "smallest":
            return sp.Integer(found[0])
        case "product":
            return sp.Integer(math.prod(found))
        case _:
            return [sp.Integer(p) for p in found]


def in_base(n: Any, base: Any) -> Any:
    """A number written in a base."""
    value, b = whole(n), natural(base)
    if not 2 <= b <= 36:
        raise Unanswered("The base must lie from 2 to 36.")
    digits = []
    left = abs(value)
    while left:
        left, digit = divmod(left, b)
        digits.append("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit])
    text = "".join(reversed(digits)) or "0"
    if int(text, b) != abs(value):
        raise Doubtful("reading it back gives another number")
    return f"{'-' if value < 0 else ''}{text}_{b}"


def zeros_at_end(n: Any) -> Any:
    """How many zeros a number ends in; of a factorial by counting fives."""
    if isinstance(n, sp.factorial):
        left, count = int(n.args[0]), 0
        while left:
            left //= 5
            count += left
        return sp.Integer(count)
    value = natural(n)
    text = str(value)
    return sp.Integer(len(text) - len(text.rstrip("0")))


def zeros_of_factorial(n: Any) -> Any:
    """How many zeros n! ends in, by counting fives."""
    return zeros_at_end(sp.factorial(n, evaluate=False))


def last_digit(expression: Any, place: str) -> Any:
    """The ones digit, or the tens digit, of a whole number."""
    if place == "ones":
        return residue(expression, sp.Integer(10))
    return sp.Integer(int(residue(expression, sp.Integer(100))) // 10)


def digits(n: Any, what: str) -> Any:
    """The sum or the number of the digits."""
    text = str(abs(whole(n)))
    return sp.Integer(sum(map(int, text)) if what == "sum" else len(text))


def repeating_digits(fraction: Any) -> Any:
    """How many digits repeat in a decimal."""
    q = sp.nsimplify(fraction).q
    for p in (2, 5):
        while q % p == 0:
            q //= p
    return sp.Integer(0 if q == 1 else sp.n_order(10, q))


def is_prime(n: Any) -> str:
    """Whether a number is prime."""
    return "prime" if sp.isprime(natural(n)) else "not prime"


def totient(n: Any) -> Any:
    """Euler's totient."""
    return sp.totient(natural(n))


def multiples_up_to(limit: Any, of: Any, low: Any) -> Any:
    """How many whole numbers from low to limit all of some numbers divide."""
    step = math.lcm(*[natural(n) for n in of])
    return sp.Integer(whole(limit) // step - (whole(low) - 1) // step)


def floor_below(expression: Any) -> Any:
    """The greatest whole number below a number that is not whole."""
    return sp.ceiling(expression) - 1


def nth_prime(n: Any) -> Any:
    """The n-th prime."""
    if natural(n) > 10_000:
        raise Unanswered("The number is too large.")
    return sp.Integer(sp.prime(int(n)))


N_: Final = (EXPRESSION,)
TABLE: Final = {
    "gcd_of": Operation(arguments=("matrix",), result=EXPRESSION, run=gcd,
        about="The greatest common divisor of {0} is {answer}."),
    "lcm_of": Operation(arguments=("matrix",), result=EXPRESSION, run=lcm,
        about="The least common multiple of {0} is {answer}."),
    "residue": Operation(arguments=(EXPRESSION, EXPRESSION), result=EXPRESSION, run=residue,
        about="{0} leaves {answer} modulo {1}."),
    "inverse_modulo": Operation(arguments=(EXPRESSION, EXPRESSION), result=ANSWER,
        run=inverse_modulo, about="The inverse of {0} modulo {1} is {answer}."),
    "congruence": Operation(arguments=(EXPRESSION, EXPRESSION, EXPRESSION), result=ANSWER,
        run=congruence, about="{0} = {1} modulo {2} for {answer}."),
    "congruences": Operation(arguments=("matrix", "matrix"), result=ANSWER, run=congruences,
        about="The least number with rests {0} modulo {1} is {answer}."),
    "divisors": Operation(arguments=(EXPRESSION, WORD), result=ANSWER, run=divisors,
        about="The divisors of {0} ({1}): {answer}."),
    "primes_of": Operation(arguments=(EXPRESSION, WORD), result=ANSWER, run=primes_of,
        about="The prime factors of {0} ({1}): {answer}."),
    "in_base": Operation(arguments=(EXPRESSION, EXPRESSION), result=ANSWER, run=in_base,
        about="{0} in base {1} is {answer}."),
    "zeros_at_end": Operation(arguments=N_, result=EXPRESSION, run=zeros_at_end,
        about="{0} ends in {answer} zeros."),
    "zeros_of_factorial": Operation(arguments=N_, result=EXPRESSION, run=zeros_of_factorial,
        about="{0}! ends in {answer} zeros."),
    "last_digit": Operation(arguments=(EXPRESSION, WORD), result=EXPRESSION, run=last_digit,
        about="The {1} digit of {0} is {answer}."),
    "digits": Operation(arguments=(EXPRESSION, WORD), result=EXPRESSION, run=digits,
        about="The {1} of the digits of {0} is {answer}."),
    "repeating_digits": Operation(arguments=N_, result=EXPRESSION, run=repeating_digits,
        about="In the decimal of {0}, {answer} digits repeat."),
    "is_prime": Operation(arguments=N_, result=ANSWER, run=is_prime, about="{0} is {answer}."),
    "totient": Operation(arguments=N_, result=EXPRESSION, run=totient,
        about="{answer} numbers up to {0} have no factor in common with it."),
    "multiples_up_to": Operation(arguments=(EXPRESSION, "matrix", EXPRESSION), result=EXPRESSION,
        run=multiples_up_to, about="{answer} numbers from {2} to {0} are divisible by all of {1}."),
    "floor_below": Operation(arguments=N_, result=EXPRESSION, run=floor_below,
        about="The greatest whole number below {0} is {answer}."),
    "nth_prime": Operation(arguments=N_, result=EXPRESSION, run=nth_prime,
        about="Prime number {0} is {answer}."),
}  # fmt: skip
"""Operations by name."""
