"""Activation patterns in a file, from two paths to verdicts: two claims about them are checked.

(a) Every input that follows the pattern of a class is classified as that class. (b) No input
follows the patterns of both of two classes. Before (a), an input that follows the pattern is looked
for: a pattern that none follows is said to be empty, and its claim holds for that reason only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np

from abduce import clock
from abduce.errors import InputError
from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.instances.asking import asked
from abduce.verify.instances.instance import OnDemand, instance_path
from abduce.verify.instances.radius import Radius, largest_radius
from abduce.verify.networks.network import Network
from abduce.verify.refutation.regions import Regions
from abduce.verify.refutation.witness import Replay
from abduce.verify.specifications.activation_pattern.files import read_patterns
from abduce.verify.specifications.activation_pattern.minimal import (
    Minimal,
    coarsened,
    pruned,
    stochastically_coarsened,
)
from abduce.verify.specifications.activation_pattern.observing import Observed, observed
from abduce.verify.specifications.activation_pattern.pattern import Ball, Pattern, Patterns
from abduce.verify.specifications.activation_pattern.questions import (
    classified_otherwise,
    followed,
)
from abduce.verify.specifications.hidden import watched
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict
from abduce.verify.verification import Budget, Semantics


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How claims about patterns are decided.

    Attributes:
        timeout_s: the upper limit on each question to the verifier, in seconds.
        strategy: how the verifier searches.
        semantics: the arithmetic of the network.
        programs: the upper limit on linear programs for each example and output.
        inside: the margin with which the signs must hold in these programs.
    """

    timeout_s: float = 300.0
    strategy: Strategy = AUTOMATIC
    semantics: Semantics = "real"
    programs: int = 8
    inside: float = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A claim about one pattern or about two, and the verdict on it.

    Attributes:
        kind: ``class`` for (a), ``pair`` for (b).
        labels: the classes.
        verdict: the verdict on the claim.
        inhabited: for (a), whether an input follows the pattern; None if that is not known, and
            for (b).
        wall_s, cpu_s: what it took.
    """

    kind: Literal["class", "pair"]
    labels: tuple[int, ...]
    verdict: Verdict
    inhabited: bool | None
    wall_s: float
    cpu_s: float

    @property
    def text(self) -> str:
        """The claim as a sentence."""
        if self.kind == "pair":
            a, b = self.labels
            return f"no input follows the patterns of both class {a} and class {b}"
        (label,) = self.labels
        return f"every input that follows the pattern of class {label} is classified as {label}"

    @property
    def empty(self) -> bool:
        """Whether the claim holds because no input follows the pattern."""
        return self.inhabited is False


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A network with patterns, and what runs it elsewhere."""

    network: Network
    patterns: Patterns
    replay: Replay | None = None

    def asked(
        self, specification: Specification, settings: Settings, starts: np.ndarray
    ) -> Verdict:
        """The verdict on one specification of this network."""
        regions = Regions(starts=starts, programs=settings.programs, inside=settings.inside)
        return asked(
            self.network,
            specification,
            Budget(timeout_s=settings.timeout_s),
            settings.strategy,
            semantics=settings.semantics,
            replay=self.replay,
            regions=regions,
        )


def read_subject(network: Path, patterns: Path, output: str | None = None) -> Subject:
    """A network and patterns in files.

    Raises:
        DataError, InputError, UnsupportedError: one of them cannot be read, or the patterns were
            mined from another network.
    """
    from abduce.verify.networks.onnx.reading import read_network  # onnx: not for lists of jobs

    path = instance_path(network)
    read = read_network(path, output=output)
    found = read_patterns(patterns, read, checksum_of(path))
    return Subject(read, found, OnDemand(path, read, output))


def checksum_of(path: Path) -> str:
    """The SHA-256 checksum of a network file, unpacked."""
    import hashlib

    from abduce.verify.networks.onnx.model import read_bytes

    return hashlib.sha256(read_bytes(path)).hexdigest()


def claims(
    subject: Subject, settings: Settings = Settings(), *, pairs: bool = True
) -> Iterator[Claim]:
    """The claims about the patterns one after the other, (a) of all classes first.

    Args:
        pairs: whether (b) is checked, too.
    """
    for pattern in subject.patterns.patterns:
        yield class_claim(subject, pattern, settings)
    if pairs:
        for first, second in combinations(subject.patterns.patterns, 2):
            yield pair_claim(subject, first, second, settings)


def class_claim(subject: Subject, pattern: Pattern, settings: Settings = Settings()) -> Claim:
    """Claim (a) about one pattern."""
    watch = clock.Stopwatch.now()
    inhabited = is_inhabited(subject, pattern, settings)
    if inhabited is False:
        why = f"no input follows the pattern of class {pattern.label}"
        verdict: Verdict = Proved(certificate=Certificate(why, "branch and bound", 1))
    else:
        question = classified_otherwise(subject.network, subject.patterns, pattern)
        verdict = subject.asked(question, settings, pattern.examples)
        if inhabited is None and isinstance(verdict, Refuted):
            inhabited = True
    return Claim("class", (pattern.label,), verdict, inhabited, watch.wall_s, watch.cpu_s)


