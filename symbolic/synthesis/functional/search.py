"""One search: banks of programs and of lambda bodies that grow in turn, and techniques on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

import numpy as np

from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.enumerating.bank import Bank, Leaf, Rule
from abduce.symbolic.synthesis.functional.enumerating.columns import Columns
from abduce.symbolic.synthesis.functional.enumerating.goals import Goal
from abduce.symbolic.synthesis.functional.enumerating.lambdas import (
    Lambdas,
    body_rules,
    function_types,
    points_of,
)
from abduce.symbolic.synthesis.functional.examples import FunctionalExample
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram, running
from abduce.symbolic.synthesis.functional.language import constants_of, rules_of
from abduce.symbolic.synthesis.functional.primitives import Table, Undefined
from abduce.symbolic.synthesis.functional.strings import STRINGS
from abduce.symbolic.synthesis.functional.techniques.aggregates import Aggregates
from abduce.symbolic.synthesis.functional.techniques.branches import Branches
from abduce.symbolic.synthesis.functional.techniques.elementwise import Elementwise
from abduce.symbolic.synthesis.functional.techniques.pieces import Pieces
from abduce.symbolic.synthesis.functional.techniques.recursion import Recursion, recursions
from abduce.symbolic.synthesis.functional.terms import VARIABLE, Term, argument, bits, constant_bits
from abduce.symbolic.synthesis.functional.types import (
    BOOL,
    INT,
    STRING,
    FunctionOf,
    ListOf,
    Signature,
)

DEAREST_CONDITIONAL: Final = 14
"""The upper limit on the cost of conditionals that are enumerated; others are covers."""
LIMITED: Final = {"if": DEAREST_CONDITIONAL}
FIRST_PIECES: Final = 7
"""The cost from which on outputs are put together from pieces."""
SPLIT_PIECES: Final = 10
"""The cost from which on this is done for the examples of each condition too."""
MOST_SPLITS: Final = 10
SPLIT_STATES: Final = 300
AHEAD: Final = 4
"""The bodies of functions are enumerated up to the cost of programs less this at least."""
SHARES: Final = (0.05, 2.0)
"""How many bodies of one type may be tried for each program, to go further than that: where no
output asks for one, and where one does."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """How other programs that fit are told apart from the cheapest one.

    Attributes:
        probes: inputs of which no output is known.
        slack: programs with fewer bits than the cheapest one and this many are kept.
    """

    probes: tuple[tuple[Any, ...], ...] = ()
    slack: int = 0


@dataclass
class Fits:
    """The programs that explain all examples, cheapest first.

    Attributes:
        failed: the example that the last program that was refused failed on.
    """

    examples: Sequence[FunctionalExample]
    type: Signature
    table: Table
    most: int
    programs: list[FunctionalProgram] = field(default_factory=list)
    offered: set[Term] = field(default_factory=set)
    failed: int = -1

    @property
    def least(self) -> float:
        return self.programs[0].bits if self.programs else inf

    def offer(self, term: Term) -> bool:
        """Run a program on all examples and keep it if it is right on all."""
        self.failed = -1
        if term in self.offered:
            return False
        self.offered.add(term)
        program = FunctionalProgram(term, self.type, self.table)
        run = running(program)
        for index, example in enumerate(self.examples):
            try:
                right = run(*example.arguments) == example.value
            except Undefined:
                right = False
            if not right:
                self.failed = index
                return False
        programs = sorted([*self.programs, program], key=lambda p: p.bits)
        self.programs = programs[: self.most]
        return True


class Round:
    """A search on some examples. It ends with a program, at a limit, or since a program was right
    on all of them but wrong on another one.

    Attributes:
        refused: that other example, or -1.
        reason: why the search ended.
    """

    def __init__(
        self,
        fits: Fits,
        working: Sequence[int],
        budget: FunctionalBudget,
        late: Callable[[], bool],
        spent: int,
        rivals: Rivals,
    ) -> None:
        self.fits, self.working, self.budget, self.late = fits, tuple(working), budget, late
        self.type, self.table, self.spent = fits.type, fits.table, spent
        self.examples = [fits.examples[i] for i in working]
        self.inputs = [*[example.arguments for example in self.examples], *rivals.probes]
        self.slack = rivals.slack
        self.outputs = [example.value for example in self.examples]
        self.literal = sum([constant_bits(example.value) for example in fits.examples])
        self.columns = Columns()
        self.refused, self.reason, self.first = -1, "", -1
        rules = rules_of(self.table, self.type)
        self.recursions = [
            each for each in recursions(self.examples, self.type) if self._has(each.name, "reverse")
        ]
        self.tables = self._tables(rules)
        usable = [
            rule
            for rule in rules
            if all(not isinstance(t, FunctionOf) or t in self.tables for t in rule.arguments)
        ]
        self.bank = Bank(self.columns, usable, len(self.inputs), self.halted, LIMITED)
        for index, each in enumerate(self.type.arguments):
            values = self.columns.column(each, [input_[index] for input_ in self.inputs])
            self.bank.give(Leaf(each, argument(index), VARIABLE, values))
        self._constants(self.bank, budget.constants)
        self.goal = self.columns.column(self.type.result, self.outputs)
        self._techniques()

    def _tables(self, rules: Sequence[Rule]) -> dict[FunctionOf, Lambdas]:
        """A table of bodies for each type of functions, where examples have items for it."""
        tables: dict[FunctionOf, Lambdas] = {}
        for type in function_types(rules):
            needed = [p for r in self.recursions if r.function == type for p in r.steps]
            points = points_of(type, self.inputs, self.type.arguments, needed)
            if points:
                bank = Bank(
                    self.columns, body_rules(rules, type), len(points), self.halted, LIMITED
                )
                tables[type] = Lambdas(type, points, bank, self.inputs, self.table)
                self._constants(bank, self.budget.body_constants)
        return tables

    def _constants(self, bank: Bank, largest: int) -> None:
        for type, term in constants_of(self.fits.examples, self.type, largest):
            value = self.columns.encoded(type, term[2])
            cost = bits(term, self.table)
            bank.give(Leaf(type, term, cost, np.full(bank.points, value)))

    def _has(self, *names: str) -> bool:
        """Whether the table has these primitives, with the meaning that techniques rely on."""
        return all(self.table.get(name) is STRINGS[name] for name in names)

    def _techniques(self) -> None:
        result = self.type.result
        self.branches = Branches(result, self.goal, self.bank, STRINGS["if"].bits)
        self.elementwise: Elementwise | None = None
        self.pieces: Pieces | None = None
        if isinstance(result, ListOf):
            names = [n for n in ("map", "map_numbered", "filter") if self._has(n)]
            prices = {name: self.table[name].bits for name in names}
            self.elementwise = Elementwise(result, self.outputs, self.bank, self.tables, prices)
            if self._has("singleton", "cons", "append", "concat"):
                self.pieces = Pieces(result, self.outputs, self.bank)
        elif result == STRING and self._has("join"):
            self.pieces = Pieces(result, self.outputs, self.bank)
        self.aggregates: Aggregates | None = None
        if result in (INT, BOOL):
            names = [n for n in ("count", "all", "any") if self._has(n)]
            names += ["sum"] if self._has("sum", "map") else []
            prices = {name: self.table[name].bits for name in names}
            if "sum" in prices:
                prices["sum"] += self.table["map"].bits
            self.aggregates = Aggregates(result, self.goal, self.bank, self.tables, prices)
        self.steps = [goal for each in self.recursions if (goal := self._step(each)) is not None]

    def _step(self, recursion: Recursion) -> tuple[Recursion, Goal] | None:
        """The goal of the step of a recursion."""
        lambdas = self.tables.get(recursion.function)
        if lambdas is None:
            return None
        steps = [((p.example, p.values), y) for p, y in recursion.steps.items()]
        known = [(lambdas.at[key], y) for key, y in steps if key in lambdas.at]
        if not known:
            return None
        wanted = [self.columns.encoded(self.type.result, y) for _, y in known]
        places = np.array([place for place, _ in known])
        return recursion, Goal(lambdas, places, np.array(wanted, np.int64))

    @property
    def worst(self) -> float:
        """The bits from which on a program is of no use."""
        return self.fits.least + self.slack

    @property
    def tried(self) -> int:
        """The number of programs evaluated, in earlier rounds too."""
        bodies = sum([each.bank.tried for each in self.tables.values()])
        return self.spent + self.bank.tried + bodies

    def halted(self) -> bool:
        """Whether to stop at once."""
        full = self.tried > self.budget.programs or self.cells > self.budget.cells
        return self.refused >= 0 or full or self.late()

    @property
    def cells(self) -> int:
        """The numbers that the banks hold."""
        return self.bank.cells + sum([each.bank.cells for each in self.tables.values()])

    def _patient(self) -> bool:
        """Whether to look on for a cheaper program than the one found."""
        if not self.fits.programs:
            return True
        if self.first < 0:
            self.first = self.tried
        more = max(self.budget.patience, self.first - self.spent)
        return self.bank.level < self.worst and self.tried <= self.first + more

    def run(self) -> None:
        """Grow the banks, cost by cost, with all techniques after each."""
        while not self.halted() and self._patient():
            if self.bank.level >= self.budget.bits:
                self.reason = f"no program of at most {self.budget.bits} bits was found"
                return
            self._lambdas()
            self.bank.grow()
            self._look()
        if self.refused < 0 and not self.fits.programs:
            self.reason = self._limit()

    def _limit(self) -> str:
        """The limit at which the search ended."""
        if self.late():
            return "the time ran out"
        if self.cells > self.budget.cells:
            return f"the programs tried hold {self.budget.cells:,} numbers, the limit `cells`"
        return f"{self.budget.programs:,} programs were tried, the limit `programs`"

    def _lambdas(self) -> None:
        """Let tables of bodies grow, and give their functions to programs."""
        wanted = [goal.lambdas for _, goal in self.steps]
        if self.elementwise is not None:
            wanted += [each.goal.lambdas for each in self.elementwise.sources]
        if self.aggregates is not None:
            wanted += [each.lambdas for each in self.aggregates.sources]
        for table in self.tables.values():
            bank = table.bank
            while not self.halted() and bank.level < self.budget.bits:
                far = bank.level >= self.bank.level + 1 - AHEAD
                share = SHARES[table in wanted]
                if far and bank.tried > share * self.bank.tried:
                    break
                bank.grow()
            for leaf in table.leaves():
                self.bank.give(leaf)

    def _scalars(self) -> None:
        """Let bodies use what programs of no lists give."""
        for type in (INT, BOOL, STRING):
            rows = self.bank.of(type)
            start, end = rows.spans.get(self.bank.level, (0, 0))
            for index in range(start, end):
                values = rows.values[index]
                if (values != values[0]).any():
                    term = self.bank.term(type, index)
                    leaf = Leaf(type, term, int(rows.costs[index]), values)
                    for table in self.tables.values():
                        table.share(leaf)

    def _look(self) -> None:
        self._scalars()
        for index in self.branches.look():
            self._offer(self.bank.term(self.type.result, index))
        if self.elementwise is not None:
            for _, term in self.elementwise.look(self.worst):
                self._offer(term)
        if self.aggregates is not None:
            for _, term in self.aggregates.look(self.worst):
                self._offer(term)
        for recursion, goal in self.steps:
            for index in goal.matches():
                self._offer(recursion.term(goal.lambdas.lambda_of(index)))
        if self.pieces is not None and self.bank.level >= FIRST_PIECES:
            self._compose()
        if self._has("if"):
            branch = self.branches.cheapest()
            if branch is not None and branch.cost < min(self.worst, self.literal):
                self._offer(branch.term())

    def _compose(self) -> None:
        assert self.pieces is not None
        every = range(len(self.examples))
        term = self.pieces.compose(every)
        if term is not None:
            self._offer(term)
        if self.bank.level < SPLIT_PIECES or not self._has("if") or self.fits.programs:
            return
        conditions = sorted(self.branches.conditions.items(), key=lambda c: (c[1].cost, c[0]))
        splits = [mask for mask, _ in conditions[:MOST_SPLITS]]
        for mask in dict.fromkeys([m for s in splits for m in (s, ~s & self.branches.full)]):
            if self.halted():
                return
            part = [e for e in every if mask >> e & 1]
            term = self.pieces.compose(part, SPLIT_STATES)
            if term is not None:
                self.branches.offer(mask, float(bits(term, self.table)), _constantly(term))

    def _offer(self, term: Term) -> None:
        """Run a program that fits the working examples on all of them."""
        if self.refused >= 0 or bits(term, self.table) >= self.worst:
            return
        right = self.fits.offer(term)
        if not right and self.fits.failed >= 0 and self.fits.failed not in self.working:
            self.refused = self.fits.failed


def _constantly(value: Any) -> Callable[[], Any]:
    return lambda: value
