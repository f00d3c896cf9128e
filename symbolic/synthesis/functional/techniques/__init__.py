"""Techniques that work back from the outputs, each over the bank of programs and lambda bodies.

Reading order: `branches` (conditionals), `pieces` (lists and strings put together), `elementwise`
(maps and filters), `aggregates` (counts, sums and tests of items), `recursion` (examples as
oracle).
"""
