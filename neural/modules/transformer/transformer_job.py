"""What the Transformer is asked: a term's next one, token by token, and of that the next, to the
normal form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from abduce.errors import InputError
from abduce.neural.modules.answers import Exact, ModuleAnswer, ModuleJob, check_size
from abduce.neural.modules.transformer.tokens import END, WORDS, encoded
from abduce.symbolic.lambda_calculus import Term, from_tokens, parse, tokens
from abduce.symbolic.lambda_calculus.reduction.steps import contract, redex
from abduce.symbolic.lambda_calculus.terms.notations import Notation, written
from abduce.symbolic.lambda_calculus.terms.sampling import FREE
from abduce.symbolic.machines.jobs import Kernels, RunContext, option

MOST = 500
"""The upper limit on the tokens of a term that is read or written."""
FUEL = 100
"""The default upper limit on steps; a model with errors may never reach a normal form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerOptions:
    """The limit on steps, and how the result is written."""

    fuel: int | None = option(f"The upper limit on steps. Default: {FUEL}.", metavar="N", min=0)
    notation: Notation | None = option("The notation of the result. Default: names.")


def _run(
    text: str, models: Kernels, options: TransformerOptions, context: RunContext, exact: Exact
) -> ModuleAnswer:
    """A step is an entry: right where the whole next term is, whatever the term before it."""
    given = parse(text, context.path)
    check_size(given.size, MOST, "tokens", context, "lambda")
    if other := [name for name in given.free if name not in FREE]:
        advice = "The exact machine takes any: abduce execute lambda"
        raise InputError(f"the free name {other[0]!r}", FREE, context.path, advice=advice)
    (module,) = models.values()
    fuel = FUEL if options.fuel is None else options.fuel
    right, remarks, term, steps = 0, [], given, 0
    while (position := redex(term.codes, "normal")) is not None and steps < fuel:
        expected = contract(term, position)
        words = list(_words(module, term))
        steps += 1
        if context.note is not None:
            context.note(f"step {steps}  {' '.join(words)}")
        right += words == tokens(expected)
        if words != tokens(expected) and not remarks:
            remarks.append(f"step {steps} is wrong; right is {' '.join(tokens(expected))}")
        try:
            term = from_tokens(words)
        except InputError:
            remarks.append(f"step {steps} is no term: {' '.join(words)}")
            break
        if term.size > MOST:
            break
    ended = redex(term.codes, "normal") is None
    result = written(term, options.notation) if ended else None
    outcome = "normal form" if ended else "stopped"
    theirs = exact().value["result"]
    if ended:
        same = "too" if theirs == result else "and not that"
        remarks.append(f"the normal form of the exact machine is {theirs}, {same}")
    return ModuleAnswer(
        lines=[result] if result is not None else [],
        value={"outcome": outcome, "result": result, "nodes": term.size, "steps": steps},
        size=given.size,
        right=right if steps else None,
        entries=steps,
        entry="steps",
        remarks=tuple(remarks if ended else [*remarks, f"no normal form after {steps} steps"]),
    )


def _words(module: Any, term: Term) -> Iterator[str]:
    """The next term as the model writes it: always the likeliest token."""
    import torch

    device = next(module.parameters()).device
    before = torch.from_numpy(encoded([term])).to(device)
    after = torch.full((1, 1), END, device=device)
    for _ in range(MOST):
        token = int(module(before, after)[0, -1].argmax())
        if token == END:
            return
        yield WORDS[token]
        after[0, -1] = token
        after = torch.nn.functional.pad(after, (0, 1), value=END)


TRANSFORMER_JOB = ModuleJob(
    task="lambda", machine=("lambda", ""), run=_run, options=TransformerOptions
)
