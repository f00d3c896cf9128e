"""Whether posteriors are the shares of right answers, over all answers of all draws.

An answer counts by the posterior of its best value, whether it was withheld or not. Sentences
without any value have no posterior and do not count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.numbers import percent
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest

BINS: Final = 10
SURE: Final = 0.99
MANY_ROWS: Final = 200
ABOUT: Final = (
    "Languages drawn at random, half of them outside of what can be learned. ECE is the expected "
    "calibration error over 10 bins with equally many answers."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The figures of a set of draws.

    Attributes:
        ece: mean distance of posterior and share of right answers, over bins of equally many.
        sure, sure_right: answers with a posterior of at least .99, and the share that is right.
        large: the number of languages inside with at least 200 rows.
        coverage: the share of their test rows answered at .99 or above; None without such
            languages.
        wrong, held: wrong answers of languages inside whose training rows are all explained, and
            the share in which a rival has the truth.
        risk: the error that is allowed.
        answered: the share of test rows that are answered at this risk.
        error: the share of these answers that is wrong.
    """

    draws: int
    answers: int
    ece: float
    sure: int
    sure_right: float
    large: int
    coverage: float | None
    wrong: int
    held: float
    risk: float
    answered: float
    error: float

    def lines(self) -> list[str]:
        """The figures, one on each line."""
        coverage = "none drawn"
        if self.coverage is not None:
            coverage = f"{percent(self.coverage)} of the test rows of {self.large} languages"
        held = percent(self.held)
        return [
            f"answers with a value: {self.answers:,} of {self.draws} languages",
            f"expected calibration error: {self.ece:.4f}",
            f"right at a posterior of .99 or above: {percent(self.sure_right)} of {self.sure:,}",
            f"answered at .99 or above, inside, 200 rows or more: {coverage}",
            f"truth among the rivals of wrong answers, inside: {held} of {self.wrong}",
            f"at a risk of {self.risk:g}: {percent(self.answered)} answered, of which "
            f"{percent(self.error)} wrong",
        ]


def gather_draws(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each draw."""
    return sorted(latest(records, "languages"), key=lambda r: r.seed)


def calibration(draws: Sequence[dict[str, Any]], risk: float = 0.01) -> Calibration:
    """The figures of draws, as `Draw.as_json` writes them."""
    every = [(draw, answer) for draw in draws for answer in draw["answers"]]
    valued = [answer for _, answer in every if answer["posterior"] > 0]
    sure = [answer for answer in valued if answer["posterior"] >= SURE]
    inside = [pair for pair in every if pair[0]["family"] == "inside"]
    many = [answer for draw, answer in inside if draw["rows"] >= MANY_ROWS]
    wrong = [
        answer
        for draw, answer in inside
        if draw["explained"] == 1 and answer["posterior"] > 0 and not answer["right"]
    ]
    given = [answer for answer in valued if answer["posterior"] >= 1 - risk]
    return Calibration(
        draws=len(draws),
        answers=len(valued),
        ece=ece([(a["posterior"], a["right"]) for a in valued]),
        sure=len(sure),
        sure_right=_share([a["right"] for a in sure], 1.0),
        large=len([d for d in draws if d["family"] == "inside" and d["rows"] >= MANY_ROWS]),
        coverage=_share([a["posterior"] >= SURE for a in many], 0.0) if many else None,
        wrong=len(wrong),
        held=_share([a["held"] for a in wrong], 1.0),
        risk=risk,
        answered=len(given) / max(1, len(every)),
        error=1 - _share([a["right"] for a in given], 1.0),
    )


def ece(answers: Sequence[tuple[float, bool]], bins: int = BINS) -> float:
    """The expected calibration error over bins of equally many answers.

    >>> ece([(0.5, True), (0.5, False), (1.0, True), (1.0, True)], 2)
    0.0
    """
    ranked = sorted(answers, key=lambda answer: answer[0])
    total = 0.0
    for n in range(bins):
        own = ranked[n * len(ranked) // bins : (n + 1) * len(ranked) // bins]
        total += abs(sum([p for p, _ in own]) - sum([right for _, right in own]))
    return total / max(1, len(ranked))


def _share(truths: Sequence[bool], usual: float) -> float:
    return sum(truths) / len(truths) if truths else usual


def _of_records(records: Sequence[Record]) -> dict[str, list[dict[str, Any]]]:
    """The draws by whether their language is inside, and all of them."""
    draws = [dict(record.metrics) for record in records]
    parts = {name: [d for d in draws if (d["family"] == "inside") == own] for name, own in SIDES}
    return {name: own for name, own in {**parts, "all": draws}.items() if own}


SIDES: Final = (("inside", True), ("outside", False))
COLUMNS: Sequence[Column[tuple[str, Calibration]]] = (
    Column("languages", lambda row: row[0]),
    Column("drawn", lambda row: str(row[1].draws), right=True),
    Column("answers", lambda row: f"{row[1].answers:,}", right=True),
    Column("ECE", lambda row: f"{row[1].ece:.3f}", right=True),
    Column("at .99 or above", lambda row: f"{row[1].sure:,}", right=True),
    Column("of these right", lambda row: percent(row[1].sure_right), right=True),
)


def calibration_tables(records: Sequence[Record]) -> list[Table]:
    """A line for languages inside, for those outside, and for all."""
    found = {name: calibration(draws) for name, draws in _of_records(records).items()}
    return [table_of(COLUMNS, list(found.items()))]


def calibration_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Posteriors", ABOUT, html(table)) for table in calibration_tables(records)]


def calibration_summary(records: Sequence[Record]) -> dict[str, object]:
    """The figures as plain data, for --json."""
    return {name: asdict(calibration(draws)) for name, draws in _of_records(records).items()}
