"""`train word-problem`: a model learns to solve word problems from texts with equations."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from abduce import clock
from abduce.cli.modules import check_device
from abduce.cli.terminal import print_json, progress, say, show
from abduce.door import asked_to_stop
from abduce.errors import Exit

if TYPE_CHECKING:
    from abduce.neural.training.loop import Trained
    from abduce.neural.word_problems.training import Lesson

WORD_PROBLEM = "word-problem"
CHECKPOINT_S = 300.0


def train_word_problem(
    *,
    examples: Sequence[str],
    encoder: str | None,
    data: Path | None,
    config: Path | None,
    settings: Sequence[str],
    records: Path,
    seed: int,
    folder: Path,
    device: str,
    resume: bool,
    timeout_s: float | None,
    json_: bool,
    quiet: bool,
) -> None:
    """Train a model, keep it, and add a record.

    Args:
        examples: names of data sets, or files.

    Raises:
        InputError: a file cannot be read, or a checkpoint is of another run.
        DataError: a data set or the encoder is not on this machine.
    """
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.records.record_file import append, check_writable
    from abduce.benchmarks.training.records import module_trained
    from abduce.benchmarks.word_problems.learning import learning_from
    from abduce.configuration import configured
    from abduce.neural.kernels.files import check_installed
    from abduce.neural.program_decoder.encoder import read_encoder
    from abduce.neural.program_decoder.files import save
    from abduce.neural.training.files import checkpoint_path
    from abduce.neural.training.loop import train
    from abduce.neural.word_problems.config import WordProblemConfig
    from abduce.neural.word_problems.problem import VOCABULARY
    from abduce.neural.word_problems.training import lesson

    chosen = configured(WordProblemConfig(), config, settings)
    check_writable(records)
    check_installed()
    check_device(device)
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    source = learning_from(examples, folders(data))
    read = read_encoder(encoder)
    started, began = clock.utc_now(), clock.wall_s()
    with asked_to_stop() as stop, progress(quiet) as tell:
        taught = lesson(source.problems, read, chosen, seed=seed, device=device, progress=tell)
        if not quiet:
            say(_learned(taught))
        trained = train(
            taught.experiment,
            seed=seed,
            device=device,
            deadline=deadline,
            progress=tell,
            stop=stop,
            checkpoint=checkpoint_path(taught.experiment, folder),
            resume=resume,
            checkpoint_every_s=CHECKPOINT_S,
        )
    if trained.ended == "interrupted":
        say(f"abduce: continue with --resume; the checkpoint is in {folder}")
        raise KeyboardInterrupt
    card = {
        "shown": chosen.shown,
        "examples": list(source.names),
        "sha256": dict(source.sha256),
        "learned": taught.learned,
        "kept_apart": taught.apart,
        "refused": dict(taught.refused),
    }
    trained.module.to("cpu")
    files = save(trained, read, VOCABULARY, folder, card)
    wall_s = clock.wall_s() - began
    append(
        records,
        module_trained(
            trained, "program-decoder", files, timeout_s=timeout_s, started=started, wall_s=wall_s
        ),
    )
    if json_:
        print_json({**trained.told, "scores": trained.scores, "files": [str(f) for f in files]})
    else:
        for line in _told(trained, files):
            show(line)
        if not quiet:
            say(f"record: {records}")
    if trained.ended in ("out of time", "diverged"):
        advice = (
            "continue with --resume" if trained.ended == "out of time" else "try another --seed"
        )
        say(f"abduce: {WORD_PROBLEM}: {trained.ended}; {advice}")
        raise typer.Exit(Exit.GAVE_UP)


def _learned(taught: "Lesson") -> str:
    text = f"learning from {taught.learned:,} problems, judged on {taught.apart:,} others"
    if taught.refused:
        told = "; ".join(f"{count:,}: {reason}" for reason, count in taught.refused.most_common())
        text += f"; not learned from: {told}"
    return text


def _told(trained: "Trained", files: Sequence[Path]) -> list[str]:
    lines = [
        f"{WORD_PROBLEM}: not proved; {trained.ended}, {trained.steps:,} steps, "
        f"{trained.examples:,} examples, {trained.parameters:,} parameters, {trained.cpu_s:.1f} "
        "CPU s"
    ]
    if trained.scores:
        best: Any = max(score for _, score in trained.scores)
        lines.append(f"right values on the problems kept apart: {best:.1%}")
    return [*lines, f"saved in {files[0].parent}: {', '.join(file.name for file in files)}"]
