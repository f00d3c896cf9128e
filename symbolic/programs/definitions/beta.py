"""One step of beta reduction, the leftmost outermost redex first, as the tables of a machine.

A machine of `step_tables` whose entries are these contracts that redex, on every term; and it stops
at normal forms only. The proof of a machine looks at each entry that a term can lead to. That these
entries make the step is the following argument.

Search. Order (node first, function first) is the order of the prefix code, in which a node comes
before what is inside it, and a function before its argument: the first application in it whose
function is an abstraction is the leftmost outermost redex. The node after an application is its
function. So with `look` 1 for (application, abstraction) and 0 else, the mark is that redex, and
there is none just where the term is a normal form. An application or an abstraction is never the
last node of a code: these two entries cannot be met.

Places. From now on the mark is ``(\\. B) A``: the place MARK has an application and nothing else,
HEAD an abstraction and nothing else; B is the BODY and A the ARGUMENT.

Counter. Outside the mark and in its argument it is 0, so no index there is less. The head does not
count and the abstractions of B do; so at a node of B the counter c is the number of abstractions of
B around it. An index i there is bound inside B if i < c; by the head if i = c; and outside of the
redex if i > c, where the abstraction of the head was counted and is gone: i - 1.

Paste. A is written where i = c. The abstractions of A count from 0, so at a node of A the counter
is the number d of those around it. An index of A that is less than d is bound in A and stays. One
that is not points out of A, which now stands under c more abstractions: it is raised by c.

The result is a term. Each subterm outside the mark, of B, and of a pasted A is written as one
subterm, by induction: a node is kept with its parts, or is a variable and becomes a variable or A.
The mark and its head are dropped with the argument, which leaves B.

Nothing else would do: for each entry that can be met, and each other value that it could have,
there is a term on which that machine is wrong (tests/verify/discrete/test_beta.py finds it).

Source: de Bruijn 1972, Lambda calculus notation with nameless dummies, section 7 (substitution);
Barendregt 1984, The lambda calculus, section 13.2 (leftmost reduction).
"""

from abduce.symbolic.programs.step_tables import (
    ABSTRACTION,
    APPLICATION,
    ARGUMENT,
    BODY,
    DROP,
    END,
    EQUAL,
    FUNCTION_FIRST,
    GREATER,
    HEAD,
    IN_HEAD,
    KEEP,
    LESS,
    LOWER,
    MARK,
    NODE_FIRST,
    OUTSIDE,
    PASTE,
    RAISE,
    SEES_INDEX,
    Case,
    StepSpecification,
)


def _rule(case: Case) -> int | None:
    match case:
        case "order", (0,):
            return NODE_FIRST
        case "order", (1,):
            return FUNCTION_FIRST
        case "look", (here, after):
            if here in (APPLICATION, ABSTRACTION) and after == END:
                return None
            return int((here, after) == (APPLICATION, ABSTRACTION))
        case "act", (place, sight):
            return _act(place, sight)
        case "pasted", (order,):
            return KEEP if order == LESS else RAISE
        case _, (place,):  # count
            return int(place != IN_HEAD)
    raise AssertionError(case)


def _act(place: int, sight: int) -> int | None:
    if place == MARK:
        return DROP if sight == APPLICATION else None
    if place == HEAD:
        return DROP if sight == ABSTRACTION else None
    if place == BODY:
        indices = {SEES_INDEX + EQUAL: PASTE, SEES_INDEX + GREATER: LOWER}
        return indices.get(sight, KEEP)
    if sight == SEES_INDEX + LESS:
        return None
    assert place in (OUTSIDE, ARGUMENT)
    return DROP if place == ARGUMENT else KEEP


BETA = StepSpecification(
    "every step on every term contracts its leftmost outermost redex, and it stops only at normal "
    "forms",
    _rule,
)
