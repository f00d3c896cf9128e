"""A set of instances by seed: traps of every kind, needles in six architectures, and clean ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from abduce.benchmarks.soundness.architectures import ARCHITECTURES
from abduce.benchmarks.soundness.graphs import source_of
from abduce.benchmarks.soundness.misreadings import trap
from abduce.benchmarks.soundness.needles import needle
from abduce.benchmarks.soundness.planted import Planted
from abduce.benchmarks.soundness.property_traps import property_traps
from abduce.benchmarks.soundness.reader_traps import reader_misreadings
from abduce.benchmarks.soundness.rounding_traps import rounding_traps
from abduce.benchmarks.soundness.type_traps import type_misreadings
from abduce.errors import InputError

NEEDLES: Final = 4
"""Needles for each architecture."""
ROUNDING: Final = 8


def _reader(rng: np.random.Generator) -> Iterator[Planted]:
    for each in reader_misreadings(rng):
        if (made := trap("reader", each, rng)) is not None:
            yield made


def _types(rng: np.random.Generator) -> Iterator[Planted]:
    for each in type_misreadings(rng):
        if (made := trap("type", each, rng)) is not None:
            yield made


def _needles(rng: np.random.Generator) -> Iterator[Planted]:
    for name, make in ARCHITECTURES.items():
        for number in range(NEEDLES):
            model, shape = make(rng)
            box = [(-0.5, 0.5)] * int(np.prod(shape))
            found = needle(f"needle_{name}_{number}", model, shape, box, rng)
            yield found
            if not number:
                yield without(found, model.SerializeToString())


def without(found: Planted, model: bytes) -> Planted:
    """The network without its needle and the same property: a clean instance."""
    name = found.name.replace("needle_", "clean_")
    made = {"made from": found.name, "wrong by": "nothing: no counterexample is known"}
    return replace(found, name=name, kind="clean", model=model, witness=None, made=made)


KINDS: Final[Mapping[str, Callable[[np.random.Generator], Iterator[Planted]]]] = {
    "reader": _reader,
    "type": _types,
    "property": lambda _: property_traps(),
    "rounding": lambda rng: rounding_traps(ROUNDING, rng),
    "needle": _needles,
}


def instances(kinds: Sequence[str], seed: int) -> list[Planted]:
    """The instances of some kinds; those of one kind do not depend on which others are made.

    Raises:
        InputError: a kind that is not there.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise InputError(f"unknown kind {unknown[0]!r}", tuple(KINDS))
    wanted = kinds or list(KINDS)
    numbers = list(KINDS)
    return [
        found
        for kind in wanted
        for found in KINDS[kind](np.random.default_rng([seed, numbers.index(kind)]))
    ]


def in_network(path: Path, low: float, high: float, count: int, seed: int) -> list[Planted]:
    """Needles in a network of a file, within one interval for every input.

    Raises:
        InputError: not a network of one input and one output of floats; an interval that is empty.
    """
    import onnx

    if not low < high:
        raise InputError(f"inputs from {low:g} to {high:g}", ("a lower limit below the upper one",))
    try:
        model = onnx.load_from_string(path.read_bytes())
        _, shape = source_of(model)
    except OSError as error:
        told = f"no file that can be read ({error.strerror or error})"
        raise InputError(told, ("an ONNX file",), path) from error
    except ValueError as error:
        raise InputError("a network without exactly one input", (), path) from error
    except Exception as error:  # protobuf's own, which has no public class
        raise InputError("a file that is no ONNX network", ("an ONNX file",), path) from error
    rng = np.random.default_rng(seed)
    box = [(low, high)] * int(np.prod(shape))
    return [
        needle(f"needle_{path.name.split('.')[0]}_{n}", model, shape, box, rng)
        for n in range(count)
    ]
