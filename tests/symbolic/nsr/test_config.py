"""Every field of the configuration is read: another value changes what is learned somewhere."""

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import pytest

from abduce.benchmarks.data.random_lexicons import drawn_lexicon
from abduce.configuration import configured, leaves
from abduce.symbolic.nsr import Lexicon, explain_target, learn, learn_actively
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.deduction.syntax import NULLARY, Category
from abduce.symbolic.nsr.hypothesis import Entry
from abduce.symbolic.nsr.learn import examples_of
from abduce.symbolic.nsr.learning.proposing import Proposer
from abduce.symbolic.nsr.learning.run import Run
from tests.symbolic.nsr.number_outcomes import OUTCOMES
from tests.toy_languages import COMMANDS, language, pairs_of

DRAWN, MIXED = 60, 24
"""The number of rows of a random lexicon, and of one that has every third output from another."""
Row = tuple[tuple[str, ...], tuple[str, ...]]

POSTFIX, INFIX = Category.POSTFIX, Category.INFIX
LANGUAGES = {
    "untold": ({"fep": (INFIX, 10.0, "yx"), "kiki": (POSTFIX, 30.0, "xx")}, 2, (1, 2, 3)),
    "nounless": ({"fep": (INFIX, 30.0, "xyx"), "kiki": (POSTFIX, 10.0, "xxx")}, 2, (2, 3)),
    "three": ({"fep": (INFIX, 20.0, "yxy"), "kiki": (INFIX, 10.0, "xxy")}, 3, (1, 3)),
}
TEXTS = {
    "scrambled": (
        "e a = X Y / d e a = Y / d e = X Z Y / b a e = X / e a = Z X / a b d = Z X / b e d = X Y"
        " / b c = Z"
    ),
    "commands": " / ".join(f"{s} = {t}" for s, t in COMMANDS),
    "echo": (
        "say dax = dax / say lug = lug / say wif wif = wif wif / twice zup = zup zup / "
        "twice kip = kip kip / say twice bim = bim bim / twice fop = fop fop / say tam = tam / "
        "say nor = nor / twice say gil = gil gil / say wif = wif / twice dax = dax dax"
    ),
    "edits": (
        "copy A B = A B / copy C = C / reverse A B C = C B A / reverse D E = E D / "
        "copy reverse E F = F E / copy G H I = G H I / reverse copy I J K = K J I / "
        "swap A B C D = D B C A / swap E F G = G F E / first A , B C = A / first D , A = D / "
        "copy B = B / reverse A = A / rest A B C = B C / rest E F = F"
    ),
    "closed": (
        "dax = R / lug = B / wif = G / open dax close = R R / open lug close = B B / "
        "open wif dax close = G R G R / from dax to lug = B R / from wif to dax = R G / "
        "from lug to wif = G B / open from dax to lug close = B R B R / "
        "from open dax close to wif = G R R / dax lug = R B / wif dax = G R"
    ),
    "shared": "a x = X P / b x = X Q / a y = Y P / b y = Y Q / c z = Z P",
    "powers": (
        "1 = 1 / 2 = 2 / 3 = 3 / 1 - 2 = 1 2 m / 1 - 2 - 3 = 1 2 m 3 m / 3 - 1 - 2 = 3 1 m 2 m / "
        "1 ^ 2 = 1 2 p / 1 ^ 2 ^ 3 = 1 2 3 p p / 3 ^ 1 ^ 2 = 3 1 2 p p / 1 - 2 ^ 3 = 1 2 3 p m / "
        "1 ^ 2 - 3 = 1 2 p 3 m / neg 1 = 1 n / neg 1 - 2 = 1 n 2 m / neg 1 ^ 2 = 1 2 p n"
    ),
    "reversed": (
        "wif lug dax = GREEN BLUE RED / wif dax fep = GREEN RED RED / "
        "dax fep lug = RED RED BLUE / blick lug fep = BLUE BLUE / "
        "lug blick wif = BLUE BLUE / wif lug wif = GREEN BLUE GREEN"
    ),
    "guessed": (
        "dax blick fep = RED RED RED RED / lug blick blick = BLUE BLUE BLUE BLUE / "
        "lug dax = BLUE RED / dax lug lug = RED BLUE BLUE / dax lug = RED BLUE"
    ),
    "valued": (
        "fep fep lug = BLUE BLUE BLUE BLUE BLUE / fep lug lug = BLUE BLUE BLUE BLUE / "
        "dax blick = RED RED RED RED / fep fep wif = GREEN GREEN GREEN GREEN / dax = RED / "
        "wif lug dax = GREEN BLUE RED / fep dax dax = RED RED RED RED"
    ),
    "nothing": ("D kiki = C / A C kiki = C / D D kiki = D / D = D"),
    "phrases": (
        "what is the capital of iowa = answer ( capital ( iowa ) ) / "
        "what is the area of ohio = answer ( area ( ohio ) ) / "
        "what is the capital of ohio = answer ( capital ( ohio ) ) / "
        "what is the area of utah = answer ( area ( utah ) ) / "
        "what is the size of iowa = answer ( size ( iowa ) ) / "
        "what is the size of utah = answer ( size ( utah ) )"
    ),
    "tally": (
        "6 = I I I I I I / 3 plus 9 = I I I I I I I I I I I I / 1 plus 3 = I I I I / "
        "2 plus 2 = I I I I / 8 plus 4 = I I I I I I I I I I I I / 9 = I I I I I I I I I / "
        "2 = I I / 4 = I I I I / 8 plus 8 = I I I I I I I I I I I I I I I I / "
        "9 plus 7 = I I I I I I I I I I I I I I I I / 5 plus 3 = I I I I I I I I / "
        "4 plus 8 = I I I I I I I I I I I I / 7 = I I I I I I I / "
        "7 plus 1 = I I I I I I I I / 8 = I I I I I I I I / "
        "6 plus 6 = I I I I I I I I I I I I / 9 plus 3 = I I I I I I I I I I I I / "
        "7 plus 9 = I I I I I I I I I I I I I I I I / 5 plus 7 = I I I I I I I I I I I I / "
        "7 plus 5 = I I I I I I I I I I I I"
    ),
    "sums": (
        "7 + 5 + 7 = n19 / 5 + 1 * 1 = n6 / 1 + 6 + 5 = n12 / 7 + 3 + 2 = n12 / "
        "6 * 8 = n48 / 8 * 5 = n40"
    ),
    "checked": (
        "D A A D kiki = D A A D D A A D D A A D / C kiki = C C C / B A kiki = B A B A B A / "
        "B kiki = B B B / A B kiki = A B A B A B A / "
        "B C B A kiki = B C B A B C B A B C B A / C A C = C A C"
    ),
    "wrong": (
        "kiki A = A A / kiki B E A = B A A A / kiki B = B B / kiki B A C = B A C C / "
        "fep C C = C / fep C B = B / fep B B B = B B / fep C = / E = E / C A C = C A C / "
        "C D = C D / C B D = C B D"
    ),
    "little": ("A kiki = E / A D kiki = D / A kiki ="),
    "tight": (
        "D kiki = D D / A kiki = A A / C D A A kiki = C D A A C / C kiki = C C / D = D / "
        "A C B = A C B / B D A = B D A / B D = B D"
    ),
    "settled": (
        "lug fep wif = BLUE BLUE BLUE GREEN GREEN / "
        "wif dax wif = GREEN RED RED GREEN GREEN / "
        "lug dax fep = BLUE RED RED RED RED RED RED / wif wif = GREEN GREEN GREEN / "
        "lug fep lug = BLUE BLUE BLUE BLUE BLUE"
    ),
    "rare": (
        "append E5 A1 , A1 D4 D4 = E5 A1 A1 D4 D4 / "
        "append F6 D4 B2 , D4 A1 = F6 D4 B2 D4 A1 / "
        "append D4 E5 A1 , C3 F6 B2 = D4 E5 A1 C3 F6 B2 / "
        "append C3 A1 , A1 F6 = C3 A1 A1 F6 / append D4 F6 , D4 F6 = D4 F6 D4 F6 / "
        "append E5 B2 , D4 E5 B2 = E5 B2 D4 E5 B2 / "
        "append E5 F6 B2 , C3 E5 D4 = E5 F6 B2 C3 E5 D4 / "
        "append E5 A1 D4 , F6 D4 = E5 A1 D4 F6 D4 / drop F6 B2 C3 , A1 D4 F6 = F6 B2 C3 / "
        "drop B2 E5 , C3 D4 F6 = B2 E5 / drop D4 A1 , F6 E5 E5 = D4 A1 / "
        "drop F6 B2 B2 , A1 B2 = F6 B2 B2 / drop D4 E5 , E5 C3 D4 = D4 E5 / "
        "drop F6 E5 E5 , D4 F6 = F6 E5 E5 / drop E5 E5 , D4 A1 = E5 E5 / "
        "drop C3 E5 E5 , E5 D4 = C3 E5 E5 / drop C3 D4 C3 , E5 E5 = C3 D4 C3 / "
        "drop2 B2 E5 , C3 C3 = B2 E5"
    ),
    "uneven": (
        "wif lug = GREEN BLUE / blick dax wif = RED GREEN RED GREEN RED GREEN / "
        "dax kiki kiki = RED RED RED RED RED RED RED RED RED / "
        "wif wif wif = GREEN GREEN GREEN / wif dax kiki = GREEN RED RED / "
        "blick wif wif = GREEN GREEN GREEN GREEN GREEN GREEN / lug dax dax = BLUE RED RED / "
        "dax kiki dax = RED RED RED / dax blick lug = RED BLUE BLUE BLUE / "
        "wif blick wif = GREEN GREEN GREEN GREEN / "
        "blick wif lug = GREEN BLUE GREEN BLUE GREEN BLUE / dax wif wif = RED GREEN GREEN / "
        "blick blick wif = GREEN GREEN GREEN GREEN GREEN GREEN GREEN GREEN GREEN / "
        "wif lug kiki = GREEN BLUE BLUE BLUE / wif wif lug = GREEN GREEN BLUE / "
        "dax dax dax = RED RED RED"
    ),
    "unknown": (
        "dax = R / lug = B / wif = G / dax lug = R B / wif dax = G R / "
        "dax fep lug kiki = R R B B B / lug fep wif fep dax kiki = B B G G R R R / "
        "dax fep wif kiki kiki = R R G G G G G G G G G / wif kiki dax fep = G G G R R"
    ),
    "polish": (
        "dax = R / lug = B / wif = G / and dax lug = R B / and wif dax = G R / "
        "and and dax lug wif = R B G / and lug and dax wif = B R G / "
        "and wif and lug dax = G B R / and and lug wif dax = B G R"
    ),
    "reverse polish": (
        "dax = R / lug = B / wif = G / dax lug and = R B / wif dax and = G R / "
        "dax lug and wif and = R B G / lug dax wif and and = B R G / "
        "wif lug dax and and = G B R / lug wif and dax and = B G R"
    ),
    "alike": (
        "dax = R / lug = B / wif = G / dax fep = R R / lug fep = B B / wif fep = G G / "
        "dax kiki = R R R / lug kiki = B B B / wif kiki = G G G / dax and lug = R B / "
        "lug and wif = B G / dax and lug fep = R B B / wif and dax fep = G R R / "
        "lug and dax fep = B R R / wif and wif fep = G G G"
    ),
    "revise": (
        "dax = RED / lug = BLUE / dax twice = RED RED / lug twice = BLUE BLUE / "
        "dax thrice = RED RED RED / lug thrice = BLUE BLUE BLUE / dax and lug = RED BLUE / "
        "dax and lug twice = RED BLUE BLUE / lug thrice and dax = BLUE BLUE BLUE RED / "
        "dax lug = RED BLUE"
    ),
}
REVISED = (
    ("dax twice", "BLUE BLUE"),
    ("dax twice thrice", "RED RED RED RED"),
    ("dax and lug twice", "RED BLUE RED BLUE"),
    ("dax thrice", "RED RED"),
    ("lug", "GREEN"),
    ("dax lug", "BLUE RED"),
    ("dax twice twice", "RED " * 16),
    ("dax twice thrice thrice", "RED"),
    ("dax twice and lug thrice", "RED BLUE BLUE BLUE BLUE BLUE"),
)
WITNESSES: Final[Mapping[str, tuple[str, float]]] = {
    "min_posterior": ("commands", 1.5),
    "priors.variable": ("commands", 0.0),
    "priors.self": ("powers", 22.0),
    "priors.nil": ("commands", 6.0),
    "priors.token": ("shared", 0.0),
    "priors.append": ("commands", 0.0),
    "priors.head": ("closed", 0.0),
    "priors.tail": ("closed", 0.0),
    "priors.reverse": ("closed", 0.0),
    "priors.zero": ("commands", 6.0),
    "priors.iterate": ("commands", 12.0),
    "priors.reused_token": ("shared", 30.0),
    "priors.nullary": ("closed", 0.0),
    "priors.postfix": ("whole 5", 9.0),
    "priors.infix": ("untold", 23.0),
    "priors.prefix": ("draw 2", 9.0),
    "priors.mixfix": ("closed", 0.0),
    "priors.circumfix": ("draw 4", 0.0),
    "priors.reach_left": ("three", 1.0),
    "priors.reach_right": ("commands", 6.0),
    "priors.reach_loose": ("edits", 0.0),
    "priors.reach_tight": ("draw 8", 0.0),
    "priors.new_level": ("commands", 0.0),
    "priors.shared_level": ("commands", 9.0),
    "priors.class_level": ("three", 0.0),
    "priors.open_class": ("little", 0.0),
    "priors.unknown_word": ("shared", 0.0),
    "priors.surprise": ("whole 5", 0.0),
    "priors.misread_word": ("revise", 12.0),
    "priors.violated_binding": ("revise", 0.0),
    "priors.redefined_word": ("revise", 12.0),
    "abduction.evidence": ("draw 0", 3),
    "abduction.first_evidence": ("powers", 1),
    "abduction.drafts": ("three", 1),
    "abduction.signs": ("three", 2),
    "abduction.alike": ("closed", 1),
    "abduction.programs": ("guessed", 1),
    "abduction.pair_bits": ("closed", 0.0),
    "induction.piece_depth": ("checked", 1),
    "induction.simple": ("revise", 1),
    "induction.simple_piece_bits": ("revise", 0.0),
    "induction.states": ("commands", 1),
    "search.beam": ("powers", 1),
    "search.candidates": ("draw 6", 1),
    "search.groups": ("sums", 1),
    "search.guesses": ("two operators", 1),
    "search.values": ("unknown", 1),
    "search.around": ("guessed", 1),
    "search.min_share": ("draw 4", 1.5),
    "search.least_support": ("powers", 1.01),
    "search.settled": ("settled", 0.0),
    "search.share_of_lead": ("untold", 1.7999999999999998),
    "search.rare": ("echo", 1),
    "search.association": ("draw 5", 1.5),
    "search.orders": ("scrambled", 1),
    "mending.working": ("draw 0", 1),
    "mending.rounds": ("whole 5", 1),
    "mending.failures": ("whole 5", 72),
    "mending.progress": ("whole 8", 0.0),
    "mending.likely": ("untold", 2.25),
    "mending.noise": ("edits", 1.0),
    "mending.deviation": ("draw 5", 0.0),
    "mending.blamed": ("whole 5", 1),
    "mending.aside": ("checked", 1),
    "mending.aside_bits": ("whole 5", 0.0),
    "polishing.rows": ("draw 0", 1),
    "polishing.others": ("little", 1),
    "polishing.variants": ("draw 19", 1),
    "polishing.together": ("little", 1.01),
    "polishing.rare": ("rare", 40),
    "polishing.core": ("rare", 1.0),
    "rivals.kept": ("commands", 1),
    "rivals.bits": ("commands", 0.0),
    "rivals.candidates": ("commands", 1),
    "rivals.changed": ("commands", 1),
    "rivals.probes": ("draw 0", 1),
    "rivals.nested": ("commands", 1),
    "rivals.checked": ("little", 1),
    "rivals.joined": ("commands", 3),
    "reliability.bias": ("edits", 500.0),
    "reliability.occam": ("commands", 50.0),
    "reliability.failing": ("commands", 0.0),
    "reliability.novel": ("commands", 50.0),
    "reliability.longer": ("powers", 500.0),
    "reliability.open_bits": ("three", 16.0),
    "reliability.alike_bits": ("alike", 0.0),
    "priors.state": ("8 sums, 2 wrong", 9.0),
    "priors.increment": ("8 sums, 2 wrong", 0.0),
    "priors.decrement": ("8 sums, 2 wrong", 25.0),
    "priors.if_zero": ("turns", 0.0),
    "priors.call": ("called", 25.0),
    "priors.polish": ("polish", 60.0),
    "priors.reverse_polish": ("reverse polish", 60.0),
    "integers.ancestors": ("proposed", False),
    "integers.library": ("whole", False),
    "integers.largest": ("proposed", 3),
    "integers.evidence": ("many", 1),
    "integers.first_evidence": ("first", 1),
    "integers.first": ("16 squares, 2 wrong", 3),
    "integers.enough": ("16 of thirds", 100),
    "integers.confirmed": ("40 sums", 1.01),
    "integers.bits_a_pair": ("40 sums, 2 wrong", 0.0),
    "integers.least_bits": ("8 of plus7", 0.0),
    "integers.noise": ("8 differences", 0.6),
    "integers.agreeing": ("16 squares, 2 wrong", 1.0),
    "integers.candidates": ("40 sums", 1),
    "integers.harder": ("long", 1),
    "integers.patience": ("next", 100_000),
    "integers.guessed": ("guessed", 1),
    "integers.tried": ("simple", 3),
    "integers.tried_bits": ("simple", 2.0),
    "active.candidates": ("ask commands", 1),
    "active.patience": ("ask commands", 1),
}
"""For each field a task, and another value with which something else is learned from it."""
SLOW: Final = {
    "abduction.programs",
    "induction.piece_depth",
    "induction.states",
    "integers.ancestors",
    "integers.enough",
    "integers.guessed",
    "integers.library",
    "integers.tried",
    "mending.aside",
    "mending.blamed",
    "mending.noise",
    "mending.progress",
    "mending.rounds",
    "polishing.core",
    "polishing.rare",
    "priors.head",
    "priors.infix",
    "priors.misread_word",
    "priors.postfix",
    "priors.prefix",
    "priors.reach_loose",
    "priors.reach_tight",
    "priors.redefined_word",
    "priors.reverse",
    "priors.self",
    "priors.surprise",
    "priors.tail",
    "priors.violated_binding",
    "reliability.bias",
    "reliability.longer",
    "search.around",
    "search.association",
    "search.groups",
    "search.orders",
    "search.settled",
    "search.values",
}


