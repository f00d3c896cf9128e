"""Nonlinearities with a derivative, and a formula for where it has a given value.

Reading order: `sigmoid`, `tanh`, `erf`, `softplus`, `elu`; `exponential`, `logarithm`,
`square_root`, `reciprocal`, `power`; `periodic` (turns of a wave), `sine`, `cosine`.
"""
