"""Hypotheses: partial lexicons, what they explain, and what they cost in bits.

The objective of all learning is one number, the two-part description length

    L(lexicon) + sum over examples of L(target | sentence, lexicon),

where an explained target costs nothing and any other is spelled out token by token. A word that the
lexicon does not know leaves its sentences unexplained, so partial lexicons are compared by the same
number. The priors are those of the configuration.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from abduce.clock import OutOfTime
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    PARTNER,
    Category,
    Meaning,
    Reach,
    Reading,
    Sign,
    evaluate,
    parse,
)
from abduce.symbolic.nsr.priors import Priors
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import PRIMITIVES, Table, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term, bits, constants
from abduce.symbolic.programs.typed.typing import Signature

if TYPE_CHECKING:
    from abduce.symbolic.nsr.numbers import Numbers
    from abduce.symbolic.synthesis.library import Library

T = TypeVar("T")
OPEN_SIDED: Final = frozenset(
    (Category.POSTFIX, Category.INFIX, Category.PREFIX, Category.MIXFIX, Category.POLISH)
)
"""The categories for which the binding level matters."""
Look = Callable[[], None]
"""Checks the clock between two pieces of work, and raises `OutOfTimeError` if the time is up."""


GRAIN: Final = 2.0**-24
"""Bits are multiples of this, so that sums of them are exact, in whatever order they are made."""
OutOfTimeError = OutOfTime
"""The deadline has passed (internal: the best hypothesis so far is used)."""


def spaced(items: Sequence[T], most: int) -> list[T]:
    """Items at equal distances, at most so many; all where there are no more."""
    step = max(1.0, len(items) / most)
    places = [int(k * step) for k in range(most)]
    return [items[at] for at in places if at < len(items)]


def unhurried() -> None:
    """The look of who has all the time there is."""


@dataclass(frozen=True, slots=True)
class Example:
    """A training sentence with its target and the bits of spelling the target out."""

    words: tuple[str, ...]
    target: Value
    literal_bits: float
    vocabulary: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A lexical entry: what the word combines with, and the program of its meaning."""

    sign: Sign
    term: Term
    constants: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The constant tokens of the program, one entry for each occurrence."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "constants", constants(self.term))


PARTNER_ENTRY: Final = Entry(PARTNER, ("nil",))
SELF_ENTRY: Final = Entry(NULLARY, ("self",))
Entries = Mapping[str, Entry]


