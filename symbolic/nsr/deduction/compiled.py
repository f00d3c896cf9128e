"""The compiled chart: inside and outside passes over arrays, for many sentences under one lexicon.

The rules are those of ``chart``. Weights are plain numbers, and bounds of phrases are ranks among
the levels. A forest is built without values first; what has a negligible share of it is left out.
The values of phrases are numbers of ``tables``: 0 stands for any value that is not kept, so that
what is left out is known when the sentence is done.

    phrase p     left, right (ranks); weight inside and outside; its first value and their number
    edge e       phrase, reading's candidate, partner's candidate or -1, operands or -1, weight
    candidate c  position, reading, weight

Where an operator's result is not in the table yet, it is asked for, and the pass is done again.

Source: as ``chart`` and ``outside``; Charniak et al. 2006, Multilevel coarse-to-fine PCFG parsing.
"""

import numba
import numpy as np

from abduce.symbolic.nsr.deduction.tables import ADDED, OTHER, UNKNOWN
from abduce.symbolic.nsr.deduction.tables import FULL as TOO_MANY

NULLARY, POSTFIX, INFIX, PREFIX, MIXFIX, CIRCUMFIX, PARTNER, POLISH, REVERSE_POLISH = range(9)
FULL = -1
"""The fuel ran out: more phrases, edges, values or steps than are allowed."""
HALVINGS = 30
"""The number of halvings, of the logarithm, by which a least weight is found."""
POSITION, READING = 0, 1
PHRASE, CANDIDATE, CLOSING, FIRST, SECOND = range(5)
LEFT, RIGHT, START, COUNT = range(4)


@numba.njit(cache=True)
def _nth(row, n):
    """The n-th largest number of a row; of equal ones each counts."""
    last = np.inf
    passed = 0
    while True:
        largest = -np.inf
        for each in row:
            if each < last and each > largest:
                largest = each
        for each in row:
            passed += each == largest
        if passed >= n:
            return largest
        last = largest


@numba.njit(cache=True)
def candidates(weights, most, floor, spans, shares, found, weight):
    """The likeliest symbols of each position with their readings, and the share that is left out.

    Args:
        weights: the weight of each symbol at each position; they add up to 1.
        most: symbols kept of a position.
        floor: symbols of less weight are left out.
        spans: the place where the readings of each symbol begin; the last one ends them.
        shares: the weight of each reading.
        found, weight: are filled in: position and reading, and the weight, of each candidate.
    """
    n, symbols = weights.shape
    first = np.zeros(n + 1, np.int64)
    kept = 1.0
    count = 0
    for at in range(n):
        row = weights[at]
        least = floor
        if most < symbols:
            least = max(floor, _nth(row, most))
        inside = 0.0
        for s in range(symbols):
            if row[s] < least or row[s] <= 0.0:
                continue
            for r in range(spans[s], spans[s + 1]):
                if row[s] * shares[r] >= floor and shares[r] > 0.0:
                    inside += row[s] * shares[r]
                    found[count, POSITION] = at
                    found[count, READING] = r
                    weight[count] = row[s] * shares[r]
                    count += 1
        kept *= min(1.0, inside)
        first[at + 1] = count
    return first, 1.0 - kept


@numba.njit(cache=True)
def _add(state, at, phrases, inside, edges, weight, left, right, w, c, k, a, b):
    """Another way to make a phrase of the cell; `at` has the phrases of the cell by bounds."""
    p = at[left, right]
    if p < 0:
        p = state[0]
        if p == phrases.shape[0]:
            state[2] = FULL
            return
        state[0] += 1
        at[left, right] = p
        phrases[p, LEFT] = left
        phrases[p, RIGHT] = right
        inside[p] = 0.0
    e = state[1]
    if e == edges.shape[0]:
        state[2] = FULL
        return
    state[1] += 1
    edges[e, PHRASE] = p
    edges[e, CANDIDATE] = c
    edges[e, CLOSING] = k
    edges[e, FIRST] = a
    edges[e, SECOND] = b
    weight[e] = w
    if a >= 0:
        w *= inside[a]
    if b >= 0:
        w *= inside[b]
    inside[p] += w


