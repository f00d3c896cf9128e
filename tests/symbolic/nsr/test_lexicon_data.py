"""Lexicons of files: what is read answers as what was written; what is no lexicon is refused."""

import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError, OutputError
from abduce.symbolic.nsr import (
    Lexicon,
    Revision,
    Rival,
    answer_uncertain,
    explain_target,
    learn,
)
from abduce.symbolic.nsr.abduction.edits import applied
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    PAIRED,
    Category,
    Reach,
    Sign,
)
from abduce.symbolic.nsr.hypothesis import PARTNER_ENTRY, Entry, World
from abduce.symbolic.nsr.lexicon import MIXED
from abduce.symbolic.nsr.priors import PRIORS
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.program_data import MAX_DEPTH, term_data, term_from
from abduce.symbolic.programs.typed.running import MAX_TOKENS, compiled
from abduce.symbolic.programs.typed.terms import Term, bits, concat, numeral, repeat, show, variable
from tests.strategies import TOKENS, programs

WORDS = ("a", "b", "c", "d", "é\n")
PARTNERED = (Category.MIXFIX, Category.CIRCUMFIX)


@st.composite
def entries(draw: st.DrawFn, categories: list[Category]) -> Entry:
    category = draw(st.sampled_from(categories))
    partner = "s" if category in PARTNERED else ""
    level = draw(st.sampled_from([0.0, 10.0, 17.5, 1e7]))
    sign = Sign(category, level, draw(st.sampled_from(Reach)), partner)
    kinds = [LIST] * sign.arity
    return Entry(sign, draw(programs(draw(st.sampled_from([LIST, INTEGER])), kinds, size=3)))


OPERATORS = [c for c in Category if c not in (Category.NULLARY, Category.PARTNER)]
ANY = entries([Category.NULLARY, *OPERATORS])


SENTENCES = st.lists(st.sampled_from((*WORDS, "s", "new")), max_size=6)


@st.composite
def lexicons(draw: st.DrawFn) -> Lexicon:
    """Any lexicon at all, with rivals, also of juxtaposition."""
    infix = entries([Category.INFIX])
    beside = draw(st.sampled_from([None, Category.INFIX, *PAIRED]))
    taken = [c for c in OPERATORS if c not in PAIRED or c is beside]
    any_entry = entries([Category.NULLARY, *taken])
    found = {word: draw(any_entry) for word in WORDS} | {"s": PARTNER_ENTRY}
    if beside is Category.INFIX:
        found[JUXTAPOSITION] = draw(infix)
    changes = st.dictionaries(st.sampled_from(WORDS), st.none() | any_entry, max_size=2)
    rivals = draw(st.lists(st.builds(Rival, changes, st.floats(0, 50)), max_size=2))
    if beside in (None, Category.INFIX) and draw(st.booleans()):
        rivals.append(Rival({JUXTAPOSITION: draw(infix)}, 1.5))
    summary = {"status": "complete", "explained": 3, "unexplained": [1, 2], "bits": None}
    vocabulary = frozenset((*WORDS, "s"))
    world = World(Alphabet(), 3, dict.fromkeys(sorted(vocabulary), 1))
    sentences = SENTENCES.map(lambda words: tuple(map(str, words)))
    rows = draw(st.dictionaries(sentences, sentences, max_size=2))
    opened = draw(st.booleans())
    return Lexicon(found, opened, tuple(rivals), vocabulary, 0.5, summary, world, rows)


@settings(max_examples=60)
@given(lexicons(), st.lists(SENTENCES, min_size=1, max_size=5))
def test_written_and_read_pickled_and_copied_it_answers_the_same(
    lexicon: Lexicon, sentences: list[list[str]]
) -> None:
    text = json.dumps(lexicon.to_json(), allow_nan=False)
    copies = [pickle.loads(pickle.dumps(lexicon)), copy.deepcopy(lexicon), copy.copy(lexicon)]
    assert copies == [lexicon] * 3
    read_back = Lexicon.from_json(json.loads(text))
    assert read_back == Lexicon.from_json(read_back.to_json())
    for other in (*copies, read_back):
        assert other.show() == lexicon.show()
        for sentence in sentences:
            assert other.answer(sentence) == lexicon.answer(sentence)
            assert other.explain(sentence) == lexicon.explain(sentence)


