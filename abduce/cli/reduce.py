"""The command `reduce`: reduce lambda terms to normal form."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from abduce.cli.recording import add_record, check_record_file
from abduce.cli.terminal import (
    ConfigFile,
    Json,
    Quiet,
    RecordFile,
    Settings,
    Timeout,
    check_svg,
    note_folders,
    print_json,
    say,
    show,
)
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record
    from abduce.symbolic.lambda_calculus import Limits, Outcome, Term
    from abduce.symbolic.lambda_calculus.reduction.config import ReductionConfig

Notation = Literal["names", "de-bruijn", "tokens"]
TRACED = 1000
"""The upper limit on the steps shown by --trace, if no --fuel is given."""
NO_VALUE = "none: the result is not a number, truth value, pair or list in this encoding"
LONGEST_TEXT = 50_000_000
"""The upper limit on the characters of a term and its definitions."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps of a reduction, each with its rule and text, and why they ended."""

    steps: list[tuple[str, str]]
    stopped: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `reduce`.

    Attributes:
        fuel: the upper limit on beta steps that was given; the one that holds is in ``config``.
    """

    config: "ReductionConfig"
    fuel: int | None
    notation: Notation
    decode: Literal["church", "scott"] | None
    trace: bool
    type_: bool
    graph: Path | None
    graph_of: Literal["reductions", "term", "result"]


def reduce(
    term: Annotated[
        str | None,
        typer.Argument(
            metavar="TERM",
            help="The term, such as '(\\x. x x) (\\y. y)'. Left out, or given as -, it is read "
            "from stdin.",
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="FILE", help="The file to read the definitions and the term from."
        ),
    ] = None,
    strategy: Annotated[
        Literal["normal", "applicative", "head", "weak-head"] | None,
        typer.Option(help="The reduction strategy: which redex is reduced next. Default: normal."),
    ] = None,
    fuel: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=0, help="The upper limit on beta steps. Default: 10,000,000."
        ),
    ] = None,
    nodes: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="The upper limit on the nodes of the result. Default: 10,000,000.",
        ),
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every step, with its redex in square brackets.")
    ] = False,
    type_: Annotated[bool, typer.Option("--type", help="Print the principal type.")] = False,
    decode: Annotated[
        Literal["church", "scott"] | None,
        typer.Option(
            help="Also print the result as a value: a number, truth value, pair or list. Numerals "
            "in the input are read in the same encoding."
        ),
    ] = None,
    eta: Annotated[
        bool, typer.Option("--eta", help="Also apply eta reduction to the normal form.")
    ] = False,
    engine: Annotated[
        Literal["auto", "plain", "compiled"] | None,
        typer.Option(
            help="The reduction engine. compiled needs numba; auto switches to it if many steps "
            "are needed. Default: auto."
        ),
    ] = None,
    notation: Annotated[
        Literal["names", "de-bruijn", "tokens"],
        typer.Option(help="The notation of the result."),
    ] = "names",
    graph: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.svg", help="The SVG file to draw a graph to; --graph-of says which graph."
        ),
    ] = None,
    graph_of: Annotated[
        Literal["reductions", "term", "result"],
        typer.Option(
            help="What --graph draws: all terms that the term reduces to, or the term or the "
            "result as a tree."
        ),
    ] = "reductions",
    config: ConfigFile = None,
    set_: Settings = None,
    record: RecordFile = None,
    timeout_s: Timeout = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Reduce a lambda term to normal form: reduce '(\\x. x x) (\\y. y)'.

    Definitions may stand before the term, each on a new line: two = \\f x. f (f x). Numerals, true
    and false are predefined, and # begins a comment.

    --config and --set change a setting, such as cells=1000000. docs/lambda.md says where they are
    explained.
    """
    from abduce import clock
    from abduce.configuration import configured
    from abduce.symbolic.lambda_calculus import NormalForm
    from abduce.symbolic.lambda_calculus.reduction.config import REDUCTION

    flags = {"strategy": strategy, "fuel": fuel, "nodes": nodes, "engine": engine}
    given = {
        name: value for name, value in (flags | {"eta": eta or None}).items() if value is not None
    }
    chosen = replace(configured(REDUCTION, config, set_ or ()), **given)
    text, path = _source(term, file)
    check_svg("--graph", graph)
    if not quiet:
        note_folders(graph)
    check_record_file(record)
    started, start, began = clock.utc_now(), clock.cpu_s(), clock.wall_s()
    limits = chosen.limits(timeout_s and began + timeout_s)
    asked = Asked(chosen, fuel, notation, decode, trace, type_, graph, graph_of)
    note = None if quiet else lambda doubt: say(f"note: {doubt}")
    found, answer, traced = _answered(text, path, asked, limits, note)
    spent = clock.cpu_s() - start

    def made() -> "Record":
        from abduce.benchmarks.lambda_calculus.single import single_record

        wall_s = clock.wall_s() - began
        return single_record(text, chosen, answer, started, wall_s, timeout_s)

    add_record(record, made)
    if json_:
        shown = [{"rule": rule, "text": text} for rule, text in traced.steps] if traced else None
        print_json(answer | ({"trace": shown, "trace_stopped": traced.stopped} if traced else {}))
    else:
        for line in _lines(answer, traced):
            show(line)
        if not quiet or answer["result"] is None:
            say(_summary(found, spent))
        if answer.get("out_of_time"):
            say(f"out of time before the {' and the '.join(answer['out_of_time'])}")
    if not isinstance(found, NormalForm) or answer.get("out_of_time"):
        raise typer.Exit(Exit.GAVE_UP)


