"""What the sources trained, on what, and tested how far: to be read beside our own figures.

Only regimes that their released code states, and results that can be read in their released files
or figures; a result that we could not read there is left out rather than copied from memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """One regime; `result` is empty where it could not be read."""

    tasks: tuple[str, ...]
    model: str
    trained_on: str
    tested_on: str
    result: str
    source: str


PUBLISHED: Sequence[Published] = (
    Published(
        ("sort",),
        "execution engine, about 66,000 parameters",
        "20,000 lists of 8 8-bit numbers and lists of near numbers, 100 epochs",
        "9 to 100 numbers, 60 random and 40 near lists of each length",
        "",
        "Yan et al. 2020, code",
    ),
    Published(
        ("add",),
        "execution engine, about 105,000 parameters",
        "15,000 pairs of 8-bit numbers",
        "pairs that were held out",
        "",
        "Yan et al. 2020, code",
    ),
    Published(
        ("dijkstra", "prim"),
        "execution engine",
        "traces of 20,000 random graphs of 8 nodes, 100 and 150 epochs",
        "25, 50, 75, 100 nodes, 100 graphs of each of 4 families",
        "",
        "Yan et al. 2020, code",
    ),
    Published(
        ("s5",),
        "DeltaProduct, 1 layer, 4 turns",
        "10 million words of 128 letters",
        "up to 512 letters",
        "100 % to about 180 letters, about half at 330, about none from 450",
        "Siems et al. 2025, figure",
    ),
    Published(
        ("parity", "mod-5"),
        "DeltaNet with eigenvalues in [-1, 1], 2 layers, width 128",
        "5 million words of 3 to 40 letters",
        "40 to 256 letters",
        "parity 97.2 %, modular arithmetic 63.9 %, as others measured",
        "Grazzi et al. 2025, code; PD-SSM, table",
    ),
    Published(
        ("value-iteration",),
        "convergent graph solver, 64 heads, 3 layers of 64",
        "5,000 batches of 64 graphs of 20 to 50 states",
        "the same sizes",
        "",
        "Park et al. 2022, code",
    ),
)
