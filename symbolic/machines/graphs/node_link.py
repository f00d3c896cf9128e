"""Node-link JSON: graphs as networkx, D3 and many programs write them.

    {"directed": true, "nodes": [{"id": "A"}, {"id": "B"}],
     "links": [{"source": "A", "target": "B", "weight": 3}]}
    {"edges": [["A", "B", 3], ["B", "C", 4]]}

The outer level is read here, so that an error says in which line and column an edge stands; what
is within goes through Python's reader.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Never

from abduce.errors import InputError
from abduce.symbolic.machines.graphs.edges import COLUMNS, ROLES, Edges
from abduce.symbolic.machines.lists.numbers import Exact, exact
from abduce.text import Line, invisible, line_starts, lines, named, quoted

KEYS = ("nodes", "links", "edges", "directed", "multigraph", "graph")
BLANKS = re.compile(r"[ \t\r\n]*")
WHOLE = re.compile(r"-?\d+", re.ASCII)
EDGE = ("[NODE, NODE]", "[NODE, NODE, WEIGHT]", 'an object with "source" and "target"')
NODE = ('an object with an "id"', "a text", "a whole number")


class Number(str):
    """A number as it stands there: no digit of it is lost."""

    __slots__ = ()


def read_node_link(text: str, path: Path | str | None, edges: Edges) -> Edges:
    """Add the nodes and edges of a JSON text: an object of both, or a list of edges alone.

    Raises:
        InputError: the text is no JSON or no graph, or a weight is no number, negative or missing;
            with line and column.
    """
    reader = Reader(text, lines(text, path), edges)
    if reader.peek() == "[":
        reader.read_edges()
    else:
        reader.read_object()
    if reader.peek():
        raise reader.wrong(quoted(reader.peek()), ("the end",))
    reader.check_listed()
    return edges


class Reader:
    """A JSON text and how far it was read."""

    def __init__(self, text: str, written: list[Line], edges: Edges) -> None:
        self.text, self.lines, self.edges, self.at = text, written, edges, 0
        self.starts = line_starts(text)
        self.kinds: dict[str, type] = {}
        self.listed: dict[str, int] | None = None
        self.met: dict[str, int] = {}
        self.decoder = json.JSONDecoder(
            object_pairs_hook=_once,
            parse_float=Number,
            parse_int=Number,
            parse_constant=_no_number,
        )

    def peek(self) -> str:
        """The next character that is no blank; '' at the end."""
        match = BLANKS.match(self.text, self.at)
        assert match is not None  # it matches nothing, too
        self.at = match.end()
        return self.text[self.at : self.at + 1]

    def wrong(
        self,
        found: str,
        expected: tuple[str, ...],
        advice: str | None = None,
        *,
        at: int | None = None,
    ) -> InputError:
        line, column = self.place(self.at if at is None else at)
        return line.wrong(found, expected, column, advice)

    def place(self, at: int) -> tuple[Line, int]:
        number = bisect_right(self.starts, at)
        return self.lines[number - 1], at - self.starts[number - 1] + 1

    def value(self) -> Any:
        """The value that begins here."""
        self.peek()
        try:
            found, self.at = self.decoder.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            message = f"no JSON ({error.msg[:1].lower()}{error.msg[1:]})"
            raise self.wrong(message, ("a graph as JSON",), at=error.pos) from None
        except RecursionError:
            raise self.wrong("values nested too deeply", ("a graph as JSON",)) from None
        except ValueError as error:
            raise self.wrong(str(error), ("a graph as JSON",)) from None
        return found

    def elements(self, opening: str, closing: str) -> Iterator[int]:
        """The positions at which the elements of a list or object begin; the caller reads each."""
        if self.peek() != opening:
            raise self.wrong(quoted(self.peek()) if self.peek() else "the end", (opening,))
        self.at += 1
        if self.peek() == closing:
            self.at += 1
            return
        while True:
            self.peek()
            yield self.at
            after = self.peek()
            if after not in (",", closing) or not after:
                found = quoted(after) if after else "the end"
                raise self.wrong(found, (quoted(","), quoted(closing)))
            self.at += 1
            if after == closing:
                return

    def read_object(self) -> None:
        """An object: its nodes, its edges, and whether these lead one way."""
        met: set[str] = set()
        for start in self.elements("{", "}"):
            key = self.value()
            if not isinstance(key, str) or isinstance(key, Number):
                raise self.wrong("no key", ("a text in double quotes",), at=start)
            if self.peek() != ":":
                raise self.wrong(quoted(self.peek()) if self.peek() else "the end", ("':'",))
            self.at += 1
            same = "edges" if key == "links" else key
            if key not in KEYS or same in met:
                found = f"the key {quoted(key)}" if key not in KEYS else "edges a second time"
                raise self.wrong(found, KEYS, at=start)
            met.add(same)
            self.read_member(key)
        if "edges" not in met and "nodes" not in met:
            expected = ('the key "nodes"', 'the key "edges" or "links"')
            raise self.wrong("an object without edges", expected, at=0)

    def read_member(self, key: str) -> None:
        match key:
            case "nodes":
                self.listed = {}
                for start in self.elements("[", "]"):
                    self.read_node(start, self.value())
            case "links" | "edges":
                self.read_edges()
            case "directed":
                self.peek()
                self.read_direction(self.at, self.value())
            case _:
                self.value()

    def read_direction(self, start: int, value: Any) -> None:
        if not isinstance(value, bool):
            raise self.wrong("no answer", ("true", "false"), at=start)
        if self.edges.directed and not value:
            found = "a graph whose edges lead both ways, with --directed"
            raise self.wrong(found, ('"directed": true',), "Leave out the option.", at=start)
        self.edges.directed |= value

    def read_node(self, start: int, value: Any) -> None:
        if isinstance(value, dict) and "id" not in value:
            raise self.wrong("a node without an id", NODE, at=start)
        name = self.name(start, value["id"] if isinstance(value, dict) else value, NODE)
        assert self.listed is not None
        if name in self.listed:
            raise self.wrong(f"the node {quoted(name)} a second time", NODE, at=start)
        self.listed[name] = start
        self.edges.names.setdefault(name)

    def read_edges(self) -> None:
        for start in self.elements("[", "]"):
            self.read_edge(start, self.value())

    def read_edge(self, start: int, value: Any) -> None:
        wrong = partial(self.wrong, at=start)
        match value:
            case [source, target]:
                weight = None
            case [source, target, weight]:
                pass
            case dict():
                source, target, weight = (_of_role(value, role, wrong) for role in COLUMNS)
            case _:
                raise wrong("no edge", EDGE)
        source, target = self.name(start, source, EDGE), self.name(start, target, EDGE)
        if weight is None and self.edges.weighted:
            raise wrong("an edge without a weight", ("[NODE, NODE, WEIGHT]", 'a key "weight"'))
        for end in (source, target):
            self.met.setdefault(end, start)
        found = None if weight is None else self.weight(start, weight)
        self.edges.add(source, target, found, str(weight), wrong)

    def weight(self, start: int, value: Any) -> Exact:
        if not isinstance(value, Number):
            raise self.wrong(f"the weight {_told(value)}", ("a number",), at=start)
        line, column = self.place(start)
        return exact(line, value, column)

    def name(self, start: int, value: Any, expected: tuple[str, ...]) -> str:
        """The name of a node, which is a text or a whole number, and always the same of them."""
        wrong = partial(self.wrong, at=start)
        if not isinstance(value, str) or (isinstance(value, Number) and not WHOLE.fullmatch(value)):
            raise wrong(f"the node {_told(value)}", expected)
        if not value or value.strip() != value:
            raise wrong(f"the node {quoted(str(value))}", ("a name without a blank at its ends",))
        hidden = next((c for c in value if c in "\t\r\n" or invisible(c) is not None), None)
        if hidden is not None:
            raise wrong(f"{named(hidden)} in the name of a node", ("visible text",))
        if self.kinds.setdefault(str(value), type(value)) is not type(value):
            found = f"the node {value} as a number and as a text"
            raise wrong(found, ("one or the other",))
        return str(value)

    def check_listed(self) -> None:
        """Raises: InputError, where nodes are listed, and an edge has one that is not."""
        if self.listed is None:
            return
        for name, start in self.met.items():
            if name not in self.listed:
                found = f"an edge of {quoted(name)}"
                raise self.wrong(found, ('a node of "nodes"',), at=start)


def _of_role(edge: dict[str, Any], role: str, wrong: Callable[..., InputError]) -> Any:
    """The source, target or weight of an edge that is an object."""
    keys = [role] if role in edge else [key for key in edge if ROLES.get(key) == role]
    if len(keys) > 1 or (not keys and role != "weight"):
        found = f"{len(keys)} keys for the {role}" if keys else f"an edge without a {role}"
        raise wrong(found, (f"the key {role!r}",))
    return edge[keys[0]] if keys else None


def _told(value: Any) -> str:
    match value:
        case Number():
            return quoted(str(value)).strip("'")
        case str():
            return quoted(value)
        case None | True | False:
            return {None: "null", True: "true", False: "false"}[value]
        case list():
            return "[...]"
        case _:
            return "{...}"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key {quoted(twice)} twice")
    return found


def _no_number(text: str) -> Never:
    raise ValueError(f"{text}, which is no number")
