"""The compiled engine: the machine of `machine`, over arrays of integers, compiled by numba.

State and heap are 32-bit integers in numpy arrays, and the compiled code allocates nothing: when an
array is full it returns, the driver (`normalise`) grows the array or collects garbage, and the code
goes on where it was.

    node         a position in the prefix code; `after` has the position of an application's
                 argument and the number of an abstraction
    thunk t      (ta[t], tb[t]): a position to evaluate and its environment; or, evaluated,
                 ~position of an abstraction and its environment; or NEUTRAL and a neutral
    pair i       (pa[i], pb[i]): an environment (thunk, environment), or a neutral (argument,
                 neutral)
    neutral      a pair, or below 0 a variable: the code of a free one; of a bound one, with so many
                 free variables before it, -1 - free - (the number of binders around its binder)
    stack        thunks are arguments; ~t says that thunk t is to be written over
    later        thunks to be read back; ~depth says that the binders around are so many again

In thunks and pairs alike what is at least 0 and second is a pair, and what is first in a pair is a
thunk: that is all that the collector (Cheney's) has to know.

Source: as `machine`; Cheney 1970, A nonrecursive list compacting algorithm.
"""

from typing import Any

import numba
import numpy as np

from abduce.symbolic.lambda_calculus.reduction.limits import Meter
from abduce.symbolic.lambda_calculus.terms.codes import ABSTRACTION, APPLICATION, BOUND
from abduce.symbolic.lambda_calculus.terms.terms import Term

Integers = np.ndarray[Any, np.dtype[np.int32]]
Registers = np.ndarray[Any, np.dtype[np.int64]]
Heap = tuple[Integers, Integers, Integers, Integers]

NEUTRAL = -(2**31)
FORWARDED = NEUTRAL + 1

POSITION, ENVIRONMENT, TARGET, VALUE, DEPTH, STACK, LATER, CODES, NUMBERS, THUNKS, PAIRS = range(11)
READS, BETA, REGISTERS = 11, 12, 13
"""Indices of the registers. They hold the machine's state, the thunk that is being read back (or
-1), and the used length of each array. They also hold whether the neutral VALUE was found, and the
number of beta steps."""

ENDED, SPENT, FULL_HEAP, FULL_STACK, FULL_LATER, FULL_CODES, FULL_NUMBERS, LOOK = range(8)
"""The reasons why the compiled code returns."""

FIRST_HEAP, FIRST_STACK, FIRST_CODES = 1 << 16, 1 << 14, 1 << 22
"""The initial lengths of the arrays. A small heap fits in the processor's cache; unused pages of
the result take no memory."""
BURST = 1 << 22
PASSED = 1 << 26
"""The number of environment entries passed over between two checks of the heap and the clock."""

index = np.uintp
"""The type of indices, which are never negative. With an unsigned type, numba leaves out the test
for negative indices, which makes the machine faster by a third."""

CODE = numba.types.Array(numba.int32, 1, "C", readonly=True)
ARRAY, WORDS = numba.int32[::1], numba.int64[::1]
RUN = numba.int64(CODE, ARRAY, numba.int64, *[ARRAY] * 8, WORDS, numba.int64)
COLLECT = numba.void(*[ARRAY] * 10, WORDS)
PREPARE = numba.void(CODE, ARRAY)
"""Signatures are explicit, so that all functions are compiled, or read from numba's cache, on
import."""


