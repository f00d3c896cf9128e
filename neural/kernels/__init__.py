"""Kernels: small networks with three verbs, fit, discretise and prove.

What they become is an exact object of `symbolic.programs`. Nothing here imports torch before a
kernel is trained: a kernel that was kept runs without it. One folder a kind of input:
`streams`, `lists`, `graphs`, `plane`, `words`, `terms`.

Reading order: `config`, `kernel`, `shortest_tours`, `catalogue`, `evidence`, `files`, `places`,
`jobs`.
"""
