"""How this process's memory is kept."""

import ctypes
from contextlib import suppress
from typing import Final

TRIM_THRESHOLD: Final = -1
MMAP_THRESHOLD: Final = -3
LARGE: Final = 2**25
"""The largest that glibc takes."""


def keep_freed_memory() -> None:
    """Has the C library keep what is freed, for the next arrays of these sizes.

    Bounds need arrays of megabytes all the time. glibc would hand each one back to the system,
    which fills the next one with zeros, page by page: half of the time of some queries.
    """
    with suppress(AttributeError, OSError, TypeError):  # of another C library, nothing
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, LARGE)
        mallopt(TRIM_THRESHOLD, 2**31 - 1)
