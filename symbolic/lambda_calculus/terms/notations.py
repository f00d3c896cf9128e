"""Terms as de Bruijn text and as the token strings that sequence models read.

Source: de Bruijn 1972; Flach, Moreira and Lamb 2023, Towards a Neural Lambda Calculus, section 3
(tokens: `@` for an application, `l` for an abstraction).
"""

from collections.abc import Sequence
from typing import Literal

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.terms.codes import (
    ABSTRACTION,
    APPLICATION,
    BOUND,
    view,
    with_depths,
)
from abduce.symbolic.lambda_calculus.terms.deadline import within
from abduce.symbolic.lambda_calculus.terms.layout import NAME, SUGAR, Names, text_of
from abduce.symbolic.lambda_calculus.terms.parsing import parse
from abduce.symbolic.lambda_calculus.terms.terms import Term, canonical

Notation = Literal["names", "de-bruijn", "tokens"]

APPLY, BIND = "@", "l"


def de_bruijn(term: Term, *, deadline: float | None = None) -> str:
    """The text with indices, counted from 0, in the place of bound variables.

    Raises:
        OutOfTime: the deadline has passed.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> de_bruijn(parse("\\\\f x. f (f y)"))
    '\\\\ \\\\ 1 (1 y)'
    """
    return text_of(term.codes, term.free, term.binders, indices=True, deadline=deadline)


def from_de_bruijn(text: str) -> Term:
    """The term of a de Bruijn text.

    Raises:
        InputError: no such text, or an index without a binder.
    """
    return parse(text, indices=True)


def tokens(term: Term, *, named: bool = False, deadline: float | None = None) -> list[str]:
    """The tokens of a term in prefix order, one for each node.

    Args:
        named: bound variables by name, not by index; a name follows each abstraction then.

    Raises:
        InputError: a free variable is named as the token for abstractions is.
        OutOfTime: the deadline has passed.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> " ".join(tokens(parse("\\\\f x. f y"))), " ".join(tokens(parse("\\\\f x. f y"), named=True))
    ('l l @ 1 y', 'l f l x @ f y')
    """
    codes, free = term.codes, term.free
    if BIND in free:
        raise InputError(
            f"the free variable {BIND!r}", ("another name",), advice="It is a token of its own."
        )
    if not named:
        constants = {APPLICATION: APPLY, ABSTRACTION: BIND}
        constants |= {~number: name for number, name in enumerate(free)}
        known = within(codes, deadline)
        return [constants.get(code) or str(code - BOUND) for code in known]
    found: list[str] = []
    names = Names((*free, BIND))
    binders = iter(term.binders)
    for code, depth in with_depths(within(codes, deadline)):
        while len(names.active) > depth:
            names.leave()
        if code == APPLICATION:
            found.append(APPLY)
        elif code == ABSTRACTION:
            found += (BIND, names.enter(next(binders)))
        else:
            found.append(free[~code] if code < 0 else names.active[depth - 1 - (code - BOUND)])
    return found


def from_tokens(words: Sequence[str], *, named: bool = False) -> Term:
    """The term of a sequence of tokens; a name that nothing binds is a free variable.

    Raises:
        InputError: too few tokens or too many, an index without a binder, or no token at all.
    """
    codes: list[int] = []
    binders: list[str] = []
    free: dict[str, int] = {}
    scope: dict[str, list[int]] = {}
    around: list[str] = []
    depths = [0]
    place = 0
    while depths:
        if place >= len(words):
            raise InputError(f"the end after {place} tokens", ("another token",))
        word, depth = words[place], depths.pop()
        place += 1
        while len(around) > depth:
            scope[around.pop()].pop()
        if word == APPLY:
            depths += (depth, depth)
            codes.append(APPLICATION)
        elif word == BIND:
            name = "x"
            if named:
                name = words[place] if place < len(words) else ""
                place += 1
                if not NAME.fullmatch(name):
                    raise _wrong(place, name, "the name of a variable")
            depths.append(depth + 1)
            codes.append(ABSTRACTION)
            binders.append(name)
            scope.setdefault(name, []).append(depth)
            around.append(name)
        elif named and scope.get(word):
            codes.append(BOUND + depth - 1 - scope[word][-1])
        elif word.isdecimal() and word.isascii() and not named:
            if len(word) > 9 or int(word) >= depth:
                raise _wrong(place, word, f"an index below {depth}")
            codes.append(BOUND + int(word))
        elif NAME.fullmatch(word) and word not in SUGAR:
            codes.append(~free.setdefault(word, len(free)))
        else:
            raise _wrong(place, word, f"'{APPLY}', '{BIND}' or a variable")
    if place < len(words):
        raise _wrong(place + 1, words[place], "the end")
    return canonical(codes, tuple(free), binders)


def _wrong(place: int, word: str, expected: str) -> InputError:
    return InputError(f"{word!r} as token {place}", (expected,))


def written(term: Term, notation: Notation | None, deadline: float | None = None) -> str:
    """A term as text, with names unless another notation is asked for.

    Raises:
        OutOfTime: the deadline has passed.
    """
    if notation == "tokens":
        return " ".join(tokens(term, deadline=deadline))
    indices = notation == "de-bruijn"
    return text_of(view(term.code), term.free, term.binders, indices=indices, deadline=deadline)