class World:
    """What all hypotheses about a data set share: configuration, alphabet, vocabulary, compiled
    programs and what they cost."""

    def __init__(
        self,
        alphabet: Alphabet,
        tokens: int,
        words: Mapping[str, int],
        config: Config = CONFIG,
        *,
        integers: bool = False,
        library: "Library | None" = None,
    ) -> None:
        self.config = config
        self.integers = integers
        self.hard = False  # whether programs of integers are sought hard
        self.lenient = False  # whether they need not hold for pairs that they were not made for
        self.deadline: float | None = None  # until when they are sought
        self._library = library
        self._numbers: Numbers | None = None
        self.priors = config.priors
        self.alphabet = alphabet
        self.tokens = tokens
        self.words = tuple(words)
        self.echoes = tuple(w for w in words if w in alphabet.chars)
        rare = config.search.rare
        self.rare = tuple(w for w, n in words.items() if n <= rare and w not in alphabet.chars)
        self.induced: dict = {}  # induction is a function: remember its results
        self._meanings: dict[tuple[Term, int, str], tuple[Meaning, Signature]] = {}
        self._bits: dict[Term, float] = {}
        self._category_bits = {c: _category_bits(c, self.priors) for c in Category}
        self._reach_bits = {r: getattr(self.priors, f"reach_{r.name.lower()}") for r in Reach}

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: without the compiled programs and what induction found."""
        own = {**self.__dict__, "induced": {}, "_meanings": {}, "deadline": None}
        return {**own, "_library": self.library, "_numbers": None}

    @property
    def table(self) -> Table:
        """The primitives and the programs of the library."""
        return PRIMITIVES if self.library is None else self.library.table

    def smaller(self, alphabet: Alphabet, words: Mapping[str, int]) -> "World":
        """The world of other sentences with some of the words."""
        tokens = len(alphabet.tokens)
        sort, library = self.integers, self.library
        return World(alphabet, tokens, words, self.config, integers=sort, library=library)

    def meaning(self, word: str, entry: Entry) -> Meaning:
        """The compiled program of an entry, or its value where it has no arguments."""
        return self._compiled(word, entry)[0]

    def reading(self, word: str, entry: Entry) -> Reading:
        """The entry as deduction sees it.

        Raises:
            InputError: its program does not type.
        """
        return Reading.of(entry.sign, *self._compiled(word, entry))

    @property
    def numbers(self) -> "Numbers":
        """The functions of numbers, which are made when they are first wanted."""
        if self._numbers is None:
            from abduce.symbolic.nsr.numbers import Numbers

            self._numbers = Numbers(self.alphabet, self._library)
        return self._numbers

    @property
    def library(self) -> "Library | None":
        """The learned programs of numbers, if there are any."""
        return self._library if self._numbers is None else self._numbers.library

    def function(self, term: Term, arity: int, word: str = "") -> Callable[..., Value]:
        """A program as a function.

        Raises:
            InputError: it does not type.
        """
        if self.integers and arity:
            return self.numbers.function(term, arity)
        return compiled(Program(term, arity, self.table), self.alphabet, word)

    def _compiled(self, word: str, entry: Entry) -> tuple[Meaning, Signature]:
        arity = entry.sign.arity
        key = (entry.term, arity, word if arity == 0 else "")
        found = self._meanings.get(key)
        if found is None:
            signature = Program(entry.term, arity, self.table).signature
            function = self.function(entry.term, arity, word)
            found = self._meanings[key] = (function if arity else function()), signature
        return found

    def literal_bits(self, target: Value) -> float:
        if isinstance(target, str):
            spelled = (len(target) + 1) * math.log2(self.tokens + 1)
        else:
            spelled = 2 * math.log2(target + 1) + 1
        return in_grains(self.priors.surprise + spelled)

    def term_bits(self, term: Term) -> float:
        """Description length of a program, but for the choice of its constant tokens."""
        found = self._bits.get(term)
        if found is None:
            found = self._bits[term] = bits(term, self.priors, self.table)
        return found

    def sign_bits(self, sign: Sign, levels: "Levels") -> float:
        """Description length of a word's sign, given the levels of the other words."""
        priors = self.priors
        total = self._category_bits[sign.category]
        if sign.partner:
            total += math.log2(len(self.words) + 1)
        if sign.category not in OPEN_SIDED:
            return total
        total += self._reach_bits[sign.reach]
        members = levels.get(sign.level)
        if members is None:
            return total + priors.new_level
        return total + (priors.class_level if sign.category in members else priors.shared_level)

    def entry_bits(self, entry: Entry) -> float:
        """Description length of an entry, but for what it shares with others."""
        sign = entry.sign
        total = self._category_bits[sign.category] + self.term_bits(entry.term)
        total += math.log2(max(self.tokens, 2)) * len(entry.constants)
        if sign.partner:
            total += math.log2(len(self.words) + 1)
        if sign.category in OPEN_SIDED:
            total += self._reach_bits[sign.reach]
        return in_grains(total)

    def example(self, words: Sequence[str], target: Value) -> Example:
        return Example(tuple(words), target, self.literal_bits(target), frozenset(words))

    def open_readings(self) -> dict[str, Reading]:
        """Every word that is also an output token, or too rare to tell, read as itself."""
        return {w: self.reading(w, SELF_ENTRY) for w in (*self.echoes, *self.rare)}


def in_grains(bits: float) -> float:
    """The bits as a multiple of ``GRAIN``."""
    return round(bits / GRAIN) * GRAIN


Levels = dict[float, dict[Category, int]]


def levels_of(entries: Entries) -> Levels:
    """How many operators of each category bind at each level.

    Juxtaposition is no word, so it is in no word class: it counts as a category of its own.
    """
    levels: Levels = {}
    for word, entry in entries.items():
        if entry.sign.category in OPEN_SIDED:
            _count_level(levels, word, entry.sign, 1)
    return levels


def _count_level(levels: Levels, word: str, sign: Sign, by: int) -> None:
    category = Category.PARTNER if word == JUXTAPOSITION else sign.category
    members = dict(levels.get(sign.level, ()))
    members[category] = members.get(category, 0) + by
    levels[sign.level] = {c: n for c, n in members.items() if n}
    if not levels[sign.level]:
        del levels[sign.level]


