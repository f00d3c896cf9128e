"""The derivation that ``parse`` finds is the only one that the binding powers allow."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    PARTNER,
    Category,
    Reach,
    Reading,
    Sign,
    evaluate,
    parse,
)
from abduce.symbolic.programs.typed.running import MAX_TOKENS, TooLargeError
from tests.strategies import lexicons, lexicons_and_sentences, meaning
from tests.work import calls

OPEN_RIGHT = (Category.INFIX, Category.PREFIX, Category.MIXFIX, Category.POLISH)
Tree = tuple[str, Reading, tuple["Tree", ...]]
"""(word, its reading, operands)."""


def value(words: str, lexicon: Mapping[str, Reading]) -> str | None:
    code = parse(words.split(), lexicon)
    if code is None:
        return None
    found = evaluate(code)
    assert isinstance(found, str)
    return found


def lexicon_of(**signs: Sign) -> dict[str, Reading]:
    """Readings that show the tree; ``juxtapose`` stands for the empty word."""
    named = {JUXTAPOSITION if w == "juxtapose" else w: sign for w, sign in signs.items()}
    named |= dict.fromkeys("xyz", NULLARY) | dict.fromkeys(("then", "close"), PARTNER)
    return {word: Reading.of(sign, meaning(word, sign.category)) for word, sign in named.items()}


def trees(words: tuple[str, ...], lexicon: Mapping[str, Reading]) -> Iterator[Tree]:
    """Every tree whose yield is the words, whatever the binding powers."""

    def within(start: int, end: int) -> list[Tree]:
        return list(trees(words[start:end], lexicon))

    n = len(words)
    for at, word in enumerate(words):
        reading = lexicon[word]
        spans: list[list[tuple[int, int]]] = []
        first, last = at == 0, at == n - 1
        match reading.category:
            case Category.NULLARY if n == 1:
                spans = [[]]
            case Category.POSTFIX if last:
                spans = [[(0, at)]]
            case Category.INFIX:
                spans = [[(0, at), (at + 1, n)]]
            case Category.PREFIX if first:
                spans = [[(1, n)]]
            case Category.CIRCUMFIX if first and words[-1] == reading.partner:
                spans = [[(1, n - 1)]] if lexicon[words[-1]].category is Category.PARTNER else []
            case Category.MIXFIX if first and reading.partner in lexicon:
                if lexicon[reading.partner].category is Category.PARTNER:
                    ends = [k for k, w in enumerate(words) if w == reading.partner]
                    spans = [[(1, k), (k + 1, n)] for k in ends]
            case Category.POLISH if first:
                spans = [[(1, k), (k, n)] for k in range(2, n)]
            case Category.REVERSE_POLISH if last:
                spans = [[(0, k), (k, at)] for k in range(1, at)]
        for operands in spans:
            if all(start < end for start, end in operands):
                for found in product(*(within(start, end) for start, end in operands)):
                    yield word, reading, found
    if JUXTAPOSITION in lexicon:
        for at in range(1, n):
            for found in product(within(0, at), within(at, n)):
                yield JUXTAPOSITION, lexicon[JUXTAPOSITION], found


def left_edge(tree: Tree) -> Iterator[Reading]:
    """The operators on the left spine."""
    while tree[1].category in (Category.INFIX, Category.POSTFIX, Category.REVERSE_POLISH):
        if tree[1].category is not Category.REVERSE_POLISH:
            yield tree[1]
        tree = tree[2][0]


def right_edge(tree: Tree) -> Iterator[Reading]:
    """The operators that are open on the right."""
    while tree[1].category in OPEN_RIGHT:
        yield tree[1]
        tree = tree[2][-1]


def well_bound(tree: Tree) -> bool:
    """What binds inside an operand is just what its operator leaves to it."""
    _, reading, operands = tree
    if reading.category in (Category.INFIX, Category.POSTFIX) and any(
        inner.right <= reading.left for inner in right_edge(operands[0])
    ):
        return False
    if reading.category is Category.REVERSE_POLISH and any(right_edge(operands[0])):
        return False
    if reading.category in OPEN_RIGHT and any(
        inner.left < reading.right for inner in left_edge(operands[-1])
    ):
        return False
    return all(well_bound(operand) for operand in operands)


def tree_text(tree: Tree) -> str:
    word, _, operands = tree
    return f"({' '.join([word or '·', *map(tree_text, operands)])})" if operands else word


@settings(max_examples=120)
@given(lexicons_and_sentences(most=6))
def test_parse_finds_the_one_tree_that_the_binding_powers_allow(drawn: tuple) -> None:
    lexicon, words = drawn
    allowed = [tree_text(t) for t in trees(tuple(words), lexicon) if well_bound(t)]
    code = parse(words, lexicon)
    assert allowed == ([] if code is None else [evaluate(code)])


@settings(max_examples=40)
@given(lexicons())
def test_parse_agrees_with_brute_force_on_every_sentence_of_three_words(lexicon: dict) -> None:
    words = [w for w in lexicon if w][::2]
    for sentence in product(words, repeat=3):
        allowed = [tree_text(t) for t in trees(sentence, lexicon) if well_bound(t)]
        code = parse(sentence, lexicon)
        assert allowed == ([] if code is None else [evaluate(code)])


@given(lexicons_and_sentences())
def test_every_word_but_partners_makes_one_step(drawn: tuple) -> None:
    lexicon, words = drawn
    code = parse(words, lexicon)
    if code is not None:
        steps = sorted(index for _, _, index in code if index >= 0)
        assert steps == [
            i for i, w in enumerate(words) if lexicon[w].category is not Category.PARTNER
        ]


INFIX, PREFIX = Category.INFIX, Category.PREFIX


@pytest.mark.parametrize(
    ("reach", "tree"),
    [
        (Reach.LEFT, "(plus (plus (plus x (times y z)) x) y)"),
        (Reach.RIGHT, "(plus x (plus (times y z) (plus x y)))"),
        (Reach.LOOSE, "(plus x (plus (times y z) (plus x y)))"),
    ],
)
def test_reach_decides_how_equals_associate(reach: Reach, tree: str) -> None:
    lexicon = lexicon_of(plus=Sign(INFIX, 10.0, reach), times=Sign(INFIX, 20.0))
    assert value("x plus y times z plus x plus y", lexicon) == tree


def test_a_loose_prefix_takes_all_that_follows_and_a_tight_one_a_single_phrase() -> None:
    plus, times = Sign(INFIX, 10.0), Sign(INFIX, 20.0)
    loose = lexicon_of(neg=Sign(PREFIX, 20.0, Reach.LOOSE), plus=plus, times=times)
    assert value("x times neg y plus z", loose) == "(times x (neg (plus y z)))"
    tight = lexicon_of(neg=Sign(PREFIX, 10.0, Reach.TIGHT), plus=plus, times=times)
    assert value("x times neg y plus z", tight) == "(plus (times x (neg y)) z)"
    assert value("neg neg y times z", tight) == "(times (neg (neg y)) z)"


def test_a_postfix_takes_what_binds_tighter() -> None:
    lexicon = lexicon_of(
        twice=Sign(Category.POSTFIX, 20.0),
        plus=Sign(INFIX, 10.0),
        power=Sign(INFIX, 30.0, Reach.RIGHT),
    )
    assert value("x plus y power z twice twice", lexicon) == "(plus x (twice (twice (power y z))))"


def test_juxtaposition_is_an_operator_like_others() -> None:
    lexicon = lexicon_of(juxtapose=Sign(INFIX, 20.0), plus=Sign(INFIX, 10.0))
    assert value("x y plus z x y", lexicon) == "(plus (· x y) (· (· z x) y))"
    del lexicon[JUXTAPOSITION]
    assert value("x y", lexicon) is None


def test_partners_close_the_nearest_operand_that_waits_for_them() -> None:
    lexicon = lexicon_of(
        when=Sign(Category.MIXFIX, 20.0, partner="then"),
        open=Sign(Category.CIRCUMFIX, partner="close"),
        plus=Sign(INFIX, 10.0),
    )
    assert value("when x plus y then x plus z", lexicon) == "(plus (when (plus x y) x) z)"
    assert value("when when x then y then z", lexicon) == "(when (when x y) z)"
    assert value("open x plus open y close close", lexicon) == "(open (plus x (open y)))"
    assert value("when open x close then open y close", lexicon) == "(when (open x) (open y))"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "plus",
        "x plus",
        "plus x",
        "x y",
        "x twice y",
        "twice",
        "neg",
        "x neg",
        "then",
        "x then y",
        "when x",
        "when x then",
        "when then x",
        "open close",
        "open x",
        "open x then",
        "when x close y",
        "open when x close then y",
        "open x close close",
    ],
)
def test_sentences_without_a_derivation(words: str) -> None:
    lexicon = lexicon_of(
        plus=Sign(INFIX, 10.0),
        neg=Sign(PREFIX, 10.0),
        twice=Sign(Category.POSTFIX, 10.0),
        when=Sign(Category.MIXFIX, 10.0, partner="then"),
        open=Sign(Category.CIRCUMFIX, partner="close"),
    )
    assert value(words, lexicon) is None


LENGTH = 10_000


@pytest.mark.parametrize(
    ("sign", "sentence"),
    [
        (Sign(INFIX, 10.0), ["x", *["w", "x"] * (LENGTH // 2)]),
        (Sign(INFIX, 10.0, Reach.RIGHT), ["x", *["w", "x"] * (LENGTH // 2)]),
        (Sign(PREFIX, 10.0), [*["w"] * LENGTH, "x"]),
        (Sign(Category.POSTFIX, 10.0), ["x", *["w"] * LENGTH]),
        (
            Sign(Category.CIRCUMFIX, partner="close"),
            [*["w"] * (LENGTH // 2), "x", *["close"] * (LENGTH // 2)],
        ),
        (
            Sign(Category.MIXFIX, 10.0, partner="then"),
            [*["w"] * (LENGTH // 3), "x", *["then", "x"] * (LENGTH // 3)],
        ),
    ],
)
def test_ten_thousand_words_take_no_recursion_and_little_work(
    sign: Sign, sentence: list[str]
) -> None:
    lexicon = lexicon_of(w=sign)
    lexicon["w"] = Reading.of(sign, lambda *operands: "x" * (len(operands[0]) % 2))
    code, parsing = calls(lambda: parse(sentence, lexicon))
    assert code is not None
    assert len(code) == sum(lexicon[w].category is not Category.PARTNER for w in sentence)
    value_, evaluating = calls(lambda: evaluate(code))
    assert value_ in ("", "x")
    assert parsing + evaluating < 20 * LENGTH


def test_a_value_that_outgrows_the_limit_is_too_large() -> None:
    lexicon = lexicon_of(double=Sign(Category.POSTFIX, 10.0))
    lexicon["double"] = Reading.of(Sign(Category.POSTFIX, 10.0), lambda x: x + x)
    code = parse(["x", *["double"] * 10], lexicon)
    assert code is not None
    assert evaluate(code) == "x" * 1024
    code = parse(["x", *["double"] * MAX_TOKENS.bit_length()], lexicon)
    assert code is not None
    with pytest.raises(TooLargeError):
        evaluate(code)


@given(st.sampled_from(Reach), st.sampled_from((10.0, 20.0)))
def test_a_right_operand_never_absorbs_looser_operators_unless_loose(
    reach: Reach, level: float
) -> None:
    right = Sign(INFIX, level, reach).right
    assert (right <= level) == (reach in (Reach.RIGHT, Reach.LOOSE))
    assert (right <= level - 1) == (reach is Reach.LOOSE)
    assert (right <= level + 1) == (reach is not Reach.TIGHT)
