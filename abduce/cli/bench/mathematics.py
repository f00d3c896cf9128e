"""`bench mathematics`: questions of mathematics, one after the other."""

from abduce.cli.bench.asked import MATHEMATICS, Asked
from abduce.cli.terminal import print_json, show
from abduce.errors import Exit, InputError
from abduce.text import nearest

ONLY = ("mathq", "math500", "math500-dev", "math500-test")


def bench_mathematics(seed: int, asked: Asked) -> int:
    """Answers the questions, judges the answers, and says how many are right.

    Raises:
        InputError: `--only` with a name that is no part.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.mathematics.jobs import mathematics_jobs
    from abduce.benchmarks.mathematics.questions import read_questions
    from abduce.benchmarks.mathematics.run import pending, run_mathematics
    from abduce.benchmarks.mathematics.table import (
        gather_mathematics,
        mathematics_summary,
        target_lines,
    )
    from abduce.benchmarks.records.record_file import check_writable, read, records_path

    if asked.only not in (None, *ONLY):
        advice = nearest(asked.only, ONLY)
        raise InputError(f"--only {asked.only} with mathematics", ONLY, advice=advice)
    records = records_path(MATHEMATICS, asked.out)
    questions = read_questions(folders(asked.data))
    jobs = mathematics_jobs(questions, asked.only, seed, asked.timeout_s)
    todo = pending(jobs, records) if asked.resume else jobs
    if asked.list_:
        show("\n".join(job.name for job in todo))
        return Exit.ANSWERED
    check_writable(records)
    run_mathematics(todo, questions.sha256, records, progress=asked.progress)
    found = read(records) if records.exists() else []
    if asked.json_:
        print_json(mathematics_summary(gather_mathematics(found)))
    else:
        for text in target_lines(found):
            show(text)
    return Exit.ANSWERED
