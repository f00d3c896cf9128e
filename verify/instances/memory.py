"""The memory of this process: keeping freed memory, and limiting it."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from math import ceil
from pathlib import Path
from typing import Final

from abduce.errors import InputError, UnsupportedError

TRIM_THRESHOLD: Final = -1
MMAP_THRESHOLD: Final = -3
LARGE: Final = 2**25
"""The largest threshold that glibc accepts."""


def keep_freed_memory() -> None:
    """Has the C library keep what is freed, for the next arrays of these sizes.

    Bounds need arrays of megabytes all the time. glibc would hand each one back to the system,
    which fills the next one with zeros, page by page: half of the time of some queries.
    """
    with suppress(AttributeError, OSError, TypeError):  # of another C library, nothing
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, LARGE)
        mallopt(TRIM_THRESHOLD, 2**31 - 1)


MODULES: Final = (
    "onnxruntime",
    "abduce.verify.networks.onnx.reading",
    "abduce.verify.instances.checking",
    "abduce.verify.verification",
    "abduce.verify.specifications.vnnlib.reading",
)
"""The modules that are loaded before memory is limited."""
HEADROOM: Final = 2**26
"""The least number of bytes available for a network, in addition to the memory of the verifier
itself."""


@contextmanager
def limited(gigabytes: float | None) -> Iterator[None]:
    """Beyond a limit of GiB (None for none) allocation fails with a `MemoryError`.

    What the verifier itself takes is loaded before, for a library that is loaded without memory
    ends the process. So does one that multiplies matrices on several threads: one is used.

    Raises:
        InputError: less than what this process takes already, and some more.
        UnsupportedError: a system without such limits.
    """
    if gigabytes is None:
        yield
        return
    try:
        import resource
    except ImportError as error:
        raise UnsupportedError("--memory-gb", ("this system's limits",)) from error
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _load()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = int(min(gigabytes * 2**30, 2**62))
    if wanted < (least := _held() + HEADROOM):
        advice = f"The verifier itself takes {_held() / 2**30:.2f} GiB on this machine."
        expected = (f"at least {ceil(least / 2**30 * 100) / 100:g}",)
        raise InputError(f"--memory-gb {gigabytes:g}", expected, advice=advice)
    wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _load() -> None:
    """Load what verification needs, and have numpy take the memory that it multiplies in."""
    for name in MODULES:
        import_module(name)
    import numpy as np

    square = np.ones((256, 256))
    np.dot(square, square)


def _held() -> int:
    """Bytes of this process that count for the limit; 0 where the system does not say."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0
