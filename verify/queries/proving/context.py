"""Where a query stands within a larger one, and what of its rows counts there."""

from dataclasses import dataclass, field

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.verdict import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What of the rows of a query counts where it stands.

    Attributes:
        as_set: whether duplicates do not count.
        only_rows: whether only the presence of a row counts, as in EXISTS.
        ordered: whether the order of rows counts.
        exact: whether 1 and 1.0 may be told apart, by arithmetic or functions around the query.
    """

    as_set: bool = False
    only_rows: bool = False
    ordered: bool = False
    exact: bool = False


@dataclass(slots=True)
class Notes:
    """The laws and keys that were used on one query."""

    query: int
    schema: Schema
    steps: list[Step] = field(default_factory=list)
    keys: dict[str, bool] = field(default_factory=dict)
    """Sentences about keys, and whether each is assumed."""

    def law(self, law: str, why: str) -> None:
        step = Step(self.query, law, why)
        if step not in self.steps:
            self.steps.append(step)

    def key(self, sentence: str, origin: str) -> None:
        self.keys[sentence] = self.keys.get(sentence, False) or origin == "assumed"
