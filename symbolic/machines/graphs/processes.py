"""Decision processes as a user writes them, and as the arrays that a layer reads."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.machines.fields import Field, fields
from abduce.symbolic.machines.lists.numbers import exact, parsed
from abduce.text import Line, clipped, lines, quoted

FRACTION = re.compile(r"[+-]?\d+/\d*[1-9]\d*", re.ASCII)
FORMS = ("discount NUMBER", "STATE ACTION NEXT PROBABILITY REWARD")
ENDED = "-"
"""The only action of a terminal state: it stays in the state, with reward 0."""

MOST_DIGITS = 1000
"""The upper limit on the digits of a number; sums of longer fractions take too long."""
LEAST_CHANCE = Fraction(1, 10**100)
LEAST_REST = Fraction(1, 10**50)
"""The lower limit on 1 - discount, by which the error bound is divided."""
LEAST_REWARD, MOST_REWARD = Fraction(1, 10**200), Fraction(10**200)
LEAST_MEAN = LEAST_REWARD * LEAST_CHANCE
"""Within these limits, float64 neither overflows nor loses the relative accuracy that the error
bound assumes."""

Outcome = tuple[int, Fraction, Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """A decision process; the choices of a state lie side by side, and so do the outcomes of one.

    Attributes:
        states: their names.
        actions: (choices,), their names.
        start: (states,), the first choice of each.
        branch: (choices,), the first outcome of each.
        target: (outcomes,), the state that follows.
        chance: (outcomes,), float64, the nearest to what was written; what was written adds to 1.
        reward: (choices,), that is expected; the nearest float64.
        discount: less than 1.
    """

    states: tuple[str, ...]
    actions: tuple[str, ...]
    start: np.ndarray
    branch: np.ndarray
    target: np.ndarray
    chance: np.ndarray
    reward: np.ndarray
    discount: Fraction

    def __len__(self) -> int:
        return len(self.states)

    @classmethod
    def of(
        cls,
        states: tuple[str, ...],
        choices: Mapping[tuple[int, str], list[Outcome]],
        discount: Fraction,
    ) -> "Process":
        """A process from the outcomes (next, probability, reward) of each state and action.

        Raises:
            ValueError: the probabilities of an action do not add to 1, or the mean of its rewards
                is no number of float64; the arguments are the state, the action, what was found and
                what was expected.
        """
        by_state: dict[int, list[tuple[str, list[Outcome]]]] = {}
        for (state, action), outcomes in choices.items():
            total = sum((chance for _, chance, _ in outcomes), Fraction(0))
            if total != 1:
                found = f"probabilities of {quoted(action)} in {quoted(states[state])}"
                raise ValueError(
                    state, action, f"{found} that add to {_near_1(total)}", "a sum of 1"
                )
            by_state.setdefault(state, []).append((action, outcomes))
        start, actions, rewards, branch, rows = [], [], [], [], []
        for state in range(len(states)):
            start.append(len(actions))
            for action, outcomes in by_state.get(
                state, [(ENDED, [(state, Fraction(1), Fraction(0))])]
            ):
                actions.append(action)
                mean = sum(chance * reward for _, chance, reward in outcomes)
                if mean and not LEAST_MEAN <= abs(mean) <= MOST_REWARD:
                    found = f"a mean reward of {quoted(action)} in {quoted(states[state])}"
                    expected = "0, or from 1e-300 to 1e200 in size"
                    raise ValueError(state, action, f"{found}, which float64 cannot hold", expected)
                rewards.append(float(mean))
                branch.append(len(rows))
                rows += [(target, float(chance)) for target, chance, _ in outcomes]
        return cls(
            states,
            tuple(actions),
            np.array(start),
            np.array(branch),
            np.array([target for target, _ in rows]),
            np.array([chance for _, chance in rows]),
            np.array(rewards),
            discount,
        )


def read_process(text: str, path: Path | str | None = None) -> Process:
    """A decision process, one outcome of an action a line, and its discount.

    Numbers are decimals or fractions such as 1/3. The reward of an action is the mean of those of
    its outcomes. A state without actions has ended. What follows a # is passed over.

    Raises:
        InputError: a line is neither, a number is none or out of its range, probabilities do not
            add to 1, there is no discount or no state.
    """
    places: dict[str, int] = {}
    choices: dict[tuple[int, str], list[Outcome]] = {}
    first: dict[tuple[int, str], Line] = {}
    discount: Fraction | None = None
    for line in lines(text, path, comment="#"):
        words = fields(line, row=True)
        if len(words) == 2 and words[0][0] == "discount":
            if discount is not None:
                raise line.wrong("a second discount", ("one",), words[0][1])
            discount = _within(line, words[1], DISCOUNTS)
        elif len(words) == 5:
            (state, _), (action, _), (after, _), *numbers = words
            chance, reward = map(partial(_within, line), numbers, (CHANCES, REWARDS))
            here, there = (places.setdefault(name, len(places)) for name in (state, after))
            choices.setdefault((here, action), []).append((there, chance, reward))
            first.setdefault((here, action), line)
        elif words:
            raise line.wrong(f"{len(words)} words", FORMS, words[-1][1])
    if not places:
        raise InputError("no states", (FORMS[1],), path)
    if discount is None:
        raise InputError("no discount", (FORMS[0],), path)
    try:
        return Process.of(tuple(places), choices, discount)
    except ValueError as error:
        state, action, found, expected = error.args
        advice = "Write thirds and the like as fractions, 1/3." if "add" in found else None
        raise first[state, action].wrong(found, (expected,), advice=advice) from error


def _within(line: Line, word: Field, allowed: tuple[str, Callable[[Fraction], bool]]) -> Fraction:
    """A number that is a decimal or a fraction, and as large as it may be.

    Raises:
        InputError: it is none, is too long or out of its range.
    """
    text, column = word
    what, holds = allowed
    if len(text) > MOST_DIGITS:
        raise line.wrong(quoted(text), (f"a number of at most {MOST_DIGITS:,} digits",), column)
    if FRACTION.fullmatch(text):
        above, below = map(parsed, text.lstrip("+-").split("/"))
        number = Fraction(-above if text[0] == "-" else above, below)
    else:
        n, e = exact(line, text, column)
        number = n * Fraction(10) ** e
    if not holds(number):
        raise line.wrong(clipped(text), (what,), column)
    return number


def _near_1(total: Fraction) -> str:
    shown = f"{float(total):.12g}"
    if shown != "1":
        return shown
    return f"a little {'more' if total > 1 else 'less'} than 1"


DISCOUNTS = (
    "a discount of 0 or more, and less than 1 by at least 1e-50",
    lambda number: 0 <= number <= 1 - LEAST_REST,
)
CHANCES = (
    "a probability of more than 0, at least 1e-100, and at most 1",
    lambda number: LEAST_CHANCE <= number <= 1,
)
REWARDS = (
    "a reward of 0, or from 1e-200 to 1e200 in size",
    lambda number: not number or LEAST_REWARD <= abs(number) <= MOST_REWARD,
)
