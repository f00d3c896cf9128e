"""The named tasks: where the training and test pairs of SCAN, PCFG SET, miniSCAN, HINT, languages
of many words and random lexicons come from.

HINT is read at symbol level: the words of a sentence are the characters of an expression, and its
output is a number. Its splits are `main`, and x, a and c, the concepts: there a few rows of the
concept's own training set extend the lexicon that was learned from the main split. The test is then
the concept's, and that of the main split, to see that nothing is lost.

A random lexicon is tested on its training rows: the question is whether the learner finds one that
is as short.

SCAN's splits are made from the language (`scan_splits.split`; they equal the official files row for
row) and need no data; only MCD1-3 are read.

PCFG SET's official training inputs were not to be had. What stands in for them:
    systematicity, productivity   true members of the official training sets, a uniform sample of
                                  10.5 % that follows from the differences between the published
                                  splits; no row of it is in the test of its split
    iid                           the official development set: of the same distribution as the
                                  i.i.d. test, and without a row in common with it. (All recovered
                                  training rows of the other two splits are rows of the i.i.d. test,
                                  so they cannot serve.) Nothing is tuned on it
    10k                           the authors' smaller set, with its own training file
The record of a run names the file (`task.train`).

Source: Lake and Baroni 2018; Keysers et al. 2020; Hupkes et al. 2020; Lake, Linzen and Baroni 2019.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from abduce.benchmarks.data.hint import FEW_SHOT, HintRow, hint_concept, hint_rows
from abduce.benchmarks.data.members import read_text
from abduce.benchmarks.data.pair_formats import Pair
from abduce.benchmarks.data.pairs import Pairs, parse_pairs, read_pairs, read_sentences
from abduce.benchmarks.data.random_lexicons import drawn_lexicon
from abduce.benchmarks.data.scan_splits import GENERATED, READ, Row, official_split, split
from abduce.benchmarks.data.table import checksums
from abduce.benchmarks.data.word_languages import LEAST, SIZES, word_language
from abduce.errors import InputError
from abduce.text import nearest

SCAN_SPLITS = (*GENERATED, *READ)
TEN_K = "data/pcfg_set/10K/random_split"
PCFG_SPLITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "iid": ("iid_dev.tsv", "iid_test.tsv"),
        "systematicity": ("systematicity_train_recovered_uniform.tsv", "systematicity_test.tsv"),
        "productivity": ("productivity_train_recovered_uniform.tsv", "productivity_test.tsv"),
        "10k": (f"{TEN_K}/train", f"{TEN_K}/test"),
    }
)
HINT_CONCEPTS = ("x", "a", "c")
HINT_ROWS = 2_000
"""The number of HINT's training rows that are drawn unless another is asked for."""
FEW_ROWS = 10
"""The number of rows of a concept that extend a lexicon."""
MINISCAN = "data_human/few_shot/val_gold/mini_scan.txt"
SPLITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "scan": SCAN_SPLITS,
        "pcfg": tuple(PCFG_SPLITS),
        "miniscan": (),
        "hint": ("main", *HINT_CONCEPTS),
        "words": tuple(map(str, SIZES)),
        "lexicons": (),
    }
)


@dataclass(frozen=True, slots=True)
class Material:
    """The training and test rows of a job.

    Args:
        sha256: file, or what was generated, to sha256.
        identity: what must be added to the job's own words to know the task: the sha256 of the
            user's files; for a named task nothing.
        lines: the line numbers of `train` in a file of the user; None for other tasks.
        facts: what is known of it beside, for the metrics: for a random lexicon, its true_bits.
        few: rows with new words, by which what was learned is extended.
        groups: the name of the group that each row of `test` belongs to, if there are several.
        headers: first lines that were taken for names of columns, as `file:1: 'input', 'output'`.
    """

    train: Sequence[Pair]
    test: Sequence[Pair]
    sha256: Mapping[str, str]
    identity: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[int] | None = None
    headers: Sequence[str] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    few: Sequence[Pair] = ()
    groups: Sequence[str] = ()


def split_name(task: str, given: str | None) -> str:
    """The split a person means: `around-right` is template_around_right, `p2` size_p2.

    Raises:
        InputError: there is none of that name; says the nearest.

    >>> split_name("scan", "add-primitive-jump"), split_name("scan", "filler-num0")
    ('addprim_jump', 'filler_num0')
    """
    names = SPLITS[task]
    if not names:
        if given:
            raise InputError(f"--split {given}", advice=f"{task} has no splits.")
        return ""
    if task == "words" and given and given.isdecimal() and int(given) >= LEAST:
        return str(int(given))
    if not given:
        raise InputError("no --split", names, advice=f"{task} has several splits: name one.")
    plain = given.lower().replace("-", "_")
    for long in ("add_primitive", "add_prim"):
        plain = plain.replace(long, "addprim")
    for name in names:
        for form in (name, name.partition("_")[2], name.replace("num", "")):
            if form.replace("_", "") == plain.replace("_", ""):
                return name
    advice = nearest(plain, names, 0.5)
    raise InputError(f"the split {given!r} of {task}", names, advice=advice)


