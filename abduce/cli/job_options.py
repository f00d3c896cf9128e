"""Options that dataclasses declare: a field is a flag, and its metadata says what it does.

The dataclass of a job (`abduce.symbolic.machines.jobs.option`) and those of the commands here are
read in the same way. So a command has exactly the options of the job that it runs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperCommand

from abduce.cli.terminal import Json, Quiet, RecordFile

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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of every run, of a machine or of a module."""

    input_: Annotated[
        str,
        typer.Option(
            "--input", metavar="FILE", help="The file to read the input from; - is stdin."
        ),
    ] = "-"
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every step and the kernel that took it.")
    ] = False
    record: RecordFile = None
    json_: Json = False
    quiet: Quiet = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleOptions:
    """The source of a trained module, and the device that runs it."""

    model: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A file of weights to use instead of that in --modules.",
            rich_help_panel=MODULES,
        ),
    ] = None
    modules: Modules = MODULES_FOLDER
    device: Device = "cpu"


def parameters_of(options: type[Any], without: Iterable[str] = ()) -> list[Parameter]:
    """The fields of a dataclass as typer has options.

    Args:
        without: the names of fields that are no options here.
    """
    hints = get_type_hints(options, include_extras=True)
    return [
        parameter(
            each.name,
            hints[each.name]
            if hasattr(hints[each.name], "__metadata__")
            else Annotated[
                hints[each.name],
                typer.Option(
                    flag_of(each.name),
                    help=each.metadata["help"],
                    metavar=each.metadata.get("metavar"),
                    min=each.metadata.get("min"),
                ),
            ],
            each.default,
        )
        for each in fields(options)
        if each.name not in without
    ]


def parameter(name: str, hint: Any, default: Any = None) -> Parameter:
    """One parameter of a command; it has to be given where the default is `...`."""
    own = Parameter.empty if default is ... else default
    return Parameter(name, Parameter.KEYWORD_ONLY, default=own, annotation=hint)


def flag_of(name: str) -> str:
    """
    >>> flag_of("timeout_s"), flag_of("json_")
    ('--timeout-s', '--json')
    """
    return f"--{name.strip('_').replace('_', '-')}"


def made(options: type[Any], given: Mapping[str, Any]) -> Any:
    """An instance of a dataclass, of what was given for its fields."""
    return options(
        **{each.name: given[each.name] for each in fields(options) if each.name in given}
    )


def command_of(
    name: str,
    about: str,
    parameters: Iterable[Parameter],
    run: Callable[[Mapping[str, Any]], None],
) -> TyperCommand:
    """A command with these parameters, which runs with their values by name.

    Args:
        about: the help text.
    """
    own = list(parameters)

    def call(**given: Any) -> None:
        run(given)

    call.__signature__ = Signature(own)  # type: ignore[attr-defined]
    call.__annotations__ = {each.name: each.annotation for each in own}
    settings = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(add_completion=False, context_settings=settings)
    app.command(name, help=about)(call)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperCommand)
    return command
