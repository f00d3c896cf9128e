"""Smaller patterns that are still proved: three ways to leave neurons out.

A pattern with fewer neurons has a larger region, so that more inputs follow it, and it is harder to
prove. Each way starts from the mined pattern and asks a verifier about patterns of some of its
neurons, a limited number of times. What it returns was proved as it is, unless nothing was.

Source: Geng et al. 2024, Learning Minimal Neural Specifications: Coarsen, StochCoarsen, and pruning
by adversarial inputs. Deviations: `coarsened` leaves out groups of neurons and halves a group that
is needed, where the source leaves out one neuron at a time. `pruned` is a search by
counterexamples: each one that the verifier finds must be excluded by a neuron from then on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from abduce.verify.specifications.activation_pattern.pattern import Pattern
from abduce.verify.verdict import Proved, Refuted, Verdict

Ask = Callable[[Pattern], Verdict]
"""The verdict on a pattern: whether no input that follows it is classified otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Minimal:
    """A smaller pattern.

    Attributes:
        pattern: the smallest one that was proved; the mined pattern where none was.
        proved: whether it was.
        calls: how often the verifier was asked.
    """

    pattern: Pattern
    proved: bool
    calls: int


class _Asked:
    """A verifier that counts its calls and keeps the smallest proved pattern."""

    def __init__(self, pattern: Pattern, ask: Ask, calls: int) -> None:
        self.best, self.proved, self.ask = pattern, False, ask
        self.calls, self.most = 0, calls

    @property
    def left(self) -> bool:
        return self.calls < self.most

    def __call__(self, pattern: Pattern) -> Verdict:
        self.calls += 1
        verdict = self.ask(pattern)
        if isinstance(verdict, Proved) and (not self.proved or len(pattern) < len(self.best)):
            self.best, self.proved = pattern, True
        return verdict

    def proves(self, pattern: Pattern) -> bool:
        return isinstance(self(pattern), Proved)

    @property
    def found(self) -> Minimal:
        return Minimal(self.best, self.proved, self.calls)


def coarsened(pattern: Pattern, ask: Ask, rng: np.random.Generator, calls: int = 60) -> Minimal:
    """Leaves out groups of neurons while the rest is proved; a group that is needed is halved.

    Args:
        rng: the order of the neurons.
        calls: the upper limit on questions to the verifier, 1 or more.
    """
    asked, neurons = _Asked(pattern, ask, calls), pattern.neurons
    if not asked.proves(pattern):
        return asked.found
    order = rng.permutation(len(neurons))
    groups = [part for part in np.array_split(order, 2) if len(part)][::-1]
    kept = np.ones(len(neurons), bool)
    while groups and asked.left:
        group = groups.pop()
        kept[group] = False
        if asked.proves(pattern.only([n for n, keep in zip(neurons, kept, strict=True) if keep])):
            continue
        kept[group] = True
        if len(group) > 1:
            groups += np.array_split(group, 2)
    return asked.found


def stochastically_coarsened(
    pattern: Pattern,
    ask: Ask,
    rng: np.random.Generator,
    calls: int = 60,
    share: float = 0.5,
) -> Minimal:
    """Keeps each neuron with a probability, again and again; what is proved is gone on from.

    Args:
        share: the probability at first; half way to 1 after each draw that was not proved.
        calls: the upper limit on questions to the verifier, 1 or more.
    """
    asked, neurons = _Asked(pattern, ask, calls), pattern.neurons
    if not asked.proves(pattern):
        return asked.found
    while asked.left:
        drawn = [neuron for neuron in neurons if rng.random() < share]
        if len(drawn) == len(neurons):
            return asked.found
        if asked.proves(pattern.only(drawn)):
            neurons = drawn
        else:
            share = (1 + share) / 2
    return asked.found


def pruned(
    pattern: Pattern,
    ask: Ask,
    excluded: Mapping[str, np.ndarray],
    active_at: Callable[[np.ndarray], Mapping[str, np.ndarray]],
    calls: int = 60,
    followers: Mapping[str, np.ndarray] | None = None,
) -> Minimal:
    """Keeps neurons that together exclude all inputs known to be of other classes.

    Neurons are chosen greedily: the one that excludes most of these inputs, and of several the one
    that fewest followers contradict. A counterexample of the verifier joins these inputs. Where the
    verifier does not know, the number of neurons is doubled.

    Args:
        excluded: for each node, whether its neurons are active at inputs of other classes.
        active_at: the same at one input (inputs,), (1, size) each.
        followers: the same at inputs of the class, of which as many as possible should follow.
        calls: the upper limit on questions to the verifier, 1 or more.
    """
    asked, neurons = _Asked(pattern, ask, calls), pattern.neurons
    table = _excluding(pattern, excluded)
    lost = np.zeros(len(neurons))
    if followers is not None and len(neurons):
        lost = _excluding(pattern, followers).mean(0)
    if not asked.proves(pattern):
        return asked.found
    least = 0
    while asked.left:
        chosen = _covering(table, lost, least)
        part = pattern.only([neurons[place] for place in chosen])
        verdict = asked(part)
        if isinstance(verdict, Proved):
            return asked.found
        if isinstance(verdict, Refuted):
            row = _excluding(pattern, active_at(verdict.x.ravel()))
            if row.any():
                table = np.concatenate([table, row])
                continue
        if len(part) == len(pattern):
            break
        least = min(len(neurons), max(2 * len(part), len(neurons) // 8, 1))
    return asked.found


def _excluding(pattern: Pattern, active: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether inputs contradict the sign of each neuron of the pattern, (P, neurons)."""
    columns = [
        active[pattern.signs[layer].node][:, place] != on for layer, place, on in pattern.neurons
    ]
    count = len(next(iter(active.values())))
    return np.stack(columns, 1) if columns else np.zeros((count, 0), bool)


def _covering(table: np.ndarray, lost: np.ndarray, least: int) -> list[int]:
    """Columns, ``least`` or more, so that each row that can be has one of them set."""
    left, chosen = table.any(1), []
    free = np.ones(table.shape[1], bool)
    while free.any() and (left.any() or len(chosen) < least):
        gain = table[left].sum(0) if left.any() else table.sum(0)
        worth = np.where(free, gain + 1e-9, -1.0) * (1.0 - lost)
        best = int(np.where(free, worth, -np.inf).argmax())
        chosen.append(best)
        free[best] = False
        left &= ~table[:, best]
    return sorted(chosen)
