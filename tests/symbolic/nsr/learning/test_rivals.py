"""A rival explains what the best lexicon does, and differs where the examples are silent."""

from functools import cache

import pytest

from abduce.benchmarks.learner.outside import drawn
from abduce.benchmarks.solve.job import SolveJob, material
from abduce.symbolic.nsr import Lexicon, Rival, learn
from abduce.symbolic.nsr.config import CONFIG
from abduce.symbolic.nsr.deduction.syntax import Category
from abduce.symbolic.nsr.hypothesis import Entry, answer_of, lexicon_bits
from abduce.symbolic.nsr.learn import examples_of
from abduce.symbolic.nsr.learning.probes import probes_of
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.nsr.learning.variants import Variants
from tests.toy_languages import COMMANDS, language, pairs_of

UNTOLD = language({"fep": (Category.INFIX, 10.0, "yx"), "kiki": (Category.POSTFIX, 30.0, "xx")})
SETS = {
    "commands": [(s.split(), t.split()) for s, t in COMMANDS],
    "untold": list(pairs_of(UNTOLD, (1, 2, 3))),
    "scan": list(material(SolveJob(task="scan", split="simple")).train)[::20],
}


@cache
def learned(name: str) -> Lexicon:
    return learn(SETS[name])


def with_rival(best: Lexicon, rival: Rival) -> Lexicon:
    """The rival as a lexicon of its own."""
    entries: dict[str, Entry] = dict(best.entries)
    for word, entry in rival.changes.items():
        if entry is None:
            del entries[word]
        else:
            entries[word] = entry
    return Lexicon(entries, best.open_class, (), best.vocabulary, 0.5, {}, best.world)


def probes(name: str) -> list[tuple[str, ...]]:
    world, examples = examples_of(SETS[name], CONFIG)
    bench = Run(world, examples).bench
    return probes_of(examples, bench.hypothesis(learned(name).entries, False), CONFIG.rivals)


@pytest.mark.parametrize("name", SETS)
def test_there_are_rivals_to_speak_of(name: str) -> None:
    assert 0 < len(learned(name).rivals) <= CONFIG.rivals.kept


@pytest.mark.parametrize("name", SETS)
def test_each_rival_explains_every_example_that_the_best_explains(name: str) -> None:
    best = learned(name)
    best_alone = Lexicon.from_json(best.to_json() | {"rivals": []})
    explained = [(s, t) for s, t in SETS[name] if best_alone.answer(s).value == tuple(t)]
    assert explained
    for rival in best.rivals:
        other = with_rival(best, rival)
        assert [other.answer(s).value for s, _ in explained] == [tuple(t) for _, t in explained]


@pytest.mark.parametrize("name", SETS)
def test_each_rival_differs_from_the_best_and_from_the_others_on_some_probe(name: str) -> None:
    best = learned(name)
    behaviours = [
        [lexicon.answer(p).value for p in probes(name)]
        for lexicon in (
            Lexicon.from_json(best.to_json() | {"rivals": []}),
            *(with_rival(best, r) for r in best.rivals),
        )
    ]
    for i, behaviour in enumerate(behaviours):
        assert behaviour not in behaviours[:i]


@pytest.mark.parametrize("name", SETS)
def test_rivals_are_sorted_by_bits_and_none_is_shorter_or_far_longer(name: str) -> None:
    bits = [rival.bits for rival in learned(name).rivals]
    assert bits == sorted(bits)
    assert all(0 <= b < CONFIG.rivals.bits for b in bits)


def test_an_operator_never_shown_beside_another_has_rivals_that_bind_otherwise() -> None:
    teacher = UNTOLD
    best = learned("untold")
    sentence = ("dax", "fep", "lug", "kiki")
    found = best.answer(sentence)
    options = {found.value, *(v for v, _ in found.alternatives)}
    assert teacher.answer(sentence).value in options
    assert len(options) > 1


def test_what_the_examples_decide_has_no_rivals() -> None:
    nouns = [("dax", "RED"), ("lug", "BLUE")]
    assert learn(nouns).rivals == ()


@pytest.mark.parametrize("name", SETS)
def test_variants_explain_what_they_were_tried_on_and_cost_what_their_lexicons_do(
    name: str,
) -> None:
    world, examples = examples_of(SETS[name], CONFIG)
    run = Run(world, examples)
    best = run.bench.hypothesis(learned(name).entries, False)
    variants = Variants(run.bench, best, run.first, run.last, False)
    found = [
        (word, bits, changes)
        for word in best.entries
        if best.entries[word].sign.category is not Category.PARTNER
        for bits, changes in variants.of(word)[:20]
    ]
    assert found
    for word, bits, changes in found:
        lexicon = {**best.entries, **changes}
        longer = lexicon_bits(world, lexicon, False) - lexicon_bits(world, best.entries, False)
        assert bits == pytest.approx(longer)
        readings = run.bench.supposed(best, changes).readings
        assert all(answer_of(e.words, readings) == e.target for e in variants.examples(word))


def test_a_word_between_two_phrases_that_means_nothing_may_be_an_operator() -> None:
    nouns = {"dax": "RED", "lug": "BLUE", "wif": "GREEN"}
    rows = [([noun], [token]) for noun, token in nouns.items()]
    rows += [([a, b], [nouns[a], nouns[b]]) for a in nouns for b in nouns]
    rows += [([a, "zun", b], [nouns[a], nouns[b]]) for a in nouns for b in nouns]
    categories = {
        entry.sign.category
        for rival in learn(rows).rivals
        for word, entry in rival.changes.items()
        if word == "zun" and entry is not None
    }
    assert len(categories) > 1


@pytest.mark.parametrize("seed", [30, 86])
def test_words_that_are_only_seen_together_are_tried_as_a_pair(seed: int) -> None:
    lexicon = learn(drawn(seed).train)
    assert Category.MIXFIX in {entry.sign.category for entry in lexicon.entries.values()}
    assert lexicon.summary["explained"] == lexicon.summary["checked"]