@numba.njit(RUN, cache=True, boundscheck=False)
def _run(codes, after, free, ta, tb, pa, pb, stack, later, out, numbers, registers, until):
    position, environment, target = registers[POSITION], registers[ENVIRONMENT], registers[TARGET]
    value, depth, sp, lp = registers[VALUE], registers[DEPTH], registers[STACK], registers[LATER]
    n, m, tn, pn = registers[CODES], registers[NUMBERS], registers[THUNKS], registers[PAIRS]
    reads, beta = registers[READS], registers[BETA]
    passed = 0
    status = ENDED
    while True:
        if passed > PASSED:
            status = LOOK
            break
        if reads:
            # a neutral takes what is on the stack, for which there are pairs, and is written
            while sp > 0:
                sp -= 1
                thunk = stack[index(sp)]
                if thunk < 0:
                    ta[index(~thunk)] = NEUTRAL
                    tb[index(~thunk)] = value
                else:
                    pa[index(pn)] = thunk
                    pb[index(pn)] = value
                    value = pn
                    pn += 1
            if target >= 0:
                ta[index(target)] = NEUTRAL
                tb[index(target)] = value
                target = -1
            thunk = -1
            while value >= 0 and n + 2 <= out.size and lp + 1 < later.size:
                out[index(n)] = APPLICATION
                n += 1
                if thunk >= 0:
                    later[index(lp)] = thunk
                    lp += 1
                thunk = pa[index(value)]
                value = pb[index(value)]
            if value >= 0 or n + 2 > out.size:
                status = FULL_LATER if lp + 1 >= later.size else FULL_CODES
                if thunk >= 0:
                    later[index(lp)] = thunk
                    lp += 1
                break
            level = -1 - value - free
            out[index(n)] = value if level < 0 else depth - 1 - level + BOUND
            n += 1
            while lp > 0 and thunk < 0:
                lp -= 1
                thunk = later[index(lp)]
                if thunk < 0:
                    depth = ~thunk
            if thunk < 0:
                break
            position, environment = ta[index(thunk)], tb[index(thunk)]
            if position == NEUTRAL:
                value = environment
                continue
            reads = 0
            target = thunk
            if position < 0:
                position = ~position
        code = codes[index(position)]
        if code == APPLICATION:
            if tn == ta.size or pn + sp >= pa.size:
                status = FULL_HEAP
                break
            if sp + 2 > stack.size:
                status = FULL_STACK
                break
            argument = after[index(position)]
            code = codes[index(argument)]
            if code >= BOUND:
                at = environment
                for _ in range(code - BOUND):
                    at = pb[index(at)]
                passed += code - BOUND
                thunk = pa[index(at)]
            else:
                thunk = tn
                tn += 1
                ta[index(thunk)] = argument
                tb[index(thunk)] = environment
                if code == ABSTRACTION:
                    ta[index(thunk)] = ~argument
                elif code < 0:
                    ta[index(thunk)] = NEUTRAL
                    tb[index(thunk)] = code
            position += 1
            code = codes[index(position)]
            if code >= BOUND and beta < until:
                at = environment
                for _ in range(code - BOUND):
                    at = pb[index(at)]
                passed += code - BOUND
                function = pa[index(at)]
                found = ta[index(function)]
                environment = tb[index(function)]
                if found == NEUTRAL:
                    pa[index(pn)] = thunk
                    pb[index(pn)] = environment
                    value = pn
                    pn += 1
                    reads = 1
                elif found < 0:
                    beta += 1
                    pa[index(pn)] = thunk
                    pb[index(pn)] = environment
                    environment = pn
                    pn += 1
                    position = -found  # ~found, and one on: the body
                else:
                    stack[index(sp)] = thunk
                    stack[index(sp + 1)] = ~function
                    sp += 2
                    position = found
                continue
            stack[index(sp)] = thunk
            sp += 1
        elif code == ABSTRACTION:
            while sp > 0 and stack[index(sp - 1)] < 0:
                sp -= 1
                thunk = ~stack[index(sp)]
                ta[index(thunk)] = ~position
                tb[index(thunk)] = environment
            if pn == pa.size or tn == ta.size:
                status = FULL_HEAP
                break
            if sp > 0:
                if beta == until:
                    status = SPENT
                    break
                beta += 1
                sp -= 1
                thunk = stack[index(sp)]
            else:
                if target >= 0:
                    ta[index(target)] = ~position
                    tb[index(target)] = environment
                    target = -1
                if n + 2 > out.size:
                    status = FULL_CODES
                    break
                if m == numbers.size:
                    status = FULL_NUMBERS
                    break
                if lp + 1 >= later.size:
                    status = FULL_LATER
                    break
                out[index(n)] = ABSTRACTION
                n += 1
                numbers[index(m)] = after[index(position)]
                m += 1
                later[index(lp)] = ~depth
                lp += 1
                thunk = tn
                tn += 1
                ta[index(thunk)] = NEUTRAL
                tb[index(thunk)] = -1 - free - depth
                depth += 1
            pa[index(pn)] = thunk
            pb[index(pn)] = environment
            environment = pn
            pn += 1
            position += 1
        else:
            if code >= BOUND:
                if sp == stack.size:
                    status = FULL_STACK
                    break
                at = environment
                for _ in range(code - BOUND):
                    at = pb[index(at)]
                passed += code - BOUND
                thunk = pa[index(at)]
                found = ta[index(thunk)]
                if found >= 0:
                    stack[index(sp)] = ~thunk
                    sp += 1
                    position, environment = found, tb[index(thunk)]
                    continue
                if found != NEUTRAL:
                    position, environment = ~found, tb[index(thunk)]
                    continue
                value = tb[index(thunk)]
            else:
                value = code
            if pn + sp > pa.size:
                status = FULL_HEAP
                break
            reads = 1
    registers[POSITION], registers[ENVIRONMENT], registers[TARGET] = position, environment, target
    registers[VALUE], registers[DEPTH], registers[STACK], registers[LATER] = value, depth, sp, lp
    registers[CODES], registers[NUMBERS], registers[THUNKS], registers[PAIRS] = n, m, tn, pn
    registers[READS], registers[BETA] = reads, beta
    return status


