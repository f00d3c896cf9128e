"""`bench hint`: the arithmetic of HINT from symbols and from images, and handwritten formulas."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from abduce.cli.bench.asked import HINT, Asked
from abduce.cli.bench.learning import bench_learning
from abduce.cli.bench.turns import bench_in_turn
from abduce.cli.terminal import say, show
from abduce.errors import Exit, InputError
from abduce.text import nearest

HINT_PARTS: Final = {
    "symbols": ("hint-symbols", "hint-curve"),
    "concepts": ("hint-concepts",),
    "ablation": ("hint-ablation",),
    "labels": (),
    "hwf": (),
    "images": (),
    "peers": (),
}
"""The values of `--only`, each with the parts that learn; the last four have jobs of their own."""


def bench_hint(rest: Sequence[str], asked: Asked) -> int:
    """Runs HINT's parts, one after the other, and returns the exit code.

    Raises:
        InputError: there is no such part.
    """
    if rest:
        raise InputError(f"{rest[0]} after {HINT}", (f"abduce bench {HINT} --only PART",))
    only = asked.only
    if only is not None and only not in HINT_PARTS:
        raise InputError(f"--only {only}", tuple(HINT_PARTS), advice=nearest(only, HINT_PARTS))
    chosen = HINT_PARTS if only is None else {only: HINT_PARTS[only]}
    code = 0
    for name, parts in chosen.items():
        if parts:
            code = max(code, bench_learning(parts, None, asked))
        if name == "labels":
            code = max(code, _labels(asked))
        elif name in ("ablation", "hwf", "images"):
            code = max(code, _images(name, replace(asked, out=None) if parts else asked))
        elif name == "peers":
            code = max(code, _peers(asked))
    return code


def _images(part: str, asked: Asked) -> int:
    """HWF or HINT from images, one job after the other in this process."""
    from abduce import clock
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.perception.parts import SEEDS, image_jobs, image_targets
    from abduce.benchmarks.perception.run import run_images
    from abduce.benchmarks.records.keeping import pending
    from abduce.benchmarks.records.record_file import check_writable, read, records_path

    records = records_path("images", asked.out)
    todo = image_jobs(part, asked.seeds or SEEDS)
    if asked.timeout_s is not None:
        todo = [replace(job, timeout_s=asked.timeout_s) for job in todo]
    if asked.resume:
        todo = pending(todo, records)
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


def _peers(asked: Asked) -> int:
    """Other systems on the same images, one after the other in this process."""
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.perception.parts import image_targets
    from abduce.benchmarks.perception.peer_jobs import peer_jobs, run_peer
    from abduce.benchmarks.records.keeping import pending
    from abduce.benchmarks.records.record_file import check_writable, read, records_path
    from abduce.errors import UnsupportedError

    records = records_path("images", asked.out)
    todo = peer_jobs(asked.seeds or 1, asked.timeout_s)
    if asked.resume:
        todo = pending(todo, records)
    if asked.list_:
        show("\n".join(f"{job.command}: {job.peer}" for job in todo))
        return Exit.ANSWERED
    check_writable(records)
    absent: list[str] = []
    for job in todo:
        try:
            record = run_peer(job, records, folders(asked.data))
        except UnsupportedError as error:  # ABLkit is in no extra; the others still run
            absent.append(f"{job.peer}, seed {job.seed}, was left out: {error}")
            continue
        if not asked.quiet:
            say(f"{record.metrics['peer']}: {record.metrics['accuracy']:.1%}")
    for line in image_targets(read(records)):
        show(line)
    for line in absent:
        say(line)
    return Exit.ANSWERED


def _labels(asked: Asked) -> int:
    """Whether rows fix the symbols, one set after the other in this process."""
    from abduce.benchmarks.learner.labels import label_jobs, label_lines, label_summary, run_labels

    return bench_in_turn(
        "labels",
        label_jobs(),
        asked,
        run=lambda todo, records: run_labels(todo, records, progress=asked.progress),
        lines=label_lines,
        summary=label_summary,
    )
