"""Evidence that a kernel was learned: its weights, made exact again, give the saved object. A proof
says what an exact object does, wherever it comes from. That it was learned is another claim. If a
file has the weights of the torch module, it can show that they give the object. Which examples they
were fitted to is only what the file says.
"""

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from abduce.neural.kernels.config import LENGTHS
from abduce.neural.kernels.kernel import KernelTask, LearnedKernel, said, soft_part

NOTHING = "nothing in this file shows that it was learned"
SHOWN = "its saved weights, made exact again, give this function"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence that was found.

    Attributes:
        learned: whether the weights give the exact object; None if torch is missing.
        said: the same as text.
    """

    learned: bool | None
    said: str


def evidence(task: KernelTask, learned: LearnedKernel) -> Evidence:
    """Make the weights exact again, and compare."""
    if not learned.weights:
        return Evidence(False, f"{NOTHING}: it has no weights")
    if find_spec("torch") is None:
        said = "whether it was learned was not checked: the check needs torch (abduce[neural])"
        return Evidence(None, said)
    if not all(np.isfinite(weights).all() for weights in learned.weights.values()):
        return Evidence(False, f"{NOTHING}: not all of its weights are numbers")
    if not _fits(learned):
        return Evidence(False, f"{NOTHING}: its weights are not those of its configuration")
    try:
        with np.errstate(all="ignore"):
            again = soft_part(task, learned).discretise().arrays()
    except (ValueError, RuntimeError, TypeError):
        return Evidence(False, f"{NOTHING}: its weights are not those of such a kernel")
    kept = learned.exact.arrays()
    if all(np.array_equal(again[name], kept[name]) for name in kept):
        return Evidence(True, SHOWN)
    return Evidence(False, f"{NOTHING}: its weights, made exact again, give another function")


def _fits(learned: LearnedKernel) -> bool:
    """Whether the sizes in the configuration are lengths of the weights, so that a file cannot make
    anything larger."""
    lengths = {length for weights in learned.weights.values() for length in weights.shape}
    sizes = (getattr(learned.config, name, None) for name in LENGTHS)
    return all(size in lengths for size in sizes if size is not None)


def told_again(learned: LearnedKernel, found: Evidence, counterexample: str | None = None) -> str:
    """One line of text: what is proved, and the evidence that it was learned.

    The claims of the file are not repeated if the file shows nothing.

    Args:
        counterexample: a sentence, where it is refuted.
    """
    proof = f"refuted: {counterexample}" if counterexample else said(learned.verdict)
    record = ""
    if found.learned is not False:
        record = (
            f"; {learned.parameters:,} parameters; its file says: learned from "
            f"{learned.examples:,} examples with seed {learned.seed} in attempt {learned.attempts}"
        )
    return f"{learned.name}: {proof}; {found.said}{record}"
