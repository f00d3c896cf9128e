"""Splits: nothing tested is learned where the protocol says so; a run leaves a record, and is not
run again."""

import json
import lzma
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.word_problems.data import FOLDER, read_source
from abduce.benchmarks.word_problems.jobs import WordProblemJob, word_problem_jobs
from abduce.benchmarks.word_problems.run import run_word_problems
from abduce.benchmarks.word_problems.splits import BENCHMARKS, MAWPS, Split, disjoint, joined
from abduce.benchmarks.word_problems.table import (
    gather_word_problems,
    target_lines,
    word_problem_sections,
    word_problem_summary,
)
from abduce.errors import DataError, InputError
from abduce.grammars.arithmetic.quantities import quantities
from abduce.neural.program_decoder.config import DecoderConfig
from abduce.neural.word_problems.config import Passes, WordProblemConfig
from abduce.neural.word_problems.examples import Told, known
from tests.neural.program_decoder.tiny import write_encoder

SIZES = {"mawps": 1987, "mawps-1920": 1920, "svamp": 4138}
TINY = WordProblemConfig(
    network=DecoderConfig(frozen=1, width=16, heads=2, layers=1, inner=16),
    training=Passes(passes=2, batch=8, judged=2, kept_apart=0.2),
)


def test_no_seed_of_the_official_split_is_on_both_sides(data: Path) -> None:
    split = BENCHMARKS["paramawps-seeds"].read([data], -1)
    assert not {t.family for t in split.train} & {t.family for t in split.test}
    assert not {t.text for t in split.train} & {t.text for t in split.test}
    assert len(split.test) == 1628
    assert 11_000 < len(split.train) <= 16_278 - len(split.test)


def test_families_with_a_text_in_common_are_one_group() -> None:
    told = [
        Told(text=text, equation="", answer=Fraction(1), family=family)
        for text, family in (("A b.", "1"), ("c", "1"), ("a  B", "2"), ("d", "2"), ("e", "3"))
    ]
    groups = joined(told)
    assert groups["1"] == groups["2"] != groups["3"]
    split = disjoint(Split(train=tuple(told[:4]), test=(told[4],), sha256={}))
    assert split.train == tuple(told[:4])
    assert disjoint(Split(train=(told[0], *told[2:]), test=(told[1],), sha256={})).train == (
        told[4],
    )


@pytest.mark.parametrize("name", SIZES)
def test_a_problem_is_learned_or_tested_and_never_both(data: Path, name: str) -> None:
    benchmark = BENCHMARKS[name]
    tested: list[str] = []
    for fold in benchmark.folds[:2]:
        split = benchmark.read([data], fold)
        assert len(split.train) + len(split.test) == SIZES[name]
        assert not {t.family for t in split.train} & {t.family for t in split.test}
        tested += [t.family for t in split.test]
    assert len(tested) == len(set(tested))


def test_nearly_every_equation_of_mawps_is_understood(data: Path) -> None:
    told = [filed.told for filed in read_source(MAWPS, [data]).problems][::4]
    found, reasons = known(told, "masked")
    assert len(found) >= 0.99 * len(told), reasons
    for each in found[:20]:
        assert each.problem.quantities == quantities(each.told.text)


def tiny_job(tmp_path: Path) -> WordProblemJob:
    """A job on forty problems, which are written to a folder of data."""
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    rows = [
        {
            "fold": n % 5,
            "sQuestion": f"{n + 2} plus {n + 3} ?",
            "lEquations": [f"X=({n + 2}.0+{n + 3}.0)"],
            "iIndex": n,
            "answer": 2 * n + 5,
        }
        for n in range(40)
    ]
    text = "\n".join(map(json.dumps, rows)).encode()
    (folder / MAWPS).write_bytes(lzma.compress(text))
    (job,) = word_problem_jobs("mawps:1", model=TINY)
    return replace(job, encoder=str(write_encoder(tmp_path / "encoder")))


def test_a_run_leaves_a_record_and_is_not_run_again(tmp_path: Path) -> None:
    job, records = tiny_job(tmp_path), tmp_path / "word-problem.jsonl"
    (record,) = run_word_problems([job], records, [tmp_path])
    assert (record.metrics["tests"], record.metrics["learned"]) == (8, 26)
    assert 0 <= record.metrics["greedy"] <= 1
    assert record.command.startswith("abduce bench word-problem --only mawps:1 --seed 0 --set ")
    assert read(records) == [record]
    assert pending([job], records) == []
    assert gather_word_problems([record]) == [record]
    assert word_problem_summary([record])[0]["task"] == "mawps"
    assert "floor 86% " in target_lines([record])[0]
    assert "mawps" in word_problem_sections([record])[0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["encoder", "nlp", records.name]


def test_a_training_without_time_is_no_complete_record(tmp_path: Path) -> None:
    job, records = tiny_job(tmp_path), tmp_path / "word-problem.jsonl"
    late = replace(job, timeout_s=0.001)
    (record,) = run_word_problems([late], records, [tmp_path])
    assert (record.status, record.metrics["ended"]) == ("timeout", "out of time")
    assert pending([late], records) == [late]
    assert (tmp_path / f"word-problem.{late.id}.safetensors").exists()


def test_jobs_have_names_of_benchmarks_and_folds(tmp_path: Path) -> None:
    assert len({job.id for job in word_problem_jobs()}) == 14
    assert [job.fold for job in word_problem_jobs("paramawps")] == [0, 1]
    for only in ("mawp", "mawps:7", "svamp:0"):
        with pytest.raises(InputError, match=f"--only {only} with word-problem"):
            word_problem_jobs(only)
    with pytest.raises(DataError, match="Name the folder that has it: --data FOLDER"):
        BENCHMARKS["mawps"].read([tmp_path], 0)