@cache
def rows(task: str) -> Sequence[Row]:
    if task in TEXTS:
        pairs = (row.partition(" =") for row in TEXTS[task].split(" / "))
        return [(tuple(words.split()), tuple(tokens.split())) for words, _, tokens in pairs]
    if task.startswith("draw "):
        return drawn_lexicon(int(task.removeprefix("draw "))).rows[:DRAWN]
    if task.startswith("whole "):
        return drawn_lexicon(int(task.removeprefix("whole "))).rows
    if task.startswith("mixed "):
        drawn = drawn_lexicon(int(task.removeprefix("mixed "))).rows[:MIXED]
        wrong = drawn[2::3]
        outputs = dict(
            zip([s for s, _ in wrong], [o for _, o in wrong[1:] + wrong[:1]], strict=True)
        )
        return [(sentence, outputs.get(sentence, output)) for sentence, output in drawn]
    operators, nouns, lengths = LANGUAGES[task]
    return list(pairs_of(language(operators, nouns), lengths))[:60]


def probes(task: str) -> Sequence[tuple[str, ...]]:
    """The first sentences, and some in which a word is exchanged or one is put in."""
    rng = random.Random(0)
    words = sorted({word for sentence, _ in rows(task) for word in sentence})
    found = [sentence for sentence, _ in rows(task)[:15]]
    for _ in range(25):
        sentence = list(rng.choice(rows(task))[0])
        sentence[rng.randrange(len(sentence))] = rng.choice(words)
        if rng.random() < 0.5:
            sentence.insert(rng.randrange(len(sentence) + 1), rng.choice(words))
        found.append(tuple(sentence))
    return found


