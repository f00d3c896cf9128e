"""How much of gold is among what is linked: its tables, columns and values.

Values are found without the entities that a data set tells.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from abduce.benchmarks.questions.data import Places, Question
from abduce.errors import InputError
from abduce.grammars.grammar import Tree
from abduce.grammars.sql.items import Items, Value
from abduce.grammars.sql.language import SqlLanguage
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.reading import read
from abduce.symbolic.databases.reading import Database, opened
from abduce.symbolic.questions.index import index_of
from abduce.symbolic.questions.items import items_of
from abduce.symbolic.questions.linking import name_links
from abduce.symbolic.questions.values import candidates, values_of


@dataclass(slots=True)
class Linking:
    """Counts over the questions whose gold has a tree.

    Attributes:
        gold: tables, columns and values of gold, and questions.
        found: those of them among the candidates; questions with all values there.
        candidates: how many candidates there were.
        missed: values that were not found, with their question.
    """

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    candidates: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, Value]] = field(default_factory=list)


def linking(
    questions: Sequence[Question], places: Places, constants: Sequence[Value] = (1,)
) -> Linking:
    """Links every question, and looks for what gold names."""
    found = Linking()
    for name in dict.fromkeys(question.database for question in questions):
        if name not in places.files:
            continue
        try:
            with opened(places.files[name], places.keys) as database:
                some = [question for question in questions if question.database == name]
                _link(some, database, found, constants)
        except InputError:
            continue
    return found


def _link(
    questions: Sequence[Question], database: Database, found: Linking, constants: Sequence[Value]
) -> None:
    database.connection.text_factory = lambda data: data.decode(errors="replace")
    items = items_of(database.schema, database.connection)
    language, index = SqlLanguage(items), index_of(items, database.connection)
    for question in questions:
        try:
            reading = read(language, question.gold)
        except NotCovered:
            continue
        links = name_links(question.text, items)
        listed = candidates(question.text, index, constants)
        columns = {link.number for link in links if link.kind == "column"}
        columns |= {column for each in listed for column in each.columns if each.end}
        tables = {link.number for link in links if link.kind == "table"}
        tables |= {items.columns[column].table for column in columns}
        values = values_of(listed)
        known = {("number", v) for v in values.numbers} | {("text", v) for v in values.texts}
        gold_columns, gold_tables = _named(reading.tree, items)
        wanted = {("number", v) for v in reading.values.numbers}
        wanted |= {("text", v) for v in reading.values.texts}
        folded = {(kind, str(value).lower()) for kind, value in known}
        close = {(kind, value) for kind, value in wanted if (kind, str(value).lower()) in folded}
        missed = [value for kind, value in sorted(wanted, key=repr) if (kind, value) not in known]
        found.missed += [(question.text, question.gold, value) for value in missed]
        for kind, gold, there in (
            ("columns", gold_columns, columns), ("tables", gold_tables, tables),
            ("values", wanted, known), ("values but for case", wanted, close),
        ):  # fmt: skip
            found.gold[kind] += len(gold)
            found.found[kind] += len(gold & there)  # type: ignore[operator]
            found.candidates[kind] += len(listed) if kind.startswith("values") else len(there)
        found.gold["questions"] += 1
        found.found["questions"] += not missed


def _named(tree: Tree, items: Items) -> tuple[set[int], set[int]]:
    """The columns and tables that the leaves of a tree point to."""
    language = SqlLanguage(items)
    names = {language.column_name(i, o): i for i in range(len(items.columns)) for o in (1, 2)}
    tables = {f"table {name}": i for i, name in enumerate(items.tables)}
    columns_, tables_ = set(), set()
    todo = [tree]
    while todo:
        node = todo.pop()
        if node[0] in names:
            columns_.add(names[node[0]])
        elif node[0] in tables:
            tables_.add(tables[node[0]])
        todo += node[1:]
    return columns_, tables_ | {items.columns[column].table for column in columns_}