@numba.njit(COLLECT, cache=True, boundscheck=False)
def _collect(ta, tb, pa, pb, ta2, tb2, pa2, pb2, stack, later, registers):
    """Copy what can be reached into new arrays."""
    tn, pn = 0, 0
    at = registers[ENVIRONMENT]
    if at >= 0:
        pa2[0], pb2[0] = pa[index(at)], pb[index(at)]
        pa[index(at)] = ~0
        pn = 1
        registers[ENVIRONMENT] = 0
    thunk = registers[TARGET]
    if thunk >= 0:
        ta2[0], tb2[0] = ta[index(thunk)], tb[index(thunk)]
        ta[index(thunk)], tb[index(thunk)] = FORWARDED, 0
        tn = 1
        registers[TARGET] = 0
    for which in range(2):
        roots = stack if which == 0 else later
        for i in range(registers[STACK] if which == 0 else registers[LATER]):
            thunk = roots[index(i)]
            if thunk < 0:
                if which == 1:
                    continue
                thunk = ~thunk
            if ta[index(thunk)] != FORWARDED:
                ta2[index(tn)], tb2[index(tn)] = ta[index(thunk)], tb[index(thunk)]
                ta[index(thunk)], tb[index(thunk)] = FORWARDED, tn
                tn += 1
            roots[index(i)] = tb[index(thunk)] if roots[index(i)] >= 0 else ~tb[index(thunk)]
    t, p = 0, 0
    while t < tn or p < pn:
        while t < tn:
            at = tb2[index(t)]
            if at >= 0:
                if pa[index(at)] >= 0:
                    pa2[index(pn)], pb2[index(pn)] = pa[index(at)], pb[index(at)]
                    pa[index(at)] = ~pn
                    pn += 1
                tb2[index(t)] = ~pa[index(at)]
            t += 1
        while p < pn:
            thunk, at = pa2[index(p)], pb2[index(p)]
            if ta[index(thunk)] != FORWARDED:
                ta2[index(tn)], tb2[index(tn)] = ta[index(thunk)], tb[index(thunk)]
                ta[index(thunk)], tb[index(thunk)] = FORWARDED, tn
                tn += 1
            pa2[index(p)] = tb[index(thunk)]
            if at >= 0:
                if pa[index(at)] >= 0:
                    pa2[index(pn)], pb2[index(pn)] = pa[index(at)], pb[index(at)]
                    pa[index(at)] = ~pn
                    pn += 1
                pb2[index(p)] = ~pa[index(at)]
            p += 1
    registers[THUNKS], registers[PAIRS] = tn, pn


