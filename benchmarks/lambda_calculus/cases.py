"""The terms of `abduce bench lambda`, and their normal forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from abduce.symbolic.lambda_calculus import Term, parse

DEFINITIONS = r"""
mul = \m n f. m (n f)
succ = \n f x. f (n f x)
pred = \n f x. n (\g h. h (g f)) (\u. x) (\u. u)
is_zero = \n. n (\x. false) true
pair = \a b s. s a b
Y = \f. (\x. f (x x)) (\x. f (x x))
I = \x. x
K = \x y. x
omega = \x. x x
ack = \m. m (\g n. n g (g 1)) succ
step = \p. pair (succ (p true)) (mul (p true) (p false))
fact = \n. n step (pair 1 1) false
recursive = Y (\r n. is_zero n 1 (mul n (r (pred n))))
"""

DEEP = 1_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """A term and what is expected of it.

    Attributes:
        term: made when it is wanted.
        expected: its normal form, or None where it has none.
        fuel: the most beta steps.
        peers: whether the other packages are tried on it.
        plain: whether the plain engine is.
    """

    term: Callable[[], Term]
    expected: Callable[[], Term] | None
    fuel: int = 10_000_000
    peers: bool = False
    plain: bool = True


def _written(text: str, value: str | int, **options: bool) -> Case:
    return Case(lambda: parse(DEFINITIONS + text), lambda: parse(str(value)), **options)


def _deep(codes: Callable[[], list[int]], expected: str = "") -> Case:
    def term() -> Term:
        return Term.of(codes(), ("x", "y"))

    return Case(term, (lambda: parse(expected)) if expected else term)


def _nested(count: int) -> str:
    return "I (" * count + "x" + ")" * count


CASES: Mapping[str, Case] = MappingProxyType(
    {
        "2^10": _written("10 2", 2**10, peers=True),
        "2^16": _written("16 2", 2**16),
        "2^20": _written("20 2", 2**20),
        "5*5*5": _written("mul (mul 5 5) 5", 125, peers=True),
        "fact 5": _written("fact 5", 120, peers=True),
        "fact 7": _written("fact 7", 5040),
        "ack 2 3": _written("ack 2 3", 9, peers=True),
        "ack 3 3": _written("ack 3 3", 61, peers=True),
        "ack 3 8": _written("ack 3 8", 2045, plain=False),
        "Y fact 4": _written("recursive 4", 24, peers=True),
        "HVM issue 44": _written(
            r"(\a. a (\b. (\c d. b (c d)) a)) (\e. e e)", r"\x y. x x (y y)", peers=True
        ),
        "K I Omega": _written("K I (omega omega)", r"\x. x", peers=True),
        "Omega, fuel 10^6": Case(lambda: parse(DEFINITIONS + "omega omega"), None, fuel=1_000_000),
        "I (I ...) 200 deep": _written(_nested(200), "x", peers=True),
        "I (I ...) 1,000 deep": _written(_nested(1000), "x", peers=True),
        "left spine, 10^6 deep": _deep(lambda: [0] * DEEP + [-1] + [-2] * DEEP),
        "right spine, 10^6 deep": _deep(lambda: [0, -1] * DEEP + [-2]),
        "nested identity, 10^6 deep": _deep(lambda: [0, 1, 2] * DEEP + [-1], "x"),
    }
)
