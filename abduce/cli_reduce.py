"""The command `reduce`: lambda terms to normal form."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from abduce.errors import Exit, InputError
from abduce.terminal import Json, Quiet, Timeout, print_json, say, show

if TYPE_CHECKING:
    from abduce.symbolic.lambda_calculus import Limits, Outcome, Step, Strategy, Term

Notation = Literal["names", "de-bruijn", "tokens"]
TRACED = 1000
"""So many steps are shown where no fuel is given."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The steps that were taken one by one, and why they ended."""

    steps: "list[Step]"
    stopped: str | None


def reduce(
    term: Annotated[
        str | None,
        typer.Argument(
            metavar="TERM",
            help="As in '(\\x. x x) (\\y. y)'; left out or -, it is read from stdin.",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Read definitions and term here.")
    ] = None,
    strategy: Annotated[
        Literal["normal", "applicative", "head", "weak-head"],
        typer.Option(help="Which redex is next."),
    ] = "normal",
    fuel: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="The most beta steps; 10,000,000.")
    ] = None,
    nodes: Annotated[
        int, typer.Option(metavar="N", min=1, help="The largest result that is written.")
    ] = 10_000_000,
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every step, its redex in square brackets.")
    ] = False,
    type_: Annotated[bool, typer.Option("--type", help="Print the principal type.")] = False,
    decode: Annotated[
        Literal["church", "scott"] | None,
        typer.Option(help="Print the result as a value too; numerals are read in this encoding."),
    ] = None,
    eta: Annotated[bool, typer.Option("--eta", help="Eta reduce the normal form too.")] = False,
    engine: Annotated[
        Literal["auto", "plain", "compiled"],
        typer.Option(help="Compiled wants numba; auto goes over to it where steps are many."),
    ] = "auto",
    notation: Annotated[
        Literal["names", "de-bruijn", "tokens"],
        typer.Option(help="How the result is written."),
    ] = "names",
    graph: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw what the term can be reduced to."),
    ] = None,
    graph_of: Annotated[
        Literal["reductions", "term", "result"], typer.Option(help="Or draw a term as a tree.")
    ] = "reductions",
    timeout_s: Timeout = None,
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Reduce a lambda term: reduce '(\\x. x x) (\\y. y)'.

    Definitions stand before the term, each on lines of its own: two = \\f x. f (f x). Numerals,
    true and false are there already; # begins a comment.
    """
    from abduce import clock
    from abduce.symbolic.lambda_calculus import Limits, NormalForm, normal_form, parse

    text, path = _source(term, file)
    read = parse(text, path, encoding=decode or "church")
    start = clock.cpu_s()
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    limits = Limits(nodes=nodes, deadline=deadline)
    traced = _traced(read, strategy, fuel, eta, limits) if trace else None
    found = normal_form(read, strategy, fuel, eta=eta, engine=engine, limits=limits)
    spent = clock.cpu_s() - start
    result = found.term if isinstance(found, NormalForm) else None
    answer: dict[str, Any] = {"outcome": _outcome(found), "strategy": strategy, **_costs(found)}
    answer |= {"s": round(spent, 6), "nodes": result and result.size}
    answer |= {"result": result and _written(result, notation)}
    if type_:
        answer |= _type(read)
    if decode and result:
        answer["values"] = _values(result, decode)
    if graph:
        _draw(graph, read, result, graph_of, strategy)
    if json_:
        shown = [{"rule": s.rule, "text": s.text} for s in traced.steps] if traced else None
        print_json(answer | ({"trace": shown, "trace_stopped": traced.stopped} if traced else {}))
    else:
        for line in _lines(answer, traced, notation):
            show(line)
        if not quiet or result is None:
            say(_summary(found, spent))
    if result is None:
        raise typer.Exit(Exit.GAVE_UP)


def _source(term: str | None, file: Path | None) -> tuple[str, Path | str | None]:
    if file is not None and term is not None:
        raise InputError("a term and --file", ("one of the two",))
    if file is not None:
        try:
            return file.read_bytes().decode("utf-8"), file
        except OSError as error:
            found = (error.strerror or str(error)).lower()
            raise InputError(found, ("a file with a lambda term",), file) from error
        except UnicodeDecodeError as error:
            raise InputError("no UTF-8 text", ("a file with a lambda term",), file) from error
    if term is None or term == "-":
        return sys.stdin.read(), "<stdin>"
    return term, None


def _traced(
    term: "Term", strategy: "Strategy", fuel: int | None, eta: bool, limits: "Limits"
) -> Trace:
    from abduce import clock
    from abduce.symbolic.lambda_calculus import steps

    most = TRACED if fuel is None else fuel
    found: list[Step] = []
    written = 0
    for step in steps(term, strategy, eta=eta):
        written += step.before.size
        if len(found) == most:
            return Trace(found, f"more than {most:,} steps")
        if written + step.after.size > limits.nodes:
            return Trace(found, f"more than {limits.nodes:,} nodes to write")
        if limits.deadline is not None and clock.wall_s() >= limits.deadline:
            return Trace(found, "out of time")
        found.append(step)
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


def _written(term: "Term", notation: Notation) -> str:
    from abduce.symbolic.lambda_calculus import de_bruijn, tokens

    if notation == "de-bruijn":
        return de_bruijn(term)
    return " ".join(tokens(term)) if notation == "tokens" else str(term)


def _type(term: "Term") -> dict[str, str | None]:
    """What --type says: the type, or why there is none."""
    from abduce.symbolic.lambda_calculus import Typing, Untypable, principal_type
    from abduce.symbolic.lambda_calculus.layout import text_of

    match principal_type(term):
        case Typing() as typing:
            return {"type": str(typing)}
        case Untypable(position):
            place = text_of(term.codes, term.free, term.binders, mark=position)
            return {"type": None, "no_type": f"a type would contain itself in {place}"}
        case too_large:
            return {"type": None, "no_type": f"it has more than {too_large.limit:,} nodes"}


def _values(term: "Term", decode: Literal["church", "scott"]) -> list[Any]:
    from abduce.symbolic.lambda_calculus import readings

    return list(readings(term, decode).values())


def _draw(path: Path, term: "Term", result: "Term | None", of: str, strategy: "Strategy") -> None:
    from abduce.files import write_whole
    from abduce.symbolic.lambda_calculus.drawing import svg
    from abduce.symbolic.lambda_calculus.graphs import reduction_graph, term_graph

    if of == "result" and result is None:
        say("no graph: there is no result")
        return
    drawn = result if of == "result" and result else term
    graph = reduction_graph(term, strategy) if of == "reductions" else term_graph(drawn)
    write_whole(path, svg(graph, repr(drawn)).encode())
    say(f"graph: {path}")


def _lines(answer: dict[str, Any], traced: Trace | None, notation: Notation) -> Iterator[str]:
    """The answer for a person."""
    if traced:
        for number, step in enumerate(traced.steps, 1):
            yield f"{number:>5}  {step.rule}  {step.text}"
        if traced.stopped:
            yield f"       …  {traced.stopped}"
    if answer["result"] is not None:
        yield answer["result"]
    if "type" in answer:
        yield f"type: {answer['type']}" if answer["type"] else f"no type: {answer['no_type']}"
    if "values" in answer:
        yield "value: " + (" or ".join(map(_value, answer["values"])) or "none that is known")


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _summary(found: "Outcome", spent: float) -> str:
    from abduce.symbolic.lambda_calculus import NormalForm, OutOfFuel

    match found:
        case NormalForm():
            eta = f", {found.eta} eta" if found.eta else ""
            end = f"{found.beta:,} beta steps{eta}"
        case OutOfFuel():
            end = f"no end after {found.beta:,} beta steps: out of {found.reason}"
        case _:
            unit = "nodes" if found.what == "normal form" else "cells"
            size = f"a {found.what} of more than {found.limit:,} {unit}"
            end = f"no end after {found.beta:,} beta steps: {size}"
    return f"{end} ({found.engine} engine, {spent:.3f} s)"