@numba.njit(PREPARE, cache=True, boundscheck=False)
def _prepare(codes, after):
    """Positions of arguments and numbers of abstractions."""
    finish = np.empty(codes.size, np.int32)
    number = 0
    for position in range(codes.size):
        if codes[position] == ABSTRACTION:
            after[position] = number
            number += 1
    for position in range(codes.size - 1, -1, -1):
        if codes[position] == APPLICATION:
            after[position] = finish[position + 1]
            finish[position] = finish[after[position]]
        elif codes[position] == ABSTRACTION:
            finish[position] = finish[position + 1]
        else:
            finish[position] = position + 1


def normalise(term: Term, meter: Meter) -> tuple[bytes, list[int], int] | None:
    """The code of the normal form of a term, the numbers of its abstractions, and the beta steps;
    None where the meter stopped it.

    The meter need count no cells: the arrays are added to what it counts.
    """
    codes = np.frombuffer(term.code, np.int32)
    after = np.empty(codes.size, np.int32)
    _prepare(codes, after)
    registers = np.zeros(REGISTERS, np.int64)
    registers[ENVIRONMENT] = registers[TARGET] = -1
    heap = _heap(FIRST_HEAP)
    spare = heap
    stack, later, numbers = (np.empty(FIRST_STACK, np.int32) for _ in range(3))
    out = np.empty(FIRST_CODES, np.int32)
    fuel, status = meter.limits.fuel, SPENT
    while status != ENDED:
        until = min(fuel, int(registers[BETA]) + BURST)
        status = _run(
            codes, after, len(term.free), *heap, stack, later, out, numbers, registers, until
        )
        if status == FULL_HEAP:
            heap, spare = _collected(heap, spare, stack, later, registers), heap
        elif status == FULL_STACK:
            stack = _grown(stack)
        elif status == FULL_LATER:
            later = _grown(later)
        elif status == FULL_CODES:
            out = _grown(out)
        elif status == FULL_NUMBERS:
            numbers = _grown(numbers)
        meter.unspent = fuel - int(registers[BETA])
        cells = 2 * heap[0].size + (stack.size + later.size) // 2
        if not meter.goes_on(cells, int(registers[CODES]), 0):
            return None
        if status == SPENT and not meter.unspent:
            meter.fuel(0, 0)
            return None
    code = out[: registers[CODES]].tobytes()
    return code, numbers[: registers[NUMBERS]].tolist(), int(registers[BETA])


def _heap(size: int) -> Heap:
    ta, tb, pa, pb = (np.empty(size, np.int32) for _ in range(4))
    return ta, tb, pa, pb


def _grown(array: Integers) -> Integers:
    larger = np.empty(2 * array.size, np.int32)
    larger[: array.size] = array
    return larger


def _collected(
    heap: Heap, spare: Heap, stack: Integers, later: Integers, registers: Registers
) -> Heap:
    """The heap without garbage, and with room for three times as much.

    Args:
        spare: a heap to use again, if it is as large and not the same one.
    """
    moved = spare
    if spare is heap or spare[0].size < heap[0].size:
        moved = _heap(heap[0].size)
    _collect(*heap, *moved, stack, later, registers)
    live = max(int(registers[THUNKS]), int(registers[PAIRS]) + int(registers[STACK]))
    while 4 * live > moved[0].size:
        moved = (_grown(moved[0]), _grown(moved[1]), _grown(moved[2]), _grown(moved[3]))
    return moved
