"""Specifications: which outputs must not happen, for which inputs.

Properties come from VNN-LIB files (`vnnlib`), are written in Python, or are activation patterns of
classes (`activation_pattern`).

Reading order: `formulas`, `operands`, `hidden`, `specification`, `cases`, `terms`,
`operations`, `properties`, `expressions`.
"""
