"""The commands `verify` and `vnncomp`: a network and a property in, a verdict out.

Their options are read by argparse, and nothing that takes time to import is imported before it is
needed: the other commands' parser alone takes as long as an easy verdict. `abduce.__main__` comes
here directly; `abduce.cli.app` lists the two commands beside the others and passes on their
arguments.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce.cli.networks.near import check_options, verify_near
from abduce.cli.patterns.claims import holds_patterns, verify_claims
from abduce.cli.recording import add_record, check_record_file
from abduce.cli.verify_options import verify_parser, vnncomp_parser
from abduce.clock import Stopwatch, peak_mb
from abduce.errors import AbduceError, Exit, InputError, MissingExtraError, UnsupportedError
from abduce.printing import write_line

if TYPE_CHECKING:
    import numpy as np

    from abduce.benchmarks.records.record import Record
    from abduce.verify.strategy import Strategy
    from abduce.verify.verdict import Refuted, Verdict, Work

EXTRAS = ("google", "onnx", "onnxruntime", "scipy")
"""The modules that the extra `verify` brings."""
JSON = ("--js", "--jso", "--json")
"""The option --json, and the abbreviations of it that argparse accepts."""
SHOWN = 64
"""The upper limit on the values of a counterexample that are printed as text."""


def run(arguments: Sequence[str], watch: Stopwatch | None = None) -> int:
    """Run one command line that begins with verify or vnncomp, and return its exit code."""
    try:
        return command(arguments, watch or Stopwatch.now())
    except AbduceError as error:
        say(f"abduce: {error}")
        return error.exit_code
    except SystemExit as end:  # argparse's way out
        return end.code if isinstance(end.code, int) else Exit.ANSWERED
    except KeyboardInterrupt:
        say("abduce: interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:  # whoever read the answer has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.READER_GONE


def command(arguments: Sequence[str], watch: Stopwatch) -> int:
    """Like `run`, but errors are raised."""
    name, *rest = arguments
    try:
        return _named(name, rest, watch)
    except AbduceError as error:
        if name == "verify" and any(word in JSON for word in rest):
            _print(json.dumps(_error_as_json(error), indent=2))
        raise


def _named(name: str, rest: Sequence[str], watch: Stopwatch) -> int:
    try:
        if name == "vnncomp":
            return _vnncomp(vnncomp_parser().parse_args(rest), watch)
        return _verify(verify_parser().parse_args(rest), watch)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRAS:
            raise
        raise MissingExtraError(f"abduce {name}", missing, "verify") from error


def _verify(given: argparse.Namespace, watch: Stopwatch) -> int:
    check_options(given)
    if given.benchmark is not None:
        return _benchmark(given)
    asked = [path for path in (given.property, given.near) if path is not None]
    if given.network is None or not asked:
        raise InputError(
            "no property" if given.network else "no network and no property",
            (
                "abduce verify NET.onnx PROPERTY.vnnlib",
                "abduce verify NET.onnx --near INPUTS.npy --radius R",
                "abduce verify --benchmark instances.csv",
            ),
        )
    many = [n for n in ("out", "records", "resume", "scheduler") if getattr(given, n)]
    many += ["jobs"] if given.jobs != 1 else []
    many += ["backend"] if given.backend != "processes" else []
    if many:
        raise InputError(f"--{many[0]} without --benchmark", ("--benchmark FILE",))
    if given.counterexample is not None:
        from abduce.benchmarks.records.record_file import check_writable

        folder = given.counterexample.parent
        if not given.quiet and not folder.exists():
            say(f"note: there is no folder {folder}; it is made")
        check_writable(given.counterexample)
    check_record_file(given.record)
    from abduce.verify.instances.memory import limited
    from abduce.verify.verdict import Unknown

    strategy, timeout_s = _strategy(given), given.timeout_s or 300.0
    if given.near is not None:
        with limited(given.memory_gb):
            return verify_near(given, strategy, timeout_s, watch, _print)
    if holds_patterns(given.property):
        from abduce.verify.instances.patterns import Settings

        settings = Settings(timeout_s=timeout_s, strategy=strategy, semantics=given.semantics)
        with limited(given.memory_gb):
            return verify_claims(given, settings, watch, _print)
    request, certificate = None, None
    if given.certificate is not None:
        from abduce.cli.certificates.writing import requested

        request = requested(given)

    with _ticker(given.quiet or given.json, watch) as tell, limited(given.memory_gb):
        from abduce.verify.instances.instance import OUT_OF_MEMORY, verify_files
        from abduce.verify.ledger import NO_LEDGER

        try:
            verdict = verify_files(
                given.network,
                given.property,
                timeout_s=timeout_s,
                semantics=given.semantics,
                output=given.output,
                strategy=strategy,
                since=watch.started,
                progress=tell,
                ledger=NO_LEDGER if request is None else request.ledger,
            )
            if request is not None:
                from abduce.cli.certificates.writing import written

                certificate = written(request, verdict, watch.started + timeout_s)
        except MemoryError:
            verdict = Unknown(OUT_OF_MEMORY)
    if given.counterexample is not None and (found := _violation(verdict)) is not None:
        _keep(given.counterexample, found)
    answer = _as_json(verdict, watch, given.semantics)
    gave_up = isinstance(verdict, Unknown)
    if certificate is not None:
        answer["certificate_file"] = dict(certificate.fields)
        gave_up |= certificate.missing
    exit_code = Exit.GAVE_UP if gave_up else Exit.ANSWERED
    add_record(given.record, lambda: _record(given, strategy, answer, exit_code))
    if given.json:
        _print(json.dumps(answer, indent=2, allow_nan=False))
    else:
        for line in _told(verdict, watch, given.semantics, given.counterexample):
            _print(line)
        if certificate is not None:
            _print(certificate.line)
    return exit_code


def _strategy(given: argparse.Namespace) -> "Strategy":
    """The strategy that --config, --set and --seed ask for."""
    from dataclasses import replace

    from abduce.verify.strategy import AUTOMATIC

    strategy = AUTOMATIC
    if given.config is not None or given.set:
        from abduce.configuration import configured

        strategy = configured(AUTOMATIC, given.config, given.set)
    return strategy if given.seed is None else replace(strategy, seed=given.seed)


def _record(
    given: argparse.Namespace, strategy: "Strategy", answer: dict[str, Any], exit_code: int
) -> "Record":
    """The record of one instance."""
    from abduce.benchmarks.verify.process import Limits
    from abduce.benchmarks.verify.run import single_record

    limits = Limits(timeout_s=given.timeout_s, memory_gb=given.memory_gb, strategy=strategy)
    return single_record(
        given.network, given.property, limits, answer, exit_code=exit_code, output=given.output
    )


def _benchmark(given: argparse.Namespace) -> int:
    from abduce.benchmarks.processes.backends import Placement, check_placement
    from abduce.benchmarks.records.record_file import records_path
    from abduce.benchmarks.verify.instances_csv import verify_all
    from abduce.benchmarks.verify.process import Limits

    strategy = _strategy(given)
    for name in ("network", "counterexample", "certificate", "output", "record"):
        if getattr(given, name) is not None:
            raise InputError(f"--benchmark with a {name}", ("only one of the two",))
    if given.semantics != "real":
        raise InputError(f"--benchmark with --semantics {given.semantics}", ("real",))
    placement = Placement(jobs=given.jobs, backend=given.backend, scheduler=given.scheduler)
    summary = verify_all(
        given.benchmark,
        given.out or Path("results.csv"),
        records_path("verify", given.records),
        limits=Limits(timeout_s=given.timeout_s, memory_gb=given.memory_gb, strategy=strategy),
        seed=strategy.seed,
        placement=check_placement(placement),
        resume=given.resume,
        progress=None if given.quiet else say,
    )
    if given.json:
        _print(json.dumps(summary.as_json(), indent=2))
    for line in summary.lines():
        say(line)
    return summary.exit_code


def _vnncomp(given: argparse.Namespace, watch: Stopwatch) -> int:
    """Write a result whatever happens; the exit code is 0 if it could be written."""
    import logging

    from abduce.files import write_whole

    write_whole(given.result, b"unknown\n")  # for a process that is not left the time to end
    text = "error\n"
    try:
        from abduce.verify.instances.instance import verify_files
        from abduce.verify.instances.vnncomp import result_file

        verdict = verify_files(
            given.network, given.property, timeout_s=given.timeout_s, since=watch.started
        )
        text = result_file(verdict, given.property)
    except UnsupportedError as error:
        say(f"abduce: {error}")
        text = "unknown\n"
    except AbduceError as error:
        say(f"abduce: {error}")
    except MemoryError:
        text = "unknown\n"
    except KeyboardInterrupt:
        text = "timeout\n" if watch.wall_s >= given.timeout_s else "unknown\n"
        raise
    except Exception:  # a bug: its traceback is for us, the result for the competition
        logging.getLogger(__name__).exception("no verdict")
    finally:
        write_whole(given.result, text.encode())
    _print(text.split("\n", 1)[0])
    return Exit.ANSWERED


def _violation(verdict: "Verdict") -> "Refuted | None":
    """The input at which onnxruntime was seen to violate the property."""
    from abduce.verify.verdict import Proved, Refuted

    if isinstance(verdict, Refuted):
        return verdict
    return verdict.rounding if isinstance(verdict, Proved) else None


def _keep(path: Path, refuted: "Refuted") -> None:
    """Write the counterexample, whole or not at all."""
    import io

    import numpy as np

    from abduce.files import write_whole
    from abduce.verify.refutation.counterexample import write_counterexample

    if path.suffix == ".npy":
        stream = io.BytesIO()
        np.save(stream, refuted.x)
        write_whole(path, stream.getvalue())
    else:
        write_whole(path, (write_counterexample(refuted.x, refuted.y) + "\n").encode())


def _as_json(verdict: "Verdict", watch: Stopwatch, semantics: str) -> dict[str, Any]:
    """The JSON of a verdict, and its cost."""
    from abduce.verify.verdict_json import verdict_json

    cost = {"cpu_s": watch.cpu_s, "wall_s": watch.wall_s, "peak_mb": peak_mb()}
    return verdict_json(verdict) | cost | {"semantics": semantics}


def _error_as_json(error: AbduceError) -> dict[str, Any]:
    """The JSON if an error prevented a verdict."""
    place = {name: getattr(error, name, None) for name in ("path", "line", "column")}
    return {
        "verdict": "error",
        "error": {
            "kind": type(error).__name__,
            "message": str(error),
            "exit_code": int(error.exit_code),
            **{name: str(at) if name == "path" and at else at for name, at in place.items()},
        },
    }


def _told(verdict: "Verdict", watch: Stopwatch, semantics: str, kept: Path | None) -> Iterator[str]:
    """The verdict, as text."""
    from abduce.verify.verdict import Proved, Refuted

    cost = f"{_work(verdict.work)}, {watch.cpu_s:.2f} CPU s"
    match verdict:
        case Proved() if (point := verdict.rounding) is None:
            where = ", however float32 rounds" if verdict.float32 else ""
            yield f"proved: no input violates the property{where} ({cost})"
        case Proved():
            point = verdict.rounding
            assert point is not None
            yield (
                "proved in real arithmetic; onnxruntime's own rounding violates it at"
                f" x = {_few(point.x)} ({cost})"
            )
            yield from _values(point, kept)
        case Refuted():
            yield f"refuted: this input violates the property, in onnxruntime too ({cost})"
            yield from _values(verdict, kept)
        case _:
            yield f"unknown: {verdict.reason} ({cost})"
    if isinstance(verdict, Proved) and (at := verdict.checked) is not None and at.boxes < at.of:
        yield (
            f"onnxruntime was run in {at.boxes:,} of the property's {at.of:,} boxes"
            f" ({at.points:,} inputs)"
        )


def _few(x: "np.ndarray") -> str:
    """An input, or its first entries.

    >>> import numpy as np
    >>> _few(np.array([0.5])), _few(np.arange(6.0))
    ('0.5', '(0, 1, 2, 3, …)')
    """
    numbers = [f"{value:.9g}" for value in x.ravel()[:4].tolist()]
    if x.size == 1:
        return numbers[0]
    return f"({', '.join(numbers)}{', …' if x.size > len(numbers) else ''})"


def _values(point: "Refuted", kept: Path | None) -> Iterator[str]:
    """The values of a counterexample, the first ones where there are many."""
    from abduce.verify.verdict_json import point_json

    text = point_json(point)["vnnlib"]
    if text is None:
        yield "At this input the output of onnxruntime is not finite."
        return
    lines = text.split("\n")
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        where = f"all are in {kept}" if kept else "keep all with --counterexample FILE"
        yield f"... and {len(lines) - SHOWN:,} more values; {where}"


def _work(work: "Work") -> str:
    """The work of a search, as text.

    >>> from abduce.verify.verdict import Work
    >>> _work(Work(domains=1200, open=3, bound=-0.25))
    '1,200 domains, 3 open, least bound -0.25'
    """
    text = f"{work.domains:,} domain{'' if work.domains == 1 else 's'}"
    text += f", {work.open:,} open" if work.open else ""
    return text + (f", least bound {work.bound:.4g}" if work.bound is not None else "")


@contextmanager
def _ticker(quiet: bool, watch: Stopwatch) -> "Iterator[Callable[[Work], None] | None]":
    """A progress line on stderr, updated at most four times a second and erased at the end."""
    from abduce import clock

    if quiet or not sys.stderr.isatty():
        yield None
        return
    last = clock.wall_s()

    def tell(work: "Work") -> None:
        nonlocal last
        if clock.wall_s() > last + 0.25:
            last = clock.wall_s()
            rate = work.domains / max(1e-3, watch.wall_s)
            _rewrite(f"{_work(work)}, {rate:,.0f} domains/s, {watch.wall_s:.0f} s")

    try:
        yield tell
    finally:
        _rewrite("")


def _rewrite(text: str) -> None:
    """Replace the progress line; it contains only numbers."""
    sys.stderr.write("\r\x1b[K" + text)  # noqa: TID251
    sys.stderr.flush()


def say(text: str) -> None:
    """One message for the person, on stderr."""
    write_line(sys.stderr, text)


def _print(text: str) -> None:
    write_line(sys.stdout, text)
