"""The command `bench`: the jobs behind the tables of the README.

A part learns (`bench scan`, `bench hint`), runs learned programs (`bench execution`), reduces
lambda terms (`bench lambda`) or verifies (`bench verify acasxu`).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abduce.cli.terminal import (
    ConfigFile,
    Data,
    Json,
    Quiet,
    Settings,
    print_json,
    say,
    show,
)
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.benchmarks.processes.backends import Placement

VERIFY, EXECUTION = "verify", "execution"
LAMBDA = "lambda"
LANGUAGES = "languages"
HINT = "hint"
HINT_PARTS = {
    "symbols": ("hint-symbols", "hint-curve"),
    "concepts": ("hint-concepts",),
    "ablation": ("hint-ablation",),
    "labels": (),
    "hwf": (),
    "images": (),
}
"""What `--only` chooses of HINT, with the parts that learn."""
SYNTHESIS = "synthesis"
WITH_VERIFY = "With verify"
WITH_LANGUAGES = "With languages"
WITH_DRAWS = "With languages or synthesis"
OPTIONS = {
    "": {"seeds", "sizes", "config", "set"},
    EXECUTION: {"only", "seeds", "config", "set"},
    LAMBDA: {"only", "peers", "config", "set"},
    LANGUAGES: {"draws", "first", "risk", "fit", "config", "set"},
    SYNTHESIS: {"draws", "first", "config", "set"},
    HINT: {"only", "seeds", "config", "set"},
    VERIFY: {"only", "memory-gb", "config", "set"},
}
"""The options that only some parts take, by the kind of part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options that all parts take."""

    out: Path | None
    resume: bool
    timeout_s: float | None
    list_: bool
    quiet: bool
    json_: bool
    data: Path | None
    placement: "Placement"


def bench(
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PART",
            help="The parts of the benchmarks to run. Default: list the parts. After verify: the "
            "names of verification benchmarks. Default: all that are on this machine.",
        ),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(min=1, help="The number of random seeds, for parts that use several."),
    ] = None,
    sizes: Annotated[
        str | None,
        typer.Option(
            metavar="N,...",
            help="With words: the numbers of words of the languages. Default: 100,1000,10000.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Skip jobs that have a complete record already.")
    ] = False,
    timeout_s: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            min=1,
            help="The upper limit on the running time of a job, in seconds. Default: 300. Other "
            "defaults: 600 for execution (1800 for neural modules), 60 seconds of CPU time for "
            "lambda, and the limit of each instance for verify.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "--records",
            metavar="FILE",
            help="The file to add the records to. Default: records/solve.jsonl; for execution "
            "records/execute.jsonl, for lambda records/reduce.jsonl, for verify "
            "records/verify.jsonl.",
        ),
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Print the commands of the jobs without running them.")
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            help="The number of jobs that run at the same time, each in a separate process.",
        ),
    ] = 1,
    backend: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="What runs the jobs: processes (on this machine), or dask or ray (on a cluster "
            "that is running already).",
        ),
    ] = "processes",
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="The address of the cluster, such as tcp://10.0.0.1:8786 for dask or "
            "10.0.0.1:6379 for ray.",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="REGEX",
            help="Run only jobs whose name matches this regular expression. The names are "
            "'BENCHMARK NETWORK PROPERTY' for verify, 'TASK METHOD LEVEL' for execution and "
            "'TERM ENGINE' for lambda. For hint it is the part: symbols, concepts, ablation, "
            "labels, hwf or images.",
            rich_help_panel="With verify, execution, lambda or hint",
        ),
    ] = None,
    memory_gb: Annotated[
        float | None,
        typer.Option(
            metavar="GB",
            min=0.001,
            help="The upper limit on the memory of an instance, in GiB. If more is needed, the "
            "verdict is unknown.",
            rich_help_panel=WITH_VERIFY,
        ),
    ] = None,
    peers: Annotated[
        Path | None,
        typer.Option(
            metavar="PYTHON",
            help="A Python interpreter with lambda-calculus, lamb-engine, lc or "
            "lambda-interpreter installed, to compare with.",
            rich_help_panel="With lambda",
        ),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="The number of languages to draw (default: 40), or of sets of examples (default: "
            "5).",
            rich_help_panel=WITH_DRAWS,
        ),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="The random seed of the first draw; the others follow. Default: 0.",
            rich_help_panel=WITH_DRAWS,
        ),
    ] = None,
    risk: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            min=0,
            max=1,
            help="The error to allow: answers whose posterior is below 1 - SHARE are withheld. "
            "Default: 0.01.",
            rich_help_panel=WITH_LANGUAGES,
        ),
    ] = None,
    fit: Annotated[
        bool,
        typer.Option(
            "--fit",
            help="Fit the coefficients of posteriors to the draws, and print them as settings.",
            rich_help_panel=WITH_LANGUAGES,
        ),
    ] = False,
    config: ConfigFile = None,
    set_: Settings = None,
    quiet: Quiet = False,
    json_: Json = False,
    data: Data = None,
) -> None:
    """Run benchmark jobs and add a record of each to a file.

    Each job runs in a separate process, so that its time and memory are measured alone. With --jobs
    and --backend, several jobs run at the same time, on this machine or on a cluster.
    """
    from abduce.benchmarks.processes.backends import Placement, check_placement

    asked = Asked(
        out=out,
        resume=resume,
        timeout_s=timeout_s,
        list_=list_,
        quiet=quiet,
        json_=json_,
        data=data,
        placement=check_placement(Placement(jobs=jobs, backend=backend, scheduler=scheduler)),
    )
    if not parts:
        _overview(seeds, asked)
        return
    kind = parts[0] if parts[0] in OPTIONS else ""
    given = {
        "only": only,
        "memory-gb": memory_gb,
        "seeds": seeds,
        "sizes": sizes,
        "peers": peers,
        "draws": draws,
        "first": first,
        "risk": risk,
        "fit": fit,
        "config": config,
        "set": set_,
    }
    for name in given.keys() - OPTIONS[kind]:
        if given[name]:
            found = f"--{name} with {parts[0]}, which does not take it"
            raise InputError(found, tuple(f"--{each}" for each in OPTIONS[kind]))
    if kind in (EXECUTION, LAMBDA, LANGUAGES, SYNTHESIS) and len(parts) > 1:
        raise InputError(f"{parts[1]} after {kind}", (f"abduce bench {kind}, alone",))
    if kind == HINT:
        code = _hint(parts[1:], only, seeds, config, set_ or (), asked)
    elif kind == VERIFY:
        code = _verify(parts[1:], only, memory_gb, config, set_ or (), asked)
    elif kind == EXECUTION:
        code = _execute(only, seeds, config, set_ or (), asked)
    elif kind == LANGUAGES:
        seeds_ = range(first or 0, (first or 0) + (draws or 40))
        code = _draw(seeds_, 0.01 if risk is None else risk, fit, config, set_ or (), asked)
    elif kind == SYNTHESIS:
        seeds_ = range(first or 0, (first or 0) + (draws or 5))
        code = _synthesise(seeds_, config, set_ or (), asked)
    elif kind == LAMBDA:
        code = _reduce(peers, only, config, set_ or (), asked)
    else:
        code = _learn(parts, seeds, sizes, config, set_ or (), asked)
    if code:
        raise typer.Exit(code)


def _overview(seeds: int | None, asked: Asked) -> None:
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.drawing.tables import aligned
    from abduce.benchmarks.execution.job import execution_jobs
    from abduce.benchmarks.lambda_calculus.suite import jobs as lambda_jobs
    from abduce.benchmarks.solve.parts import PARTS, jobs
    from abduce.benchmarks.verify.instances import read_instances
    from abduce.benchmarks.verify.suite import benchmarks

    found = benchmarks(folders(asked.data))
    rows = {name: len(jobs([name], seeds)) for name in PARTS}
    rows[EXECUTION] = len(execution_jobs(None, seeds))
    rows[LAMBDA] = len(lambda_jobs(False))
    rows[LANGUAGES] = 40
    rows[SYNTHESIS] = 5
    rows[VERIFY] = sum(len(read_instances(path)) for path in found.values())
    if asked.json_:
        print_json(rows)
        return
    about = {name: part.about for name, part in PARTS.items()}
    about[EXECUTION] = (
        "proved kernels and unproved neural modules, on inputs far larger than in training"
    )
    about[LAMBDA] = "lambda terms reduced to normal form, on both engines"
    about[LANGUAGES] = "languages drawn at random, to see what posteriors mean"
    about[SYNTHESIS] = "arithmetic synthesised from examples, and programs tried a second"
    about[VERIFY] = f"networks and properties: {', '.join(found) or 'none on this machine'}"
    for line in aligned([(name, f"{n} jobs", about[name]) for name, n in rows.items()], {1}):
        show(line)


def _learn(
    parts: Sequence[str],
    seeds: int | None,
    sizes: str | None,
    config: Path | None,
    settings: Sequence[str],
    asked: Asked,
) -> int:
    from abduce.benchmarks.records.record_file import read, records_path
    from abduce.benchmarks.solve.learner import nsr
    from abduce.benchmarks.solve.parts import PARTS, jobs, pending, run_jobs
    from abduce.benchmarks.solve.priors import prior_table
    from abduce.benchmarks.solve.targets import target_lines
    from abduce.configuration import configured, settings_of
    from abduce.symbolic.nsr.config import CONFIG

    if unknown := [name for name in parts if name not in (*PARTS, "all")]:
        known = ("all", *PARTS, *filter(None, OPTIONS))
        advice = f"Run {unknown[0]} alone." if unknown[0] in OPTIONS else None
        raise InputError(f"the part {unknown[0]!r}", known, advice=advice)
    records = records_path("solve", asked.out)
    chosen = configured(CONFIG, config, settings)
    changes = settings_of(chosen, CONFIG)
    limit = asked.timeout_s or 300.0
    todo = [
        replace(job, settings=(*changes, *job.settings), timeout_s=limit)
        for job in jobs(parts, seeds, _sizes(sizes))
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
        progress=None if asked.quiet else say,
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


def _hint(
    rest: Sequence[str],
    only: str | None,
    seeds: int | None,
    config: Path | None,
    settings: Sequence[str],
    asked: Asked,
) -> int:
    """HINT's parts, one after the other."""
    if rest:
        raise InputError(f"{rest[0]} after {HINT}", (f"abduce bench {HINT} --only PART",))
    if only is not None and only not in HINT_PARTS:
        raise InputError(f"--only {only}", tuple(HINT_PARTS))
    chosen = HINT_PARTS if only is None else {only: HINT_PARTS[only]}
    code = 0
    for name, parts in chosen.items():
        if parts:
            code = max(code, _learn(parts, seeds, None, config, settings, asked))
        if name == "labels":
            code = max(code, _labels(asked))
        elif name in ("ablation", "hwf", "images"):
            images = replace(asked, out=None) if parts else asked
            code = max(code, _images(name, seeds, images))
    return code


