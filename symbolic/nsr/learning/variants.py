"""Variants: other entries for a word of a lexicon, which the same examples leave possible.

A word may have another level, reach or category, and a program that differs from its own in a part
or is a simple one. Where two phrases stand side by side a word between them can be many things: an
infix, a prefix or postfix of one of the phrases, or nothing; and a word that only occurs with a
second one may be a pair with it:

    x w y     as   J(x, w(y)),   J(w(x), y),   J(J(x, w), y)       J: juxtaposition
    w x s y   as   s(w(x), y),   w(s(x, y))                        the same for w x s

Programs are tried by deduction: of a sign, the derivations of a few short sentences are found once,
with a hole for the program, and each program is put there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from abduce.errors import InputError
from abduce.symbolic.nsr.abduction.induction import transforms
from abduce.symbolic.nsr.abduction.meanings import levels_between
from abduce.symbolic.nsr.deduction.syntax import (
    ARITIES,
    JUXTAPOSITION,
    NULLARY,
    Category,
    Reach,
    Reading,
    Sign,
    Step,
    evaluate,
    parse,
)
from abduce.symbolic.nsr.hypothesis import (
    OPEN_SIDED,
    PARTNER_ENTRY,
    Entry,
    Example,
    Hypothesis,
    Workbench,
)
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import (
    Term,
    concat,
    parts_of,
    repeat,
    repeated,
    variable,
)

Changes = Mapping[str, Entry | None]
X, Y = variable(0), variable(1)
TRIED: Final = 16
"""The number of short sentences on which a variant is tried before all others."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A category that a word may have, and what its program may be."""

    category: Category
    partner: str
    programs: tuple[Term, ...]


class Hole:
    """The program of a word, which is put in when it is known."""

    __slots__ = ("meaning",)

    def __init__(self) -> None:
        self.meaning: Callable[..., Value] = lambda *_: ""

    def __call__(self, *arguments: Value) -> Value:
        return self.meaning(*arguments)


