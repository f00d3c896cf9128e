"""Jobs: what they learn from, what is measured, and that a stopped one says so."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from abduce import clock
from abduce.benchmarks.data.pair_formats import Pair
from abduce.benchmarks.records.record import Record, Status, record_id
from abduce.benchmarks.records.record_file import append, read
from abduce.benchmarks.solve.job import SolveJob, corrupted, make_job, material, subset
from abduce.benchmarks.solve.learner import Learner, Words
from abduce.benchmarks.solve.metrics import Outcome, gave_up, wrong_answers
from abduce.benchmarks.solve.parts import PARTS, jobs, pending
from abduce.benchmarks.solve.run import ANSWER_S, solve
from abduce.benchmarks.solve.tasks import SCAN_SPLITS, Material, load, load_files, split_name
from abduce.errors import InputError

PAIRS: list[Pair] = [((str(n),), (str(n), "X")) for n in range(20)]
MATERIAL = Material(PAIRS[:10], [*PAIRS[:4], *PAIRS[10:12]], {"train.tsv": "0" * 64})
JOB = SolveJob(task="scan", split="length", seed=1)


@dataclass(frozen=True)
class Known:
    value: Words | None
    unknown: Words = ()
    posterior: float = 1.0
    alternatives: tuple[tuple[Words, float], ...] = ()
    reason: str = ""

    @property
    def abstained(self) -> bool:
        return self.value is None


@dataclass
class Table:
    """Knows its training pairs by heart, and abstains from all else."""

    targets: dict[Words, Words]
    status: str = "complete"
    before_answer: Callable[[], object] = lambda: None
    limits: list[float | None] = field(default_factory=list)
    summary: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.summary = {"explained": len(self.targets), "status": self.status}

    def answer(self, sentence: Words, *, deadline: float | None = None) -> Known:
        self.limits.append(deadline)
        self.before_answer()
        known = self.targets.get(sentence)
        return Known(known, sentence if known is None else ())

    def unexplained(self, pairs: Sequence[Pair]) -> tuple[()]:
        return ()

    def show(self) -> str:
        return f"{len(self.targets)} pairs"

    def to_json(self) -> dict[str, Any]:
        return {}


def learner(**options: Any) -> Learner:
    def learn(pairs: Sequence[Pair], config: object, **_: object) -> Table:
        return Table(dict(pairs), **options)

    def learn_actively(
        pool: Sequence[Words], oracle: Callable[[Words], Words], config: object, **kw: Any
    ) -> tuple[Table, list[Words]]:
        asked = list(pool[: kw["limit"]])
        return Table({words: oracle(words) for words in asked}, **options), asked

    def extend(base: Table, pairs: Sequence[Pair], config: object, **_: object) -> Table:
        return Table({**base.targets, **dict(pairs)}, **options)

    return Learner({"beam": 8}, learn, learn_actively, extend)


def run(tmp_path: Path, job: SolveJob = JOB, **options: Any) -> Record:
    path = tmp_path / "solve.jsonl"
    _, record = solve(job, MATERIAL, path, learner=learner(**options))
    assert read(path) == [record]
    return record


def test_an_abstention_counts_as_wrong(tmp_path: Path) -> None:
    record = run(tmp_path)
    found = record.metrics
    assert (found["accuracy"], found["n"], found["abstained"], found["wrong"]) == (4 / 6, 6, 2, 0)
    assert (found["train_rows"], found["queries"], found["seed"]) == (10, None, 1)
    assert (found["unknown"], found["unknown_count"]) == (["10", "11"], 2)
    assert found["test_inputs_in_train"] == 4
    assert (record.status, record.config) == ("complete", {"beam": 8})
    assert record.command == "abduce solve scan --split length --seed 1"
    assert record.id == record_id("solve", JOB.asked, {"beam": 8}, 1)


def test_an_active_job_reads_only_the_targets_it_asks_for(tmp_path: Path) -> None:
    record = run(tmp_path, SolveJob(task="scan", split="length", active=True, limit=3))
    found = record.metrics
    assert (found["train_rows"], found["queries"], found["accuracy"]) == (3, 3, 3 / 6)


def test_ctrl_c_leaves_a_record_marked_as_such(tmp_path: Path) -> None:
    path, steps = tmp_path / "solve.jsonl", iter(range(3))

    def stop_at_the_fourth() -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt

    stopped = learner(before_answer=stop_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        solve(JOB, MATERIAL, path, learner=stopped)
    (record,) = read(path)
    assert record.status == "interrupted"
    assert record.metrics["answered"] == 3
    assert "accuracy" not in record.metrics


def test_a_bug_in_the_learner_leaves_a_failed_record(tmp_path: Path) -> None:
    path = tmp_path / "solve.jsonl"
    with pytest.raises(ZeroDivisionError):
        solve(JOB, MATERIAL, path, learner=learner(before_answer=lambda: 1 / 0))
    assert [record.status for record in read(path)] == ["failed"]


def test_what_is_left_when_time_is_up_is_answered_with_a_short_limit_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer takes 3 seconds of a clock that stands still otherwise."""
    answered: list[None] = []
    limits: list[float | None] = []
    monkeypatch.setattr(clock, "wall_s", lambda: 3.0 * len(answered))
    options: dict[str, Any] = {"before_answer": lambda: answered.append(None), "limits": limits}
    found = run(tmp_path, replace(JOB, timeout_s=5.0), **options)
    assert found.status == "timeout"
    assert (found.metrics["answered"], found.metrics["accuracy"]) == (4, 4 / 6)
    assert limits == [5.0, 5.0, *(3.0 * n + ANSWER_S for n in range(2, 6))]