def _images(part: str, seeds: int | None, asked: Asked) -> int:
    """HWF or HINT from images, one job after the other in this process."""
    from abduce import clock
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.perception.parts import SEEDS, image_jobs, image_targets
    from abduce.benchmarks.perception.run import run_images
    from abduce.benchmarks.records.record_file import check_writable, read, records_path

    records = records_path("images", asked.out)
    todo = image_jobs(part, seeds or SEEDS)
    if asked.timeout_s is not None:
        todo = [replace(job, timeout_s=asked.timeout_s) for job in todo]
    if asked.resume and records.exists():
        done = {record.id for record in read(records) if record.status == "complete"}
        todo = [job for job in todo if job.id not in done]
    if asked.list_:
        show("\n".join(job.command for job in todo))
        return Exit.ANSWERED
    check_writable(records)
    for job in todo:
        deadline = None if job.timeout_s is None else clock.wall_s() + job.timeout_s
        places = folders(asked.data)
        _, record = run_images(job, job.config, records, places=places, deadline=deadline)
        if not asked.quiet:
            say(f"{job.command}: {record.metrics['accuracy']:.1%}")
    for line in image_targets(read(records)):
        show(line)
    return Exit.ANSWERED


def _labels(asked: Asked) -> int:
    from abduce.benchmarks.learner.labels import label_jobs, label_lines, pending_labels, run_labels
    from abduce.benchmarks.records.record_file import check_writable, read, records_path

    records = records_path("labels", asked.out)
    todo = pending_labels(label_jobs(), records) if asked.resume else list(label_jobs())
    if asked.list_:
        show("\n".join(job.command for job in todo))
        return Exit.ANSWERED
    check_writable(records)
    done = run_labels(todo, records, progress=None if asked.quiet else say)
    if asked.json_:
        print_json([dict(record.metrics) for record in done])
    else:
        for line in label_lines(read(records)):
            show(line)
    return Exit.ANSWERED


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


