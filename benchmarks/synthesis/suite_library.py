"""A library learned from the list tasks named for development, for the others to call.

It is written beside the records, and read from there by later runs, so that all records of a file
are of one library.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from abduce.benchmarks.synthesis.suites import SHOWN, SuiteTask
from abduce.files import write_whole
from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.compressing import compress
from abduce.symbolic.synthesis.functional.library import (
    FunctionLibrary,
    library_text,
    read_function_library,
)
from abduce.symbolic.synthesis.functional.lists import LISTS
from abduce.symbolic.synthesis.functional.synthesise import FunctionFound, synthesise_function

MOST: Final = 10
"""The upper limit on the definitions that are learned."""


def learned_library(
    tasks: Sequence[SuiteTask],
    limit_s: float,
    budget: FunctionalBudget,
    path: Path,
    progress: Callable[[str], None] | None,
) -> FunctionLibrary:
    """The library of a file, or where there is none, one learned from tasks, which is written.

    Args:
        tasks: what is learned from. Only the examples that are shown are used.
    """
    if path.exists():
        return read_function_library(path.read_text("utf-8"), path, LISTS)
    programs = []
    for task in tasks:
        shown = task.examples.examples[:SHOWN]
        found = synthesise_function(shown, task.examples.type, LISTS, budget, cpu_seconds=limit_s)
        if isinstance(found, FunctionFound):
            programs.append(found.program)
            if progress:
                progress(f"learning from {task.name}: {found.program}")
    library = compress(programs, FunctionLibrary(LISTS), MOST).library
    write_whole(path, library_text(library).encode())
    if progress:
        for definition in library.definitions:
            progress(f"learned {definition}")
    return library
