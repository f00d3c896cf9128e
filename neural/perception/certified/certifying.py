"""Whether the answer to a sentence of images can change, when their pixels change a little.

What is claimed, where it is proved. Each image is prepared as `abduce answer` prepares it: 32 x 32
pixels, paper 0 and ink 1. Whatever images of such numbers differ from these by at most the radius
in every pixel, and lie between 0 and 1, `abduce answer` gives the same value and does not withhold
it. Network and distorted copies are those of the files, with the same copies as for these images.
The logits are bounded in exact real arithmetic; torch computes them in float32, for which every
bound gives up an allowance (`CertifyConfig.rounding`) that is not proved. The preparation of a
changed photograph may differ, and is not part of the claim.

The answer is refuted by images whose pixels are bytes, as read from files, and that `abduce answer`
answers otherwise.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from abduce import clock
from abduce.errors import InputError
from abduce.neural.perception.certified.attacking import Changed, Sentence, attacked
from abduce.neural.perception.certified.composing import Composed, composed
from abduce.neural.perception.certified.margins import Margins, Way
from abduce.neural.perception.certified.places import Looking, Place
from abduce.neural.perception.certified.ratios import ratios
from abduce.neural.perception.certified.settings import CertifyConfig
from abduce.neural.perception.files import Kept
from abduce.neural.perception.reading import uncertain_words
from abduce.neural.perception.seeing import looks
from abduce.symbolic.nsr.answers import Answer, Tokens
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.nsr.uncertain import answer_uncertain, likeliest_words
from abduce.verify.verdict import OUT_OF_TIME, Certificate, Proved, Refuted, Unknown, Verdict

INEXACT = 1e-6
"""Pixels of distorted copies are computed in float32; boxes are this much wider at both ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Certified:
    """The verdict on the answer to one sentence.

    Attributes:
        answer: the answer to the images as they are.
        verdict: refuted by images of bytes, [positions, 32, 32], whose output is another answer, or
            none where that is withheld.
        places: what may be read at each position; empty where nothing was bounded.
        composed: what the chart says of these; None where it was not asked.
        changed: the images that change the answer, where it is refuted.
        cpu_s: what it took.
    """

    answer: Answer
    verdict: Verdict
    places: tuple[Place, ...] = ()
    composed: Composed | None = None
    changed: Changed | None = None
    cpu_s: float = 0.0

    @property
    def alone(self) -> list[bool]:
        """Of each position, whether the word that is read is proved to stay the likeliest."""
        return [not place.rivals for place in self.places]

    @property
    def without_grammar(self) -> bool:
        """Whether the answer is proved without the grammar: as if every sentence had a value, and
        all but the one that is read had another."""
        shares = [1 / (1 + sum(place.most.values())) for place in self.places]
        return bool(self.places) and math.prod(shares) > 0.5


