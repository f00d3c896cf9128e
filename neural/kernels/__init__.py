"""Kernels: small networks with three verbs, fit, discretise and prove.

`kernel` has the protocol and the loop that retrains until there is a proof, `files` keeps what was
learned. Nothing here imports torch before a kernel is trained: what was kept runs without it.
"""
