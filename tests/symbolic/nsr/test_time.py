"""Time limits of learning: little is done between two looks at the clock, and after the last.

No test reads a clock: the clock is the test's own, which moves by one at every look.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from abduce import clock
from abduce.symbolic.nsr import explaining, hypothesis, learn, learn_actively, lexicon
from abduce.symbolic.nsr.abduction import induction, integers
from abduce.symbolic.nsr.abduction import meanings as abduction
from abduce.symbolic.nsr.learning import association, mending, run
from tests.toy_languages import COMMANDS

MOST_BETWEEN = 64
"""Units of work between two looks, at most."""
MOST_AFTER = 10
"""Looks after the deadline has passed, at most, but for one look a row at what is explained."""


@dataclass
class Count:
    """A clock that moves by one a look, and what is done between its looks."""

    looks: int = 0
    since: int = 0
    most: int = 0
    deadline: float = float("inf")
    after: int = 0
    done_after: int = field(default=0)

    def wall_s(self) -> float:
        self.looks += 1
        self.since = 0
        self.after += self.looks > self.deadline
        return float(self.looks)

    def counting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.since += 1
            self.most = max(self.most, self.since)
            self.done_after += self.looks > self.deadline
            return function(*arguments, **options)

        return counted


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Counts sentences read and evaluated, holes solved, and programs compared."""
    found = Count()
    monkeypatch.setattr(clock, "wall_s", found.wall_s)
    for module in (hypothesis, mending, run):
        monkeypatch.setattr(module, "answer_of", found.counting(hypothesis.answer_of))
    monkeypatch.setattr(lexicon, "_value", found.counting(lexicon._value))
    monkeypatch.setattr(abduction, "parse", found.counting(abduction.parse))
    monkeypatch.setattr(abduction, "solve_hole", found.counting(abduction.solve_hole))
    monkeypatch.setattr(association, "_runs", found.counting(association._runs))
    monkeypatch.setattr(induction, "concat", found.counting(induction.concat))
    monkeypatch.setattr(induction.heapq, "heappop", found.counting(induction.heapq.heappop))
    return found


def many(words: int) -> list[tuple[str, str]]:
    """A language of many words: each alone, and two operators on each."""
    rows = [(f"w{n}", f"T{n}") for n in range(words)]
    rows += [(f"w{n} fep", f"T{n} T{n}") for n in range(words)]
    return rows + [(f"w{n} kiki w{n + 1}", f"T{n + 1} T{n}") for n in range(words - 1)]


SETS = {"commands": COMMANDS, "many words": many(60), "one word": [("w", "T" * 9)] * 500}


@pytest.mark.parametrize("name", SETS)
def test_little_is_done_between_two_looks(name: str, count: Count) -> None:
    induction.simple_programs.cache_clear()
    whole = learn(SETS[name], deadline=float("inf"))
    assert whole.summary["status"] == "complete"
    assert count.looks > len(SETS[name])
    assert count.most <= MOST_BETWEEN


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_whenever_the_time_is_up_little_is_done_after_it(
    name: str, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = SETS[name]
    with monkeypatch.context() as patch:
        whole = Count()
        patch.setattr(clock, "wall_s", whole.wall_s)
        learn(rows, deadline=float("inf"))
    with monkeypatch.context() as patch:
        monkeypatch.setattr(explaining, "LATE", 20)
        count = Count(deadline=share * whole.looks)
        patch.setattr(clock, "wall_s", count.wall_s)
        for module in (hypothesis, mending, run):
            patch.setattr(module, "answer_of", count.counting(hypothesis.answer_of))
        patch.setattr(lexicon, "_value", count.counting(lexicon._value))
        learned = learn(rows, deadline=count.deadline)
    if share <= 0.5:  # later it may be done, but for what it explains
        assert learned.summary["status"] == "timeout"
    assert count.after <= MOST_AFTER
    assert count.done_after <= MOST_BETWEEN + 21
    assert learned.summary["checked"] <= len(rows)
    for sentence, _ in rows[:3]:
        learned.answer(sentence)


def test_what_was_found_until_then_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = SETS["many words"]
    shares = []
    whole = Count()
    monkeypatch.setattr(clock, "wall_s", whole.wall_s)
    learn(rows, deadline=float("inf"))
    for share in (0.0, 0.5, 0.9, 0.97, 1.1):
        count = Count()
        monkeypatch.setattr(clock, "wall_s", count.wall_s)
        summary = learn(rows, deadline=share * whole.looks).summary
        shares.append(summary["explained"] / max(1, summary["checked"]))
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert shares[-2] > 0.5


def test_a_hopeless_search_for_programs_of_numbers_ends_when_the_time_is_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        (f"{a} op {b}", str((7 * a * a + 5 * a * b + 13 * b) % 97))
        for a in range(6)
        for b in range(6)
    ]
    rows += [(str(n), str(n)) for n in range(6)]
    ends: list[str] = []
    searched = integers.synthesise

    def synthesise(*arguments: Any, **options: Any) -> Any:
        found = searched(*arguments, **options)
        ends.append(getattr(found, "reason", "found"))
        return found

    monkeypatch.setattr(integers, "synthesise", synthesise)
    count = Count(deadline=400.0)
    monkeypatch.setattr(clock, "wall_s", count.wall_s)
    assert learn(rows, deadline=count.deadline).summary["status"] == "timeout"
    assert ends[-1] == "the time was up"
    assert count.after <= 4 * MOST_AFTER


def test_nothing_is_asked_when_the_time_is_up(count: Count) -> None:
    asked: list[tuple[str, ...]] = []
    targets = {tuple(s.split()): t.split() for s, t in COMMANDS}

    def oracle(sentence: tuple[str, ...]) -> list[str]:
        asked.append(sentence)
        return targets[sentence]

    learned, questions = learn_actively(list(targets), oracle, deadline=300.0)
    assert len(asked) == len(questions) < len(targets)
    assert learned.summary["status"] == "timeout"
    assert count.looks < 300 + 100


def test_an_answer_is_withheld_when_the_time_is_up_among_its_rivals(count: Count) -> None:
    learned = learn(COMMANDS)
    assert learned.rivals
    asked = learned.answer("jump left twice", deadline=count.looks + 1.5)
    assert (asked.abstained, asked.reason) == (True, "out of time")