@dataclass(slots=True, eq=False)
class Certifier:
    """What certifies answers: a network of perception, read once, and a lexicon."""

    kept: Kept
    lexicon: Lexicon
    config: CertifyConfig = field(default_factory=CertifyConfig)
    margins: Margins = field(init=False)

    def __post_init__(self) -> None:
        self.margins = Margins.of(self.kept.network)

    @property
    def looking(self) -> Looking:
        """What `abduce answer` looks at of each position."""
        limits, misread = self.kept.config.limits, self.kept.config.answering.misread
        always = int((misread * self.kept.usual > 1.01 * limits.symbol).sum())
        return Looking(
            symbols=limits.symbols,
            symbol=limits.symbol,
            doubted=always >= 2 and limits.symbols >= 2,
            negligible=self.config.negligible,
        )

    def sentence(self, images: np.ndarray) -> Sentence:
        """Images as they are read and answered; without words where the answer is withheld.

        Args:
            images: [positions, 32, 32], bytes as `images.read` prepares them.
        """
        sees = uncertain_words(self.kept, images)
        given = answer_uncertain(self.lexicon, sees)
        words = likeliest_words(self.lexicon, sees)
        if given.abstained or given.value is None or isinstance(words, str):
            words = ()
        return Sentence(self.kept, self.lexicon, images, words, given)

    def certify(
        self,
        images: np.ndarray,
        radius: float,
        *,
        attack: bool = True,
        every: bool = False,
        deadline: float = np.inf,
    ) -> Certified:
        """The verdict on the answer to a sentence.

        Tighter bounds end at the first image that would break the answer even if all others were
        read without any doubt.

        Args:
            images: [positions, 32, 32], bytes as `images.read` prepares them.
            radius: the largest change of a pixel, above 0 and up to 1.
            attack: whether images that change the answer are looked for, where the first bounds
                do not prove it.
            every: whether symbols that are not proved alone get the tighter bounds, even where the
                answer is proved without them.
            deadline: the ``clock.wall_s()`` at which to stop.

        Raises:
            InputError: another radius.
        """
        if not 0.0 < radius <= 1.0:
            raise InputError(f"the radius {radius:g}", ("a number above 0 and up to 1",))
        watch = clock.Stopwatch.now()
        sentence = self.sentence(images)
        given, words = sentence.answer, sentence.words
        if given.abstained or given.value is None or not words:
            reason = f"the answer is withheld: {given.reason}"
            return Certified(given, Unknown(reason), cpu_s=watch.cpu_s)
        balls = _Balls.of(self.kept, images, radius)
        places: list[Place] = []
        try:
            for at, word in enumerate(words):
                places.append(self._place(balls, at, word, "intervals", deadline))
            found = composed(self.lexicon, places, given.value, self.looking)
            changed = None
            if not found.stays and attack:
                until = None if deadline == np.inf else deadline
                changed = attacked(sentence, radius, self.config, deadline=until)
            for at in _worst_first(places) if changed is None else []:
                if found.stays and not (every and places[at].rivals):
                    continue
                places[at] = self._place(balls, at, words[at], "backward", deadline, places[at])
                if found.stays:
                    continue
                found = composed(self.lexicon, places, given.value, self.looking)
                alone = found if found.stays else self._with_others_certain(places, at, given.value)
                if not alone.stays:
                    found = alone
                    break
        except clock.OutOfTime:
            return Certified(given, Unknown(OUT_OF_TIME), tuple(places), cpu_s=watch.cpu_s)
        verdict = _verdict(found, changed, given, places, radius)
        return Certified(given, verdict, tuple(places), found, changed, watch.cpu_s)

    def _with_others_certain(self, places: Sequence[Place], at: int, answer: Tokens) -> Composed:
        """Whether the answer would stay if all other images were read without any doubt."""
        others = [p if n == at else Place(p.word, {}, 1.0) for n, p in enumerate(places)]
        return composed(self.lexicon, others, answer, replace(self.looking, doubted=True))

    def _place(
        self,
        balls: "_Balls",
        at: int,
        word: str,
        way: Way,
        deadline: float,
        known: Place | None = None,
    ) -> Place:
        """What may be read at a position.

        Args:
            known: what is known already.

        Raises:
            OutOfTime: at the deadline.
        """
        kept = self.kept
        symbol = kept.symbols.index(word)
        low, high = balls.low[:, at], balls.high[:, at]
        found = self.margins.lower(low, high, symbol, way, deadline, self.config.patience)
        margins = found - self.config.rounding
        seen = ratios(margins, symbol, kept.usual, kept.config.answering.misread)
        most = dict(zip(kept.symbols, seen.most.tolist(), strict=True))
        del most[word]
        least = seen.least
        if known is not None:
            most = {other: min(r, known.most[other]) for other, r in most.items()}
            least = max(least, known.least)
        return Place(word, most, least)


@dataclass(frozen=True, slots=True, eq=False)
class _Balls:
    """The boxes that hold every look at every image of a ball, [looks, positions, pixels]."""

    low: np.ndarray
    high: np.ndarray

    @staticmethod
    def of(kept: Kept, images: np.ndarray, radius: float) -> "_Balls":
        """A copy is a weighted sum of pixels, of weights that are not negative. So it is least and
        greatest where all pixels are."""
        shown = torch.from_numpy(images).unsqueeze(1).double() / 255
        ends = (shown - radius).clamp(0, 1), (shown + radius).clamp(0, 1)
        low, high = (
            torch.cat(list(looks(end.float(), kept.config.distortions)), 1).double().flatten(2)
            for end in ends
        )
        return _Balls((low - INEXACT).numpy(), (high + INEXACT).numpy())


def _worst_first(places: Sequence[Place]) -> list[int]:
    return sorted(range(len(places)), key=lambda at: (-sum(places[at].most.values()), at))


def _verdict(
    found: Composed,
    changed: Changed | None,
    given: Answer,
    places: Sequence[Place],
    radius: float,
) -> Verdict:
    assert given.value is not None
    if found.stays:
        text = " ".join(given.value)
        claim = f"the answer stays {text} where every pixel changes by at most {radius:g}"
        return Proved(certificate=Certificate(claim, "bounds on logits, and a chart", len(places)))
    if changed is not None:
        other = () if changed.answer.abstained else changed.answer.value or ()
        y, expected = np.array(other, dtype=object), np.array(given.value, dtype=object)
        return Refuted(changed.images, y, 0, expected=expected)
    return Unknown(reason_of(found, places))


def reason_of(found: Composed, places: Sequence[Place]) -> str:
    """Why an answer is not proved, with the image and the symbol."""
    if found.at is None:
        return found.reason
    place = places[found.at]
    other = "" if found.instead is None else f" as {found.instead!r}"
    return f"{found.reason}: image {found.at + 1} ({place.word!r}) may be read{other}"


def places_json(places: Sequence[Place]) -> list[Mapping[str, object]]:
    """What may be read at each position, as plain JSON values."""
    return [{"word": p.word, "alone": not p.rivals, "may_be_read_as": p.rivals} for p in places]
