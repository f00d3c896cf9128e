"""Applicative order: the leftmost of the innermost redexes first, so arguments before calls.

Everything that is evaluated becomes a normal form at the top of one buffer of codes, and what it
was made from is below it. An application writes its code, then its function, then its argument; if
the function turned out an abstraction, its body is evaluated above them with the argument at hand,
and the result moves down over all three. Nothing is shared and nothing is evaluated twice but the
bodies of functions, once a call: the steps are those of the textbook.

    cursor       the next code to evaluate; subterms are met one after the other
    environment  None, or (entry, environment), for the binders that were entered since the code
                 was written: a level (of an unknown variable), or [start, end, depth, is closed],
                 a normal form in the buffer and the number of binders around it
    base, depth  how many binders were around the code when it was written, are around its result
    frames       what to do with a result: see the constants

Source: Sestoft 2002, Demonstrating lambda calculus reduction, section 7.3.
"""

from typing import Any

from abduce.symbolic.lambda_calculus.reduction.limits import BURST, LIST, Meter
from abduce.symbolic.lambda_calculus.reduction.machine import PASSED, Readback
from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND, view
from abduce.symbolic.lambda_calculus.terms.terms import Term

LAMBDAS = -(1 << 40)
"""In the buffer, abstraction number n of the term is `LAMBDAS - n`."""

FUNCTION, ARGUMENT, LEAVE, MOVE = range(4)
"""(FUNCTION, start of the application): its argument comes next;
(ARGUMENT, start): both are there;
(LEAVE, environment): the body of an abstraction is there;
(MOVE, start, cursor, environment, base, first): the value of a call is there, from `first` on, and
belongs at the start; the rest is where to go on then."""


def applicative_normal(term: Term, meter: Meter) -> Readback | None:
    """The normal form of a term in applicative order; None where the meter stopped it."""
    buffer = _numbered(term, meter)
    source = len(buffer)
    frames: list[tuple[Any, ...]] = []
    environment: Any = None
    cursor = base = depth = left = room = passed = 0
    while True:
        code = buffer[cursor]
        cursor += 1
        if code == APPLICATION:
            frames.append((FUNCTION, len(buffer)))
            buffer.append(APPLICATION)
            continue
        if code <= LAMBDAS:
            frames.append((LEAVE, environment))
            buffer.append(code)
            environment = (depth, environment)
            depth += 1
            continue
        if code < 0:
            buffer.append(code)
        else:
            passed += code
            if passed > PASSED:
                if not meter.goes_on(len(buffer) // LIST, 0, left):
                    return None
                passed = 0
            index, entries = code - BOUND, environment
            while entries and index:
                entries = entries[1]
                index -= 1
            entry: Any = entries[0] if entries else base - 1 - index
            if type(entry) is int:
                buffer.append(BOUND + depth - 1 - entry)
            else:
                _copy(buffer, entry, depth, meter)
                if len(buffer) >= room:
                    if not meter.goes_on(len(buffer) // LIST, 0, left):
                        return None
                    room = len(buffer) + BURST
        while frames:
            frame = frames.pop()
            kind, start = frame[0], frame[1]
            if kind == FUNCTION:
                frames.append((ARGUMENT, start, len(buffer)))
                break
            if kind == LEAVE:
                environment = start
                depth -= 1
            elif kind == MOVE:
                _, start, cursor, environment, base, result = frame
                buffer[start:] = buffer[result:]
            elif buffer[start + 1] <= LAMBDAS:
                if not left:
                    left = meter.fuel(len(buffer) // LIST, 0)
                    if not left:
                        return None
                left -= 1
                argument = frame[2]
                if frames and frames[-1][0] == MOVE:  # a call at the end of a call takes its place
                    moved = start - frames[-1][1]
                    del buffer[frames[-1][1] : start]
                    start, argument = start - moved, argument - moved
                    frames[-1] = (*frames[-1][:5], len(buffer))
                else:
                    frames.append((MOVE, start, cursor, environment, base, len(buffer)))
                environment = ([argument, len(buffer), depth, False], None)
                cursor, base = start + 2, depth
                break
        else:
            break
    result = buffer[source:]
    if not meter.goes_on(0, len(result), left):
        return None
    numbers = [LAMBDAS - code for code in result if code <= LAMBDAS]
    return [ABSTRACTION if code <= LAMBDAS else code for code in result], numbers, meter.beta(left)


def _numbered(term: Term, meter: Meter) -> list[int]:
    buffer: list[int] = []
    number = LAMBDAS
    for code in meter.watched(view(term.code)):
        buffer.append(number if code == ABSTRACTION else code)
        number -= code == ABSTRACTION
    return buffer


def _copy(buffer: list[int], entry: list[Any], depth: int, meter: Meter) -> None:
    """Write a normal form again, now under `depth` binders.

    Raises:
        Stopped: the meter stopped it.
    """
    start, end, written, closed = entry
    if closed or depth == written:
        buffer += buffer[start:end]
        return
    shift, inner, closed = depth - written, 0, True
    pending: list[int] = []
    copied = buffer[start:end]
    for code in meter.watched(copied) if len(copied) > BURST else copied:
        if code == APPLICATION:
            pending.append(inner)
        elif code <= LAMBDAS:
            inner += 1
        else:
            if code - BOUND >= inner:
                code += shift
                closed = False
            buffer.append(code)
            inner = pending.pop() if pending else 0
            continue
        buffer.append(code)
    entry[3] = closed
