"""Neural execution engines: a small transformer that does one step of a program, and its mask.

`numbers` writes numbers as bits, `model` has the engine, `examples` what the sub-tasks learn from,
`programs` the loops around them, which are written by hand, and `tasks` what is trained. The proved
counterpart are the kernels `compare`, `add` and `mask`.
`jobs` has what it can be asked: lists, sums, products, paths and trees.

Glossary of axes: batch, entries (of a list), bits (of a number, with two flags), width.

Source: Yan et al. 2020, Neural execution engines: learning to execute subroutines.
"""
