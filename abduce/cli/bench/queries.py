"""`bench sql`: comparisons of SQL queries, one after the other in this process."""

from abduce.cli.bench.asked import SQL, Asked
from abduce.cli.terminal import print_json, show
from abduce.errors import Exit, InputError

EQUAL = "equal"


def bench_sql(seed: int, asked: Asked) -> int:
    """Compares mutants of Spider's queries with the queries, and says what was decided.

    Raises:
        InputError: `--only` with another name than equal.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.queries.jobs import equal_jobs
    from abduce.benchmarks.queries.mutants import read_data
    from abduce.benchmarks.queries.run import pending, run_equal
    from abduce.benchmarks.queries.table import gather_queries, query_summary, target_lines
    from abduce.benchmarks.records.record_file import check_writable, read, records_path

    if asked.only not in (None, EQUAL):
        raise InputError(f"--only {asked.only} with sql", (EQUAL,))
    records = records_path(SQL, asked.out)
    data = read_data(folders(asked.data))
    jobs = equal_jobs(data.mutants, seed, asked.timeout_s)
    todo = pending(jobs, records) if asked.resume else jobs
    if asked.list_:
        show("\n".join(job.name for job in todo))
        return Exit.ANSWERED
    check_writable(records)
    run_equal(todo, data, records, progress=asked.progress)
    found = read(records) if records.exists() else []
    if asked.json_:
        print_json(query_summary(gather_queries(found)))
    else:
        for text in target_lines(found):
            show(text)
    return Exit.ANSWERED
