"""Nonlinearities that are linear, or constant, in pieces.

Reading order: `identity`, `relu`, `leaky_relu`, `absolute`, `clip`; `sign`, `step`, `floor`,
`round`, `integer` (casts).
"""
