"""The commands `soundness make`, `run` and `mutate`: does a verifier prove what is false?"""

from dataclasses import asdict
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
        float | None,
        typer.Option(help="With --network: the lower limit of every input. Default: 0."),
    ] = None,
    high: Annotated[
        float | None,
        typer.Option(help="With --network: the upper limit of every input. Default: 1."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(min=1, help="With --network: the number of instances. Default: 3."),
    ] = None,
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
    own = {"--low": low, "--high": high, "--count": count}
    if network is None:
        alone = [name for name, value in own.items() if value is not None]
        if alone:
            raise InputError(f"{alone[0]} without --network", ("--network FILE",))
        made = instances(kind or [], seed)
    else:
        limits = 0.0 if low is None else low, 1.0 if high is None else high
        made = in_network(network, *limits, count or 3, seed)
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
    add_record(record, lambda: soundness_record(folder, judged, verifier, timeout_s, started))
    found = verdict_of(kinds)
    if json_:
        print_json({"kinds": [asdict(kind) for kind in kinds], **found})
    else:
        _show(kinds)
    if found["falsely verified"]:
        raise typer.Exit(Exit.REFUTED)


@soundness_app.command("mutate")
def soundness_mutate(
    count: Annotated[int, typer.Option(min=1, help="The number of faults.")] = 450,
    seed: Annotated[int, typer.Option(min=0, help="The random seed.")] = 0,
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="The file of JSON lines to keep each result in. Faults that stand in it are not "
            "tried again, so that an interrupted run goes on.",
        ),
    ] = Path("records/mutants.jsonl"),
    json_: Json = False,
    quiet: Quiet = False,
) -> None:
    """Plant faults in Abduce's own verifier, and count those that its audit notices.

    Each fault is a slip at one place of the readers, the bounds, the rounding or the search, drawn
    by seed. Nothing on the disk is changed. The audit compares readings with onnxruntime, bounds
    with exact values, and verdicts with known ones.
    """
    import abduce
    from abduce.benchmarks.soundness.mutation.mutants import drawn
    from abduce.benchmarks.soundness.mutation.running import judge_all

    root = Path(abduce.__path__[0], "verify").resolve()  # imported by the audit alone
    with progress(quiet) as shown:
        judged = list(judge_all(drawn(root, count, seed), root, out, shown))
    missed = [each.mutant.name for each in judged if not each.caught]
    caught, unsound = len(judged) - len(missed), sum(each.unsound for each in judged)
    if json_:
        print_json({"faults": len(judged), "caught": caught, "unsound": unsound, "missed": missed})
        return
    for name in missed:
        show(f"missed: {name}")
    show(
        f"{caught} of {len(judged)} faults were noticed ({caught / len(judged):.1%}), {unsound} of "
        "them by a wrong value, bound or proof"
    )
    show(f"results: {out}")


def _show(kinds: "Sequence[Kind]") -> None:
    from abduce.benchmarks.soundness.table import soundness_lines

    for line in soundness_lines(kinds):
        show(line)
