"""Decision processes as a person writes them, and as the arrays that a layer reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from abduce.errors import InputError

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?|[+-]?\d+/\d*[1-9]\d*", re.ASCII)
FORMS = ("discount NUMBER", "STATE ACTION NEXT PROBABILITY REWARD")
ENDED = "-"
"""The only action of a state that has none: it stays where it is, for nothing."""

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
        """From the outcomes (next, probability, reward) of each state and action.

        Raises:
            ValueError: probabilities that do not add to 1; the arguments are the state, the action
                and the sum.
        """
        by_state: dict[int, list[tuple[str, list[Outcome]]]] = {}
        for (state, action), outcomes in choices.items():
            total = sum(chance for _, chance, _ in outcomes)
            if total != 1:
                raise ValueError(states[state], action, total)
            by_state.setdefault(state, []).append((action, outcomes))
        start, actions, rewards, branch, rows = [], [], [], [], []
        for state in range(len(states)):
            start.append(len(actions))
            for action, outcomes in by_state.get(
                state, [(ENDED, [(state, Fraction(1), Fraction(0))])]
            ):
                actions.append(action)
                rewards.append(float(sum(chance * reward for _, chance, reward in outcomes)))
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
    discount: Fraction | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if len(words) == 2 and words[0] == "discount":
            if discount is not None:
                raise InputError("a second discount", ("one",), path, number, text=line)
            discount = _number(words[1], path, number, line)
            if not 0 <= discount < 1:
                expected = ("a discount of 0 or more, and less than 1",)
                raise InputError(words[1], expected, path, number, text=line)
        elif len(words) == 5:
            state, action, after = words[:3]
            chance, reward = (_number(word, path, number, line) for word in words[3:])
            if not 0 < chance <= 1:
                expected = ("a probability of more than 0, and at most 1",)
                raise InputError(words[3], expected, path, number, text=line)
            here, there = (places.setdefault(name, len(places)) for name in (state, after))
            choices.setdefault((here, action), []).append((there, chance, reward))
        elif words:
            raise InputError(f"{len(words)} words", FORMS, path, number, text=line)
    if not places:
        raise InputError("no states", (FORMS[1],), path)
    if discount is None:
        raise InputError("no discount", (FORMS[0],), path)
    try:
        return Process.of(tuple(places), choices, discount)
    except ValueError as error:
        state, action, total = error.args
        found = f"probabilities of {action!r} in {state!r} that add to {float(total):.12g}"
        advice = "Write thirds and the like as fractions, 1/3."
        raise InputError(found, ("a sum of 1",), path, advice=advice) from error


def _number(word: str, path: Path | str | None, number: int, line: str) -> Fraction:
    if not NUMBER.fullmatch(word):
        column = line.index(word) + 1
        raise InputError(repr(word), ("a number",), path, number, column, line)
    return Fraction(word)
