"""What Hypothesis draws for more than one test module: programs, lexicons and their sentences."""

from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

from abduce.symbolic.nsr.deduction.syntax import (
    ARITIES,
    JUXTAPOSITION,
    PAIRED,
    Category,
    Meaning,
    Reach,
    Reading,
    Sign,
)
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST
from abduce.symbolic.programs.typed.terms import Term

TOKENS: Final = ("p", "q", "r")
"""Constant tokens of drawn programs."""
OWN_WORD: Final = "own"
WORDS: Final = "abcdef"
PARTNERS: Final = "st"
UNPAIRED: Final = [c for c in Category if c not in (Category.PARTNER, *PAIRED)]
LEVELS: Final = (10.0, 20.0, 30.0)


@st.composite
def programs(
    draw: st.DrawFn,
    kind: str,
    arguments: Sequence[str],
    states: tuple[str, ...] = (),
    size: int = 4,
) -> Term:
    """A well-typed term; ``states`` are the kinds of the iterations around it, innermost first."""
    leaves: list[Term] = [("nil",), ("self",)] if kind == LIST else [("zero",)]
    leaves += [("variable", i) for i, k in enumerate(arguments) if k == kind]
    leaves += [("state", i) for i, k in enumerate(states) if k == kind]
    if kind == LIST:
        leaves += [("token", token) for token in TOKENS]
    if size <= 1 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(leaves))

    def sub(kind: str, states: tuple[str, ...] = states) -> Term:
        return draw(programs(kind, arguments, states, size - 1))

    names = ["append", "head", "tail", "reverse"] if kind == LIST else ["increment", "decrement"]
    match draw(st.sampled_from([*names, "if_zero", "iterate"])):
        case "append":
            return ("append", sub(LIST), sub(LIST))
        case "if_zero":
            return ("if_zero", sub(INTEGER), sub(kind), sub(kind))
        case "iterate":
            return ("iterate", sub(INTEGER), sub(kind, (kind, *states)), sub(kind))
        case name:
            return (name, sub(kind))


def meaning(word: str, category: Category) -> Meaning:
    """A meaning that keeps the whole derivation visible in its value."""
    if not ARITIES.get(category):
        return word
    return lambda *operands: f"({' '.join([word or '·', *map(str, operands)])})"


def readings(word: str, categories: Sequence[Category]) -> st.SearchStrategy[Reading]:
    """A reading whose value shows the tree, with one of three levels and any reach."""

    def made(category: Category, level: float, reach: Reach, partner: str) -> Reading:
        sign = Sign(category, level, reach, partner)
        return Reading.of(sign, meaning(word, category))

    partnered = {Category.MIXFIX, Category.CIRCUMFIX}
    return st.sampled_from(categories).flatmap(
        lambda category: st.builds(
            made,
            st.just(category),
            st.sampled_from(LEVELS),
            st.sampled_from(Reach),
            st.sampled_from(PARTNERS) if category in partnered else st.just(""),
        )
    )


@st.composite
def lexicons(draw: st.DrawFn) -> dict[str, Reading]:
    """One reading for each of the words. Two phrases side by side have a meaning, or belong to a
    word of Polish or of reverse Polish notation, or are nothing."""
    beside = draw(st.sampled_from((None, Category.INFIX, *PAIRED)))
    content = [*UNPAIRED, *([beside] if beside in PAIRED else [])]
    found = {"a": draw(readings("a", [Category.NULLARY]))}
    found |= {word: draw(readings(word, content)) for word in WORDS[1:]}
    partner_like = [Category.PARTNER] * 4 + [Category.NULLARY, Category.INFIX]
    found |= {word: draw(readings(word, partner_like)) for word in PARTNERS}
    if beside is Category.INFIX:
        found[JUXTAPOSITION] = draw(readings(JUXTAPOSITION, [Category.INFIX]))
    return found


@st.composite
def sentences(draw: st.DrawFn, lexicon: dict[str, Reading], most: int = 9) -> list[str]:
    """Mostly sentences that the categories admit, sometimes any words at all."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.lists(st.sampled_from(WORDS + PARTNERS), max_size=most))
    nullary = [w for w in WORDS if lexicon[w].category is Category.NULLARY]
    todo: list[str | None] = [None]  # None stands for a phrase yet to be drawn
    words: list[str] = []
    while todo:
        word = todo.pop()
        if word is None:
            full = len(words) + len(todo) >= most
            word = draw(st.sampled_from(nullary if full else WORDS))
            if JUXTAPOSITION in lexicon and not full and draw(st.integers(0, 3)) == 0:
                todo += [None, None]
                continue
            reading = lexicon[word]
            frames: dict[Category, list[str | None]] = {
                Category.NULLARY: [word],
                Category.POSTFIX: [None, word],
                Category.INFIX: [None, word, None],
                Category.PREFIX: [word, None],
                Category.MIXFIX: [word, None, reading.partner, None],
                Category.CIRCUMFIX: [word, None, reading.partner],
                Category.POLISH: [word, None, None],
                Category.REVERSE_POLISH: [None, None, word],
            }
            frame = frames[reading.category]
            if frame[0] is None or len(frame) == 1:
                todo += frame[::-1] if len(frame) > 1 else []
                words += [word] if len(frame) == 1 else []
                continue
            todo += frame[:0:-1]
        words.append(word)
    return words


@st.composite
def lexicons_and_sentences(draw: st.DrawFn, most: int = 9) -> tuple[dict[str, Reading], list[str]]:
    lexicon = draw(lexicons())
    return lexicon, draw(sentences(lexicon, most))
