"""Python's collector of cycles, held off while the plain engine runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_off() -> Iterator[None]:
    """Turns the collector of cycles off: reference counts free what is dropped.

    A thunk is written over with a value made of older thunks and of such as the value alone knows,
    so the machines make no cycle; looking for one among millions of live pairs takes a fifth of
    their time. The collector is the process's: cycles that other threads drop wait for the end.
    """
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