def load(task: str, name: str, places: Sequence[Path] | None = None, *, seed: int = 0) -> Material:
    """The pairs of a named task.

    Args:
        seed: the seed of tasks that are drawn anew for each seed, such as random lexicons.
        places: folders to look for data in; None for the usual ones.

    Raises:
        DataError: a file is needed and was not found.
    """
    match task:
        case "scan":
            return _scan(name, lambda member: read_text("scan", member, places))
        case "pcfg":
            return _pcfg(name, lambda member: read_text("pcfg", member, places))
        case "miniscan":
            found = parse_pairs(read_text("miniscan", MINISCAN, places), MINISCAN)
            return Material(found.study, found.queries, {MINISCAN: checksums(task)[MINISCAN]})
        case "hint":
            return _hint(name, places, seed)
        case "words":
            train, test = word_language(int(name))
            parts = {"train": train, "test": test}
            sums = {f"generated: {name} words {part}": _sum(_rows(parts[part])) for part in parts}
            return Material(train, test, sums)
        case "lexicons":
            drawn = drawn_lexicon(seed)
            sums = {f"generated: lexicon {seed}": _sum(_rows(drawn.rows))}
            return Material(drawn.rows, drawn.rows, sums, facts={"true_bits": round(drawn.bits, 3)})
        case _:
            raise InputError(f"the task {task!r}", tuple(SPLITS))


@dataclass(frozen=True, slots=True)
class _HintLines(Sequence[Pair]):
    """Rows of HINT as pairs, each made when it is asked for: there are a million."""

    lines: Sequence[str]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, place: Any) -> Any:
        line: Any = self.lines[place]
        expression, value, *_ = line.split("\t", 2)
        return tuple(expression), (value,)


def _hint(name: str, places: Sequence[Path] | None, seed: int) -> Material:
    """HINT's main split; of a concept also some of its training rows, and its test before that of
    the main split."""
    lines = read_text("hint", "hint_train.tsv", places).splitlines()[1:]
    members = ["hint_train.tsv", "hint_test.tsv"]
    few: list[Pair] = []
    concept: tuple[HintRow, ...] = ()
    if name != "main":
        members.append(FEW_SHOT)
        train = hint_concept(name, "train", places)
        few = [_pair(row) for row in Random(f"few {seed}").sample(train, FEW_ROWS)]
        concept = hint_concept(name, "test", places)
    test = hint_rows("test", places)
    return Material(
        _HintLines(lines),
        [_pair(row) for row in (*concept, *test)],
        _sums("hint", members),
        few=few,
        groups=[*[name] * len(concept), *[row.subset for row in test]],
    )


def _pair(row: HintRow) -> Pair:
    return row.symbols, (str(row.value),)


def load_files(
    train: Path, test: Path | None = None, *, asked: bool = False, deadline: float | None = None
) -> Material:
    """A person's own files. The queries of a file with sections are its test.

    Args:
        asked: whether outputs will be asked for: then `train` holds sentences, and no output of
            its is read.

    Raises:
        OutOfTime: the deadline passed while they were read.
    """
    study = (read_sentences if asked else read_pairs)(train, deadline=deadline)
    tested = study if test is None else read_pairs(test, deadline=deadline)
    sha256, identity = {str(train): study.sha256}, {"train_sha256": study.sha256}
    queries = study.queries
    if test is not None:
        sha256[str(test)] = identity["test_sha256"] = tested.sha256
        queries = tested.queries or tested.study
    read = {train: study, test or train: tested}
    headers = [_header(path, pairs) for path, pairs in read.items() if pairs.header]
    return Material(study.study, queries, sha256, identity, study.lines, headers)


def _header(path: Path, pairs: Pairs) -> str:
    assert pairs.header is not None
    line, source, target = pairs.header
    return f"{path}:{line}: {source!r}, {target!r}"


def _scan(name: str, read: Callable[[str], str]) -> Material:
    if name in READ:
        train, test = official_split(name, read)
        members = [f"mcd_split/tasks_{part}_{name}.txt" for part in ("train", "test")]
        return Material(_pairs(train), _pairs(test), _sums("scan", members))
    train, test = split(name)
    sums = {f"generated: {name} train": _sum(train), f"generated: {name} test": _sum(test)}
    return Material(_pairs(train), _pairs(test), sums)


def _pcfg(name: str, read: Callable[[str], str]) -> Material:
    parts = PCFG_SPLITS[name]
    if name == "10k":
        members = [f"{part}.{side}" for part in parts for side in ("src", "tgt")]
        texts = [
            "\n".join(map("\t".join, zip(*sides, strict=True)))
            for sides in ([read(f"{p}.{s}").splitlines() for s in ("src", "tgt")] for p in parts)
        ]
    else:
        members, texts = list(parts), [read(part) for part in parts]
    train, test = (parse_pairs(text, part).study for text, part in zip(texts, parts, strict=True))
    return Material(train, test, _sums("pcfg", members))


def _pairs(rows: Sequence[Row]) -> list[Pair]:
    return [(tuple(command.split()), tuple(actions.split())) for command, actions in rows]


def _rows(pairs: Sequence[Pair]) -> list[Row]:
    return [(" ".join(words), " ".join(tokens)) for words, tokens in pairs]


def _sum(rows: Sequence[Row]) -> str:
    text = "".join(f"IN: {command} OUT: {actions}\n" for command, actions in rows)
    return hashlib.sha256(text.encode()).hexdigest()


def _sums(name: str, members: Sequence[str]) -> dict[str, str]:
    return {member: checksums(name)[member] for member in members}
