"""A question as the decoder reads it: every rule of SQL is an action or points to a row, and every
row stands on the words that it is about."""

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.grammars.grammar import sorts
from abduce.grammars.partial import PartialTree, mask_rules
from abduce.grammars.sql.items import TYPES, Column, Items, Link
from abduce.grammars.sql.writing import write
from abduce.neural.program_decoder.steps import Steps
from abduce.neural.questions_to_sql.config import MOST_NODES
from abduce.neural.questions_to_sql.known import KnownDatabase, known_database
from abduce.neural.questions_to_sql.narrowing import narrowed, part_of
from abduce.neural.questions_to_sql.posing import posed
from abduce.neural.questions_to_sql.vocabulary import ACTIONS, MARKS, ORIGINS, VOCABULARY
from abduce.symbolic.databases.executing import Rows, execute
from abduce.symbolic.databases.reading import Database, opened
from abduce.symbolic.questions.index import Cell, ValueIndex
from abduce.symbolic.questions.words import words
from tests.neural.questions_to_sql.pets import write_pets

QUESTION = 'What kind has Ann Lee, older than 3 and "odd"?'


@pytest.fixture
def pets(tmp_path: Path) -> Iterator[Database]:
    with opened(write_pets(tmp_path)) as database:
        yield database


@cache
def invented(tables: int, seed: int) -> KnownDatabase:
    """A database of that many tables with some columns, cells and links."""
    generator = random.Random(seed)
    columns: list[Column] = []
    index, links = ValueIndex(), []
    for table in range(tables):
        first = len(columns)
        columns.append(Column(table=table, name="id", type="number"))
        for number in range(generator.randrange(4)):
            kind = generator.choice(("number", "text", "time", "any"))
            columns.append(Column(table=table, name=f"c{number} d", type=kind))
            index.add(Cell(f"cell {number}", len(columns) - 1))
        if table and generator.random() < 0.7:
            columns.append(Column(table=table, name="other id", type="number"))
            links.append(Link(columns=(len(columns) - 1,), parents=(first - 1,)))
    links = [link for link in links if columns[link.parents[0]].type == "number"]
    names = tuple(f"t{table} a" for table in range(tables))
    items = Items(tables=names, columns=tuple(columns), links=tuple(links))
    return KnownDatabase(items=items, index=index, keys=frozenset({0}))


@settings(max_examples=4)
@given(st.integers(1, 3), st.integers(0, 99))
def test_every_rule_is_an_action_or_points_to_a_row_and_no_two_are_one_choice(
    tables: int, seed: int
) -> None:
    known = invented(tables, seed)
    question = posed("Which cell 1 is older than 3 or 'x' at 2020-01-02?", known).question
    for sort in sorts(question.grammar)[::7]:
        names = [rule.name for rule in question.grammar.rules(sort)]
        choices = [VOCABULARY.choice(name, question) for name in names]
        assert len(set(choices)) == len(names), sort
    assert {mark for row in question.rows for mark in row.marks} <= set(MARKS)


def test_all_actions_and_origins_are_used() -> None:
    from typing import get_args

    from abduce.symbolic.questions.values import Origin

    assert get_args(Origin) == ORIGINS
    columns = [Column(table=t, name=k, type=k) for t in range(2) for k in TYPES]
    known = KnownDatabase(
        items=Items(tables=("one", "two"), columns=tuple(columns)),
        index=ValueIndex(),
        keys=frozenset(),
    )
    grammar = posed(QUESTION, known).question.grammar
    used = {rule.name for sort in sorts(grammar) for rule in grammar.rules(sort)}
    assert set(ACTIONS) <= used