def _source(term: str | None, file: Path | None) -> tuple[str, Path | str | None]:
    if file is not None and term is not None:
        raise InputError("a term and --file", ("only one of the two",))
    expected = ("a file with a lambda term",)
    place: Path | str = "<stdin>" if file is None else file
    try:
        if file is not None:
            with file.open("rb") as opened:
                text = opened.read(LONGEST_TEXT + 1).decode("utf-8")
        elif term is None or term == "-":
            text = sys.stdin.read(LONGEST_TEXT + 1)
        else:
            return term, None
    except OSError as error:
        found = (error.strerror or str(error)).lower()
        raise InputError(found, expected, place) from error
    except UnicodeDecodeError as error:
        raise InputError("bytes that are not UTF-8 text", expected, place) from error
    if len(text) > LONGEST_TEXT:
        found = f"more than {LONGEST_TEXT:,} characters"
        raise InputError(found, ("a shorter text with a lambda term",), place)
    return text, place


def _answered(
    text: str,
    path: Path | str | None,
    asked: Asked,
    limits: "Limits",
    note: Callable[[str], None] | None,
) -> "tuple[Outcome, dict[str, Any], Trace | None]":
    """The outcome, the answer as JSON, and the trace.

    Every part obeys the deadline. Parts for which there was no time are left out, and named under
    'out_of_time'.
    """
    from abduce import clock
    from abduce.symbolic.lambda_calculus import NormalForm, OutOfFuel, normal_form, parse
    from abduce.symbolic.lambda_calculus.terms.deadline import OutOfTime
    from abduce.symbolic.lambda_calculus.terms.notations import written

    deadline = limits.deadline
    answer: dict[str, Any] = {}
    parts: dict[str, Any] = {}
    late: list[str] = []
    traced: Trace | None = None
    read: Term | None = None
    started = clock.cpu_s()
    try:
        encoding = asked.decode or "church"
        read = parse(text, path, encoding=encoding, note=note, deadline=deadline)
        started = clock.cpu_s()
        found = normal_form(
            read,
            asked.config.strategy,
            eta=asked.config.eta,
            engine=asked.config.engine,
            limits=limits,
        )
        spent = clock.cpu_s() - started
        result = found.term if isinstance(found, NormalForm) else None
        shown = result and written(result, asked.notation, deadline)
    except OutOfTime:
        found, spent = OutOfFuel(0, "time", "plain"), clock.cpu_s() - started
        result = shown = None
    answer = {"outcome": _outcome(found), "strategy": asked.config.strategy, **_costs(found)}
    answer |= {"s": round(spent, 6), "nodes": result and result.size, "result": shown}
    if read is None:
        return found, answer, None
    if asked.trace:
        traced = _traced(read, asked, limits)
    if asked.type_:
        parts["type"] = lambda: answer.update(_type(read, deadline))
    if asked.decode and result:
        parts["value"] = lambda: answer.update(values=_values(result, asked.decode, deadline))
    if asked.graph:
        parts["graph"] = lambda: _draw(read, result, asked, deadline)
    for name, make in parts.items():
        try:
            make()
        except OutOfTime:
            late.append(name)
    return found, answer | ({"out_of_time": late} if late else {}), traced


