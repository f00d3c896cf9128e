"""The commands `verify` and `vnncomp`: a network and a property in, a verdict out.

Their options are read by argparse, and nothing that takes time to import is imported before it is
needed: the other commands' parser alone takes as long as an easy verdict. `abduce.__main__` comes
here directly; `abduce.cli` lists the two commands beside the others and passes their arguments on.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from abduce.cli_verify_options import verify_parser, vnncomp_parser
from abduce.clock import Stopwatch, peak_mb
from abduce.errors import AbduceError, Exit, InputError, UnsupportedError
from abduce.printing import write_line

if TYPE_CHECKING:
    from abduce.verify.verdict import Refuted, Verdict, Work

EXTRAS = ("google", "onnx", "onnxruntime", "scipy")
SHOWN = 64
"""A counterexample with more values is printed in part, for a person."""


def main() -> NoReturn:
    """The entry of a process that verifies."""
    sys.exit(run(sys.argv[1:], Stopwatch.of_process()))


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
        return Exit.ANSWERED


def command(arguments: Sequence[str], watch: Stopwatch) -> int:
    """As `run`, but errors are raised."""
    name, *rest = arguments
    try:
        if name == "vnncomp":
            return _vnncomp(vnncomp_parser().parse_args(rest), watch)
        return _verify(verify_parser().parse_args(rest), watch)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRAS:
            raise
        advice = "Install what verification needs: pip install 'abduce[verify]'"
        raise UnsupportedError(
            f"abduce {name}", (f"a Python without {missing}",), advice
        ) from error


def _verify(given: argparse.Namespace, watch: Stopwatch) -> int:
    if given.benchmark is not None:
        return _benchmark(given)
    if given.network is None or given.property is None:
        raise InputError(
            "no property" if given.network else "no network and no property",
            ("abduce verify NET.onnx PROPERTY.vnnlib", "abduce verify --benchmark instances.csv"),
        )
    many = [n for n in ("out", "records", "resume") if getattr(given, n)]
    if many or given.jobs != 1:
        raise InputError(f"--{[*many, 'jobs'][0]} without --benchmark", ("--benchmark FILE",))
    if given.counterexample is not None:
        from abduce.benchmarks.record_file import check_writable

        check_writable(given.counterexample)
    from abduce.verify.instance import verify_files
    from abduce.verify.strategy import Strategy
    from abduce.verify.verdict import Refuted, Unknown

    with _ticker(given.quiet or given.json, watch) as tell, _memory_limit(given.memory_gb):
        verdict = verify_files(
            given.network,
            given.property,
            timeout_s=given.timeout_s or 300.0,
            semantics=given.semantics,
            strategy=Strategy(seed=given.seed),
            since=watch.started,
            progress=tell,
        )
    if given.counterexample is not None and isinstance(verdict, Refuted):
        _keep(given.counterexample, verdict)
    if given.json:
        answer = _as_json(verdict, watch) | {"semantics": given.semantics}
        _print(json.dumps(answer, indent=2, allow_nan=False))
    else:
        for line in _told(verdict, watch, given.semantics, given.counterexample):
            _print(line)
    return Exit.GAVE_UP if isinstance(verdict, Unknown) else Exit.ANSWERED


def _benchmark(given: argparse.Namespace) -> int:
    from abduce.benchmarks.record_file import records_path
    from abduce.benchmarks.verify import verify_all
    from abduce.benchmarks.verify_process import Limits

    for name in ("network", "counterexample"):
        if getattr(given, name) is not None:
            raise InputError(f"--benchmark with a {name}", ("one of them",))
    if given.semantics != "real":
        raise InputError(f"--benchmark with --semantics {given.semantics}", ("real",))
    summary = verify_all(
        given.benchmark,
        given.out or Path("results.csv"),
        records_path("verify", given.records),
        limits=Limits(timeout_s=given.timeout_s, memory_gb=given.memory_gb),
        seed=given.seed,
        jobs=given.jobs,
        resume=given.resume,
        progress=None if given.quiet else say,
    )
    if given.json:
        _print(json.dumps(summary.as_json(), indent=2))
    for line in summary.lines():
        say(line)
    return summary.exit_code


def _vnncomp(given: argparse.Namespace, watch: Stopwatch) -> int:
    """Always a result, whatever happens; 0 if one could be written."""
    import logging

    from abduce.files import write_whole

    text = "error\n"
    try:
        from abduce.verify.instance import verify_files
        from abduce.verify.vnncomp import result_file

        verdict = verify_files(
            given.network, given.property, timeout_s=given.timeout_s, since=watch.started
        )
        text = result_file(verdict, given.property)
    except UnsupportedError as error:
        say(f"abduce: {error}")
        text = "unknown\n"
    except AbduceError as error:
        say(f"abduce: {error}")
    except Exception:  # a bug: its traceback is for us, the result for the competition
        logging.getLogger(__name__).exception("no verdict")
    finally:
        write_whole(given.result, text.encode())
    _print(text.split("\n", 1)[0])
    return Exit.ANSWERED


def _keep(path: Path, refuted: "Refuted") -> None:
    """Write the counterexample, whole or not at all."""
    import io

    import numpy as np

    from abduce.files import write_whole
    from abduce.verify.counterexample import write_counterexample

    if path.suffix == ".npy":
        stream = io.BytesIO()
        np.save(stream, refuted.x)
        write_whole(path, stream.getvalue())
    else:
        write_whole(path, (write_counterexample(refuted.x, refuted.y) + "\n").encode())


def _as_json(verdict: "Verdict", watch: Stopwatch) -> dict[str, Any]:
    """What --json promises."""
    from abduce.verify.counterexample import write_counterexample
    from abduce.verify.verdict import Refuted, Unknown

    work, counterexample = verdict.work, None
    if isinstance(verdict, Refuted):
        counterexample = {
            "input": verdict.x.ravel().tolist(),
            "output": verdict.y.ravel().tolist(),
            "shape": list(verdict.x.shape),
            "vnnlib": write_counterexample(verdict.x, verdict.y),
        }
    return {
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason if isinstance(verdict, Unknown) else None,
        "counterexample": counterexample,
        "cpu_s": watch.cpu_s,
        "wall_s": watch.wall_s,
        "domains": work.domains,
        "points": work.points,
        "open": work.open,
        "bound": work.bound,
        "peak_mb": peak_mb(),
    }


def _told(verdict: "Verdict", watch: Stopwatch, semantics: str, kept: Path | None) -> Iterator[str]:
    """The verdict as lines for a person."""
    from abduce.verify.counterexample import write_counterexample
    from abduce.verify.verdict import Proved, Refuted

    cost = f"{_work(verdict.work)}, {watch.cpu_s:.2f} CPU s"
    match verdict:
        case Proved():
            where = ", however float32 rounds" if semantics == "float32" else ""
            yield f"proved: no input violates the property{where} ({cost})"
        case Refuted(x, y):
            yield f"refuted: this input violates the property, in onnxruntime too ({cost})"
            lines = write_counterexample(x, y).split("\n")
            yield from lines[:SHOWN]
            if len(lines) > SHOWN:
                where = f"all are in {kept}" if kept else "keep all with --counterexample FILE"
                yield f"... and {len(lines) - SHOWN:,} more values; {where}"
        case _:
            yield f"unknown: {verdict.reason} ({cost})"


def _work(work: "Work") -> str:
    """How far the search is, or was.

    >>> from abduce.verify.verdict import Work
    >>> _work(Work(domains=1200, open=3, bound=-0.25))
    '1,200 domains, 3 open, least bound -0.25'
    """
    text = f"{work.domains:,} domain{'' if work.domains == 1 else 's'}"
    text += f", {work.open:,} open" if work.open else ""
    return text + (f", least bound {work.bound:.4g}" if work.bound is not None else "")


@contextmanager
def _ticker(quiet: bool, watch: Stopwatch) -> "Iterator[Callable[[Work], None] | None]":
    """A line on stderr, rewritten at most four times a second, gone at the end."""
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


@contextmanager
def _memory_limit(gigabytes: float | None) -> Iterator[None]:
    """Beyond it, allocation fails; where the system has no such limit, an error."""
    if gigabytes is None:
        yield
        return
    try:
        import resource
    except ImportError as error:
        raise UnsupportedError("--memory-gb", ("this system's limits",)) from error
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = int(gigabytes * 2**30)
    wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _rewrite(text: str) -> None:
    """The line of the ticker, in place of the one before: it holds nothing but numbers."""
    sys.stderr.write("\r\x1b[K" + text)  # noqa: TID251
    sys.stderr.flush()


def say(text: str) -> None:
    """One message for the person, on stderr."""
    write_line(sys.stderr, text)


def _print(text: str) -> None:
    write_line(sys.stdout, text)
