"""What a model is told to learn from: data sets by name, and files of one's own."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from abduce.benchmarks.data.json_lines import json_lines
from abduce.benchmarks.word_problems.data import read_source
from abduce.benchmarks.word_problems.splits import MAWPS, MAWPS_1920, PARA, SVAMP_TRAIN
from abduce.errors import InputError
from abduce.neural.word_problems.examples import Told
from abduce.text import read_text

NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mawps": MAWPS,
        "mawps-1920": MAWPS_1920,
        "asdiv-a": "cv_asdiv-a.jsonl.xz",
        "svamp-train": SVAMP_TRAIN,
        "paramawps": PARA,
        "gsm8k": "gsm8k_train.jsonl.xz",
    }
)
"""The data sets, and their files. ASDiv-A and ParaMAWPS are not free for commercial use."""
FORM: Final = '{"text": "...", "equation": "x = 3 + 4", "answer": 7}'


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearningFrom:
    """Problems with the names of the data sets or files, and their checksums."""

    names: tuple[str, ...]
    problems: tuple[Told, ...]
    sha256: Mapping[str, str]


def learning_from(names: Sequence[str], places: Sequence[Path]) -> LearningFrom:
    """The problems of data sets and files.

    Args:
        names: a name of `NAMED`, or a file of JSON lines.
        places: the folders of data.

    Raises:
        InputError: a file cannot be read; says where.
        DataError: a data set is in none of the folders.
    """
    problems: list[Told] = []
    sums: dict[str, str] = {}
    for name in names:
        if name in NAMED:
            source = read_source(NAMED[name], places)
            problems += [filed.told for filed in source.problems]
            sums |= source.sha256
        elif not Path(name).is_file():
            advice = "Name a data set, or a file of JSON lines."
            raise InputError(f"--examples {name}", (*NAMED, "a file"), advice=advice)
        else:
            text, _ = read_text(name, "word problems")
            problems += _lines(text, name)
            sums[Path(name).name] = hashlib.sha256(text.encode()).hexdigest()
    return LearningFrom(names=tuple(names), problems=tuple(problems), sha256=sums)


def _lines(text: str, path: str) -> Iterator[Told]:
    for line in json_lines(text, path, ("text", "equation"), FORM):
        row = line.row
        family = row.get("family", f"{path}:{line.number}")
        answer = _number(row.get("answer"))
        if answer is None or not isinstance(family, str):
            field = "answer" if answer is None else "family"
            raise line.refused(f"{json.dumps(row.get(field))[:40]} as {field}")
        yield Told(text=row["text"], equation=row["equation"], answer=answer, family=family)


def _number(value: Any) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None
