"""Files: patterns as JSON, refused with the place where they are not well-formed.

    {"format": "abduce activation patterns 1", "delta": 0.99, "zero_is_active": false,
     "network_sha256": "...", "layers": [{"node": "relu_1", "size": 256}],
     "box": {"lower": 0.0, "upper": 1.0},
     "classes": [{"label": 0, "mined": 398, "active": {"relu_1": [3, 7]},
                  "inactive": {"relu_1": [1]}, "examples": [[0.0, ...]],
                  "ball": {"centre": [0.0, ...], "radius": 0.1}}]}

A bound of the box is one number, or one for each input. `network_sha256`, `mined`, `examples` and
`ball` may be left out. A neuron whose value is 0 counts as inactive.
"""

import json
from collections.abc import Mapping
from itertools import pairwise
from math import isfinite, prod
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np

from abduce.errors import InputError
from abduce.files import write_whole
from abduce.text import read_text
from abduce.verify.networks.network import Network
from abduce.verify.specifications.activation_pattern.pattern import Ball, Pattern, Patterns, Signs
from abduce.verify.specifications.hidden import node_of

FORMAT: Final = "abduce activation patterns 1"
WHOLE = {"format", "delta", "zero_is_active", "network_sha256", "layers", "box", "classes"}
CLASS = {"label", "mined", "active", "inactive", "examples", "ball"}
OPTIONAL = frozenset({"network_sha256", "mined", "examples", "ball"})


def patterns_text(patterns: Patterns) -> str:
    """The text of a file, which is read back as these patterns."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "delta": patterns.delta,
        "zero_is_active": False,
        "network_sha256": patterns.network_sha256,
        "layers": [
            {"node": node, "size": size}
            for node, size in zip(patterns.layers, patterns.sizes, strict=True)
        ],
        "box": {"lower": _short(patterns.lower), "upper": _short(patterns.upper)},
        "classes": [_class(pattern) for pattern in patterns.patterns],
    }
    if patterns.network_sha256 is None:
        del data["network_sha256"]
    return json.dumps(data, separators=(",", ":")) + "\n"


def write_patterns(path: Path, patterns: Patterns) -> None:
    """Write a file, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    write_whole(path, patterns_text(patterns).encode())


def _class(pattern: Pattern) -> dict[str, Any]:
    found: dict[str, Any] = {
        "label": pattern.label,
        "mined": pattern.mined,
        "active": {signs.node: signs.active.tolist() for signs in pattern.signs},
        "inactive": {signs.node: signs.inactive.tolist() for signs in pattern.signs},
        "examples": pattern.examples.tolist(),
    }
    if pattern.ball is not None:
        ball = {"centre": pattern.ball.centre.tolist(), "radius": pattern.ball.radius}
        found["ball"] = ball
    return found


def _short(bound: np.ndarray) -> float | list[float]:
    same = len(bound) > 0 and (bound == bound[0]).all()
    return float(bound[0]) if same else bound.tolist()


def read_patterns(path: Path | str, network: Network, sha256: str | None = None) -> Patterns:
    """The patterns in a file, for a network.

    Args:
        sha256: the checksum of the network file; None not to compare it.

    Raises:
        InputError: it is not JSON, not of this form, or about another network; says where.
    """
    text, called = read_text(str(path), "a JSON file of activation patterns")
    return patterns_of(text, network, called, sha256)


def patterns_of(
    text: str, network: Network, path: Path | str | None = None, sha256: str | None = None
) -> Patterns:
    """The patterns in a text; as `read_patterns`."""
    return _Reader(path, network, sha256).whole(_json(text, path))


def _json(text: str, path: Path | str | None) -> object:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"the key {twice!r} twice in one object", ("each key once",), path)
        return found

    def no_number(name: str) -> NoReturn:
        raise InputError(name, ("a finite number",), path)

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError as error:
        line = text.split("\n")[error.lineno - 1][:1000]
        raise InputError(
            f"no JSON ({error.msg})", (), path, error.lineno, error.colno, line
        ) from error
    except RecursionError as error:
        raise InputError("values nested too deeply", ("an activation pattern",), path) from error


