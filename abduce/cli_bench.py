"""The command `bench`: the jobs behind the tables of the README, run one after the other."""

from typing import Annotated, Any

import typer

from abduce.terminal import Data, Json, Out, print_json, say


def bench(
    parts: Annotated[
        list[str] | None, typer.Argument(metavar="PART...", help="Left out, they are listed.")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="So many seeds where a part has several.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Pass over what has a complete record already.")
    ] = False,
    timeout_s: Annotated[
        float, typer.Option(metavar="SECONDS", min=1, help="Of each job.")
    ] = 300.0,
    out: Out = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Only print the commands of the parts.")
    ] = False,
    json_: Json = False,
    data: Data = None,
) -> None:
    """Run the jobs of a table one after the other, each in a process of its own.

    Its seconds and its memory are then its own.
    """
    from abduce.benchmarks.learner import nsr
    from abduce.benchmarks.record_file import check_writable, records_path
    from abduce.benchmarks.suite import PARTS, jobs, pending, run_job

    if not parts:
        rows = {name: len(jobs([name], seeds)) for name in PARTS}
        if json_:
            print_json(rows)
            return
        for name, count in rows.items():
            typer.echo(f"{name:<12}{count:>4} jobs  {PARTS[name].about}")
        return
    records = records_path("solve", out)
    todo = jobs(parts, seeds)
    if resume:
        todo = pending(todo, records, nsr().config)
    if list_:
        typer.echo("\n".join(job.command for job in todo))
        return
    check_writable(records)
    ends: list[dict[str, Any]] = []
    for n, job in enumerate(todo, start=1):
        end = run_job(job, records, timeout_s, data)
        ends.append({"command": job.command, **end})
        shown = end["accuracy"] if end["accuracy"] is not None else f"exit code {end['exit_code']}"
        say(f"{n}/{len(todo)}  {job.command}: {shown}  ({end['wall_s']:.1f} s)")
    if json_:
        print_json(ends)
    say(f"{len(ends)} jobs; records: {records}; a table of them: abduce report {records}")
    worst = max((end["exit_code"] for end in ends), default=0)
    if worst:
        raise typer.Exit(worst)