def test_the_time_limit_stands_in_the_task_and_in_the_command(tmp_path: Path) -> None:
    record = run(tmp_path, replace(JOB, timeout_s=5000.0))
    assert record.task["timeout_s"] == 5000.0
    assert record.command == "abduce solve scan --split length --seed 1 --timeout-s 5000"
    assert record.id != record_id("solve", JOB.asked, {"beam": 8}, 1)


def test_a_timeout_of_learning_is_the_runs(tmp_path: Path) -> None:
    assert run(tmp_path, status="timeout").status == "timeout"


def test_nothing_answered_is_giving_up() -> None:
    assert gave_up(Outcome(), MATERIAL.test)
    assert gave_up(Outcome(lexicon=Table({})), ())
    assert not gave_up(Outcome(answers=[Known(("X",))]), MATERIAL.test)


def test_wrong_answers_say_what_was_wanted() -> None:
    outcome = Outcome(answers=[Known(("0", "X")), Known(("Y",)), Known(None, reason="no tree")])
    rows = wrong_answers(outcome, PAIRS[:4])
    assert [row["input"] for row in rows] == ["1", "2", "3"]
    assert [row["answer"] for row in rows] == [["Y"], None, None]
    assert [row["reason"] for row in rows] == ["", "no tree", "no time"]
    assert rows[0]["target"] == ["1", "X"]
    assert json.loads(json.dumps(rows)) is not None


def test_a_subset_is_drawn_with_its_seed_and_keeps_the_order(seed: int) -> None:
    drawn = subset(PAIRS, 7, Random(seed))
    assert drawn == subset(PAIRS, 7, Random(seed))
    assert drawn == [pair for pair in PAIRS if pair in drawn]
    assert len(drawn) == 7
    with pytest.raises(InputError, match="at most the 20 training rows"):
        subset(PAIRS, 21, Random(seed))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 1.0])
def test_noise_exchanges_exactly_its_share(share: float, seed: int) -> None:
    noisy = corrupted(PAIRS, share, Random(seed))
    assert sum(a != b for a, b in zip(noisy, PAIRS, strict=True)) == round(20 * share)
    assert [words for words, _ in noisy] == [words for words, _ in PAIRS]
    assert {tokens for _, tokens in noisy} <= {tokens for _, tokens in PAIRS}


def test_noise_needs_a_second_output_to_exchange_for() -> None:
    alike: list[Pair] = [((str(n),), ("X",)) for n in range(4)]
    assert corrupted(alike, 1.0, Random(0)) == alike


def test_the_test_stays_clean() -> None:
    job = SolveJob(task="scan", split="size_p1", rows=50, noise=0.5)
    given, clean = material(job), load("scan", "size_p1")
    assert given.test == clean.test
    assert len(given.train) == 50
    assert sum(pair not in clean.train for pair in given.train) > 10


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("length", "length"),
        ("add-primitive-jump", "addprim_jump"),
        ("jump", "addprim_jump"),
        ("turn-left", "addprim_turn_left"),
        ("around-right", "template_around_right"),
        ("template_jump_around_right", "template_jump_around_right"),
        ("right", "template_right"),
        ("filler-2", "filler_num2"),
        ("num3", "filler_num3"),
        ("p64", "size_p64"),
        ("MCD-1", "mcd1"),
    ],
)
def test_splits_have_friendly_names(given: str, name: str) -> None:
    assert split_name("scan", given) == name


def test_every_split_is_its_own_name() -> None:
    assert [split_name("scan", name) for name in SCAN_SPLITS] == list(SCAN_SPLITS)


