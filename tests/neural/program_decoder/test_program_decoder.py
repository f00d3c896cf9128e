"""The decoder writes only trees of the grammar, its probabilities are those of a distribution over
them, and what is trained, interrupted or kept comes back the same."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import torch

from abduce.errors import ChecksumError, DataError, InputError, UnsupportedError
from abduce.grammars import Tree, enumerate_trees, logp, sample
from abduce.grammars.arithmetic.expressions import expressions
from abduce.neural.program_decoder.batches import batch_of, prepared
from abduce.neural.program_decoder.config import DecoderConfig, SearchConfig
from abduce.neural.program_decoder.encoder import Encoder, read_encoder
from abduce.neural.program_decoder.experiment import Making, decoder_experiment
from abduce.neural.program_decoder.files import load, save
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.question import Example, Question, Row, Vocabulary
from abduce.neural.program_decoder.reading import read_all, tokens_of
from abduce.neural.program_decoder.searching import search
from abduce.neural.program_decoder.splitting import frozen_states, stem
from abduce.neural.program_decoder.steps import Steps, answered
from abduce.neural.training.experiment import Experiment, Schedule
from abduce.neural.training.loop import tensors, train
from tests.neural.program_decoder.tiny import VOCABULARY, question, sums, write_encoder

SMALL = DecoderConfig(frozen=1, width=16, heads=2, layers=1, inner=16)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return read_encoder(write_encoder(tmp_path_factory.mktemp("encoder")))


def nodes(tree: Tree) -> int:
    return 1 + sum(map(nodes, tree[1:]))


def made(encoder: Encoder, config: DecoderConfig = SMALL, seed: int = 0) -> ProgramDecoder:
    return Making(encoder=encoder, vocabulary=VOCABULARY)(config, seed).eval()


def loss(model: ProgramDecoder, encoder: Encoder, example: Example) -> float:
    """The surprisal of a tree, as training has it."""
    (read,) = read_all([example.question], encoder, stem(encoder, 1))
    ready = prepared(example, read, VOCABULARY)
    batch = batch_of([ready], len(VOCABULARY.actions), 0)
    with torch.no_grad():
        return float(model.loss(**tensors(batch, torch.device("cpu")))) * len(ready.answer.choices)


def test_every_tree_that_is_found_is_one_of_the_grammar(encoder: Encoder) -> None:
    for seed in range(2):
        model = made(encoder, seed=seed)
        for text in ("3 plus 12", "7", "3 over 4 times 20 minus 2"):
            asked = question(text)
            (read,) = read_all([asked], encoder, stem(encoder, 1))
            found = search(model, VOCABULARY, asked, read, SearchConfig(beam=6, finished=6))
            assert len(found) == len({c.tree for c in found}) == 6
            assert found == sorted(found, key=lambda c: -c.logp)
            for candidate in found:
                assert logp(asked.grammar, candidate.tree) > -math.inf
                assert nodes(candidate.tree) <= 7


def test_probabilities_of_search_and_training_are_the_same_and_sum_to_one(
    encoder: Encoder,
) -> None:
    """All trees of at most 3 nodes over one quantity, so that none is missing."""
    model, asked = made(encoder), replace(question("7"), max_nodes=3)
    (read,) = read_all([asked], encoder, stem(encoder, 1))
    limits = SearchConfig(beam=2000, finished=2000)
    found = search(model, VOCABULARY, asked, read, limits)
    leaves = len(VOCABULARY.actions) - 4 + 1
    assert len(found) == leaves + 4 * leaves**2
    assert sum(math.exp(c.logp) for c in found) == pytest.approx(1, abs=1e-4)
    for candidate in (found[0], found[100], found[-1]):
        example = Example(question=asked, tree=candidate.tree)
        assert -loss(model, encoder, example) == pytest.approx(candidate.logp, abs=1e-4)


def test_a_wide_beam_finds_the_likeliest_tree(encoder: Encoder) -> None:
    asked = replace(question("7"), max_nodes=3)
    (read,) = read_all([asked], encoder, stem(encoder, 1))
    model = made(encoder, seed=5)
    best = search(model, VOCABULARY, asked, read, SearchConfig(beam=2000, finished=1))[0]
    first = search(model, VOCABULARY, asked, read, SearchConfig(beam=400, finished=3))[0]
    assert (best.tree, best.logp) == (first.tree, pytest.approx(first.logp, abs=1e-5))


def test_padding_changes_nothing(encoder: Encoder) -> None:
    """Examples of other lengths, in one batch and one at a time."""
    long = Example(
        question=question("3 over 4 times 20 minus 2"),
        tree=("subtract", ("divide", ("quantity0",), ("quantity1",)), ("quantity3",)),
    )
    some = [*sums(3, 0), long]
    reads = read_all([e.question for e in some], encoder, stem(encoder, 1))
    ready = [prepared(e, r, VOCABULARY) for e, r in zip(some, reads, strict=True)]
    model = made(encoder)
    batch = batch_of(ready, len(VOCABULARY.actions), 0)
    with torch.no_grad():
        together = float(model.loss(**tensors(batch, torch.device("cpu"))))
    count = sum(len(each.answer.choices) for each in ready)
    alone = sum(loss(model, encoder, example) for example in some)
    assert together * count == pytest.approx(alone, rel=1e-4)


def test_both_parts_of_an_encoder_make_the_whole(encoder: Encoder) -> None:
    from abduce.neural.program_decoder.splitting import crown, states

    tokens = torch.tensor([[2, 5, 12, 3], [2, 9, 3, 0]])
    seen = tokens != 0
    with torch.no_grad():
        whole = encoder.model(input_ids=tokens, attention_mask=seen.long()).last_hidden_state
        for frozen in (0, 1, 2):
            low = frozen_states(stem(encoder, frozen), tokens, seen)
            found = states(crown(encoder, frozen).eval(), low, seen)
            assert torch.allclose(found[seen], whole[seen], atol=1e-5)
    assert states(crown(encoder, 1, 1).eval(), low, seen) is low
    with pytest.raises(InputError, match="2 frozen layers of 1"):
        crown(encoder, 2, 1)
    with pytest.raises(InputError, match="3 layers, expected at most 2"):
        stem(encoder, 3)


def test_steps_follow_a_tree_and_allow_what_the_grammar_allows() -> None:
    generator = Random(0)
    asked = replace(question("3 plus 4"), max_nodes=31)
    for _ in range(20):
        tree = sample(asked.grammar, generator, max_nodes=31)
        found = answered(asked, tree, VOCABULARY)
        assert len(found.choices) == nodes(tree)
        assert all(c in a for c, a in zip(found.choices, found.allowed, strict=True))
        again = Steps.begin(asked, VOCABULARY)
        while not again.finished:
            again = again.advance(again.allowed()[int(found.choices[len(again.choices)])])
        assert again.partial.tree == tree
        assert again.nodes == tuple(map(tuple, found.nodes.tolist()))


def toy(encoder: Encoder, steps: int, count: int = 120) -> tuple[Experiment, list[Example]]:
    examples, kept = sums(count, 1), sums(20, 2)
    low = stem(encoder, SMALL.frozen)
    ready = [
        prepared(e, r, VOCABULARY)
        for e, r in zip(
            examples, read_all([e.question for e in examples], encoder, low), strict=True
        )
    ]
    reads = read_all([e.question for e in kept], encoder, low)

    def score(model: ProgramDecoder) -> float:
        greedy = SearchConfig(beam=1, finished=1)
        return sum(
            search(model, VOCABULARY, e.question, r, greedy)[0].tree == e.tree
            for e, r in zip(kept, reads, strict=True)
        ) / len(kept)

    schedule = Schedule(steps=steps, batch=16, rate=1e-2, warm_up=2)
    return decoder_experiment(
        "toy", "sums", ready, encoder, VOCABULARY, network=SMALL, schedule=schedule,
        score=score, every=50, patience=3, given={"examples": "0"},
    ), kept  # fmt: skip


def stopping_after(steps: int) -> Callable[[], bool]:
    asked = iter(range(10_000))
    return lambda: next(asked) >= steps


def test_it_learns_which_way_round_a_word_means_is_resumable_and_is_kept(
    encoder: Encoder, tmp_path: Path
) -> None:
    experiment, kept = toy(encoder, 100)
    path = tmp_path / "c.safetensors"
    whole = train(experiment, seed=3)
    assert max(score for _, score in whole.scores) > 0.8
    assert whole.ended == "complete"
    part = train(experiment, seed=3, checkpoint=path, stop=stopping_after(60))
    assert part.ended == "interrupted"
    rest = train(experiment, seed=3, checkpoint=path, resume=True)
    a, b = whole.module.state_dict(), rest.module.state_dict()
    assert all(torch.equal(a[name], b[name]) for name in a)
    assert (rest.scores, rest.losses, rest.ended) == (whole.scores, whole.losses, whole.ended)

    weights, described = save(whole, encoder, VOCABULARY, tmp_path / "kept", {"data": "sums"})
    back = load("toy", tmp_path / "kept", "abduce train toy")
    assert back.card == {"data": "sums"}
    assert json.loads(described.read_text())["proved"] is False
    assert isinstance(whole.module, ProgramDecoder)
    questions = [example.question for example in kept[:5]]
    before = read_all(questions, encoder, stem(encoder, SMALL.frozen))
    after = read_all(questions, back.encoder, back.stem)
    for asked, one, other in zip(questions, before, after, strict=True):
        trees = search(whole.module, VOCABULARY, asked, one, SearchConfig())
        assert search(back.model, back.vocabulary, asked, other, SearchConfig()) == trees

    text = described.read_text()
    described.write_text(text.replace('"vocab_size": 42', '"vocab_size": 42000000000'))
    with pytest.raises(InputError, match="weights, fewer than its settings need"):
        load("toy", tmp_path / "kept", "abduce train toy")
    described.write_text(text)
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ChecksumError):
        load("toy", tmp_path / "kept", "abduce train toy")
    with pytest.raises(InputError, match="Train it: abduce train toy"):
        load("toy", tmp_path / "nowhere", "abduce train toy")


def test_a_checkpoint_of_other_examples_is_refused(encoder: Encoder, tmp_path: Path) -> None:
    experiment, _ = toy(encoder, 4, 20)
    path = tmp_path / "c.safetensors"
    train(experiment, checkpoint=path, stop=stopping_after(1))
    other = replace(experiment, given={**experiment.given, "examples": "1"})
    with pytest.raises(InputError, match="a checkpoint with examples '0', expected examples '1'"):
        train(other, checkpoint=path, resume=True)


def test_a_training_ends_where_nothing_gets_better(encoder: Encoder) -> None:
    experiment, _ = toy(encoder, 50, 20)
    assert experiment.judge is not None
    steady = replace(experiment, judge=replace(experiment.judge, score=lambda _: 0.5, every=2))
    found = train(steady)
    assert (found.ended, found.steps) == ("stopped early", 8)


def test_questions_that_cannot_be_read_are_refused(encoder: Encoder) -> None:
    with pytest.raises(InputError, match="a text of 100 words, which is 102 tokens"):
        tokens_of(question("plus " * 100), encoder)
    with pytest.raises(InputError, match="a row from 2 to 9 of a text"):
        Question(text="3 and", grammar=expressions(1), rows=(Row(start=2, end=9),))
    with pytest.raises(InputError, match="'quantity0' that points to row 0, expected no pointer"):
        Question(text="3", grammar=expressions(1), pointers={"quantity0": 0})
    few = Vocabulary(actions=("add",))
    with pytest.raises(InputError, match="the rule 'subtract', which points to no row"):
        answered(question("3 plus 4"), ("subtract", ("quantity0",), ("quantity1",)), few)
    with pytest.raises(InputError, match="the action 'add' twice"):
        Vocabulary(actions=("add", "add"))


def test_encoders_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    from transformers import GPT2Config, GPT2Model

    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no encoder in"):
        read_encoder(tmp_path / "empty")
    with pytest.raises(DataError, match="nowhere was not found"):
        read_encoder(tmp_path / "nowhere")
    folder = write_encoder(tmp_path / "gpt")
    config = GPT2Config(vocab_size=40, n_positions=8, n_embd=8, n_layer=1, n_head=1)
    GPT2Model(config).save_pretrained(folder)
    with pytest.raises(UnsupportedError, match="gpt2, which is not built like BERT"):
        read_encoder(folder)


def test_trees_of_a_small_size_are_what_the_grammar_enumerates(encoder: Encoder) -> None:
    """The mask of the decoder and the enumeration of the grammar say the same of one node."""
    asked = question("3 plus 4")
    small = {tree for _, tree in enumerate_trees(asked.grammar, max_cost=1)}
    one = replace(asked, max_nodes=1)
    (read,) = read_all([one], encoder, stem(encoder, 1))
    found = search(made(encoder), VOCABULARY, one, read, SearchConfig(beam=50, finished=50))
    assert {c.tree for c in found} == small
