"""`bench sql`: comparisons of SQL queries, and what the grammar and linking find of questions, one
after the other in this process."""

from collections.abc import Sequence
from pathlib import Path

from abduce.cli.bench.asked import SQL, Asked
from abduce.cli.terminal import print_json, show
from abduce.errors import Exit, InputError

EQUAL = "equal"


def bench_sql(seed: int, asked: Asked) -> int:
    """Compares mutants of Spider's queries with the queries, reads gold queries into trees, and
    links questions; says what was decided, covered and found.

    Raises:
        InputError: `--only` with a name of no part.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.questions.jobs import KIND, PARTS
    from abduce.benchmarks.records.record_file import check_writable, records_path

    if asked.only not in (None, EQUAL, *PARTS):
        raise InputError(f"--only {asked.only} with sql", (EQUAL, *PARTS))
    places = folders(asked.data)
    files = {kind: records_path(kind, asked.out) for kind in (SQL, KIND)}
    runs = {SQL: asked.only in (None, EQUAL), KIND: asked.only != EQUAL}
    if not asked.list_:
        for kind, file in files.items():
            if runs[kind]:
                check_writable(file)
    if runs[SQL]:
        _equal(seed, asked, files[SQL], places)
    if runs[KIND]:
        _questions(asked, files[KIND], places)
    if not asked.list_:
        _told(asked, [files[kind] for kind in files if runs[kind]])
    return Exit.ANSWERED


def _equal(seed: int, asked: Asked, records: Path, places: Sequence[Path]) -> None:
    from abduce.benchmarks.queries.jobs import equal_jobs
    from abduce.benchmarks.queries.mutants import read_data
    from abduce.benchmarks.queries.run import pending, run_equal

    data = read_data(places)
    jobs = equal_jobs(data.mutants, seed, asked.timeout_s)
    todo = pending(jobs, records) if asked.resume else jobs
    if asked.list_:
        show("\n".join(job.name for job in todo))
    else:
        run_equal(todo, data, records, progress=asked.progress)


def _questions(asked: Asked, records: Path, places: Sequence[Path]) -> None:
    from abduce.benchmarks.questions.jobs import questions_jobs
    from abduce.benchmarks.questions.run import pending, run_questions

    jobs = questions_jobs(asked.only)
    todo = pending(jobs, records) if asked.resume else jobs
    if asked.list_:
        show("\n".join(job.name for job in todo))
    else:
        run_questions(todo, places, records, progress=asked.progress)


def _told(asked: Asked, files: Sequence[Path]) -> None:
    """What the records say of the parts that were asked for."""
    from abduce.benchmarks.queries.table import gather_queries, query_summary, target_lines
    from abduce.benchmarks.questions.table import (
        gather_questions,
        question_lines,
        question_summary,
    )
    from abduce.benchmarks.records.record_file import read

    found = [r for file in dict.fromkeys(files) if file.exists() for r in read(file)]
    kept = [r for r in found if asked.only in (None, r.task.get("task"))]
    if asked.json_:
        questions = question_summary(gather_questions(kept))
        print_json([*query_summary(gather_queries(kept)), *questions])
    else:
        for text in (*target_lines(kept), *question_lines(kept)):
            show(text)
