"""The table of priors is made from records, and its jobs are apart from those of other tables."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from abduce.benchmarks.records.record import Record
from abduce.benchmarks.solve.gathered import gather, main_rows
from abduce.benchmarks.solve.priors import CHANGES, SPLITS, prior_jobs, prior_table, settings
from abduce.configuration import configured, settings_of
from abduce.symbolic.nsr.config import CONFIG


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_change_changes_what_it_says(change: tuple[str, ...]) -> None:
    chosen = configured(CONFIG, None, settings(change))
    assert settings_of(chosen, CONFIG) == settings(change)


def test_no_job_is_there_twice() -> None:
    commands = [job.command for job in prior_jobs()]
    assert len(set(commands)) == len(commands) == len(CHANGES) * len(SPLITS)


def test_the_table_has_the_accuracy_of_each_record_and_gaps_for_the_others(
    make_run: Callable[..., Record],
) -> None:
    record = make_run()
    records = [
        replace(
            record,
            id=str(at),
            command=job.command,
            metrics={**record.metrics, "task": "scan", "split": job.split, "accuracy": at / 200},
        )
        for at, job in enumerate(prior_jobs())
        if at != 7
    ]
    rows = prior_table(records).splitlines()[2:]
    cells = [line.strip("| ").split("|") for line in rows]
    assert len(rows) == len(CHANGES)
    shown = [cell.strip() for line in cells for cell in line[1:]]
    assert shown[7] == ""
    assert shown[0] == "0.0 %"
    assert shown[8] == "4.0 %"
    assert all(not row.setting.changed for row in main_rows(gather(records)))
