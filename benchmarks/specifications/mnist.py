"""The networks of the competition that classify digits."""

from collections.abc import Sequence
from pathlib import Path

from abduce.benchmarks.verify.suite import benchmarks
from abduce.errors import DataError
from abduce.verify.instances.instance import instance_path


def network_path(name: str, places: Sequence[Path]) -> Path:
    """A network of the benchmark mnist_fc, such as mnist-net_256x2.

    Raises:
        DataError: it is in none of these folders.
    """
    found = benchmarks(places).get("mnist_fc")
    if found is not None:
        path = instance_path(found.parent / "onnx" / f"{name}.onnx")
        if path.is_file():
            return path
    advice = "Name the folder of the verification benchmarks: --data FOLDER."
    raise DataError(f"mnist_fc: {name}.onnx", tuple(map(str, places)), advice)
