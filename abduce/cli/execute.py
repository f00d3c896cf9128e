"""The command `execute`: a task, its own options, an answer by a machine of kernels or a module.

The words of the command line are read twice. First with the options of all tasks together, to see
which task is meant, and with which method; then as the command of that task, which has its options
and no others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from abduce import clock
from abduce.cli.job_options import (
    Kernels,
    ModuleOptions,
    RunOptions,
    command_of,
    flag_of,
    made,
    parameter,
    parameters_of,
)
from abduce.cli.kernels import overview, place_told
from abduce.cli.recording import add_record, check_record_file
from abduce.cli.terminal import print_json, progress, say, show
from abduce.errors import Exit, InputError
from abduce.text import read_text

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record
    from abduce.symbolic.machines.jobs import MachineJob

HELP = ("-h", "--help")
ABOUT = """Run a task on a machine whose kernels were learned and proved.

A kernel compares, adds, chooses or takes a step. The program that calls the kernels is written by
hand; at level L2 its tables are learned too. Two tasks learn less. tsp is a local search written by
hand: it learns the costs of its moves, and at L2 which edges to try. permutation --method mean
evaluates a formula, without a kernel.

With the --method of a neural module, the module runs instead; it is not proved. The trace is
printed to stderr; with --json, it is part of the answer.

abduce execute TASK --help lists the options of a task.
"""


def execute(context: typer.Context) -> None:
    """Run a task on a machine whose kernels were learned and proved."""
    words = [_unsigned(word) for word in context.args]
    asked = _asked(words)
    command = task_command(asked.task, asked.method)
    if not (asked.unknown or any(word in HELP for word in words)):
        _check(asked, command)
    with command.make_context("execute", words, parent=context.parent) as inner:
        command.invoke(inner)


def _unsigned(word: str) -> str:
    """A negative number with a blank before it, so that it is not read as an option."""
    from abduce.symbolic.machines.lists.numbers import NUMBER

    return f" {word}" if NUMBER.fullmatch(word) and word.startswith("-") else word


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The task and options that a command line names.

    Attributes:
        task, method: None where none is named.
        rest: the arguments behind the task.
        given: the names of the options.
        unknown: whether there is an option that no task has.
    """

    task: str | None
    method: str | None
    rest: tuple[str, ...]
    given: tuple[str, ...]
    unknown: bool


def _asked(words: Sequence[str]) -> _Asked:
    """The words read with the options of all tasks; nothing is refused here."""
    from abduce.neural.kernels.jobs import JOBS

    parts = dict.fromkeys((RunOptions, ModuleOptions, *(job.options for job in JOBS.values())))
    own = [each for part in parts for each in parameters_of(part)]
    plain = [parameter("words", Annotated[list[str] | None, typer.Argument()])]
    plain += [_method((), ()), _level("L1"), _kernels()]
    every = {each.name: each for each in (*plain, *own)}
    command = command_of("execute", "", every.values(), lambda _: None)
    with command.make_context(
        "execute", [*words], ignore_unknown_options=True, resilient_parsing=True
    ) as known:
        sources = {name: known.get_parameter_source(name) for name in every}
        given = [name for name, found in sources.items() if found and found.name == "COMMANDLINE"]
        arguments, method = known.params["words"] or (), known.params["method"]
    task, *rest = arguments or (None,)
    unknown = any(word.startswith("-") and word != "-" for word in arguments)
    return _Asked(
        task=None if unknown and task.startswith("-") else task,
        method=method,
        rest=tuple(rest),
        given=tuple(name for name in given if name != "words"),
        unknown=unknown,
    )