@dataclass(frozen=True, slots=True)
class Tally:
    """What the description length of some entries is made of, so that a change is a small one.

    Attributes:
        unknown: how many words have no reading.
        bits: the sum of the bits of the entries, each taken alone.
        levels: the levels that ``levels_of`` gives.
        partners: how many entries have each word as their partner.
        owners: how many entries have each token as a constant.
        reused: how many of these entries have the token beside another entry.
    """

    unknown: int = 0
    bits: float = 0.0
    levels: Levels = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    reused: int = 0

    def changed(
        self,
        world: World,
        open_class: bool,
        old: Mapping[str, Entry | None],
        new: Mapping[str, Entry | None],
        unknown: int,
    ) -> "Tally":
        """The tally after some entries went and others came.

        Args:
            open_class: whether a word that denotes itself is free.
            unknown: how many words have no reading then.
        """
        bits, reused = self.bits, self.reused
        levels, partners, owners = self.levels, self.partners, self.owners
        for entries, by in ((old, -1), (new, 1)):
            for word, entry in entries.items():
                if entry is None:
                    continue
                sign = entry.sign
                if sign.category is Category.PARTNER or (open_class and entry == SELF_ENTRY):
                    continue
                bits += by * world.entry_bits(entry)
                if sign.category in OPEN_SIDED:
                    levels = levels if levels is not self.levels else dict(levels)
                    _count_level(levels, word, sign, by)
                if sign.partner:
                    partners = partners if partners is not self.partners else dict(partners)
                    _count(partners, sign.partner, by)
                for token in set(entry.constants):
                    owners = owners if owners is not self.owners else dict(owners)
                    others = _count(owners, token, by) - (by > 0)
                    reused += by * (others > 0)
        return Tally(unknown, bits, levels, partners, owners, reused)

    def total(self, priors: Priors, open_class: bool) -> float:
        """Description length of the lexicon."""
        total = self.bits + (priors.open_class if open_class else 0.0)
        for members in self.levels.values():
            total += priors.new_level + priors.shared_level * (len(members) - 1)
            total += priors.class_level * sum([n - 1 for n in members.values()])
        return total + priors.reused_token * self.reused + priors.unknown_word * self.unknown


def lexicon_bits(world: World, entries: Entries, open_class: bool) -> float:
    """Description length of a lexicon, but for words without an entry."""
    own = dict(entries)
    return Tally().changed(world, open_class, {}, own, 0).total(world.priors, open_class)


def _count(counts: dict[str, int], name: str, by: int) -> int:
    """Counts up or down, and gives the new count; what counts nothing goes."""
    n = counts[name] = counts.get(name, 0) + by
    if not n:
        del counts[name]
    return n


def _category_bits(category: Category, priors: Priors) -> float:
    return 0.0 if category is Category.PARTNER else getattr(priors, category.name.lower())


