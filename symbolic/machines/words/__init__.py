"""Machines of words: products of a group, brackets, permutations of bits.

Reading order: `state_tracking`, `words`, `permutation_job`, `state_jobs`.
"""