def task_command(task: str | None, method: str | None = None) -> TyperCommand:
    """The command of a task, by a machine or by the module with a method.

    Args:
        task: None for the command that lists the tasks.

    Raises:
        InputError: there is no such task.
    """
    from abduce.neural.kernels.jobs import JOBS, job_named
    from abduce.neural.modules.catalogue import methods_of

    if task is None:
        own = [_task(), _method((), ()), _level("L1"), _kernels()]
        own += [*parameters_of(RunOptions), *parameters_of(ModuleOptions)]
        return command_of("execute", ABOUT, own, lambda given: overview(given["json_"]))
    methods = methods_of(task)
    if method in methods or (task not in JOBS and methods):
        from abduce.neural.modules.jobs import MODULE_JOBS

        module = MODULE_JOBS[task]
        own = [_task(task), *_argument(JOBS[module.machine[0]].argument), _method((), methods)]
        own += parameters_of(module.options)
        own += parameters_of(RunOptions, without=() if module.traced else ("trace",))
        own += parameters_of(ModuleOptions)
        about = f"Run a neural module for {task}. It is not proved; the exact machine runs, too."
        return command_of("execute", about, own, lambda given: _run_module(task, given))
    job = job_named(task)
    own = [_task(task), *_argument(job.argument, job.many)]
    own += [_method(job.methods, methods)] if job.methods or methods else []
    own += [*parameters_of(job.options), _level(job.level, learned=bool(job.controllers))]
    own += [_kernels(), *parameters_of(RunOptions)]
    own += parameters_of(ModuleOptions) if methods else []
    about = f"{job.about[0].upper()}{job.about[1:]}."
    return command_of("execute", about, own, lambda given: _run(job, given))


def _task(name: str | None = None) -> Parameter:
    if name is not None:
        return parameter("task", Annotated[str, typer.Argument(metavar=name, hidden=True)], ...)
    about = "The task to run. Default: list the tasks."
    return parameter("task", Annotated[str | None, typer.Argument(metavar="TASK", help=about)])


def _argument(metavar: str, many: bool = False) -> list[Parameter]:
    """The input as an argument, where a job takes it."""
    if not metavar:
        return []
    they = "they are" if many else "it is"
    about = f"The {metavar.lower()}. If {they} left out, --input is read."
    shown = typer.Argument(metavar=metavar, help=about, show_default=False)
    if many:
        return [parameter("text", Annotated[list[str] | None, shown])]
    return [parameter("text", Annotated[str | None, shown])]


def _method(own: Sequence[str], modules: Sequence[str]) -> Parameter:
    """The option --method, with the methods of a job and of its neural modules."""
    names = [f" ({', '.join(methods)})" if methods else "" for methods in (own, modules)]
    parts = [f"the algorithm{names[0]}"] if own or not modules else []
    parts += [f"the method of a neural module{names[1]}"] if modules or not own else []
    about = " or ".join(parts)
    option = typer.Option(help=f"{about[0].upper()}{about[1:]}.")
    return parameter("method", Annotated[str | None, option])


def _level(default: str, *, learned: bool = True) -> Parameter:
    """The option --level.

    Args:
        learned: whether there is a level L2.
    """
    last = " L2: the program's tables too." if learned else ""
    about = (
        "How much is learned. L0: nothing; kernels are compiled from their definitions. "
        f"L1: the kernels; the program around them is written by hand.{last} Default: {default}."
    )
    return parameter("level", Annotated[str | None, typer.Option(help=about)])


def _kernels() -> Parameter:
    return parameter("kernels", Kernels)


def _check(asked: _Asked, command: TyperCommand) -> None:
    """Raises: InputError, where an argument or an option was given that means nothing here."""
    from abduce.neural.kernels.jobs import JOBS
    from abduce.neural.modules.catalogue import methods_of

    if asked.task is None:
        return
    methods = methods_of(asked.task)
    by_module = asked.method in methods or asked.task not in JOBS
    has = [each.name for each in command.params]
    many = asked.task in JOBS and JOBS[asked.task].many and not by_module
    most = (len(asked.rest) if many else 1) if "text" in has and "input_" not in asked.given else 0
    if len(asked.rest) > most:
        advice = "Name a file of input with --input FILE, or pipe the input in."
        raise InputError(f"the argument {asked.rest[-1]!r}", ("none",), advice=advice)
    modules = [each.name for each in parameters_of(ModuleOptions)]
    if not by_module and (wrong := [name for name in asked.given if name in modules]):
        expected = tuple(f"--method {each}" for each in methods) or ("none",)
        raise InputError(f"{flag_of(wrong[0])} without a module", expected)
    if wrong := [name for name in asked.given if name not in has]:
        run = [each.name for each in parameters_of(RunOptions) if each.name != "trace"]
        common = ("task", "text", "method", "level", "kernels", *run, *modules)
        common += () if by_module else ("trace",)
        own = tuple(flag_of(name) for name in has if name not in common)
        what = f"--method {asked.method}" if by_module and asked.method else asked.task
        advice = f"abduce execute {asked.task} --help lists the options."
        raise InputError(f"{flag_of(wrong[0])} with {what}", own or ("none",), advice=advice)


