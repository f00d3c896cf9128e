"""PCFG SET: nested functions on strings of letters, such as "append reverse A1 B2 , C3".

Source: Hupkes et al. 2020, Compositionality decomposed, section 4 and Table 1. The grammar is the
language of all such expressions; the authors' samples also keep strings to 2-5 letters and use no
letter twice in a sentence.
"""

from functools import cache
from pathlib import Path
from types import MappingProxyType

from abduce.grammars.folding import Algebra
from abduce.grammars.languages.language import Language
from abduce.grammars.reading import read_file

Letters = tuple[str, ...]


def swap_first_last(xs: Letters) -> Letters:
    """The string with its ends exchanged.

    >>> swap_first_last(("A1", "B2", "C3"))
    ('C3', 'B2', 'A1')
    """
    return xs if len(xs) < 2 else (xs[-1], *xs[1:-1], xs[0])


OPERATIONS: Algebra = MappingProxyType(
    {
        "letter": lambda x: (x,),
        "more": lambda xs, x: (*xs, x),
        "string": lambda xs: xs,
        "copy": lambda xs: xs,
        "reverse": lambda xs: xs[::-1],
        "shift": lambda xs: xs[1:] + xs[:1],
        "echo": lambda xs: xs + xs[-1:],
        "swap_first_last": swap_first_last,
        "repeat": lambda xs: xs + xs,
        "append": lambda xs, ys: xs + ys,
        "prepend": lambda xs, ys: ys + xs,
        "remove_first": lambda xs, ys: ys,
        "remove_second": lambda xs, ys: xs,
    }
)


@cache
def language() -> Language:
    """The expressions and the strings they stand for.

    >>> language().value("append reverse A1 B2 , C3")
    ('B2', 'A1', 'C3')
    """
    grammar = read_file(Path(__file__).parent / "pcfg_set.lark")
    letters = {rule.name: (lambda letter=rule.name: letter) for rule in grammar.rules("LETTER")}
    return Language("pcfg_set", grammar, MappingProxyType({**OPERATIONS, **letters}))
