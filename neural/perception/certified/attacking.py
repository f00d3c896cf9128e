"""Images within a ball that change the answer, found by gradients and judged by the answer.

At each position, words that would change the value of the sentence are aimed at. Their probability,
beside that of the word that is read, is raised by projected gradient steps through all looks. Found
images are rounded to bytes within the ball, and answered as `abduce answer` answers them.

Source: Madry et al. 2018 (projected gradient descent).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from abduce import clock
from abduce.neural.perception.certified.settings import DEFAULT, CertifyConfig
from abduce.neural.perception.certified.weighing import values
from abduce.neural.perception.files import Kept
from abduce.neural.perception.reading import uncertain_words
from abduce.neural.perception.seeing import looked, looks
from abduce.symbolic.nsr.answers import Answer
from abduce.symbolic.nsr.deduction.chart import GaveUp
from abduce.symbolic.nsr.lexicon import Lexicon
from abduce.symbolic.nsr.uncertain import answer_uncertain


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """Images that are read and answered.

    Attributes:
        images: [positions, height, width], bytes; 255 is ink.
        words: the word that is read at each position; none where the answer is withheld.
    """

    kept: Kept
    lexicon: Lexicon
    images: np.ndarray
    words: tuple[str, ...]
    answer: Answer

    def answered(self, images: np.ndarray) -> Answer:
        """The answer to other images."""
        return answer_uncertain(self.lexicon, uncertain_words(self.kept, images))

    def differs(self, other: Answer) -> bool:
        """Whether another answer is withheld, or has another value."""
        return other.abstained or other.value != self.answer.value


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """Images whose answer differs.

    Attributes:
        images: [positions, height, width], bytes.
        positions: the positions whose images differ, from 0.
        radius: the largest change of a pixel, from 0 to 1.
    """

    images: np.ndarray
    answer: Answer
    positions: tuple[int, ...]
    radius: float


def attacked(
    sentence: Sentence,
    radius: float,
    config: CertifyConfig = DEFAULT,
    *,
    only: int | None = None,
    deadline: float | None = None,
) -> Changed | None:
    """Images within the ball whose answer differs; None where none is found.

    Args:
        radius: the largest change of a pixel, where paper is 0 and ink is 1. It is rounded down to
            a whole number of bytes.
        only: the one position to change; None for all.
        deadline: the ``clock.wall_s()`` at which to stop.
    """
    steps = _bytes(radius)
    if steps == 0:
        return None
    size = len(sentence.words)
    places = range(size) if only is None else [only]
    aims = {at: targets(sentence, at) for at in places}
    for rank in range(config.targets):
        chosen = {at: words[rank] for at, words in aims.items() if rank < len(words)}
        if not chosen or clock.passed(deadline):
            return None
        found = _moved(sentence, chosen, steps, config)
        order = sorted(chosen, key=lambda at: -found.gains[at])
        tries = [[at] for at in order]
        tries += [order[:count] for count in range(2, len(order) + 1)]
        for changed in tries:
            if clock.passed(deadline):
                return None
            images = sentence.images.copy()
            images[changed] = found.images[changed]
            answer = sentence.answered(images)
            if sentence.differs(answer):
                return Changed(images, answer, tuple(sorted(changed)), _distance(sentence, images))
    return None


def smallest_change(
    sentence: Sentence,
    config: CertifyConfig = DEFAULT,
    *,
    most: float = 1.0,
    deadline: float | None = None,
) -> Changed | None:
    """The smallest change of one symbol's pixels, in the largest change of a pixel, that was found
    to change the answer: an upper limit on the smallest there is.

    Each position is looked at alone. Once a position has a change, others have to do with less.
    Radii are bisected in whole bytes.
    """
    best: Changed | None = None
    for at in range(len(sentence.words)):
        low, high = 0, _bytes(most) if best is None else _bytes(best.radius) - 1
        found = attacked(sentence, high / 255, config, only=at, deadline=deadline)
        while found is not None:
            best, high, found = found, _bytes(found.radius), None
            while found is None and high - low > 1 and not clock.passed(deadline):
                middle = (low + high) // 2
                found = attacked(sentence, middle / 255, config, only=at, deadline=deadline)
                low = middle if found is None else low
    return best


def _bytes(radius: float) -> int:
    """The whole number of bytes of a change of pixels, rounded down."""
    return int(radius * 255 + 1e-6)


def targets(sentence: Sentence, at: int) -> list[str]:
    """The words that would change the answer at a position: those that give another value first,
    then those that form no sentence; the likeliest first."""
    sees = uncertain_all(sentence)[at]
    ranked = sorted(zip(sees.tolist(), sentence.kept.symbols, strict=True), reverse=True)
    valued, none = [], []
    for _, word in ranked:
        if word == sentence.words[at]:
            continue
        words = [[w] if n != at else [word] for n, w in enumerate(sentence.words)]
        told = values(sentence.lexicon, words)
        if isinstance(told, GaveUp) or not told:
            none.append(word)
        elif told != [sentence.answer.value]:
            valued.append(word)
    return valued + none


def uncertain_all(sentence: Sentence) -> np.ndarray:
    """What is seen of each image, [positions, symbols]."""
    shown = torch.from_numpy(sentence.images).unsqueeze(1)
    with torch.no_grad():
        parts = [looked(sentence.kept.network, every) for every in _looks(sentence.kept, shown)]
    return torch.cat(parts).numpy()


@dataclass(frozen=True, slots=True, eq=False)
class _Moved:
    images: np.ndarray
    gains: np.ndarray


def _moved(sentence: Sentence, chosen: dict[int, str], steps: int, config: CertifyConfig) -> _Moved:
    """Images moved towards words, as bytes, and how likely these became beside the words read."""
    kept = sentence.kept
    number = {word: n for n, word in enumerate(kept.symbols)}
    at = torch.tensor(sorted(chosen))
    aims = torch.tensor([number[chosen[n]] for n in sorted(chosen)])
    read = torch.tensor([number[sentence.words[n]] for n in sorted(chosen)])
    shown = torch.from_numpy(sentence.images).unsqueeze(1).float() / 255
    radius = steps / 255
    low, high = (shown - radius).clamp(0, 1), (shown + radius).clamp(0, 1)
    random = torch.Generator().manual_seed(config.seed)
    x = shown.clone()
    best, most = shown.clone(), torch.full((len(shown),), -torch.inf, dtype=torch.double)
    for step in range(config.steps + 1):
        if step == config.steps // 2:  # once more, from elsewhere
            x = low + (high - low) * torch.rand(shown.shape, generator=random)
        x = x.detach().requires_grad_()
        seen = torch.cat([looked(kept.network, every) for every in _looks(kept, x)])
        gain = seen[at, aims].log() - seen[at, read].log()
        (slope,) = torch.autograd.grad(gain.sum(), x)
        with torch.no_grad():
            better = at[gain > most[at]]
            best[better], most[better] = x[better].detach(), gain[gain > most[at]].detach()
            left = 1 - (step % max(1, config.steps // 2)) / max(1, config.steps // 2)
            x = x + radius * max(0.05, 2 * config.step * left) * slope.sign()
            x = torch.minimum(torch.maximum(x, low), high)
    bytes_ = torch.round(best[:, 0] * 255).numpy()
    given = sentence.images.astype(np.float64)
    bounded = np.clip(bytes_, np.maximum(given - steps, 0), np.minimum(given + steps, 255))
    return _Moved(bounded.astype(np.uint8), most.numpy())


def _looks(kept: Kept, shown: torch.Tensor) -> Sequence[torch.Tensor]:
    return list(looks(shown, kept.config.distortions))


def _distance(sentence: Sentence, images: np.ndarray) -> float:
    return float(np.abs(images.astype(int) - sentence.images.astype(int)).max()) / 255
