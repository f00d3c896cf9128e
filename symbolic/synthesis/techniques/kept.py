"""Programs compared with the outputs: those that are kept, and pairs of them that are not."""

from math import inf, prod

import numpy as np

from abduce.grammars import Rule
from abduce.symbolic.synthesis.working import Working

AHEAD = 5
"""The difference in cost between the programs of the bank, and the dearest programs of two parts
that are compared without being kept: a call and its cheapest argument."""
MOST_BROAD = 4_000_000
"""The upper limit on the pairs of parts up to which all pairs are compared."""
MOST_AFTER = 200_000
"""This limit after a program was found."""
MOST_SCREENED = 4
"""The upper limit on the programs of a batch that are run on all examples."""


class NewRows:
    """Looks for the goal among the new rows of the bank."""

    tried = 0

    def __init__(self, working: Working) -> None:
        self.working = working

    def look(self, level: int) -> None:
        working, bank = self.working, self.working.bank
        rows = bank.rows[working.result]
        start, stop = rows.span(level)
        for at in working.better(working.missed(rows.values[start:stop])):
            working.offer(bank.term(working.result, start + at))


class Pairs:
    """Looks for the goal among programs of two parts or more, without keeping them.

    While few programs are kept, all of their pairs are compared; later only the cheap ones.
    """

    def __init__(self, working: Working) -> None:
        self.working = working
        count = min(len(working.examples), 6) if working.task.noisy else 1
        self.first = slice(0, count)
        self.bearable = count // 2 if working.task.noisy else 0
        self.broad = 0
        self.tried = 0

    def look(self, level: int) -> None:
        working, bank = self.working, self.working.bank
        if working.limit <= level + AHEAD:
            return
        rules = [rule for rule in bank.rules[working.result] if len(rule.args) > 1]
        rules = [rule for rule in rules if rule.name not in bank.elsewhere]
        if self._is_broad(rules, level):
            self.broad = level
        for rule in rules:
            made = (
                bank.broad(rule, level, self.first)
                if self.broad == level
                else bank.made(rule, level + AHEAD, self.first, self.broad)
            )
            for values, parts in made:
                self.tried += len(values)
                working.spent += len(values)
                working.glanced += len(values)
                missed = (values != working.goal[self.first]).sum(axis=1)
                hits = np.flatnonzero(missed <= self.bearable)
                if len(hits):
                    self._screen(rule, [part[hits] for part in parts])
                if working.halted():
                    return

    def _is_broad(self, rules: list[Rule], level: int) -> bool:
        """Whether the pairs with a part of this level are few enough to compare all of them."""
        if self.broad != level - 1:
            return False
        spans = [span for rule in rules for span in self.working.bank.broad_spans(rule, level)]
        total = sum([prod([stop - start for start, stop in span]) for span in spans])
        most = MOST_BROAD if self.working.limit == inf else MOST_AFTER
        return total <= min(most, self.working.budget.programs // 8)

    def _screen(self, rule: Rule, parts: list[np.ndarray]) -> None:
        """Of programs that are right on the first examples, offer those that are right on all."""
        working, bank = self.working, self.working.bank
        pools = [bank.rows[place[0]] for place in rule.args]  # type: ignore[index]
        costs = sum([pool.costs[part] for pool, part in zip(pools, parts, strict=True)])
        order = np.argsort(costs, kind="stable")
        parts = [part[order] for part in parts]
        columns = [pool.values[part] for pool, part in zip(pools, parts, strict=True)]
        missed = working.missed(working.columns.function(rule.name)(*columns))
        for at in working.better(missed)[:MOST_SCREENED]:
            working.offer(bank.of_parts(rule, [int(part[at]) for part in parts]))
