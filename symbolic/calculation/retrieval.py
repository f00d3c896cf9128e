"""Near questions that were solved: cosine of words weighted by how rare they are.

Source: Salton and Buckley 1988 (term weighting, tf-idf).
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

from abduce.symbolic.calculation.understanding import Intent


def _bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"[a-z]{2,}", text.lower()))


def near(words: str, intents: Sequence[Intent], most: int = 3) -> tuple[str, ...]:
    """The examples of intents that are nearest to a question; none where no rare word is shared."""
    examples = [text for row in intents for text, _ in row.examples]
    bags = [_bag(text) for text in examples]
    seen = Counter(word for bag in bags for word in bag)
    weight = {word: math.log(len(bags) / count) for word, count in seen.items()}
    own = _bag(words)

    def size(bag: Counter[str]) -> float:
        return math.sqrt(sum((n * weight.get(w, 0.0)) ** 2 for w, n in bag.items())) or 1.0

    def score(bag: Counter[str]) -> float:
        shared = sum(own[w] * n * weight[w] ** 2 for w, n in bag.items() if w in own)
        return shared / size(own) / size(bag)

    ranked = sorted(zip(map(score, bags), examples, strict=True), key=lambda item: -item[0])
    return tuple(text for found, text in ranked[:most] if found > 0.1)
