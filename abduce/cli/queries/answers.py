"""Answers to questions about databases, as text and as plain data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from abduce.grammars.grammar import Tree
    from abduce.neural.questions_to_sql.answering import Answer, Found
    from abduce.symbolic.databases.executing import Row
    from abduce.symbolic.databases.schema import Schema

COMPARED_S: Final = 1.0
"""The upper limit on the time of comparing two queries, in seconds."""
SHOWN: Final = 12
"""The upper limit on the values of a question that an explanation lists."""


def lines(answer: "Answer", rows: int, rivals: int) -> Iterator[str]:
    """The answer for a person."""
    best = answer.best
    if best is None:
        return
    yield best.sql
    yield from _rows(best.rows, best.cut, rows)
    yield f"confidence: {best.confidence:.2f}"
    for other in answer.found[1 : rivals + 1]:
        told = f"{_count(other)}, confidence {other.confidence:.2f}"
        yield f"another query: {other.sql} ({told})"
    if answer.dropped:
        yield f"queries that were dropped, because they gave no rows: {len(answer.dropped)}"


def _rows(some: "Sequence[Row]", cut: bool, limit: int) -> Iterator[str]:
    from abduce.verify.queries.text.writing import write_value

    yield "no rows" if not some else "rows:"
    for row in some[:limit]:
        yield f"    {', '.join(map(write_value, row))}"
    more = len(some) - limit
    if cut:
        yield f"    and more: at least {len(some) + 1:,} rows in all"
    elif more > 0:
        yield f"    and {more:,} more"


def _count(found: "Found") -> str:
    if found.cut:
        return f"more than {len(found.rows):,} rows"
    return f"{len(found.rows):,} row{'' if len(found.rows) == 1 else 's'}"


def answer_json(answer: "Answer", rows: int, rivals: int) -> dict[str, Any]:
    """The answer for a program; `answer` is null where there is none."""
    best = answer.best
    return {
        "question": answer.posed.text,
        "answer": None if best is None else _found_json(best, rows),
        "others": [_found_json(each, rows) for each in answer.found[1 : rivals + 1]],
        "unsure": answer.unsure,
        "refused": answer.refused,
        "dropped": [{"sql": text, "reason": reason} for text, reason in answer.dropped],
        "tables_left_out": list(answer.left_out),
        "proved": False,
    }


def _found_json(found: "Found", rows: int) -> dict[str, Any]:
    from abduce.verify.queries.text.writing import write_value

    plain = [
        [write_value(value) if isinstance(value, bytes) else value for value in row]
        for row in found.rows[:rows]
    ]
    return {
        "sql": found.sql,
        "rows": plain,
        "more_rows": found.cut or len(found.rows) > rows,
        "confidence": round(found.confidence, 4),
        "same_rows": list(found.same),
    }


def keys_assumed(schema: "Schema", sql: str | None = None) -> Iterator[str]:
    """The foreign keys that are guesses.

    Args:
        sql: a query, for those between tables that it names; None for all of them.
    """
    import sqlglot
    from sqlglot import exp

    query = None if sql is None else sqlglot.parse_one(sql, dialect="sqlite")
    named = None if query is None else {each.name.lower() for each in query.find_all(exp.Table)}
    for table in schema.tables:
        for key in table.foreign_keys:
            ends = {table.name.lower(), key.parent.lower()}
            if key.origin == "assumed" and (named is None or ends <= named):
                child = f"{table.name}({', '.join(key.columns)})"
                parent = f"{key.parent}({', '.join(key.parent_columns)})"
                yield f"foreign key {child} to {parent}: assumed from the rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a query was written.

    Attributes:
        names: the words of the question with the tables and columns that they name, and how.
        values: the values that the question names, with where they come from.
        derivation: the rules of the tree of the query, one a line, indented by depth.
        same: the other queries with the same rows, with the verdict of `sql compare`.
    """

    names: tuple[str, ...]
    values: tuple[str, ...]
    derivation: tuple[str, ...]
    same: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> Iterator[str]:
        """The explanation for a person."""
        yield "the words name:" if self.names or self.values else "no word names anything"
        for each in (*self.names, *self.values):
            yield f"    {each}"
        if self.derivation:
            yield "derivation:"
            for each in self.derivation:
                yield f"    {each}"
        for text, verdict in self.same:
            yield f"same rows here: {text} (compared on all databases: {verdict})"

    @property
    def told(self) -> dict[str, Any]:
        """The explanation for a program."""
        return {
            "names": list(self.names),
            "values": list(self.values),
            "derivation": list(self.derivation),
            "same_rows": [{"sql": text, "compared": verdict} for text, verdict in self.same],
        }


def explained(answer: "Answer", schema: "Schema") -> Explained:
    """Why the query of an answer was written."""
    from abduce.symbolic.questions.words import words

    told, items = words(answer.posed.text), answer.known.items
    names: list[str] = []
    for link in answer.posed.links:
        said = " ".join(word.text for word in told[link.start : link.end])
        if link.kind == "table":
            name = items.tables[link.number]
        else:
            column = items.columns[link.number]
            name = f"{items.tables[column.table]}.{column.name}"
        names.append(f"{said!r}: {link.kind} {name} ({link.relation})")
    values: list[str] = []
    for each in answer.posed.candidates:
        if each.end:
            said = " ".join(word.text for word in told[each.start : each.end])
            columns = [items.columns[number] for number in each.columns[:3]]
            inside = ", ".join(f"{items.tables[c.table]}.{c.name}" for c in columns)
            values.append(
                f"{said!r}: value {each.value!r} ({each.origin}{' in ' * bool(inside)}{inside})"
            )
    best = answer.best
    return Explained(
        names=tuple(names),
        values=tuple(values[:SHOWN]),
        derivation=() if best is None else tuple(_derivation(best.tree)),
        same=() if best is None else tuple(_compared(best, schema)),
    )


def _derivation(tree: "Tree") -> Iterator[str]:
    todo: list[tuple[Tree, int]] = [(tree, 0)]
    while todo:
        node, depth = todo.pop()
        yield f"{'  ' * depth}{node[0]}"
        todo += [(child, depth + 1) for child in reversed(node[1:])]


def _compared(best: "Found", schema: "Schema") -> Iterator[tuple[str, str]]:
    from abduce.verify.queries.comparing import Budget, compare
    from abduce.verify.queries.verdict_json import WORDS

    for text in best.same:
        verdict = compare(schema, best.sql, text, Budget(timeout_s=COMPARED_S))
        yield text, WORDS[type(verdict)]