@settings(max_examples=60)
@given(lexicons(), SENTENCES, st.lists(st.sampled_from(TOKENS), max_size=3))
def test_lists_and_numbers_are_never_mixed_whatever_is_asked_or_revised(
    lexicon: Lexicon, sentence: list[str], target: list[str]
) -> None:
    reason = lexicon.answer(sentence).reason
    assert (MIXED in lexicon.explain(sentence)) == (reason == MIXED) or lexicon.rivals
    answer_uncertain(lexicon, [dict.fromkeys((word, "a"), 0.5) for word in sentence])
    revision = explain_target(lexicon, sentence, target, fuel=300)
    if isinstance(revision, Revision):
        assert applied(lexicon, sentence, revision.edits) == tuple(target)


def test_a_learned_lexicon_of_an_open_class_is_revised_the_same_after_a_pickle() -> None:
    lexicon = learn(
        [("copy a b", "a b"), ("swap a b", "b a"), ("swap c a", "a c"), ("copy c", "c")]
    )
    again = pickle.loads(pickle.dumps(lexicon))
    assert again == lexicon
    one, two = (explain_target(each, "swap b c", "b c") for each in (lexicon, again))
    assert one == two


@pytest.mark.parametrize("times", [3, 64, 500, 5_000])
def test_what_repeats_its_argument_often_is_learned_shown_answered_and_kept(times: int) -> None:
    """The learner's own form of it, without the time that it takes to find the longest."""
    fep = Entry(Sign(Category.POSTFIX, 10.0), repeat(variable(0), times))
    words = {"dax": Entry(NULLARY, ("token", "A")), "fep": fep}
    world = World(Alphabet(), 1, dict.fromkeys(sorted(words), 1))
    lexicon = Lexicon(words, False, (), frozenset(words), 0.5, {}, world)
    if times <= 100:
        rows = [(w, w.upper()) for w in ("dax", "lug")]
        rows += [(f"{w} fep", " ".join([w.upper()] * times)) for w in ("dax", "lug")]
        assert learn(rows).answer("lug fep").value == ("LUG",) * times
    assert f"(x)^{times}" in lexicon.show()
    for each in (lexicon, Lexicon.from_json(json.loads(json.dumps(lexicon.to_json())))):
        assert each.answer("dax fep").value == ("A",) * times
        assert "[fep:" in each.explain("dax fep")
        assert each == pickle.loads(pickle.dumps(each)) == copy.deepcopy(each)
        explain_target(each, "dax fep", "A")


@pytest.mark.parametrize("length", [10, 1_000, 20_000])
def test_a_long_constant_is_a_shallow_term(length: int) -> None:
    parts: list[Term] = [("token", f"t{n}") for n in range(length)]
    term, again = concat(parts), concat(list(parts))
    assert term == again
    assert hash(term) == hash(again)
    assert pickle.loads(pickle.dumps(term)) == term
    assert bits(term, PRIORS) == bits(concat(parts[:-1]), PRIORS) + bits(parts[-1], PRIORS) + 1
    assert len(str(compiled(Program(term, 0), Alphabet())())) == length
    assert show(term).count(" ") == length - 1
    assert read(json.loads(json.dumps(term_data(term))), 0) == term


def read(data: Any, arity: int) -> Term:
    def wrong(path: str, expected: str, found: Any) -> Any:
        raise ValueError(path, expected)

    return term_from(data, arity, wrong)


def test_a_file_of_format_1_is_read() -> None:
    unary: list[Any] = ["zero"]
    for _ in range(300):
        unary = ["increment", unary]
    program = ["iterate", unary, ["append", ["state", 0], ["variable", 0]], ["nil"]]
    fep = {"category": "postfix", "program": program, "level": 10.0, "reach": "left"}
    dax = {"category": "nullary", "program": ["token", "A"]}
    data = {"format": 1, "entries": {"dax": dax, "fep": fep}, "vocabulary": ["dax", "fep"]}
    lexicon = Lexicon.from_json(data)
    assert lexicon.answer("dax fep").value == ("A",) * 300
    assert lexicon.entries["fep"].term == repeat(variable(0), 300)


