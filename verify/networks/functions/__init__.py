"""Nonlinearities, one file each: all that evaluation, bounds, search and exact arithmetic know.

To add one, write its file in one of the folders and give it a row in the tables of operators
(`verify/networks/onnx/`, `verify/networks/torch/`).

Reading order: `lines`, `rationals`, `nonlinearity`; then `pieces` (linear or constant in pieces),
`smooth` and `gates` (x times a function that rises from 0 to 1).
"""
