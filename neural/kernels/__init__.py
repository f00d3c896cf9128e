"""Kernels: small networks with three verbs, fit, discretise and prove.

What they become is an exact object of `symbolic.programs`. Nothing here imports torch before a
kernel is trained: a kernel that was kept runs without it. One folder a kind of input:
`streams`, `lists`, `graphs`, `plane`, `words`, `terms`.

Reading order: `kernel`, `shortest_tours`, `tensors`, `catalogue`, `evidence`, `files`, `places`,
`jobs`.
"""
