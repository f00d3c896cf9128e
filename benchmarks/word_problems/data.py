"""Files of word problems, each with its text, its equation and its answer."""

import csv
import hashlib
import io
import json
import lzma
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from abduce.errors import DataError
from abduce.neural.word_problems.examples import Told

FOLDER: Final = "nlp/mwp"
_SIGNS: Final = frozenset("+-*/")
_NUMBER: Final = re.compile(r"number(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A problem with where the file puts it.

    Attributes:
        fold: the fold in which it is tested; -1 where there are none.
        split: 'train', 'valid' or 'test'; empty where there are none.
    """

    told: Told
    fold: int = -1
    split: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """The problems of some files, with the checksums of these."""

    problems: tuple[Filed, ...]
    sha256: Mapping[str, str] = field(default_factory=dict)


def content(name: str, places: Sequence[Path]) -> bytes:
    """The bytes of a file of word problems.

    Raises:
        DataError: it is in none of the folders.
    """
    for place in places:
        path = place / FOLDER / name
        if path.is_file():
            return path.read_bytes()
    advice = "Name the folder that has it: --data FOLDER."
    raise DataError(f"{FOLDER}/{name}", tuple(map(str, places)), advice)


def read_source(name: str, places: Sequence[Path]) -> Source:
    """The problems of a file.

    Raises:
        DataError: it is in none of the folders.
    """
    packed = content(name, places)
    problems = tuple(READERS[name](lzma.decompress(packed).decode()))
    return Source(problems=problems, sha256={name: hashlib.sha256(packed).hexdigest()})


def _five_folds(text: str) -> Iterator[Filed]:
    for row in map(json.loads, text.splitlines()):
        told = _told(row["sQuestion"], row["lEquations"][0], row["answer"], f"m{row['iIndex']}")
        if told is not None:
            yield Filed(told=told, fold=row["fold"])


def _filled(text: str) -> Iterator[Filed]:
    """Problems whose numbers stand apart from their texts, in folds."""
    for number, row in enumerate(map(json.loads, text.splitlines())):
        told = _from_parts(row, f"f{number}")
        if told is not None:
            yield Filed(told=told, fold=row["fold"])


def _filled_csv(text: str) -> Iterator[Filed]:
    for number, row in enumerate(csv.DictReader(io.StringIO(text))):
        told = _from_parts(row, f"c{number}")
        if told is not None:
            yield Filed(told=told, split="train")


def _svamp(text: str) -> Iterator[Filed]:
    for row in json.loads(text):
        body = row["Body"].strip()
        story = f"{body}{'' if body.endswith(('.', '?', '!', ',')) else '.'} {row['Question']}"
        told = _told(story, row["Equation"], row["Answer"], row["ID"])
        if told is not None:
            yield Filed(told=told, split="test")


def _para(text: str) -> Iterator[Filed]:
    for row in map(json.loads, text.splitlines()):
        told = _told(row["text"], row["equation"] or "", row["ans"], f"p{row['seed']}")
        if told is not None:
            yield Filed(told=told, fold=row["cvfold"], split=row["split"])


def _gsm8k(text: str) -> Iterator[Filed]:
    """The steps of a solution, <<48/2=24>>, put into one another, are its equation."""
    for number, row in enumerate(map(json.loads, text.splitlines())):
        solution, _, answer = row["answer"].partition("####")
        equation = _composed(re.findall(r"<<(.*?)>>", solution))
        told = _told(row["question"], equation, answer.strip().replace(",", ""), f"g{number}")
        if told is not None:
            yield Filed(told=told, split="train")


def _composed(steps: Sequence[str]) -> str:
    """One equation from steps, '48/2=24' and '48+24=72': each result stands for its step."""
    known: dict[str, str] = {}
    last = ""
    for step in steps:
        left, _, result = step.partition("=")
        last = re.sub(r"\d*\.?\d+", lambda match: known.get(match[0], match[0]), left)
        known[result.strip()] = f"({last})"
    return last


READERS: Final[Mapping[str, Callable[[str], Iterator[Filed]]]] = {
    "mawps_single_five_fold.jsonl.xz": _five_folds,
    "cv_mawps.jsonl.xz": _filled,
    "cv_asdiv-a.jsonl.xz": _filled,
    "mawps-asdiv-a_svamp/train.csv.xz": _filled_csv,
    "SVAMP.json.xz": _svamp,
    "paramawps_reconstructed.jsonl.xz": _para,
    "gsm8k_train.jsonl.xz": _gsm8k,
}


def _told(text: str, equation: str, answer: Any, family: str) -> Told | None:
    """A problem; None where its answer is no number."""
    try:
        number = Fraction(str(answer).strip())
    except (ValueError, ZeroDivisionError):
        return None
    return Told(text=" ".join(text.split()), equation=equation, answer=number, family=family)


def _from_parts(row: Mapping[str, str], family: str) -> Told | None:
    numbers = [part.removesuffix(".0") for part in row["Numbers"].split()]

    def filled(text: str) -> str:
        return _NUMBER.sub(lambda match: numbers[int(match[1])], text)

    equation = filled(_infix(row["Equation"].split()))
    return _told(filled(row["Question"]), equation, row["Answer"], family)


def _infix(prefix: Sequence[str]) -> str:
    """'* number0 number1' as '(number0 * number1)'."""
    values: list[str] = []
    for part in reversed(prefix):
        values.append(f"({values.pop()} {part} {values.pop()})" if part in _SIGNS else part)
    return values[-1] if len(values) == 1 else ""