def _list_draws(kind: str, seeds: Sequence[int], limit: float) -> int:
    """Prints the command of each draw."""
    options = f"--draws 1 --timeout-s {limit:g}"
    show("\n".join(f"abduce bench {kind} --first {seed} {options}" for seed in seeds))
    return Exit.ANSWERED


def _draw(
    seeds: Sequence[int],
    risk: float,
    fit: bool,
    config: Path | None,
    settings: Sequence[str],
    asked: Asked,
) -> int:
    from dataclasses import asdict

    from abduce.benchmarks.learner.calibration import calibration
    from abduce.benchmarks.learner.draws import LIMIT_S, kept, run_draws
    from abduce.benchmarks.learner.fitting import fitted
    from abduce.benchmarks.records.record_file import check_writable, records_path
    from abduce.configuration import configured
    from abduce.symbolic.nsr.config import CONFIG

    records = records_path("languages", asked.out)
    chosen = configured(CONFIG, config, settings)
    limit = asked.timeout_s or LIMIT_S
    earlier = kept(seeds, records, chosen, limit) if asked.resume else []
    todo = [seed for seed in seeds if seed not in {record.seed for record in earlier}]
    if asked.list_:
        return _list_draws(LANGUAGES, todo, limit)
    check_writable(records)
    tell = None if asked.quiet else say
    done = run_draws(todo, records, chosen, timeout_s=limit, progress=tell)
    found = [dict(record.metrics) for record in (*earlier, *done)]
    figures = calibration(found, risk)
    model = asdict(fitted(found, chosen.reliability)) if fit else {}
    if asked.json_:
        print_json({**asdict(figures), **({"reliability": model} if fit else {})})
    else:
        for line in figures.lines():
            show(line)
        for name, value in model.items():
            show(f"--set reliability.{name}={value}")
    say(f"{len(todo)} languages drawn; records: {records}")
    return Exit.ANSWERED


