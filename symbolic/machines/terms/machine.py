"""The machine of proved tables and kernels, on long terms and over many steps.

It keeps the code of the term in two lists: `done`, the part that was examined and has no redex, and
`rest`, from its end to its beginning. A step takes the mark, its head, body and argument off the
end of `rest`, and puts what the tables make of them there; nothing outside is touched, because the
tables were proved to keep it. Then it looks again from one node before, the only one whose next
node has changed.

Each decision is a look-up in the tables, each comparison and each new index comes from a kernel;
what small indices come to is remembered. An abstraction carries the number of the binder that it
comes from, for its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from abduce.symbolic.lambda_calculus.reduction.steps import Step
from abduce.symbolic.lambda_calculus.terms import codes as prefix
from abduce.symbolic.lambda_calculus.terms.deadline import STRETCH, OutOfTime, check, within
from abduce.symbolic.lambda_calculus.terms.terms import Term, canonical
from abduce.symbolic.machines.terms.indices import KERNELS, Indices
from abduce.symbolic.programs.step_tables import (
    ABSTRACTION,
    APPLICATION,
    BODY,
    BOUND,
    END,
    FREE,
    IN_PASTED,
    KEEP,
    PASTE,
    RAISE,
    SEES_FREE,
    SEES_INDEX,
    StepTables,
)

BINDER = 1 << 40
"""In the machine's lists, an abstraction is the sum of BINDER and the number of its binder."""
ARGUMENT = -BINDER
"""The mark of a variable that is to be replaced by the argument."""
SMALL = 1024
"""The upper limit on the indices and counters for which answers are cached."""
FUEL, NODES = 1_000_000, 10_000_000
STEP = "lambda-step"


@dataclass(frozen=True, slots=True)
class Reduced:
    """The result of the machine for a term.

    Attributes:
        term: the normal form, or how far it came.
        steps: how many it took.
        stopped: None at a normal form; else what was used up.
    """

    term: Term
    steps: int
    stopped: Literal["fuel", "time", "size"] | None