@pytest.mark.parametrize(
    ("task", "given", "text"),
    [
        ("scan", "lenght", "Did you mean length?"),
        ("scan", "arond_right", "template_around_right"),
        ("scan", None, "name one"),
        ("pcfg", "productivty", "Did you mean productivity?"),
        ("miniscan", "length", "has no splits"),
    ],
)
def test_a_misspelt_split_lists_the_nearest(task: str, given: str | None, text: str) -> None:
    with pytest.raises(InputError) as caught:
        split_name(task, given)
    assert text in str(caught.value)
    assert task == "miniscan" or "productivity" in str(caught.value) or "mcd3" in str(caught.value)


def test_a_job_is_made_of_a_task_or_of_files() -> None:
    train = Path("train.tsv")
    assert make_job("scan", "p2", None).split == "size_p2"
    assert make_job(None, None, train).name == "train.tsv"
    for task, split, file in (
        (None, None, None),
        ("scan", "length", train),
        (None, "p2", train),
        ("scam", None, None),
    ):
        with pytest.raises(InputError):
            make_job(task, split, file)


def test_a_job_says_itself_as_a_command() -> None:
    files = SolveJob(task="pairs", train=Path("my pairs.tsv"), test=Path("test.tsv"), noise=0.1)
    assert files.command == ("abduce solve --train 'my pairs.tsv' --test test.tsv --noise 0.1")
    active = SolveJob(task="scan", split="mcd1", active=True, limit=20, seed=2)
    assert active.command == "abduce solve scan --split mcd1 --seed 2 --limit 20 --active"


def test_files_of_one_name_and_other_content_are_other_tasks(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("a\tX\n")
    first = load_files(path).identity
    path.write_text("a\tY\n")
    assert load_files(path).identity != first


def test_the_queries_of_a_file_are_its_test(tmp_path: Path) -> None:
    path = tmp_path / "mini.txt"
    path.write_text("*SUPPORT*\nIN: 1 OUT: 1\n*QUERY*\nIN: 1 thrice OUT: 1 1 1\n")
    for given in (load_files(path), load_files(path, path)):
        assert (len(given.train), given.test) == (1, ((("1", "thrice"), ("1", "1", "1")),))
    other = tmp_path / "test.tsv"
    other.write_text("1\t1\n1\t1\n")
    assert len(load_files(path, other).test) == 2


@pytest.mark.parametrize("name", ["iid", "systematicity", "productivity", "10k"])
def test_no_pcfg_training_input_is_in_its_test(name: str, data: Path) -> None:
    found = load("pcfg", name, [data])
    assert not {words for words, _ in found.train} & {words for words, _ in found.test}
    assert len(found.sha256) in (2, 4)


def test_miniscan_has_14_and_10(data: Path) -> None:
    found = load("miniscan", "", [data])
    assert (len(found.train), len(found.test)) == (14, 10)


def test_mcd_is_read(data: Path) -> None:
    found = load("scan", "mcd1", [data])
    assert (len(found.train), len(found.test)) == (8365, 1045)
    assert len(found.sha256) == 2


def test_the_jobs_of_the_readme() -> None:
    counts = {name: len(jobs([name])) for name in PARTS}
    assert counts == {
        "scan": 22,
        "rows": 40,
        "curve": 30,
        "noise": 9,
        "lexicons": 200,
        "active": 20,
        "pcfg": 4,
        "pcfg-rows": 60,
        "miniscan": 1,
        "hint-symbols": 5,
        "hint-curve": 18,
        "hint-concepts": 15,
        "hint-ablation": 15,
        "words": 3,
        "priors": 110,
    }
    assert len(jobs(["all"])) == sum(counts.values())
    assert len(jobs(["scan", "rows", "rows"], seeds=2)) == 22 + 4
    with pytest.raises(InputError, match="the part 'scam'"):
        jobs(["scam"])


def test_resuming_passes_over_complete_records_only(
    tmp_path: Path, make_run: Callable[..., Record]
) -> None:
    path, todo = tmp_path / "solve.jsonl", jobs(["noise"], 2)
    assert pending(todo, path, {"beam": 8}) == todo
    statuses: tuple[Status, Status] = ("complete", "interrupted")
    for job, status in zip(todo, statuses, strict=False):
        _, record = solve(job, MATERIAL, tmp_path / "x", learner=learner())
        append(path, replace(record, status=status))
    append(path, make_run())
    assert pending(todo, path, {"beam": 8}) == todo[1:]
    with path.open("a") as stream:  # a damaged line is passed over
        stream.write('{"schema":1,"id":[]}\n')
    assert pending(todo, path, {"beam": 8}) == todo[1:]
    assert pending(todo, path, {"beam": 9}) == todo
