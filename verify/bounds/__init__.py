"""Bounds on networks over boxes of inputs, sound in exact real arithmetic.

Reading order: `layers` (a network as affine maps and nonlinear layers), `rounding` (how much
floating point can be wrong), `relaxations` (two lines around a function), `interval`, `backward`,
`forward`.
"""