def _synthesise(
    seeds: Sequence[int], config: Path | None, settings: Sequence[str], asked: Asked
) -> int:
    from abduce.benchmarks.drawing.tables import show_table
    from abduce.benchmarks.records.record_file import check_writable, records_path
    from abduce.benchmarks.synthesis.run import LIMIT_S, kept, run_courses
    from abduce.benchmarks.synthesis.table import (
        synthesis_summary,
        synthesis_tables,
        synthesis_targets,
    )
    from abduce.configuration import configured
    from abduce.symbolic.synthesis import Budget

    records = records_path("synthesis", asked.out)
    budget = configured(Budget(), config, settings)
    limit = asked.timeout_s or LIMIT_S
    earlier = kept(seeds, records, budget, limit) if asked.resume else []
    todo = [seed for seed in seeds if seed not in {record.seed for record in earlier}]
    if asked.list_:
        return _list_draws(SYNTHESIS, todo, limit)
    check_writable(records)
    tell = None if asked.quiet else say
    found = [*earlier, *run_courses(todo, records, budget, timeout_s=limit, progress=tell)]
    if asked.json_:
        print_json(synthesis_summary(found))
    else:
        for table in synthesis_tables(found):
            show_table(table)
        for line in synthesis_targets(found):
            show(line)
    say(f"{len(todo)} sets of examples drawn; records: {records}")
    return Exit.ANSWERED


