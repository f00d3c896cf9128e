"""Improving a tour by moves that learned kernels find shorter.

Written for numba and for plain Python alike: whole numbers only, but for the root in a length,
which both round alike. So a seed gives the same tour with the extra `fast` and without, sooner.

A tour is kept as an order and its inverse. Everything that happens to it is an exchange of two
edges for two, which turns a path round: an insertion is two or three of them. So there is a tour at
any time, and what was done can be undone.

Source: Bentley 1992, Fast algorithms for geometric traveling salesman problems, for pointers to
near points and points that rest; Or 1976 for insertions; Martin, Otto and Felten 1991, Large-step
Markov chains for the traveling salesman problem, for going on from a tour changed a little.
"""

import math
from collections.abc import Callable
from inspect import unwrap
from typing import Any

from abduce.symbolic.machines.plane.pairs_seen import NONE

LONGEST_SEGMENT = 3
LONGEST_KICK = 50

try:
    from numba import njit
except ImportError:
    COMPILED = False

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        return function
else:
    COMPILED = True

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        return njit(cache=True)(unwrap(function))  # tests wrap what they check the types of


@compiled
def length(x, y, i, j):
    """The length of an edge, rounded to a whole number."""
    dx, dy = x[i] - x[j], y[i] - y[j]
    return int(math.sqrt(dx * dx + dy * dy) + 0.5)


@compiled
def change(kernel, ends, x, y):
    """The kernel's polynomial of a move between these ends: triples (end, end, coefficient)."""
    total = 0
    for k in range(0, len(kernel), 3):
        total += kernel[k + 2] * length(x, y, ends[kernel[k]], ends[kernel[k + 1]])
    return total


@compiled
def after(tour, place, i):
    here = place[i] + 1
    return tour[here if here < len(tour) else 0]


@compiled
def before(tour, place, i):
    return tour[place[i] - 1]