@dataclass(frozen=True, slots=True)
class Variants:
    """The variants of a lexicon on some examples.

    Attributes:
        first, last: the words with which sentences begin and end.
        integers: whether there are integers; then only levels and reaches change.
    """

    bench: Workbench
    best: Hypothesis
    first: Set[str]
    last: Set[str]
    integers: bool

    def of(self, word: str) -> list[tuple[float, Changes]]:
        """The variants of a word that give the sentences tried their outputs, with the bits that
        the lexicon then has more."""
        h, bench = self.best, self.bench
        entry = h.entries[word]
        frames = [Frame(entry.sign.category, entry.sign.partner, (entry.term,))]
        if not self.integers:
            frames = [*self.frames(word, entry)]
        examples = self.examples(word)
        plain = h.tally.total(bench.world.priors, h.open_class)
        found: list[tuple[float, Changes]] = []
        for frame in frames:
            terms = list(frame.programs) if self.integers else [*self.terms(frame)]
            for sign, term in self.explaining(word, frame, terms, examples):
                changes = {word: Entry(sign, term)}
                if changes[word] == entry:
                    continue
                if sign.partner and sign.partner != entry.sign.partner:
                    changes[sign.partner] = PARTNER_ENTRY
                old = {w: h.entries.get(w) for w in changes}
                tally = h.tally.changed(
                    bench.world, h.open_class, old, dict(changes), h.tally.unknown
                )
                more = tally.total(bench.world.priors, h.open_class) - plain
                found.append((more, changes))
        return found

    def examples(self, word: str) -> list[Example]:
        """Short explained sentences with the word, or any for juxtaposition."""
        bench, explained = self.bench, self.best.explained
        places: Iterable[int] = bench.containing.get(word, ())
        if word == JUXTAPOSITION:
            places = range(len(bench.examples))
        own = [bench.examples[i] for i in places if i in explained]
        own.sort(key=lambda example: len(example.words))
        return own[:TRIED]

    def frames(self, word: str, entry: Entry) -> Iterator[Frame]:
        """The categories that the word may have."""
        sign = entry.sign
        if word == JUXTAPOSITION:
            yield Frame(Category.INFIX, "", (entry.term,))
            return
        partner = sign.partner
        if partner:
            whole = entry.term
            if sign.category is Category.CIRCUMFIX:
                joined = self.joined(whole, Y)
                yield Frame(Category.CIRCUMFIX, partner, (whole,))
                if joined and partner not in self.last:
                    yield Frame(Category.MIXFIX, partner, (joined,))
            else:
                yield Frame(Category.MIXFIX, partner, (whole,))
                yield Frame(Category.CIRCUMFIX, partner, (filled(whole, X, ("nil",)),))
            return
        begins, ends = word in self.first, word in self.last
        one, two = self.unary(entry), self.binary(entry)
        yield Frame(Category.NULLARY, "", _some(self.value(entry)))
        if not begins:
            yield Frame(Category.POSTFIX, "", _some(one if not _before(entry) else None))
        if not ends:
            yield Frame(Category.PREFIX, "", _some(self.prefixed(entry)))
        if not begins and not ends:
            yield Frame(Category.INFIX, "", _some(two))
        before = self.prefixed(entry)
        if before is None or ends:
            return
        for other in self.companions(word):
            after, between = self.unary(self.best.entries[other]), None
            if other not in self.first and after:
                nested = filled(after, before), filled(before, after)
                yield Frame(Category.CIRCUMFIX, other, nested)
            if other not in self.first and other not in self.last:
                between = self.binary(self.best.entries[other])
            if between:
                nested = filled(between, before, Y), filled(before, between)
                yield Frame(Category.MIXFIX, other, nested)

    def companions(self, word: str) -> list[str]:
        """The words that are in the same sentences as this one and no others."""
        containing = self.bench.containing
        mine = containing.get(word, [])
        plain = (Category.NULLARY, Category.POSTFIX, Category.INFIX, Category.PREFIX)
        return [
            other
            for other in sorted(self.bench.examples[mine[0]].vocabulary if mine else ())
            if other != word and containing[other] == mine and other in self.best.entries
            if self.best.entries[other].sign.category in plain
        ]

    def joined(self, *parts: Term | None) -> Term | None:
        """Phrases side by side, or None where they cannot stand so."""
        juxtaposition = self.best.entries.get(JUXTAPOSITION)
        known = [part for part in parts if part is not None]
        if juxtaposition is None or len(known) < len(parts):
            return None
        term = known[0]
        for part in known[1:]:
            term = filled(juxtaposition.term, term, part)
        return term

    def value(self, entry: Entry) -> Term | None:
        """What is left of a program without operands."""
        nothing: Term = ("nil",)
        return filled(entry.term, nothing, nothing) if JUXTAPOSITION in self.best.entries else None

    def prefixed(self, entry: Entry) -> Term | None:
        """The program of a word and the phrase on its right."""
        match entry.sign.category:
            case Category.NULLARY:
                return self.joined(entry.term, X)
            case Category.PREFIX:
                return entry.term
            case Category.INFIX:
                return filled(entry.term, ("nil",), X)
            case _:
                return None

    def unary(self, entry: Entry) -> Term | None:
        """The program of a word and the phrase on its left."""
        match entry.sign.category:
            case Category.NULLARY:
                return self.joined(X, entry.term)
            case Category.POSTFIX:
                return entry.term
            case Category.INFIX:
                return filled(entry.term, X, ("nil",))
            case _:
                return None

    def binary(self, entry: Entry) -> Term | None:
        """The program of a word between two phrases."""
        match entry.sign.category:
            case Category.NULLARY:
                return self.joined(X, entry.term, Y)
            case Category.POSTFIX:
                return self.joined(entry.term, Y)
            case Category.PREFIX:
                return self.joined(X, filled(entry.term, Y))
            case Category.INFIX:
                return entry.term
            case _:
                return None

    def terms(self, frame: Frame) -> Iterator[Term]:
        """The programs that a word of the frame may have."""
        config = self.bench.world.config
        pieces = [
            transform.term
            for transform in transforms(config.induction.piece_depth, config.priors)
            if transform.bits <= config.induction.simple_piece_bits
        ]
        for program in frame.programs:
            yield program
            if ARITIES[frame.category]:
                yield from exchanged(program, ARITIES[frame.category], pieces)

    def signs(self, frame: Frame, word: str) -> Iterator[Sign]:
        """The signs of a category, with all levels and reaches."""
        category = frame.category
        if category not in OPEN_SIDED:
            yield Sign(category, partner=frame.partner)
            return
        reaches = [Reach.LEFT, Reach.RIGHT]
        if category is Category.POSTFIX:
            reaches = [Reach.LEFT]
        for level in levels_between(self.best):
            for reach in reaches:
                yield Sign(category, level, reach, frame.partner)

    def explaining(
        self, word: str, frame: Frame, terms: Sequence[Term], examples: Sequence[Example]
    ) -> Iterator[tuple[Sign, Term]]:
        """The signs and programs that give all these examples their outputs."""
        world, hole = self.bench.world, Hole()
        readings = dict(self.best.readings)
        if frame.partner:
            readings[frame.partner] = world.reading(frame.partner, PARTNER_ENTRY)
        arity = ARITIES[frame.category]
        if arity == 0:
            for term in terms:
                with suppress(InputError):
                    readings[word] = world.reading(word, Entry(NULLARY, term))
                    if self.explains(readings, examples):
                        yield NULLARY, term
            return
        meanings: list[tuple[Term, Reading]] = []
        for term in dict.fromkeys(terms):
            with suppress(InputError):
                meanings.append((term, world.reading(word, Entry(Sign(frame.category), term))))
        known: dict[tuple, list[Term]] = {}
        for sign in self.signs(frame, word):
            signature = self.best.readings[word].signature if self.integers else None
            readings[word] = Reading.of(sign, hole, signature)
            codes = self.codes(readings, examples)
            if codes is None:
                continue
            shape = tuple([tuple([index for _, _, index in code]) for code in codes])
            if shape not in known:
                known[shape] = [
                    term for term, reading in meanings if _fits(hole, reading, codes, examples)
                ]
            for term in known[shape]:
                yield sign, term

    def codes(
        self, readings: Mapping[str, Reading], examples: Sequence[Example]
    ) -> list[list[Step]] | None:
        """The derivations of the examples, or None where one has none."""
        codes: list[list[Step]] = []
        for example in examples:
            self.bench.look()
            code = parse(example.words, readings)
            if code is None:
                return None
            codes.append(code)
        return codes

    def explains(self, readings: Mapping[str, Reading], examples: Sequence[Example]) -> bool:
        """Whether these readings give the examples their outputs."""
        for example in examples:
            self.bench.look()
            try:
                code = parse(example.words, readings)
                if code is None or evaluate(code) != example.target:
                    return False
            except TooLargeError:
                return False
        return True


