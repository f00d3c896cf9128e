"""Training of a decoder by a command: the model is trained, kept, recorded and told of."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abduce import clock
from abduce.cli.modules import check_device
from abduce.cli.terminal import print_json, progress, say, show
from abduce.door import asked_to_stop
from abduce.errors import Exit

if TYPE_CHECKING:
    from abduce.neural.program_decoder.encoder import Encoder
    from abduce.neural.program_decoder.question import Vocabulary
    from abduce.neural.training.experiment import Experiment
    from abduce.neural.training.loop import Trained

CHECKPOINT_S = 300.0
REASONS = 8
"""The number of reasons that are printed why examples are not learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions:
    """The options of `train` that all decoders take.

    Attributes:
        encoder: the folder or the hub's name of a pretrained encoder; None for the default one.
        folder: where the model is kept.
    """

    examples: Sequence[str]
    encoder: str | None
    data: Path | None
    config: Path | None
    settings: Sequence[str]
    records: Path
    seed: int
    folder: Path
    device: str
    resume: bool
    timeout_s: float | None
    json_: bool
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """A decoder that is ready to be trained.

    Attributes:
        card: what it learns from, as plain data.
        about: what it learns from, in words.
        score: what it is judged by, in words.
    """

    experiment: "Experiment"
    encoder: "Encoder"
    vocabulary: "Vocabulary"
    card: Mapping[str, Any]
    about: str
    score: str


def train_decoder(
    options: TrainingOptions, made: Callable[[Callable[[str], None] | None], Ready]
) -> None:
    """Train a decoder, keep it, and add a record.

    Args:
        made: makes it ready, and is given what tells of progress.

    Raises:
        InputError: a checkpoint is of another run.
        OutputError: a file cannot be written.
    """
    from abduce.benchmarks.records.record_file import append, check_writable
    from abduce.benchmarks.training.records import module_trained
    from abduce.neural.kernels.files import check_installed
    from abduce.neural.program_decoder.files import save
    from abduce.neural.training.files import checkpoint_path
    from abduce.neural.training.loop import train

    check_writable(options.records)
    check_installed()
    check_device(options.device)
    timeout_s, folder, quiet = options.timeout_s, options.folder, options.quiet
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    started, began = clock.utc_now(), clock.wall_s()
    with asked_to_stop() as stop, progress(quiet) as tell:
        ready = made(tell)
        if not quiet:
            say(ready.about)
        trained = train(
            ready.experiment,
            seed=options.seed,
            device=options.device,
            deadline=deadline,
            progress=tell,
            stop=stop,
            checkpoint=checkpoint_path(ready.experiment, folder),
            resume=options.resume,
            checkpoint_every_s=CHECKPOINT_S,
        )
    if trained.ended == "interrupted":
        say(f"abduce: continue with --resume; the checkpoint is in {folder}")
        raise KeyboardInterrupt
    trained.module.to("cpu")
    files = save(trained, ready.encoder, ready.vocabulary, folder, ready.card)
    wall_s = clock.wall_s() - began
    append(
        options.records,
        module_trained(
            trained, "program-decoder", files, timeout_s=timeout_s, started=started, wall_s=wall_s
        ),
    )
    if options.json_:
        print_json({**trained.told, "scores": trained.scores, "files": [str(f) for f in files]})
    else:
        for line in _told(trained, ready, files):
            show(line)
        if not quiet:
            say(f"record: {options.records}")
    if trained.ended in ("out of time", "diverged"):
        advice = (
            "continue with --resume" if trained.ended == "out of time" else "try another --seed"
        )
        say(f"abduce: {ready.experiment.name}: {trained.ended}; {advice}")
        raise typer.Exit(Exit.GAVE_UP)


def refused_told(refused: Counter[str]) -> str:
    """Why examples are not learned from, as the end of a sentence; nothing where all are."""
    some = refused.most_common(REASONS)
    told = "; ".join(f"{count:,}: {reason}" for reason, count in some)
    rest = sum(refused.values()) - sum(count for _, count in some)
    return (f"; not learned from: {told}" if told else "") + (
        f"; {rest:,} for other reasons" if rest else ""
    )


def _told(trained: "Trained", ready: Ready, files: Sequence[Path]) -> list[str]:
    lines = [
        f"{trained.experiment.name}: not proved; {trained.ended}, {trained.steps:,} steps, "
        f"{trained.examples:,} examples, {trained.parameters:,} parameters, {trained.cpu_s:.1f} "
        "CPU s"
    ]
    if trained.scores:
        best = max(score for _, score in trained.scores)
        lines.append(f"{ready.score}: {best:.1%}")
    return [*lines, f"saved in {files[0].parent}: {', '.join(file.name for file in files)}"]
