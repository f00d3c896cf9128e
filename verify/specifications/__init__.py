"""Specifications: which outputs must not happen, for which inputs.

Properties come from VNN-LIB files (`vnnlib`) or are written in Python.

Reading order: `formulas`, `operands`, `hidden`, `specification`, `cases`, `terms`,
`operations`, `properties`, `expressions`.
"""
