"""Edits: how one sentence may depart from a lexicon in perception, in syntax and in meaning.

    Misread     perception   the word at a position is read as another symbol of the lexicon
    Rebound     syntax       the words combine by a derivation against the binding levels
    Redefined   meaning      a word has another program (a word without an entry, also a sign)

A *revision* is a sequence of edits with their bits; ``applied`` says what it makes of a sentence.
Positions count from 0.

Source: Li et al. 2024, NSR, section 3.3: a revision of a grounded symbol system's parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    Category,
    Reading,
    Step,
    evaluate,
    parse,
    types,
)
from abduce.symbolic.nsr.files.lexicon_data import entry_data
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY, Entry
from abduce.symbolic.nsr.lexicon import Lexicon, pattern
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import Term, show

Steps = tuple[tuple[int, int], ...]
"""A derivation in reverse Polish order without its meanings: (arity, index of the word, or -1)."""


@dataclass(frozen=True, slots=True)
class Misread:
    """The word at this position is read as another symbol."""

    position: int
    word: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Rebound:
    """The words combine as in ``brackets``: ``violations`` operands bind against the levels."""

    violations: int
    steps: Steps
    brackets: str


@dataclass(frozen=True, slots=True)
class Redefined:
    """A word has another entry; ``old`` is None for a word that had none."""

    word: str
    old: Entry | None
    new: Entry


Edit = Misread | Rebound | Redefined


@dataclass(frozen=True, slots=True)
class Revision:
    """Edits under which a lexicon gives a target; no edits if it gives the target as it is.

    Attributes:
        bits: the sum over the edits, of the costs stated in ``repertoire``.
        derivation: the tree of the revised sentence, with its values.
        smallest: whether all smaller ones that ``revision`` searches were ruled out.
    """

    edits: tuple[Edit, ...]
    bits: float
    derivation: str
    smallest: bool = True

    def show(self) -> str:
        """The edits in plain words, one on each line."""
        if not self.edits:
            return "nothing to revise"
        doubt = "" if self.smallest else "; smaller ones were not ruled out"
        return "\n".join([*map(_shown, self.edits), f"({self.bits:.1f} bits{doubt})"])

    def to_json(self) -> dict[str, Any]:
        """The revision as plain data."""
        edits = [_edit_json(edit) for edit in self.edits]
        summary = {"bits": round(self.bits, 3), "smallest": self.smallest}
        return {**summary, "edits": edits, "derivation": self.derivation}


def applied(
    lexicon: Lexicon, sentence: str | Sequence[str], edits: Sequence[Edit]
) -> tuple[str, ...] | None:
    """The output tokens of a sentence under these edits; None where they give it no value.

    >>> from abduce.symbolic.nsr.learn import learn
    >>> lexicon = learn([("dax", "RED"), ("lug", "BLUE")])
    >>> applied(lexicon, "dax", [Misread(0, "dax", "lug")])
    ('BLUE',)
    """
    words = tuple(sentence.split() if isinstance(sentence, str) else sentence)
    steps: Steps | None = None
    changes: dict[str, Entry] = {}
    for edit in edits:
        match edit:
            case Misread(position, _, symbol):
                words = (*words[:position], symbol, *words[position + 1 :])
            case Rebound(_, steps, _):
                pass
            case Redefined(word, _, new):
                changes[word] = new
            case other:
                assert_never(other)
    code = code_of(words, readings_of(lexicon, words, changes), steps)
    return None if code is None else tokens_of(lexicon, code)


def readings_of(
    lexicon: Lexicon, words: Sequence[str], changes: Mapping[str, Entry]
) -> dict[str, Reading]:
    """The readings of the words of a sentence when some have other entries; unknown words have
    none."""
    known = lexicon.readings
    wanted = dict.fromkeys((*words, JUXTAPOSITION))
    readings = {w: known[w] for w in wanted if w in known}
    if lexicon.open_class:
        unknown = [w for w in wanted if w and w not in known]
        readings |= {w: lexicon.world.reading(w, SELF_ENTRY) for w in unknown}
    return readings | {w: lexicon.world.reading(w, e) for w, e in changes.items()}


def code_of(
    words: Sequence[str], readings: Mapping[str, Reading], steps: Steps | None
) -> list[Step] | None:
    """The derivation with these steps; without steps, the one that the binding levels allow, if
    any."""
    try:
        if steps is None:
            return parse(words, readings)
        names = [words[i] if i >= 0 else JUXTAPOSITION for _, i in steps]
        code = [(n, readings[w].meaning, i) for w, (n, i) in zip(names, steps, strict=True)]
        return code if types(code, words, readings) else None
    except KeyError:
        return None


def tokens_of(lexicon: Lexicon, code: Sequence[Step]) -> tuple[str, ...] | None:
    """The value of a derivation as output tokens, or None without a value."""
    try:
        value: Value = evaluate(code)
    except TooLargeError:
        return None
    return lexicon.world.alphabet.decode(value) if isinstance(value, str) else (str(value),)


def drawn(
    lexicon: Lexicon, words: Sequence[str], code: Sequence[Step], changes: Mapping[str, Entry]
) -> str:
    """The tree of a derivation under changed entries."""
    return replace(lexicon, entries={**lexicon.entries, **changes}, rivals=()).draw(words, code)


def bracketed(words: Sequence[str], steps: Steps, readings: Mapping[str, Reading]) -> str:
    """The sentence with brackets around every phrase, except single words and the whole."""
    opened, closed = [0] * len(words), [0] * len(words)
    stack: list[tuple[int, int]] = []
    for arity, index in steps:
        spots = [i for span in stack[len(stack) - arity :] for i in span] if arity else []
        spots += [index] if index >= 0 else []
        del stack[len(stack) - arity :]
        first, last = min(spots), max(spots)
        if index >= 0 and readings[words[index]].category is Category.CIRCUMFIX:
            last += 1  # the closing word
        elif arity and last - first + 1 < len(words):
            opened[first] += 1
            closed[last] += 1
        stack.append((first, last))
    parts = zip(opened, words, closed, strict=True)
    return " ".join(["(" * before + word + ")" * after for before, word, after in parts])


_SIDE_BY_SIDE: Final = "two phrases side by side"


def _shown(edit: Edit) -> str:
    match edit:
        case Misread(position, word, symbol):
            return f"word {position + 1}, {word!r}, is read as {symbol!r}"
        case Rebound(violations, _, brackets):
            times = "once" if violations == 1 else f"{violations} times"
            return f"the words combine as {brackets}, against their binding {times}"
        case Redefined(word, old, new):
            name = repr(word) if word else _SIDE_BY_SIDE
            verb = "means" if word else "mean"
            before = "" if old is None else f", not {_meaning(old.term)}"
            how = f" in {pattern(word, new.sign)}" if new.sign.arity else ""
            return f"{name}{how} {verb} {_meaning(new.term)}{before}"
        case other:
            assert_never(other)


def _meaning(term: Term) -> str:
    """A program as text; the empty list is `nothing`."""
    return "nothing" if term == ("nil",) else show(term)


def _edit_json(edit: Edit) -> dict[str, Any]:
    match edit:
        case Misread(position, word, symbol):
            return {"kind": "misread", "position": position, "word": word, "symbol": symbol}
        case Rebound(violations, _, brackets):
            return {"kind": "rebound", "violations": violations, "brackets": brackets}
        case Redefined(word, old, new):
            terms = {"old": old and show(old.term), "new": show(new.term)}
            return {"kind": "redefined", "word": word, **terms, "entry": entry_data(new)}
        case other:
            assert_never(other)
