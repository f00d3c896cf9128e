"""One measurement of `abduce bench lambda`, in a process of its own: `python -m
abduce.benchmarks.lambda_calculus.job ENGINE TERM [FIELD=VALUE ...]` prints it as one JSON object.

Seconds are CPU seconds, from the term to the outcome. A reduction is repeated, and the fastest
counts; what the compiled engine needs to be loaded is measured apart, before. The clock is that of
the thread, the only one: Linux counts a process that has a limit of CPU seconds in ticks.
"""

import json
import sys
from typing import Any

from abduce import clock
from abduce.benchmarks.lambda_calculus.cases import CASES, Case
from abduce.benchmarks.lambda_calculus.config import MEASURING, MeasuringConfig
from abduce.clock import peak_mb
from abduce.configuration import configured
from abduce.symbolic.lambda_calculus import NormalForm, Outcome, normal_form, parse
from abduce.symbolic.lambda_calculus.reduction.outcomes import Engine

ENGINES: tuple[Engine, ...] = ("plain", "compiled")


def measure(engine: Engine, name: str, config: MeasuringConfig = MEASURING) -> dict[str, Any]:
    """The figures of one term on one engine.

    'right' says whether the normal form is the one expected (or, where there is none, whether the
    fuel was spent); 'read_and_print_s' is what it takes to print the term and to parse the text.
    """
    case = CASES[name]
    start = clock.thread_cpu_s()
    normal_form(parse("x"), engine=engine)
    start_up_s = clock.thread_cpu_s() - start
    start = clock.thread_cpu_s()
    term = case.term()
    make_s = clock.thread_cpu_s() - start
    found, best = _fastest(case, engine, config)
    figures = {
        "term": name,
        "engine": engine,
        "beta": found.beta,
        "s": best,
        "beta_per_s": found.beta / best,
        "peak_mb": peak_mb(),
        "nodes": found.term.size if isinstance(found, NormalForm) else None,
        "right": _is_right(case, found),
        "start_up_s": start_up_s,
        "make_s": make_s,
    }
    del found
    start = clock.thread_cpu_s()
    same = parse(str(term)) == term
    return figures | {"read_and_print_s": clock.thread_cpu_s() - start, "read_back": same}


def _fastest(case: Case, engine: Engine, config: MeasuringConfig) -> tuple[Outcome, float]:
    term, limits = case.term(), config.limits(case.fuel)
    best, spent, count, batch = float("inf"), 0.0, 0, 1
    while True:
        start = clock.thread_cpu_s()
        for _ in range(batch - 1):
            normal_form(term, config.strategy, engine=engine, limits=limits)
        found = normal_form(term, config.strategy, engine=engine, limits=limits)
        took = clock.thread_cpu_s() - start
        spent += took
        if took < config.batch_s:  # too short to be believed
            batch *= 2
            continue
        best, count = min(best, took / batch), count + 1
        if spent > config.most_s or (spent > config.enough_s and count >= config.repeats):
            return found, best


def _is_right(case: Case, found: Outcome) -> bool:
    if case.expected is None:
        return not isinstance(found, NormalForm) and found.beta == case.fuel
    return isinstance(found, NormalForm) and found.term == case.expected()


if __name__ == "__main__":
    chosen = configured(MEASURING, None, sys.argv[3:])
    sys.stdout.write(json.dumps(measure(sys.argv[1], sys.argv[2], chosen)))  # pyright: ignore  # noqa: TID251
