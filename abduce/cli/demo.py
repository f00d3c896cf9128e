"""The command `demo`: print a command that needs no files of your own, then run it."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from abduce.cli.terminal import print_json, say, show
from abduce.errors import Exit, InputError
from abduce.text import nearest

FILES = Path(__file__).parents[1] / "demo"
"""The folder of the demonstration files in the package; scripts/demo_network.py makes them."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A command line and a sentence that says what it shows."""

    about: str
    arguments: tuple[str, ...]
    extra: str | None = None


DEMOS: Mapping[str, Demo] = MappingProxyType(
    {
        "solve": Demo(
            "learn the words and the grammar of SCAN from its training pairs, and answer its "
            "longer test sentences",
            ("solve", "scan", "--split", "length"),
        ),
        "verify": Demo(
            "prove that a small network brakes more than half wherever the gap is at most 20 m "
            "and the closing speed from 15 to 20 m/s",
            ("verify", str(FILES / "brake.onnx"), str(FILES / "brake.vnnlib")),
            "verify",
        ),
    }
)


def demo(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="The demonstration to run. Default: list the demonstrations."
        ),
    ] = None,
) -> None:
    """Run an example command that needs no files of your own, and say what it does.

    Options after the name are passed to the command, as in: abduce demo verify --json.
    """
    if name is None or name.startswith("-"):
        _overview([*filter(None, (name,)), *context.args])
        return
    if name not in DEMOS:
        raise InputError(f"the demonstration {name!r}", tuple(DEMOS), advice=nearest(name, DEMOS))
    arguments = [*DEMOS[name].arguments, *context.args]
    say(f"{DEMOS[name].about}:\n$ abduce {shlex.join(arguments)}")
    house = context.find_root().command
    code = house.main(arguments, prog_name="abduce", standalone_mode=False)
    raise typer.Exit(code if isinstance(code, int) else Exit.ANSWERED)


def _overview(options: Sequence[str]) -> None:
    """Raises: InputError, where another option than --json was given."""
    other = [option for option in options if option != "--json"]
    if other:
        raise InputError(f"{other[0]} without a demonstration", ("--json", *DEMOS))
    if options:
        print_json([{"name": name, **asdict(each)} for name, each in DEMOS.items()])
        return
    from abduce.benchmarks.drawing.tables import aligned

    needs = {name: f" (needs the extra {d.extra})" if d.extra else "" for name, d in DEMOS.items()}
    rows = [(f"abduce demo {name}", each.about + needs[name]) for name, each in DEMOS.items()]
    for line in aligned(rows):
        show(line)
