"""List programs: what the book does, row by row; learned from traces, right on long lists."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.kernel import train
from abduce.neural.kernels.lists.list_traces import (
    ALGORITHMS,
    ListTraces,
    Page,
    list_traces,
)
from abduce.neural.kernels.lists.program import (
    effects_that_agree,
    moves_that_agree,
    questions_that_agree,
)
from abduce.symbolic.machines.lists.list_programs import Run, run_program
from abduce.symbolic.programs.definitions.arithmetic import COMPARE
from abduce.symbolic.programs.definitions.list_rules import LIST_ALGORITHMS, ORDER
from abduce.symbolic.programs.machine_programs import (
    ANSWERS,
    EFFECTS,
    MOVES,
    QUESTIONS,
    MachineProgram,
    compiled_program,
)
from abduce.symbolic.programs.mealy import compiled_stream
from abduce.symbolic.programs.program_text import actions_text, question_text, read_program
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown

COMPARES = compiled_stream(COMPARE)
SORTS = tuple(row.name for row in LIST_ALGORITHMS.values() if row.asked == ORDER)
FEW = replace(CONFIG.program, lists=40)
LISTS = st.one_of(
    st.lists(st.integers(), max_size=30),
    st.lists(st.integers(0, 3), max_size=30),
    st.lists(st.integers(-(2**100), 2**100), max_size=8),
)


def run(
    name: str,
    values: list[int],
    program: MachineProgram | None = None,
    length: int | None = None,
    t: int = 0,
    plain: int = 10**9,
) -> Run:
    row = LIST_ALGORITHMS[name]
    chosen = compiled_program(row.program) if program is None else program
    return run_program(row, chosen, values, COMPARES, length=length, t=t, plain=plain)


@pytest.mark.parametrize("name", SORTS)
@settings(max_examples=40)
@given(values=LISTS)
def test_every_program_sorts(name: str, values: list[int]) -> None:
    places = run(name, values).places.tolist()
    assert sorted(places) == list(range(len(values)))
    assert [values[place] for place in places] == sorted(values)


@settings(max_examples=40)
@given(LISTS.filter(len), st.data())
def test_programs_find_what_the_sorted_list_has(values: list[int], data: st.DataObject) -> None:
    assert run("minimum", values).registers["i"] == values.index(min(values))
    rank = data.draw(st.integers(0, len(values) - 1))
    assert values[run("select", values, t=rank).places[rank]] == sorted(values)[rank]
    wanted = data.draw(st.sampled_from(values) | st.integers())
    n = len(values)
    found = run("search", [*sorted(values), wanted], length=n, t=n)
    assert found.registers["l"] == sum(value < wanted for value in values)


@pytest.mark.parametrize("name", LIST_ALGORITHMS)
def test_the_specification_says_what_the_book_does(name: str) -> None:
    row, generator = LIST_ALGORITHMS[name], np.random.default_rng(3)
    told, traces = row.program, list_traces(row, ALGORITHMS[name], FEW, generator)
    rows = [
        told.rows[line, answer]
        for line, answer in zip(traces.line.tolist(), traces.answer.tolist(), strict=True)
    ]
    every = np.arange(len(traces))
    assert questions_that_agree(traces)[every, np.array(told.asks)[traces.line]].all()
    assert [after for after, _, _ in rows] == traces.next.tolist()
    assert effects_that_agree(traces)[every, [effect for _, effect, _ in rows]].all()
    moves = np.array([moves for _, _, moves in rows])
    assert np.take_along_axis(moves_that_agree(traces), moves[:, :, None], 2).all()
    seen = set(zip(traces.line.tolist(), traces.answer.tolist(), strict=True))
    assert seen == set(told.rows)


@given(st.sampled_from(SORTS), st.lists(st.integers(0, 9), max_size=FEW.longest))
def test_the_machine_takes_the_steps_of_the_book(name: str, values: list[int]) -> None:
    page = Page(list(values), len(values))
    steps = sum(1 for _ in ALGORITHMS[name](page))
    found = run(name, values)
    assert found.places.tolist() == page.places
    assert found.steps == steps
    assert tuple(found.registers.values()) == page.registers


OTHERS = [
    pytest.param(name, marks=pytest.mark.slow)
    for name in ("search", "heap", "selection", "bubble", "quick", "select")
]


@pytest.mark.parametrize("name", ["minimum", "insertion", *OTHERS])
def test_programs_are_learned_from_traces_and_proved(name: str) -> None:
    torch.set_num_threads(1)
    learned = train(TASKS[f"{name}-program"], seed=6)
    assert learned.proved
    if name in SORTS:
        values = np.random.default_rng(0).integers(0, 2**40, 300).tolist()
        places = run(name, values, learned.exact).places
        assert [values[place] for place in places] == sorted(values)


def test_one_wrong_entry_of_any_table_is_refuted() -> None:
    for told in (row.program for row in LIST_ALGORITHMS.values()):
        right = compiled_program(told)
        assert isinstance(prove(right, told), Proved)
        (line, answer), (after, effect, _) = next(iter(told.rows.items()))
        asks, following, effects, moves = (table.copy() for table in right.arrays().values())
        asks[-1] += 1
        verdict = prove(replace(right, asks=asks), told)
        assert isinstance(verdict, Refuted)
        assert verdict.x.tolist() == [len(told.lines) - 1]
        following[line, answer] = (after + 1) % len(told.lines)
        effects[line, answer] = (effect + 1) % len(EFFECTS)
        moves[line, answer, 2] += 1
        for wrong in (
            replace(right, next=following),
            replace(right, effects=effects),
            replace(right, moves=moves),
        ):
            verdict = prove(wrong, told)
            assert isinstance(verdict, Refuted)
            assert verdict.x.tolist() == [line, answer]
        assert isinstance(prove(replace(right, asks=asks[1:]), told), Unknown)


@pytest.mark.slow
@pytest.mark.parametrize("name", SORTS)
def test_the_compiled_machine_takes_the_same_steps(name: str) -> None:
    values = np.random.default_rng(1).integers(0, 50, 80).tolist()
    plain = run(name, values)
    for after in (0, plain.steps // 2):
        found = run(name, values, plain=after)
        assert found.places.tolist() == plain.places.tolist()
        assert (found.registers, found.pairs, found.steps) == (
            plain.registers,
            plain.pairs,
            plain.steps,
        )


def test_programs_are_written_as_they_are_read() -> None:
    for told in (row.program for row in LIST_ALGORITHMS.values()):
        lines = []
        for line, name in enumerate(told.lines):
            cases = [
                f"{ANSWERS[answer]} {(*told.lines, 'halt')[after]}"
                + "".join(f", {said}" for said in [actions_text(effect, moves)] if said)
                for (at, answer), (after, effect, moves) in told.rows.items()
                if at == line
            ]
            lines.append(" | ".join([f"{name}: {question_text(told.asks[line])}", *cases]))
        assert read_program(told.claim, "\n".join(lines)) == told


@pytest.mark.parametrize(
    "text",
    [
        "a: i ? x | = halt",
        "a: always | = b",
        "a: always | = halt, i = half",
        "a: always | = halt, turn i j",
        "a: always | ~ halt",
        "a: i ? i | = halt",
    ],
)
def test_what_is_no_program_is_an_error(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_program("", text)


def test_simpler_moves_come_first_and_none_twice() -> None:
    for table in (QUESTIONS, EFFECTS, MOVES):
        assert len(set(table)) == len(table)


def test_traces_are_of_short_lists() -> None:
    traces = list_traces(
        LIST_ALGORITHMS["insertion"], ALGORITHMS["insertion"], FEW, np.random.default_rng(0)
    )
    assert isinstance(traces, ListTraces)
    assert traces.before.max() <= FEW.longest
    assert len({len(column) for column in (traces.line, traces.next, traces.swapped)}) == 1
