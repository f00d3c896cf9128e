"""Suites of list functions: DreamCoder's list tasks and Rule's functions, some examples shown.

The list tasks at even positions of the file are named for development; those at odd positions, and
all of Rule's functions, are tests.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from abduce.errors import DataError
from abduce.symbolic.synthesis.functional.examples import FunctionalTask, read_functional_task

LISTS: Final = "lists"
RULE: Final = "rule"
LIBRARY: Final = "library"
DEVELOPMENT: Final = "lists, development"
SHOWN: Final = 7
"""The number of examples of a task that the search sees; the others are the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A file of tasks.

    Attributes:
        member: the file, in the folder of data sets.
        key: the field with the name of a task.
        limit_s: the limit on the CPU time of a search, in seconds.
        target: the share of the tasks to be solved.
    """

    name: str
    member: str
    key: str
    limit_s: float
    target: float


SUITES: Final[Mapping[str, Suite]] = {
    LISTS: Suite(
        name=LISTS,
        member="synthesis/dreamcoder_list_tasks_half.json",
        key="name",
        limit_s=2.0,
        target=0.75,
    ),
    LIBRARY: Suite(
        name=LIBRARY,
        member="synthesis/dreamcoder_list_tasks_half.json",
        key="name",
        limit_s=2.0,
        target=0.9,
    ),
    RULE: Suite(
        name=RULE,
        member="synthesis/rule_list_functions_model_100.json",
        key="id",
        limit_s=10.0,
        target=0.55,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteTask:
    """One function to be found.

    Attributes:
        part: the rows of the table that it belongs to.
    """

    suite: str
    part: str
    name: str
    examples: FunctionalTask = field(repr=False)


def read_suite(suite: Suite, places: Sequence[Path]) -> tuple[list[SuiteTask], dict[str, str]]:
    """The tasks of a suite, and the sha256 of their file.

    Raises:
        DataError: the file is in none of the folders.
    """
    found = next(
        (place / suite.member for place in places if (place / suite.member).is_file()), None
    )
    if found is None:
        advice = f"--data or ABDUCE_DATA names a folder that has {suite.member}."
        raise DataError(f"the tasks {suite.member}", tuple(map(str, places)), advice)
    content = found.read_bytes()
    tasks = []
    for number, row in enumerate(json.loads(content)):
        data: dict[str, Any] = {
            "examples": row["examples"],
            "type": row.get("type", "[int] -> [int]"),
        }
        part = suite.name
        if suite.name == LISTS:
            part = "lists, test" if number % 2 else DEVELOPMENT
        elif suite.name == LIBRARY:
            part = "lists with a library, test" if number % 2 else DEVELOPMENT
        tasks.append(
            SuiteTask(
                suite=suite.name,
                part=part,
                name=row[suite.key],
                examples=read_functional_task(data, found),
            )
        )
    return tasks, {suite.member: hashlib.sha256(content).hexdigest()}
