"""Rules of graph machines, proved by enumerating all that a node can see."""

import numpy as np

from abduce import clock
from abduce.symbolic.programs.rules import Rules, RulesSpecification, all_seen
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


def prove_rules(
    rules: Rules, specification: RulesSpecification, *, deadline: float | None = None
) -> Verdict:
    """Whether tables agree with a specification, by enumerating all that a node can see.

    A refutation names what is seen as (state, acts, has offer, found, order). If the wrong states
    are open or sought, it names the state alone; if the offer is wrong, it names nothing.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """
    if clock.passed(deadline):
        return Unknown("the time was up")
    if rules.next.shape != specification.shape or rules.take.shape != specification.shape:
        return Unknown(f"the tables have the shape {rules.next.shape}, not {specification.shape}")
    if rules.offer != specification.offer:
        return _refuted((), (rules.offer,), (specification.offer,), 1)
    cases = 1
    bits = ((rules.open, specification.open), (rules.sought, specification.sought))
    for state in range(specification.states):
        for found, expected in bits:
            cases += 1
            if bool(found[state]) != (state in expected):
                return _refuted((state,), (int(found[state]),), (int(state in expected),), cases)
    for seen in all_seen(specification):
        wanted = specification.expected(seen)
        if wanted is None:
            continue
        cases += 1
        if rules(seen) != wanted:
            return _refuted(seen.place, rules(seen), wanted, cases)
    certificate = Certificate(specification.claim, "enumeration of all that a node can see", cases)
    return Proved(Work(points=cases), certificate)


def _refuted(
    seen: tuple[int, ...], found: tuple[int, ...], wanted: tuple[int, ...], cases: int
) -> Refuted:
    return Refuted(np.array(seen), np.array(found), 0, Work(points=cases), np.array(wanted))
