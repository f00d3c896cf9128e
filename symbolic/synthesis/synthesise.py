"""The verb: a program from examples, or why there is none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, prod

import numpy as np

from abduce import clock
from abduce.grammars import Rule
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, Sort
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Prices, Term, bits, numeral
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis.bank import Bank
from abduce.symbolic.synthesis.budget import Budget, ProgramPrices
from abduce.symbolic.synthesis.calling import vectorised
from abduce.symbolic.synthesis.columns import Columns
from abduce.symbolic.synthesis.composing import Composer
from abduce.symbolic.synthesis.covers import SURE, Cover
from abduce.symbolic.synthesis.examples import Example, check, merged, size, spread
from abduce.symbolic.synthesis.found import Candidate, Found
from abduce.symbolic.synthesis.language import ProgramLanguage, language
from abduce.symbolic.synthesis.library import Library
from abduce.symbolic.synthesis.list_steps import ListEnd, ListSteps
from abduce.symbolic.synthesis.oracle import LEAST_PAIRS, Oracle, pairs
from abduce.symbolic.synthesis.steps import DEAREST_END, MOST_ENDS, End, Points, Steps

AHEAD = 5
"""How much dearer than the bank's programs those may be that are made of two of them, and are
looked at without being kept: a call and its cheapest argument."""
MOST_BROAD = 4_000_000
"""The upper limit on the programs of any two parts that are looked at once."""
DEAREST_INSERTED = 16
"""The upper limit on the cost of iterations that are parts of other programs."""
DEAREST_CONDITIONAL = 13
"""The upper limit on the cost of conditionals that are parts of other programs."""
DEAREST_APPEND = 8
"""The upper limit on the cost of appends that are parts of other programs than appends."""
MOST_CHEAP = 8
"""The upper limit on the starts, and on the counts, of iterations over lists."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A program that explains the examples, all but the noise that is allowed.

    Attributes:
        program: over the library's table.
        bits: its description length.
        unexplained: the weight of the examples that it does not explain.
        front: the programs of which no other is as short and explains as much.
        tried: the number of programs evaluated.
    """

    program: Program
    bits: float
    unexplained: float
    front: tuple[Candidate, ...]
    tried: int


@dataclass(frozen=True, slots=True)
class GaveUp:
    """No program was found, and why the search ended."""

    reason: str
    tried: int


def synthesise(
    examples: Sequence[Example],
    type: Signature,
    library: Library | None = None,
    budget: Budget | None = None,
    *,
    seconds: float | None = None,
    prices: Prices | None = None,
) -> Solved | GaveUp:
    """The cheapest program found that explains the examples.

    Args:
        type: the sorts of the arguments and of the value.
        library: what programs may call; its table has the primitives.
        seconds: the upper limit on the time. Without it, the search is deterministic.
        prices: bits of each part of a program.

    Raises:
        InputError: the examples are not of the type.

    >>> pairs = [Example((x, y), x + y) for x, y in [(0, 3), (2, 5), (7, 1), (9, 12)]]
    >>> found = synthesise(pairs, Signature(("integer", "integer"), "integer"))
    >>> assert isinstance(found, Solved)
    >>> print(found.program, found.bits)
    iterate(y, s + 1, x) 12.0
    """
    check(examples, type)
    library = Library() if library is None else library
    budget = Budget() if budget is None else budget
    prices = ProgramPrices() if prices is None else prices
    deadline = None if seconds is None else clock.wall_s() + seconds
    return _Search(merged(examples), type, library, budget, prices, deadline).run()


@dataclass
class _Search:
    examples: list[Example]
    type: Signature
    library: Library
    budget: Budget
    prices: Prices
    deadline: float | None
    tried: int = 0
    working: list[int] = field(default_factory=list)
    first_found: int | None = None

    def __post_init__(self) -> None:
        self.weight = sum(example.weight for example in self.examples)
        allowed = self.budget.noise * self.weight
        self.found = Found(
            self.examples, self.library, self.prices, len(self.type.arguments), allowed
        )
        self.language = language(self.type, self.library.table, self.prices, self._constants())
        noisy = self.budget.noise > 0
        count = min(60, 3 * self.budget.working) if noisy else self.budget.working
        self.working = spread(self.examples, count, self.budget.stepping)

    def _constants(self) -> list[tuple[Sort, Term]]:
        """Numbers and tokens that are leaves: small ones, and what outputs hold."""
        found: list[tuple[Sort, Term]] = []
        if INTEGER in (*self.type.arguments, self.type.result):
            values = [e.value for e in self.examples if isinstance(e.value, int)]
            often = {v for v in values if 2 * values.count(v) > len(set(values)) > 1}
            numbers = sorted({*range(self.budget.constants + 1), *often})
            found += [(INTEGER, numeral(n)) for n in numbers if n > 2]
        if self.type.result == LIST:
            text = "".join([e.value for e in self.examples if isinstance(e.value, str)])
            alphabet = self.library.alphabet
            tokens = sorted(dict.fromkeys(text), key=lambda c: (-text.count(c), c))[:32]
            found += [(LIST, ("token", alphabet.decode(c)[0])) for c in tokens]
        return found

    def run(self) -> Solved | GaveUp:
        reason = ""
        while not reason:
            round_ = _Round(self)
            reason = round_.run()
            self.tried = round_.tried
            if reason == _MORE:
                self.working.append(self.found.failed)
                reason = ""
        best = self.found.best(self.budget.penalty if self.budget.noise else SURE)
        if best is None:
            return GaveUp(reason, self.tried)
        front = tuple(self.found.front)
        return Solved(best.program, best.bits, best.unexplained, front, self.tried)


_MORE = "one more example"


class _Round:
    """One search on the working examples."""

    def __init__(self, search: _Search) -> None:
        self.search = search
        self.found, self.budget = search.found, search.budget
        self.base = search.tried
        self.columns = Columns(search.library)
        self.language: ProgramLanguage = search.language
        self.noisy = search.budget.noise > 0
        examples = [search.examples[i] for i in search.working]
        encode = self.columns.encoded
        self.goal = np.array([encode(e.value) for e in examples], np.int64)
        self.weights = np.array([e.weight for e in examples])
        self.arguments = [
            (f"variable {i}", np.array([encode(e.arguments[i]) for e in examples], np.int64))
            for i in range(len(search.type.arguments))
        ]
        self.order = [*search.working]
        self.order += [i for i in range(len(search.examples)) if i not in set(search.working)]
        self.result = search.type.result
        self.bank = Bank(
            self.language,
            self.columns,
            len(examples),
            dict(self.arguments),
            elsewhere={"if_zero": DEAREST_CONDITIONAL, "append": DEAREST_APPEND},
        )
        costs = self.language.costs
        self.cover = Cover(self.bank, self.result, self.goal, self.weights, costs.get("if_zero", 0))
        count = min(len(examples), 6) if self.noisy else 1
        self.first = slice(0, count)
        self.bearable = count // 2 if self.noisy else 0
        self.broad = 0
        self.looked = 0
        self.least = np.inf
        self.steps = self._steps(examples)
        self.list_steps = self._list_steps(examples)
        self.composer = self._composer(examples)
        self.oracles = self._oracles()
        self.refused = False

    @property
    def tried(self) -> int:
        steps = self.steps
        inner = 0 if steps is None else steps.bank.tried + steps.tried
        if self.list_steps is not None:
            inner += self.list_steps.bank.tried + self.list_steps.tried
        if self.composer is not None:
            inner += self.composer.tried
        inner += sum([oracle.bank.tried for oracle in self.oracles])
        return self.base + self.bank.tried + self.looked + inner

    def run(self) -> str:
        """Why the search ended; what it found is in ``found``."""
        while True:
            level = self.bank.level + 1
            if level > self.budget.bits:
                return f"no program of at most {self.budget.bits:g} bits explains the examples"
            self.bank.grow(self.stop)
            self._look()
            if self.steps is not None and not self.refused:
                self._iterate(level)
            if self.list_steps is not None and not self.refused:
                self._iterate_lists(level)
            self._recurse()
            self._compose()
            self._ahead(level)
            self._covers()
            if self.refused and not self.noisy:
                return _MORE
            if reason := self._ended(level):
                return reason
            if self.bank.cells > self.budget.cells:
                return "the programs that are kept reached their limit (cells)"

    @property
    def limit(self) -> float:
        """The cost from which on a program is of no use: that of one that explains all."""
        full = [c.bits for c in self.found.front if not c.unexplained]
        return min(full, default=inf)

    def stop(self) -> bool:
        return self.tried > self.budget.programs or clock.passed(self.search.deadline)

    def _ended(self, complete: int) -> str:
        """Why the search ends now, or nothing."""
        if self.tried > self.budget.programs:
            return "the programs that were tried reached their limit (programs)"
        if clock.passed(self.search.deadline):
            return "the time was up"
        penalty = self.budget.penalty if self.noisy else SURE
        best = self.found.best(penalty)
        if best is None:
            return ""
        if self.search.first_found is None:
            self.search.first_found = self.tried
        score = best.bits + (penalty * best.unexplained if self.noisy else 0)
        first = self.search.first_found
        enough = first + max(first, self.budget.patience)
        if best.unexplained:
            enough = max(enough, self.budget.unsure)
        return "found" if score <= complete or self.tried > enough else ""

    def _offer(self, term: Term) -> None:
        """Run a program that fits the working examples on all of them."""
        good = self.found.offer(term, self.order)
        outside = self.found.failed >= 0 and self.found.failed not in set(self.search.working)
        if not good and outside and not self.noisy and len(self.search.working) < 60:
            self.refused = True

    def _look(self) -> None:
        """Look for the goal among the new rows."""
        rows = self.bank.rows[self.result]
        start, stop = rows.span(self.bank.level)
        missed = (rows.values[start:stop] != self.goal) @ self.weights
        for at in self._better(missed):
            self._offer(self.bank.term(self.result, start + at))

    def _better(self, missed: np.ndarray) -> list[int]:
        """The rows that miss less than all before them, and no more than is allowed."""
        limit = self.found.allowed + 1e-9
        chosen = []
        for at in np.flatnonzero(missed <= limit).tolist():
            if missed[at] < self.least:
                self.least = float(missed[at])
                chosen.append(at)
            elif not self.noisy and not chosen:
                chosen.append(at)
        return chosen

    def _ahead(self, level: int) -> None:
        """Look for the goal among programs of two parts or more, without keeping them.

        While there are few programs, all pairs of those kept are looked at; then the cheap ones.
        """
        if self.limit <= level + AHEAD:
            return
        rules = [rule for rule in self.bank.rules[self.result] if len(rule.args) > 1]
        rules = [rule for rule in rules if rule.name not in self.bank.elsewhere]
        spans = [span for rule in rules for span in self.bank.broad_spans(rule, level)]
        total = sum([prod([stop - start for start, stop in span]) for span in spans])
        if (
            self.limit == inf
            and self.broad == level - 1
            and total <= min(MOST_BROAD, self.budget.programs // 8)
        ):
            self.broad = level
        for rule in rules:
            made = (
                self.bank.broad(rule, level, self.first)
                if self.broad == level
                else self.bank.made(rule, level + AHEAD, self.first, self.broad)
            )
            for values, parts in made:
                self.looked += len(values)
                missed = (values != self.goal[self.first]).sum(axis=1)
                hits = np.flatnonzero(missed <= self.bearable)
                if len(hits):
                    self._screen(rule, [part[hits] for part in parts])
                if self.stop() or self.refused:
                    return

    def _screen(self, rule: Rule, parts: list[np.ndarray]) -> None:
        """Of programs that are right on the first examples, those that are right on all."""
        function = self.columns.function(rule.name)
        pools = [self.bank.rows[place[0]] for place in rule.args]  # type: ignore[index]
        costs = sum([pool.costs[part] for pool, part in zip(pools, parts, strict=True)])
        order = np.argsort(costs, kind="stable")
        parts = [part[order] for part in parts]
        columns = [pool.values[part] for pool, part in zip(pools, parts, strict=True)]
        missed = (function(*columns) != self.goal) @ self.weights
        for at in self._better(missed)[:4]:
            self._offer(self.bank.of_parts(rule, [int(part[at]) for part in parts]))

    def _covers(self) -> None:
        if "if_zero" not in self.bank.columns.table or not self.cover.look() or self.refused:
            return
        solved = bool(self.found.front)
        penalties = (self.budget.penalty, 4 * self.budget.penalty) if self.noisy else (SURE,)
        for penalty in penalties:
            plan = self.cover.best(penalty, 1 if solved else 2)
            if plan is None or plan.cost >= min(penalty * self.weights.sum(), SURE):
                continue
            if plan.then is not None:
                self._offer(self.cover.term(plan))

    def _steps(self, examples: list[Example]) -> Steps | None:
        """The steps of iterations over numbers, if there are any."""
        names = self.language.binders
        if self.result != INTEGER or not names:
            return None
        small = [
            i
            for i in range(len(examples))[: self.budget.stepping]
            if size(examples[i]) + 2 <= self.budget.states
        ]
        if not small:
            return None
        goals = [int(self.goal[i]) for i in small]
        points = Points.of([size(examples[i]) + 2 for i in small], goals)
        sorts = self.search.type.arguments
        arguments = [
            (name, column[small])
            for (name, column), sort in zip(self.arguments, sorts, strict=True)
            if sort == INTEGER
        ]
        allowed = int(self.noisy and len(small) > 1)
        costs = self.language.costs
        own = (costs["iterate"], costs["if_zero"])
        self.small = small
        return Steps(self.language, self.columns, points, arguments, allowed, own)

    def _list_steps(self, examples: list[Example]) -> ListSteps | None:
        if self.result != LIST or not self.language.binders:
            return None
        small = list(range(min(len(examples), self.budget.stepping)))
        goals = [str(examples[i].value) for i in small]
        arguments = [(name, column[small]) for name, column in self.arguments]
        sorts = self.search.type.arguments
        own = self.language.costs["iterate"]
        given = [example.arguments for example in examples]
        return ListSteps(self.language, self.columns, arguments, sorts, goals, given, own)

    def _composer(self, examples: list[Example]) -> Composer | None:
        if self.result != LIST or "append" not in self.columns.table:
            return None
        goals = [str(example.value) for example in examples]
        weights = self.weights.tolist()
        join = self.language.costs["append"]
        return Composer(self.bank, goals, weights, self.found.allowed, join)

    def _oracles(self) -> list[Oracle]:
        """The recursions that the examples have enough pairs for."""
        search = self.search
        if not self.language.binders:
            return []
        found = []
        for at, sort in enumerate(search.type.arguments):
            known = pairs(search.examples, at) if sort == INTEGER else []
            if len(known) >= LEAST_PAIRS:
                noise = self.budget.noise
                found.append(Oracle(self.language, self.columns, known, at, self.result, noise))
        return found

    def _recurse(self) -> None:
        """Look for the goal among iterations whose step leads from one example to the next."""
        own = self.language.costs.get("iterate", 0)
        for oracle in self.oracles:
            if self.refused or self.stop() or oracle.bank.cells > self.budget.cells:
                return
            for cost, step in oracle.steps(self.stop):
                for start in self._cheap(self.result):
                    if own + cost + start.cost <= self.budget.bits:
                        self._offer(("iterate", ("variable", oracle.at), step, start.term))

    def _compose(self) -> None:
        """Look for the goal among compositions of the bank's lists."""
        if self.composer is not None and self.composer.look() and not self.refused:
            term = self.composer.best()
            if term is not None:
                self._offer(term)

    def _iterate_lists(self, level: int) -> None:
        """Look for the goal among iterations over lists, and add cheap ones to the bank."""
        assert self.list_steps is not None
        self.list_steps.grow(self.stop)
        counts = self._cheap(INTEGER) if INTEGER in self.bank.rows else []
        if level <= DEAREST_END:
            counts += self._numbers({count.term for count in counts})
        starts = [end for end in self._cheap(LIST) if end.cost < 3]
        for cost, term, values in self.list_steps.iterations(counts, starts):
            if self.stop() or self.refused:
                break
            if cost > self.budget.bits:
                continue
            row = np.array([self.columns.encoded(value) for value in values], np.int64)
            if (row != self.goal) @ self.weights <= self.found.allowed:
                self._offer(term)
            elif cost <= DEAREST_INSERTED + 4:
                self.bank.insert(LIST, row, term, max(cost, level))

    def _numbers(self, known: set[Term]) -> list[ListEnd]:
        """Small numbers as counts."""
        prices, table = self.search.prices, self.columns.table
        numbers = [(numeral(n), n) for n in range(2, 10)]
        return [
            ListEnd(term, round(bits(term, prices, table)), [n] * len(self.goal))
            for term, n in numbers
            if term not in known
        ]

    def _cheap(self, sort: Sort) -> list[ListEnd]:
        """The cheapest programs of a sort."""
        rows = self.bank.rows[sort]
        found = []
        for i in range(min(rows.size, MOST_CHEAP)):
            if rows.costs[i] <= DEAREST_END:
                row = rows.values[i].tolist()
                values = [self.columns.lists[v] for v in row] if sort == LIST else row
                found.append(ListEnd(self.bank.term(sort, i), int(rows.costs[i]), values))
        return found

    def _ends(self) -> list[End]:
        """Cheap programs with different values on the small examples."""
        rows = self.bank.rows[INTEGER]
        found: dict[tuple[int, ...], End] = {}
        for index in range(rows.size):
            if rows.costs[index] > DEAREST_END or len(found) == MOST_ENDS:
                break
            values = tuple(rows.values[index, self.small].tolist())
            if values not in found:
                term = self.bank.term(INTEGER, index)
                found[values] = End(term, int(rows.costs[index]), values)
        return list(found.values())

    def _iterate(self, level: int) -> None:
        """Look for the goal among iterations, and add cheap ones to the bank."""
        assert self.steps is not None
        steps, wanted = self.steps, level - 3
        if wanted < 1 or steps.bank.cells > self.budget.cells:
            return
        ends = self._ends()
        counts = [end for end in ends if any(end.values)]
        steps.grow(counts, self.stop)
        for closed in self._closings(ends, counts):
            cost, term, _ = closed
            if cost <= self.budget.bits:
                self._offer(term)
            if self.stop() or self.refused:
                break
        self._insert(level, ends)

    def _closings(self, ends: list[End], counts: list[End]) -> Iterator[tuple[int, Term, int]]:
        assert self.steps is not None
        iterate, if_zero = self.steps.own
        least = iterate + self.steps.bank.level + 2 * min([end.cost for end in ends], default=0)
        if least < self.limit:
            yield from self.steps.plain(ends, counts)
        if least < self.limit:
            yield from self.steps.conditional(ends, counts)
        if least + if_zero < self.limit:
            yield from self.steps.stopped(ends, counts)

    def _insert(self, level: int, ends: list[End]) -> None:
        """Add the iterations of this cost, of cheap steps, to the bank."""
        assert self.steps is not None
        if level > DEAREST_INSERTED:
            return
        rows = self.steps.bank.rows[INTEGER]
        left = level - self.language.costs["iterate"]
        for count in ends:
            for start in ends:
                first, stop = rows.span(left - count.cost - start.cost)
                if left - count.cost - start.cost < 1 or not any(count.values):
                    continue
                for index in range(first, stop):
                    if self.steps._moves(index) and not self.stop():
                        step = self.steps.bank.term(INTEGER, index)
                        self._insert_one(("iterate", count.term, step, start.term), level)

    def _insert_one(self, term: Term, cost: int) -> None:
        row = self._row(term)
        if row is not None:
            self.bank.insert(INTEGER, row, term, cost)

    def _row(self, term: Term) -> np.ndarray | None:
        """The values of a program on the working examples, or None where one is too large."""
        search = self.search
        if self.result == INTEGER and set(search.type.arguments) == {INTEGER}:
            run = vectorised(term, self.columns.function)
            values = run(*[column for _, column in self.arguments])
            return None if (values < 0).any() else values
        program = Program(term, len(self.arguments), search.library.table)
        function = compiled(program, search.library.alphabet)
        try:
            found = [function(*search.examples[i].arguments) for i in search.working]
        except TooLargeError:
            return None
        return np.array([self.columns.encoded(value) for value in found], np.int64)
