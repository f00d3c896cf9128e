"""`bench lambda`: lambda terms reduced to normal form, on both engines and by other packages."""

from dataclasses import replace
from pathlib import Path

from abduce.cli.bench.asked import Asked
from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit, InputError


def bench_reduction(peers: Path | None, asked: Asked) -> int:
    """Measures reductions, and returns the exit code.

    Args:
        peers: a Python interpreter that has other packages; None to measure Abduce alone.

    Raises:
        InputError: --resume was given.
    """
    from abduce.benchmarks.lambda_calculus.config import MEASURING
    from abduce.benchmarks.lambda_calculus.suite import (
        command,
        exit_code,
        jobs,
        run_jobs,
        summary,
    )
    from abduce.benchmarks.records.record_file import records_path
    from abduce.configuration import configured

    chosen = configured(MEASURING, asked.config, asked.settings)
    if asked.timeout_s is not None:
        chosen = replace(chosen, timeout_s=asked.timeout_s)
    if asked.list_:
        todo = jobs(peers is not None, asked.only)
        show("\n".join(command(*job, chosen) for job in todo))
        return Exit.ANSWERED
    if asked.resume:
        raise InputError("--resume with lambda", ("abduce bench lambda",))
    records = records_path("reduce", asked.out)
    found = run_jobs(
        records,
        peers=peers,
        only=asked.only,
        config=chosen,
        placement=asked.placement,
        progress=asked.progress,
    )
    if asked.json_:
        print_json(found)
    for text in summary(found):
        say(text)
    say(f"{len(found)} measurements; records: {records}; for a table: abduce report {records}")
    return exit_code(found)