def _traced(term: "Term", asked: Asked, limits: "Limits") -> Trace:
    from abduce.symbolic.lambda_calculus import steps
    from abduce.symbolic.lambda_calculus.terms.codes import view
    from abduce.symbolic.lambda_calculus.terms.deadline import OutOfTime
    from abduce.symbolic.lambda_calculus.terms.layout import text_of

    most = TRACED if asked.fuel is None else asked.fuel
    found: list[tuple[str, str]] = []
    written = term.size
    if written > limits.nodes:
        return Trace(found, f"more than {limits.nodes:,} nodes to write")
    try:
        for step in steps(
            term, asked.config.strategy, eta=asked.config.eta, deadline=limits.deadline
        ):
            before = step.before
            written += step.after.size
            if len(found) == most:
                return Trace(found, f"more than {most:,} steps")
            if written > limits.nodes:
                return Trace(found, f"more than {limits.nodes:,} nodes to write")
            text = text_of(
                view(before.code),
                before.free,
                before.binders,
                mark=step.position,
                deadline=limits.deadline,
            )
            found.append((step.rule, text))
    except OutOfTime:
        return Trace(found, "out of time")
    return Trace(found, None)


def _outcome(found: "Outcome") -> str:
    from abduce.symbolic.lambda_calculus import NormalForm, OutOfFuel

    match found:
        case NormalForm():
            return "normal form"
        case OutOfFuel():
            return "out of fuel" if found.reason == "fuel" else "out of time"
        case _:
            return "too large"


def _costs(found: "Outcome") -> dict[str, Any]:
    from abduce.symbolic.lambda_calculus import NormalForm, TooLarge

    costs: dict[str, Any] = {"engine": found.engine, "beta": found.beta}
    if isinstance(found, NormalForm):
        costs["eta"] = found.eta
    if isinstance(found, TooLarge):
        costs |= {"what": found.what, "limit": found.limit}
    return costs


def _type(term: "Term", deadline: float | None) -> dict[str, str | None]:
    """The answer to --type: the type, or why there is none."""
    from abduce.symbolic.lambda_calculus import Typing, Untypable, principal_type
    from abduce.symbolic.lambda_calculus.terms.codes import view
    from abduce.symbolic.lambda_calculus.terms.layout import text_of

    match principal_type(term, deadline=deadline):
        case Typing() as typing:
            return {"type": str(typing)}
        case Untypable(position):
            place = text_of(
                view(term.code), term.free, term.binders, mark=position, deadline=deadline
            )
            return {"type": None, "no_type": f"a type would contain itself in {place}"}
        case too_large:
            return {"type": None, "no_type": f"it has more than {too_large.limit:,} nodes"}


def _values(term: "Term", decode: Any, deadline: float | None) -> list[Any]:
    from abduce.symbolic.lambda_calculus import readings

    return list(readings(term, decode, deadline=deadline).values())


def _draw(term: "Term", result: "Term | None", asked: Asked, deadline: float | None) -> None:
    from abduce.files import write_whole
    from abduce.symbolic.lambda_calculus.reduction.drawing import svg
    from abduce.symbolic.lambda_calculus.reduction.graphs import reduction_graph, term_graph

    assert asked.graph is not None
    if asked.graph_of == "result" and result is None:
        say("no graph: there is no result")
        return
    if asked.graph_of == "reductions":
        drawn, graph = term, reduction_graph(term, asked.config.strategy, deadline=deadline)
    else:
        drawn = result if asked.graph_of == "result" and result else term
        graph = term_graph(drawn)
    write_whole(asked.graph, svg(graph, repr(drawn)).encode())
    say(f"graph: {asked.graph}")


def _lines(answer: dict[str, Any], traced: Trace | None) -> Iterator[str]:
    """The answer, as text."""
    if traced:
        for number, (rule, text) in enumerate(traced.steps, 1):
            yield f"{number:>5}  {rule}  {text}"
        if traced.stopped:
            yield f"       …  {traced.stopped}"
    if answer["result"] is not None:
        yield answer["result"]
    if "type" in answer:
        yield f"type: {answer['type']}" if answer["type"] else f"no type: {answer['no_type']}"
    if "values" in answer:
        yield "value: " + (" or ".join(map(_value, answer["values"])) or NO_VALUE)


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _summary(found: "Outcome", spent: float) -> str:
    from abduce.symbolic.lambda_calculus import NormalForm, OutOfFuel

    match found:
        case NormalForm():
            eta = f", {found.eta} eta" if found.eta else ""
            end = f"{found.beta:,} beta steps{eta}"
        case OutOfFuel():
            end = f"no normal form after {found.beta:,} beta steps: out of {found.reason}"
        case _:
            unit = "nodes" if found.what == "normal form" else "cells"
            size = f"a {found.what} of more than {found.limit:,} {unit}"
            end = f"no normal form after {found.beta:,} beta steps: {size}"
    return f"{end} ({found.engine} engine, {spent:.3f} s)"