def entries(lexicon: Lexicon) -> str:
    return repr(sorted(lexicon.entries.items()))


def guessed(config: Config) -> Sequence[str]:
    """The lexicons in which one of two unknown operators has a guessed program."""
    known = {"dax": "RED", "lug": "BLUE"}
    pairs: list[Row] = [((word,), (token,)) for word, token in known.items()]
    pairs += [((word, "fep", "kiki"), (token,) * 6) for word, token in known.items()]
    world, examples = examples_of(pairs, config)
    run = Run(world, examples)
    nouns = {word: Entry(NULLARY, ("token", token)) for word, token in known.items()}
    found = Proposer(run).with_guesses(run.bench.hypothesis(nouns, False), "fep", "kiki")
    return [repr(sorted(child.entries.items())) for child in found]


def outcome(task: str, config: Config) -> Sequence[Any]:
    """What is learned: entries, rivals and answers; edits of revisions; questions."""
    if task == "two operators":
        return guessed(config)
    if task.startswith("ask "):
        targets = dict(rows(task.removeprefix("ask ")))
        lexicon, asked = learn_actively(sorted(targets), targets.__getitem__, config)
        return entries(lexicon), asked
    if task in OUTCOMES:
        return OUTCOMES[task](config)
    lexicon = learn(rows(task), config)
    if task == "revise":
        return entries(lexicon), [str(explain_target(lexicon, *row)) for row in REVISED]
    rivals = [repr(sorted(rival.changes.items())) for rival in lexicon.rivals]
    answers = [(a.value, a.abstained) for a in map(lexicon.answer, probes(task))]
    return entries(lexicon), rivals, answers, lexicon.open_class


@cache
def as_ever(task: str) -> Sequence[Any]:
    return outcome(task, CONFIG)


def test_every_field_has_a_witness() -> None:
    assert WITNESSES.keys() == leaves(CONFIG).keys()


@pytest.mark.parametrize(
    "field",
    [pytest.param(f, marks=pytest.mark.slow) if f in SLOW else f for f in WITNESSES],
)
def test_another_value_of_a_field_changes_what_is_learned(field: str) -> None:
    task, value = WITNESSES[field]
    config = configured(CONFIG, None, [f"{field}={str(value).lower()}"])
    assert config != CONFIG
    assert outcome(task, config) != as_ever(task)


@pytest.mark.parametrize("field", leaves(CONFIG))
def test_the_least_value_of_a_field_is_learned_with(field: str) -> None:
    usual = leaves(CONFIG)[field]
    least = "false" if isinstance(usual, bool) else 1 if isinstance(usual, int) else 0
    assert learn(rows("shared"), configured(CONFIG, None, [f"{field}={least}"])).summary["rows"]
