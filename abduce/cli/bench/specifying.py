"""`bench specifications`: activation patterns, one job after the other in this process."""

from abduce.cli.bench.asked import SPECIFICATIONS, Asked
from abduce.cli.terminal import print_json, show
from abduce.errors import Exit, InputError

NAP = "nap"


def bench_specifications(seed: int, asked: Asked) -> int:
    """Mines activation patterns of MNIST networks, and says what of them is proved.

    Raises:
        InputError: `--only` with another name than nap.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.records.record_file import check_writable, read, records_path
    from abduce.benchmarks.specifications.nap import pending_nap, run_nap
    from abduce.benchmarks.specifications.nap_jobs import nap_jobs
    from abduce.benchmarks.specifications.table import specification_summary, target_lines

    if asked.only not in (None, NAP):
        raise InputError(f"--only {asked.only} with specifications", (NAP,))
    records = records_path(SPECIFICATIONS, asked.out)
    jobs = nap_jobs(seed, asked.timeout_s)
    todo = pending_nap(jobs, records) if asked.resume else jobs
    if asked.list_:
        show("\n".join(job.name for job in todo))
        return Exit.ANSWERED
    check_writable(records)
    done = run_nap(todo, records, folders(asked.data), progress=asked.progress)
    if asked.json_:
        print_json(specification_summary(done))
    else:
        for text in target_lines(read(records)):
            show(text)
    return Exit.ANSWERED
