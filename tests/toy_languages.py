"""Small languages whose true lexicon is known: drawn ones, and a few written by hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from hypothesis import strategies as st

from abduce.symbolic.nsr import Lexicon
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, NULLARY, Category, Sign
from abduce.symbolic.nsr.hypothesis import Entry, World
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.terms import Term, concat, variable

Pair = tuple[tuple[str, ...], tuple[str, ...]]
NOUNS: Final = ("dax", "lug", "wif")
OPERATORS: Final = ("fep", "kiki")
TOKENS: Final[tuple[str, ...]] = ("RED", "BLUE", "GREEN")
LEVELS: Final = (10.0, 20.0, 30.0)


def program(variables: str) -> Term:
    """Arguments side by side, as ``yx`` or ``xxx``."""
    return concat([variable("xy".index(name)) for name in variables])


PROGRAMS: Final[Mapping[Category, tuple[Term, ...]]] = {
    Category.POSTFIX: (*map(program, ("xx", "xxx", "xxxx")), ("reverse", variable(0))),
    Category.INFIX: tuple(map(program, ("xy", "yx", "xyx", "yxy", "xxy", "yxx", "xyy", "yxyx"))),
}


def lexicon(entries: Mapping[str, Entry]) -> Lexicon:
    """A lexicon that nobody learned."""
    words = [w for w in entries if w]
    world = World(Alphabet(), 1, dict.fromkeys(words, 1))
    return Lexicon(entries, False, (), frozenset(words), 0.5, {}, world)


def language(operators: Mapping[str, tuple[Category, float, str]], nouns: int = 2) -> Lexicon:
    """Nouns, operators (category, level, program) and juxtaposition, which concatenates."""
    entries = {w: Entry(NULLARY, ("token", t)) for w, t in list(zip(NOUNS, TOKENS))[:nouns]}  # noqa: B905
    for word, (category, level, text) in operators.items():
        entries[word] = Entry(Sign(category, level), program(text))
    entries.setdefault(JUXTAPOSITION, Entry(Sign(Category.INFIX, 20.0), program("xy")))
    return lexicon(entries)


@st.composite
def languages(draw: st.DrawFn) -> Lexicon:
    """Two or three nouns, one or two operators, and juxtaposition."""
    nouns = draw(st.integers(2, 3))
    entries = {w: Entry(NULLARY, ("token", t)) for w, t in zip(NOUNS, TOKENS, strict=True)}
    entries = dict(list(entries.items())[:nouns])
    for word in OPERATORS[: draw(st.integers(1, 2))]:
        category = draw(st.sampled_from((Category.POSTFIX, Category.INFIX)))
        term = draw(st.sampled_from(PROGRAMS[category]))
        entries[word] = Entry(Sign(category, draw(st.sampled_from(LEVELS))), term)
    entries[JUXTAPOSITION] = Entry(
        Sign(Category.INFIX, draw(st.sampled_from(LEVELS))), program("xy")
    )
    return lexicon(entries)


def pairs_of(teacher: Lexicon, lengths: Iterable[int]) -> Iterator[Pair]:
    """All sentences of these lengths that have a value, with it."""
    for length in lengths:
        for words in product(sorted(teacher.vocabulary), repeat=length):
            value = teacher.answer(words).value
            if value is not None:
                yield words, value


def renamed(pairs: Sequence[Pair], words: Mapping[str, str], tokens: Mapping[str, str]) -> list:
    return [(tuple(words[w] for w in s), tuple(tokens[t] for t in v)) for s, v in pairs]


COMMANDS: Final[tuple[tuple[str, str], ...]] = (
    ("jump", "JUMP"),
    ("walk", "WALK"),
    ("left", "LEFT"),
    ("right", "RIGHT"),
    ("jump left", "LEFT JUMP"),
    ("walk right", "RIGHT WALK"),
    ("walk left", "LEFT WALK"),
    ("jump twice", "JUMP JUMP"),
    ("walk left twice", "LEFT WALK LEFT WALK"),
    ("jump right twice", "RIGHT JUMP RIGHT JUMP"),
    ("jump around left", "LEFT JUMP LEFT JUMP LEFT JUMP LEFT JUMP"),
    ("walk around right", "RIGHT WALK RIGHT WALK RIGHT WALK RIGHT WALK"),
)
"""A dozen commands in the manner of SCAN."""
TREE: Final = """\
jump around left twice  ->  {eight}    [twice: x x]
└─ jump around left  ->  {four}    [around: (y x)^4]
   ├─ jump  ->  JUMP    [jump: 'JUMP']
   └─ left  ->  LEFT    [left: 'LEFT']""".format(
    eight=" ".join(["LEFT JUMP"] * 8), four=" ".join(["LEFT JUMP"] * 4)
)
"""What explains ``jump around left twice`` after these."""
