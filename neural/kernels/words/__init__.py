"""Kernels of words: groups as matrices, brackets with a stack, permutations of bits.

Reading order: `bracket_words`, `products`, `unit_vectors`, `bracket`, `ensemble`, `group`,
`permutation_task`, `state_tasks`.
"""
