"""How many of its training rows a lexicon explains, which shows how good it is before it is used.

A row is explained if the best entries give its output. Of contradictory rows, which give a sentence
several outputs, only one can be explained.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from abduce import clock

Words = tuple[str, ...]
Pair = tuple[Sequence[str], Sequence[str]]
"""(words of the sentence, output tokens)."""
MOST_LISTED: Final = 100
MOST_KEPT: Final = 2_000
"""The upper limit on the different sentences that are all kept with the lexicon."""
LATE: Final = 2_000
"""The upper limit on the rows examined after the deadline; they are spaced evenly."""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A training row whose output is not what the lexicon gives.

    Attributes:
        row: its number, from 1.
        given: what the lexicon gives; None where it gives nothing.
    """

    row: int
    words: Words
    output: Words
    given: Words | None

    @property
    def as_noise(self) -> bool:
        """Whether the lexicon gives another output, and so treats this one as wrong."""
        return self.given is not None

    def as_json(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "row": self.row,
            "input": " ".join(self.words),
            "output": list(self.output),
            "lexicon": None if self.given is None else list(self.given),
            "treated_as_noise": self.as_noise,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """The rows that a lexicon explains, and those that it does not.

    Attributes:
        rows: the number of rows.
        examples: how many different sentences are among those that were checked.
        checked: the number of rows that were examined: all, or fewer if time ran out.
        explained: the number of those whose output is what the lexicon gives.
        unexplained: the others.
        kept: sentences with a single output, and that output: all of them, or if they are very
            many, those that are not known to be explained.
    """

    rows: int
    examples: int
    checked: int
    explained: int
    unexplained: tuple[Unexplained, ...]
    kept: Mapping[Words, Words]

    def as_json(self) -> dict[str, Any]:
        """The counts, the numbers of the first unexplained rows, and the number of noise rows.

        Rows that count as wrong, since the lexicon gives another output, are `noise_rows`.
        """
        noise = round(1 - self.explained / self.checked, 6) if self.checked else 0.0
        return {
            "examples": self.examples,
            "explained": self.explained,
            "noise": noise,
            "rows": self.rows,
            "checked": self.checked,
            "unexplained": [each.row for each in self.unexplained[:MOST_LISTED]],
            "noise_rows": [each.row for each in self.unexplained if each.as_noise][:MOST_LISTED],
        }


def explanation(
    pairs: Sequence[Pair],
    given: Callable[[Words, Words], Words | None],
    deadline: float | None = None,
) -> Explanation:
    """The explanation of pairs by a lexicon.

    Args:
        given: the output of a sentence by the best entries; a function of the sentence and the
            output of the row, which is called once for each sentence.
    """
    outputs: dict[Words, Words | None] = {}
    explained: set[Words] = set()
    found: dict[Words, Words | None] = {}
    unexplained: list[Unexplained] = []
    checked = right = following = 0
    step = 1
    for at, pair in enumerate(pairs):
        words, tokens = map(words_of, pair)
        outputs[words] = tokens if outputs.get(words, tokens) == tokens else None
        if at < following:
            continue
        if step == 1 and clock.passed(deadline):
            step = max(1, -(-(len(pairs) - at) // LATE))
            deadline = None
        following = at + step
        if words not in found:
            found[words] = given(words, tokens) if words else None
        checked += 1
        if found[words] == tokens:
            right += 1
            explained.add(words)
        else:
            unexplained.append(Unexplained(at + 1, words, tokens, found[words]))
    every = len(outputs) <= MOST_KEPT
    kept = {
        w: t for w, t in outputs.items() if t is not None and w and (every or w not in explained)
    }
    return Explanation(len(pairs), len(found), checked, right, tuple(unexplained), kept)


def words_of(text: str | Sequence[str]) -> Words:
    """The words of a text between blanks, or those that are given."""
    return tuple(text.split() if isinstance(text, str) else text)