@numba.njit(cache=True)
def forest(n, levels, first, found, given, signs, phrases, inside, edges, weight):
    """All phrases of a sentence of n positions and all ways to make them.

    Args:
        levels: the number of ranks; the last one is that of a closed side.
        given: the weights of the candidates.
        signs: the category, left and right rank, symbol and partner's symbol of each reading.

    Returns:
        (phrases, edges, 0 or FULL) and where the phrases of the whole sentence begin.
    """
    state = np.zeros(3, np.int64)
    start_of = np.zeros((n + 1, n + 1), np.int64)
    end_of = np.zeros((n + 1, n + 1), np.int64)
    at = np.full((levels, levels), -1, np.int64)
    closed = levels - 1
    store = (phrases, inside, edges, weight)
    for width in range(1, n + 1):
        for s in range(n - width + 1):
            e = s + width
            start_of[s, e] = state[0]
            at[:, :] = -1
            if width == 1:
                for c in range(first[s], first[s + 1]):
                    if signs[found[c, READING], 0] == NULLARY:
                        _add(state, at, *store, closed, closed, given[c], c, -1, -1, -1)
                end_of[s, e] = state[0]
                continue
            for c in range(first[e - 1], first[e]):
                sign = signs[found[c, READING]]
                if sign[0] == POSTFIX:
                    for p in range(start_of[s, e - 1], end_of[s, e - 1]):
                        if phrases[p, RIGHT] > sign[1]:
                            left = min(sign[1], phrases[p, LEFT])
                            _add(state, at, *store, left, closed, given[c], c, -1, p, -1)
                elif sign[0] == REVERSE_POLISH:
                    for m in range(s + 1, e - 1):
                        for p in range(start_of[s, m], end_of[s, m]):
                            if phrases[p, RIGHT] != closed:
                                continue
                            left = phrases[p, LEFT]
                            for q in range(start_of[m, e - 1], end_of[m, e - 1]):
                                _add(state, at, *store, left, closed, given[c], c, -1, p, q)
            for c in range(first[s], first[s + 1]):
                sign = signs[found[c, READING]]
                if sign[0] == PREFIX:
                    for p in range(start_of[s + 1, e], end_of[s + 1, e]):
                        if phrases[p, LEFT] >= sign[2]:
                            right = min(sign[2], phrases[p, RIGHT])
                            _add(state, at, *store, closed, right, given[c], c, -1, p, -1)
                elif sign[0] == POLISH:
                    for m in range(s + 2, e):
                        for q in range(start_of[m, e], end_of[m, e]):
                            if phrases[q, LEFT] < sign[2]:
                                continue
                            right = min(sign[2], phrases[q, RIGHT])
                            for p in range(start_of[s + 1, m], end_of[s + 1, m]):
                                _add(state, at, *store, closed, right, given[c], c, -1, p, q)
                elif sign[0] == CIRCUMFIX:
                    for k in range(first[e - 1], first[e]):
                        other = signs[found[k, READING]]
                        if other[0] == PARTNER and other[3] == sign[4]:
                            w = given[c] * given[k]
                            for p in range(start_of[s + 1, e - 1], end_of[s + 1, e - 1]):
                                _add(state, at, *store, closed, closed, w, c, k, p, -1)
                elif sign[0] == MIXFIX:
                    for m in range(s + 2, e - 1):
                        for k in range(first[m], first[m + 1]):
                            other = signs[found[k, READING]]
                            if other[0] != PARTNER or other[3] != sign[4]:
                                continue
                            w = given[c] * given[k]
                            for p in range(start_of[s + 1, m], end_of[s + 1, m]):
                                for q in range(start_of[m + 1, e], end_of[m + 1, e]):
                                    if phrases[q, LEFT] >= sign[2]:
                                        right = min(sign[2], phrases[q, RIGHT])
                                        _add(state, at, *store, closed, right, w, c, k, p, q)
            for m in range(s + 1, e - 1):
                if start_of[s, m] == end_of[s, m] or start_of[m + 1, e] == end_of[m + 1, e]:
                    continue
                for c in range(first[m], first[m + 1]):
                    sign = signs[found[c, READING]]
                    if sign[0] != INFIX:
                        continue
                    for p in range(start_of[s, m], end_of[s, m]):
                        if phrases[p, RIGHT] <= sign[1]:
                            continue
                        left = min(sign[1], phrases[p, LEFT])
                        for q in range(start_of[m + 1, e], end_of[m + 1, e]):
                            if phrases[q, LEFT] >= sign[2]:
                                right = min(sign[2], phrases[q, RIGHT])
                                _add(state, at, *store, left, right, given[c], c, -1, p, q)
            if state[2] == FULL:
                return state, 0
            end_of[s, e] = state[0]
    return state, start_of[0, n]