def _run_module(task: str, given: Mapping[str, Any]) -> None:
    from abduce.cli.execute_module import execute_module
    from abduce.neural.modules.jobs import MODULE_JOBS

    execute_module(
        task,
        given["method"],
        lambda: _input(given),
        made(MODULE_JOBS[task].options, given),
        made(RunOptions, given),
        made(ModuleOptions, given),
    )


def _run(job: "MachineJob", given: Mapping[str, Any]) -> None:
    from abduce.neural.kernels.jobs import kernels_at
    from abduce.neural.modules.catalogue import methods_of
    from abduce.symbolic.machines.jobs import LEVELS, RunContext

    asked: RunOptions = made(RunOptions, given)
    level = job.level if given["level"] is None else given["level"]
    if level not in LEVELS:
        raise InputError(f"level {level!r}", LEVELS)
    method = job.method(given.get("method"), level, methods_of(job.name))
    exact, folders = kernels_at(level, job.needs(method, level), given["kernels"])
    places = {name: place_told(place) for name, place in folders.items()}
    check_record_file(asked.record)
    text, path = _input(given)
    steps: list[str] = []
    options = made(job.options, given)
    started, began = clock.utc_now(), clock.wall_s()
    start = clock.cpu_s()
    with progress(asked.quiet or asked.trace) as tell:
        note = _noting(asked, steps)
        context = RunContext(path=path, method=method, note=note, progress=tell)
        answer = job.run(text, exact, options, context)
    seconds = clock.cpu_s() - start

    def recorded() -> "Record":
        from abduce.benchmarks.training.records import answered
        from abduce.neural.kernels.config import METHOD
        from abduce.neural.store.files import paths

        return answered(
            {"task": job.name, "method": method or None, "level": level, **asdict(options)},
            {"method": METHOD},
            text,
            answer.value,
            proved=True if folders else None,
            gave_up=answer.gave_up is not None,
            files=[file for name, place in folders.items() for file in paths(place, name)],
            started=started,
            wall_s=clock.wall_s() - began,
            cpu_s=seconds,
        )

    add_record(asked.record, recorded)
    if asked.json_:
        shown = {"task": job.name, "level": level, "method": method or None}
        shown |= {"answer": answer.value, "steps": dict(answer.steps)}
        shown |= {"cpu_s": round(seconds, 4), "kernels": places}
        print_json(shown | ({"trace": steps} if asked.trace else {}))
    for line in () if asked.json_ else answer.lines:
        show(line)
    if not (asked.json_ or asked.quiet):
        counts = ", ".join(f"{count:,} {name}" for name, count in answer.steps.items())
        say(f"{level}{' ' if method else ''}{method}: {counts}, {seconds:.2f} CPU s")
        say(_kernels_told(exact, places))
    if answer.gave_up is not None:
        say(f"abduce: {answer.gave_up}")
        raise typer.Exit(Exit.GAVE_UP)


def _noting(asked: RunOptions, steps: list[str]) -> Callable[[str], None] | None:
    if not asked.trace:
        return None
    return steps.append if asked.json_ else say


def _input(given: Mapping[str, Any]) -> tuple[str, str]:
    """The text that is an argument, or otherwise that of --input; and its name in errors."""
    text = given.get("text")
    if isinstance(text, list):
        if not text:
            return read_text(given["input_"])
        return (" ".join(text), "<items>") if text != ["-"] else read_text(given["input_"])
    if text is None or text == "-":
        return read_text(given["input_"])
    return text, "<term>"


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
