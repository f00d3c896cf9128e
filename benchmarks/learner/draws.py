"""A draw: a language is learned, and its test is answered. Each draw has a record.

The record keeps for each answer what is needed to judge its posterior."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.learner.languages import Drawn, Pair
from abduce.benchmarks.learner.outside import drawn
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, record_id
from abduce.benchmarks.records.record_file import append, complete
from abduce.benchmarks.solve.learner import nsr
from abduce.symbolic.nsr import Lexicon, learn
from abduce.symbolic.nsr.config import Config
from abduce.symbolic.nsr.evidence import other_orders, uses_of
from abduce.symbolic.nsr.reliability import features

LIMIT_S: Final = 60.0
"""The default time limit of learning a language, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """An answer and the truth.

    Attributes:
        posterior: the posterior of the best value, given or withheld; 0 where there is none.
        right: whether that value is the truth.
        held: whether the truth is among the alternatives.
        withheld: whether the answer is.
        longer: whether the sentence is longer than all training sentences.
        known: whether the sentence stands in training.
        votes: the votes for the value before the evidence counts, of which the best lexicon has 1.
        total: the votes of all lexicons.
        orders: for every other order of operators, how many contests without evidence it turns, how
            many contests that are decided for operators alike, and whether the value stays the
            same.
        features: the features of `reliability`; empty without a derivation.
    """

    posterior: float
    right: bool
    held: bool
    withheld: bool
    longer: bool
    known: bool
    votes: float
    total: float
    orders: tuple[tuple[int, int, bool], ...]
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """The results of one language."""

    family: str
    rows: int
    explained: float
    status: str
    answers: tuple[Tested, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def tested(drawn: Drawn, config: Config, timeout_s: float | None) -> Draw:
    """Learns a language and answers its test."""
    deadline = None if timeout_s is None else clock.wall_s() + timeout_s
    lexicon = learn(drawn.train, config, deadline=deadline)
    seen = {words for words, _ in drawn.train}
    plain = replace(lexicon, trust=None, rows={})
    answers = [_answer(lexicon, plain, pair, False, pair[0] in seen) for pair in drawn.test]
    answers += [_answer(lexicon, plain, pair, True, pair[0] in seen) for pair in drawn.longer]
    summary = lexicon.summary
    return Draw(
        family=drawn.family,
        rows=len(drawn.train),
        explained=summary["explained"] / max(1, summary["checked"]),
        status=summary["status"],
        answers=tuple(answers),
    )


def _answer(lexicon: Lexicon, plain: Lexicon, pair: Pair, longer: bool, known: bool) -> Tested:
    words, truth = pair
    answer, votes = lexicon.answer(words), plain.answer(words)
    shares = dict([(votes.value, votes.posterior), *votes.alternatives])
    total = 1.0 + sum([2.0**-rival.bits for rival in lexicon.rivals])
    code, readings = lexicon.parsed(words)
    orders: Sequence[tuple[int, int, bool]] = ()
    found: tuple[float, ...] = ()
    if code is not None and lexicon.trust is not None and lexicon.orders is not None:
        trust, weight = lexicon.trust, lexicon.orders
        found = tuple(asdict(features(trust.counts, words, set(uses_of(code, words)))).values())
        open_ = 2.0**-trust.model.open_bits
        own = answer.value
        orders = [
            (
                sum([weight(each) == open_ for each in contests]),
                sum([weight(each) != open_ for each in contests]),
                value is not None and isinstance(value, str) and lexicon.decoded(value) == own,
            )
            for value, contests in other_orders(code, words, readings, weight)
        ]
    return Tested(
        posterior=answer.posterior,
        right=answer.value == truth,
        held=any(value == truth for value, _ in answer.alternatives),
        withheld=answer.abstained,
        longer=longer,
        known=known,
        votes=shares.get(answer.value, 0.0) * total,
        total=total,
        orders=tuple(orders),
        features=found,
    )


def task(timeout_s: float) -> dict[str, Any]:
    """The task of the record of a draw; the seed of the record is the language."""
    return {"task": "languages", "timeout_s": timeout_s}


def kept(seeds: Sequence[int], records: Path, config: Config, timeout_s: float) -> list[Record]:
    """The records that a file has already of some draws."""
    recorded = nsr(config).recorded
    wanted = {record_id("languages", task(timeout_s), recorded, seed) for seed in seeds}
    return [each for each in complete(records) if each.id in wanted]


def run_draws(
    seeds: Sequence[int],
    records: Path,
    config: Config,
    *,
    timeout_s: float = LIMIT_S,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Learns and tests the languages of some seeds, one after the other, and keeps records."""
    recorded: Mapping[str, Any] = nsr(config).recorded
    done: list[Record] = []
    for seed in seeds:
        started, began = clock.utc_now(), clock.wall_s()
        draw = tested(drawn(seed), config, timeout_s)
        record = new_record(
            "languages",
            task=task(timeout_s),
            config=recorded,
            seed=seed,
            started=started,
            wall_s=clock.wall_s() - began,
            command=f"abduce bench languages --first {seed} --draws 1 --timeout-s {timeout_s:g}",
            metrics=draw.as_json(),
        )
        append(records, record)
        done.append(record)
        if progress:
            right = sum([answer.right for answer in draw.answers])
            progress(
                f"{seed}  {draw.family}, {draw.rows} rows: {draw.explained:.0%} explained, "
                f"{right} of {len(draw.answers)} right"
            )
    return done
