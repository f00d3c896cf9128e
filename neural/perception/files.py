"""A network that sees, as files: perception.safetensors, and perception.json beside it.

The JSON names the symbols in the order of the network's answers. What is kept is not proved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import torch

from abduce.errors import InputError
from abduce.neural.perception.config import PerceptionConfig, Robustness
from abduce.neural.perception.network import Seeing
from abduce.neural.store import files as store
from abduce.neural.store.files import COMMON, Fields, Wanted, paths

NAME: Final = "perception"
WANTED: Final = Wanted(
    what="a network that sees symbols, as `abduce solve hint --images --save` keeps it",
    advice="Learn it: abduce solve hint --images --save FOLDER",
    again="Learn it again: abduce solve hint --images --save FOLDER",
)


def _is_symbols(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) < 10_000
        and all(isinstance(each, str) for each in value)
        and len(set(value)) == len(value)
    )


def _is_shares(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, int | float) and not isinstance(each, bool) and 0 <= each <= 1
        for each in value
    )


FIELDS: Fields = MappingProxyType(
    {
        **COMMON,
        "symbols": ("a list of different texts", _is_symbols),
        "usual": ("a list of shares from 0 to 1", _is_shares),
        "proved": ("false", lambda value: value is False),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A network with the names of its symbols, and the share of each among images of sentences."""

    network: Seeing
    symbols: tuple[str, ...]
    usual: np.ndarray
    config: PerceptionConfig


def save(
    network: Seeing,
    symbols: Sequence[str],
    usual: np.ndarray,
    config: PerceptionConfig,
    folder: Path,
    *,
    seed: int,
    images: int,
    cpu_s: float,
) -> tuple[Path, Path]:
    """Write the two files, both or neither.

    Raises:
        OutputError: they cannot be written.
    """
    arrays = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
    told = {
        "symbols": list(symbols),
        "usual": usual.tolist(),
        "proved": False,
        "config": store.as_told(config),
        "seed": seed,
        "examples": images,
        "parameters": sum(p.numel() for p in network.parameters()),
        "cpu_s": cpu_s,
    }
    return store.write(folder, NAME, arrays, told)


def _whole(config: Any) -> Any:
    """A configuration of before training knew balls of pixels, which is that without them."""
    if not isinstance(config, dict) or not isinstance(config.get("training"), dict):
        return config
    training = {"robust": store.as_told(Robustness()), **config["training"]}
    return {**config, "training": training}


def load(folder: Path) -> Kept:
    """The network of a folder.

    Raises:
        InputError: there is none, or the files are not those of such a network.
        ChecksumError: the weights are not those that the JSON describes.
    """
    tensors, described = paths(folder, NAME)
    told = store.read_told(described, FIELDS, WANTED, lambda _: None)
    config = store.restored(PerceptionConfig(), _whole(told["config"]), described, WANTED)
    if len(told["usual"]) != len(told["symbols"]):
        found, expected = f"{len(told['usual'])} shares", f"{len(told['symbols'])}, one a symbol"
        raise InputError(found, (expected,), described, advice=WANTED.again)
    arrays = store.read_arrays(tensors, told["sha256"], WANTED)
    numbers = sum(value.size for value in arrays.values())
    if max(config.network.channels, config.network.hidden, len(told["symbols"])) > numbers:
        found = f"{numbers:,} weights, fewer than its configuration needs"
        raise InputError(found, ("the weights of the network",), tensors, advice=WANTED.again)
    try:
        network = Seeing(config.network, len(told["symbols"]), told["seed"])
        network.load_state_dict({n: torch.from_numpy(v.copy()) for n, v in arrays.items()})
    except RuntimeError as error:
        raise InputError(
            str(error), ("the weights of the network",), tensors, advice=WANTED.again
        ) from error
    return Kept(network.eval(), tuple(told["symbols"]), np.array(told["usual"]), config)
