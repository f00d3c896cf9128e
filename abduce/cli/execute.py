"""The commands `train`, `prove` and `execute`: learned kernels, and machines that use them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from abduce import clock
from abduce.cli.terminal import Json, Quiet, Timeout, check_options, print_json, progress, say, show
from abduce.errors import Exit, InputError
from abduce.text import read_text

if TYPE_CHECKING:
    from abduce.neural.kernels.evidence import Evidence
    from abduce.neural.kernels.kernel import Learned
    from abduce.neural.kernels.places import Kept
    from abduce.verify.verdict import Verdict

Kernels = Annotated[
    Path | None,
    typer.Option(
        "--kernels",
        metavar="FOLDER",
        help="The folder of trained kernels. Default: ./kernels; a kernel that is not there is "
        "taken from those shipped with Abduce.",
        show_default=False,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="TASK", help="The names of tasks or kernels. Default: list them."),
]
MODULES = "Neural modules (not proved)"
Modules = Annotated[
    Path,
    typer.Option(
        "--modules",
        metavar="FOLDER",
        help="The folder of trained modules.",
        rich_help_panel=MODULES,
    ),
]
MODULES_FOLDER = Path("modules")
Device = Annotated[
    str,
    typer.Option(help="The device of PyTorch, such as cpu or cuda.", rich_help_panel=MODULES),
]


def train(
    names: Names = None,
    seed: Annotated[int, typer.Option(min=0, help="The random seed.")] = 0,
    attempts: Annotated[
        int,
        typer.Option(
            min=1, help="The upper limit on training attempts per kernel, until one is proved."
        ),
    ] = 20,
    kernels: Annotated[
        Path,
        typer.Option("--kernels", metavar="FOLDER", help="The folder to save the kernels in."),
    ] = Path("kernels"),
    timeout_s: Timeout = None,
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
) -> None:
    """Train the kernels of tasks on examples, prove them, and save those that are proved.

    A kernel is a small network whose exact function is extracted and proved. Abduce ships with
    kernels for every task, trained with seed 0; this command trains them again. If it is
    interrupted, finished kernels are kept. With --method, it trains neural modules, which are not
    proved.
    """
    if not names:
        _overview(json_)
        return
    if method is not None:
        from abduce.cli.modules import train_modules

        train_modules(
            names, method, seed=seed, folder=modules, device=device, resume=resume,
            timeout_s=timeout_s, json_=json_, quiet=quiet,
        )  # fmt: skip
        return
    from abduce.neural.kernels.jobs import tasks_of

    tasks = tasks_of(names)
    from abduce.neural.kernels.files import check_installed, save
    from abduce.neural.kernels.kernel import one_thread
    from abduce.neural.kernels.kernel import train as learn

    check_installed()
    one_thread()
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    done: list[Learned] = []
    try:
        with progress(quiet) as tell:
            for task in tasks:
                learned = learn(
                    task, seed=seed, attempts=attempts, deadline=deadline, progress=tell
                )
                if learned.proved:
                    save(learned, kernels)
                done.append(learned)
                if not json_:
                    show(_told(learned))
    except KeyboardInterrupt:
        kept = [learned.name for learned in done if learned.proved]
        say(f"abduce: saved in {kernels}: {', '.join(kept) or 'nothing'}")
        raise
    if json_:
        print_json([_kernel_as_json(learned) for learned in done])
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
        _overview(json_)
        return
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    if size is not None:
        _prove_size(names, size, kernels, deadline, json_)
        return
    from abduce.neural.kernels.evidence import evidence, told_again
    from abduce.neural.kernels.jobs import tasks_of
    from abduce.neural.kernels.places import read

    tasks = tasks_of(names)
    kept = read(tasks, kernels, deadline=deadline)
    found = [evidence(task, each.learned) for task, each in zip(tasks, kept, strict=True)]
    if json_:
        print_json([_kept_as_json(*each) for each in zip(kept, found, strict=True)])
    for each, shown in () if json_ else zip(kept, found, strict=True):
        told = told_again(each.learned, shown, _sentence(each.learned))
        show(f"{told}; {_place_told(each.place)}")
    done = [each.learned for each in kept]
    if not (json_ or quiet):
        say("each kernel is proved alone; the program around it is written by hand, and tested")
    _exit([learned.verdict for learned in done])


def _exit(verdicts: Sequence["Verdict"]) -> None:
    """Raises: typer.Exit, if a verdict is refuted, or otherwise if one is unknown."""
    from abduce.verify.verdict import Refuted, Unknown

    for kind, code in ((Refuted, Exit.REFUTED), (Unknown, Exit.GAVE_UP)):
        if any(isinstance(verdict, kind) for verdict in verdicts):
            raise typer.Exit(code)


def _prove_size(
    names: list[str], size: int, kernels: Path | None, deadline: float | None, json_: bool
) -> None:
    """The verdicts for one number of bits; the one about permutations needs no training."""
    from abduce.neural.kernels.jobs import TASKS
    from abduce.neural.kernels.kernel import said
    from abduce.neural.kernels.places import read
    from abduce.verify.discrete.bounded import BOUNDED, prove_bounded
    from abduce.verify.discrete.counterexamples import counterexample
    from abduce.verify.discrete.tangent import prove_mean
    from abduce.verify.verdict import Refuted

    having = (*BOUNDED, "permutation")
    if unknown := [name for name in names if name not in having]:
        raise InputError(f"--size with {' '.join(unknown)}", having)
    found: dict[str, Verdict] = {}
    sentence: dict[str, str] = {}
    for name in names:
        if name == "permutation":
            found[name] = prove_mean(size, deadline=deadline)
        else:
            (kept,) = read([TASKS[name]], kernels, deadline=deadline)
            exact = kept.learned.exact
            found[name] = prove_bounded(exact, BOUNDED[name], size, deadline=deadline)
        verdict = found[name]
        if isinstance(verdict, Refuted):
            sentence[name] = counterexample(BOUNDED[name], verdict)
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


def execute(
    task: Annotated[
        str | None,
        typer.Argument(metavar="TASK", help="The task to run. Default: list the tasks."),
    ] = None,
    term: Annotated[
        str | None,
        typer.Argument(
            metavar="TERM",
            help="For lambda: the term. If it is left out, --input is read.",
            show_default=False,
        ),
    ] = None,
    input_: Annotated[
        str,
        typer.Option(
            "--input", metavar="FILE", help="The file to read the input from; - is stdin."
        ),
    ] = "-",
    level: Annotated[
        str | None,
        typer.Option(
            help="How much is learned. L0: nothing; kernels are compiled from their definitions. "
            "L1: the kernels; the program around them is written by hand. L2: the program's "
            "tables too. Default: L1; for lambda L2."
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            help="The algorithm, if the task has several, or the method of a neural module."
        ),
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every step and the kernel that took it.")
    ] = False,
    rank: Annotated[
        int | None,
        typer.Option(help="For select: the rank to find; 1 is the smallest. Default: the median."),
    ] = None,
    find: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="For search: the number to find.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="NODE", help="For graphs: the start node. Default: the first in the input."
        ),
    ] = None,
    directed: Annotated[
        bool, typer.Option("--directed", help="For graphs: treat the edges as directed.")
    ] = False,
    fuel: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            help="For lambda: the upper limit on steps. Default: 1,000,000 (100 for the "
            "transformer).",
        ),
    ] = None,
    notation: Annotated[
        Literal["names", "de-bruijn", "tokens"] | None,
        typer.Option(help="For lambda: the notation of the result. Default: names."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="For tsp: the random seed.")] = None,
    timeout_s: Timeout = None,
    kernels: Kernels = None,
    json_: Json = False,
    quiet: Quiet = False,
    model: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A file of weights to use instead of that in --modules.",
            rich_help_panel=MODULES,
        ),
    ] = None,
    modules: Modules = MODULES_FOLDER,
    device: Device = "cpu",
) -> None:
    """Run a task on a machine whose kernels were learned and proved.

    A kernel compares, adds, chooses or takes a step. The program that calls the kernels is written
    by hand; at level L2 its tables are learned too. Two tasks learn less. tsp is a local search
    written by hand: it learns the costs of its moves, and at L2 which edges to try. permutation
    --method mean evaluates a formula, without a kernel.

    With the --method of a neural module, the module runs instead; it is not proved. The trace is
    printed to stderr; with --json, it is part of the answer.
    """
    if task is None:
        _overview(json_)
        return
    from abduce.neural.kernels.jobs import JOBS, job_named, kernels_at
    from abduce.neural.modules.catalogue import methods_of
    from abduce.symbolic.machines.jobs import LEVELS, Request

    options = {"rank": rank, "find": find, "source": source, "directed": directed}
    options |= {"fuel": fuel, "notation": notation, "timeout_s": timeout_s, "seed": seed}
    if term is not None and not (task == "lambda" and input_ == "-"):
        raise InputError(f"the argument {term!r}", ("none",), advice="--input names a file.")
    if method in methods_of(task) or (task not in JOBS and methods_of(task)):
        from abduce.cli.execute_module import execute_modules

        execute_modules(
            task, method, lambda: _given(term, input_), {**options, "level": level},
            folder=modules, files=model or (), device=device,
            trace=trace, json_=json_, quiet=quiet,
        )  # fmt: skip
        return
    if model or device != "cpu":
        named = tuple(f"--method {name}" for name in methods_of(task))
        raise InputError(f"--{'model' if model else 'device'} without a module", named or ("none",))
    job = job_named(task)
    level = job.level if level is None else level
    if level not in LEVELS:
        raise InputError(f"level {level!r}", LEVELS)
    check_options(task, options, job.options)
    chosen = job.method(method, level, methods_of(task))
    exact, folders = kernels_at(level, job.needs(chosen, level), kernels)
    places = {name: _place_told(place) for name, place in folders.items()}
    text, path = _given(term, input_)
    steps: list[str] = []
    start = clock.cpu_s()
    with progress(quiet or trace) as tell:
        request = Request(
            text=text,
            path=path,
            kernels=exact,
            method=chosen,
            learned=level == "L2",
            note=_noting(trace, json_, steps),
            progress=tell,
            **options,
        )
        answer = job.run(request)
    seconds = clock.cpu_s() - start
    if json_:
        shown = {"task": task, "level": level, "method": chosen or None, "answer": answer.value}
        shown |= {"steps": dict(answer.steps), "cpu_s": round(seconds, 4), "kernels": places}
        print_json(shown | ({"trace": steps} if trace else {}))
    for line in () if json_ else answer.lines:
        show(line)
    if not (json_ or quiet):
        counts = ", ".join(f"{count:,} {name}" for name, count in answer.steps.items())
        say(f"{level}{' ' if chosen else ''}{chosen}: {counts}, {seconds:.2f} CPU s")
        say(_kernels_told(exact, places))
    if answer.gave_up is not None:
        say(f"abduce: {answer.gave_up}")
        raise typer.Exit(Exit.GAVE_UP)


def _kernels_told(exact: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """The kernels that a machine used, and where they come from.

    >>> _kernels_told({}, {"add": "trained: k", "mask": "shipped", "compare": "shipped"})
    'kernels: add (trained: k); mask, compare (shipped)'
    """
    if not places:
        return f"kernels: {', '.join(exact) or 'none'}" + (", compiled" if exact else "")
    by_place: dict[str, list[str]] = {}
    for name, place in places.items():
        by_place.setdefault(place, []).append(name)
    told = "; ".join(f"{', '.join(names)} ({place})" for place, names in by_place.items())
    return f"kernels: {told}"


def _place_told(place: Path) -> str:
    """Where a kernel comes from, as text."""
    from abduce import __version__
    from abduce.neural.kernels.places import SHIPPED

    return f"shipped with abduce {__version__}" if place == SHIPPED else f"trained: {place}"


def _noting(trace: bool, json_: bool, steps: list[str]) -> Callable[[str], None] | None:
    if not trace:
        return None
    return steps.append if json_ else say


def _given(term: str | None, name: str) -> tuple[str, str]:
    """The term, or otherwise the input; and its name in errors."""
    return read_text(name) if term is None or term == "-" else (term, "<term>")


def _overview(json_: bool) -> None:
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
    yield "tasks (levels: L0 nothing is learned; L1 the kernels; L2 also the program's tables)"
    for job in jobs:
        levels = "L0, L1, L2" if job.controllers else "L0, L1"
        yield f"  {job.name:<20}{job.about} ({levels})"
        if job.methods:
            yield f"  {'':<20}methods: {', '.join(job.methods)}"
    yield "kernels"
    for task in tasks:
        yield f"  {task.name:<20}{task.about}; learned from {task.learned_from}"
    yield "neural modules, not proved (abduce train or execute TASK --method METHOD)"
    for module in modules:
        low, high = module.trained_on
        yield (
            f"  {module.task:<20}{module.method:<24}{module.about}; "
            f"trained on {low} to {high} {module.unit}"
        )


def _job_as_json(job: Any) -> dict[str, Any]:
    return {
        "about": job.about,
        "kernels": list(job.kernels),
        "methods": list(job.methods),
        "controllers": dict(job.controllers),
    }


def _told(learned: "Learned") -> str:
    """One line of text: the verdict, with the counterexample in words, and the cost."""
    from abduce.neural.kernels.kernel import told

    sentence = _sentence(learned)
    if sentence is None:
        return told(learned)
    cost = f"{learned.examples:,} examples, {learned.attempts} attempts"
    return f"{learned.name}: refuted: {sentence}; {cost}"


def _sentence(learned: "Learned") -> str | None:
    """The counterexample in words, if there is one."""
    from abduce.neural.kernels.jobs import TASKS
    from abduce.verify.discrete.counterexamples import counterexample
    from abduce.verify.verdict import Refuted

    if not isinstance(learned.verdict, Refuted):
        return None
    return counterexample(TASKS[learned.name].specification, learned.verdict)


def _kernel_as_json(learned: "Learned") -> dict[str, Any]:
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
        "from": _place_told(kept.place),
    }


def _verdict_as_json(verdict: "Verdict", sentence: str | None) -> dict[str, Any]:
    """The JSON of a verdict, with a counterexample in words (`told`), too."""
    from abduce.verify.verdict_json import verdict_json

    form = verdict_json(verdict)
    return form | {
        "counterexample": form["counterexample"] and form["counterexample"] | {"told": sentence}
    }
