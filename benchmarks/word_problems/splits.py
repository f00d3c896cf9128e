"""The splits of the literature: what is learned from, and what is tested."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from abduce.benchmarks.word_problems.data import Filed, Source, read_source
from abduce.neural.word_problems.examples import Told

MAWPS, MAWPS_1920 = "mawps_single_five_fold.jsonl.xz", "cv_mawps.jsonl.xz"
PARA: Final = "paramawps_reconstructed.jsonl.xz"
SVAMP_TRAIN, SVAMP = "mawps-asdiv-a_svamp/train.csv.xz", "SVAMP.json.xz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Problems to learn from and problems to test, with the checksums of their files."""

    train: tuple[Told, ...]
    test: tuple[Told, ...]
    sha256: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A row of the table.

    Attributes:
        about: the protocol, in words.
        folds: the folds that are tested; one fold without a number, where there is one split.
        floor, aim: the targets of its accuracy.
        published: what others have reached, in words.
        disjoint: whether no family is on both sides.
    """

    about: str
    folds: tuple[int, ...]
    floor: float
    aim: float
    published: str
    disjoint: bool
    read: Callable[[Sequence[Path], int], Split]


def _folds(name: str) -> Callable[[Sequence[Path], int], Split]:
    def read(places: Sequence[Path], fold: int) -> Split:
        return _split(read_source(name, places), lambda filed: filed.fold != fold)

    return read


def _official(places: Sequence[Path], _: int) -> Split:
    """The validation part is learned from, too; training problems with a tested sibling are
    dropped."""
    return disjoint(_split(read_source(PARA, places), lambda filed: filed.split != "test"))


def _usual(places: Sequence[Path], _: int) -> Split:
    train, test = read_source(SVAMP_TRAIN, places), read_source(SVAMP, places)
    return Split(
        train=tuple(filed.told for filed in train.problems),
        test=tuple(filed.told for filed in test.problems),
        sha256={**train.sha256, **test.sha256},
    )


def _split(source: Source, learned: Callable[[Filed], bool]) -> Split:
    return Split(
        train=tuple(filed.told for filed in source.problems if learned(filed)),
        test=tuple(filed.told for filed in source.problems if not learned(filed)),
        sha256=source.sha256,
    )


def disjoint(split: Split) -> Split:
    """The split without the training problems that have a tested sibling.

    Siblings are of one family, or of two families that have a text in common: MAWPS has some
    problems twice, under other numbers.
    """
    groups = joined((*split.train, *split.test))
    tested = {groups[told.family] for told in split.test}
    train = tuple(told for told in split.train if groups[told.family] not in tested)
    return Split(train=train, test=split.test, sha256=split.sha256)


def joined(problems: Sequence[Told]) -> dict[str, str]:
    """For each family the name of its group: families that share a text are of one group."""
    above: dict[str, str] = {}

    def top(family: str) -> str:
        while above.setdefault(family, family) != family:
            family = above[family]
        return family

    first: dict[str, str] = {}
    for told in problems:
        text = "".join(letter for letter in told.text.casefold() if letter.isalnum())
        above[top(told.family)] = top(first.setdefault(text, told.family))
    return {told.family: top(told.family) for told in problems}


BENCHMARKS: Final[Mapping[str, Benchmark]] = MappingProxyType(
    {
        "mawps": Benchmark(
            about="MAWPS, 1,987 problems, five folds",
            folds=(0, 1, 2, 3, 4),
            floor=0.86,
            aim=0.90,
            published="GTS 82.6, Graph2Tree 83.7, DeBERTa 90.7, Deductive 92.0",
            disjoint=False,
            read=_folds(MAWPS),
        ),
        "mawps-1920": Benchmark(
            about="MAWPS, 1,920 problems, five folds",
            folds=(0, 1, 2, 3, 4),
            floor=0.86,
            aim=0.90,
            published="GTS 82.6, Graph2Tree 83.7, GTS+RoBERTa 88.5",
            disjoint=False,
            read=_folds(MAWPS_1920),
        ),
        "svamp": Benchmark(
            about="SVAMP, trained on MAWPS and ASDiv-A",
            folds=(-1,),
            floor=0.32,
            aim=0.40,
            published="GTS 30.8, Graph2Tree 36.5, GTS+RoBERTa 41.0, Deductive 47.3",
            disjoint=False,
            read=_usual,
        ),
        "paramawps": Benchmark(
            about="ParaMAWPS, the paper's folds, in which siblings of a tested problem are learned",
            folds=(0, 1),
            floor=0.80,
            aim=0.84,
            published="DeBERTa 74.1, with its vote 79.1",
            disjoint=False,
            read=_folds(PARA),
        ),
        "paramawps-seeds": Benchmark(
            about="ParaMAWPS, the official split, with no seed on both sides",
            folds=(-1,),
            floor=0.70,
            aim=0.76,
            published="none",
            disjoint=True,
            read=_official,
        ),
    }
)
