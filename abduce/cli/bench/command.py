"""The command `bench`: its options, and which kind of benchmark they go to.

A part learns (`bench scan`, `bench hint`), runs learned programs (`bench execution`), reduces
lambda terms (`bench lambda`) or verifies (`bench verify acasxu`).
"""

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.bench.asked import (
    EXECUTION,
    HINT,
    LAMBDA,
    LANGUAGES,
    MATHEMATICS,
    OPTIONS,
    SPECIFICATIONS,
    SQL,
    SYNTHESIS,
    VERIFY,
    WORD_PROBLEM,
    Asked,
)
from abduce.cli.bench.drawing import bench_languages, bench_synthesis
from abduce.cli.bench.execution import bench_execution
from abduce.cli.bench.hint import bench_hint
from abduce.cli.bench.learning import bench_learning
from abduce.cli.bench.mathematics import bench_mathematics
from abduce.cli.bench.overview import show_overview
from abduce.cli.bench.problems import bench_word_problem
from abduce.cli.bench.queries import bench_sql
from abduce.cli.bench.reduction import bench_reduction
from abduce.cli.bench.specifying import bench_specifications
from abduce.cli.bench.suites import bench_suites
from abduce.cli.bench.verification import bench_verification
from abduce.cli.terminal import ConfigFile, Data, Json, Quiet, Settings
from abduce.errors import InputError

WITH_VERIFY = "With verify"
WITH_LANGUAGES = "With languages"
WITH_DRAWS = "With languages or synthesis"


def bench(
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PART",
            help="The parts of the benchmarks to run. Default: list the parts. The part hint is "
            "not listed; it runs all of HINT, from images too. After verify: the names of "
            "verification benchmarks. Default: all that are on this machine.",
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
            "defaults: 600 for execution (1800 for neural modules), 60 for languages and for each "
            "function of synthesis. They are 5 for each pair of sql (3600 for a training), 10 for "
            "each program of mathematics and 2700 for a training of word-problem. For lambda it is "
            "60 seconds of CPU time, and for an image of nonlinear 0.5 work seconds. For verify it "
            "is the limit of each instance, and images and hwf have none.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "--records",
            metavar="FILE",
            help="The file to add the records to. Default: records/KIND.jsonl, where KIND is "
            "execute for execution, reduce for lambda, and solve for the parts that learn a "
            "language. The other parts give their own names to the kind. So do labels and "
            "images of hint (images has hwf and peers too), and soundness, certificates, "
            "answers and nonlinear of specifications.",
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
            "'TERM ENGINE' for lambda. For other kinds of benchmarks it is one part; a word that "
            "is none gets an error with the parts.",
            rich_help_panel="With verify, execution, lambda, hint, mathematics, specifications, "
            "sql, synthesis or word-problem",
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
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="The random seed. Default: 0. With synthesis it is the number of a repetition.",
            rich_help_panel="With specifications, sql, synthesis or word-problem",
        ),
    ] = None,
    config: ConfigFile = None,
    set_: Settings = None,
    quiet: Quiet = False,
    json_: Json = False,
    data: Data = None,
) -> None:
    """Run benchmark jobs and add a record of each to a file.

    Each job runs in a separate process, so that its time and memory are measured alone. With --jobs
    and --backend, several jobs run at the same time, on this machine or on a cluster. The jobs of
    languages, of synthesis, of word-problem, and of labels, hwf, images and peers in hint run in
    turn in one process.

    --config and --set change the settings of what a part runs, such as search.beam=8 for scan. The
    page of docs/ about each kind of benchmark explains its settings.
    """
    from abduce.benchmarks.processes.backends import Placement, check_placement

    asked = Asked(
        only=only,
        seeds=seeds,
        config=config,
        settings=tuple(set_ or ()),
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
        show_overview(asked)
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
        "seed": seed,
        "config": config,
        "set": set_,
    }
    for name, value in given.items():
        if value and name not in OPTIONS[kind]:
            found = f"--{name} with {parts[0]}, which does not take it"
            raise InputError(found, tuple(f"--{each}" for each in OPTIONS[kind]))
    alone = (
        EXECUTION,
        LAMBDA,
        LANGUAGES,
        MATHEMATICS,
        SPECIFICATIONS,
        SQL,
        SYNTHESIS,
        WORD_PROBLEM,
    )
    if kind in alone and len(parts) > 1:
        raise InputError(f"{parts[1]} after {kind}", (f"abduce bench {kind}, alone",))
    if kind == HINT:
        code = bench_hint(parts[1:], asked)
    elif kind == VERIFY:
        code = bench_verification(parts[1:], memory_gb, asked)
    elif kind == EXECUTION:
        code = bench_execution(asked)
    elif kind == LANGUAGES:
        seeds_ = range(first or 0, (first or 0) + (draws or 40))
        code = bench_languages(seeds_, 0.01 if risk is None else risk, fit, asked)
    elif kind == SYNTHESIS:
        alien = "draws" if only else "seed"
        if given[alien] or (only and first):
            alien = alien if given[alien] else "first"
            expected = "--seed" if only else "--draws or --first"
            found = f"--{alien} with synthesis {'and' if only else 'without'} --only"
            raise InputError(found, (expected,))
        if only is None:
            seeds_ = range(first or 0, (first or 0) + (draws or 5))
            code = bench_synthesis(seeds_, asked)
        else:
            code = bench_suites(seed or 0, asked)
    elif kind == SPECIFICATIONS:
        code = bench_specifications(seed or 0, asked)
    elif kind == MATHEMATICS:
        code = bench_mathematics(seed or 0, asked)
    elif kind == SQL:
        code = bench_sql(seed or 0, asked)
    elif kind == WORD_PROBLEM:
        code = bench_word_problem(seed or 0, asked)
    elif kind == LAMBDA:
        code = bench_reduction(peers, asked)
    else:
        code = bench_learning(parts, sizes, asked)
    if code:
        raise typer.Exit(code)
