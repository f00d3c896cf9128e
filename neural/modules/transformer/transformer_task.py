"""The baseline of the lambda calculus: terms of three families, and the term after one step.

Trained on terms of the training split of at most `LONGEST` tokens, the families in turn; tested on
terms of the test split, which are not among them whatever the seed.

Source: Flach, Moreira and Lamb 2023, Towards a Neural Lambda Calculus (one-step beta reduction of
prefix tokens, right where the whole term is). Deviations: a thousandth of the weights, and a
twentieth of the terms; a decoder with rotary positions, where the source has an encoder, a decoder
and learned ones; de Bruijn indices only; general terms are uniform.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import cycle, islice
from typing import Any

import numpy as np

from abduce.errors import MissingExtraError
from abduce.neural.kernels.terms.pairs import steps_of
from abduce.neural.modules.config import TransformerConfig
from abduce.neural.modules.transformer.tokens import OTHER, PAD, encoded
from abduce.neural.training.experiment import (
    Experiment,
    ModuleConfig,
    ModuleScore,
    ModuleTask,
    Schedule,
)
from abduce.symbolic.lambda_calculus import Term
from abduce.symbolic.lambda_calculus.terms.sampling import FAMILIES, Family
from abduce.symbolic.lambda_calculus.terms.splits import Split

SHORTEST, LONGEST = 3, 50
LEAST_BOOLEAN = 50
"""The least length, in tokens, of boolean expressions in a test; too few have at most 25 tokens."""
AT_ONCE = 20


def _model(config: TransformerConfig, seed: int) -> Any:
    if find_spec("transformers") is None:
        raise MissingExtraError("the Transformer", "transformers", "neural")
    from abduce.neural.modules.transformer.transformer import StepTransformer

    return StepTransformer(config, seed)


def _drawn(
    families: Sequence[Family],
    split: Split,
    shortest: int,
    longest: int,
    generator: np.random.Generator,
) -> Iterator[tuple[Term, Term]]:
    """Terms of families in turn, each with the next one."""
    rng = random.Random(int(generator.integers(2**32)))
    for source in cycle([steps_of(f, split, shortest, longest, rng) for f in families]):
        yield next(source)


def _batch(
    config: TransformerConfig, generator: np.random.Generator, count: int, done: float
) -> Mapping[str, np.ndarray]:
    pairs = islice(_drawn(FAMILIES, "train", SHORTEST, LONGEST, generator), count)
    before, after = zip(*pairs, strict=True)
    return {"before": encoded(before), "after": encoded(after)}


def _score(
    modules: Mapping[str, Any], tokens: int, inputs: int, generator: np.random.Generator
) -> Iterator[ModuleScore]:
    """An entry is a token of the next term: right, if it is the likeliest after the right ones
    before it. A term all of whose tokens are is what the model writes by itself, and only such a
    term is.

    Terms have more than half of `tokens`, no two are the same, and families are of like number.
    """
    import torch

    (module,) = modules.values()
    device = next(module.parameters()).device
    families = FAMILIES if tokens >= LEAST_BOOLEAN else ("general",)
    for family, share in zip(families, _shares(inputs, len(families)), strict=True):
        drawn: dict[Term, Term] = {}
        source = _drawn((family,), "test", tokens // 2 + 1, tokens, generator)
        while len(drawn) < share:
            drawn.update([next(source)])
        tested = list(drawn.items())
        for first in range(0, share, AT_ONCE):
            before, after = zip(*tested[first : first + AT_ONCE], strict=True)
            given, wanted = (torch.from_numpy(encoded(side)).to(device) for side in (before, after))
            found = module(given, wanted).argmax(-1)
            entries = (wanted != PAD).sum(1)
            right = ((found == wanted) & (wanted != PAD) & (wanted != OTHER)).sum(1)
            for r, e in zip(right.tolist(), entries.tolist(), strict=True):
                yield ModuleScore(r, e, family=family)


def _shares(count: int, parts: int) -> list[int]:
    """A number in parts that differ by 1 at most.

    >>> _shares(5, 3)
    [2, 2, 1]
    """
    return [(count + parts - 1 - part) // parts for part in range(parts)]


EXPERIMENT = Experiment(
    name="transformer-lambda",
    about="the next term in the reduction of a lambda term, token by token",
    model=_model,
    batch=_batch,
    config=ModuleConfig(
        schedule=Schedule(steps=5000, batch=16, rate=3e-3), network=TransformerConfig()
    ),
)
TRANSFORMER: tuple[ModuleTask, ...] = (
    ModuleTask(
        task="lambda",
        method="transformer",
        about=EXPERIMENT.about,
        experiments=(EXPERIMENT,),
        sizes=(25, 50, 100, 200),
        unit="tokens of a term",
        trained_on=(SHORTEST, LONGEST),
        inputs=300,
        score=_score,
        given="that a token and its copy may share a position",
        source="Flach, Moreira and Lamb 2023, Towards a Neural Lambda Calculus",
    ),
)
