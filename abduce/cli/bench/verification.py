"""`bench verify`: the benchmarks of networks and properties that are on this machine."""

from collections.abc import Sequence

from abduce.cli.bench.asked import Asked
from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit


def bench_verification(names: Sequence[str], memory_gb: float | None, asked: Asked) -> int:
    """Verifies instances, and returns the exit code.

    Args:
        names: the benchmarks; empty for all.
        memory_gb: the upper limit on the memory of an instance, in GiB; None for no limit.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.drawing.tables import show_table
    from abduce.benchmarks.records.record_file import records_path
    from abduce.benchmarks.verify.process import Limits, command
    from abduce.benchmarks.verify.suite import pending, run_instances, select, summary
    from abduce.benchmarks.verify.table import verdict_table
    from abduce.configuration import configured
    from abduce.verify.strategy import AUTOMATIC

    records = records_path("verify", asked.out)
    strategy = configured(AUTOMATIC, asked.config, asked.settings)
    limits = Limits(timeout_s=asked.timeout_s, memory_gb=memory_gb, strategy=strategy)
    seed = strategy.seed
    chosen = select(names, asked.only, folders(asked.data))
    todo = pending(chosen, records, limits, seed) if asked.resume else chosen
    if asked.list_:
        show("\n".join(command(instance, limits, seed) for instance in todo))
        return Exit.ANSWERED
    run_instances(
        todo,
        records,
        limits=limits,
        seed=seed,
        placement=asked.placement,
        progress=asked.progress,
    )
    found = summary(chosen, records, limits, seed)
    if asked.json_:
        print_json({"ran": len(todo), **found.as_json()})
    else:
        show_table(verdict_table(found.verdicts))
    for line in found.lines():
        say(line)
    say(f"{len(todo)} of {len(chosen)} instances run; records: {records}; "
        f"for a page: abduce report {records}")  # fmt: skip
    return found.exit_code
