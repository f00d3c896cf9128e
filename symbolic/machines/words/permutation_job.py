"""The job of permuting bits: by the mean of the infinite ensemble, or by the finite one."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.machines.fields import CHARACTER, fields
from abduce.symbolic.machines.jobs import Kernels, MachineAnswer, MachineJob, NoOptions, RunContext
from abduce.symbolic.machines.words.words import read_word
from abduce.symbolic.programs.definitions.permutations import BITS
from abduce.symbolic.programs.tangent import least_on, mean
from abduce.text import Line, lines

MEAN, ENSEMBLE = "mean", "ensemble"


def _permute(text: str, kernels: Kernels, _: NoOptions, context: RunContext) -> MachineAnswer:
    written = [line for line in lines(text, context.path) if line.text.strip()]
    found = _METHODS[context.method](written, kernels, context)
    texts = ["".join(map(str, bits.tolist())) for bits in found]
    return MachineAnswer(lines=texts, value=texts, steps={"words": len(texts)})


def _means(written: Sequence[Line], _: Kernels, context: RunContext) -> list[np.ndarray]:
    places = _places(written, context.path)
    on = least_on(len(places))
    assert on is not None
    words = _words(written[1:], len(places))
    return [_by_mean(bits, places, on / 2, context) for bits in words]


def _ensembles(written: Sequence[Line], kernels: Kernels, context: RunContext) -> list[np.ndarray]:
    return [_by_ensemble(bits, kernels, context) for bits in _words(written, BITS)]


def _by_mean(
    bits: np.ndarray, places: np.ndarray, threshold: float, context: RunContext
) -> np.ndarray:
    said = mean(bits, places)
    found = (said > threshold).astype(np.int64)
    if context.note is not None:
        least = said[found == 1].min(initial=np.inf)
        most = said[found == 0].max(initial=-np.inf)
        context.note(
            f"mean     {bits.sum()} ones: 1 from {least:.6g}, 0 to {most:.6g}, "
            f"rounded at {threshold:.6g}"
        )
    return found


def _by_ensemble(bits: np.ndarray, kernels: Kernels, context: RunContext) -> np.ndarray:
    word = int((bits << np.arange(BITS)).sum())
    found = kernels["permutation"](word)
    if context.note is not None:
        context.note(f"ensemble {word:0{BITS}b} -> {found:0{BITS}b}, the last place first")
    return found >> np.arange(BITS) & 1


def _places(written: Sequence[Line], path: Path | str) -> np.ndarray:
    """The permutation: where the bit of each place goes, from 1."""
    if not written:
        form = "a line with a permutation of 1, 2, ..., k, then lines of k bits"
        raise InputError("no lines", (form,), path)
    words = fields(written[0])
    names = {str(place + 1): place for place in range(len(words))}
    expected = (f"a permutation of 1 to {len(words)}",)
    places = read_word(written[:1], names.get, expected)
    if len(twice := np.flatnonzero(np.bincount(places, minlength=len(words)) > 1)):
        column = words[np.flatnonzero(places == twice[0])[1]][1]
        raise written[0].wrong(f"{twice[0] + 1} twice", expected, column)
    return places


def _words(written: Sequence[Line], size: int) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    for line in written:
        bits = read_word([line], {"0": 0, "1": 1}.get, ("0", "1"), CHARACTER)
        if len(bits) != size:
            raise line.wrong(f"{len(bits)} bits", (f"{size} bits",))
        if not bits.any():
            advice = "Networks without biases say nothing of a word of zeros."
            raise line.wrong("a word of zeros", ("a one or more",), advice=advice)
        found.append(bits)
    return found


_METHODS = {MEAN: _means, ENSEMBLE: _ensembles}
PERMUTATION_JOB = MachineJob(
    name="permutation",
    about="words whose bits are moved to other places; mean computes them by a formula, ensemble "
    "by a kernel trained on words with a single 1",
    kernels=(),
    run=_permute,
    methods=tuple(_METHODS),
    own={ENSEMBLE: ("permutation",)},
    controllers={},
)
