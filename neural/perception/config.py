"""The configuration of perception: network, distortions, training, deduction and answers."""

from dataclasses import dataclass, field

from abduce.symbolic.nsr.deduction.charts import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeingConfig:
    """The network.

    Attributes:
        channels: the channels of the first convolution; the second and third have twice and four
            times as many.
        hidden: the number of units of the layer before the last.
        dropped: the share of these units that are left out in each training step.
    """

    channels: int = 16
    hidden: int = 128
    dropped: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Distortions:
    """How far images are moved, turned and scaled at random; uniform up to these.

    Attributes:
        looks: the number of distorted copies of an image whose answers are averaged with its own,
            where sentences are answered.
        shift: the greatest shift, in pixels.
        turn: the greatest rotation, in radians.
        scale: the greatest change of the size, as a share of it.
    """

    looks: int = field(default=8, metadata={"least": 0})
    shift: float = 2.5
    turn: float = 0.25
    scale: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness:
    """Training for certified answers: images are taught with the worst that a ball around them
    allows, as intervals bound it.

    Attributes:
        radius: the radius of the ball, in pixels of 0 to 1; 0 for training without it.
        share: the weight of the worst case in the loss; the images as they are have the rest.
        start: the share of the training before the radius begins to grow.
        grown: the share of the training in which it grows linearly.
    """

    radius: float = 0.0
    share: float = 0.5
    start: float = 0.1
    grown: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How long to train, and how fast.

    Attributes:
        images: the number of images seen in all, each distorted anew every time.
        batch: the approximate number of images in a step; a sentence is not divided.
        rate: the highest learning rate of AdamW; it falls to nothing along half a cosine over the
            last part of the training.
        decay: the weight decay.
        steady: the share of the training at the highest rate.
        grown: the share of the training in which longer and longer sentences are added. Every
            length that occurs gets an equal part of it.
        soft: whether an image is taught the posterior of its symbols; else the likeliest of them.
        uses: the number added to the expected uses of every reading of a symbol before their shares
            are estimated.
        robust: training for certified answers.
    """

    images: int = 600_000
    batch: int = 128
    rate: float = 3e-3
    decay: float = 0.01
    steady: float = 0.4
    grown: float = 0.4
    soft: bool = True
    uses: float = 0.1
    robust: Robustness = field(default_factory=Robustness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How sentences of images are answered.

    Attributes:
        misread: the prior probability that what is seen of an image says nothing of its symbol, as
            where an image is spoiled. The symbol is then as likely as it is usual.
    """

    misread: float = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceptionConfig:
    """All that shapes what is learned from images."""

    network: SeeingConfig = field(default_factory=SeeingConfig)
    distortions: Distortions = field(default_factory=Distortions)
    training: Training = field(default_factory=Training)
    limits: Limits = field(default_factory=Limits)
    answering: Answering = field(default_factory=Answering)
