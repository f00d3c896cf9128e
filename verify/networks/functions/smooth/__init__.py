"""Nonlinearities with a derivative, and a formula for where it has a given value.

Reading order: `sigmoid`, `tanh`, `arctangent`, `erf`, `softsign`, `softplus`, `elu`; `exponential`,
`logarithm`, `square_root`, `reciprocal`, `power`; `periodic` (turns of a wave), `sine`, `cosine`.
"""
