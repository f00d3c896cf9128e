"""The command `solve`: learn from pairs, show what was learned, answer the test, keep a record."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce.cli.learning.asking import asked_person
from abduce.cli.learning.telling import risked, told
from abduce.cli.terminal import (
    ConfigFile,
    Data,
    Json,
    Out,
    Quiet,
    Risk,
    Settings,
    Timeout,
    note_folders,
    print_json,
    progress,
    say,
    show,
)
from abduce.errors import Exit, InputError
from abduce.printing import printable_json

if TYPE_CHECKING:
    from abduce.benchmarks.solve.metrics import Outcome
    from abduce.benchmarks.solve.tasks import Material

WITH_IMAGES = "From images"
FAR_FROM_ALL = 0.1
"""The share of unexplained training rows above which a warning is printed."""


def solve(
    task: Annotated[
        str | None,
        typer.Argument(
            metavar="TASK",
            help="The task: scan, pcfg, miniscan or hint; words or lexicons, which are made at "
            "random; hwf (handwritten formulas); or addition (two digits of MNIST). Leave it out "
            "to use --train.",
        ),
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="The split of the task, such as length or around-right.")
    ] = None,
    train: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file with training pairs of your own."),
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="With --train: a file with test pairs. Default: only learn."
        ),
    ] = None,
    extend: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --train: a lexicon that --save wrote. The rows of --train add new words to "
            "it, and its own words stay as they are.",
        ),
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="The number of training rows to learn from, drawn at random. Default: 2,000 for "
            "hint, 10,000 for images, and all for other tasks and for --train.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The random seed.")] = 0,
    noise: Annotated[
        float,
        typer.Option(min=0, max=1, help="The share of training outputs to replace by wrong ones."),
    ] = 0.0,
    active: Annotated[
        bool,
        typer.Option(
            "--active",
            help="Ask for outputs instead of reading them (active learning). With --train, the "
            "file has one sentence per line, and you type the outputs that are asked for. With a "
            "task, its training rows answer.",
        ),
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, help="With --active: the upper limit on answers.")
    ] = 40,
    check_labels: Annotated[
        bool,
        typer.Option(
            "--check-labels",
            help="Learn nothing. Say whether the outputs determine which word is which, if words "
            "are seen as images only. Needs a file --train with a --lexicon that explains it, or "
            "the task hint with --rows or --train.",
        ),
    ] = False,
    lexicon: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --check-labels: the lexicon that gives the words of --train their meanings.",
        ),
    ] = None,
    risk: Risk = None,
    config: ConfigFile = None,
    set_: Settings = None,
    timeout_s: Timeout = None,
    out: Out = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file to save the lexicon to, for `abduce answer`."),
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file to write wrong answers to, as JSON lines."),
    ] = None,
    unexplained: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write all training rows to that are not explained, as JSON lines "
            "with what the lexicon gives for each.",
        ),
    ] = None,
    images: Annotated[
        bool,
        typer.Option(
            "--images",
            help="Learn from images of the symbols, for the task hint.",
            rich_help_panel=WITH_IMAGES,
        ),
    ] = False,
    operators: Annotated[
        str,
        typer.Option(
            metavar="given|unknown",
            help="For hwf: whether the meanings of the operators are given or learned.",
            rich_help_panel=WITH_IMAGES,
        ),
    ] = "given",
    oracle: Annotated[
        str,
        typer.Option(
            metavar="MODULES",
            help="For hint: what is given and not learned, one or two of perception, syntax "
            "and meaning, such as syntax,meaning. Default: all three are learned.",
            rich_help_panel=WITH_IMAGES,
        ),
    ] = "",
    labels: Annotated[
        str,
        typer.Option(
            metavar="N|all",
            help="The number of images of each symbol that have a label; all, to learn from labels "
            "instead of values.",
            rich_help_panel=WITH_IMAGES,
        ),
    ] = "0",
    source: Annotated[
        str | None,
        typer.Option(
            metavar="bhmsds|mdas",
            help="The source of the training images of + - *; the test has the other one. Default: "
            "both, in training and test.",
            rich_help_panel=WITH_IMAGES,
        ),
    ] = None,
    tested: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="The number of test rows of each subset of hint. Default: all.",
            rich_help_panel=WITH_IMAGES,
        ),
    ] = None,
    json_: Json = False,
    quiet: Quiet = False,
    data: Data = None,
) -> None:
    """Learn words, grammar and meanings from pairs, print them, and answer the test set.

    A file of your own has one pair per line, in one of four formats: IN: sentence OUT: output,
    sentence<TAB>output, {"input": ..., "output": ...}, or CSV with two columns: sentence,output.
    The format is recognised from the content. Files may be compressed (.gz, .bz2, .xz).

    The exit code is 4 if fewer than half of the training rows are explained, or if nothing was
    answered in time. The lexicon is printed and saved even then.

    --config reads a JSON object with some of the learner's settings, such as
    {"priors": {"token": 4}, "search": {"beam": 8}}; --set changes a single one. docs/nsr.md
    explains the settings.

    From images (hwf, addition, and hint with --images) the symbols are learned with a small
    network. It sees one image for each symbol, and is told only the values of sentences. --save
    then names a folder.
    """
    from abduce import clock
    from abduce.benchmarks.data.members import folders
    from abduce.benchmarks.records.record_file import check_writable, records_path
    from abduce.benchmarks.solve.job import make_job, material
    from abduce.benchmarks.solve.learner import nsr
    from abduce.benchmarks.solve.metrics import explains_little, gave_up
    from abduce.benchmarks.solve.run import solve as run
    from abduce.configuration import configured, settings_of
    from abduce.symbolic.nsr.config import CONFIG

    from_images = {"--operators": operators != "given", "--oracle": oracle, "--source": source}
    from_images |= {"--labels": labels != "0", "--tested": tested}
    if images or task in ("hwf", "addition"):
        from abduce.cli.learning.images import Asked, solve_images

        of_words = {"--split": split, "--train": train, "--test": test, "--extend": extend}
        of_words |= {"--noise": noise, "--active": active, "--check-labels": check_labels}
        of_words |= {"--lexicon": lexicon, "--risk": risk, "--errors": errors}
        _refuse(of_words | {"--unexplained": unexplained}, "images")
        asked = Asked(task, operators, oracle, labels, rows, source, tested, seed, timeout_s)
        solve_images(asked, config, set_ or (), out, save, json_, quiet, data)
        return
    _refuse(from_images, "words")
    if check_labels or lexicon is not None:
        others = {"--split": split, "--test": test, "--noise": noise, "--active": active}
        others |= {"--risk": risk, "--config": config, "--set": set_, "--out": out, "--save": save}
        others |= {"--errors": errors, "--unexplained": unexplained, "--extend": extend}
        drawn = rows, seed, data
        _check_labels(task, train, lexicon, check_labels, drawn, others, timeout_s, json_)
        return
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    chosen = configured(CONFIG, config, set_ or ())
    if risk is not None:
        chosen = replace(chosen, min_posterior=max(chosen.min_posterior, 1 - risk))
    options: dict[str, Any] = {"rows": rows, "seed": seed, "noise": noise}
    options |= {"active": active, "limit": limit, "timeout_s": timeout_s, "extend": extend}
    job = make_job(task, split, train, test=test, settings=settings_of(chosen, CONFIG), **options)
    records = records_path("solve", out)
    if not quiet:
        note_folders(save, errors, unexplained)
    for path in (records, save, errors, unexplained):
        if path is not None:
            check_writable(path)
    base = None
    try:
        if extend is not None:
            from abduce.symbolic.nsr import Lexicon

            base = Lexicon.load(extend, deadline=deadline)
        given = material(job, folders(data), deadline=deadline)
    except clock.OutOfTime as error:
        say("abduce: the time was up before everything was read")
        raise typer.Exit(Exit.GAVE_UP) from error

    def keep(outcome: "Outcome") -> Mapping[str, str]:
        return _kept(outcome, given, save, errors, unexplained)

    asks = active and job.task == "pairs"
    with progress(quiet or asks) as tell:
        outcome, record = run(
            job,
            given,
            records,
            learner=nsr(chosen),
            deadline=deadline,
            progress=tell,
            save=keep,
            oracle=asked_person(sys.stdin, limit) if asks else None,
            base=base,
        )
    assert outcome.lexicon is not None
    if json_:
        print_json({**record.metrics, "lexicon": outcome.lexicon.to_json()})
    else:
        show(outcome.lexicon.show().rstrip("\n"))
        show()
        for line in told(record.metrics):
            show(line)
        if risk is not None and record.metrics["n"]:
            show(risked(risk, record.metrics))
    if not quiet:
        say(f"record: {records}")
    if record.status == "timeout" and gave_up(outcome, given.test):
        say(f"abduce: nothing was {'answered' if given.test else 'learned'} in time")
        raise typer.Exit(Exit.GAVE_UP)
    if explains_little(outcome):
        say("abduce: what was learned explains fewer than half of the training rows")
        raise typer.Exit(Exit.GAVE_UP)
    missed = record.metrics.get("learned_noise") or 0.0
    if missed > FAR_FROM_ALL and not quiet:
        say("abduce: many training rows are not explained; answers may be wrong")


def _refuse(options: Mapping[str, object], beside: str) -> None:
    """Refuses options that would not be read.

    Raises:
        InputError: one of them was given.
    """
    for option, value in options.items():
        if value:
            expected = (
                "one of them" if beside.startswith("--") else f"no {option} to learn from {beside}"
            )
            raise InputError(f"{option} with {beside}", (expected,))


def _check_labels(
    task: str | None,
    train: Path | None,
    lexicon: Path | None,
    check_labels: bool,
    drawn: tuple[int | None, int, Path | None],
    others: Mapping[str, object],
    timeout_s: float | None,
    json_: bool,
) -> None:
    """Checks whether pairs tell which word is which.

    Args:
        drawn: how many rows of a task, the seed and the folder of data.
        others: options that go with learning only.
    """
    from abduce.cli.learning.check_labels import check_file_labels, check_hint_labels

    own = task is None and train is not None and lexicon is not None and drawn[0] is None
    if not check_labels or not (own or (task == "hint" and lexicon is None)):
        given = "--check-labels" if check_labels else "--lexicon"
        expected = (
            "--check-labels --train FILE --lexicon FILE",
            "hint --check-labels [--train FILE]",
        )
        raise InputError(f"{given} without what it needs, or with more", expected)
    _refuse(others, "--check-labels")
    if train is not None and lexicon is not None:
        check_file_labels(train, lexicon, timeout_s=timeout_s, json_=json_)
    else:
        check_hint_labels(*drawn, train=train, timeout_s=timeout_s, json_=json_)


def _kept(
    outcome: "Outcome",
    given: "Material",
    save: Path | None,
    errors: Path | None,
    unexplained: Path | None,
) -> dict[str, str]:
    """Write the lexicon, the errors and the unexplained rows; the SHA-256 checksum of each file, by
    its path."""
    import hashlib

    from abduce.benchmarks.solve.metrics import unexplained_rows, wrong_answers
    from abduce.files import write_whole
    from abduce.symbolic.nsr.files.lexicon_file import write_lexicon_data

    assert outcome.lexicon is not None
    if save is not None:
        write_lexicon_data(save, outcome.lexicon.to_json())
    if errors is not None:
        rows = [json.dumps(row, ensure_ascii=False) for row in wrong_answers(outcome, given.test)]
        write_whole(errors, "".join([printable_json(row) + "\n" for row in rows]).encode())
    if unexplained is not None:
        rows = [json.dumps(row, ensure_ascii=False) for row in unexplained_rows(outcome, given)]
        write_whole(unexplained, "".join([printable_json(row) + "\n" for row in rows]).encode())
    written = [path for path in (save, errors, unexplained) if path is not None]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in written}
