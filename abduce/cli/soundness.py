"""The commands `soundness make` and `soundness run`: does a verifier prove what is false?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abduce.cli.terminal import Json, Quiet, RecordFile, print_json, progress, say, show
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abduce.benchmarks.soundness.judging import Judged, Kind

soundness_app = typer.Typer(
    help="Test verifiers on properties with a known counterexample.", no_args_is_help=True
)
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the instances.")]


@soundness_app.command("make")
def soundness_make(
    folder: Folder,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            help="A kind of instance: reader, type, property, rounding or needle. The option may "
            "be repeated. Default: all kinds."
        ),
    ] = None,
    network: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Plant needles in this ONNX network instead."),
    ] = None,
    low: Annotated[
        float, typer.Option(help="With --network: the lower limit of every input.")
    ] = 0.0,
    high: Annotated[
        float, typer.Option(help="With --network: the upper limit of every input.")
    ] = 1.0,
    count: Annotated[int, typer.Option(min=1, help="With --network: the number of instances.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="The random seed.")] = 0,
    json_: Json = False,
) -> None:
    """Write instances, each an ONNX network and a VNN-LIB property that a known input violates.

    The input is checked in onnxruntime and stands in a JSON file beside the property. A verifier
    that answers unsat to such an instance is wrong. Instances of the kind clean have no known
    counterexample. The same seed gives the same files.
    """
    from abduce.benchmarks.soundness.making import in_network, instances
    from abduce.benchmarks.soundness.planted import write

    if network is not None and kind:
        raise InputError("--network with --kind", ("one of the two",))
    made = in_network(network, low, high, count, seed) if network else instances(kind or [], seed)
    listed = write(folder, made)
    counts: dict[str, int] = {}
    for each in made:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    if json_:
        print_json({"instances": counts, "list": str(listed)})
        return
    show(f"{len(made)} instances: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    show(f"list: {listed}")


@soundness_app.command("run")
def soundness_run(
    folder: Folder,
    verifier: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND",
            help="The verifier, such as 'my-verifier {onnx} {vnnlib} {result} {timeout}'. It "
            "answers with a word alone, in the file {result} or on a line of its output: sat, "
            "unsat, unknown, timeout or error. Default: Abduce.",
        ),
    ] = None,
    timeout_s: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            min=0.001,
            help="The limit on each instance, in seconds. Default: that of the instance.",
        ),
    ] = None,
    record: RecordFile = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a verifier on instances with a known counterexample, and count what it proves wrongly.

    Exit code 5 means that it proved a property that a known input violates.
    """
    from abduce.benchmarks.soundness.judging import OURS, by_kind, judge_all, verdict_of
    from abduce.benchmarks.soundness.planted import read
    from abduce.benchmarks.soundness.records import soundness_record
    from abduce.cli.recording import add_record, check_record_file
    from abduce.clock import utc_now

    check_record_file(record)
    started, listed = utc_now(), read(folder)
    judged: list[Judged] = []
    with progress(quiet) as shown:
        for each in judge_all(verifier or OURS, listed, timeout_s=timeout_s, progress=shown):
            judged.append(each)
            if each.unsound:
                say(f"WRONG: {each.instance.name} is proved, and its witness violates it")
    kinds = by_kind(judged)
    if record is not None:
        add_record(record, lambda: soundness_record(folder, judged, verifier, timeout_s, started))
    found = verdict_of(kinds)
    if json_:
        print_json({"kinds": [_as_json(kind) for kind in kinds], **found})
    else:
        _show(kinds)
    if found["falsely verified"]:
        raise typer.Exit(Exit.REFUTED)


def _as_json(kind: "Kind") -> dict[str, object]:
    from dataclasses import asdict

    return asdict(kind)


def _show(kinds: "Sequence[Kind]") -> None:
    from abduce.benchmarks.soundness.table import soundness_lines

    for line in soundness_lines(kinds):
        show(line)
