"""Verdicts: what a verifier says, and no more than it knows."""

from dataclasses import dataclass, field, fields, is_dataclass
from html import escape
from typing import Any, Final, NoReturn

import numpy as np

from abduce.verify.ledger import SearchLedger

MOST_SHOWN: Final = 8
"""The upper limit on the numbers of an array that a notebook shows."""
OUT_OF_TIME: Final = "out of time"
"""The first words of the reason where a verifier of networks reached its time limit."""


class NeitherTrueNorFalse:
    """A verdict cannot be a condition: there are three of them, and `if` knows two.

    >>> if Unknown("out of time"):
    ...     print("is it proved?")
    Traceback (most recent call last):
    TypeError: a verdict is not true or false: unknown
    Write isinstance(verdict, Proved), isinstance(verdict, Refuted), or a match statement.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        """The verdict as a notebook shows it: its word, and a row for each field that says more.

        >>> Unknown("out of time")._repr_html_()
        '<b>unknown</b><table><tr><td>reason</td><td>out of time</td></tr></table>'
        """
        return f"<b>{type(self).__name__.lower()}</b>{html_of(self)}"

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a verdict is not true or false: {type(self).__name__.lower()}\n"
            "Write isinstance(verdict, Proved), isinstance(verdict, Refuted), or a match statement."
        )


def html_of(value: Any) -> str:
    """The fields of a dataclass as a table of HTML, those aside that are empty or 0."""
    rows = []
    for each in fields(value):
        found = getattr(value, each.name)
        if not each.repr or found is None or (isinstance(found, int) and not found):
            continue
        if is_dataclass(found):
            shown = html_of(found)
        elif isinstance(found, np.ndarray):
            numbers = [f"{number:.6g}" for number in found.reshape(-1)[:MOST_SHOWN].tolist()]
            numbers += ["..."] * (found.size > MOST_SHOWN)
            shown = escape(f"{found.shape}: {', '.join(numbers)}")
        else:
            shown = escape(str(found))
        rows.append(f"<tr><td>{escape(each.name)}</td><td>{shown}</td></tr>" if shown else "")
    return f"<table>{''.join(rows)}</table>" if any(rows) else ""


@dataclass(frozen=True, slots=True)
class Work:
    """The work that a verdict took.

    Attributes:
        domains: the number of subdomains that were bounded.
        points: the number of inputs at which the network was evaluated.
        open: the number of subdomains left when the search ended; 0 when proved.
        bound: the least lower bound among the open subdomains of the last batch; when proved, the
            least bound that settled a subdomain. Finite; None if there is no such bound.
    """

    domains: int = 0
    points: int = 0
    open: int = 0
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class ProductPairs:
    """The reachable states of a product automaton, which are an inductive invariant.

    Attributes:
        pairs: each a state of the machine and the state of the specification beside it; the pair of
            start states is the first one.
    """

    pairs: tuple[tuple[object, object], ...]


Evidence = ProductPairs | SearchLedger
"""Evidence that can be checked without the code that found the proof."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why a claim holds, so that somebody else can check it again.

    Attributes:
        claim: what holds, and for which inputs, as a sentence.
        method: how it was proved, in the field's words.
        cases: the number of cases that were examined, which are all cases.
        evidence: what can be checked again; None if the claim is proved by examining every case
            once more. It is no part of the repr, and certificates are compared without it.
    """

    claim: str
    method: str
    cases: int
    evidence: Evidence | None = field(default=None, repr=False, compare=False)

    def _repr_html_(self) -> str:
        return f"<b>certificate</b>{html_of(self)}"

    @property
    def invariant(self) -> tuple[tuple[object, object], ...]:
        """The invariant of a proof by induction: pairs of states; empty for other proofs."""
        return self.evidence.pairs if isinstance(self.evidence, ProductPairs) else ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The points at which the runtime was run and its output judged before a proof counted.

    Attributes:
        points: the number of inputs.
        boxes: the number of boxes of the specification that contain one of these inputs.
        of: the number of all boxes of the specification.
    """

    points: int
    boxes: int
    of: int


@dataclass(frozen=True, slots=True)
class Proved(NeitherTrueNorFalse):
    """No input violates the specification.

    For a network, these are the inputs in the boxes of the specification, with the semantics that
    was asked for. For an exact object, they are all inputs.

    Attributes:
        certificate: why the claim holds; None if only the work done can be shown.
        float32: whether the proof also holds for every rounding that float32 allows; False if that
            is not known.
        rounding: an input at which the runtime violates the specification by its own rounding,
            although it is proved in real arithmetic; None if no such input was seen.
        checked: where the runtime was run; None without a runtime.
    """

    work: Work = field(default_factory=Work)
    certificate: Certificate | None = None
    float32: bool = False
    rounding: "Refuted | None" = None
    checked: Checked | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Refuted(NeitherTrueNorFalse):
    """An input that violates the specification, as a replay confirmed.

    Attributes:
        x: the input. For a network: float64, in the network's input shape. The entries are float32
            numbers, unless there is none between the bounds of an input. For an exact object: the
            arguments, or the word that it reads, one symbol an entry.
        y: the output that the replay computed.
        case: the number of the violated case of the specification, from 0.
        expected: the output that the specification asks for; None if it does not name one.
    """

    x: np.ndarray
    y: np.ndarray
    case: int
    work: Work = field(default_factory=Work)
    expected: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Unknown(NeitherTrueNorFalse):
    """Neither proved nor refuted, with the reason."""

    reason: str
    work: Work = field(default_factory=Work)


Verdict = Proved | Refuted | Unknown
