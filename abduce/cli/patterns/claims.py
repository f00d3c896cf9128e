"""What `verify NET.onnx NAP.json` prints: a line for each claim about activation patterns."""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce.clock import Stopwatch
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.verify.instances.patterns import Claim, Settings

NOT_TAKEN = ("counterexample", "record", "certificate")
"""Options of `verify` that are about one verdict, and not about one for each claim."""


def verify_claims(
    given: argparse.Namespace, settings: "Settings", watch: Stopwatch, show: Callable[[str], None]
) -> int:
    """Check all claims about the patterns in a file; returns the exit code.

    Raises:
        InputError: an option that patterns do not take, or a file that is not well-formed.
    """
    from abduce.verify.instances.patterns import claims, read_subject

    for name in NOT_TAKEN:
        if getattr(given, name) is not None:
            raise InputError(
                f"--{name} with activation patterns", ("a VNN-LIB file with this option",)
            )
    subject = read_subject(given.network, given.property, given.output)
    found: list[Claim] = []
    for claim in claims(subject, settings):
        found.append(claim)
        if not given.json:
            show(claim_line(claim))
    names = Counter(verdict_name(claim) for claim in found)
    if given.json:
        cost = {"cpu_s": watch.cpu_s, "wall_s": watch.wall_s}
        whole = {"verdict": overall(names), "claims": [claim_json(c) for c in found], **cost}
        show(json.dumps(whole, indent=2, allow_nan=False))
    else:
        told = ", ".join(f"{count} {name}" for name, count in sorted(names.items()))
        claimed = "1 claim" if len(found) == 1 else f"{len(found)} claims"
        show(f"{claimed}: {told} ({watch.cpu_s:.1f} CPU s)")
    return Exit.GAVE_UP if names["unknown"] else Exit.ANSWERED


def overall(names: Counter[str]) -> str:
    """The verdict on all claims together.

    >>> overall(Counter(proved=9, empty=1)), overall(Counter(proved=9, refuted=1, unknown=1))
    ('proved', 'refuted')
    >>> overall(Counter(empty=2))
    'empty'
    """
    return next((n for n in ("refuted", "unknown", "proved") if names[n]), "empty")


def verdict_name(claim: "Claim") -> str:
    """proved, refuted, unknown, or empty where no input follows the pattern."""
    return "empty" if claim.empty else type(claim.verdict).__name__.lower()


def claim_line(claim: "Claim") -> str:
    """A claim and its verdict, as a line of text."""
    from abduce.verify.verdict import Proved, Unknown

    verdict, told = claim.verdict, ""
    if isinstance(verdict, Unknown):
        told = f": {verdict.reason}"
    elif isinstance(verdict, Proved) and verdict.rounding is not None:
        told = " in real arithmetic; the rounded values of onnxruntime violate it"
    elif claim.empty:
        told = ": no input follows this pattern, so the claim says nothing"
    elif claim.kind == "pair" and isinstance(verdict, Proved) and verdict.certificate is not None:
        told = f": {verdict.certificate.claim}"
    elif claim.kind == "class" and claim.inhabited is None:
        told = " (whether any input follows the pattern is not known)"
    return f"{verdict_name(claim)}: {claim.text}{told} ({claim.cpu_s:.2f} CPU s)"


def claim_json(claim: "Claim") -> dict[str, Any]:
    """A claim and its verdict as plain JSON values."""
    from abduce.verify.verdict_json import verdict_json

    return {
        "kind": claim.kind,
        "labels": list(claim.labels),
        "claim": claim.text,
        "inhabited": claim.inhabited,
        "cpu_s": claim.cpu_s,
        "wall_s": claim.wall_s,
        **verdict_json(claim.verdict),
        "verdict": verdict_name(claim),
    }


def holds_patterns(property_: Path) -> bool:
    """Whether the property is a file of activation patterns, by its name."""
    return property_.suffix.lower() == ".json"
