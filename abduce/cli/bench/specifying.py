"""`bench specifications`: activation patterns and certified answers, one job after the other."""

from pathlib import Path
from typing import Any

from abduce.cli.bench.asked import SPECIFICATIONS, Asked
from abduce.cli.terminal import print_json, show
from abduce.errors import Exit, InputError

NAP, ANSWERS = "nap", "answers"


def bench_specifications(seed: int, asked: Asked) -> int:
    """Mines activation patterns of MNIST networks, and says what of them is proved; certifies
    answers to sentences of images. `--only` chooses one of the two.

    Raises:
        InputError: `--only` with another name.
    """
    from abduce.benchmarks.records.record_file import check_writable, records_path

    if asked.only not in (None, NAP, ANSWERS):
        raise InputError(f"--only {asked.only} with specifications", (NAP, ANSWERS))
    records = records_path(SPECIFICATIONS, asked.out)
    if not asked.list_:
        check_writable(records)
    told: list[dict[str, Any]] = []
    for name, part in ((NAP, _nap), (ANSWERS, _answers)):
        if asked.only in (None, name):
            told += part(seed, asked, records)
    if asked.json_ and not asked.list_:
        print_json(told)
    return Exit.ANSWERED


def _nap(seed: int, asked: Asked, records: Path) -> list[dict[str, Any]]:
    """Runs the jobs about activation patterns; returns their rows."""
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.records.record_file import read
    from abduce.benchmarks.specifications.nap import pending_nap, run_nap
    from abduce.benchmarks.specifications.nap_jobs import nap_jobs
    from abduce.benchmarks.specifications.table import specification_summary, target_lines

    jobs = nap_jobs(seed, asked.timeout_s)
    todo = pending_nap(jobs, records) if asked.resume else jobs
    if asked.list_:
        _list([job.name for job in todo])
        return []
    done = run_nap(todo, records, folders(asked.data), progress=asked.progress)
    for text in target_lines(read(records)) if not asked.json_ else ():
        show(text)
    return specification_summary(done)


def _answers(seed: int, asked: Asked, records: Path) -> list[dict[str, Any]]:
    """Runs the jobs about certified answers; returns their rows."""
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.records.record_file import read
    from abduce.benchmarks.specifications.answers import pending_answers, run_answers
    from abduce.benchmarks.specifications.answers_jobs import answers_jobs
    from abduce.benchmarks.specifications.answers_table import answers_summary, answers_targets

    jobs = answers_jobs(seed, asked.timeout_s)
    todo = pending_answers(jobs, records) if asked.resume else jobs
    if asked.list_:
        _list([job.name for job in todo])
        return []
    done = run_answers(todo, records, folders(asked.data), progress=asked.progress)
    for text in answers_targets(read(records)) if not asked.json_ else ():
        show(text)
    return answers_summary(done)


def _list(names: list[str]) -> None:
    if names:
        show("\n".join(names))