@compiled
def exchange(tour, place, a, b, c, d):
    """Edges ab and cd become ac and bd; b comes after a and d after c, or both before."""
    if after(tour, place, a) != b:
        a, b, c, d = b, a, d, c
    n = len(tour)
    i, j = place[b], place[c]
    inside = j - i + 1 if j >= i else j - i + 1 + n
    if 2 * inside > n:  # turning the rest round is the same tour
        i, j = place[d], place[a]
        inside = n - inside
    for _ in range(inside // 2):
        u, v = tour[i], tour[j]
        tour[i], tour[j] = v, u
        place[v], place[u] = i, j
        i = i + 1 if i + 1 < n else 0
        j = j - 1 if j > 0 else n - 1


@compiled
def exchanged(tour, place, log, a, b, c, d):
    """An exchange that is remembered; log[0] counts."""
    exchange(tour, place, a, b, c, d)
    at = 1 + 4 * log[0]
    log[at], log[at + 1], log[at + 2], log[at + 3] = a, b, c, d
    log[0] += 1


@compiled
def insert(tour, place, log, p, s, t, q, c, d):
    """The path from s to t, between p and q, comes between c and d, s beside c.

    If the edge leads from c to d, seen in the direction from p to s and t, the path keeps its
    direction. If it leads from d to c, the path is turned.
    """
    forward = after(tour, place, p) == s
    turned = d != (after(tour, place, c) if forward else before(tour, place, c))
    near, beyond = (d, c) if turned else (c, d)
    exchanged(tour, place, log, p, s, near, beyond)
    exchanged(tour, place, log, p, near, q, t)
    if not turned:
        exchanged(tour, place, log, near, t, s, beyond)


@compiled
def wake(queue, waiting, i):
    """Put a point into the round queue, unless it waits there; queue[0] is where it begins and
    queue[1] how many wait."""
    if not waiting[i]:
        waiting[i] = 1
        n = len(waiting)
        queue[2 + (queue[0] + queue[1]) % n] = i
        queue[1] += 1


@compiled
def improve_by_exchange(a, tour, place, log, queue, waiting, near, pointers, x, y, kernel):
    """The first exchange that is shorter, of an edge at a and one at a point that it points to."""
    for forward in range(2):
        b = after(tour, place, a) if forward else before(tour, place, a)
        own = length(x, y, a, b)
        for k in range(a * pointers, (a + 1) * pointers):
            c = near[k]
            if c == NONE:
                break
            if length(x, y, a, c) >= own:
                continue
            d = after(tour, place, c) if forward else before(tour, place, c)
            if c == b or d == a:
                continue
            gain = change(kernel, (a, b, c, d), x, y)
            if gain < 0:
                exchanged(tour, place, log, a, b, c, d)
                for i in (a, b, c, d):
                    wake(queue, waiting, i)
                return gain
    return 0


@compiled
def improve_by_insertion(a, tour, place, log, queue, waiting, near, pointers, x, y, kernel):
    """The first insertion that is shorter, of a path of at most three that ends at a, which comes
    beside a point that it points to."""
    for forward in range(2):
        p = before(tour, place, a) if forward else after(tour, place, a)
        own = length(x, y, p, a)
        e = a
        for size in range(1, LONGEST_SEGMENT + 1):
            q = after(tour, place, e) if forward else before(tour, place, e)
            if q == p or len(tour) < size + 3:
                break
            for k in range(a * pointers, (a + 1) * pointers):
                c = near[k]
                if c == NONE:
                    break
                if length(x, y, a, c) >= own:
                    continue
                ahead = place[c] - place[a] if forward else place[a] - place[c]
                if (ahead if ahead >= 0 else ahead + len(tour)) < size:
                    continue  # it is on the path
                for side in range(2):
                    d = after(tour, place, c) if side else before(tour, place, c)
                    if d in (a, e):
                        continue
                    gain = change(kernel, (p, a, e, q, c, d), x, y)
                    if gain < 0:
                        insert(tour, place, log, p, a, e, q, c, d)
                        for i in (p, a, e, q, c, d):
                            wake(queue, waiting, i)
                        return gain
            e = q
    return 0


@compiled
def settle(tour, place, log, queue, waiting, near, pointers, x, y, turning, moving):
    """Improve until all points rest, or the log is full; the sum of the changes.

    The ends of a move wake, so that a point rests when none of its moves is shorter.
    """
    total, n = 0, len(tour)
    while queue[1] > 0 and 4 * (log[0] + 4) < len(log):
        a = queue[2 + queue[0]]
        queue[0] = (queue[0] + 1) % n
        queue[1] -= 1
        waiting[a] = 0
        gain = improve_by_exchange(
            a, tour, place, log, queue, waiting, near, pointers, x, y, turning
        )
        if gain == 0:
            gain = improve_by_insertion(
                a, tour, place, log, queue, waiting, near, pointers, x, y, moving
            )
        total += gain
    return total


@compiled
def kicks(count, seed, tour, place, log, queue, waiting, near, pointers, x, y, turning, moving):
    """Change the tour a little and improve it again, so often; keep what is shorter than before.

    Returns:
        The sum of the changes, and the seed to go on with.
    """
    total, n = 0, len(tour)
    longest = min(LONGEST_KICK, (n - 2) // 3)
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        at = (seed >> 8) % n
        seed = (seed * 1103515245 + 12345) % 2147483648
        one = 1 + (seed >> 8) % longest
        seed = (seed * 1103515245 + 12345) % 2147483648
        other = 1 + (seed >> 8) % longest
        p, s = tour[at], tour[(at + 1) % n]
        t, q = tour[(at + one) % n], tour[(at + one + 1) % n]
        c, d = tour[(at + one + other) % n], tour[(at + one + other + 1) % n]
        log[0] = 0
        gain = change(moving, (p, s, t, q, c, d), x, y)
        insert(tour, place, log, p, s, t, q, c, d)
        for i in (p, s, t, q, c, d):
            wake(queue, waiting, i)
        gain += settle(tour, place, log, queue, waiting, near, pointers, x, y, turning, moving)
        if gain >= 0:
            for k in range(log[0] - 1, -1, -1):
                a, b, c, d = log[4 * k + 1], log[4 * k + 2], log[4 * k + 3], log[4 * k + 4]
                exchange(tour, place, a, c, b, d)
            log[0] = 0
        else:
            total += gain
    return total, seed
