"""The lexicon: what was learned, and how it answers.

A lexicon has one best set of entries and a few *rivals*, lexicons that explain the examples as
well and are hardly longer. An answer is a posterior over values: every lexicon that reads the
sentence differently votes with probability 2^-bits. Where the rivals outweigh the best answer,
the answer is withheld.

A training row is evidence for itself: a sentence that had one output in training is answered by
that output, or the answer is withheld.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from math import prod
from pathlib import Path
from typing import Any, Final

from abduce import clock
from abduce.symbolic.nsr.answers import Answer, Evidence, elected
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    Category,
    Reach,
    Reading,
    Sign,
    Step,
    evaluate,
    parse,
)
from abduce.symbolic.nsr.evidence import Contest, Counting, Counts, meetings, other_orders, uses_of
from abduce.symbolic.nsr.explaining import Explanation, Pair, Unexplained, Words, explanation
from abduce.symbolic.nsr.files.lexicon_data import FORMAT, Changes, entry_data, lexicon_data
from abduce.symbolic.nsr.files.lexicon_file import read_lexicon_data, write_lexicon_data
from abduce.symbolic.nsr.files.library_data import library_data
from abduce.symbolic.nsr.files.trust_data import trust_data
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY, Entry, World, lexicon_bits
from abduce.symbolic.nsr.reliability import Trust
from abduce.symbolic.nsr.showing.derivation import Node, tree_of
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import Term, show

CLOSED: Final = (Category.CIRCUMFIX, Category.REVERSE_POLISH)
"""The categories without a binding level."""
MIXED: Final = "lists and numbers are mixed"


@dataclass(frozen=True, slots=True)
class Rival:
    """A rival lexicon: the entries that it changes, and how many bits longer it is than the
    best."""

    changes: Changes
    bits: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A learned grounded symbol system: entries, rivals, and a summary of how it was learned.

    Attributes:
        rows: sentences with their only output in training: all of them, or if they are very many,
            those whose output the entries do not give.
        trust: the evidence of the training rows; None if nothing is known about them.
    """

    entries: Mapping[str, Entry]
    open_class: bool
    rivals: tuple[Rival, ...]
    vocabulary: frozenset[str]
    min_posterior: float
    summary: Mapping[str, Any]
    world: World = field(compare=False, repr=False)
    rows: Mapping[Words, Words] = field(default_factory=dict, repr=False)
    trust: Trust | None = field(default=None, repr=False)
    readings: dict[str, Reading] = field(init=False, compare=False, repr=False)
    rival_readings: tuple[dict[str, Reading], ...] = field(init=False, compare=False, repr=False)
    orders: Callable[[Contest], float] | None = field(init=False, compare=False, repr=False)
    binding: tuple[bool, ...] = field(init=False, compare=False, repr=False)
    """Of each rival, whether only levels and reaches are other ones."""

    def __post_init__(self) -> None:
        readings = self._read(self.entries)
        orders = self.trust.orders(readings) if self.trust else None
        object.__setattr__(self, "orders", orders)
        changed = [{**self.entries, **rival.changes} for rival in self.rivals]
        binding = tuple([_binds_otherwise(self.entries, rival) for rival in self.rivals])
        object.__setattr__(self, "readings", readings)
        object.__setattr__(self, "rival_readings", tuple([self._read(c) for c in changed]))
        object.__setattr__(self, "binding", binding)

    def __reduce__(self) -> tuple[type["Lexicon"], tuple[Any, ...]]:
        """What is pickled and copied: all but the readings, which are compiled programs and made
        again."""
        own = (self.entries, self.open_class, self.rivals, self.vocabulary)
        return Lexicon, (
            *own,
            self.min_posterior,
            self.summary,
            self.world,
            self.rows,
            self.trust,
        )

    def _read(self, entries: Changes) -> dict[str, Reading]:
        return {w: self.world.reading(w, e) for w, e in entries.items() if e is not None}

    @property
    def words(self) -> Iterable[str]:
        """The words of the examples."""
        return sorted(self.vocabulary)

    def answer(self, sentence: str | Sequence[str], *, deadline: float | None = None) -> Answer:
        """The most probable value of a sentence, or an abstention with its reason.

        Args:
            sentence: words, or a string of words between blanks.
            deadline: ``clock.wall_s()`` after which no answer is sought.
        """
        words = tuple(sentence.split() if isinstance(sentence, str) else sentence)
        unknown = tuple(dict.fromkeys([w for w in words if w not in self.vocabulary]))
        if not words:
            return Answer.withheld("the sentence is empty")
        if clock.passed(deadline):
            return Answer.withheld("out of time", unknown)
        present = set(words)
        missing = present - self.readings.keys()
        if missing and not self.open_class:
            names = ", ".join(dict.fromkeys(w for w in words if w in missing))
            return self._by_row(words, f"no meaning is known for: {names}", unknown)
        themselves = {word: self.world.reading(word, SELF_ENTRY) for word in missing}
        code = _code(words, self.readings | themselves if missing else self.readings)
        own, problem = _value(code)
        votes: dict[Value, float] = {}
        total = 1.0
        if own is not None:
            votes[own] = 1.0
        turned: dict[Value | None, float] = {}
        certain = 1.0
        if isinstance(code, list) and self.trust and self.orders:
            known = self.readings | themselves if missing else self.readings
            uses = set(uses_of(code, words))
            certain = self.trust.reliability(words, uses)
            orders = self.orders
            open_ = any(orders(contest) for contest, _ in meetings(uses, known))
            for other, contests in other_orders(code, words, known, orders) if open_ else ():
                weight = prod(map(orders, contests))
                turned[other] = turned.get(other, 0.0) + weight
        for rival, readings, binding in zip(
            self.rivals, self.rival_readings, self.binding, strict=True
        ):
            if clock.passed(deadline):
                return Answer.withheld("out of time", unknown)
            weight = 2.0**-rival.bits
            other = own
            if JUXTAPOSITION in rival.changes or not present.isdisjoint(rival.changes):
                changed = _code(words, themselves | readings if missing else readings)
                if changed != code:  # most rivals differ where this sentence does not
                    other, _ = _value(changed)
            if binding and other != own and other in turned:  # that order votes already
                weight = max(0.0, weight - turned[other])
            total += weight
            if other is not None:
                votes[other] = votes.get(other, 0.0) + weight
        for other, weight in turned.items():
            total += weight
            if other is not None:
                votes[other] = votes.get(other, 0.0) + weight
        if not votes:
            if code is None and _is_mixed(words, self.readings | themselves):
                problem = MIXED
            return self._by_row(words, problem, unknown)
        return self.elected(votes, total, own, words, unknown, certain)

    def _by_row(self, words: Words, problem: str, unknown: tuple[str, ...]) -> Answer:
        """The output that the sentence had in training, or an abstention."""
        row = self.rows.get(words)
        if row is None:
            return Answer.withheld(problem, unknown)
        evidence = Evidence(reliability=0.0, row=row, noise=self._noise)
        return elected({row: 0.0}, 1.0, None, evidence, self.min_posterior, unknown)

    def elected(
        self,
        votes: Mapping[Value, float],
        total: float,
        own: Value | None,
        words: Words,
        unknown: tuple[str, ...],
        reliability: float = 1.0,
    ) -> Answer:
        """The value with the most votes, or an abstention where these are too few.

        Args:
            total: the votes of all lexicons, those without a value included.
            own: the value of the best lexicon.
            reliability: the probability that the derivations are right.
        """
        decode = self.decoded
        decoded = {decode(value): weight for value, weight in votes.items()}
        best = None if own is None else decode(own)
        row = self.rows.get(words)
        evidence = Evidence(reliability=reliability, row=row, noise=self._noise)
        return elected(decoded, total, best, evidence, self.min_posterior, unknown)

    @property
    def _noise(self) -> float:
        """The probability that a training row is wrong: that of a surprise."""
        return 2.0**-self.world.priors.surprise

    def parsed(self, words: Words) -> tuple[list[Step] | None, Mapping[str, Reading]]:
        """The derivation of a sentence by the best entries, and the readings of its words."""
        readings = self.readings
        missing = [word for word in words if word not in readings]
        if missing and not self.open_class:
            return None, readings
        if missing:
            readings = readings | {w: self.world.reading(w, SELF_ENTRY) for w in missing}
        code = _code(words, readings)
        return code if isinstance(code, list) else None, readings

    def unexplained(self, pairs: Sequence[Pair]) -> tuple[Unexplained, ...]:
        """The pairs whose output is not what the best entries give, with their numbers from 1."""
        return self.explanation(pairs)[0].unexplained

    def explanation(
        self, pairs: Sequence[Pair], deadline: float | None = None
    ) -> tuple[Explanation, Counts]:
        """Which pairs the best entries explain, and the evidence of the pairs about the entries."""
        counting = Counting()

        def given(words: Words, output: Words) -> Words | None:
            code, readings = self.parsed(words)
            value, _ = _value(code)
            found = None if value is None else self.decoded(value)
            counting.add(words, code, value, found == output, readings)
            return found

        told = explanation(pairs, given, deadline)
        return told, counting.counts(lexicon_bits(self.world, self.entries, self.open_class))

    def decoded(self, value: Value) -> tuple[str, ...]:
        return self.world.alphabet.decode(value) if isinstance(value, str) else (str(value),)

    def explain(self, sentence: str | Sequence[str]) -> str:
        """The derivation tree of a sentence: one line a node, with its words, symbol and value."""
        tree = self.derivation(sentence)
        return tree if isinstance(tree, str) else tree.show()

    def derivation(self, sentence: str | Sequence[str]) -> Node | str:
        """The derivation of a sentence as a tree, or why there is none to show."""
        words = tuple(sentence.split() if isinstance(sentence, str) else sentence)
        readings = dict(self.readings)
        if self.open_class:
            for word in words:
                if word not in readings:
                    readings[word] = self.world.reading(word, SELF_ENTRY)
        missing = [w for w in words if w not in readings]
        if missing:
            return f"no derivation: no meaning is known for {', '.join(dict.fromkeys(missing))}"
        code = parse(words, readings)
        if code is None:
            mixed = _is_mixed(words, readings)
            return f"no derivation: {MIXED if mixed else 'the words do not combine'}"
        return tree_of(words, code, self.entries, self.decoded)

    def draw(self, words: Sequence[str], code: Sequence[Step]) -> str:
        """The tree of one derivation, as ``explain`` shows it; not of a very long sentence."""
        tree = tree_of(words, code, self.entries, self.decoded)
        return tree if isinstance(tree, str) else tree.show()

    def __repr__(self) -> str:
        return f"<Lexicon: {self._title()}>"

    def _title(self) -> str:
        words, operators = len(self._word_rows()), len(self._operator_rows())
        title = f"{words:,} words, {operators:,} operators, {len(self.rivals):,} rivals"
        explained, checked = self.summary.get("explained"), self.summary.get("checked")
        if isinstance(explained, int) and isinstance(checked, int):
            title += f"; explains {explained:,} of {checked:,} rows"
        return title

    def _repr_html_(self) -> str:
        """What a notebook shows: tables of words and operators, and a derivation."""
        from abduce.symbolic.nsr.showing.lexicon_html import lexicon_html

        words = [(word, " ".join(tokens) or "(nothing)") for word, tokens in self._word_rows()]
        if self.open_class:
            words.append(("any other word", "denotes itself"))
        tree = self.derivation(self._example())
        shown = None if isinstance(tree, str) else tree
        return lexicon_html(self._title(), words, self._operator_rows(), shown)

    def _example(self) -> tuple[str, ...]:
        """A sentence with up to three of the operators, the tightest first."""
        nouns = cycle([word for word, tokens in self._word_rows() if tokens] or [""])
        words = (next(nouns),)
        used = 0
        for word, entry in self._operators():
            if used == 3 or not word:
                continue
            match entry.sign.category:
                case Category.PREFIX:
                    longer = (word, *words)
                case Category.INFIX:
                    longer = (*words, word, next(nouns))
                case Category.MIXFIX:
                    longer = (word, *words, entry.sign.partner, next(nouns))
                case Category.CIRCUMFIX:
                    longer = (word, *words, entry.sign.partner)
                case Category.POLISH:
                    longer = (word, *words, next(nouns))
                case Category.REVERSE_POLISH:
                    longer = (*words, next(nouns), word)
                case _:
                    longer = (*words, word)
            if _value(_code(longer, self.readings))[0] is not None:
                words, used = longer, used + 1
        return words

    def save(self, path: Path | str) -> None:
        """Writes the lexicon to a file, which ``load`` and ``abduce answer`` read.

        Raises:
            OutputError: it cannot be written; nothing is left behind.
        """
        write_lexicon_data(Path(path), self.to_json())

    @staticmethod
    def load(path: Path | str, *, deadline: float | None = None) -> "Lexicon":
        """The lexicon of a file that ``save`` or ``abduce solve --save`` wrote, packed or not.

        Raises:
            InputError: no such file, no JSON, or no lexicon; with the place of what is wrong.
            OutOfTime: the deadline passed while reading.
        """
        return read_lexicon_data(Path(path), Lexicon.from_json, deadline=deadline)

    def show(self) -> str:
        """Words with their meanings, then operators from the tightest to the loosest."""
        return "\n".join(
            [
                *self._shown_words(),
                "",
                *self._shown_operators(),
                *self._shown_library(),
                *self._shown_rivals(),
            ]
        )

    def _shown_words(self) -> list[str]:
        lines = ["words"]
        rows = self._word_rows()
        width = max([len(word) for word, _ in rows], default=0)
        for word, tokens in rows:
            lines.append(f"  {word:{width}}  =  {' '.join(tokens) or '(nothing)'}")
        if self.open_class:
            lines.append("  any other word denotes itself")
        return lines if len(lines) > 1 else ["words: none"]

    def _word_rows(self) -> list[tuple[str, tuple[str, ...]]]:
        """The words without operands, with the tokens that they denote."""
        rows: list[tuple[str, tuple[str, ...]]] = []
        for word, entry in sorted(self.entries.items(), key=lambda row: row[0]):
            if entry.sign.category is Category.NULLARY:
                meaning = self.world.meaning(word, entry)
                rows.append((word, () if callable(meaning) else self.decoded(meaning)))
        return rows

    def _operators(self) -> list[tuple[str, Entry]]:
        """Those that close themselves, then the others from the tightest to the loosest."""
        plain = (Category.NULLARY, Category.PARTNER)
        rows = [(w, e) for w, e in self.entries.items() if e.sign.category not in plain]

        def key(row: tuple[str, Entry]) -> tuple[bool, float, str]:
            closed = row[1].sign.category in CLOSED
            return not closed, 0.0 if closed else -row[1].sign.level, row[0]

        return sorted(rows, key=key)

    def _operator_rows(self) -> list[tuple[str, str, str, str]]:
        """Level, pattern, program and remark of each operator: its reach, or what is proved."""
        rows = self._operators()
        levels = sorted({e.sign.level for _, e in rows if e.sign.category not in CLOSED})
        return [
            (
                "-" if e.sign.category in CLOSED else str(levels.index(e.sign.level) + 1),
                pattern(w, e.sign),
                show(e.term),
                "; ".join(filter(None, (_REACHES[e.sign.reach], self._proof(e)))),
            )
            for w, e in rows
        ]

    def _proof(self, entry: Entry) -> str:
        """What the program of an operator on numbers is proved to equal, in words."""
        if not self.world.integers or entry.term[0] == "variable":
            return ""
        numbers = self.world.numbers
        native = numbers.native(numbers.program(entry.term, entry.sign.arity))
        return "" if native is None else f"proved: {native.text} for {native.domain}"

    def _shown_library(self) -> list[str]:
        """The programs that others call."""
        called = {name for entry in self.entries.values() for name in _names(entry.term)}
        lines = []
        for learned in self.world.library or ():
            if learned.name in called:
                arguments = ", ".join("xyzuvw"[: learned.program.arity])
                lines.append(f"  {learned.name}({arguments})  =  {learned.program}")
        return ["", "programs that others call", *lines] if lines else []

    def _shown_operators(self) -> list[str]:
        rows = self._operator_rows()
        if not rows:
            return ["operators: none"]
        lines = ["operators, the tightest first"]
        width = max([len(shown) for _, shown, _, _ in rows])
        for level, shown, program, reach in rows:
            after = f"   ({reach})" if reach else ""
            lines.append(f"  {level:>2}  {shown:{width}}  =  {program}{after}")
        return lines

    def _shown_rivals(self) -> list[str]:
        if not self.rivals:
            return []
        lines = ["", "also possible, where it would matter (bits longer)"]
        for rival in self.rivals:
            parts = [
                f"{w or '(side by side)'} unknown"
                if e is None
                else f"{pattern(w, e.sign)} = {show(e.term)} at level {e.sign.level:g}"
                for w, e in rival.changes.items()
            ]
            lines.append(f"  +{rival.bits:.1f}  {'; '.join(parts)}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The lexicon as plain data, which ``from_json`` reads back."""
        return {
            "format": FORMAT,
            "entries": {w: entry_data(e) for w, e in self.entries.items()},
            "open_class": self.open_class,
            "rivals": [
                {"bits": r.bits, "changes": {w: e and entry_data(e) for w, e in r.changes.items()}}
                for r in self.rivals
            ],
            "vocabulary": sorted(self.vocabulary),
            "min_posterior": self.min_posterior,
            "summary": dict(self.summary),
            "rows": [
                {"input": list(words), "output": list(tokens)}
                for words, tokens in self.rows.items()
            ],
            "evidence": self.trust and trust_data(self.trust),
            "library": library_data(self.world.library),
        }

    @staticmethod
    def from_json(data: Any) -> "Lexicon":
        """Reads what ``to_json`` made.

        Raises:
            InputError: the data is no lexicon; says what is wrong with it.
        """
        read = lexicon_data(data)
        vocabulary = sorted(read.vocabulary)
        return Lexicon(
            read.entries,
            read.open_class,
            tuple([Rival(changes, bits) for changes, bits in read.rivals]),
            read.vocabulary,
            read.min_posterior,
            read.summary,
            World(
                Alphabet() if read.library is None else read.library.alphabet,
                1,
                dict.fromkeys(vocabulary, 1),
                integers=read.integers,
                library=read.library,
            ),
            read.rows,
            read.trust,
        )


_REACHES: Final = {
    Reach.LEFT: "",
    Reach.RIGHT: "takes its equals on the right",
    Reach.LOOSE: "takes everything on the right",
    Reach.TIGHT: "takes one phrase on the right",
}


def _binds_otherwise(entries: Mapping[str, Entry], rival: Rival) -> bool:
    """Whether a rival has the programs, categories and partners of these entries."""
    return all(
        entry is not None
        and (own := entries.get(word)) is not None
        and (entry.term, entry.sign.category, entry.sign.partner)
        == (own.term, own.sign.category, own.sign.partner)
        for word, entry in rival.changes.items()
    )


def _names(term: Term) -> Iterator[str]:
    """The primitives and library programs of a term."""
    yield term[0]
    for part in term[1:]:
        if isinstance(part, tuple):
            yield from _names(part)


def _code(words: Sequence[str], readings: Mapping[str, Reading]) -> list[Step] | str | None:
    """The derivation, None if there is none, or the word that has no reading."""
    try:
        return parse(words, readings)
    except KeyError as error:
        return str(error.args[0])


def _value(code: list[Step] | str | None) -> tuple[Value | None, str]:
    if code is None:
        return None, "the words do not combine"
    if isinstance(code, str):
        return None, f"no meaning is known for: {code}"
    try:
        return evaluate(code), ""
    except TooLargeError as error:
        return None, str(error) or "the value grows too large"


def _is_mixed(words: Sequence[str], readings: Mapping[str, Reading]) -> bool:
    """Whether a sentence without a derivation has one if sorts are ignored."""
    known = {word: replace(reading, integers=False) for word, reading in readings.items()}
    return parse(words, known) is not None


def pattern(word: str, sign: Sign) -> str:
    """A word with its operands, such as ``x and y``."""
    word = word or "·"
    match sign.category:
        case Category.NULLARY:
            return word
        case Category.POSTFIX:
            return f"x {word}"
        case Category.INFIX:
            return "x y" if word == "·" else f"x {word} y"
        case Category.PREFIX:
            return f"{word} x"
        case Category.MIXFIX:
            return f"{word} x {sign.partner} y"
        case Category.CIRCUMFIX:
            return f"{word} x {sign.partner}"
        case Category.POLISH:
            return f"{word} x y"
        case Category.REVERSE_POLISH:
            return f"x y {word}"
        case Category.PARTNER:
            return f"… {word} …"