class LambdaReducer:
    """Reduces terms in normal order, by learned tables and kernels alone.

    What it is given is trusted: who reads or trains kernels proves them first.

    Args:
        kernels: exact, by name: the tables `lambda-step`, and those of `Indices`; all are proved.
    """

    def __init__(self, kernels: Mapping[str, Any]) -> None:
        tables: StepTables = kernels[STEP]
        self._indices = Indices.of({name: kernels[name] for name in KERNELS})
        self._look = tables.look.tolist()
        self._act = tables.act.tolist()
        self._pasted = tables.pasted.tolist()
        self._count = tables.count.tolist()
        self._body: list[dict[int, int]] = [{} for _ in range(SMALL)]
        self._after: list[int] = []

    def __call__(
        self,
        term: Term,
        *,
        fuel: int = FUEL,
        nodes: int = NODES,
        deadline: float | None = None,
        note: Callable[[Step], None] | None = None,
    ) -> Reduced:
        """Step after step, until nothing is marked.

        Args:
            fuel: the most steps.
            nodes: the most that a term may have on the way.
            deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
            note: called with each step; makes each as slow as the term is long.
        """
        done: list[int] = []
        rest = _numbered(term)
        taken = 0
        stopped: Literal["fuel", "time", "size"] | None = None
        before: Term | None = None
        while True:
            try:
                if not self._search(done, rest, deadline):
                    break
                check(deadline)
                before = _term(done, rest, term) if note else None
                if taken == fuel:
                    stopped = "fuel"
                elif not self._contract(rest, nodes - len(done), deadline):
                    stopped = "size"
            except OutOfTime:
                stopped = "time"
            if stopped:
                break
            taken += 1
            if before and note:
                note(Step(before, len(done), "beta", _term(done, rest, term)))
            if done:
                rest.append(done.pop())
        return Reduced(_term(done, rest, term), taken, stopped)

    def step(self, term: Term) -> Term | None:
        """The term after one step; None where it is a normal form."""
        found = self(term, fuel=1, nodes=2**62)
        return found.term if found.steps else None

    def _search(self, done: list[int], rest: list[int], deadline: float | None) -> bool:
        """Go on until a node at the end of `rest` is marked."""
        look, hopeful = self._look, [any(row) for row in self._look]
        pop, push = rest.pop, done.append
        while rest:
            for _ in range(min(len(rest), STRETCH)):
                code = pop()
                if code > 0:
                    kind = BOUND if code < BINDER else ABSTRACTION
                else:
                    kind = FREE if code else APPLICATION
                if hopeful[kind]:
                    after = _kind(rest[-1]) if rest else END
                    if look[kind][after]:
                        rest.append(code)
                        return True
                push(code)
            check(deadline)
        return False

    def _contract(self, rest: list[int], room: int, deadline: float | None) -> bool:
        """Write the mark at the end of `rest` anew; False where the result would be too long."""
        middle = _end(rest, len(rest) - 3)
        end = _end(rest, middle)
        body, argument = rest[middle + 1 : -2], rest[end + 1 : middle + 1]
        written = self._written(body, argument, room - end - 1, deadline)
        if written is None:
            return False
        del rest[end + 1 :]
        written.reverse()
        rest += written
        return True

    def _written(
        self, body: list[int], argument: list[int], room: int, deadline: float | None
    ) -> list[int] | None:
        """A body with the argument in it; both are given from the end to the beginning."""
        decided, small = self._body, SMALL
        written: list[int] = []
        counters = [0]
        pasted = _Pasted(self, argument)
        for code in within(body[::-1], deadline):
            counter = counters.pop()
            if code == 0:
                counters += (counter, counter)
                written.append(code)
            elif code >= BINDER:
                counters.append(self._counted(counter))
                written.append(code)
            else:
                answer = decided[counter].get(code) if counter < small else None
                if answer is None:
                    answer = self._decide(code, counter)
                if answer == ARGUMENT:
                    if len(written) + len(argument) > room:
                        return None
                    written += pasted.under(counter)
                else:
                    written.append(answer)
        return written if len(written) <= room else None

    def _decide(self, code: int, counter: int) -> int:
        """The action on a variable of a body."""
        index = code - prefix.BOUND
        sight = SEES_FREE if code < 0 else SEES_INDEX + self._indices.order(index, counter)
        action = self._act[BODY][sight]
        answer = ARGUMENT if action == PASTE else self.moved(action, code, counter)
        if counter < SMALL and code < SMALL:
            self._body[counter][code] = answer
        return answer

    def moved(self, action: int, code: int, by: int) -> int:
        """A variable that is kept, lowered or raised."""
        if action == KEEP:
            return code
        index = code - prefix.BOUND
        if action == RAISE:
            return self._indices.add(index, by) + prefix.BOUND
        return self._indices.decrement(index) + prefix.BOUND

    def _counted(self, counter: int) -> int:
        """The counter under one abstraction more."""
        after = self._after
        while len(after) <= counter:
            after.append(self._indices.increment(len(after)))
        return after[counter]

    def reaching(self, argument: list[int]) -> list[tuple[int, int]]:
        """The indices of an argument that are not kept: their places and actions."""
        found: list[tuple[int, int]] = []
        counters, counts = [0], self._count[IN_PASTED]
        for place, code in enumerate(argument):
            counter = counters.pop()
            if code == 0:
                counters += (counter, counter)
            elif code >= BINDER:
                counters.append(self._counted(counter) if counts else counter)
            elif code > 0:
                action = self._pasted[self._indices.order(code - prefix.BOUND, counter)]
                if action != KEEP:
                    found.append((place, action))
        return found


class _Pasted:
    """An argument as it is written under a number of abstractions; each form is made once."""

    def __init__(self, machine: LambdaReducer, argument: list[int]) -> None:
        self._machine = machine
        self._argument = argument[::-1]
        self._reaching: list[tuple[int, int]] | None = None
        self._made: dict[int, list[int]] = {}

    def under(self, counter: int) -> list[int]:
        made = self._made.get(counter)
        if made is None and counter == 0:  # all are kept or raised, and nothing is raised by 0
            made = self._made[0] = self._argument
        if made is None:
            if self._reaching is None:
                self._reaching = self._machine.reaching(self._argument)
            made = self._argument.copy() if self._reaching else self._argument
            for place, action in self._reaching:
                made[place] = self._machine.moved(action, made[place], counter)
            self._made[counter] = made
        return made


def _kind(code: int) -> int:
    if code > 0:
        return BOUND if code < BINDER else ABSTRACTION
    return FREE if code else APPLICATION


def _end(rest: list[int], position: int) -> int:
    """The position before the subterm that begins at one; `rest` runs backwards."""
    missing = 1
    while missing:
        code = rest[position]
        if code == 0:
            missing += 1
        elif code < BINDER:
            missing -= 1
        position -= 1
    return position


def _numbered(term: Term) -> list[int]:
    """The code from its end to its beginning, its abstractions numbered."""
    codes = term.codes
    number = BINDER
    for position, code in enumerate(codes):
        if code == prefix.ABSTRACTION:
            codes[position] = number
            number += 1
    codes.reverse()
    return codes


def _term(done: list[int], rest: list[int], origin: Term) -> Term:
    codes = done + rest[::-1]
    names = [origin.binders[code - BINDER] for code in codes if code >= BINDER]
    plain = [prefix.ABSTRACTION if code >= BINDER else code for code in codes]
    return canonical(plain, origin.free, names)
