"""Random lexicons of the learner's own space, with sentences of theirs: what it should find again.

A lexicon has 4 to 20 words and 1 to 4 operators, of all categories, on 1 to 4 levels; the program
of an operator joins its arguments, bare, reversed, or without their first token or the others, with
a constant, a repeated part or a further part. The other words denote lists of up to 3 tokens.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

from abduce.symbolic.nsr.deduction.syntax import (
    ARITIES,
    NULLARY,
    Category,
    Reach,
    Sign,
)
from abduce.symbolic.nsr.hypothesis import (
    PARTNER_ENTRY,
    Entries,
    Entry,
    Workbench,
    World,
    answer_of,
    with_tidy_levels,
)
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.terms import Term, concat, repeat, variable

Row = tuple[tuple[str, ...], tuple[str, ...]]
DRAWS: Final = 200
LONGEST: Final = 12
"""The upper limit on the words of a sentence."""
LONGEST_OUTPUT: Final = 60
ROWS: Final = 2_000
ROWS_A_WORD: Final = 50
TRIES: Final = 20
"""How often a sentence is drawn for each row that there should be: small languages have fewer."""
OPERATORS: Final = (
    Category.POSTFIX,
    Category.INFIX,
    Category.PREFIX,
    Category.MIXFIX,
    Category.CIRCUMFIX,
)
WITH_PARTNER: Final = (Category.MIXFIX, Category.CIRCUMFIX)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lexicon and sentences of its language.

    Attributes:
        entries: the lexicon.
        rows: different sentences, each with its output.
    """

    entries: Entries
    rows: tuple[Row, ...]

    @property
    def bits(self) -> float:
        """The description length of lexicon and rows, as the learner counts it."""
        alphabet = Alphabet()
        outputs = [alphabet.encode(output) for _, output in self.rows]
        words = {word: 1 for sentence, _ in self.rows for word in sentence}
        world = World(alphabet, len(alphabet.tokens), words)
        examples = [
            world.example(sentence, output)
            for (sentence, _), output in zip(self.rows, outputs, strict=True)
        ]
        met = {word: entry for word, entry in self.entries.items() if word in words}
        return Workbench(world, examples).hypothesis(met, False).bits


def drawn_lexicon(draw: int) -> Drawn:
    """The lexicon of this number, with all its rows, up to 50 for each word and 2,000 in all.

    >>> drawn = drawn_lexicon(6)
    >>> len(drawn.rows), drawn.bits
    (300, 74.0)
    """
    rng = Random(draw)
    entries = _lexicon(rng)
    wanted = min(ROWS, ROWS_A_WORD * len(entries))
    alphabet = Alphabet()
    world = World(alphabet, 1, dict.fromkeys(entries, 1))
    readings = {word: world.reading(word, entry) for word, entry in entries.items()}
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for _ in range(wanted * TRIES):
        sentence = _sentence(rng, entries)
        if sentence not in found:
            value = answer_of(sentence, readings)
            if isinstance(value, str) and len(value) <= LONGEST_OUTPUT:
                found[sentence] = alphabet.decode(value)
                if len(found) == wanted:
                    break
    return Drawn(entries, tuple(found.items()))


def _lexicon(rng: Random) -> Entries:
    size = rng.randint(4, 20)
    operators = rng.randint(1, min(4, size - 2))
    levels = [10.0 * (n + 1) for n in range(rng.randint(1, 4))]
    words = [f"w{n}" for n in range(size)]
    tokens = [f"T{n}" for n in range(size)]
    entries: dict[str, Entry] = {}
    for _ in range(operators):
        category = rng.choice(OPERATORS)
        if category in WITH_PARTNER and len(words) < operators + 2:
            category = Category.POSTFIX
        word = words.pop(0)
        reach = _reach(category, rng)
        level = 0.0 if category is Category.CIRCUMFIX else rng.choice(levels)
        partner = words.pop(0) if category in WITH_PARTNER else ""
        if partner:
            entries[partner] = PARTNER_ENTRY
        sign = Sign(category, level, reach, partner)
        entries[word] = Entry(sign, _program(rng, ARITIES[category], tokens))
    for number, word in enumerate(words):
        length = rng.choices([0, 1, 2, 3], [1, 12, 2, 1])[0]
        own = [tokens[number], *[rng.choice(tokens) for _ in range(length - 1)]][:length]
        entries[word] = Entry(NULLARY, concat([("token", token) for token in own]))
    return with_tidy_levels(entries)


def _reach(category: Category, rng: Random) -> Reach:
    match category:
        case Category.INFIX:
            return rng.choices(tuple(Reach), (3, 3, 1, 1))[0]
        case Category.PREFIX:
            return rng.choice((Reach.LEFT, Reach.RIGHT))
        case _:
            return Reach.LEFT


def _program(rng: Random, arity: int, tokens: list[str]) -> Term:
    def piece(index: int) -> Term:
        wrap = rng.choices((None, "reverse", "head", "tail"), (72, 12, 8, 8))[0]
        return variable(index) if wrap is None else (wrap, variable(index))

    all_of_them = rng.random() < 0.9
    parts = [piece(n) for n in (range(arity) if all_of_them else [rng.randrange(arity)])]
    rng.shuffle(parts)
    match rng.choices(("token", "more", "repeat", "same"), (30, 20, 15, 35))[0]:
        case "token":
            parts.insert(rng.randrange(len(parts) + 1), ("token", rng.choice(tokens)))
        case "more":
            parts.insert(rng.randrange(len(parts) + 1), piece(rng.randrange(arity)))
        case "repeat":
            at = rng.randrange(len(parts))
            parts[at] = repeat(parts[at], rng.randint(2, 5))
        case _:
            pass
    return concat(parts)


def _sentence(rng: Random, entries: Entries) -> tuple[str, ...]:
    plain = [w for w, e in entries.items() if e.sign.category is Category.NULLARY]
    operators = [w for w, e in entries.items() if e.sign.category in OPERATORS]

    def grow(words: int) -> list[str]:
        if words < 2 or rng.random() < 0.25:
            return [rng.choice(plain)]
        word = rng.choice(operators)
        sign = entries[word].sign
        match sign.category:
            case Category.POSTFIX:
                return [*grow(words - 1), word]
            case Category.PREFIX:
                return [word, *grow(words - 1)]
            case Category.INFIX:
                left = grow(words - 2)
                return [*left, word, *grow(words - 1 - len(left))]
            case Category.MIXFIX:
                left = grow(words - 3)
                return [word, *left, sign.partner, *grow(words - 2 - len(left))]
            case _:
                return [word, *grow(words - 2), sign.partner]

    while True:
        found = grow(rng.randint(1, LONGEST))
        if len(found) <= LONGEST:
            return tuple(found)
