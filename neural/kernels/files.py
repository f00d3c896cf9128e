"""Learned kernels as files: the arrays of their exact part, and the weights that it was made of.

A proof is never believed from a file: what is read is proved again, which takes milliseconds. To
read them takes numpy alone.
"""

import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from abduce.errors import InputError, MissingExtraError
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.kernel import KernelTask, LearnedKernel
from abduce.neural.store import files as store
from abduce.neural.store.files import COMMON, SCHEMA, Fields, Wanted, is_text, is_whole, paths
from abduce.verify.discrete.proving import prove

NUMBERS = ("seed", "attempts", "examples", "cpu_s")
SOFT, EXACT = "soft.", "exact."
FIELDS: Fields = MappingProxyType(
    {
        **COMMON,
        "kernel": ("a name", is_text),
        "kind": ("a name", is_text),
        "attempts": ("a whole number, 1 or more", is_whole(1)),
        "verdict": ("a verdict", lambda value: value in ("proved", "refuted", "unknown")),
    }
)
"""The fields of the JSON: a description of each, and a test of its value."""


def save(learned: LearnedKernel, folder: Path, *, shipped: bool = False) -> tuple[Path, Path]:
    """Write the two files; the paths of the arrays and of the JSON.

    Args:
        shipped: whether to write few bytes: whole numbers of the exact part in the least type that
            has them.

    Raises:
        OutputError: they cannot be written.
        MissingExtraError: safetensors is not installed.
    """
    arrays = {SOFT + name: value for name, value in learned.weights.items()}
    exact = learned.exact.arrays()
    arrays |= {EXACT + name: _least(value) if shipped else value for name, value in exact.items()}
    told = {
        "kernel": learned.name,
        "kind": learned.exact.kind,
        "config": store.as_told(learned.config),
        **{name: getattr(learned, name) for name in NUMBERS},
        "parameters": learned.parameters,
        "verdict": type(learned.verdict).__name__.lower(),
    }
    return store.write(folder, learned.name, arrays, told)


def load(task: KernelTask, folder: Path, *, deadline: float | None = None) -> LearnedKernel:
    """A saved kernel, checked and proved again.

    Its parameters are counted from the arrays; configuration, seed, attempts, examples and seconds
    are what the JSON says, and nothing else shows them.

    Raises:
        InputError: it was never kept there, the JSON is none of ours, or the arrays are none that
            the kernel could be made of.
        ChecksumError: the arrays are not those that the JSON speaks of.
    """
    advice = f"Train it: abduce train {task.name}"
    wanted = Wanted(
        what=f"the kernel {task.name!r}, as `abduce train` keeps it",
        advice=advice,
        again=f"Train the kernel again: abduce train {task.name}",
    )
    tensors, described = paths(folder, task.name)
    part = getattr(CONFIG, task.part)

    def upgrade(told: dict[str, Any]) -> None:
        """Kernels of schema 1 were trained with what is now the default configuration."""
        if type(told.get("schema")) is int and told["schema"] == 1 and "config" not in told:
            told |= {"schema": SCHEMA, "config": store.as_told(part)}

    told = store.read_told(described, FIELDS, wanted, upgrade)
    if told["kernel"] != task.name:
        found = f"kernel {store.short(told['kernel'])}"
        raise InputError(found, (f"kernel {task.name!r}",), described, advice=advice)
    config = store.restored(part, told["config"], described, wanted)
    arrays = store.read_arrays(tensors, told["sha256"], wanted)
    parts = {
        prefix: {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
        for prefix in (SOFT, EXACT)
    }
    expected = (f"the arrays of the kernel {task.name!r}",)
    try:
        if strange := sorted(name for name in arrays if not name.startswith((SOFT, EXACT))):
            raise ValueError(f"the array {', '.join(map(repr, strange))}, which means nothing here")
        exact = task.exact(parts[EXACT])
    except ValueError as error:
        raise InputError(str(error), expected, tensors, advice=advice) from error
    if exact.kind != told["kind"]:
        found = f"the kind {store.short(told['kind'])}"
        raise InputError(found, (repr(exact.kind),), described, advice=advice)
    counted = sum(value.size for value in parts[SOFT].values())
    if parts[SOFT] and counted != told["parameters"]:
        found = f"{told['parameters']:,} parameters"
        raise InputError(found, (f"{counted:,}, as in the arrays",), described, advice=advice)
    numbers: Mapping[str, Any] = {name: told[name] for name in NUMBERS}
    verdict = prove(exact, task.specification, deadline=deadline)
    return LearnedKernel(
        name=task.name, exact=exact, verdict=verdict, weights=parts[SOFT], parameters=counted,
        config=config, **numbers,
    )  # fmt: skip


def check_installed() -> None:
    """Before anything is trained or a neural module is run: whether that can be done at all.

    Raises:
        MissingExtraError: safetensors or torch is not installed.
    """
    needed = ("torch", "safetensors")
    if absent := [name for name in needed if importlib.util.find_spec(name) is None]:
        raise MissingExtraError("what is trained by torch", absent[0], "neural")


def missing(tasks: Iterable[KernelTask], folder: Path) -> list[str]:
    """The names of the kernels that are not kept in a folder."""
    return [task.name for task in tasks if not paths(folder, task.name)[1].is_file()]


def _least(whole: np.ndarray) -> np.ndarray:
    kinds = (np.int8, np.int16, np.int32, np.int64)
    low, high = int(whole.min(initial=0)), int(whole.max(initial=0))
    return whole.astype(
        next(k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max)
    )
