"""Programs as lambda terms, so that the reducers of ``lambda_calculus`` run them, too.

Lists and numbers are those of Church. A token is the number that the alphabet gives it. All
primitives are total, so every program has a normal form at all arguments.

    append   \\a b c n. a c (b c n)            increment  \\n f x. f (n f x)
    head     \\l c n. l (\\x r. c x n) n        if_zero    \\m a b. m (\\u. b) a
    reverse  \\l c n. l (\\x k a. k (c x a)) (\\a. a) n
    iterate  \\m f a. m f a                    (f is a function of the state)

Source: Church 1941; Barendregt 1984, chapter 6 (decrement and tail, by Kleene's detour).
"""

from collections.abc import Mapping
from typing import Final

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.terms.encodings import encode
from abduce.symbolic.lambda_calculus.terms.parsing import parse
from abduce.symbolic.lambda_calculus.terms.terms import Term as LambdaTerm
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.terms import Term

LAMBDA: Final[Mapping[str, str]] = {
    "nil": r"\c n. n",
    "append": r"\a b c n. a c (b c n)",
    "head": r"\l c n. l (\x r. c x n) n",
    "tail": r"\l c n. l (\x t g. g x (t c)) (\t. n) (\x t. t)",
    "reverse": r"\l c n. l (\x k a. k (c x a)) (\a. a) n",
    "zero": r"\f x. x",
    "increment": r"\n f x. f (n f x)",
    "decrement": r"\n f x. n (\g h. h (g f)) (\u. x) (\u. u)",
    "if_zero": r"\m a b. m (\u. b) a",
    "iterate": r"\m f a. m f a",
}
"""The primitives as lambda terms."""


def to_lambda(
    program: Program,
    alphabet: Alphabet,
    own_word: str = "",
    primitives: Mapping[str, str] = LAMBDA,
) -> LambdaTerm:
    """The program as a closed lambda term, a function of its arguments one by one.

    Raises:
        InputError: a primitive of the program has no lambda term here.

    >>> from abduce.symbolic.lambda_calculus import application, decode, encode, normal_form
    >>> twice = Program(("append", ("variable", 0), ("variable", 0)), 1)
    >>> found = normal_form(application(to_lambda(twice, Alphabet()), encode([2, 1])))
    >>> decode(found.term, kind=list)
    [2, 1, 2, 1]
    """

    def number(n: int) -> str:
        return str(encode(n))

    def token(word: str) -> str:
        return rf"(\c n. c ({number(alphabet.number(word))}) n)"

    def of(term: Term, depth: int) -> str:
        match term[0]:
            case "variable":
                return f"x{term[1]}"
            case "state":
                return f"s{depth - 1 - term[1]}"
            case "number":
                return f"({number(term[1])})"
            case "token":
                return token(term[1])
            case "self":
                return token(own_word)
            case name:
                if name not in primitives:
                    raise InputError(f"the primitive {name!r}", tuple(primitives))
                binder = program.table[name].binder
                parts = [
                    rf"(\s{depth}. {of(part, depth + 1)})" if at == binder else of(part, depth)
                    for at, part in enumerate(term[1:])
                ]
                return f"({' '.join([f'({primitives[name]})', *parts])})"

    arguments = " ".join([f"x{i}" for i in range(program.arity)])
    body = of(program.term, 0)
    return parse(rf"\{arguments}. {body}" if arguments else body)
