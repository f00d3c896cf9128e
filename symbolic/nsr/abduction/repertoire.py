"""The edits that a revision may make in a lexicon to give one target, and their costs in bits.

    misread     misread_word + log2 of the number of symbols
    rebound     violated_binding for every operand that breaks a rule of ``chart``
    redefined   redefined_word + the new program with the choice of its tokens + its sign

Source: Li et al. 2024, NSR, section 3.3; the bits are ours, see ``priors``.
"""

import math
from collections.abc import Iterator, Sequence

from abduce.symbolic.nsr.abduction.induction import induce, simple_programs
from abduce.symbolic.nsr.abduction.meanings import PLACEHOLDERS, constant, matched, solve_hole
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    Category,
    Sign,
    Step,
    evaluate,
)
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY, Entries, Entry, levels_of
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import Term


class Repertoire:
    """The symbols, signs and programs that a revision of this lexicon may use for this target."""

    def __init__(self, lexicon: Lexicon, target: tuple[str, ...]) -> None:
        self.world = lexicon.world
        self.priors = priors = lexicon.world.priors
        self.violation_bits = priors.violated_binding
        self.least_redefined = priors.redefined_word + min(
            priors.nil, priors.variable, priors.token
        )
        self.entries = lexicon.entries
        self.open_class = lexicon.open_class
        self.target = target
        self.wanted = lexicon.world.alphabet.encode(target)
        self.symbols = [w for w in self.entries if w != JUXTAPOSITION]
        if self.open_class:
            self.symbols += sorted(lexicon.vocabulary - set(self.symbols))
        self.misread_bits = priors.misread_word + math.log2(max(len(self.symbols), 2))
        known = {t for e in self.entries.values() for t in e.constants}
        tokens = known.union(target, lexicon.vocabulary if self.open_class else ())
        self.tokens = len(tokens)
        self.token_bits = priors.token + math.log2(max(self.tokens, 2))
        self._tokens = set(target)
        self._novel = self._tokens.difference(known, self.symbols)
        self.words = len(lexicon.vocabulary)
        in_use = [e.sign for e in self.entries.values() if not e.sign.partner]
        usable = [s for s in in_use if s.category is not Category.PARTNER]
        self._signs = tuple(dict.fromkeys([NULLARY, *usable]))
        self._sign_bits: dict[tuple[str, Sign], float] = {}
        self._simple: dict[str, tuple[tuple[float, Entry], ...]] = {}
        self._induced: dict[tuple[tuple[str, ...], str], Term | None] = {}

    def entry(self, word: str) -> Entry | None:
        """The entry that the lexicon has, or None."""
        return self.entries.get(word, SELF_ENTRY if self.open_class and word else None)

    def ahead(self, words: Sequence[str], changes: Entries) -> float:
        """A lower bound on the bits of further edits, from the tokens that no symbol or changed
        entry supplies."""
        novel = self._novel.difference(words, *[e.constants for e in changes.values()])
        return self.priors.redefined_word + len(novel) * self.token_bits if novel else 0.0

    def least(self, word: str, sign: Sign, words: Sequence[str], changes: Entries) -> float:
        """A lower bound on the bits of a last entry, which supplies all tokens that the other words
        do not."""
        known = {w: changes.get(w) or self.entry(w) for w in (JUXTAPOSITION, *words) if w != word}
        missing = self._tokens.difference(words, *[e.constants for e in known.values() if e])
        program = max(len(missing) * self.token_bits, self.priors.nil)
        return self.bits(word, Entry(sign, ("nil",))) - self.priors.nil + program

    def redefinable(self, words: Sequence[str]) -> list[str]:
        """The words that may be redefined, and juxtaposition: those with a program and those
        without an entry."""
        known = {w: self.entry(w) for w in (JUXTAPOSITION, *words)}
        partner = Category.PARTNER
        return [w for w, e in known.items() if e is None or e.sign.category is not partner]

    def signs(self, word: str) -> Sequence[Sign]:
        """The signs that a word may have: its own; without one, nullary and every sign in use
        without a partner."""
        entry = self.entry(word)
        if entry is not None:
            return (entry.sign,)
        if word == JUXTAPOSITION:
            return [s for s in self._signs if s.category is Category.INFIX]
        return self._signs

    def bits(self, word: str, new: Entry) -> float:
        """The cost of giving a word this entry."""
        key = (word, new.sign)
        if key not in self._sign_bits:
            levels = levels_of({w: e for w, e in self.entries.items() if w != word})
            self._sign_bits[key] = self.world.sign_bits(new.sign, levels)
        choice = math.log2(max(self.tokens, 2)) * len(new.constants)
        return (
            self.priors.redefined_word
            + self._sign_bits[key]
            + self.world.term_bits(new.term)
            + choice
        )

    def simple(self, word: str) -> tuple[tuple[float, Entry], ...]:
        """Other entries with simple programs: for a nullary word, nil or a token of the target."""
        if word not in self._simple:
            self._simple[word] = tuple([(self.bits(word, e), e) for e in self._entries(word)])
        return self._simple[word]

    def _entries(self, word: str) -> Iterator[Entry]:
        old = self.entry(word)
        if old is None and word == JUXTAPOSITION:
            return
        sign = old.sign if old else NULLARY
        constants: list[Term] = [("nil",), *(("token", t) for t in dict.fromkeys(self.target))]
        for term in simple_programs(sign.arity, self.world.config) if sign.arity else constants:
            if old is None or term != old.term:
                yield Entry(sign, term)

    def solved(
        self, word: str, sign: Sign, code: Sequence[Step], at: Sequence[int]
    ) -> Entry | None:
        """The cheapest entry of the word for which the code gives the target, if it is determined.

        Args:
            at: the steps of the word; more than one of a nullary word must have the same value.
        """
        try:
            if len(at) == 1:
                arguments, value = solve_hole(code, at[0], self.wanted)
                if value is not None and arguments:
                    term = self._induce(arguments, value)
                    return None if term is None else Entry(sign, term)
            else:
                value = None if sign.arity else self._everywhere(code, at)
        except TooLargeError:
            return None
        return None if value is None else Entry(sign, constant(self.world, value, word))

    def _induce(self, arguments: tuple[str, ...], value: str) -> Term | None:
        pair = (arguments, value)
        if pair not in self._induced:
            found = induce([pair], self.world.alphabet, self.tokens, config=self.world.config)
            self._induced[pair] = found[0][1] if found else None
        return self._induced[pair]

    def _everywhere(self, code: Sequence[Step], at: Sequence[int]) -> str | None:
        """The one value that all these steps must have; lists of fewer than two tokens are simple
        programs."""
        filled = list(code)
        for length in range(2, len(self.wanted) + 1) if at else ():
            unknown = PLACEHOLDERS[:length]
            for k in at:
                filled[k] = (0, unknown, code[k][2])
            value = matched(evaluate(filled), self.wanted, length)
            if value is not None:
                return value
        return None