def _execute(
    only: str | None,
    seeds: int | None,
    config: Path | None,
    settings: Sequence[str],
    asked: Asked,
) -> int:
    from abduce.benchmarks.drawing.tables import show_table
    from abduce.benchmarks.execution.gathered import gather_executed
    from abduce.benchmarks.execution.job import earlier_records, execution_jobs, pending_execution
    from abduce.benchmarks.execution.run import run_execution
    from abduce.benchmarks.execution.table import executed_table
    from abduce.benchmarks.records.record import to_line
    from abduce.benchmarks.records.record_file import check_writable, records_path
    from abduce.neural.kernels.files import check_installed

    records = records_path("execute", asked.out)
    todo = execution_jobs(only, seeds, timeout_s=asked.timeout_s, config=config, settings=settings)
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
    done = run_execution(
        todo,
        records,
        placement=asked.placement,
        progress=None if asked.quiet else say,
    )
    if asked.json_:
        print_json([json.loads(to_line(record)) for record in done])
    elif complete := gather_executed(done):
        show_table(executed_table(complete))
    ended = sum(record.status == "complete" for record in done)
    say(f"{len(done)} jobs, {ended} complete; records: {records}; "
        f"for a page: abduce report {records}")  # fmt: skip
    failed = any(record.status == "failed" for record in done)
    return Exit.INTERNAL if failed else Exit.ANSWERED


def _reduce(
    peers: Path | None,
    only: str | None,
    config: Path | None,
    settings: Sequence[str],
    asked: Asked,
) -> int:
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

    chosen = configured(MEASURING, config, settings)
    if asked.timeout_s is not None:
        chosen = replace(chosen, timeout_s=asked.timeout_s)
    if asked.list_:
        show("\n".join(command(*job, chosen) for job in jobs(peers is not None, only)))
        return Exit.ANSWERED
    if asked.resume:
        raise InputError("--resume with lambda", ("abduce bench lambda",))
    records = records_path("reduce", asked.out)
    found = run_jobs(
        records,
        peers=peers,
        only=only,
        config=chosen,
        placement=asked.placement,
        progress=None if asked.quiet else say,
    )
    if asked.json_:
        print_json(found)
    for text in summary(found):
        say(text)
    say(f"{len(found)} measurements; records: {records}; for a table: abduce report {records}")
    return exit_code(found)


def _verify(
    names: Sequence[str],
    only: str | None,
    memory_gb: float | None,
    config: Path | None,
    settings: Sequence[str],
    asked: Asked,
) -> int:
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.drawing.tables import show_table
    from abduce.benchmarks.records.record_file import records_path
    from abduce.benchmarks.verify.process import Limits, command
    from abduce.benchmarks.verify.suite import pending, run_instances, select, summary
    from abduce.benchmarks.verify.table import verdict_table
    from abduce.configuration import configured
    from abduce.verify.strategy import AUTOMATIC

    records = records_path("verify", asked.out)
    strategy = configured(AUTOMATIC, config, settings)
    limits = Limits(timeout_s=asked.timeout_s, memory_gb=memory_gb, strategy=strategy)
    seed = strategy.seed
    chosen = select(names, only, folders(asked.data))
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
        progress=None if asked.quiet else say,
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
