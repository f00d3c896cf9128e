"""Data: inputs and labels in a file of numpy, under the keys `inputs` and `labels`."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.network import Network
from abduce.verify.specifications.activation_pattern.observing import checked_data

KEYS = ("inputs", "labels")


def read_data(path: Path, network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (P, inputs), float64, and labels (P,), int64, of a .npz file.

    Raises:
        InputError: the file cannot be read, lacks a key, or does not suit the network; says where.
    """
    expected = ("a file of numpy.savez with the keys inputs and labels",)
    try:
        file = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise InputError("a single array", expected, path)
        with file:
            if missing := [key for key in KEYS if key not in file.files]:
                found = ", ".join(file.files) or "nothing"
                raise InputError(f"no {missing[0]!r} among {found}", expected, path)
            inputs, labels = (_array(file, key, path) for key in KEYS)
    except OSError as error:
        found = f"no file that can be read ({error.strerror or error})"
        raise InputError(found, expected, path) from error
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError("a file of another kind, or a damaged one", expected, path) from error
    return checked_data(inputs, labels, network, path)


def _array(file: Mapping[str, np.ndarray], key: str, path: Path) -> np.ndarray:
    try:
        return file[key]
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{key!r} that cannot be read ({error})", ("numbers",), path) from error
