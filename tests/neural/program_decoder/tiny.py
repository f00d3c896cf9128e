"""A tiny encoder with random weights, and sums to learn from, made anew in each test."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from abduce.grammars.arithmetic.expressions import FIXED, expressions, pointer
from abduce.neural.program_decoder.question import Example, Question, Row, Vocabulary

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = ("plus", "minus", "times", "over", "and", "then", "from", *map(str, range(30)))
VOCABULARY = Vocabulary(actions=FIXED, marks=("low", "high"))
OPERATIONS = {"plus": "add", "minus": "subtract", "times": "multiply", "over": "divide"}


def write_encoder(
    folder: Path,
    *,
    layers: int = 2,
    width: int = 16,
    positions: int = 24,
    words: Sequence[str] = WORDS,
) -> Path:
    """A BERT of random weights, as a folder."""
    names = {word: n for n, word in enumerate((*SPECIAL, *words))}
    tokenizer = Tokenizer(models.WordLevel(names, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(names),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * width,
        max_position_embeddings=positions,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = BertModel(config)
    fast.save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


def question(text: str) -> Question:
    """The question of a text in words, whose digits are its quantities."""
    rows: list[Row] = []
    at = 0
    for word in text.split():
        at = text.index(word, at)
        if word.isdigit():
            mark = "high" if int(word) > 9 else "low"
            rows.append(Row(start=at, end=at + len(word), marks=(mark,)))
        at += len(word)
    pointers = {pointer(i): i for i in range(len(rows))}
    grammar = expressions(len(rows))
    return Question(text=text, grammar=grammar, rows=tuple(rows), pointers=pointers, max_nodes=7)


def sums(count: int, seed: int) -> list[Example]:
    """Texts such as '3 minus 12', and '3 from 12', which means 12 - 3."""
    generator = np.random.default_rng(seed)
    found: list[Example] = []
    for _ in range(count):
        first, second = generator.integers(1, 30, 2)
        word = ("plus", "minus", "from")[generator.integers(3)]
        left, right = (pointer(0),), (pointer(1),)
        if word == "from":
            left, right = right, left
        tree = (OPERATIONS.get(word, "subtract"), left, right)
        found.append(Example(question=question(f"{first} {word} {second}"), tree=tree))
    return found
