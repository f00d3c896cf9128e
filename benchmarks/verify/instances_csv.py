"""Verify all instances of a benchmark; keep a row of results and a record of each.

A row is written as soon as its instance ends, so that an interrupted run can be continued. The rows
of one network and property are in the order of their instances, since no row says its timeout.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.records.record_file import append, check_writable
from abduce.benchmarks.verify.instances import Instance, Key, Row, read_instances, read_results
from abduce.benchmarks.verify.process import Limits, Outcome
from abduce.benchmarks.verify.run import instance_record, judged, run_each, worst_exit
from abduce.errors import Exit, OutputError
from abduce.files import write_whole
from abduce.verify.instances.vnncomp import RESULTS


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of a run, including the instances that were skipped.

    Attributes:
        ran: how many instances were run now.
        wrong: those whose result contradicts the one expected.
        confirmed: how many results are as expected.
        cpu_s: the CPU seconds of the instances that were run now.
    """

    results: Path
    records: Path
    counts: dict[str, int]
    ran: int
    passed_over: int
    confirmed: int
    wrong: tuple[str, ...]
    errors: tuple[str, ...]
    cpu_s: float
    exit_code: Exit

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"results": str(self.results), "records": str(self.records)}

    def lines(self) -> Iterator[str]:
        """The summary as lines of text."""
        for text in self.errors:
            yield f"error: {text}"
        for text in self.wrong:
            yield f"WRONG: {text}"
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items() if count)
        yield f"{sum(self.counts.values())} instances: {counts}"
        before = f", {self.passed_over} passed over" if self.passed_over else ""
        yield (
            f"{self.confirmed} as expected, {len(self.wrong)} wrong; "
            f"{self.ran} run in {self.cpu_s:.1f} CPU s{before}"
        )
        yield f"results: {self.results}; records: {self.records}"


def verify_all(
    path: Path,
    results: Path,
    records: Path,
    *,
    limits: Limits,
    seed: int = 0,
    placement: Placement = HERE,
    resume: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Summary:
    """Run the instances of an instances.csv, each in a process of its own.

    Args:
        results: the file of the rows; an existing file is only continued with `resume`.

    Raises:
        InputError, OutputError: files that cannot be read or written.
        KeyboardInterrupt: running instances were stopped; finished ones have their row and record.
    """
    instances = read_instances(path)
    rows = _begin(results, resume, instances)
    check_writable(records)
    todo = [instance for instance in instances if instance.key not in rows]
    outcomes: dict[Key, Outcome] = {}
    written = set(rows)
    with results.open("a", encoding="utf-8") as stream:

        def ended(instance: Instance, outcome: Outcome) -> None:
            row = Row(instance.key, outcome.result, outcome.run_s)
            rows[row.key], outcomes[row.key] = row, outcome
            for key in _ready(instance, rows, written):
                stream.write(rows[key].line())
                written.add(key)
            stream.flush()
            append(records, instance_record(instance, outcome, limits, seed))
            if progress is not None:
                progress(f"{len(outcomes)}/{len(todo)}  {_line(instance, row)}")

        run_each(todo, ended, limits=limits, seed=seed, placement=placement)
    return _summary(instances, rows, outcomes, results, records)


def _begin(results: Path, resume: bool, instances: Sequence[Instance]) -> dict[Key, Row]:
    """The rows of the file; afterwards the file has these and nothing else."""
    if not results.exists():
        check_writable(results)
        return {}
    if not resume:
        advice = "Go on with them: --resume; or name another place with --out."
        raise OutputError(results, "it holds the results of an earlier run", advice)
    rows = read_results(results, instances)
    write_whole(results, "".join(row.line() for row in rows.values()).encode())
    return rows


def _ready(instance: Instance, rows: Mapping[Key, Row], written: Collection[Key]) -> Iterator[Key]:
    """The rows of an instance's network and property that come next in the file."""
    for repeat in count():
        key = *instance.pair, repeat
        if key not in rows:
            return
        if key not in written:
            yield key


def _line(instance: Instance, row: Row) -> str:
    return f"{judged(instance, row.result)} in {row.run_s:.1f} s"


def _summary(
    instances: Sequence[Instance],
    rows: dict[Key, Row],
    outcomes: dict[Key, Outcome],
    results: Path,
    records: Path,
) -> Summary:
    ended = [(instance, rows[instance.key]) for instance in instances]
    counts = Counter(row.result for _, row in ended)
    wrong = [_line(i, row) for i, row in ended if i.contradicted_by(row.result)]
    failed = [(i, outcomes[i.key]) for i in instances if i.key in outcomes]
    failed = [(i, outcome) for i, outcome in failed if outcome.result == "error"]
    return Summary(
        results,
        records,
        {name: counts[name] for name in (*RESULTS, *sorted(counts.keys() - {*RESULTS}))},
        len(outcomes),
        len(instances) - len(outcomes),
        sum(row.result in ("sat", "unsat") and row.result == i.expected for i, row in ended),
        tuple(wrong),
        tuple(f"{i.onnx} {i.vnnlib}: {outcome.reason}" for i, outcome in failed),
        round(sum(outcome.cpu_s for outcome in outcomes.values()), 2),
        worst_exit(bool(wrong), {outcome.exit_code for _, outcome in failed}),
    )
