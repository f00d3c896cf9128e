"""The parts of `bench` that learn a language: `bench scan`, `bench pcfg`, `bench priors`, ..."""

from collections.abc import Sequence
from dataclasses import replace

from abduce.cli.bench.asked import OPTIONS, Asked
from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit, InputError
from abduce.text import nearest


def bench_learning(parts: Sequence[str], sizes: str | None, asked: Asked) -> int:
    """Learns languages, prints a line for each target, and returns the exit code.

    Raises:
        InputError: there is no such part, or a size is no number.
    """
    from abduce.benchmarks.records.record_file import read, records_path
    from abduce.benchmarks.solve.learner import nsr
    from abduce.benchmarks.solve.parts import PARTS, jobs, pending, run_jobs
    from abduce.benchmarks.solve.priors import prior_table
    from abduce.benchmarks.solve.targets import target_lines
    from abduce.configuration import configured, settings_of
    from abduce.symbolic.nsr.config import CONFIG

    if unknown := [name for name in parts if name not in (*PARTS, "all")]:
        known = ("all", *PARTS, *filter(None, OPTIONS))
        alone = unknown[0] in OPTIONS
        advice = f"Run {unknown[0]} alone." if alone else nearest(unknown[0], known)
        raise InputError(f"the part {unknown[0]!r}", known, advice=advice)
    records = records_path("solve", asked.out)
    chosen = configured(CONFIG, asked.config, asked.settings)
    changes = settings_of(chosen, CONFIG)
    limit = asked.timeout_s or 300.0
    todo = [
        replace(job, settings=(*changes, *job.settings), timeout_s=limit)
        for job in jobs(parts, asked.seeds, _sizes(sizes))
    ]
    configs = {job.settings: configured(CONFIG, None, job.settings) for job in todo}
    recorded = {changed: nsr(config).recorded for changed, config in configs.items()}
    if asked.resume:
        todo = [job for job in todo if pending([job], records, recorded[job.settings])]
    if asked.list_:
        show("\n".join(job.command for job in todo))
        return Exit.ANSWERED
    ends = run_jobs(
        todo,
        records,
        lambda job: recorded[job.settings],
        data=asked.data,
        placement=asked.placement,
        progress=asked.progress,
    )
    if asked.json_:
        print_json(ends)
    else:
        if "priors" in parts:
            show(prior_table(read(records)))
        for line in target_lines(parts, read(records) if ends else ()):
            show(line)
    say(f"{len(ends)} jobs; records: {records}; for a table: abduce report {records}")
    return max((end["exit_code"] for end in ends), default=0)


def _sizes(text: str | None) -> list[int] | None:
    """The numbers of --sizes.

    Raises:
        InputError: one is no number.
    """
    found: list[int] = []
    for part in text.split(",") if text else ():
        if not part.strip().isdecimal():
            raise InputError(f"--sizes {text}", ("numbers of words with commas, as 100,1000",))
        found.append(int(part))
    return found or None
