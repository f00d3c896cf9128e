"""The questions: mathQ's of five courses in their original wording, and MATH-500 in two halves."""

import csv
import hashlib
import io
import json
import lzma
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from abduce.errors import DataError

FOLDER: Final = "nlp/math"
COURSES: Final = ("18.01", "18.02", "18.03", "6.042", "COMS3251")
MATH500: Final = "MATH500.jsonl.xz"
HALVES_SEED: Final = 0
"""The seed by which MATH-500 is divided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its answer.

    Attributes:
        row: the row of the table that it counts in, a course or a subject.
        plotted: functions, one of which is plotted where the answer is a graph.
    """

    name: str
    row: str
    text: str
    answer: str
    plotted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Questions by part, with the checksums of their files."""

    parts: dict[str, tuple[Question, ...]]
    sha256: dict[str, str]


def read_questions(places: Sequence[Path]) -> Questions:
    """All questions: the parts 'mathq', 'math500-dev' and 'math500-test'.

    Raises:
        DataError: a file is in none of the folders.
    """
    sums: dict[str, str] = {}
    courses: list[Question] = []
    for course in COURSES:
        name = f"mathQ/{course}.csv.xz"
        content = _content(name, places)
        sums[name] = hashlib.sha256(content).hexdigest()
        rows = csv.DictReader(io.StringIO(lzma.decompress(content).decode("utf-8")))
        for number, row in enumerate(rows):
            text = (row.get("Original Problem") or "").strip()
            if text:
                answer = (row.get("Solution") or "").strip()
                graph = answer.startswith("Graph") or "plt." in answer or answer.endswith("Graph")
                code = (row.get("Codex Code") or "") + "\n" + answer
                courses.append(
                    Question(
                        name=f"{course} {number}",
                        row=course,
                        text=text,
                        answer=answer,
                        plotted=assigned(code) if graph else (),
                    )
                )
    content = _content(MATH500, places)
    sums[MATH500] = hashlib.sha256(content).hexdigest()
    lines = lzma.decompress(content).decode("utf-8").splitlines()
    order = list(range(len(lines)))
    random.Random(HALVES_SEED).shuffle(order)
    middle = len(order) // 2
    halves = {"math500-dev": sorted(order[:middle]), "math500-test": sorted(order[middle:])}
    parts = {"mathq": tuple(courses)}
    for half, numbers in halves.items():
        found = []
        for number in numbers:
            row = json.loads(lines[number])
            found.append(Question(name=f"MATH-500 {number}", row=row["subject"],
                                  text=row["problem"], answer=row["answer"]))  # fmt: skip
        parts[half] = tuple(found)
    return Questions(parts=parts, sha256=sums)


def assigned(code: str) -> tuple[str, ...]:
    """What a program with numpy assigns or returns, in our notation."""
    found = re.findall(r"(?:^|\n)\s*(?:\w+\s*=(?!=)|return)\s*([^\n]+)", code)
    mended = [re.sub(r"(?:np|math|numpy)\.", "", text) for text in found]
    return tuple(text for text in mended if re.search(r"[a-z]", text) and "linspace" not in text)


def _content(name: str, places: Sequence[Path]) -> bytes:
    for place in places:
        path = place / FOLDER / name
        if path.is_file():
            return path.read_bytes()
    advice = "Name the folder that has it: --data FOLDER."
    raise DataError(f"{FOLDER}/{name}", tuple(map(str, places)), advice)