X = ["variable", 0]
SHELLS: dict[str, Callable[[Any], Any]] = {
    "head": lambda p: ["head", p],
    "reverse": lambda p: ["reverse", p],
    "decrement": lambda p: ["decrement", p],
    "append on the right": lambda p: ["append", ["reverse", X], ["tail", p]],
    "append on the left": lambda p: ["append", ["head", p], X],
    "a branch": lambda p: ["if_zero", X, p, X],
    "a condition": lambda p: ["if_zero", p, X, X],
    "a step": lambda p: ["iterate", X, p, X],
    "increments": lambda p: ["increment", ["increment", ["decrement", p]]],
}


@pytest.mark.parametrize("shell", SHELLS.values(), ids=SHELLS)
@pytest.mark.parametrize("depth", [1, 15, 80, 300])
def test_a_program_of_any_depth_compiles_or_is_refused(
    shell: Callable[[Any], Any], depth: int
) -> None:
    program: Any = X
    for _ in range(depth):
        program = shell(program)
    if depth > MAX_DEPTH:
        with pytest.raises(ValueError, match="within each other"):
            read(program, 1)
        return
    term = read(program, 1)
    assert callable(compiled(Program(term, 1), Alphabet()))
    assert show(term)


A: Any = {"category": "nullary", "program": ["token", "A"]}
B: Any = {"category": "postfix", "program": ["variable", 0], "level": 10.0, "reach": "left"}
POLISH: Any = {"category": "polish", "program": ["nil"], "level": 10.0}
REVERSE: Any = {"category": "reverse_polish", "program": ["nil"]}
INFIX: Any = {"category": "infix", "program": ["variable", 0], "level": 10.0}
GOOD: Any = {
    "format": 4,
    "entries": {"a": A, "b": B},
    "open_class": False,
    "rivals": [{"bits": 1.0, "changes": {"a": None}}],
    "vocabulary": ["a", "b"],
    "min_posterior": 0.5,
    "summary": {"rows": 2},
}
POWER = ["append", ["state", 0], ["state", 0]]
BAD: list[tuple[str, Any, str]] = [
    ("format", True, "format true"),
    ("format", 5, "format 5"),
    ("format", None, "format null"),
    ("formats", 1, 'the key "formats"'),
    ("rows", {}, "{} at rows"),
    ("rows", [{"input": ["a"]}], "no 'output'"),
    ("rows", [{"input": ["a"], "output": "b"}], '"b" at rows[0].output'),
    ("rows", [{"input": [1], "output": []}], "1 at rows[0].input[0]"),
    ("open_class", 1, "1 at open_class"),
    ("min_posterior", 1.5, "1.5 at min_posterior"),
    ("min_posterior", float("nan"), "NaN at min_posterior"),
    ("min_posterior", True, "true at min_posterior"),
    ("vocabulary", "ab", '"ab" at vocabulary'),
    ("vocabulary", ["a", 1], "1 at vocabulary[1]"),
    ("vocabulary", ["\ud800"], "a surrogate"),
    ("summary", [], "[] at summary"),
    ("summary", {"a": {"b": 1}}, "an object at summary.a"),
    ("summary", {"a": float("inf")}, "Infinity at summary.a"),
    ("rivals", {}, "{} at rivals"),
    ("rivals", [[]], "[] at rivals[0]"),
    ("rivals", [{"bits": -1, "changes": {}}], "-1 at rivals[0].bits"),
    ("rivals", [{"bits": 10**400, "changes": {}}], "more than 60 digits at rivals[0].bits"),
    ("rivals", [{"bits": float("inf"), "changes": {}}], "Infinity at rivals[0].bits"),
    ("rivals", [{"bits": 1, "changes": {"a": 7}}], "7 at rivals[0].changes.a"),
    ("rivals", [{"bits": 1, "changes": {"": A}}], 'at rivals[0].changes[""].category'),
    ("rivals", [{"bits": 1, "changes": {"a": POLISH, "": INFIX}}], "at rivals[0].changes.a.c"),
    ("rivals", [{"bits": 1, "changes": {"a": POLISH, "b": REVERSE}}], "at rivals[0].changes.a.c"),
    ("entries", [], "[] at entries"),
    ("entries", {"a": POLISH, "": INFIX}, "no word of polish beside an entry of two phrases"),
    ("entries", {"\ud800": A}, "a surrogate"),
    ("entries", {"": A}, 'at entries[""].category'),
    ("entries", {"a b": 1}, '1 at entries["a b"]'),
    ("entries", {"a": A | {"colour": 1}}, 'the key "colour" at entries.a'),
    ("entries", {"a": {"category": "nullary"}}, "no 'program' at entries.a"),
    ("entries", {"a": A | {"category": ["nullary"]}}, '["nullary"] at entries.a.category'),
    ("entries", {"a": A | {"category": "circumfix"}}, "no partner at entries.a"),
    ("entries", {"a": A | {"partner": "b"}}, 'the partner "b" at entries.a'),
    ("entries", {"b": B | {"level": -1.0}}, "-1.0 at entries.b.level"),
    ("entries", {"b": B | {"level": 1e9}}, "1000000000.0 at entries.b.level"),
    ("entries", {"b": B | {"level": 10**400}}, "more than 60 digits at entries.b.level"),
    ("entries", {"b": B | {"level": True}}, "true at entries.b.level"),
    ("entries", {"b": B | {"reach": None}}, "null at entries.b.reach"),
]
PROGRAMS: list[tuple[Any, str]] = [
    (["token", "\ud800"], ".program[1]"),
    (["token", 1], "1 at entries.b.program[1]"),
    (["variable", 0.0], "0.0 at entries.b.program[1]"),
    (["variable", False], "false at entries.b.program[1]"),
    (["variable", -1], "-1 at entries.b.program[1]"),
    (["variable", 0, 0], '["variable", 0, 0] at entries.b.program'),
    (["state", 0], "out of range"),
    (["number", -1], "-1 at entries.b.program[1]"),
    (["number", 10**30], "at entries.b.program[1]"),
    (["head", ["zero"]], "at entries.b.program[1]"),
    (["append", ["nil"], ["append", ["zero"], ["nil"]]], "at entries.b.program[2][1]"),
    (["increment", ["nil"]], "at entries.b.program[1]"),
    (["append", ["variable", 0], ["token", "A"], ["nil"]], "at entries.b.program"),
    (["if_zero", ["variable", 0], ["variable", 0], ["nil"]], "at entries.b.program[3]"),
    (["if_zero", ["zero"], ["nil"], ["zero"]], "at entries.b.program"),
    (["iterate", ["number", 3], ["zero"], ["nil"]], "at entries.b.program[2]"),
    (["iterate", ["nil"], ["state", 0], ["nil"]], "at entries.b.program[1]"),
    ([["nil"]], "at entries.b.program"),
    ("nil", '"nil" at entries.b.program'),
    ({"nil": []}, "an object at entries.b.program"),
]
BAD += [("entries", {"b": B | {"program": p}}, says) for p, says in PROGRAMS]
ENDLESS = [
    ["iterate", ["number", 100], POWER, ["token", "A"]],
    ["iterate", ["number", MAX_TOKENS], ["increment", ["state", 0]], ["zero"]],
    ["append", *[["iterate", ["number", MAX_TOKENS], [*POWER[:2], ["token", "A"]], ["nil"]]] * 2],
    ["number", MAX_TOKENS**2 + 1],
    ["iterate", ["number", 10**5], ["iterate", ["number", 10**5], ["increment", ["state", 0]],
     ["state", 0]], ["zero"]],
]  # fmt: skip
BAD += [("entries", {"a": A | {"program": p}}, "entries.a.program") for p in ENDLESS]


