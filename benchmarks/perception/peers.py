"""ABLkit beside us: abductive learning that corrects the single best reading, on the same images.

It is given the same network, the same expressions and the same arithmetic. Its settings are those
of its own example of handwritten formulas. It is no dependency: whoever has it installed can
compare. It is stopped when its CPU seconds are used up, and answers with what it has learned.

Source: Huang et al. 2024, ABLkit; its examples/hwf.
"""

import importlib
import importlib.metadata
import logging
from collections.abc import Mapping, Sequence
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import torch

from abduce import clock
from abduce.benchmarks.perception.composing import ImageMaterial, value_of
from abduce.errors import UnsupportedError
from abduce.neural.perception.config import Distortions, SeeingConfig
from abduce.neural.perception.network import Seeing
from abduce.neural.perception.rows import ImageRow
from abduce.neural.perception.seeing import seen

INSTALL: Final = "pip install --no-deps ablkit zoopt termcolor pyswip==0.2.9"
PUBLISHED: Final = {"ABL": (99.2, 77.0), "NGS": (98.4, 426.0)}
"""Its own table of HWF, printed by its README: answers in per cent, seconds on an A100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerConfig:
    """The settings of ABLkit's example.

    Attributes:
        loops: over all rows.
        segment: the share of the rows between two trainings.
        batch: images a step.
        rate: the learning rate of Adam.
        smoothing: the label smoothing.
    """

    loops: int = 5
    segment: float = 1 / 3
    batch: int = 32
    rate: float = 1e-3
    smoothing: float = 0.2


@dataclass(frozen=True, slots=True)
class PeerResult:
    """What came of it: answers by subset, and whether it came to the end of its loops."""

    accuracy: Mapping[str, float]
    complete: bool
    cpu_s: float
    version: str


class _OutOfTimeError(Exception):
    pass


def ablkit(
    material: ImageMaterial,
    limit_s: float,
    *,
    seed: int = 0,
    config: PeerConfig | None = None,
    network: SeeingConfig | None = None,
) -> PeerResult:
    """Train ABLkit on the rows of a material, at most so many CPU seconds, and answer its test.

    Raises:
        UnsupportedError: it is not installed.
    """
    abl, config = _imported(), config or PeerConfig()
    readings = {word: meanings[0][1] for word, meanings in material.meanings.items()}
    began = clock.cpu_s()
    learning = True

    class Arithmetic(abl["reasoning"].KBBase):
        def logic_forward(self, pseudo_label: Sequence[str]) -> Any:
            if learning and clock.cpu_s() - began > limit_s:
                raise _OutOfTimeError
            return value_of(pseudo_label, readings)

    seeing = Seeing(network or SeeingConfig(dropped=0.0), len(material.symbols), seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # its loader draws from the global generator
        base = abl["learning"].BasicNN(
            seeing,
            torch.nn.CrossEntropyLoss(label_smoothing=config.smoothing),
            torch.optim.Adam(seeing.parameters(), lr=config.rate, betas=(0.9, 0.99)),
            batch_size=config.batch,
            num_epochs=1,
        )
        reasoner = abl["reasoning"].Reasoner(Arithmetic(list(material.symbols)))
        bridge = abl["bridge"].SimpleBridge(abl["learning"].ABLModel(base), reasoner, [])
        rows = _shuffled(material.train, seed)
        shown = [[_image(material, n) for n in row.images] for row in rows]
        data = (shown, None, [row.value for row in rows])
        complete = True
        try:
            # it writes its logs into the current folder
            with TemporaryDirectory() as scratch, chdir(scratch), redirect_stdout(StringIO()):
                bridge.train(
                    data,
                    loops=config.loops,
                    segment_size=config.segment,
                    eval_interval=config.loops + 1,
                )
        except _OutOfTimeError:
            complete = False
    cpu_s = clock.cpu_s() - began
    learning = False
    best = seen(seeing, material.images, Distortions(looks=0)).argmax(1)
    accuracy = {
        name: float(np.mean([_answer(best, row, material, readings) for row in part]))
        for name, part in material.test.items()
    }
    return PeerResult(accuracy, complete, round(cpu_s, 3), abl["version"])


def _imported() -> dict[str, Any]:
    logging.getLogger("abl").setLevel(logging.ERROR)
    names = ("bridge", "learning", "reasoning")
    try:
        found = {name: importlib.import_module(f"ablkit.{name}") for name in names}
    except ModuleNotFoundError as error:
        missing = (f"the package {error.name}",)
        raise UnsupportedError("the comparison with ABLkit", missing, f"{INSTALL}") from error
    return {**found, "version": importlib.metadata.version("ablkit")}


def _shuffled(rows: Sequence[ImageRow], seed: int) -> list[ImageRow]:
    order = np.random.default_rng((seed, 4)).permutation(len(rows))
    return [rows[n] for n in order]


def _image(material: ImageMaterial, number: int) -> torch.Tensor:
    return torch.from_numpy(material.images[number]).unsqueeze(0).float() / 255


def _answer(
    best: np.ndarray, row: ImageRow, material: ImageMaterial, readings: Mapping[str, Any]
) -> bool:
    words = [material.symbols[n] for n in best[row.images]]
    value = value_of(words, readings)
    return value is not None and value == row.value
