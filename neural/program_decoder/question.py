"""What is asked: a text, the grammar of the answers, and the rows that rules point to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from abduce.errors import InputError
from abduce.grammars.grammar import Grammar, Tree
from abduce.grammars.partial import PartialTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A piece of a text that a rule can point to, such as a number or the name of a column.

    Attributes:
        start, end: the place of its characters.
        marks: what is known of it, in words of the vocabulary.
    """

    start: int
    end: int
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """A text with the grammar of its answers.

    Attributes:
        text: everything that the encoder reads; the names of columns too, where there are any.
        pointers: the row of each rule that points to one, by the name of the rule.
        max_nodes: the upper limit on the nodes of an answer.
        max_depth: the upper limit on its depth; None for no other limit.
        begin: the beginning of its answers within these limits, where it is known already; it
            costs time for a large grammar.

    Raises:
        InputError: a row outside the text, or a pointer to no row.
    """

    text: str
    grammar: Grammar
    rows: tuple[Row, ...] = ()
    pointers: Mapping[str, int] = field(default_factory=dict)
    max_nodes: int = 31
    max_depth: int | None = None
    begin: PartialTree | None = None

    def __post_init__(self) -> None:
        for row in self.rows:
            if not 0 <= row.start < row.end <= len(self.text):
                found = f"a row from {row.start} to {row.end} of a text"
                raise InputError(found, (f"places from 0 to {len(self.text)}, in order",))
        for name, row_ in self.pointers.items():
            if not 0 <= row_ < len(self.rows):
                raise InputError(f"the rule {name!r} that points to row {row_}", (self._range(),))

    def _range(self) -> str:
        return f"one of the {len(self.rows)} rows, counted from 0" if self.rows else "no pointer"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """A question with its answer."""

    question: Question
    tree: Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words that all questions of a task share.

    Attributes:
        actions: the names of the rules that point to nothing.
        marks: what can be known of a row.

    Raises:
        InputError: a name occurs twice.
    """

    actions: tuple[str, ...]
    marks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for kind, names in (("action", self.actions), ("mark", self.marks)):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise InputError(f"the {kind} {twice[0]!r} twice in a vocabulary", ("it once",))

    def choice(self, name: str, question: Question) -> int:
        """The number of a rule among the choices: actions come first, then rows.

        Raises:
            InputError: the rule points to nothing and is no action.
        """
        row = question.pointers.get(name)
        if row is not None:
            return len(self.actions) + row
        try:
            return self.actions.index(name)
        except ValueError:
            raise InputError(
                f"the rule {name!r}, which points to no row and is no action of the decoder",
                advice="Name it among the actions of the vocabulary, and train the decoder anew.",
            ) from None
