"""`bench execution`: learned programs and neural modules, far beyond their training."""

import json

from abduce.cli.bench.asked import Asked
from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit


def bench_execution(asked: Asked) -> int:
    """Learns kernels and modules, tests them by size, and returns the exit code."""
    from abduce.benchmarks.drawing.tables import show_table
    from abduce.benchmarks.execution.gathered import gather_executed
    from abduce.benchmarks.execution.job import earlier_records, execution_jobs, pending_execution
    from abduce.benchmarks.execution.run import run_execution
    from abduce.benchmarks.execution.table import executed_table
    from abduce.benchmarks.records.record import to_line
    from abduce.benchmarks.records.record_file import check_writable, records_path
    from abduce.neural.kernels.files import check_installed

    records = records_path("execute", asked.out)
    todo = execution_jobs(
        asked.only,
        asked.seeds,
        timeout_s=asked.timeout_s,
        config=asked.config,
        settings=asked.settings,
    )
    if asked.resume:
        todo = pending_execution(todo, records)
        earlier = earlier_records(records)
        if earlier and not asked.quiet:
            say(f"{records} has {earlier} records of an earlier method; their jobs run again")
    if asked.list_:
        show("\n".join(dict.fromkeys(job.command for job in todo)))
        return Exit.ANSWERED
    check_writable(records)
    check_installed()
    done = run_execution(todo, records, placement=asked.placement, progress=asked.progress)
    if asked.json_:
        print_json([json.loads(to_line(record)) for record in done])
    elif complete := gather_executed(done):
        show_table(executed_table(complete))
    ended = sum(record.status == "complete" for record in done)
    say(f"{len(done)} jobs, {ended} complete; records: {records}; "
        f"for a page: abduce report {records}")  # fmt: skip
    failed = any(record.status == "failed" for record in done)
    return Exit.INTERNAL if failed else Exit.ANSWERED
