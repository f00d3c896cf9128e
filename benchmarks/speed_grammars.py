"""How fast grammars are: `python -m abduce.benchmarks.speed_grammars`, a JSON line a figure.

Each figure is the best of five runs in one thread, with the target it has to meet.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from random import Random

from abduce import clock
from abduce.benchmarks.data import scan_splits
from abduce.grammars import Language, enumerate_trees, logp, mask, parse, run, sample, text, tokens
from abduce.grammars.languages import pcfg_set
from abduce.grammars.languages import scan as scan_language
from abduce.printing import write_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured speed; `target` is a lower bound, or an upper one for the unit "us"."""

    figure: str
    value: float
    unit: str
    target: float | None = None

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value <= self.target if self.unit == "us" else self.value >= self.target


def figures(sentences: int = 5_000) -> Iterator[Figure]:
    """Measure the speed on a number of sampled sentences of each language."""
    for language in (scan_language.language(), pcfg_set.language()):
        yield from _figures(language, sentences)
    commands = _seconds(lambda: list(enumerate_trees(scan_language.language().grammar)))
    yield Figure(figure="scan: enumerated", value=20_910 / commands, unit="trees/s")

    def split() -> None:
        scan_splits.tasks.cache_clear()
        scan_splits.split("addprim_jump")

    yield Figure(
        figure="scan: a split from nothing", value=1e6 * _seconds(split), unit="us", target=5e5
    )


def _figures(language: Language, n: int) -> Iterator[Figure]:
    grammar, name = language.grammar, language.name
    rng = Random(0)
    sample(grammar, rng)
    seconds = _seconds(lambda: [sample(grammar, rng) for _ in range(n)])
    yield Figure(figure=f"{name}: sampled", value=n / seconds, unit="sentences/s", target=20_000)
    trees = [sample(grammar, Random(k)) for k in range(n)]
    texts = [text(grammar, tree) for tree in trees]
    characters = sum(map(len, texts))
    parse(grammar, texts[0])
    seconds = _seconds(lambda: [parse(grammar, sentence) for sentence in texts])
    yield Figure(
        figure=f"{name}: parsed", value=characters / seconds, unit="characters/s", target=200_000
    )
    words = [tokens(grammar, tree) for tree in trees]
    steps = sum(len(sentence) + 1 for sentence in words)

    def masks() -> None:
        for sentence in words:
            prefix = mask(grammar)
            for token in sentence:
                prefix.allowed()
                prefix = prefix.advance(token)
            prefix.allowed()

    yield Figure(
        figure=f"{name}: mask step", value=1e6 * _seconds(masks) / steps, unit="us", target=50
    )
    each: dict[str, Callable[[], object]] = {
        "printed": lambda: [text(grammar, tree) for tree in trees],
        "run": lambda: [run(tree, language.algebra) for tree in trees],
        "logp": lambda: [logp(grammar, tree) for tree in trees],
    }
    for what, work in each.items():
        yield Figure(figure=f"{name}: {what}", value=n / _seconds(work), unit="trees/s")


def _seconds(work: Callable[[], object], runs: int = 5) -> float:
    best = float("inf")
    for _ in range(runs):
        start = clock.wall_s()
        work()
        best = min(best, clock.wall_s() - start)
    return best


def main() -> int:
    """Print the figures; 1 where a target is missed."""
    missed = False
    for figure in figures():
        line = {**asdict(figure), "value": float(f"{figure.value:.4g}"), "met": figure.met}
        write_line(sys.stdout, json.dumps(line))
        missed |= figure.met is False
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