def _before(entry: Entry) -> bool:
    return entry.sign.category is Category.PREFIX


def _some(term: Term | None) -> tuple[Term, ...]:
    return () if term is None else (term,)


def _fits(
    hole: Hole, reading: Reading, codes: Sequence[list[Step]], examples: Sequence[Example]
) -> bool:
    assert callable(reading.meaning)
    hole.meaning = reading.meaning
    try:
        return all(evaluate(c) == e.target for c, e in zip(codes, examples, strict=True))
    except TooLargeError:
        return False


def filled(term: Term, *arguments: Term) -> Term:
    """A program with these terms in place of its arguments; what is empty is left out.

    >>> filled(("append", X, ("append", ("token", "A"), Y)), ("reverse", X), ("nil",))
    ('append', ('reverse', ('variable', 0)), ('token', 'A'))
    """
    if term[0] == "variable":
        return arguments[term[1]] if term[1] < len(arguments) else term
    if term[0] == "append":
        parts = [filled(part, *arguments) for part in parts_of(term)]
        inner = [piece for part in parts for piece in parts_of(part)]
        return concat([piece for piece in inner if piece != ("nil",)])
    return (term[0], *[filled(c, *arguments) if isinstance(c, tuple) else c for c in term[1:]])


def exchanged(term: Term, arity: int, pieces: Sequence[Callable[[Term], Term]]) -> Iterator[Term]:
    """Programs that give the same lists where operands are short or alike.

    A program of one part becomes another part; of several parts one, or all equal ones, become
    plain, or two neighbours change places.

    >>> from abduce.symbolic.programs.typed.terms import show
    >>> [show(term) for term in exchanged(("append", ("reverse", X), Y), 2, [])]
    ['x y', 'y reverse(x)']
    """
    parts = parts_of(term)
    if term == ("nil",) or (pieces and len(parts) == 1 and _argument(term)):
        yield ("nil",)
        for n in range(arity):
            for piece in pieces:
                yield piece(variable(n))
        return
    for at, part in enumerate(parts):
        block = repeated(part)
        if block is not None:
            for other in exchanged(block[0], arity, ()):
                yield concat([*parts[:at], repeat(other, block[1]), *parts[at + 1 :]])
        argument = _argument(part)
        if argument is not None and argument != part:
            yield concat([*parts[:at], argument, *parts[at + 1 :]])
            if part[0] == "tail":
                yield concat([*parts[:at], *parts[at + 1 :]])
            if parts.count(part) > 1:
                yield concat([argument if each == part else each for each in parts])
        if part[0] == "head" and ("tail", part[1]) in parts:
            rest = parts.index(("tail", part[1]))
            for whole, gone in ((at, rest), (rest, at)):
                kept = [part[1] if i == whole else each for i, each in enumerate(parts)]
                yield concat([*kept[:gone], *kept[gone + 1 :]])
    for at, (one, two) in enumerate(pairwise(parts)):
        if one != two:
            yield concat([*parts[:at], two, one, *parts[at + 2 :]])


def _argument(part: Term) -> Term | None:
    """The argument that a part is a piece of, if it is one."""
    while part[0] in ("head", "tail", "reverse"):
        part = part[1]
    return part if part[0] == "variable" else None
