"""Certificates as files: JSON, packed by xz.

| field | value |
| --- | --- |
| `format`, `version` | `abduce certificate`, 2 |
| `network`, `property` | the sha256 of the content of either file, unpacked |
| `scale` | bounds are integers over 2^scale |
| `trees` | the tree of each region, as in `kernel.check`; regions as `translate` gives them. A
  tree is a list of two: its entries, and its choices |
| `digest` | the sha256 of all other fields, as compact JSON with sorted keys |
"""

import hashlib
import json
import lzma
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from abduce.errors import InputError
from abduce.files import unpacked
from abduce.verify.certificates.kernel import LEAF

FORMAT: Final = "abduce certificate"
VERSION: Final = 2
FIELDS: Final = {"format", "version", "network", "property", "scale", "trees", "digest"}
ChoiceForm = tuple[int, int, list[int], str, list[int]]
"""A choice of a leaf for a case, as `kernel.choices_of` reads it."""
DICTIONARY: Final = 2**24
"""The upper limit on the bytes in which the packing looks for repetitions."""
MOST_BYTES: Final = 2**30
"""The upper limit on the size of a certificate, unpacked."""


class Tree(NamedTuple):
    """The tree of a region: its entries in preorder, and the choices of its leaves."""

    entries: Sequence[int]
    choices: Sequence[ChoiceForm] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """A proof of the claim that two files make.

    Attributes:
        network, property_: sha256 of the contents of the files, hexadecimal.
        scale: the binary digits of bounds behind the point.
        trees: the tree of each region.
        digest: the sha256 that the file states; empty before it is written.
    """

    network: str
    property_: str
    scale: int
    trees: tuple[Tree, ...]
    digest: str = ""

    @property
    def leaves(self) -> int:
        """The number of leaves of all trees."""
        return sum(list(tree.entries).count(LEAF) for tree in self.trees)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def encoded(certificate: Certificate) -> bytes:
    """The content of a file."""
    form = _form(certificate)
    text = _compact(form | {"digest": sha256(_compact(form))})
    size = min(max(len(text), 4096), DICTIONARY)  # a larger one takes time, and gains nothing
    packing = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": size}
    return lzma.compress(text, filters=[packing])


def read_certificate(path: Path) -> Certificate:
    """The certificate in a file.

    Raises:
        InputError: no file, or none of this format and version.
    """

    def bad(found: str) -> NoReturn:
        advice = "Write one with: abduce verify NET PROPERTY --certificate FILE"
        raise InputError(found, (f"an {FORMAT}, version {VERSION}",), path, advice=advice)

    content = unpacked(path, limit=MOST_BYTES)
    try:
        form = json.loads(content, object_pairs_hook=_once, parse_float=_no, parse_constant=_no)
    except (ValueError, RecursionError):
        bad("something that is not the JSON of a certificate")
    if not isinstance(form, dict) or form.get("format") != FORMAT:
        bad("something else")
    if form.get("version") != VERSION or set(form) != FIELDS:
        bad(f"version {form.get('version')!r}, with the fields {', '.join(sorted(form))}")
    try:
        trees = tuple([_tree(tree) for tree in form["trees"]])
    except (TypeError, ValueError):
        bad("trees that are not lists of integers, with lists of choices")
    words = [form[name] for name in ("network", "property", "digest")]
    if not all(isinstance(word, str) for word in words) or type(form["scale"]) is not int:
        bad("a field that is not of its type")
    return Certificate(words[0], words[1], form["scale"], trees, words[2])


def is_whole(certificate: Certificate) -> bool:
    """Whether the digest is that of the other fields."""
    return certificate.digest == sha256(_compact(_form(certificate)))


def _form(certificate: Certificate) -> dict[str, Any]:
    """The fields without the digest."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "network": certificate.network,
        "property": certificate.property_,
        "scale": certificate.scale,
        "trees": [[list(tree.entries), list(tree.choices)] for tree in certificate.trees],
    }


def _tree(form: Any) -> Tree:
    if not isinstance(form, list) or len(form) != 2:
        raise ValueError
    entries, choices = form
    if not isinstance(entries, list) or any(type(value) is not int for value in entries):
        raise ValueError
    if not isinstance(choices, list) or not all(isinstance(each, list) for each in choices):
        raise ValueError
    return Tree(tuple(entries), tuple(choices))


def _compact(form: Mapping[str, Any]) -> bytes:
    return json.dumps(form, sort_keys=True, separators=(",", ":")).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    form = dict(pairs)
    if len(form) != len(pairs):
        raise ValueError
    return form


def _no(text: str) -> NoReturn:
    raise ValueError(text)