class _Reader:
    """Reads a file; every complaint names the place in it."""

    def __init__(
        self, path: Path | str | None, network: Network, sha256: str | None = None
    ) -> None:
        self.path, self.network, self.sha256 = path, network, sha256
        self.inputs, self.outputs = prod(network.input_shape), prod(network.output_shape)

    def wrong(self, place: str, value: object, *expected: str) -> NoReturn:
        text = json.dumps(value, default=str)
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        raise InputError(f"{shown} at {place}", expected, self.path)

    def whole(self, data: object) -> Patterns:
        found = self.fields(data, "the top level", WHOLE, OPTIONAL)
        if found["format"] != FORMAT:
            self.wrong("format", found["format"], json.dumps(FORMAT))
        if found["zero_is_active"] is not False:
            self.wrong("zero_is_active", found["zero_is_active"], "false")
        delta = self.number(found["delta"], "delta")
        if not 0.5 < delta <= 1:
            self.wrong("delta", delta, "a share above 0.5 and at most 1")
        checksum = found.get("network_sha256")
        if checksum is not None and not isinstance(checksum, str):
            self.wrong("network_sha256", checksum, "text")
        if checksum is not None and self.sha256 not in (None, checksum):
            raise InputError(
                f"patterns of another network, whose sha256 is {checksum}",
                (f"patterns of the network that is given: {self.sha256}",),
                self.path,
                advice="Mine them again: abduce nap mine NET.onnx DATA.npz.",
            )
        sizes = self.layers(found["layers"])
        box = self.fields(found["box"], "box", {"lower", "upper"})
        lower, upper = (self.bound(box[end], f"box.{end}") for end in ("lower", "upper"))
        crossed = np.flatnonzero(lower > upper)
        if len(crossed):
            self.wrong(f"box.lower of input {crossed[0]}", lower[crossed[0]], "at most box.upper")
        rows = found["classes"]
        if not isinstance(rows, list) or not rows:
            self.wrong("classes", rows, "an array of classes")
        read = [self.one(row, f"classes[{n}]", sizes) for n, row in enumerate(rows)]
        read.sort(key=lambda pattern: pattern.label)
        for before, after in pairwise(read):
            if before.label == after.label:
                self.wrong("classes", after.label, "each label once")
        layers = tuple(sizes)
        return Patterns(delta, layers, tuple(sizes.values()), lower, upper, tuple(read), checksum)

    def layers(self, rows: object) -> dict[str, int]:
        if not isinstance(rows, list) or not rows:
            self.wrong("layers", rows, "an array of layers")
        sizes: dict[str, int] = {}
        for n, row in enumerate(rows):
            place = f"layers[{n}]"
            fields = self.fields(row, place, {"node", "size"})
            node = fields["node"]
            if not isinstance(node, str) or node in sizes:
                self.wrong(f"{place}.node", node, "the name of a node, once")
            try:
                shape = self.network.nodes[node_of(self.network, node)].shape
            except InputError as error:
                self.wrong(f"{place}.node", node, *error.expected)
            sizes[node] = self.whole_number(fields["size"], f"{place}.size")
            if sizes[node] != prod(shape):
                known = f"{prod(shape)}, as the node of the network has"
                self.wrong(f"{place}.size", sizes[node], known)
        return sizes

    def one(self, row: object, place: str, sizes: Mapping[str, int]) -> Pattern:
        found = self.fields(row, place, CLASS, OPTIONAL)
        label = self.whole_number(found["label"], f"{place}.label")
        if label >= self.outputs:
            self.wrong(f"{place}.label", label, f"the place of an output, 0 to {self.outputs - 1}")
        active = self.places(found["active"], f"{place}.active", sizes)
        inactive = self.places(found["inactive"], f"{place}.inactive", sizes)
        for node in sizes:
            both = np.intersect1d(active[node], inactive[node])
            if len(both):
                what = f"{place}.active and {place}.inactive of {node!r}"
                self.wrong(what, int(both[0]), "each neuron in one of them")
        examples = found.get("examples", [])
        if not isinstance(examples, list):
            self.wrong(f"{place}.examples", examples, "an array of inputs")
        read = [self.vector(x, f"{place}.examples[{n}]") for n, x in enumerate(examples)]
        return Pattern(
            label,
            tuple([Signs(node, active[node], inactive[node]) for node in sizes]),
            self.whole_number(found.get("mined", 0), f"{place}.mined"),
            np.stack(read) if read else np.zeros((0, self.inputs)),
            self.ball(found.get("ball"), f"{place}.ball"),
        )

    def ball(self, value: object, place: str) -> Ball | None:
        if value is None:
            return None
        found = self.fields(value, place, {"centre", "radius"})
        radius = self.number(found["radius"], f"{place}.radius")
        if radius < 0:
            self.wrong(f"{place}.radius", radius, "0 or more")
        return Ball(self.vector(found["centre"], f"{place}.centre"), radius)

    def places(self, value: object, place: str, sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        found = self.fields(value, place, set(sizes))
        read = {}
        for node, size in sizes.items():
            at = f"{place}[{json.dumps(node)}]"
            rows = found[node]
            if not isinstance(rows, list):
                self.wrong(at, rows, "an array of places")
            for n, entry in enumerate(rows):
                if self.whole_number(entry, f"{at}[{n}]") >= size:
                    self.wrong(f"{at}[{n}]", entry, f"a place of {size}, counted from 0")
                if n and entry <= rows[n - 1]:
                    self.wrong(f"{at}[{n}]", entry, f"ascending places: more than {rows[n - 1]}")
            read[node] = np.array(rows, np.int64)
        return read

    def bound(self, value: object, place: str) -> np.ndarray:
        if isinstance(value, list):
            return self.vector(value, place)
        return np.full(self.inputs, self.number(value, place))

    def vector(self, value: object, place: str) -> np.ndarray:
        if not isinstance(value, list) or len(value) != self.inputs:
            self.wrong(place, value, f"{self.inputs} numbers, one for each input")
        return np.array([self.number(each, f"{place}[{n}]") for n, each in enumerate(value)])

    def fields(
        self, value: object, place: str, names: set[str], optional: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.wrong(place, value, "an object")
        for name in sorted(set(value) - names):
            told = f"the key {json.dumps(name)} at {place}"
            raise InputError(told, tuple(sorted(names)), self.path)
        for name in sorted(names - set(value) - optional):
            raise InputError(f"no key {name!r} at {place}", (json.dumps(name),), self.path)
        return value

    def number(self, value: object, place: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(place, value, "a number")
        try:
            found = float(value)
        except OverflowError:
            found = float("inf")
        if not isfinite(found):
            self.wrong(place, value, "a finite number")
        return found

    def whole_number(self, value: object, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.wrong(place, value, "a whole number, 0 or more")
        return value
