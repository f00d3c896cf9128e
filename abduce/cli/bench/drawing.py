"""`bench languages` and `bench synthesis`: draws, one after the other in this process."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from abduce.cli.bench.asked import LANGUAGES, SYNTHESIS, Asked
from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record


def bench_languages(seeds: Sequence[int], risk: float, fit: bool, asked: Asked) -> int:
    """Draws languages, learns them, and says what posteriors mean.

    Args:
        risk: the error to allow.
        fit: whether to fit the coefficients of posteriors to the draws, and print them.
    """
    from abduce.benchmarks.learner.calibration import calibration
    from abduce.benchmarks.learner.draws import LIMIT_S, kept, run_draws
    from abduce.benchmarks.learner.fitting import fitted
    from abduce.configuration import configured
    from abduce.symbolic.nsr.config import CONFIG

    chosen = configured(CONFIG, asked.config, asked.settings)
    limit = asked.timeout_s or LIMIT_S

    def show_figures(records: "Sequence[Record]") -> None:
        found = [dict(record.metrics) for record in records]
        figures = calibration(found, risk)
        model = asdict(fitted(found, chosen.reliability)) if fit else {}
        if asked.json_:
            print_json({**asdict(figures), **({"reliability": model} if fit else {})})
            return
        for line in figures.lines():
            show(line)
        for name, value in model.items():
            show(f"--set reliability.{name}={value}")

    return _draw(
        LANGUAGES,
        seeds,
        asked,
        limit,
        kept=lambda records: kept(seeds, records, chosen, limit),
        run=lambda todo, records: run_draws(
            todo, records, chosen, timeout_s=limit, progress=asked.progress
        ),
        show_figures=show_figures,
        drawn="languages",
    )


def bench_synthesis(seeds: Sequence[int], asked: Asked) -> int:
    """Draws sets of examples, and finds programs of arithmetic from them."""
    from abduce.benchmarks.drawing.tables import show_table
    from abduce.benchmarks.synthesis.run import LIMIT_S, kept, run_courses
    from abduce.benchmarks.synthesis.table import (
        synthesis_summary,
        synthesis_tables,
        synthesis_targets,
    )
    from abduce.configuration import configured
    from abduce.symbolic.synthesis import Budget

    budget = configured(Budget(), asked.config, asked.settings)
    limit = asked.timeout_s or LIMIT_S

    def show_figures(found: "Sequence[Record]") -> None:
        if asked.json_:
            print_json(synthesis_summary(found))
            return
        for table in synthesis_tables(found):
            show_table(table)
        for line in synthesis_targets(found):
            show(line)

    return _draw(
        SYNTHESIS,
        seeds,
        asked,
        limit,
        kept=lambda records: kept(seeds, records, budget, limit),
        run=lambda todo, records: run_courses(
            todo, records, budget, timeout_s=limit, progress=asked.progress
        ),
        show_figures=show_figures,
        drawn="sets of examples",
    )


def _draw(
    kind: str,
    seeds: Sequence[int],
    asked: Asked,
    limit: float,
    *,
    kept: Callable[[Path], "list[Record]"],
    run: Callable[[Sequence[int], Path], "list[Record]"],
    show_figures: Callable[["Sequence[Record]"], None],
    drawn: str,
) -> int:
    """Runs the draws that a file of records lacks, or lists their commands.

    Args:
        limit: the time limit of a draw, in seconds.
        kept: finds the complete records of the draws in a file.
        run: makes the draws of some seeds, and adds their records to a file.
        drawn: the name of what is drawn, in the plural.
    """
    from abduce.benchmarks.records.record_file import check_writable, records_path

    records = records_path(kind, asked.out)
    earlier = kept(records) if asked.resume else []
    todo = [seed for seed in seeds if seed not in {record.seed for record in earlier}]
    if asked.list_:
        options = f"--draws 1 --timeout-s {limit:g}"
        show("\n".join(f"abduce bench {kind} --first {seed} {options}" for seed in todo))
        return Exit.ANSWERED
    check_writable(records)
    show_figures([*earlier, *run(todo, records)])
    say(f"{len(todo)} {drawn} drawn; records: {records}")
    return Exit.ANSWERED
