"""The proof that two queries are equal, or why there is none."""

from collections.abc import Sequence

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.proving.context import Context, Notes
from abduce.verify.queries.proving.naming import normal_form
from abduce.verify.queries.proving.rewriting import simplified
from abduce.verify.queries.proving.ties import depends
from abduce.verify.queries.query import Query, width
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.verdict import Proved, Step


def prove(read: Sequence[Query], texts: Sequence[str], schema: Schema) -> Proved | str:
    """A proof that two queries have the same rows on every database with the keys of a schema, or
    why none was found.

    Args:
        read: the trees of the two queries.
        texts: what they were read from.
    """
    first, second = (_plain(text) for text in texts)
    if first == second:
        step = Step(1, "the same query", "the texts differ in spaces and case only")
        return Proved((step,), first)
    if width(read[0]) != width(read[1]):
        return "the queries have different numbers of columns"
    forms, notes = [], []
    for number, query in enumerate(read, 1):
        note = Notes(number, schema)
        found = simplified(query, Context(ordered=True), note)
        why = depends(found, schema, ordered=True)
        if why is not None:
            return why
        try:
            forms.append(normal_form(found, schema))
        except Outside as error:
            return error.part
        notes.append(note)
    if forms[0] != forms[1]:
        return "the normal forms of the queries differ"
    keys = {sentence: assumed for note in notes for sentence, assumed in note.keys.items()}
    steps = tuple(step for note in notes for step in note.steps)
    return Proved(steps, forms[0], tuple(sorted(keys)), any(keys.values()))


def _plain(text: str) -> str:
    """A query as sqlglot writes it."""
    import sqlglot

    return sqlglot.parse_one(text, dialect="sqlite").sql(dialect="sqlite", normalize=True)
