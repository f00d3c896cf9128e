"""Three pictures, a network fitted to them, and a lexicon of their words, for tests."""

from functools import cache

import numpy as np
import torch

from abduce.neural.perception.config import Distortions, PerceptionConfig, SeeingConfig
from abduce.neural.perception.files import Kept
from abduce.neural.perception.network import SIDE, Seeing
from abduce.symbolic.nsr import Lexicon
from abduce.symbolic.nsr.deduction.syntax import JUXTAPOSITION, Category
from tests.toy_languages import language

WORDS = ("dax", "lug", "fep")
SHAPES = {"dax": np.s_[14:18, 4:28], "lug": np.s_[4:28, 14:18], "fep": np.s_[6:26, 6:26]}


def picture(word: str) -> np.ndarray:
    """A bar that lies, a bar that stands, or a full square, [32, 32], bytes."""
    found = np.zeros((SIDE, SIDE), np.uint8)
    found[SHAPES[word]] = 220
    return found


def blend(share: float, one: str = "dax", other: str = "lug") -> np.ndarray:
    """A share of one picture over the rest of another."""
    mixed = share * picture(one) + (1 - share) * picture(other)
    return np.round(mixed).astype(np.uint8)


@cache
def fitted(looks: int = 1, seed: int = 0) -> Kept:
    """A small network that tells the pictures and their blends apart."""
    config = PerceptionConfig(
        network=SeeingConfig(channels=1, hidden=6, dropped=0.0),
        distortions=Distortions(looks=looks),
    )
    network = Seeing(config.network, len(WORDS), seed)
    shown = np.stack([picture(word) for word in WORDS] + [blend(0.8), blend(0.2)])
    labels = torch.tensor([0, 1, 2, 0, 1])
    inks = torch.from_numpy(shown).unsqueeze(1).float() / 255
    optimiser = torch.optim.Adam(network.parameters(), 0.03)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(150):
        noise = 0.1 * torch.rand(inks.shape, generator=generator)
        loss = torch.nn.functional.cross_entropy(network((inks + noise).clamp(0, 1)), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return Kept(network.eval(), WORDS, np.full(3, 1 / 3), config)


def lexicon() -> Lexicon:
    """dax and lug are colours, and fep doubles what stands before it; nothing stands side by
    side."""
    whole = language({"fep": (Category.POSTFIX, 20.0, "xx")})
    entries = {word: e for word, e in whole.entries.items() if word != JUXTAPOSITION}
    return Lexicon(entries, False, (), whole.vocabulary, 0.5, {}, whole.world)
