"""The folder of trained networks: what is not there yet is trained. `make models` runs this file.

A network is a file ``models/NAME-SEED.onnx``. It appears whole or not at all, so that training can
be stopped and begun again.
"""

import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from abduce.benchmarks.data.members import folders
from abduce.benchmarks.data.mnist import Images, read_images
from abduce.benchmarks.specifications.nonlinear.families import FAMILIES, Family
from abduce.files import write_whole

FOLDER: Final = "models"


@dataclass(frozen=True, slots=True)
class Model:
    """A trained network in a file."""

    path: Path
    sha256: str


def model_of(family: Family, seed: int, places: Sequence[Path], images: Images) -> Model:
    """The network of a family and a seed: read from the first of these folders that has it, or
    trained and written to the last one.

    Raises:
        OutputError: the file cannot be written.
    """
    name = Path(FOLDER, f"{family.name}-{seed}.onnx")
    found = [place / name for place in places if (place / name).is_file()]
    if not found:
        from abduce.benchmarks.specifications.nonlinear.graphs import graph_of
        from abduce.benchmarks.specifications.nonlinear.training import trained

        made = graph_of(family, trained(family, images, seed))
        found = [places[-1] / name]
        write_whole(found[0], made.SerializeToString())
    return Model(found[0], hashlib.sha256(found[0].read_bytes()).hexdigest())


def make_models(
    places: Sequence[Path], seed: int = 0, told: Callable[[str], None] = print
) -> list[Model]:
    """All networks, trained where they are missing.

    Raises:
        DataError: the images are not there.
    """
    images, made = read_images(), []
    for family in FAMILIES.values():
        model = model_of(family, seed, places, images)
        told(f"{model.path}  {model.sha256}")
        made.append(model)
    return made


if __name__ == "__main__":  # a folder may be named
    make_models([Path(sys.argv[1])] if len(sys.argv) > 1 else folders())