@numba.njit(cache=True)
def by_phrase(count, edges, size):
    """The edges in the order of their phrases, and where those of each phrase begin."""
    begin = np.zeros(count + 1, np.int64)
    for e in range(size):
        begin[edges[e, PHRASE] + 1] += 1
    for p in range(count):
        begin[p + 1] += begin[p]
    order = np.empty(size, np.int64)
    free = begin[:-1].copy()
    for e in range(size):
        p = edges[e, PHRASE]
        order[free[p]] = e
        free[p] += 1
    return begin, order


@numba.njit(cache=True)
def useful(count, root, begin, order, edges, weight, inside, outside, floor):
    """Marks what has more than a share `floor` of all derivations; the share that is left out.

    Edges that are left out get the phrase -1. Of phrases that are left out, `outside` is 0.
    """
    total = inside[root:count].sum()
    outside[:count] = 0.0
    outside[root:count] = 1.0
    dropped = 0.0
    for p in range(count - 1, -1, -1):
        for i in range(begin[p], begin[p + 1]):
            e = order[i]
            w = weight[e] * outside[p]
            a, b = edges[e, FIRST], edges[e, SECOND]
            one = inside[a] if a >= 0 else 1.0
            two = inside[b] if b >= 0 else 1.0
            share = w * one * two
            if share <= floor * total:
                dropped += share
                edges[e, PHRASE] = -1
                continue
            if a >= 0:
                outside[a] += w * two
            if b >= 0:
                outside[b] += w * one
    return dropped / total if total > 0.0 else 0.0


@numba.njit(cache=True)
def best(count, root, begin, order, edges, weight, found, reading):
    """The reading of each position in the derivation of greatest weight; whether there is one."""
    if root == count:
        return False
    top = np.zeros(count)
    by = np.full(count, -1, np.int64)
    for p in range(count):
        for i in range(begin[p], begin[p + 1]):
            e = order[i]
            w = weight[e]
            if edges[e, FIRST] >= 0:
                w *= top[edges[e, FIRST]]
            if edges[e, SECOND] >= 0:
                w *= top[edges[e, SECOND]]
            if w > top[p]:
                top[p] = w
                by[p] = e
    todo = [root + np.argmax(top[root:count])]
    while todo:
        e = by[todo.pop()]
        if e < 0:
            return False
        for c in (edges[e, CANDIDATE], edges[e, CLOSING]):
            if c >= 0:
                reading[found[c, POSITION]] = found[c, READING]
        for operand in (edges[e, FIRST], edges[e, SECOND]):
            if operand >= 0:
                todo.append(operand)
    return True


@numba.njit(cache=True)
def _applied(operator, one, two, rows, unary, binary):
    """The number of a value: of an operator at one operand (two is -1) or at two."""
    if one == OTHER or two == OTHER:
        return OTHER
    first = rows[one]
    second = rows[two] if two >= 0 else first
    if first < 0 or second < 0:
        return OTHER if first == TOO_MANY or second == TOO_MANY else UNKNOWN
    return (unary[operator, first] if two < 0 else binary[operator, first, second]) - ADDED


@numba.njit(cache=True)
def _ask(asked, count, operator, one, two):
    if count[0] < asked.shape[0]:
        asked[count[0], 0] = operator
        asked[count[0], 1] = one
        asked[count[0], 2] = two
        count[0] += 1


@numba.njit(cache=True)
def _least_of(most, size, touched, sums):
    """A weight that at most so many of the sums reach, and hardly fewer; found by halving."""
    high = 0.0
    low = np.inf
    for j in range(size):
        high = max(high, sums[touched[j]])
        low = min(low, sums[touched[j]])
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        reached = 0
        for j in range(size):
            reached += sums[touched[j]] >= middle
        if reached > most:
            low = middle
        else:
            high = middle
    return high


