"""Certificates as files: JSON, packed by xz.

| field | value |
| --- | --- |
| `format`, `version` | `abduce certificate`, 1 |
| `network`, `property` | the sha256 of the content of either file, unpacked |
| `scale` | bounds are integers over 2^scale |
| `regions` | for each region of the claim a list of parts |
| `digest` | the sha256 of all other fields, as compact JSON with sorted keys |

A part has `cases`, `tree` and `hints`, as `kernel.Part` describes them; a hint has `leaf`, `case`,
`slopes` and `turns`. Regions and cases are counted as `translate` gives them.
"""

import hashlib
import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np

from abduce.errors import InputError
from abduce.files import unpacked
from abduce.verify.certificates.kernel import Hint, Part

FORMAT: Final = "abduce certificate"
VERSION: Final = 1
FIELDS: Final = {"format", "version", "network", "property", "scale", "regions", "digest"}
MOST_BYTES: Final = 2**30
"""The upper limit on the size of a certificate, unpacked."""


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """A proof of the claim that two files make.

    Attributes:
        network, property: sha256 of the contents of the files, hexadecimal.
        scale: of bounds.
        regions: the parts of the proof of each region.
        digest: the sha256 that the file states; empty before it is written.
    """

    network: str
    property: str
    scale: int
    regions: tuple[tuple[Part, ...], ...]
    digest: str = ""

    @property
    def leaves(self) -> int:
        """The number of leaves of all trees."""
        return sum(part.tree.count(-1) for parts in self.regions for part in parts)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def encoded(certificate: Certificate) -> bytes:
    """The content of a file."""
    form = _form(certificate)
    text = _compact(form | {"digest": sha256(_compact(form))})
    return lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)


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
        regions = tuple([tuple([_part(part) for part in parts]) for parts in form["regions"]])
    except (KeyError, TypeError, ValueError, OverflowError):
        bad("a region that is not a list of parts with cases, a tree and hints")
    words = [form[name] for name in ("network", "property", "digest")]
    if not all(isinstance(word, str) for word in words) or type(form["scale"]) is not int:
        bad("a field that is not of its type")
    return Certificate(words[0], words[1], form["scale"], regions, words[2])


def is_whole(certificate: Certificate) -> bool:
    """Whether the digest is that of the other fields."""
    return certificate.digest == sha256(_compact(_form(certificate)))


def _form(certificate: Certificate) -> dict[str, Any]:
    """The fields without the digest. Hints are sorted by their places."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "network": certificate.network,
        "property": certificate.property,
        "scale": certificate.scale,
        "regions": [
            [
                {
                    "cases": list(part.cases),
                    "tree": list(part.tree),
                    "hints": [
                        {
                            "leaf": leaf,
                            "case": case,
                            "slopes": hint.slopes.tolist(),
                            "turns": hint.turns.tolist(),
                        }
                        for (leaf, case), hint in sorted(part.hints.items())
                    ],
                }
                for part in parts
            ]
            for parts in certificate.regions
        ],
    }


def _part(form: Mapping[str, Any]) -> Part:
    if set(form) != {"cases", "tree", "hints"}:
        raise ValueError
    hints = {}
    for hint in form["hints"]:
        if set(hint) != {"leaf", "case", "slopes", "turns"}:
            raise ValueError
        place = _integers([hint["leaf"], hint["case"]])
        if place in hints:
            raise ValueError
        arrays = [np.array(_integers(hint[name]), np.int64) for name in ("slopes", "turns")]
        hints[place] = Hint(*arrays)
    return Part(_integers(form["cases"]), _integers(form["tree"]), hints)


def _integers(values: list[Any]) -> tuple[int, ...]:
    if not isinstance(values, list) or any(type(value) is not int for value in values):
        raise ValueError
    return tuple(values)


def _compact(form: Mapping[str, Any]) -> bytes:
    return json.dumps(form, sort_keys=True, separators=(",", ":")).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    form = dict(pairs)
    if len(form) != len(pairs):
        raise ValueError
    return form


def _no(text: str) -> NoReturn:
    raise ValueError(text)