def test_a_rival_that_does_not_go_with_the_other_entries_is_refused() -> None:
    rival = {"bits": 1.0, "changes": {"": INFIX}}
    alone = GOOD | {"rivals": [rival]}
    assert Lexicon.from_json(alone).rivals[0].bits == 1
    beside = alone | {"entries": {"a": A, "c": POLISH}}
    with pytest.raises(InputError, match=r'the word "c" at rivals\[0\].changes'):
        Lexicon.from_json(beside)
    without = beside | {"rivals": [{"bits": 1.0, "changes": {"": INFIX, "c": None}}]}
    assert Lexicon.from_json(without).rivals[0].bits == 1


def test_the_good_one_is_good() -> None:
    assert Lexicon.from_json(GOOD).answer("a b").value == ("A",)


def test_what_is_saved_is_loaded_and_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    lexicon, path = Lexicon.from_json(GOOD), tmp_path / "lexicon.json"
    lexicon.save(path)
    assert Lexicon.load(path) == Lexicon.load(str(path)) == lexicon
    before = path.read_bytes()
    Lexicon.load(path).save(path)
    assert path.read_bytes() == before
    with pytest.raises(OutputError):
        lexicon.save(path / "below.json")
    assert path.read_bytes() == before


@pytest.mark.parametrize(("key", "value", "says"), BAD, ids=lambda x: str(x)[:40])
def test_a_damage_is_refused_with_its_place(
    key: str, value: Any, says: str, tmp_path: Path
) -> None:
    data = GOOD | {key: value}
    path = tmp_path / "lexicon.json"
    path.write_text(json.dumps(data))
    for reading in (lambda: Lexicon.from_json(data), lambda: Lexicon.load(path)):
        with pytest.raises(InputError) as caught:
            reading()
        assert says in str(caught.value)
    assert caught.value.path == path


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(
        ["nil", "append", "variable", "nullary", "infix", "a"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and its key."""
    if not isinstance(value, dict | list):
        return []
    keys: Any = list(value) if isinstance(value, dict) else range(len(value))
    return [(value, k) for k in keys] + [p for k in keys for p in places(value[k])]


@settings(max_examples=300)
@given(st.data(), JSON)
def test_whatever_stands_anywhere_is_refused_or_answers(data: st.DataObject, value: Any) -> None:
    damaged = copy.deepcopy(GOOD)
    holder, key = data.draw(st.sampled_from(places(damaged)))
    holder[key] = value
    try:
        lexicon = Lexicon.from_json(damaged)
    except InputError:
        return
    for sentence in ("a", "a b", "b", "a b b a"):
        lexicon.answer(sentence)
        lexicon.explain(sentence)
    json.dumps(lexicon.to_json(), allow_nan=False)
    assert lexicon.show()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"format": 2, "format": 2, "entries": {}}', 'the key "format" twice'),
        ('{"format": 2, "entries": {"a": 1, "a": 2}}', 'the key "a" twice at entries'),
        ('{"format": 2, "entries": {}, "min_posterior": NaN}', "NaN at min_posterior"),
        ('{"format": 2, "entries": {}, "min_posterior": 1e999}', "Infinity at min_posterior"),
        ('{"format": 2, "entries": {}, "min_posterior": ' + "9" * 9_999 + "}", "at min_posterior"),
        ("[" * 100_000, "nested too deeply"),
        ('{"format": 2, "entries": ' + '{"a":' * 50_000, "nested too deeply"),
        ('{"format": 2,\n "entries": }', ":2:13: found no JSON"),
        ("\ufeff" + json.dumps(GOOD | {"open_class": 7}), "7 at open_class"),
    ],
    ids=lambda text: text[:40],
)
def test_a_file_that_is_no_lexicon_says_where(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "lexicon.json"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        Lexicon.load(path)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 600


def test_bytes_that_are_no_text_are_placed(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.json"
    path.write_bytes(b'{\n"a": "\xff"}')
    with pytest.raises(InputError, match=r":2: found no JSON text: the byte 0xff"):
        Lexicon.load(path)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 400])
def test_numerals_in_both_notations_are_one_term(n: int) -> None:
    unary: list[Any] = ["zero"]
    for _ in range(n):
        unary = ["increment", unary]
    assert read(unary, 0) == read(["number", n], 0) == numeral(n)
    assert read(["increment", ["number", n]], 0) == numeral(n + 1)
