"""`bench sql`: comparisons of SQL queries, what the grammar and linking find of questions, and how
models answer them, one after the other in this process."""

from collections.abc import Sequence
from pathlib import Path

from abduce.cli.bench.asked import SQL, Asked
from abduce.cli.bench.turns import bench_in_turn
from abduce.cli.terminal import print_json, show
from abduce.door import asked_to_stop
from abduce.errors import Exit, InputError
from abduce.text import nearest

EQUAL = "equal"


def bench_sql(seed: int, asked: Asked) -> int:
    """Compares mutants of Spider's queries with the queries, reads gold queries into trees, links
    questions, and trains models that answer them; says what was decided, covered, found and
    answered. Models are trained only where `--only` names them, since that takes an hour.

    Raises:
        InputError: `--only` with a name of no part, or settings of a part that takes none.
    """
    from abduce.benchmarks.asking.jobs import asking_jobs
    from abduce.benchmarks.asking.protocols import BENCHMARKS
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.questions.jobs import KIND, PARTS
    from abduce.benchmarks.records.record_file import check_writable, records_path

    places = folders(asked.data)
    if asked.only is not None and asking_jobs(asked.only):
        return _asking(seed, asked, places)
    if asked.only not in (None, EQUAL, *PARTS):
        models = dict.fromkeys(n for each in BENCHMARKS for n in (each.partition(":")[0], each))
        known = (EQUAL, *PARTS, *models)
        advice = nearest(asked.only, known)
        raise InputError(f"--only {asked.only} with sql", known, advice=advice)
    if asked.config is not None or asked.settings:
        expected = "these options only beside --only geoquery or --only spider"
        raise InputError("--config or --set with sql", (expected,))
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


def _asking(seed: int, asked: Asked, places: Sequence[Path]) -> int:
    from abduce.benchmarks.asking.jobs import KIND, AskingConfig, asking_jobs
    from abduce.benchmarks.asking.run import run_asking
    from abduce.benchmarks.asking.table import asking_lines, asking_summary
    from abduce.configuration import configured

    chosen = configured(AskingConfig(), asked.config, asked.settings)
    assert asked.only is not None
    with asked_to_stop() as stop:
        return bench_in_turn(
            KIND,
            asking_jobs(asked.only, seed, asked.timeout_s, chosen),
            asked,
            run=lambda todo, records: run_asking(
                todo, records, places, resume=asked.resume, stop=stop, progress=asked.progress
            ),
            lines=asking_lines,
            summary=asking_summary,
        )


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