def answer_of(words: Sequence[str], readings: Mapping[str, Reading]) -> Value | None:
    """The value of a sentence, or None if a word is unknown or there is no derivation."""
    try:
        code = parse(words, readings)
        return None if code is None else evaluate(code)
    except (KeyError, TooLargeError):
        return None


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A partial lexicon with the working examples that it explains and its total bits."""

    entries: Entries
    open_class: bool
    readings: Mapping[str, Reading]
    explained: frozenset[int]
    bits: float
    tally: Tally = Tally()
    spared: float = 0.0
    """Bits of spelling out the explained examples, which are not spent."""
    latest: tuple[tuple[str, Category], ...] = ()
    """The words changed last, with their categories; a beam keeps one hypothesis for each."""


class Workbench:
    """Working examples, indexed by word, and the scoring of hypotheses against them.

    Words that are in none of them cost nothing, whether they are known or not.
    """

    def __init__(self, world: World, examples: Sequence[Example], look: Look = unhurried) -> None:
        self.world = world
        self.look = look
        self.examples: list[Example] = []
        self.literal_bits = 0.0
        self.containing: dict[str, list[int]] = {}
        self.extend(examples)

    def extend(self, examples: Iterable[Example]) -> None:
        for example in examples:
            for word in example.vocabulary:
                self.containing.setdefault(word, []).append(len(self.examples))
            self.examples.append(example)
            self.literal_bits += example.literal_bits

    def hypothesis(self, entries: Entries, open_class: bool) -> Hypothesis:
        """Scores a lexicon from scratch."""
        entries = with_tidy_levels(entries)
        readings = self.world.open_readings() if open_class else {}
        for word, entry in entries.items():
            readings[word] = self.world.reading(word, entry)
        examples = self.examples
        explained = [i for i in range(len(examples)) if self._explains(readings, examples[i])]
        spared = sum([examples[i].literal_bits for i in explained])
        unknown = len(self.containing.keys() - readings.keys())
        tally = Tally().changed(self.world, open_class, {}, self._own(entries), unknown)
        spent = tally.total(self.world.priors, open_class) + self.literal_bits - spared
        return Hypothesis(entries, open_class, readings, frozenset(explained), spent, tally, spared)

    def revised(
        self,
        base: Hypothesis,
        changes: Mapping[str, Entry | None],
        below: float = math.inf,
        share: float = 0.0,
    ) -> Hypothesis | None:
        """The hypothesis with some entries replaced, added or (None) removed.

        Returns None as soon as it is sure to cost ``below`` bits or more, or to explain less than
        this share of the sentences that it touches and can read.
        """
        supposed = self.supposed(base, changes)
        readings, known, spared = supposed.readings, supposed.readings.keys(), supposed.spared
        examples = self.examples
        spent = supposed.tally.total(self.world.priors, base.open_class)
        spent += self.literal_bits - spared
        touched = self._touched(changes)
        readable = sorted([i for i in touched if examples[i].vocabulary <= known])
        hope = spent - sum([examples[i].literal_bits for i in readable])
        if hope >= below:
            return None
        spare = (1 - share) * len(readable)
        explained: list[int] = []
        for i in readable:
            literal = examples[i].literal_bits
            if self._explains(readings, examples[i]):
                explained.append(i)
                spent -= literal
                spared += literal
            else:
                hope += literal
                spare -= 1
                if hope >= below or spare < 0:
                    return None
        if spent >= below:
            return None
        latest = tuple(sorted((w, e.sign.category) for w, e in changes.items() if e is not None))
        return replace(
            supposed,
            explained=supposed.explained.union(explained),
            bits=spent,
            spared=spared,
            latest=latest,
        )

    def supposed(self, base: Hypothesis, changes: Mapping[str, Entry | None]) -> Hypothesis:
        """As ``revised`` without evaluation: what the changes touch counts as unexplained."""
        entries, readings = dict(base.entries), dict(base.readings)
        old = {w: entries.pop(w, None) for w in changes}
        for word, entry in changes.items():
            if entry is None:
                readings.pop(word, None)
            else:
                entries[word] = entry
                readings[word] = self.world.reading(word, entry)
        unknown = base.tally.unknown
        for word in self._own(changes):
            unknown += (word in base.readings) - (word in readings) if word else 0
        tally = base.tally.changed(
            self.world, base.open_class, self._own(old), self._own(changes), unknown
        )
        lost = base.explained.intersection(self._touched(changes))
        return Hypothesis(
            entries,
            base.open_class,
            readings,
            base.explained - lost,
            math.inf,
            tally,
            base.spared - sum([self.examples[i].literal_bits for i in lost]),
            base.latest,
        )

    def _touched(self, changes: Mapping[str, Entry | None]) -> Collection[int]:
        """The examples whose answers may change."""
        if JUXTAPOSITION in changes:
            return range(len(self.examples))
        return {i for w in changes for i in self.containing.get(w, ())}

    def explains(self, readings: Mapping[str, Reading], number: int) -> bool:
        """Whether these readings give the example of this number its target."""
        return self._explains(readings, self.examples[number])

    def _explains(self, readings: Mapping[str, Reading], example: Example) -> bool:
        self.look()
        return answer_of(example.words, readings) == example.target

    def _own(self, entries: Mapping[str, Entry | None]) -> dict[str, Entry | None]:
        """The entries that count here."""
        return {w: e for w, e in entries.items() if w in self.containing or w == JUXTAPOSITION}


def with_tidy_levels(entries: Entries) -> dict[str, Entry]:
    """The same lexicon with its binding levels renumbered 10, 20, 30, ..."""
    levels = sorted({e.sign.level for e in entries.values() if e.sign.level})
    rank = {level: 10.0 * (i + 1) for i, level in enumerate(levels)} | {0.0: 0.0}
    return {
        w: Entry(Sign(e.sign.category, rank[e.sign.level], e.sign.reach, e.sign.partner), e.term)
        for w, e in entries.items()
    }