@numba.njit(cache=True)
def values_inside(
    count, root, begin, order, edges, weight, outside, found, meanings, rows, unary, binary,
    phrases, number, inside, sums, asked, most, floor, steps,
):  # fmt: skip
    """The values of every useful phrase but the whole sentence, with their weights.

    Returns:
        How many results are asked for, or FULL.
    """
    wanted = np.zeros(1, np.int64)
    touched = np.empty(sums.shape[0], np.int64)
    free = 0
    for p in range(root):
        phrases[p, START] = free
        phrases[p, COUNT] = 0
        if outside[p] == 0.0:
            continue
        n = 0
        total = 0.0
        for i in range(begin[p], begin[p + 1]):
            e = order[i]
            if edges[e, PHRASE] < 0:
                continue
            meaning = meanings[found[edges[e, CANDIDATE], READING]]
            a, b = edges[e, FIRST], edges[e, SECOND]
            ones = phrases[a, COUNT] if a >= 0 else 1
            twos = phrases[b, COUNT] if b >= 0 else 1
            steps -= ones * twos
            if steps < 0:
                return FULL
            for x in range(ones):
                w = weight[e]
                one = -1
                if a >= 0:
                    one = number[phrases[a, START] + x]
                    w *= inside[phrases[a, START] + x]
                for y in range(twos):
                    both = w
                    two = -1
                    if b >= 0:
                        two = number[phrases[b, START] + y]
                        both *= inside[phrases[b, START] + y]
                    value = meaning if a < 0 else _applied(meaning, one, two, rows, unary, binary)
                    if value == UNKNOWN:
                        _ask(asked, wanted, meaning, one, two)
                    if value < 0:
                        continue
                    if sums[value] == 0.0:
                        touched[n] = value
                        n += 1
                    sums[value] += both
                    total += both
        least = floor * total
        if n > most:
            least = max(least, _least_of(most, n, touched, sums))
        other = 0.0
        for j in range(n):
            value = touched[j]
            if value == OTHER or sums[value] < least:
                other += sums[value]
            else:
                if free + 1 >= number.shape[0]:
                    return FULL
                number[free] = value
                inside[free] = sums[value]
                free += 1
            sums[value] = 0.0
        if other > 0.0:
            number[free] = OTHER
            inside[free] = other
            free += 1
        phrases[p, COUNT] = free - phrases[p, START]
    return wanted[0]


@numba.njit(cache=True)
def values_outside(
    target, count, root, begin, order, edges, weight, outside, found, meanings, rows, unary, binary,
    phrases, number, inside, around, sums, asked, read, steps,
):  # fmt: skip
    """The weight of what each candidate is part of, where the whole sentence has the target value.

    Args:
        read: filled with one weight for each candidate.

    Returns:
        How many results are asked for, or FULL; the weight of all derivations of the target, and
        that of derivations of a value that is not kept.
    """
    wanted = np.zeros(1, np.int64)
    right = 0.0
    other = 0.0
    for p in range(root):
        for j in range(phrases[p, START], phrases[p, START] + phrases[p, COUNT]):
            around[j] = 0.0
    for p in range(count - 1, -1, -1):
        if outside[p] == 0.0:
            continue
        whole = p >= root
        if whole:
            sums[target] = 1.0
        else:
            some = False
            for j in range(phrases[p, START], phrases[p, START] + phrases[p, COUNT]):
                sums[number[j]] = around[j]
                some = some or around[j] > 0.0
            if not some:
                continue
        for i in range(begin[p], begin[p + 1]):
            e = order[i]
            if edges[e, PHRASE] < 0:
                continue
            meaning = meanings[found[edges[e, CANDIDATE], READING]]
            a, b = edges[e, FIRST], edges[e, SECOND]
            ones = phrases[a, COUNT] if a >= 0 else 1
            twos = phrases[b, COUNT] if b >= 0 else 1
            steps -= ones * twos
            if steps < 0:
                return FULL, 0.0, 0.0
            used = 0.0
            for x in range(ones):
                one = -1
                i_a = 0
                w = weight[e]
                if a >= 0:
                    i_a = phrases[a, START] + x
                    one = number[i_a]
                for y in range(twos):
                    two = -1
                    i_b = 0
                    if b >= 0:
                        i_b = phrases[b, START] + y
                        two = number[i_b]
                    value = meaning if a < 0 else _applied(meaning, one, two, rows, unary, binary)
                    if value == UNKNOWN:
                        _ask(asked, wanted, meaning, one, two)
                    if value < 0:
                        continue
                    if whole and value == OTHER:
                        rest = w
                        if a >= 0:
                            rest *= inside[i_a]
                        if b >= 0:
                            rest *= inside[i_b]
                        other += rest
                        continue
                    outer = sums[value]
                    if outer == 0.0 or value == OTHER:
                        continue
                    outer *= w
                    if b >= 0:
                        used += outer * inside[i_a] * inside[i_b]
                        around[i_a] += outer * inside[i_b]
                        around[i_b] += outer * inside[i_a]
                    elif a >= 0:
                        used += outer * inside[i_a]
                        around[i_a] += outer
                    else:
                        used += outer
            read[edges[e, CANDIDATE]] += used
            if edges[e, CLOSING] >= 0:
                read[edges[e, CLOSING]] += used
            if whole:
                right += used
        if whole:
            sums[target] = 0.0
        else:
            for j in range(phrases[p, START], phrases[p, START] + phrases[p, COUNT]):
                sums[number[j]] = 0.0
    return wanted[0], right, other