def pair_claim(
    subject: Subject, first: Pattern, second: Pattern, settings: Settings = Settings()
) -> Claim:
    """Claim (b) about two patterns.

    A neuron that must be above 0 for one and at most 0 for the other proves it.
    """
    watch, labels = clock.Stopwatch.now(), (first.label, second.label)
    neuron = first.contradicts(second)
    if neuron is not None:
        why = f"neuron {neuron[1]} of {neuron[0]!r} is active in one and inactive in the other"
        verdict: Verdict = Proved(certificate=Certificate(why, "contradicting signs", 1))
    else:
        question = followed(subject.network, subject.patterns, first, second)
        starts = np.concatenate([p.examples.reshape(-1, subject.patterns.lower.size)
                                 for p in (first, second)])  # fmt: skip
        verdict = subject.asked(question, settings, starts)
    return Claim("pair", labels, verdict, None, watch.wall_s, watch.cpu_s)


def is_inhabited(subject: Subject, pattern: Pattern, settings: Settings) -> bool | None:
    """Whether an input in its box follows the pattern; None if that is not known.

    The examples are judged first, then the verifier is asked.
    """
    low, high = subject.patterns.box(pattern)
    for example in pattern.examples:
        if ((low <= example) & (example <= high)).all():
            point = replace(subject.patterns, lower=example, upper=example)
            alone = replace(pattern, ball=None)
            question = followed(subject.network, point, alone)
            if isinstance(subject.asked(question, settings, example[None]), Refuted):
                return True
    verdict = subject.asked(
        followed(subject.network, subject.patterns, pattern), settings, pattern.examples
    )
    match verdict:
        case Refuted():
            return True
        case Proved():
            return False
        case Unknown():
            return None


def class_radii(
    subject: Subject, pattern: Pattern, centre: np.ndarray, settings: Settings = Settings()
) -> tuple[Radius, Radius]:
    """The largest radii around an input for which claim (a) is proved: of the ball alone, and of
    the pattern within the ball.

    A ball of which no input follows the pattern counts as not proved.
    """
    box = subject.patterns
    most = float(np.maximum(box.upper - centre, centre - box.lower).max())

    def ask(radius: float, pattern: Pattern) -> Verdict:
        within = replace(pattern, ball=Ball(centre, radius))
        question = classified_otherwise(subject.network, box, within)
        return subject.asked(question, settings, pattern.examples)

    alone = largest_radius(lambda radius: ask(radius, pattern.only(())), most)
    start = max(alone.proved, 1e-3)
    both = largest_radius(lambda radius: ask(radius, pattern), most, first=start)
    within = replace(pattern, ball=Ball(centre, both.proved))
    if both.proved and is_inhabited(subject, within, settings) is False:
        both = replace(both, proved=0.0, open=both.proved)
    return alone, both


def minimised(
    subject: Subject,
    pattern: Pattern,
    way: str,
    seen: Observed,
    labels: np.ndarray,
    settings: Settings = Settings(),
    calls: int = 20,
    seed: int = 0,
) -> Minimal:
    """A smaller pattern for which claim (a) is proved.

    Neurons whose sign the box alone decides are left out first.

    Args:
        way: ``coarsen``, ``stochastic`` or ``prune`` (see `activation_pattern.minimal`).
        seen: inputs of all classes, with their labels (P,): for pruning, those of other classes
            must not follow the pattern, and those of its own should.
        calls: the upper limit on questions to the verifier.
        seed: the random seed.

    Raises:
        InputError: another way.
    """
    rng = np.random.default_rng(seed)
    pattern = undecided(subject, pattern)

    def ask(part: Pattern) -> Verdict:
        question = classified_otherwise(subject.network, subject.patterns, part)
        return subject.asked(question, settings, part.examples)

    if way == "coarsen":
        return coarsened(pattern, ask, rng, calls)
    if way == "stochastic":
        return stochastically_coarsened(pattern, ask, rng, calls)
    if way != "prune":
        raise InputError(f"the way {way!r}", ("coarsen", "stochastic", "prune"))
    mine = labels == pattern.label
    return pruned(
        pattern,
        ask,
        {name: on[~mine] for name, on in seen.active.items()},
        lambda x: observed(subject.network, x[None], subject.patterns.layers).active,
        calls,
        {name: on[mine & (seen.answers == labels)] for name, on in seen.active.items()},
    )


def undecided(subject: Subject, pattern: Pattern) -> Pattern:
    """The neurons of a pattern whose sign its box alone does not decide, as far as bounds tell."""
    low, high = subject.patterns.box(pattern)
    specification = followed(subject.network, subject.patterns, pattern)
    layers = layers_of(subject.network, watched=watched(subject.network, specification.hidden))
    known = bound_layers(layers, (low[None], high[None]))
    open_: set[tuple[int, int]] = set()
    for place, signs in enumerate(pattern.signs):
        for layer, (least, most) in zip(layers.layers, known.before, strict=True):
            if signs.node in layer.watched:
                entries = np.flatnonzero((least[0] < 0) & (most[0] > 0)).tolist()
                open_ |= {(place, entry) for entry in entries}
    return pattern.only([n for n in pattern.neurons if n[:2] in open_])