def test_rows_stand_on_what_they_are_about(pets: Database) -> None:
    known = known_database(pets)
    pose = posed(QUESTION, known)
    question = pose.question
    rows = {
        name: question.text[question.rows[row].start : question.rows[row].end]
        for name, row in question.pointers.items()
    }
    assert question.text.startswith(QUESTION)
    assert rows["column pets.owner_id"] == "owner id"
    assert rows["table weather"] == "weather"
    assert rows["group owners"] == (
        "owners : id , name ( Ann Lee ) | pets : id ( 3 ) , owner id , kind ( cat ; dog ) , "
        "age ( 3 )"
    )
    assert rows["value 'Ann Lee'"] == rows["value '%Ann Lee%'"] == "Ann Lee"
    assert rows["value 3"] == rows["value '3'"] == rows["limit 3"] == "3"
    assert rows["value 'odd'"] == "odd"
    marks = question.rows[question.pointers["value '%Ann Lee%'"]].marks
    assert marks == ("value", "from cell", "has within")
    assert "exact" in question.rows[question.pointers["column pets.kind"]].marks
    assert "foreign key" in question.rows[question.pointers["column pets.owner_id"]].marks
    assert pose.linked
    assert not posed("Wie geht es dir?", known).linked


def test_the_shared_sizes_allow_what_those_of_the_question_do() -> None:
    generator = random.Random(0)
    question = posed("Which cell 1 is older than 3?", invented(2, 1)).question
    assert question.begin is not None
    own = mask_rules(question.grammar, max_nodes=MOST_NODES)
    for _ in range(20):
        one: PartialTree = question.begin
        other = own
        for _ in range(30):
            if one.finished:
                break
            names = [rule.name for rule in one.allowed()]
            assert names == [rule.name for rule in other.allowed()]
            name = generator.choice(names)
            one, other = one.advance(name), other.advance(name)
        assert one.finished == other.finished


@settings(max_examples=30)
@given(st.integers(2, 9), st.integers(0, 99), st.data())
def test_a_part_is_a_database_with_the_same_names(
    tables: int, seed: int, data: st.DataObject
) -> None:
    known = invented(tables, seed)
    kept = sorted(data.draw(st.sets(st.integers(0, tables - 1), min_size=1)))
    part = part_of(known, kept)
    assert part.items.tables == tuple(known.items.tables[table] for table in kept)
    for place, table in enumerate(kept):
        mine = [part.items.columns[i].name for i in part.items.columns_of(place)]
        assert mine == [known.items.columns[i].name for i in known.items.columns_of(table)]
    for link in part.items.links:
        one, other = part.items.ends(link)
        assert {kept[one], kept[other]} <= set(range(tables))
    for cells in part.index.whole.values():
        assert all(0 <= cell.column < len(part.items.columns) for cell in cells)


def test_a_large_database_is_cut_to_what_the_question_names() -> None:
    known = invented(40, 3)

    def fits(part: KnownDatabase) -> bool:
        return len(part.items.tables) <= 6

    part, left = narrowed("How many t17 a of t4 a?", known, fits)
    assert {"t17 a", "t4 a"} <= set(part.items.tables)
    assert sorted((*part.items.tables, *left)) == sorted(known.items.tables)
    assert narrowed("How many t17 a?", known, lambda _: True) == (known, ())
    with pytest.raises(InputError, match="too long together with a table of"):
        narrowed("How many t17 a?", known, lambda _: False)


def test_all_that_can_be_decoded_runs(pets: Database) -> None:
    pose = posed(QUESTION, known_database(pets))
    generator = random.Random(0)
    for _ in range(30):
        at = Steps.begin(pose.question, VOCABULARY)
        while not at.finished:
            rules = list(at.allowed().values())
            short = [rule for rule in rules if not rule.args] if len(at.choices) > 30 else []
            at = at.advance(generator.choice(short or rules))
        result = execute(pets.connection, write(pose.language, at.partial.tree), rows=10)
        assert isinstance(result, Rows)


PIECES = st.sampled_from((*"'\"`.,-/%_ 3", "1,000", "2020-01-02", "Ann", "pets", "c0 d", "é", "½"))


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(max_size=5), max_size=12))
def test_any_text_is_a_question_or_refused(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        question = posed(text, invented(2, 1), masked=False).question
    except InputError:
        assert not words(text)
        return
    assert all(question.text[row.start : row.end].strip() for row in question.rows)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "an empty question"),
        ("  \n ", "an empty question"),
        ("???", "no word in '???'"),
        ("pets " * 10_000, "a question of 10,000 words, expected at most 200"),
    ],
)
def test_what_is_no_question_is_refused(pets: Database, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told.replace("?", r"\?")):
        posed(text, known_database(pets))
