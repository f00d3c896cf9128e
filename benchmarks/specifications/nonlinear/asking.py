"""The verdicts on the images of a network: the radius, what alpha bounds prove, and the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from abduce import clock
from abduce.benchmarks.data.mnist import Images
from abduce.benchmarks.specifications.nonlinear.jobs import RADII, NonlinearJob
from abduce.benchmarks.specifications.nonlinear.making import Model
from abduce.verify.instances.instance import OnDemand
from abduce.verify.instances.near import Nearness, robust
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.network import Network
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.verdict import Verdict

SLACK: Final = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A network and the images it is asked about, (P, pixels).

    Attributes:
        accuracy: the share of held-out images that are classified rightly.
    """

    model: Model
    network: Network
    inputs: np.ndarray
    accuracy: float

    @classmethod
    def of(cls, model: Model, images: Images, count: int, seed: int) -> "Subject":
        """Held-out images that the network classifies rightly, drawn by a seed."""
        network = read_network(model.path)
        inputs, labels = images.inputs[~images.mined], images.labels[~images.mined]
        answers = evaluate(network, inputs.reshape(-1, *network.input_shape))
        right = np.flatnonzero(answers.reshape(len(inputs), -1).argmax(-1) == labels)
        drawn = np.random.default_rng(seed).permutation(right)[:count]
        return cls(model, network, inputs[drawn], len(right) / len(inputs))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found of one image."""

    verdict: str
    domains: int
    cpu_s: float


def asked(subject: Subject, job: NonlinearJob, image: int, radius: float) -> Asked:
    """The verdict on one image: `proved`, `refuted` or `unknown`."""
    watch = clock.Stopwatch.now()
    near = Nearness(
        within=(0.0, 1.0),
        work_s=job.work_s,
        timeout_s=SLACK * job.work_s,
        strategy=job.strategy,
    )
    replay = OnDemand(subject.model.path, subject.network)
    found: Verdict = robust(subject.network, subject.inputs[image], radius, None, near, replay)
    return Asked(type(found).__name__.lower(), found.work.domains, watch.cpu_s)


@dataclass(frozen=True, slots=True)
class Half:
    """The least radius of the grid at which at most half of the images are proved."""

    radius: float
    found: tuple[Asked, ...]


def half_proved(
    ask: Callable[[int, float], Asked], images: int, radii: Sequence[float] = RADII
) -> Half:
    """Finds the radius, and the verdict on each image there.

    A proof for a radius is one for all smaller ones, and so is a counterexample for all larger
    ones. It is assumed that an image which is not proved for a radius is not proved for any larger
    one by the same bounds. So the largest radius that is proved is found for each image by
    bisection.
    """
    known: dict[tuple[int, int], Asked] = {}
    low, high = -1, len(radii)  # at `high` at most half are proved; nothing is asked there
    proved = np.full(images, -1)
    open_ = np.full(images, len(radii))
    while high - low > 1:
        at = (low + high) // 2
        for image in range(images):
            if proved[image] < at < open_[image]:
                known[image, at] = ask(image, radii[at])
                if known[image, at].verdict == "proved":
                    proved[image] = at
                else:
                    open_[image] = at
        if 2 * int((proved >= at).sum()) <= images:
            high = at
        else:
            low = at
    place = min(high, len(radii) - 1)
    return Half(radii[place], tuple(_at(ask, known, n, place, radii) for n in range(images)))


def _at(
    ask: Callable[[int, float], Asked],
    known: dict[tuple[int, int], Asked],
    image: int,
    place: int,
    radii: Sequence[float],
) -> Asked:
    """What is found of an image at a radius, or follows from what was found at others."""
    for (asked_of, at), found in known.items():
        same = at == place or (at > place) == (found.verdict == "proved")
        if asked_of == image and same and (at == place or found.verdict != "unknown"):
            return found
    return ask(image, radii[place])
